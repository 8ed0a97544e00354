"""Hints from outside: somebody says that something changed in the package."""

from odoo import fields, models

from ..engine.engine import READ_AFTER_HINT, READ_EVERY


class AccountableConnection(models.Model):
    _inherit = "accountable.connection"

    hinted_at = fields.Datetime(
        copy=False, readonly=True, help="When somebody last said that something changed over there."
    )

    def _read_before(self):
        """A reading before this moment is due again: the usual time passed, or somebody said since
        that something changed."""
        now = fields.Datetime.now()
        usual = now - READ_EVERY
        return max(usual, min(self.hinted_at, now - READ_AFTER_HINT)) if self.hinted_at else usual

    def _hint_changes(self):
        """Somebody says that something changed in the package: a reading becomes due, at most once
        a minute, and the lanes wake for it. For any request, whoever it comes from: it asks nobody,
        and tells nothing."""
        now = fields.Datetime.now()
        for connection in self.sudo():
            moments = connection._reading_moments()
            hinted = connection.hinted_at
            if not moments or (hinted and any(not one or one <= hinted for one in moments)):
                continue  # nothing is read, or the next reading is due already
            connection.hinted_at = now
            read_at = max((moment for moment in moments if moment), default=None)
            soonest = read_at + READ_AFTER_HINT if read_at else now
            connection._wake_lanes(max(now, soonest))

    def _reading_moments(self):
        """When each of the readings this connection does was done last, False for never."""
        self.ensure_one()
        if self.synchronisation != "automatic" or not self.active:
            return []
        moments = []
        if self.settlements_back:
            moments.append(self.settlements_read_at)
        if self.contact_direction == "from_package":
            moments.append(self.parties_read_at)
        return moments
