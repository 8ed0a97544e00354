"""What a change of a connection, of its mappings or of a contact does to the queue."""

from odoo import fields, models
from odoo.fields import Domain

from ...api.errors import DECISION


class AccountableEnqueueing(models.AbstractModel):
    _inherit = "accountable.enqueueing"

    # Not sent so far

    def _enqueue_missing(self, connection, but=()):
        """What belongs in the administration and is not there.

        :param but: ids of documents that are left out
        """
        domain = self.env["accountable.sending.plan"]._domain_to_export(connection)
        # documents of every company that uses the connection, whoever presses the button
        moves = self.env["account.move"].sudo().search(domain)
        left_out = set(but)  # as many as wait
        self._enqueue_for(connection, moves.filtered(lambda move: move.id not in left_out))
        self._enqueue_unsent(connection)

    def _enqueue_unsent(self, connections):
        """Put in the queue what changed while nobody sent it, where it goes again; also what was
        booked with an archived connection to the same administration."""
        plans = self.env["accountable.sending.plan"]
        # whoever switches something on need not see each company's items and documents
        jobs, moves = self.env["accountable.job"].sudo(), self.env["account.move"].sudo()
        own_ids = set(connections.ids)
        senders = [
            id_
            for company in plans._senders().values()
            for id_, sender in company.items()
            if sender in own_ids
        ]
        bindings = self.env["accountable.binding"]._unsent_of(connections.browse(senders))
        moves = moves.browse(bindings.mapped("res_id")).exists()
        self._enqueue(moves - self._with_open_item(connections, moves))
        # cancelled while nobody spoke to the administration, and settled by no person
        asked = jobs.search(
            [
                ("connection_id", "in", senders),
                ("state", "=", "failed"),
                ("error_code", "=", "connection_archived"),
            ]
        )
        moves |= moves.browse(asked.mapped("res_id")).exists()
        asked._end("skipped", skip_reason="replaced")
        self._enqueue_reverse(moves.filtered(lambda move: move.state == "cancel"))
        for connection in connections.filtered(plans._sends):
            self._enqueue_switched_on(connection)

    def _enqueue_switched_on(self, connection):
        """What waited when its kind or journal was switched off goes once that is on again."""
        # as above
        jobs, moves = self.env["accountable.job"].sudo(), self.env["account.move"].sudo()
        ended = jobs.search(
            [
                ("connection_id", "=", connection.id),
                ("operation", "=", "document"),
                ("state", "=", "skipped"),
                ("skip_reason", "=", "setting"),
            ]
        )
        if not ended:
            return
        wanted = self.env["accountable.sending.plan"]._domain_to_export(connection)
        wanted &= Domain("id", "in", ended.mapped("res_id"))
        moves = moves.search(wanted)
        if self._enqueue_for(connection, moves - self._with_open_item(connection, moves)):
            connection._wake_lanes()

    def _with_open_item(self, connections, moves):
        """Documents that wait here already, or whose item waits for a person."""
        jobs = self.env["accountable.job"]._of(
            moves,
            ("connection_id", "in", connections.ids),
            ("operation", "=", "document"),
            ("state", "in", ("pending", "failed")),
        )
        return moves.browse(jobs.mapped("res_id"))

    # Waiting

    def _withdraw_archived(self, connections):
        """Nobody works for an archived connection: what waits for it ends, and is found again if it
        comes back. A cancelled document is shown to a person, for its booking stays over there."""
        # nobody but the engine writes items
        jobs = self.env["accountable.job"].sudo()
        jobs = jobs.search([("connection_id", "in", connections.ids), ("state", "=", "pending")])
        arriving = jobs.filtered("unanswered")
        arriving._look_up_first()
        jobs -= arriving
        reverse = jobs.filtered(lambda job: job.operation == "reverse" and not job.then_anew)
        (jobs - reverse)._end("skipped", skip_reason="setting")
        bindings = self.env["accountable.binding"]
        bindings._of_jobs(jobs - reverse)._compare_with_odoo()
        for job in reverse:
            binding = bindings._find(job.connection_id.id, "document", job.res_model, job.res_id)
            job.write(
                {
                    "state": "failed",
                    "error_kind": DECISION,
                    "error_code": "connection_archived",
                    "message": self._archived_sentence(job.connection_id, binding.number),
                    "next_try": False,
                }
            )

    def _reschedule(self, connections):
        """Waiting items that were not tried yet follow the new moment of their connection."""
        for connection in connections:
            self._follow_moment(connection, self._untried([("connection_id", "=", connection.id)]))

    def _reschedule_documents(self, moves):
        """What waits of these documents follows their moment, where that is sooner now: somebody
        approved them, or Odoo made their PDF."""
        jobs = self._untried(
            [
                ("res_model", "=", moves._name),
                ("res_id", "in", moves.ids),
                ("operation", "=", "document"),
            ]
        )
        due = [
            self._follow_moment(connection, jobs & waiting, only_sooner=True)
            for connection, waiting in jobs.grouped("connection_id").items()
        ]
        if any(due):
            jobs.connection_id._wake_lanes()

    def _untried(self, domain):
        # nobody but the engine writes items
        jobs = self.env["accountable.job"].sudo()
        untried = [("state", "=", "pending"), ("attempts", "=", 0), ("held_by_id", "=", False)]
        return jobs.search([*domain, *untried])

    def _follow_moment(self, connection, jobs, only_sooner=False):
        """:return: whether any of these items of the connection is due now"""
        plan = self.env["accountable.sending.plan"]._of(connection)
        # an item goes for every company of the connection, whoever changes the moment
        moves = self.env["account.move"].sudo()
        moves = moves.browse(
            jobs.filtered(lambda job: job.res_model == moves._name).mapped("res_id")
        ).exists()
        of_ids = {move.id: move for move in moves}
        moments = {}
        for job in jobs:
            move = job.res_model == moves._name and of_ids.get(job.res_id)
            moment = plan.next_moment()
            if move and job.operation == "document":
                moment = self._moment(move, plan, job.create_date)
            sooner = moment and (not job.next_try or moment < job.next_try)
            if sooner or not only_sooner:
                moments[moment] = moments.get(moment, jobs.browse()) | job
        for moment, some in moments.items():
            some.next_try = moment
        now = fields.Datetime.now()
        return any(moment and moment <= now for moment in moments)

    # Failed

    def _retry_failed(self, connections, cause, accepted):
        """What failed because of a record is due again.

        :param cause: mappings, contacts, a sign-in, or the connection itself
        :param accepted: the administration took meanwhile what it had refused
        """
        jobs = self.env["accountable.job"].sudo()  # nobody but the engine writes items
        for connection in connections:
            failed = jobs.search(
                Domain("connection_id", "=", connection.id)
                & Domain("state", "=", "failed")
                & self._domain_of_cause(connection, cause)
            )
            if not accepted:
                failed -= failed._refused_again()
            for job in failed:
                job._make_pending()
            if failed:
                connection._wake_lanes()

    def _domain_of_cause(self, connection, cause):
        if cause == connection or cause._name == "accountable.sign.in":
            return Domain("error_kind", "in", ("configuration_missing", "authorisation_lost"))
        domain = Domain("cause_model", "=", cause._name) & Domain("cause_id", "in", cause.ids)
        if cause._name != "accountable.mapping":
            return domain
        # the Odoo side of a mapping: its tax, account, journal …
        sources = [key.partition(",") for key in cause.mapped("source_key")]
        named = Domain.OR(
            Domain("cause_model", "=", model) & Domain("cause_id", "=", int(id_ or 0))
            for model, _comma, id_ in sources
        )
        return domain | (Domain("error_kind", "=", "configuration_missing") & named)
