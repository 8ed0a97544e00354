"""One delivery of a batch."""

from odoo import fields, models

from ..sentence import SentenceField

CHANNELS = [("download", "Download"), ("folder", "Folder of the server")]


class AccountableHandOver(models.Model):
    """::

    new → written → done
     │       ├────→ unknown ──(a person)──→ done | failed
     └───────┴────→ failed
    """

    _name = "accountable.hand.over"
    _description = "Hand-over of a batch"
    _inherit = ["accountable.guard"]
    _order = "id desc"

    batch_id = fields.Many2one("accountable.batch", required=True, ondelete="cascade", index=True)
    connection_id = fields.Many2one(related="batch_id.connection_id", store=True, index=True)
    company_id = fields.Many2one(related="batch_id.company_id", store=True)
    channel = fields.Selection(CHANNELS, required=True)
    user_id = fields.Many2one("res.users", help="Who handed it over; empty: the queue.")
    moment = fields.Datetime(required=True, default=fields.Datetime.now)
    done_at = fields.Datetime()
    state = fields.Selection(
        [
            ("new", "Begun"),
            ("written", "Written"),
            ("done", "Handed over"),
            ("failed", "Failed"),
            ("unknown", "Outcome unknown"),
        ],
        default="new",
        required=True,
    )
    reason = fields.Char(help="Why a batch that was handed over goes again.")
    mark = fields.Char(help="Part of the temporary names, unique.")
    written = fields.Json(help="What the channel needs to go on after a crash.")
    names = fields.Json(help="The names the receiver sees.")
    checksum = fields.Char(help="Of what was handed over: that of the batch.")
    message = SentenceField()
