from odoo import api, models


class AccountMoveSend(models.AbstractModel):
    _inherit = "account.move.send"

    @api.model
    def _hook_if_success(self, moves_data, from_cron=False):
        """The legal document exists now: its file follows the booking, through the queue, because a
        user is waiting; what waited for it is due."""
        result = super()._hook_if_success(moves_data, from_cron=from_cron)
        moves = self.env["account.move"].concat(*moves_data)
        with_pdf = moves.filtered("invoice_pdf_report_id")
        with_pdf._accountable_enqueue_files()
        with_pdf._accountable_reschedule()
        return result
