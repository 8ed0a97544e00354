"""Documents going into the queue, and the buttons on documents."""

import logging

import psycopg2
from odoo import fields, models

from ...const import KIND_BY_MOVE_TYPE
from ..document.problem import COST_OF_GOODS
from .account_move import SHOWN
from .queue import RECEIPTS, next_moment

_logger = logging.getLogger(__name__)

# A change of these does not go through draft.
HEADER_FIELDS = {"invoice_date", "invoice_date_due", "name", "payment_reference", "ref"}


class AccountMove(models.Model):
    _inherit = "account.move"

    # Into the queue

    def _post(self, soft=True):
        posted = super()._post(soft=soft)
        posted._accountable_enqueue()
        return posted

    def _accountable_plans(self):
        """The plans that want this document booked, without any query but for a branch with books
        of its own."""
        return [
            plan
            for plan in self._accountable_switched_on()
            if self.date >= plan.start_date
            and not (plan.opening_items_until and self.date <= plan.opening_items_until)
        ]

    def _accountable_switched_on(self):
        """The plans that send a document of this kind and journal, whatever its date."""
        self.ensure_one()
        plans = self.env["accountable.connection"]._sending_plans()
        if self.move_type not in KIND_BY_MOVE_TYPE or not plans or self.state != "posted":
            return []
        found = plans.get(self.company_id.id, ())
        if self.company_id.parent_id and (above := self._accountable_connections_above()):
            found = [connection._plan() for connection in above if connection._sends()]
        return [plan for plan in found if self._accountable_goes(plan)]

    def _accountable_goes(self, plan):
        """Whether this plan sends documents of this kind and journal at all."""
        kind = KIND_BY_MOVE_TYPE.get(self.move_type)
        return (
            kind in plan.kinds
            and (plan.receipts or self.move_type not in RECEIPTS)
            and (self.journal_id.id, kind) not in plan.journals_off
        )

    def _accountable_connections_above(self):
        """The connections of companies above a branch with books of its own in whose administration
        this document stands, from before the branch had its own VAT number: it is followed there,
        and booked nowhere else."""
        company = self.company_id._accountable_company()
        if not company.parent_id:
            return self.env["accountable.connection"]
        bindings = (
            self.env["accountable.binding"]
            .sudo()
            .search(
                [
                    ("res_model", "=", self._name),
                    ("res_id", "=", self._origin.id),
                    ("kind", "=", "document"),
                    ("connection_id.company_id", "parent_of", company.parent_id.id),
                ]
            )
        )
        return bindings.connection_id

    def _accountable_left_out(self):
        """Why this posted document of a branch with books of its own goes nowhere, though those of
        a company above it go; "" for every other one."""
        self.ensure_one()
        plans = self.env["accountable.connection"]._sending_plans()
        if (
            not plans
            or self.state != "posted"
            or self.move_type not in KIND_BY_MOVE_TYPE
            or not self.company_id.parent_id
            or self.company_id.id in plans
            or not any(company.id in plans for company in self.company_id.sudo().parent_ids)
            or self._accountable_connections_above()
        ):
            return ""
        return self.company_id._accountable_left_out_sentence()

    def _accountable_row(self, plan, operation):
        """One row for ``accountable.job._enqueue``."""
        moment = next_moment(plan)
        return {
            "connection_id": plan.connection_id,
            "company_id": self.company_id.id,
            "package": plan.package,
            "operation": operation,
            "res_model": self._name,
            "res_id": self.id,
            "name": self.name or self.display_name,
            "partner_name": self.commercial_partner_id.name or None,
            "document_kind": KIND_BY_MOVE_TYPE.get(self.move_type),
            "document_date": self.invoice_date or self.date,
            "currency_id": self.currency_id.id,
            "amount_total": self.amount_total,
            "order_key": self._accountable_order_key(operation),
            "next_try": moment and fields.Datetime.to_string(moment),
        }

    def _accountable_order_key(self, operation):
        """Journal and number, so that a lane sends in the order of Odoo's numbers; files last."""
        rank = {"document": "1", "reverse": "2", "file": "3"}[operation]
        prefix, number = self.sequence_prefix or "", self.sequence_number
        return f"{rank}/{self.journal_id.id:09d}/{prefix}/{number:09d}"

    def _accountable_enqueue(self, operation="document"):
        """Insert a job for each document a connection wants or has booked: one statement for any
        number, no call, and never an error into posting. A document that slips through stays
        visible as "to export"."""
        if not self.env["accountable.connection"]._who_sends():
            return
        targets, unsent = self._accountable_targets()
        rows = [move._accountable_row(plan, operation) for move, plan in targets]
        at_once = any(
            plan.synchronisation == "automatic" and plan.moment == "posting"
            for _move, plan in targets
        )
        if rows and self._accountable_insert(rows) and at_once:
            self.env["accountable.connection"]._wake_lanes()
        unsent._tell_unsent()

    def _accountable_insert(self, rows):
        try:
            with self.env.cr.savepoint(flush=False):
                self.env["accountable.job"].sudo()._enqueue(rows)
        except psycopg2.OperationalError:
            raise  # Odoo repeats the whole request
        except psycopg2.Error:
            _logger.exception("Documents %s could not be put in the queue", self.ids)
            return False
        self.invalidate_recordset(SHOWN, flush=False)
        return True

    def _accountable_enqueue_files(self, connection_id=None):
        """The files of documents that go, or went, to an administration."""
        rows = [
            move._accountable_row(plan, "file")
            for move, plan in self._accountable_targets()[0]
            if plan.send_files and connection_id in (None, plan.connection_id)
        ]
        if rows and self._accountable_insert(rows):
            self.env["accountable.connection"]._wake_lanes()

    # Changes after posting

    def button_draft(self):
        """Nothing is sent; what waited ends, and is queued again by the next posting. What may
        still arrive is looked up until it is sure."""
        result = super().button_draft()
        self._accountable_park("draft")
        return result

    def _accountable_park(self, reason):
        if not self.ids or not self.env["accountable.connection"]._who_sends():
            return
        jobs = self.env["accountable.job"].sudo()
        jobs.flush_model()
        self.env.cr.execute(
            """
            UPDATE accountable_job SET state = 'unknown', next_try = %s, held_by_id = NULL
             WHERE res_model = 'account.move' AND res_id IN %s AND state IN ('pending', 'failed')
               AND unanswered
            """,
            (fields.Datetime.now(), tuple(self.ids)),
        )
        self.env.cr.execute(
            """
            UPDATE accountable_job
               SET state = 'skipped', skip_reason = %s, ended_at = %s, next_try = NULL, message =
               NULL,
                   error_kind = NULL, held_by_id = NULL
             WHERE res_model = 'account.move' AND res_id IN %s AND state IN ('pending', 'failed')
            RETURNING id
            """,
            (reason, fields.Datetime.now(), tuple(self.ids)),
        )
        parked = [id_ for [id_] in self.env.cr.fetchall()]
        jobs.invalidate_model(flush=False)
        jobs.browse(parked)._release_held()
        self.invalidate_recordset(SHOWN, flush=False)

    def button_cancel(self):
        """What was booked is booked the other way round, by the queue."""
        result = super().button_cancel()
        self._accountable_enqueue_reverse()
        return result

    def _accountable_enqueue_reverse(self):
        rows = []
        for binding in self._accountable_current_links():
            move, connection = self.browse(binding.res_id), binding.connection_id
            if connection.active and not move._accountable_goes(connection._plan()):
                binding._note_unsent("cancelled_switched_off")
            elif connection.active:
                rows.append(move._accountable_row(connection._plan(), "reverse"))
            else:
                move._accountable_raise(
                    connection.id,
                    "connection_archived",
                    connection._archived_sentence(binding.number),
                )
        if rows and self._accountable_insert(rows):
            self.env["accountable.connection"]._wake_lanes()

    def _accountable_document_bindings(self):
        if not self.ids or not self.env["accountable.connection"]._who_sends():
            return self.env["accountable.binding"]
        bindings = (
            self.env["accountable.binding"]
            .sudo()
            .search(
                [
                    ("res_model", "=", "account.move"),
                    ("res_id", "in", self.ids),
                    ("kind", "=", "document"),
                ]
            )
        )
        # a link an earlier connection left of the booking a present one follows says nothing more
        followed = {
            (one.res_id, one.connection_id.package, one.connection_id.administration_key)
            for one in bindings
            if one.connection_id.active
        }
        return bindings.filtered(
            lambda one: (
                one.connection_id.active
                or (one.res_id, one.connection_id.package, one.connection_id.administration_key)
                not in followed
            )
        )

    def _accountable_raise(self, connection_id, code, message):
        """A failed job a person has to look at, though nobody tried to send anything."""
        plan = self.env["accountable.connection"].sudo().browse(connection_id)._plan()
        jobs = self.env["accountable.job"].sudo()
        for move in self:
            ids = jobs._enqueue([move._accountable_row(plan, "document")])
            jobs.browse(ids).write(
                {
                    "state": "failed",
                    "error_kind": "duplicate",
                    "error_code": code,
                    "message": message,
                    "next_try": False,
                    "cause_model": "account.move",
                    "cause_id": move.id,
                }
            )
        self.invalidate_recordset(SHOWN, flush=False)

    def unlink(self):
        """A booked document that is deleted stays visible in the queue; one that waited is
        dropped."""
        bindings = self._accountable_current_links()
        told = [
            (
                self.browse(binding.res_id),
                binding.connection_id.id,
                self.env._(
                    "It was deleted in Odoo; its booking %(number)s is still in the administration."
                    " Correct it there, then press Skip.",
                    number=binding.number,
                ),
            )
            for binding in bindings
        ]
        bindings._forget_unsent()
        self._accountable_park("deleted")
        for move, connection_id, message in told:
            move._accountable_raise(connection_id, "deleted", message)
        return super().unlink()

    def write(self, vals):
        watched = sorted(HEADER_FIELDS & vals.keys())
        posted = self.filtered(lambda move: watched and move.state == "posted")
        before = {move: [move[name] for name in watched] for move in posted}
        result = super().write(vals)
        # what is written as it was would send what was refused once more
        changed = posted.filtered(lambda move: before[move] != [move[name] for name in watched])
        if "name" in watched:
            # numbered anew: credit notes name the document they correct; without a number for now,
            # the next one follows
            changed = (changed | changed.reversal_move_ids).filtered("name")
        changed._accountable_enqueue_changed()
        return result

    def _accountable_enqueue_changed(self):
        """Documents that changed without going through draft: those that are booked, or on their
        way with what they were before."""
        posted = self.filtered(lambda move: move.state == "posted")
        if not posted or not self.env["accountable.connection"]._who_sends():
            return
        under_way = (
            self.env["accountable.job"]
            .sudo()
            .search(
                [
                    ("res_model", "=", self._name),
                    ("res_id", "in", posted.ids),
                    ("operation", "=", "document"),
                    ("state", "in", ("sending", "unknown")),
                ]
            )
        )
        booked = posted._accountable_document_bindings()
        ids = {*booked.mapped("res_id"), *under_way.mapped("res_id")}
        posted.filtered(lambda move: move.id in ids)._accountable_enqueue()

    # Buttons

    def action_accountable_check(self):
        """Everything that can be said about the selection without asking anybody."""
        self._check_accountable_user()
        lines, together, count = [], [], 0
        for plan_connection, moves in self._accountable_by_connection().items():
            # a branch does not see the company of its connection
            for move_id, problems in plan_connection._precheck(moves.sudo()).items():
                count += 1
                name = self.browse(move_id).name
                lines += [
                    _told(name, problem.message)
                    for problem in problems
                    if problem.code != COST_OF_GOODS
                ]
            precheck = plan_connection.env["accountable.precheck"]
            lines += precheck._remark_on_accounts(plan_connection, moves.sudo())
            if sentence := precheck._cost_of_goods_sentence(plan_connection, moves.sudo()):
                together.append(sentence)
        for move in self:
            if sentence := move._accountable_left_out():
                count += 1
                lines.append(f"{move.name}: {sentence}")
        lines = together + lines
        if not count:
            message = self.env._("None of these documents goes to an accounting package.")
        elif not lines:
            message = self.env._("%(count)s documents are ready to go.", count=count)
        else:
            message = "\n".join(lines[:20])
            if len(lines) > 20:
                more = self.env._("… and %(count)s more.", count=len(lines) - 20)
                message = f"{message}\n{more}"
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if lines or not count else "success",
                "sticky": bool(lines),
                "title": self.env._("Check before export"),
                "message": message,
                "className": "o_accountable_lines",
            },
        }

    def _accountable_by_connection(self):
        """``{connection: moves}`` of the selection."""
        self.check_access("read")
        grouped = {}
        for move, plan in self._accountable_targets()[0]:
            connection = self.env["accountable.connection"].browse(plan.connection_id).sudo()
            grouped[connection] = grouped.get(connection, self.browse()) | move
        return grouped

    def action_accountable_export(self):
        """Send the selection now, excluded ones included again."""
        self._check_accountable_user()
        self._accountable_forget_exclusion()
        jobs = self.env["accountable.job"].sudo()
        for connection, moves in self._accountable_by_connection().items():
            connection._enqueue_documents(moves._accountable_asked(connection))
            jobs.search(
                [
                    ("connection_id", "=", connection.id),
                    ("res_model", "=", self._name),
                    ("res_id", "in", moves.ids),
                    ("state", "=", "pending"),
                ]
            ).write({"next_try": fields.Datetime.now()})
            connection._wake_lanes()
        self.invalidate_recordset(SHOWN, flush=False)
        return self._accountable_sent().with_env(self.env)._tell_may_arrive()

    def _accountable_sent(self):
        """The items of these documents that went out and did not end."""
        return (
            self.env["accountable.job"]
            .sudo()
            .search(
                [
                    ("res_model", "=", self._name),
                    ("res_id", "in", self.ids),
                    ("sent_at", "!=", False),
                    ("state", "not in", ("done", "skipped")),
                ]
            )
        )

    def action_accountable_exclude(self):
        """These documents are not to be exported; one that may still arrive is told."""
        self._check_accountable_user()
        self._accountable_sent()._check_nothing_arrives()
        jobs = self.env["accountable.job"].sudo()
        for connection, moves in self._accountable_by_connection().items():
            connection._enqueue_documents(moves)
            jobs.search(
                [
                    ("connection_id", "=", connection.id),
                    ("res_model", "=", self._name),
                    ("res_id", "in", moves.ids),
                    ("operation", "=", "document"),
                    ("state", "in", ("pending", "failed")),
                ]
            )._skip()
        self.invalidate_recordset(SHOWN, flush=False)
        return True

    def action_accountable_include(self):
        """Take back the exclusion; what belongs in an administration is queued again."""
        self._check_accountable_user()
        self._accountable_forget_exclusion()
        self._accountable_enqueue()
        self.invalidate_recordset(SHOWN, flush=False)
        return True

    def _accountable_forget_exclusion(self):
        self.env["accountable.job"].sudo().search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("state", "=", "skipped"),
                ("skip_reason", "=", "person"),
            ]
        ).write({"skip_reason": "replaced"})

    def _check_accountable_user(self):
        """Raises AccessError unless the user works with the accounting packages and sees these."""
        self.check_access("read")
        self.env["accountable.job"].check_access("read")

    def action_accountable_jobs(self):
        """The queue items of these documents."""
        return self.env["accountable.job"]._action_of(self)


def _told(name, message):
    """A sentence with the document it is about, unless it begins with it."""
    return message if message.startswith(name) else f"{name}: {message}"
