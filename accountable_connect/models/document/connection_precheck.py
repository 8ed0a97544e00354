"""Entrances on a connection to what is done with its documents."""

from odoo import models

from ..problem import CONTACT_MISSING


class AccountableConnection(models.Model):
    _inherit = "accountable.connection"

    def _precheck(self, moves):
        """``{move id: [Problem]}`` of these documents, warnings included."""
        return self.env["accountable.precheck"]._check(self, moves)

    def write(self, vals):
        result = super().write(vals)
        if vals.get("collective_partner_id"):
            self._release_receipts_without_contact()
        return result

    def _release_receipts_without_contact(self):
        """There is a party to book them on now."""
        waiting = (
            # who may set the connection up need not see the queue
            self.env["accountable.job"]
            .sudo()
            .search(
                [
                    ("connection_id", "in", self.ids),
                    ("state", "=", "failed"),
                    ("error_code", "=", CONTACT_MISSING),
                ]
            )
        )
        for job in waiting:
            job._make_pending()
        waiting.connection_id._wake_lanes()
