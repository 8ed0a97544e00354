"""Taxes due on payment: Odoo declares nothing of them before they are paid. What the administration
does depends on its VAT code, and no package tells that."""

from odoo import api, fields, models


class AccountableMapping(models.Model):
    _inherit = "accountable.mapping"

    due_on_payment = fields.Boolean(compute="_compute_due_on_payment")
    declared_on_payment = fields.Boolean(
        string="Declared on payment",
        help="The tax is due on payment in Odoo. Tick it when the administration declares this VAT"
        " code on payment by itself; until then documents with this tax wait.",
    )
    declared_on_payment_by_id = fields.Many2one(
        "res.users", string="Confirmed by", readonly=True, copy=False
    )

    @api.depends("tax_id.tax_exigibility")
    def _compute_due_on_payment(self):
        for row in self:
            row.due_on_payment = row.tax_id.sudo().tax_exigibility == "on_payment"

    @api.depends("tax_id.tax_exigibility", "declared_on_payment")
    def _compute_warning(self):
        result = super()._compute_warning()
        for row in self.filtered(lambda row: row._waits_for_payment_rule()):
            remark = self.env._(
                "Documents wait until a manager ticks “Declared on payment”: in Odoo this tax is in"
                " the VAT return only when it is paid, and the tick says that the administration"
                " declares its VAT code on payment as well."
            )
            row.warning = f"{remark} {row.warning}" if row.warning else remark
        return result

    def _waits_for_payment_rule(self):
        """Whether nobody said yet that the administration declares this tax on payment too."""
        self.ensure_one()
        return self.due_on_payment and not self.declared_on_payment

    def _fields_of_people(self):
        return super()._fields_of_people() | {"declared_on_payment"}

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows.filtered("declared_on_payment")._keep_confirmer()
        return rows

    def write(self, vals):
        """Another VAT code is another question: what was said of the one before does not hold."""
        if "declared_on_payment" not in vals and "master_data_id" in vals:
            kept = self.filtered(lambda row: row.master_data_id.id == vals["master_data_id"])
            changed = (self - kept).filtered("declared_on_payment").sudo()
            super(AccountableMapping, changed).write(
                {"declared_on_payment": False, "declared_on_payment_by_id": False}
            )
        result = super().write(vals)
        if "declared_on_payment" in vals:
            self._keep_confirmer()
        if vals.get("declared_on_payment"):
            for connection, rows in self.grouped("connection_id").items():
                connection._cause_removed(rows)
        return result

    def _keep_confirmer(self):
        """Who confirmed, which nobody else may say."""
        for row in self.sudo():
            row.declared_on_payment_by_id = row.declared_on_payment and self.env.uid


class AccountableConnection(models.Model):
    _inherit = "accountable.connection"

    has_tax_due_on_payment = fields.Boolean(compute="_compute_has_tax_due_on_payment")

    @api.depends("mapping_ids.tax_id.tax_exigibility")
    def _compute_has_tax_due_on_payment(self):
        for connection in self:
            connection.has_tax_due_on_payment = any(connection.mapping_ids.mapped("due_on_payment"))
