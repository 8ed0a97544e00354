from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    accountable_connection_ids = fields.One2many(
        "accountable.connection", "company_id", groups="accountable_connect.group_user"
    )

    def action_accountable_connect(self):
        """The connection of this company with the package named in the context, or a new one."""
        self.ensure_one()
        package = self.env.context.get("accountable_package")
        company = self.root_id
        connection = self.env["accountable.connection"].search(
            [("company_id", "=", company.id), ("package", "=", package)], limit=1
        )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "accountable_connect.action_connection"
        )
        sign_in = self.env["accountable.sign.in"].search([("package", "=", package)], limit=1)
        return {
            **action,
            "views": [(False, "form")],
            "view_mode": "form",
            "res_id": connection.id,
            "context": {
                "default_company_id": company.id,
                "default_sign_in_id": sign_in.id,
                "default_package": package,
            },
        }
