"""Files that cure what failed, and what a person accepts."""

from odoo import models

from .original import OF_FILES


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    def _accountable_follow(self):
        """A bill that waits for its file, or for another one, goes when it has one."""
        result = super()._accountable_follow()
        # whoever adds a file may read neither it nor the queue
        attachments = self.sudo().filtered(
            lambda one: (
                one.res_model == "account.move"
                and one.res_id
                and not one.res_field
                and not one.accountable_from_outside
            )
        )
        if attachments:
            waiting = (
                self.env["accountable.job"]
                .sudo()
                .search(
                    [
                        ("res_model", "=", "account.move"),
                        ("res_id", "in", attachments.mapped("res_id")),
                        ("package", "=", "ubl"),
                        ("state", "=", "failed"),
                        ("error_code", "in", OF_FILES),
                    ]
                )
            )
            for job in waiting:
                job._make_pending()
            waiting.connection_id._wake_lanes()
        return result


class AccountableJob(models.Model):
    _inherit = "accountable.job"

    def _codes_of_figures(self):
        """A bill that is not what its e-invoice says."""
        return super()._codes_of_figures() | {"original_differs"}
