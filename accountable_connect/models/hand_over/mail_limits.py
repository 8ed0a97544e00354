"""How many e-mails a receiver takes in an hour and in a day: the rest waits, in its order."""

from datetime import timedelta

from odoo import fields, models
from odoo.tools import SQL

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class AccountableConnection(models.Model):
    _inherit = "accountable.connection"

    mails_wait_until = fields.Datetime(
        string="E-mails wait until",
        copy=False,
        help="Until then its receiver takes no more e-mails.",
    )

    def _mail_limits(self):
        """``(per hour, per day)``: how many e-mails its receiver takes, 0 for as many as there are.
        Package addons that know better override it."""
        return 0, 0

    def _mail_addresses(self):
        return sorted({one.strip() for one in (self.mail_to, self.mail_to_bills) if one})

    def _mails_wait(self):
        """Until when the next e-mail has to wait, None when it may go now. Whatever connection of
        this database mailed to one of these addresses counts: it is the receiver who counts."""
        now, until = fields.Datetime.now(), None
        for limit, period in zip(self._mail_limits(), (HOUR, DAY), strict=True):
            if limit and (went := self._mail_before(limit, now - period)):
                until = max(until or went, went + period)
        return until

    def _mail_before(self, limit, since):
        """When the mail went that is the ``limit``-th from now back, None for fewer since then."""
        self.env["accountable.hand.over"].flush_model(["sent_to", "sent_at", "done_at", "state"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT sent_at FROM accountable_hand_over
                 WHERE sent_to = ANY(%s) AND sent_at > %s
                   AND (done_at IS NOT NULL OR state IN ('written', 'unknown'))
                 ORDER BY sent_at DESC OFFSET %s LIMIT 1
                """,
                self._mail_addresses(),
                since,
                limit - 1,
            )
        )
        return rows[0][0] if rows else None
