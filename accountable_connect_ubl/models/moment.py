"""When a document goes: sales when the customer got them, bills when somebody approved them."""

from datetime import timedelta

from odoo import fields, models

from .authorship import Files, we_wrote

MOMENT_FIELDS = {"ubl_sales_moment", "ubl_wait_days", "ubl_bills_moment"}


class AccountableEnqueueing(models.AbstractModel):
    _inherit = "accountable.enqueueing"

    def _moment(self, move, plan, since=None):
        if plan.package != "ubl" or plan.synchronisation == "manual":
            return super()._moment(move, plan, since)
        # whoever posts may not read connections
        connection = self.env["accountable.connection"].sudo().browse(plan.connection_id)
        if not self._is_own(move):
            approved = connection.ubl_bills_moment == "posted" or move.checked
            return super()._moment(move, plan, since) if approved else None
        return self._moment_of_own(move, plan, connection, since)

    def _is_own(self, move):
        """Whether we wrote it, without a question for each document that is posted."""
        if move.is_purchase_document(include_receipts=True):
            return we_wrote(move, None)  # no file decides there
        # whoever posts may not see every file
        names = move.sudo().attachment_ids.mapped("name")
        if not any((name or "").lower().endswith(".xml") for name in names):
            return not move.journal_id.is_self_billing
        return we_wrote(move, Files(move))

    def _moment_of_own(self, move, plan, connection, since):
        now = fields.Datetime.now()
        moment = connection.ubl_sales_moment
        # whoever posts may not see every file
        if moment == "posting" or (moment == "sent" and move.sudo().invoice_pdf_report_id):
            return now
        if moment == "manual":
            return None
        if moment == "nightly":
            return plan.next_night()
        # nobody sent it: the night after so many days
        return plan.next_night((since or now) + timedelta(days=max(connection.ubl_wait_days, 0)))


class AccountableConnection(models.Model):
    _inherit = "accountable.connection"

    def write(self, vals):
        result = super().write(vals)
        if MOMENT_FIELDS & vals.keys():
            self.env["accountable.enqueueing"]._reschedule(
                self.filtered(lambda one: one.package == "ubl")
            )
        return result


class AccountMove(models.Model):
    _inherit = "account.move"

    def write(self, vals):
        """An approved bill goes, where the connection waits for that."""
        result = super().write(vals)
        if vals.get("checked"):
            self.filtered(lambda move: move.state == "posted")._accountable_reschedule()
        return result
