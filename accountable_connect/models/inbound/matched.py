"""A booking that cannot be changed because it is matched over there: what was read of it."""

from odoo import models

from ...api.contract import Match
from .settlement import settlement_from_values


class AccountableConnection(models.Model):
    _inherit = "accountable.connection"

    def _matches_read(self, key):
        """``[Match]`` out of the settlements that were read of a document, from both sides."""
        self.env["accountable.binding"].flush_model()
        self.env.cr.execute(
            """
            SELECT details -> 'settlement' FROM accountable_binding
             WHERE connection_id = %(id)s AND kind = 'settlement'
               AND (details #>> '{settlement,document_key}' = %(key)s
                    OR details #>> '{settlement,counterpart_key}' = %(key)s)
             ORDER BY id
            """,
            {"id": self.id, "key": key},
        )
        matches = []
        for [values] in self.env.cr.fetchall():
            one = settlement_from_values(values)
            other = one.counterpart_key if one.document_key == key else one.document_key
            matches.append(
                Match(
                    kind=one.kind,
                    number=self._document_binding(other).number or "",
                    date=one.date,
                    amount=one.amount,
                    currency=one.currency,
                    text=one.text,
                )
            )
        return matches

    def _undo_settlement(self, binding, silently=False):
        """A change that was refused because of this match may go now."""
        values = binding.details["settlement"]
        result = super()._undo_settlement(binding, silently)
        # of a match of two documents it may be the change of either
        documents = self._document_binding(values["document_key"])
        if values["counterpart_key"]:
            documents |= self._document_binding(values["counterpart_key"])
        documents = documents.filtered(lambda one: one.res_model == "account.move")
        failed = (
            self.env["accountable.job"]
            .sudo()
            .search(
                [
                    ("connection_id", "=", self.id),
                    ("res_model", "=", "account.move"),
                    ("res_id", "in", documents.mapped("res_id")),
                    ("operation", "=", "document"),
                    ("state", "=", "failed"),
                    ("matched", "=", True),
                ]
            )
        )
        for job in failed:
            job._make_pending()
        return result
