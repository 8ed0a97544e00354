"""What goes into the queue of a connection, and when it is due."""

from collections import namedtuple
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from odoo import api, fields, models, tools
from odoo.fields import Domain

from ...const import KIND_BY_MOVE_TYPE
from ..conditions import EXCLUDED, of_connection, with_binding, with_job
from ..sign_in.token_store import DAY_ZONE

# Everything posting needs to know of a connection; kept in the registry's cache.
Plan = namedtuple(
    "Plan",
    "connection_id package kinds receipts start_date opening_items_until synchronisation moment"
    " nightly_hour send_files journals_off",
)
PLAN_FIELDS = {
    "active",
    "state",
    "step",
    "sign_in_id",
    "company_id",
    "administration_key",
    "send_sales",
    "send_sale_refunds",
    "send_purchases",
    "send_purchase_refunds",
    "send_receipts",
    "send_files",
    "start_date",
    "opening_items_until",
    "synchronisation",
    "moment",
    "nightly_hour",
    "peppol_receiver",
}
MOMENT_FIELDS = {"synchronisation", "moment", "nightly_hour"}
RECEIPTS = ("out_receipt", "in_receipt")
# Longer than a worker lives.
LONGEST_RUN = timedelta(minutes=15)


class AccountableConnection(models.Model):
    _inherit = "accountable.connection"

    waiting_count = fields.Integer(compute="_compute_queue_counts")
    failed_count = fields.Integer(compute="_compute_queue_counts")
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
            stored = connection._origin.sudo()
            connection.is_running = bool(
                (stored.requested_by_id and stored._may_run())
                or connection._origin in running.connection_id
            )

    # The plans that posting looks at

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        result = super().write(vals)
        if PLAN_FIELDS & vals.keys():
            self.env.registry.clear_cache()
        if MOMENT_FIELDS & vals.keys():
            self._plan_waiting_anew()
        if vals.get("active") is False:
            self._end_waiting()
        elif PLAN_FIELDS & vals.keys():
            self._enqueue_unsent()
        return result

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    def _sends(self):
        """Whether its set-up is done and it is not archived."""
        self.ensure_one()
        ready = self.step == "done" and self.start_date and self.state != "not_connected"
        return bool(self.active and ready)

    @api.model
    @tools.ormcache()
    def _sending_plans(self):
        """``{company id of a document: (Plan, …)}`` of the connections whose set-up is done."""
        plans = {}
        connections = self.sudo().search(
            [("step", "=", "done"), ("start_date", "!=", False), ("state", "!=", "not_connected")]
        )
        for connection in connections:
            plan = connection._plan()
            for company in connection.company_id._accountable_branches():
                plans[company.id] = (*plans.get(company.id, ()), plan)
        return plans

    @api.model
    @tools.ormcache()
    def _who_sends(self):
        """``{root company id: {connection id: id of the connection that sends to its administration
        now, 0 for none}}``, of all connections, archived ones included."""
        sending = {plan.connection_id for plans in self._sending_plans().values() for plan in plans}
        connections = (
            self.sudo()
            .with_context(active_test=False)
            .search([("administration_key", "!=", False)])
        )
        places = {
            one.id: (one.company_id.root_id.id, one.package, one.administration_key)
            for one in connections
        }
        senders = {place: id_ for id_, place in places.items() if id_ in sending}
        result = {}
        for id_, place in places.items():
            sender = id_ if id_ in sending else senders.get(place, 0)
            result.setdefault(place[0], {})[id_] = sender
        return result

    def _plan(self):
        return Plan(
            connection_id=self.id,
            package=self.package,
            kinds=frozenset(self._kinds_sent()),
            receipts=self.send_receipts,
            start_date=self.start_date,
            opening_items_until=self.opening_items_until,
            synchronisation=self.synchronisation,
            moment=self.moment,
            nightly_hour=self.nightly_hour,
            send_files=self.send_files,
            journals_off=self._journals_off(),
        )

    def _journals_off(self):
        """``{(journal id, kind)}`` of what a person switched off."""
        rows = (
            self.env["accountable.mapping"]
            .sudo()
            .search_fetch(
                [
                    ("connection_id", "=", self._origin.id),
                    ("kind", "=", "journal"),
                    ("enabled", "=", False),
                ],
                ["journal_id", "document_kind"],
            )
        )
        return frozenset((row.journal_id.id, row.document_kind) for row in rows)

    def _kinds_sent(self):
        """Kinds of documents that go. Bills do not, where the package receives them itself."""
        receives = self.peppol_receiver == "package"
        chosen = {
            "sale": self.send_sales,
            "sale_refund": self.send_sale_refunds,
            "purchase": self.send_purchases and not receives,
            "purchase_refund": self.send_purchase_refunds and not receives,
        }
        return {kind for kind, sent in chosen.items() if sent}

    def _end_waiting(self):
        """Nobody works for an archived connection: what waits for it ends, and is found again if it
        comes back. A cancelled document is shown to a person, for its booking stays over there."""
        jobs = (
            self.env["accountable.job"]
            .sudo()
            .search([("connection_id", "in", self.ids), ("state", "=", "pending")])
        )
        arriving = jobs.filtered("unanswered")
        arriving._look_up_first()
        jobs -= arriving
        reverse = jobs.filtered(lambda job: job.operation == "reverse" and not job.then_anew)
        (jobs - reverse)._end("skipped", skip_reason="setting")
        (jobs - reverse)._document_links()._tell_unsent()
        for job in reverse:
            connection = job.connection_id
            binding = self.env["accountable.binding"]._find(
                connection.id, "document", job.res_model, job.res_id
            )
            job.write(
                {
                    "state": "failed",
                    "error_kind": "duplicate",
                    "error_code": "connection_archived",
                    "message": connection._archived_sentence(binding.number),
                    "next_try": False,
                }
            )

    def _archived_sentence(self, number):
        return self.env._(
            "It was cancelled in Odoo; its booking %(number)s is in %(administration)s, which is no"
            " longer connected. Correct it there, then press Skip.",
            number=number or "-",
            administration=self.administration_name or self.name,
        )

    def _plan_waiting_anew(self):
        """Waiting jobs that were not tried yet follow the new moment."""
        for connection in self:
            connection.env["accountable.job"].sudo().search(
                [
                    ("connection_id", "=", connection.id),
                    ("state", "=", "pending"),
                    ("attempts", "=", 0),
                    ("held_by_id", "=", False),
                ]
            ).write({"next_try": next_moment(connection._plan())})

    # Which documents

    def _documents_to_export_domain(self):
        """Documents that belong in the administration and are not there, and are not excluded."""
        domain = (
            self._documents_that_belong_domain()
            & with_binding(of_connection(self._origin.id), exists=False)
            & with_job(EXCLUDED, exists=False)
        )
        for connection in self._connections_above():
            # booked when the branch had no VAT number of its own: followed there
            domain &= with_binding(of_connection(connection.id), exists=False)
        return domain

    def _connections_above(self):
        """The connections of the companies above the branch this one is for, archived ones too."""
        above = self.company_id.sudo().parent_ids - self.company_id
        connections = self.sudo().with_context(active_test=False)
        return connections.search([("company_id", "in", above.ids)]) if above else self.browse()

    def _documents_that_belong_domain(self):
        """Documents that belong in the administration, there or not: posted, of a kind that goes,
        not before the start date, journal not switched off. Asks the documents only."""
        self.ensure_one()
        move_types = [
            move_type
            for move_type, kind in KIND_BY_MOVE_TYPE.items()
            if kind in self._kinds_sent() and (self.send_receipts or move_type not in RECEIPTS)
        ]
        domain = (
            Domain("state", "=", "posted")
            & Domain("move_type", "in", move_types)
            & Domain("company_id", "in", self.company_id._accountable_branches().ids)
        )
        for journal_id, kind in self._journals_off():
            types = [one for one in move_types if KIND_BY_MOVE_TYPE[one] == kind]
            off = Domain("journal_id", "=", journal_id) & Domain("move_type", "in", types)
            domain &= ~off
        if self.start_date:
            domain &= Domain("date", ">=", self.start_date)
        if self.opening_items_until:
            domain &= Domain("date", ">", self.opening_items_until)
        return domain

    def _enqueue_documents(self, moves):
        """Put documents in the queue of this connection, those a person excluded left out.

        :return: number of jobs made or renewed
        """
        self.ensure_one()
        ordered = moves.sorted(
            lambda move: (
                move.journal_id.id,
                move.sequence_prefix or "",
                move.sequence_number,
                move.id,
            )
        )
        plan = self.sudo()._plan()
        rows = [move._accountable_row(plan, "document") for move in ordered]
        return len(self.env["accountable.job"].sudo()._enqueue(rows))

    # Buttons

    def action_synchronise(self):
        """Put in the queue what is missing, make everything that waits due, wake the workers. Calls
        nobody: a button's request may be replayed."""
        if not self.env.user.has_group("accountable_connect.group_user"):
            self.check_access("write")
        self.check_access("read")
        now = fields.Datetime.now()
        for connection in self.sudo():
            if connection.state not in ("connected", "configuration_needed"):
                continue
            moves = self.env["account.move"].sudo().search(connection._documents_to_export_domain())
            jobs = self.env["accountable.job"].sudo()
            open_domain = [
                ("connection_id", "=", connection.id),
                ("state", "in", ("pending", "failed")),
            ]
            known = jobs.search([*open_domain, ("operation", "=", "document")]).mapped("res_id")
            connection._enqueue_documents(
                moves.filtered(lambda move, known=known: move.id not in known)
            )
            connection._enqueue_unsent()
            jobs.search(open_domain).filtered(
                lambda job: job.state == "pending" and not job.held_by_id
            ).next_try = now
            connection.write({"requested_by_id": self.env.uid, "wait_until": False})
        self._wake_lanes()
        return True

    def _cause_removed(self, cause, accepted=False):
        """What failed because of this record is due again: a confirmed mapping, a corrected
        partner, a connection that signed in again. What the administration refused goes again only
        when it is something else now, or (``accepted``) took it meanwhile."""
        jobs = self.env["accountable.job"].sudo()
        for connection in self:
            domain = Domain("connection_id", "=", connection.id) & Domain("state", "=", "failed")
            if cause == connection or cause._name == "accountable.sign.in":
                domain &= Domain(
                    "error_kind", "in", ("configuration_missing", "authorisation_lost")
                )
            else:
                domain &= Domain("cause_model", "=", cause._name) & Domain(
                    "cause_id", "in", cause.ids
                )
                if cause._name == "accountable.mapping":
                    domain |= (
                        Domain("connection_id", "=", connection.id)
                        & Domain("state", "=", "failed")
                        & Domain("error_kind", "=", "configuration_missing")
                        & self._source_domain(cause)
                    )
            failed = jobs.search(domain)
            if not accepted:
                failed -= failed._refused_again()
            for job in failed:
                job._make_pending()
            if failed:
                connection._wake_lanes()
        # what the package refused may be mapped otherwise now: the next run tells
        self._look_at_failed_soon()
        return super()._cause_removed(cause, accepted)

    def _source_domain(self, mappings):
        """Causes named by the Odoo side of a mapping: its tax, account, journal …"""
        sources = [key.partition(",") for key in mappings.mapped("source_key")]
        domain = Domain.FALSE
        for model, _comma, id_ in sources:
            domain |= Domain("cause_model", "=", model) & Domain("cause_id", "=", int(id_ or 0))
        return domain


def next_moment(plan):
    """When a job of this plan is due, naive UTC; None: when a person presses the button."""
    now = fields.Datetime.now()
    if plan.synchronisation == "manual":
        return None
    if plan.moment == "posting":
        return now
    local = datetime.now(DAY_ZONE)
    night = local.replace(hour=plan.nightly_hour, minute=0, second=0, microsecond=0)
    if night <= local:
        night += timedelta(days=1)
    return night.astimezone(ZoneInfo("UTC")).replace(tzinfo=None)
