"""Work for a connection: what crons, posting, buttons and notifications call."""

from odoo import api, fields, models

from ..connection.server_configuration import LANE_SECONDS
from .call_budget import CountedCalls
from .connection_lock import connection_lock
from .cron_lanes import due_connections, wake_lanes, work_in_lane
from .reading_due import note_changes_there
from .synchronisation import Synchronisation


class AccountableConnection(models.Model):
    _inherit = "accountable.connection"

    def _get_call_budget(self):
        """The ``CallBudget`` a package's client gets; within a run all clients share one."""
        self.ensure_one()
        # counted whoever asks: a field of the engine
        return self.env.context.get("accountable_call_budget") or CountedCalls(self.sudo())

    @api.model
    def _cron_lane(self, lane):
        """What the crons call, see ``work_in_lane``."""
        work_in_lane(self.env, lane)

    def _wake_lanes(self, moment=None):
        """Let the workers look at once, or at a moment (naive UTC), once the transaction is
        committed."""
        wake_lanes(self.env, moment)

    @api.model
    def _due_connections(self):
        """Connections with due work, the one that waits longest first."""
        return due_connections(self.env)

    def _run(self, seconds=LANE_SECONDS):
        """Work for this connection, at most so many seconds. Commits.

        :return: False when nothing was done: somebody else works for it, or this database may not
        """
        with connection_lock(self) as check_lock:
            if not check_lock:
                return False
            # another worker may have changed anything while we waited in line
            self._commit()
            return Synchronisation(self, check_lock, seconds).run()

    def _may_run(self):
        """Asked under the lock: the worker before us may have met a limit or a lost sign-in, and a
        person may have paused the connection, since this one was chosen."""
        runnable = self.state == "connected" or (
            self.state == "configuration_needed" and self.step == "done"
        )
        waits = self.wait_until and self.wait_until > fields.Datetime.now()
        return self.active and runnable and not waits

    def _commit(self):
        """The only place where the engine commits: what is about to be sent has to be stored before
        the call, and the answer after it, whatever happens to the next document. The calls that
        were made are kept too, also those whose work was rolled back."""
        budget = self.env.context.get("accountable_call_budget")
        if budget:
            budget.store()
        self.env.cr.commit()  # pylint: disable=invalid-commit

    def _note_changes_there(self):
        """Somebody says that something changed in the package: it is read soon. For any request,
        whoever it comes from: it asks nobody, and tells nothing."""
        note_changes_there(self.sudo())  # a notification has no user who may read connections
