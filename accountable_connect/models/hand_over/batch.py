"""Documents that are handed over together."""

from odoo import fields, models

from ..sentence import SentenceField

STATES = [
    ("open", "Open"),
    ("closed", "Closed"),
    ("handing_over", "Being handed over"),
    ("handed_over", "Handed over"),
    ("confirmed", "Confirmed"),
    ("refused", "Refused"),
]


class AccountableBatch(models.Model):
    """What is in a closed batch never changes: handed over again, it has the same bytes.

    ::

        open → closed ⇄ handing_over → handed_over → confirmed
                 │                          ├──────→ refused   (its documents go again in another)
                 └──────────────────────────┘
    """

    _name = "accountable.batch"
    _description = "Batch of documents that are handed over"
    _inherit = ["accountable.guard"]
    _order = "id desc"

    connection_id = fields.Many2one(
        "accountable.connection", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="connection_id.company_id", store=True)
    package = fields.Selection(related="connection_id.package", store=True)
    number = fields.Integer(help="Given when it closes, without gaps; 0 while it is open.")
    name = fields.Char(compute="_compute_name", store=True)
    state = fields.Selection(STATES, default="open", required=True)
    closed_at = fields.Datetime()
    handed_over_at = fields.Datetime(help="When it was handed over last.")
    date_from = fields.Date(help="The first accounting date of its documents.")
    date_to = fields.Date(help="The last accounting date of its documents.")
    document_count = fields.Integer()
    totals = fields.Json(help="Control totals for the cover sheet, made when it closes.")
    checksum = fields.Char(help="SHA-256 over names and bytes of its files.")
    message = SentenceField(help="What the receiver said, or why it cannot be handed over.")
    item_ids = fields.One2many("accountable.batch.item", "batch_id")
    file_ids = fields.One2many("accountable.batch.file", "batch_id")
    hand_over_ids = fields.One2many("accountable.hand.over", "batch_id")

    _number = models.UniqueIndex("(connection_id, number) WHERE number > 0")
    _one_open = models.Index("(connection_id) WHERE state = 'open'")

    def _compute_name(self):
        for batch in self:
            batch.name = f"{batch.number:05d}" if batch.number else ""
