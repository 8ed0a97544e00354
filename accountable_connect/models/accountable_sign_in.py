from odoo import fields, models


class AccountableSignIn(models.Model):
    """Credentials for a package, shared by the whole office.

    A package addon adds its value to ``package`` with ``selection_add`` and its own secret fields, for
    the system group only. Secrets are entered through ``set_secrets``, which is write-only.
    """

    _name = "accountable.sign.in"
    _description = "Sign-in to an accounting package"
    _order = "package, name"

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    package = fields.Selection([], required=True)
    connection_ids = fields.One2many("accountable.connection", "sign_in_id")
    # Which database the secrets were entered in; a copy of it never speaks to live books.
    database_identity = fields.Char(copy=False, readonly=True, groups="base.group_system")
    tokens = fields.Json(copy=False, groups="base.group_system")
    state = fields.Selection(
        [("new", "Not signed in"), ("valid", "Signed in"), ("lost", "Authorisation lost")],
        default="new",
        required=True,
        readonly=True,
        copy=False,
    )
