"""An SFTP server of a receiver: where it is, how to sign in, and the key by which it is known."""

from odoo import fields, models


class AccountableSftpServer(models.Model):
    """Managers enter it; nobody reads its secrets."""

    _name = "accountable.sftp.server"
    _description = "SFTP server of a receiver"
    _inherit = ["accountable.guard"]
    _order = "name, id"

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    host = fields.Char(required=True)
    port = fields.Integer(default=22, required=True)
    user = fields.Char(required=True)
    host_key = fields.Char(
        copy=False,
        readonly=True,
        help="The key by which the server is known: somebody confirmed it.",
    )

    def _fields_of_people(self):
        return super()._fields_of_people() | {
            "name",
            "active",
            "company_id",
            "host",
            "port",
            "user",
        }
