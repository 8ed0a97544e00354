from odoo import api, models


class AccountMoveSend(models.AbstractModel):
    _inherit = "account.move.send"

    @api.model
    def _hook_if_success(self, moves_data, from_cron=False):
        """The legal document exists now: its file follows the booking, through the queue, because a
        user is waiting."""
        result = super()._hook_if_success(moves_data, from_cron=from_cron)
        moves = self.env["account.move"].concat(*moves_data)
        moves.filtered("invoice_pdf_report_id")._accountable_enqueue_files()
        return result
