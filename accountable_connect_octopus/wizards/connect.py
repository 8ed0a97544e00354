from odoo import fields, models
from odoo.addons.accountable_connect.models.sign_in.secret_fields import secret_entry
from odoo.addons.accountable_connect.wizards.connect import ADDRESS, APP, OTHER, USER

from ..api.client import BASE_ADDRESS

# What the sandbox knows; everybody may know it.
SANDBOX = {
    "octopus_user": "U99999999",
    "octopus_password": "secret",
    "octopus_software_house_uuid": "00000000-1111-2222-3333-444444444444",
}

OF_THE_ADDRESS = ("address", "sandbox_not_allowed")


class AccountableConnect(models.TransientModel):
    _inherit = "accountable.connect"

    octopus_user = fields.Char(string="User", help="As you sign in at Octopus yourself.")
    octopus_url = fields.Char(
        string="Address of the web service",
        default=lambda self: self.env["accountable.sign.in"]._default_octopus_url(),
        help="Another address needs the password again.",
    )
    octopus_software_house_entry = secret_entry(
        string="Software house id",
        help="The id that Octopus gives to whoever runs a program that asks. It is entered once for"
        " this database and not shown again.",
    )

    def _fields_of_people(self):
        own = {"octopus_user", "octopus_url", "octopus_software_house_entry"}
        return super()._fields_of_people() | own

    def _sign_in_values(self):
        values = super()._sign_in_values()
        if self.package == "octopus":
            user = (self.octopus_user or "").strip()
            values |= {
                "name": f"{self.package_name} – {user}" if user else self.package_name,
                "octopus_user": user,
                "octopus_url": (self.octopus_url or "").strip() or BASE_ADDRESS,
            }
        return values

    def _app_entries(self):
        if self.package != "octopus":
            return super()._app_entries()
        return {"octopus_software_house_entry": "octopus_software_house_uuid"}

    def _app_sentence(self):
        if self.package != "octopus":
            return super()._app_sentence()
        if self.env.user.has_group("base.group_system"):
            return self.env._(
                "Enter the software house id that Octopus gave you. It is the same for every"
                " company of this database, and asked only once."
            )
        return self.env._(
            "Octopus wants to know which program asks. Ask the administrator of your Odoo to enter"
            " the software house id of Octopus, once for this database: in the settings of"
            " accounting, under Octopus. Who has none asks Octopus for it."
        )

    def _incomplete(self):
        at, sentence = super()._incomplete()
        if self.package != "octopus" or self.choice != OTHER:
            return at, sentence
        usual = self.env["accountable.sign.in"]._default_octopus_url()
        if self.app_is_missing and self.octopus_url != usual:
            return ADDRESS, self.env._(
                "The software house id of this database was not entered for this address, and is"
                " not sent there. The address of Octopus is %(address)s.",
                address=usual,
            )
        if at != APP and not (self.octopus_user or "").strip():
            return USER, self.env._("Enter the user.")
        return at, sentence

    def _place_of(self, error):
        if self.package == "octopus":
            if error.code == "-68":
                return APP
            is_other = (self.octopus_url or BASE_ADDRESS) != BASE_ADDRESS
            if error.code in OF_THE_ADDRESS or (is_other and error.code == "no_connection"):
                return ADDRESS
        return super()._place_of(error)

    def _sandbox_values(self, address):
        if self.package != "octopus":
            return super()._sandbox_values(address)
        secrets = dict(SANDBOX)
        return {"octopus_user": secrets.pop("octopus_user"), "octopus_url": address}, secrets
