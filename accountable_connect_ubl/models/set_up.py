"""The receiver of a connection, which stands for its administration."""

from odoo import fields, models
from odoo.addons.accountable_connect.api.contract import Administration
from odoo.addons.accountable_connect.documents.sentence import SentencesOf
from odoo.exceptions import UserError

from .original import OF_FILES

_lt = SentencesOf(__name__)


class AccountableWithheld(models.AbstractModel):
    _inherit = "accountable.withheld"

    def _reason_of_kind(self, connection, kind):
        if connection.package != "ubl" or not kind.startswith("sale"):
            return super()._reason_of_kind(connection, kind)
        # what a receiver does, whoever may see its row
        profile = connection.sudo().ubl_profile_id
        if profile.forwards_to_customer:
            return _lt(
                "%(receiver)s sends the invoices it gets on to the customers: sales invoices stay"
                " here.",
                receiver=profile.name,
            )
        return super()._reason_of_kind(connection, kind)


class AccountableUblProfile(models.Model):
    _inherit = "accountable.ubl.profile"

    def write(self, vals):
        result = super().write(vals)
        if "forwards_to_customer" in vals:
            self.env.registry.clear_cache()  # what posting knows of the connections
        return result


class AccountableConnection(models.Model):
    _inherit = "accountable.connection"

    ubl_forwards = fields.Boolean(related="ubl_profile_id.forwards_to_customer")

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


class AccountableOutstanding(models.Model):
    _inherit = "accountable.outstanding"

    def _codes_without_file(self):
        # one that says something else is a file
        return super()._codes_without_file() | set(OF_FILES) - {"original_differs"}
