"""A folder of an SFTP server as the channel of a connection."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...api.channels.contract import ChannelError
from ...api.channels.sftp import SftpChannel


class AccountableConnection(models.Model):
    _inherit = "accountable.connection"

    sftp_missing = fields.Char(
        string="What the SFTP server needs",
        compute="_compute_sftp_missing",
        help="What its server needs before anything goes there.",
    )

    @api.depends("channel", "sftp_server_id.host_key", "sftp_server_id.host", "sftp_server_id.user")
    @api.depends_context("lang")
    def _compute_sftp_missing(self):
        for connection in self:
            chosen = connection.channel == "sftp" and connection.sftp_server_id
            connection.sftp_missing = " ".join(connection._sftp_gaps()) if chosen else False

    def action_open_sftp_server(self):
        """Its server, where secrets are entered and the key is confirmed."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.sftp_server_id.display_name,
            "res_model": self.sftp_server_id._name,
            "res_id": self.sftp_server_id.id,
            "views": [(False, "form")],
        }

    @api.constrains("sftp_server_id", "company_id")
    def _check_sftp_server(self):
        for connection in self:
            server = connection.sftp_server_id
            if server and server.company_id != connection.company_id:
                raise ValidationError(
                    self.env._("%(server)s belongs to another company.", server=server.name)
                )

    @api.constrains("sftp_folder")
    def _check_sftp_folder(self):
        for connection in self:
            folder = connection.sftp_folder or ""
            if not folder.isprintable() or ".." in folder.split("/") or "\\" in folder:
                raise ValidationError(
                    self.env._(
                        "“%(folder)s” is no folder of an SFTP server: write it as in/invoices.",
                        folder=folder,
                    )
                )

    def _sftp_channel(self, place):
        server, folder = self.sftp_server_id, self.sftp_folder or ""
        if place:
            number, _colon, folder = place.partition(":")
            server = server.browse(int(number)).exists()
        # the engine and buttons of managers hand over, who read no secrets
        server = server.sudo()
        if not server:
            raise ChannelError("No SFTP server", code="sftp_not_chosen")
        if not (server.password or server.private_key):
            values = {"host": server.host, "user": server.user}
            raise ChannelError("No secret", code="sftp_secret_missing", values=values)
        try:
            access = server._access()
        except UserError as error:
            raise ChannelError(
                str(error), code="sftp_secret_unreadable", values={"words": str(error)}
            ) from error
        return SftpChannel(access, folder)

    def _sftp_place(self):
        return f"{self.sftp_server_id.id}:{self.sftp_folder or ''}"

    def _sftp_same_place(self):
        server = self.sftp_server_id.sudo()  # that of the connection, whoever looks
        if not server:
            return []
        return [
            ("sftp_server_id.host", "=", server.host),
            ("sftp_server_id.user", "=", server.user),
            ("sftp_folder", "=", self.sftp_folder),
        ]

    def _sftp_gaps(self):
        server = self.sftp_server_id
        if not server:
            return [self.env._("Choose the SFTP server, or add it.")]
        gaps = []
        if not server.has_secrets:
            gaps.append(self.env._("Enter the password or key of %(server)s.", server=server.name))
        if not server.host_key:
            gaps.append(
                self.env._(
                    "Read the key of %(server)s, compare it with what the receiver says, and"
                    " confirm it.",
                    server=server.name,
                )
            )
        return gaps

    def _sftp_in_words(self):
        server = self.sftp_server_id
        where = f"{server.user}@{server.host}" if server else "?"
        return self.env._(
            "SFTP, folder %(folder)s of %(where)s", folder=self.sftp_folder or "~", where=where
        )

    def _sftp_try(self):
        self._try_channel()
        return self.env._(
            "Files can be put in the folder %(folder)s of %(host)s.",
            folder=self.sftp_folder or "~",
            host=self.sftp_server_id.host,
        )
