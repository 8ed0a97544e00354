"""Settlements that were undone in the administration, and those that Odoo lost."""

import logging

import psycopg2
from odoo import fields, models

from ...documents.settlement import SET_OFF
from .settlement import (
    ENTRY_LINE,
    MATCH,
    NOTE,
    TO_UNDO,
    settlement_from_values,
    settlement_to_values,
)

_logger = logging.getLogger(__name__)


class AccountableConnection(models.Model):
    _inherit = "accountable.connection"

    # Undoing

    def _undo_safely(self, binding, instead=None):
        """Undo one; one that cannot be undone never stops the others: it is shown, and tried again
        by each reading.

        :param instead: the settlement as it is now, which this one makes room for
        :return: number of settlements that changed
        """
        later = (binding.details or {}).get("instead")
        try:
            with self.env.cr.savepoint():
                self._undo_settlement(binding)
        except psycopg2.OperationalError:
            raise
        except Exception as error:
            _logger.exception("Settlement %s cannot be undone", binding.external_key)
            self._show_not_undone(binding, error)
            kept = settlement_to_values(instead) if instead else later
            binding.write(
                {"number": TO_UNDO, "details": {**(binding.details or {}), "instead": kept}}
            )
            return 0
        if later and not instead:
            self._apply_safely(settlement_from_values(later), None)
        return 1

    def _show_not_undone(self, binding, error):
        if binding.number == TO_UNDO:
            return  # it was shown before
        settlement = settlement_from_values(binding.details["settlement"])
        move = self._bound_document(settlement.document_key)
        if move:
            text = self.env._(
                "A payment of %(amount)s was undone in the administration and could not be undone"
                " in Odoo: %(error)s",
                amount=self._amount_text(settlement),
                error=error,
            )
            move.message_post(body=text)

    def _undo_settlement(self, binding, silently=False):
        """Undo exactly this allocation; the rest of the document stays as it is. What a person
        undid in Odoo already is not undone twice. ``silently``: a note on the document is not
        answered by another one."""
        record = self.env[binding.res_model].browse(binding.res_id).exists()
        if binding.res_model == ENTRY_LINE and record.parent_state == "draft":
            record.move_id.button_cancel()
        elif binding.res_model == ENTRY_LINE and record.parent_state == "posted":
            entry = record.move_id
            if any(reversal.state == "posted" for reversal in entry.reversal_move_ids):
                binding.unlink()
                return
            entry.with_context(tracking_disable=True)._reverse_moves(
                [
                    {
                        "date": fields.Date.context_today(self),
                        "ref": self.env._("Undone: %(entry)s", entry=entry.ref or entry.name),
                    }
                ],
                cancel=True,
            )
        elif binding.res_model == MATCH and not (binding.details or {}).get("known"):
            matches = (binding.details or {}).get("matches") or record.ids
            record.browse(matches).exists().unlink()
        elif binding.res_model == NOTE and record and not silently:
            settlement = settlement_from_values(binding.details["settlement"])
            self.env[record.model].browse(record.res_id).exists().message_post(
                body=self.env._(
                    "Undone in the administration: %(text)s", text=self._amount_text(settlement)
                )
            )
        document_key = binding.details["settlement"]["document_key"]
        binding.unlink()
        self._renew_payment_notes(document_key)

    # Documents that went through draft

    def _match_again(self):
        """A document that goes through draft loses its matches: repeat those of the administration
        once it is posted again, and those that could not be repeated when they were read."""
        self.env.flush_all()
        self.env.cr.execute(
            """
            SELECT b.id FROM accountable_binding b
              JOIN account_move_line l ON l.id = b.res_id
             WHERE b.connection_id = %(id)s AND b.kind = 'settlement' AND b.res_model = %(line)s
               AND b.number != %(to_undo)s AND l.parent_state = 'posted'
               AND l.reconciled IS NOT TRUE AND l.amount_residual != 0
            UNION ALL
            SELECT b.id FROM accountable_binding b
             WHERE b.connection_id = %(id)s AND b.kind = 'settlement' AND b.res_model = %(match)s
               AND b.number != %(to_undo)s
               AND NOT EXISTS (SELECT 1 FROM account_partial_reconcile p WHERE p.id = b.res_id)
            UNION ALL
            SELECT b.id FROM accountable_binding b
             WHERE b.connection_id = %(id)s AND b.kind = 'settlement' AND b.res_model = %(note)s
               AND b.number = %(set_off)s
               AND 2 = (SELECT count(*) FROM accountable_binding d
                          JOIN account_move m ON m.id = d.res_id
                         WHERE d.connection_id = b.connection_id AND d.kind = 'document'
                           AND d.res_model = 'account.move' AND d.external_key IN (
                                   b.details #>> '{settlement,document_key}',
                                   b.details #>> '{settlement,counterpart_key}')
                           AND m.state = 'posted' AND m.amount_residual != 0)
            """,
            {
                "id": self.id,
                "line": ENTRY_LINE,
                "match": MATCH,
                "note": NOTE,
                "set_off": SET_OFF,
                "to_undo": TO_UNDO,
            },
        )
        ids = [id_ for [id_] in self.env.cr.fetchall()]
        for binding in self.env["accountable.binding"].browse(ids):
            settlement = settlement_from_values(binding.details["settlement"])
            move = self._settled_document(settlement.document_key)
            if not move:
                continue
            if binding.res_model in (MATCH, NOTE):
                if self._settled_document(settlement.counterpart_key):
                    binding.unlink()
                    self._apply_safely(settlement, None)
                continue
            line = self.env[ENTRY_LINE].browse(binding.res_id)
            open_lines = self._open_lines(move).filtered(
                lambda one, line=line: one.account_id == line.account_id
            )
            if open_lines:
                (line + open_lines).reconcile()
