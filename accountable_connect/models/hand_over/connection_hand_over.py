"""How a connection hands its documents over."""

from odoo import fields, models

from .hand_over import CHANNELS

HAND_OVER_SETTINGS = {"channel", "folder", "batch_closes"}


class AccountableConnection(models.Model):
    _inherit = "accountable.connection"

    channel = fields.Selection(CHANNELS, default="download", string="Hand over by")
    folder = fields.Char(help="A folder below the one that the server's configuration names.")
    batch_closes = fields.Selection(
        [
            ("at_once", "At once, one for each document"),
            ("nightly", "Every night"),
            ("manual", "When somebody closes it"),
        ],
        default="nightly",
        string="A batch closes",
    )
    batch_ids = fields.One2many("accountable.batch", "connection_id")

    def _fields_of_people(self):
        return super()._fields_of_people() | HAND_OVER_SETTINGS
