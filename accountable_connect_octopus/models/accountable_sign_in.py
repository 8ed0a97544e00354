from urllib.parse import urlsplit

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..api.client import BASE_ADDRESS

LOOPBACK = ("127.0.0.1", "localhost", "::1")


class AccountableSignIn(models.Model):
    _inherit = "accountable.sign.in"

    package = fields.Selection(
        selection_add=[("octopus", "Octopus")],
        ondelete={"octopus": lambda sign_ins: sign_ins._delete_with_connections()},
    )
    octopus_user = fields.Char(
        string="Octopus user", help="An Octopus user whose webservice module is switched on."
    )
    octopus_password = fields.Char(copy=False, groups="base.group_system")
    octopus_software_house_uuid = fields.Char(copy=False, groups="base.group_system")
    octopus_software_house_entry = fields.Char(
        compute="_compute_octopus_software_house_entry",
        inverse="_inverse_octopus_software_house_entry",
        string="Software house id",
        copy=False,
        exportable=False,
        help="The id that Octopus gives to an integrating program; it is not shown again.",
    )
    octopus_url = fields.Char(
        string="Octopus address",
        default=BASE_ADDRESS,
        help="Address of the web service. Changing it forgets the password.",
    )

    @api.constrains("octopus_url")
    def _check_octopus_url(self):
        for sign_in in self.filtered("octopus_url"):
            address = urlsplit(sign_in.octopus_url)
            if address.scheme == "https" and address.hostname:
                continue
            if address.scheme == "http" and address.hostname in LOOPBACK:
                continue
            raise ValidationError(
                self.env._(
                    "%(address)s is no address of a web service that passwords may be sent to.",
                    address=sign_in.octopus_url,
                )
            )

    def _compute_octopus_software_house_entry(self):
        self.octopus_software_house_entry = False

    def _inverse_octopus_software_house_entry(self):
        for sign_in in self.filtered("octopus_software_house_entry"):
            sign_in.set_secrets(
                {"octopus_software_house_uuid": sign_in.octopus_software_house_entry}
            )

    @api.model_create_multi
    def create(self, vals_list):
        sign_ins = super().create(vals_list)
        sign_ins.invalidate_recordset(["octopus_software_house_entry"], flush=False)
        return sign_ins

    def write(self, vals):
        # A password is never sent to another address than the one it was entered for.
        moved = self.browse()
        if "octopus_url" in vals:
            moved = self.filtered(lambda sign_in: sign_in.octopus_url != vals["octopus_url"])
            moved.sudo()._forget_octopus_secrets()
        result = super().write(vals)
        if "octopus_software_house_entry" in vals:
            self.invalidate_recordset(["octopus_software_house_entry"], flush=False)
        return result

    def _delete_with_connections(self):
        """The addon is removed: what belongs to its package goes with it, entries in Odoo stay."""
        self.with_context(active_test=False).connection_ids.unlink()
        self.unlink()

    def _forget_octopus_secrets(self):
        self.write(
            {
                "octopus_password": False,
                "octopus_software_house_uuid": False,
                "tokens": False,
                "state": "new",
            }
        )

    def _secret_fields(self):
        if self.package != "octopus":
            return super()._secret_fields()
        return ["octopus_password", "octopus_software_house_uuid"]
