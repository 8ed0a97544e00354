"""What cures a bill that waits: a file, a correction, or a person's word."""

from odoo import models

from .original import OF_FILES


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    def _accountable_follow(self):
        """A bill that waits for its file, or for another one, goes when it has one."""
        result = super()._accountable_follow()
        # whoever adds a file may not read it
        attachments = self.sudo().filtered(
            lambda one: (
                one.res_model == "account.move"
                and one.res_id
                and not one.res_field
                and not one.accountable_from_outside
            )
        )
        moves = self.env["account.move"].browse(set(attachments.mapped("res_id")))
        self.env["accountable.job"]._look_at_originals(moves)
        return result


class AccountMove(models.Model):
    _inherit = "account.move"

    def write(self, vals):
        """The number of a bill was corrected: it may be what its e-invoice says now."""
        result = super().write(vals)
        if "ref" in vals:
            self.env["accountable.job"]._look_at_originals(self)
        return result


class AccountableJob(models.Model):
    _inherit = "accountable.job"

    def _look_at_originals(self, moves):
        """What failed because of the file of these documents is tried again."""
        if not moves.ids or not self.env["accountable.sending.plan"]._senders():
            return
        waiting = self.sudo().search(  # whoever corrects a bill may not read the queue
            [
                ("res_model", "=", moves._name),
                ("res_id", "in", moves.ids),
                ("package", "=", "ubl"),
                ("state", "=", "failed"),
                ("error_code", "in", OF_FILES),
            ]
        )
        for job in waiting:
            job._make_pending()
        if waiting:
            waiting.connection_id._wake_lanes()

    def _codes_of_figures(self):
        """A bill that is not what its e-invoice says, or has the number of another one."""
        return super()._codes_of_figures() | {"original_differs", "same_number"}
