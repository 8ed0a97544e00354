from dataclasses import asdict
from datetime import timedelta

from odoo import api, fields, models

from ..sentence import SentenceField

DAYS_KEPT = 180
VACUUM_PORTION = 1000


class AccountableRun(models.Model):
    """One synchronisation of a connection, with its counts: the history users see."""

    _name = "accountable.run"
    _description = "Synchronisation run"
    _inherit = ["accountable.guard"]
    _order = "started_at desc, id desc"

    connection_id = fields.Many2one(
        "accountable.connection", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="connection_id.company_id", store=True)
    started_at = fields.Datetime(required=True)
    ended_at = fields.Datetime()
    trigger = fields.Selection(
        [("automatic", "Automatic"), ("person", "By a person")], default="automatic", required=True
    )
    user_id = fields.Many2one("res.users")
    state = fields.Selection(
        [("running", "Running"), ("done", "Done"), ("stopped", "Stopped")],
        default="running",
        required=True,
    )
    documents_sent = fields.Integer()
    parties_sent = fields.Integer()
    files_sent = fields.Integer()
    settlements_read = fields.Integer()
    failed = fields.Integer()
    calls = fields.Integer()
    message = SentenceField()

    _running_idx = models.Index("(connection_id) WHERE state = 'running'")

    @api.model
    def _begin(self, connection, left_open):
        """The run of a connection that begins now.

        :param bool left_open: a dead worker left one open, which is closed
        """
        now, user = fields.Datetime.now(), connection.requested_by_id
        if left_open:
            runs = [("connection_id", "=", connection.id), ("state", "=", "running")]
            self.search(runs).write({"state": "stopped", "ended_at": now})
        return self.create(
            {
                "connection_id": connection.id,
                # given, so that it is not written in a statement of its own
                "company_id": connection.company_id.id,
                "started_at": now,
                "trigger": "person" if user else "automatic",
                "user_id": user.id,
            }
        )

    def _end(self, counts, calls, message):
        """
        :param counts: the :class:`Counts` of its work, None where it came to none
        :param int calls: to the package
        :param str message: what stopped it, "" when nothing did
        """
        self.write(
            {
                **(asdict(counts) if counts else {}),
                "calls": calls,
                "message": message,
                "ended_at": fields.Datetime.now(),
                "state": "stopped" if message else "done",
            }
        )

    def _notify(self, user):
        """Tell the one who pressed the button how it ended, and how much waits for a person."""
        self = self.with_context(lang=user.lang, tz=user.tz)
        self.ensure_one()
        failed = self.connection_id.failed_count
        sentence = self.message or self._what_was_done()
        if failed:
            more = self.env._("Failed items in the queue: %(count)s.", count=failed)
            sentence = f"{sentence} {more}"
        user._bus_send(
            "simple_notification",
            {
                "type": "warning" if failed or self.message else "success",
                "title": self.connection_id.display_name,
                "message": sentence,
            },
        )

    def _what_was_done(self):
        """One sentence; where documents are handed over, nothing is booked or read."""
        if self.connection_id.hands_over:
            return self.env._("Documents put in a batch: %(count)s.", count=self.documents_sent)
        return self.env._(
            "%(documents)s documents booked, %(settlements)s settlements read.",
            documents=self.documents_sent,
            settlements=self.settlements_read,
        )

    @api.autovacuum
    def _gc_old(self):
        """Old runs of every company go in portions."""
        limit = fields.Datetime.now() - timedelta(days=DAYS_KEPT)
        old = self.sudo().search([("ended_at", "<", limit)], limit=VACUUM_PORTION)
        count = len(old)
        old.unlink()
        return count, VACUUM_PORTION if count == VACUUM_PORTION else 0
