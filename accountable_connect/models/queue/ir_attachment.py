from odoo import SUPERUSER_ID, api, fields, models

# What Odoo sets while it reads incoming mail, and nowhere else.
MAIL_GATEWAY = "attachments_mime_plainxml"


class IrAttachment(models.Model):
    """A file that somebody of the company adds to a bill after it was booked follows it.

    What a bill had when it was posted is its original, whoever sent it: a mailed-in bill too, which
    somebody posted after looking at it. What people from outside add to a posted bill (in the
    portal, over a link, by mail) goes to no accountant: nobody looked at it. What a customer adds
    to a posted invoice says nothing of who wrote that one either.
    """

    _inherit = "ir.attachment"

    # no secret: Odoo asks no groups of a field when attachments are searched
    accountable_from_outside = fields.Boolean(
        copy=False,
        readonly=True,
        help="Somebody who may not change the bill added it after it was posted.",
    )

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
        # whoever adds a file may be somebody from outside, and reads neither it nor the bill
        attachments = self.sudo().filtered(
            lambda attachment: attachment.res_model == "account.move" and not attachment.res_field
        )
        moves = self.env["account.move"].browse(set(attachments.mapped("res_id")) - {0}).exists()
        moves.invalidate_recordset(["accountable_by_peppol"], flush=False)
        posted = moves.sudo().filtered(
            lambda move: move.state == "posted" and move.is_invoice(include_receipts=True)
        )
        own = posted.filtered(self._accountable_may_add)
        others = set((posted - own).ids)
        for attachment in attachments:
            from_outside = attachment.res_id in others
            if attachment.accountable_from_outside != from_outside:
                attachment.accountable_from_outside = from_outside
        bills = own.filtered(lambda move: move.is_purchase_document(include_receipts=True))
        booked = set(self.env["accountable.binding"]._of_documents(bills).mapped("res_id"))
        bills.filtered(lambda move: move.id in booked)._accountable_enqueue_files()

    def _accountable_may_add(self, move):
        """Whether whoever adds a file now is an internal user who may change the document, or Odoo
        itself. Incoming mail is neither, whatever sender it names."""
        if self.env.uid == SUPERUSER_ID:
            return not self.env.context.get(MAIL_GATEWAY)
        user = self.env.user
        companies = user.sudo().company_ids.ids  # a user need not read users
        own = move.with_user(user).with_context(allowed_company_ids=companies)
        return user.active and user._is_internal() and own.has_access("write")
