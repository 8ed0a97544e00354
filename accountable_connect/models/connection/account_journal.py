from odoo import fields, models

MANAGER = "accountable_connect.group_manager"


class AccountJournal(models.Model):
    """The dashboard: while a company has no connection, its sales journal leads its managers to the
    first step."""

    _name = "account.journal"
    _inherit = ["account.journal", "accountable.package.view.mixin"]

    accountable_connection_ids = fields.One2many(related="company_id.accountable_connection_ids")

    def _fill_sale_purchase_dashboard_data(self, dashboard_data):
        super()._fill_sale_purchase_dashboard_data(dashboard_data)
        sales = self.filtered(lambda journal: journal.type == "sale")
        if not sales or not self.env.user.has_group(MANAGER):
            return
        for company, journals in sales.grouped("company_id").items():
            # one line, not one on each card
            dashboard_data[journals[0].id][
                "accountable_connect"
            ] = not company.accountable_connected

    def action_accountable_connect(self):
        """The first step of the company of this journal, or its connection."""
        self.ensure_one()
        return self.company_id.action_accountable_connect()
