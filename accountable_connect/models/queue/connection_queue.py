"""What a connection shows of its queue, and which of its changes the queue follows."""

from datetime import timedelta

from odoo import api, fields, models

from .sending_plan import MOMENT_FIELDS, PLAN_FIELDS

# Longer than a worker lives.
LONGEST_RUN = timedelta(minutes=15)


class AccountableConnection(models.Model):
    _inherit = "accountable.connection"

    waiting_count = fields.Integer(compute="_compute_queue_counts")
    failed_count = fields.Integer(compute="_compute_queue_counts")
    unsent_count = fields.Integer(
        compute="_compute_unsent_count", string="Documents that changed and are not sent"
    )
    is_running = fields.Boolean(compute="_compute_is_running")

    def _compute_queue_counts(self):
        counts = {}
        for connection, state, count in self.env["accountable.job"]._read_group(
            [
                ("connection_id", "in", self.ids),
                ("state", "in", ("pending", "sending", "unknown", "failed")),
            ],
            ["connection_id", "state"],
            ["__count"],
        ):
            counts[connection.id, state] = count
        for connection in self:
            # the settings show a connection that is being edited, which has no id of its own
            own_id = connection._origin.id
            connection.waiting_count = sum(
                counts.get((own_id, state), 0) for state in ("pending", "sending", "unknown")
            )
            connection.failed_count = counts.get((own_id, "failed"), 0)

    def _compute_is_running(self):
        """A run that began long ago has no worker any more; what a person asked for is only begun
        for a connection that may work."""
        running = self.env["accountable.run"].search(
            [
                ("connection_id", "in", self.ids),
                ("state", "=", "running"),
                ("started_at", ">", fields.Datetime.now() - LONGEST_RUN),
            ]
        )
        for connection in self:
            stored = connection._origin.sudo()  # whether it may run depends on its sign-in
            connection.is_running = bool(
                (stored.requested_by_id and stored._may_run())
                or connection._origin in running.connection_id
            )

    def _compute_unsent_count(self):
        bindings = self.env["accountable.binding"].sudo()  # whoever sees the card sees its counts
        domain = [("connection_id", "in", self._origin.ids), ("unsent", "=", True)]
        counts = dict(bindings._read_group(domain, ["connection_id"], ["__count"]))
        for connection in self:
            connection.unsent_count = counts.get(connection._origin.sudo(), 0)

    # What posting knows of it

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        result = super().write(vals)
        enqueueing = self.env["accountable.enqueueing"]
        if PLAN_FIELDS & vals.keys():
            self.env.registry.clear_cache()
        if MOMENT_FIELDS & vals.keys():
            enqueueing._reschedule(self)
        if vals.get("active") is False:
            enqueueing._withdraw_archived(self)
        elif PLAN_FIELDS & vals.keys():
            enqueueing._enqueue_unsent(self)
        return result

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    # Buttons

    def action_synchronise(self):
        """Put in the queue what is missing, make everything that waits due, wake the workers. Calls
        nobody: a button's request may be replayed."""
        if not self.env.user.has_group("accountable_connect.group_user"):
            self.check_access("write")
        self.check_access("read")
        now = fields.Datetime.now()
        for connection in self.sudo():  # a user may press this who may not write a connection
            if connection.state not in ("connected", "configuration_needed"):
                continue
            jobs = connection.env["accountable.job"]
            of_connection = [("connection_id", "=", connection.id)]
            known = jobs.search(
                [
                    *of_connection,
                    ("operation", "=", "document"),
                    ("state", "in", ("pending", "failed")),
                ]
            ).mapped("res_id")
            if not connection.rest_waits:
                connection.env["accountable.enqueueing"]._enqueue_missing(connection, but=known)
            jobs.search(
                [*of_connection, ("state", "=", "pending"), ("held_by_id", "=", False)]
            ).next_try = now
            connection.write({"requested_by_id": self.env.uid, "wait_until": False})
        self._wake_lanes()
        return True

    def action_unsent(self):
        """The documents that changed after they were booked, and whose change is not sent."""
        self.ensure_one()
        self.check_access("read")
        bindings = self.env["accountable.binding"]._unsent_of(self)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Changed and not sent"),
            "res_model": "account.move",
            "view_mode": "list,form",
            "domain": [("id", "in", bindings.mapped("res_id"))],
            "context": {"create": False},
        }

    def _cause_removed(self, cause, accepted=False):
        """What failed because of this record is due again: a confirmed mapping, a corrected
        partner, a connection that signed in again. What the administration refused goes again only
        when it is something else now, or (``accepted``) took it meanwhile."""
        self.env["accountable.enqueueing"]._retry_failed(self, cause, accepted)
        # what the package refused may be mapped otherwise now: the next run tells
        self._look_at_failed_soon()
        return super()._cause_removed(cause, accepted)
