"""Failed items of a connection: when they are looked at again."""

from datetime import timedelta

from odoo import fields, models
from odoo.tools import SQL

from ...api.errors import CONFIGURATION_MISSING, DATA_REFUSED, PERIOD_CLOSED, TEMPORARY

# Kinds of errors whose cause somebody removes, so that nobody has to decide anything.
CURED = (CONFIGURATION_MISSING, DATA_REFUSED, PERIOD_CLOSED)
# When none was looked at for a while, a run begins for them.
LOOK_EVERY = timedelta(minutes=30)


class AccountableConnection(models.Model):
    _inherit = "accountable.connection"

    failed_looked_at = fields.Datetime(
        copy=False, readonly=True, help="When failed items were last looked at."
    )
    periods_read_at = fields.Datetime(copy=False, readonly=True)
    failed_seen_id = fields.Integer(copy=False, readonly=True)

    def _sql_failed_due(self):
        """Condition: failed items that somebody may have cured were not looked at for a while."""
        return SQL(
            """
            (c.synchronisation = 'automatic'
             AND COALESCE(c.failed_looked_at <= %s, TRUE)
             AND EXISTS (SELECT 1 FROM accountable_job j
                          WHERE j.connection_id = c.id AND j.state = 'failed'
                            AND j.error_kind = ANY(%s)))
            """,
            fields.Datetime.now() - LOOK_EVERY,
            [*CURED, TEMPORARY],
        )

    def _look_at_failed_soon(self):
        """Something changed that may have been the cause of failed items."""
        # whoever corrects a mapping or a contact may not write the connection
        for connection in self.sudo().filtered("failed_looked_at"):
            if connection.failed_count:
                connection.failed_looked_at = False
                connection._wake_lanes()

    def _may_go_over_there(self):
        """The administration changed: what it refused is asked again by the next run."""
        # people may not write items
        jobs = self.env["accountable.job"].sudo()
        jobs.search(
            [
                ("connection_id", "in", self.ids),
                ("state", "=", "failed"),
                ("error_kind", "in", (CONFIGURATION_MISSING, PERIOD_CLOSED)),
            ]
        ).write({"failed_at": False})
        self._look_at_failed_soon()
