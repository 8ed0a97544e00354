from odoo import api, fields, models
from odoo.addons.accountable_connect.models.sign_in.secret_fields import secret_entry

from ..api.client import BASE_ADDRESS


class AccountableSignIn(models.Model):
    _inherit = "accountable.sign.in"

    package = fields.Selection(
        selection_add=[("octopus", "Octopus")],
        ondelete={"octopus": lambda sign_ins: sign_ins._delete_with_connections("octopus")},
    )
    octopus_user = fields.Char(
        string="Octopus user", help="An Octopus user whose webservice module is switched on."
    )
    octopus_password = fields.Char(copy=False, groups="base.group_system")
    octopus_software_house_uuid = fields.Char(copy=False, groups="base.group_system")
    octopus_software_house_entry = secret_entry(
        string="Software house id",
        help="The id that Octopus gives to an integrating program; it is not shown again.",
    )
    octopus_url = fields.Char(
        string="Octopus address",
        default=BASE_ADDRESS,
        help="Address of the web service. Changing it forgets the password.",
    )

    @api.model
    def _default_octopus_url(self):
        """The address of Octopus, or the one that is the default of this database."""
        return self.default_get(["octopus_url"]).get("octopus_url") or BASE_ADDRESS

    def _fields_of_people(self):
        own = {"octopus_user", "octopus_url", "octopus_software_house_entry"}
        return super()._fields_of_people() | own

    def _target(self):
        target = super()._target()
        if self.package == "octopus":
            target |= {
                "address": self.octopus_url or BASE_ADDRESS,
                "user": self.octopus_user or "",
                "app": self._digest_of_secret("octopus_software_house_uuid"),
            }
        return target

    def _target_fields(self):
        return super()._target_fields() | {"octopus_url", "octopus_user"}

    def _target_secrets(self):
        if self.package != "octopus":
            return super()._target_secrets()
        return {"octopus_software_house_uuid"}

    @api.constrains("octopus_url")
    def _check_octopus_url(self):
        for sign_in in self.filtered("octopus_url"):
            sign_in._check_address(sign_in.octopus_url)

    def _secret_fields(self):
        if self.package != "octopus":
            return super()._secret_fields()
        return ["octopus_password", "octopus_software_house_uuid"]

    def _app_fields(self):
        if self.package != "octopus":
            return super()._app_fields()
        return {"octopus_software_house_uuid": True}

    def _secret_entries(self):
        entries = super()._secret_entries()
        if self.package == "octopus":
            entries["octopus_software_house_entry"] = "octopus_software_house_uuid"
        return entries

    def _secrets_belong_to(self):
        own = ("octopus_url",) if self.package == "octopus" else ()
        return (*super()._secrets_belong_to(), *own)
