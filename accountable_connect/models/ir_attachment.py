from odoo import api, models


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    @api.model_create_multi
    def create(self, vals_list):
        attachments = super().create(vals_list)
        if any(vals.get("res_model") == "account.move" for vals in vals_list):
            attachments._accountable_follow()
        return attachments

    def write(self, vals):
        result = super().write(vals)
        if "res_id" in vals:
            self._accountable_follow()
        return result

    def _accountable_follow(self):
        """A file that somebody adds to a bill after it was booked follows it. Of a sale only the
        legal documents go; sending them tells the queue."""
        ids = {
            attachment.res_id
            for attachment in self.sudo()
            if attachment.res_model == "account.move" and not attachment.res_field
        }
        bills = (
            self.env["account.move"]
            .sudo()
            .browse(ids - {0})
            .exists()
            .filtered(
                lambda move: (
                    move.state == "posted" and move.is_purchase_document(include_receipts=True)
                )
            )
        )
        booked = bills._accountable_document_bindings().mapped("res_id")
        bills.filtered(lambda move: move.id in booked)._accountable_enqueue_files()
