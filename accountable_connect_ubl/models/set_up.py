"""The receiver of a connection, which stands for its administration."""

from odoo import models
from odoo.addons.accountable_connect.api.contract import Administration
from odoo.exceptions import UserError


class AccountableConnection(models.Model):
    _inherit = "accountable.connection"

    def _own_administration(self):
        if self.package != "ubl":
            return super()._own_administration()
        if not self.ubl_profile_id:
            return None
        company = self.company_id.sudo()  # its number, whoever connects
        return Administration(
            key=f"{self.ubl_profile_id.code}/{company.id}",
            name=self.ubl_profile_id.name,
            vat_number=company.vat or "",
        )

    def write(self, vals):
        if "ubl_profile_id" in vals:
            for connection in self:
                if (
                    connection._has_begun()
                    and connection.ubl_profile_id.id != vals["ubl_profile_id"]
                ):
                    raise UserError(
                        self.env._(
                            "%(connection)s is in use and keeps its receiver. Archive it and create"
                            " another connection.",
                            connection=connection.name,
                        )
                    )
        result = super().write(vals)
        if "ubl_profile_id" in vals:
            self._take_own_administration()
        return result
