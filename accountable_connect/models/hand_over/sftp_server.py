"""An SFTP server of a receiver: where it is, how to sign in, and the key by which it is known."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ...api.channels.contract import ChannelError
from ...api.channels.sftp_session import SftpAccess, fingerprint, host_key_of, read_private_key
from ..connection.server_configuration import sandboxes_allowed
from ..sign_in.secret_fields import MANAGER, secret_entry
from .channel_sentences import channel_sentence


class AccountableSftpServer(models.Model):
    """Managers enter it; nobody reads its secrets.

    ::

        no key known → shown (read from the server) → confirmed by a person → used

    A server that shows another key than the confirmed one gets nothing.
    """

    _name = "accountable.sftp.server"
    _description = "SFTP server of a receiver"
    _inherit = ["accountable.secrets"]
    _order = "name, id"

    name = fields.Char(required=True, help="The name your office gives this server.")
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    host = fields.Char("Server", required=True, help="Its name or number, as the receiver gave it.")
    port = fields.Integer(default=22, required=True)
    user = fields.Char(required=True)
    password = fields.Char("Stored password", copy=False, groups="base.group_system")
    private_key = fields.Text("Stored private key", copy=False, groups="base.group_system")
    passphrase = fields.Char("Stored passphrase", copy=False, groups="base.group_system")
    password_entry = secret_entry(
        string="Password",
        help="Only to enter a new password: what is stored is never shown again.",
    )
    key_entry = fields.Text(
        compute="_compute_secret_entries",
        inverse="_inverse_secret_entry",
        copy=False,
        exportable=False,
        string="Private key",
        help="The text of a private key (PEM or OpenSSH), instead of a password. What is stored is"
        " never shown again.",
    )
    passphrase_entry = secret_entry(
        string="Passphrase", help="Of the private key, where it has one."
    )
    has_secrets = fields.Boolean(compute="_compute_has_secrets", string="Password or key stored")
    host_key = fields.Char(
        copy=False,
        readonly=True,
        help="The key by which the server is known: somebody confirmed it.",
    )
    shown_key = fields.Char(
        copy=False, readonly=True, help="The key that the server showed, to be confirmed."
    )
    host_key_fingerprint = fields.Char(compute="_compute_fingerprints", string="Known by the key")
    shown_key_fingerprint = fields.Char(compute="_compute_fingerprints", string="It shows the key")
    connection_ids = fields.One2many("accountable.connection", "sftp_server_id")

    _port = models.Constraint("CHECK (port BETWEEN 1 AND 65535)", "A port is 1 to 65535.")

    def _fields_of_people(self):
        return super()._fields_of_people() | {
            "name", "active", "company_id", "host", "port", "user",
            "password_entry", "key_entry", "passphrase_entry",
        }  # fmt: skip

    @api.depends("host_key", "shown_key")
    def _compute_fingerprints(self):
        for server in self:
            server.host_key_fingerprint = server.host_key and fingerprint(server.host_key)
            server.shown_key_fingerprint = server.shown_key and fingerprint(server.shown_key)

    def _compute_has_secrets(self):
        for server in self:
            stored = server.sudo()  # whether there is one, not which
            server.has_secrets = bool(stored.password or stored.private_key)

    @api.constrains("host", "user")
    def _check_host(self):
        for server in self:
            for text in (server.host, server.user):
                if not text.isprintable() or text != text.strip() or " " in text:
                    raise ValidationError(
                        self.env._(
                            "“%(text)s” has blanks or signs that no server or user name has.",
                            text=text,
                        )
                    )
            if "/" in server.host or "@" in server.host:
                raise ValidationError(
                    self.env._(
                        "The server is a name as sftp.example.com, without user, folder or"
                        " “sftp://”."
                    )
                )

    @api.constrains("company_id")
    def _check_company(self):
        """Its secrets are used for the connections that name it, of one company."""
        # whoever moves it may not see the connections of its company
        self.sudo().with_context(active_test=False).connection_ids._check_sftp_server()

    @api.constrains("active")
    def _check_not_used(self):
        self.filtered(lambda server: not server.active)._refuse_if_used()

    @api.ondelete(at_uninstall=False)
    def _unlink_unused(self):
        self._refuse_if_used()

    def _refuse_if_used(self):
        for server in self:
            if server.connection_ids.filtered(lambda one: one.channel == "sftp"):
                raise ValidationError(
                    self.env._(
                        "%(server)s is used by a connection: choose another way there first.",
                        server=server.name,
                    )
                )

    def write(self, vals):
        """A key belongs to one place."""
        for server in self:
            if server._changed_by(vals, ("host", "port")):
                # fields of the engine
                server.sudo().write({"host_key": False, "shown_key": False})
        return super().write(vals)

    # Secrets

    def _secret_fields(self):
        return ["password", "private_key", "passphrase"]

    def _secret_entries(self):
        return {
            "password_entry": "password",
            "key_entry": "private_key",
            "passphrase_entry": "passphrase",
        }

    def _secrets_belong_to(self):
        return ("host", "port", "user")

    def _secrets_of_several_lines(self):
        return {"private_key"}

    def set_secrets(self, values):
        """One of password and key: what is entered takes the place of the other. A key that cannot
        be read is refused at once."""
        values = dict(values)
        if values.get("private_key"):
            text = values["private_key"].replace("\r\n", "\n").strip() + "\n"
            passphrase = values.setdefault("passphrase", "")
            try:
                read_private_key(text, passphrase)
            except ChannelError as error:
                raise UserError(channel_sentence(error)) from error
            values |= {"private_key": text, "password": ""}
        elif values.get("password"):
            values |= {"private_key": "", "passphrase": ""}
        return super().set_secrets(values)

    def _access(self, with_secrets=True):
        """The plain :class:`SftpAccess`. Raises UserError where secrets cannot be read."""
        self.ensure_one()
        secrets = {name: self._secret(name) for name in self._secret_fields()}
        return SftpAccess(
            host=self.host,
            port=self.port,
            user=self.user,
            host_key=self.host_key or "",
            local_allowed=sandboxes_allowed(),
            **(secrets if with_secrets else {}),
        )

    # Its key

    def action_read_host_key(self):
        """Ask the server for its key, and show it."""
        self._check_manager()
        try:
            shown = host_key_of(self._access(with_secrets=False))
        except ChannelError as error:
            raise UserError(channel_sentence(error)) from error
        self.sudo().shown_key = shown if shown != self.host_key else False  # the engine's field
        return True

    def action_confirm_host_key(self, shown):
        """A person compared it.

        :param shown: the fingerprint that the person saw
        """
        self._check_manager()
        if not self.shown_key or fingerprint(self.shown_key) != shown:
            raise UserError(
                self.env._("The server was asked again meanwhile: compare the key it shows now.")
            )
        # fields of the engine; who may confirm was checked
        self.sudo().write({"host_key": self.shown_key, "shown_key": False})
        self.connection_ids.filtered(
            lambda one: one.channel == "sftp"
        )._hand_over_again_what_failed()
        return True

    def action_confirm_shown_key(self):
        """The button beside the key that is shown."""
        self.ensure_one()
        return self.action_confirm_host_key(self.env.context.get("shown"))

    def _check_manager(self):
        self.ensure_one()
        if not self.env.user.has_group(MANAGER):
            raise AccessError(self.env._("Only a manager of accounting packages may do this."))
        self.check_access("write")
