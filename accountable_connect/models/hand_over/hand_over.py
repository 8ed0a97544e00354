"""One delivery of a batch."""

from odoo import fields, models

from ..sentence import SentenceField

CHANNELS = [
    ("download", "Download"),
    ("folder", "Folder of the server"),
    ("mail", "E-mail"),
    ("sftp", "SFTP"),
]


# States in which something is still to be done, by the queue or by a person.
UNFINISHED = ("new", "written", "failed", "unknown")


class AccountableHandOver(models.Model):
    """A batch has one that is not finished at most, for each kind of channel.

    ::

        new → written → done ──(it came back)──→ failed
         │       ├────→ unknown ──(a person)──→ done | failed
         └───────┴────→ failed ──(tried again)──→ new

    What is done, or not known, fails when its e-mail comes back; that never goes again by itself.

    ``next_try`` is when the queue goes on with it; without one a person does. While it is written,
    its mark and place find what lies there.
    """

    _name = "accountable.hand.over"
    _description = "Hand-over of a batch"
    _inherit = ["accountable.guard", "mail.thread"]
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
    mark = fields.Char(help="Part of the temporary names, unique; empty before it began.")
    place = fields.Char(help="Where the channel puts it, as it was set when it began.")
    attempts = fields.Integer(help="How often it failed.")
    next_try = fields.Datetime()
    written = fields.Json(help="What the channel needs to go on after a crash.")
    names = fields.Json(help="The names the receiver sees.")
    checksum = fields.Char(help="Of what was handed over: that of the batch.")
    message = SentenceField()
    message_id = fields.Char(
        "Message-ID", help="Message-ID of the e-mail it goes in, of the last try."
    )
    sent_from = fields.Char(help="The sender that the receiver sees.")
    sent_to = fields.Char(help="The address it goes to.")
    sent_at = fields.Datetime(help="When the last try began to be sent.")
    bounced_at = fields.Datetime(help="When its e-mail came back; a person decides what then.")

    # how many went to an address since then
    _sent_idx = models.Index("(sent_to, sent_at) WHERE sent_to IS NOT NULL")
    _due = models.Index("(connection_id, next_try) WHERE next_try IS NOT NULL")
    _one_automatic = models.UniqueIndex(
        "(batch_id) WHERE state IN ('new', 'written', 'failed', 'unknown')"
        " AND channel != 'download'"
    )
