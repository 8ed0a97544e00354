"""What a package gave the administrator of this database once: who the program is that asks.

A bookkeeper knows user and password; the software house id of Octopus or the app at Exact Online is
known to whoever runs Odoo. It is entered once for each address it belongs to, and every sign-in
that is made there takes it over. Nobody reads it back: the table has no reader but superuser code.
"""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...api.texts import has_controls
from .secret_fields import keys_of_server
from .stored_secrets import Unreadable


class AccountableApp(models.Model):
    _name = "accountable.app"
    _description = "What an accounting package gave the administrator"
    _inherit = ["accountable.guard"]
    _rec_name = "address"

    package = fields.Char(required=True)
    address = fields.Char(required=True, help="It is never sent to another one.")
    # {field of the sign-in: as that field is stored}
    stored = fields.Json(groups="base.group_system")

    _one_per_address = models.Constraint(
        "unique(package, address)", "This is known for this address already."
    )

    @api.model
    def _of(self, package, address):
        """The one of this address, in superuser mode, or none."""
        apps = self.sudo()  # nobody may read the table
        return apps.search([("package", "=", package), ("address", "=", address)], limit=1)

    @api.model
    def _keep(self, sign_in, typed):
        """Store what an administrator typed.

        :param sign_in: a sign-in (not stored) that says package and address
        :param dict typed: text by field name, each one of ``_app_fields`` of the sign-in
        :raises AccessError: when the user is no administrator
        """
        if not self.env.user.has_group("base.group_system"):
            raise AccessError(
                self.env._(
                    "Only an administrator of Odoo enters this: it serves every company of this"
                    " database."
                )
            )
        if any(has_controls(value) for value in typed.values()):
            raise UserError(self.env._("This has no control characters. Type it again."))
        secrets = sign_in._secret_fields()
        stored = {
            name: sign_in._encrypted(value.strip()) if name in secrets else value.strip()
            for name, value in typed.items()
            if name in sign_in._app_fields()
        }
        address = sign_in._target()["address"]
        app = self._of(sign_in.package, address)
        if app:
            app.stored = {**app.stored, **stored}
        else:
            # nobody may write the table; who may enter it was checked
            self.sudo().create({"package": sign_in.package, "address": address, "stored": stored})

    def _values(self, secrets):
        """What a sign-in takes over, with its secrets stored under the present key; {} when they
        cannot be read any more."""
        values = dict(self.stored or {})
        keys = keys_of_server()
        try:
            for name in secrets & values.keys():
                keys.plain(values[name])
        except Unreadable:
            return {}
        anew = {name: keys.anew(text) if name in secrets else text for name, text in values.items()}
        if self and anew != values:
            self.stored = anew
        return anew


class AccountableSignIn(models.Model):
    _inherit = "accountable.sign.in"

    app_is_known = fields.Boolean(
        compute="_compute_app_is_known",
        help="An administrator entered for this address who the program is that asks.",
    )

    def _app_fields(self):
        """``{field: whether nothing goes without it}``: what the package gives to whoever runs the
        program, not to its users. Package addons override it."""
        return {}

    @api.depends(lambda self: tuple(self._target_fields()))
    def _compute_app_is_known(self):
        for sign_in in self:
            sign_in.app_is_known = sign_in._knows_app()

    def _app_values(self):
        if not self._app_fields():
            return {}
        app = self.env["accountable.app"]._of(self.package, self._target().get("address"))
        return app._values(set(self._secret_fields()))

    def _knows_app(self):
        values = self._app_values()
        needed = [name for name, is_needed in self._app_fields().items() if is_needed]
        return bool(needed) and all(values.get(name) for name in needed)

    def _has_app(self):
        """Whether the sign-in itself has what is needed."""
        stored = self.sudo()  # whether there is something, not what
        return all(stored[name] for name, is_needed in self._app_fields().items() if is_needed)

    def _take_app(self, anew=False):
        """Take over what the administrator entered for this address, where the sign-in has nothing
        of its own. ``anew``: also where it has."""
        for sign_in in self.sudo():  # secrets, which people enter in other ways
            if not anew and any(sign_in[name] for name in sign_in._app_fields()):
                continue
            values = sign_in._app_values()
            if any(sign_in[name] != value for name, value in values.items()):
                sign_in.write(values)

    @api.model_create_multi
    def create(self, vals_list):
        sign_ins = super().create(vals_list)
        sign_ins._take_app()
        return sign_ins

    def write(self, vals):
        moved = self.filtered(lambda one: one._changed_by(vals, one._secrets_belong_to()))
        result = super().write(vals)
        moved._take_app()
        return result
