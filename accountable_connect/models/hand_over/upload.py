"""What comes back as a file: a report of what the receiver took or refused."""

from odoo import fields, models

from ..sentence import SentenceField


class AccountableUpload(models.Model):
    """A file a person uploads for a connection. A document that is missing from it is unknown, not
    refused."""

    _name = "accountable.upload"
    _description = "File that came back from the accounting package"
    _inherit = ["accountable.guard"]
    _order = "id desc"

    connection_id = fields.Many2one(
        "accountable.connection", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="connection_id.company_id", store=True)
    user_id = fields.Many2one("res.users", required=True, default=lambda self: self.env.uid)
    name = fields.Char(required=True, string="File name")
    content = fields.Binary(attachment=True)
    checksum = fields.Char()
    counts = fields.Json(help="How many documents it confirms, refuses, does not know.")
    message = SentenceField()
