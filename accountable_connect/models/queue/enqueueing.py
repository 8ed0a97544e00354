"""What goes into the synchronisation queue, and what is taken out before it is sent."""

import json
import logging

import psycopg2
from odoo import fields, models
from odoo.tools import SQL

from ...api.errors import DECISION
from ...const import KIND_BY_MOVE_TYPE
from ...documents.sentence import SentencesOf
from .account_move_export_state import EXPORT_FIELDS

_lt = SentencesOf(__name__)

_logger = logging.getLogger(__name__)


class AccountableEnqueueing(models.AbstractModel):
    """Every item of the queue is made here, out of a document or a contact and the plan of a
    connection (``accountable.sending.plan``). Nothing here calls out.

    Users post, cancel and press buttons who may read neither connections nor the queue of every
    company: here, and only therefore, these are reached as superuser.
    """

    _name = "accountable.enqueueing"
    _description = "What goes into the synchronisation queue"

    # Documents

    def _enqueue(self, moves):
        """Insert an item for each document a connection wants or has booked: one statement for any
        number, no call, and never an error into posting. A document that slips through stays
        visible as "to export"."""
        if not self.env["accountable.sending.plan"]._senders():
            return
        targets, unsent = self._targets(moves)
        rows = [self._row(move, plan, "document") for move, plan in targets]
        if self._insert_in_posting(moves, rows) and any(self._is_due(row) for row in rows):
            self.env["accountable.connection"]._wake_lanes()
        unsent._compare_with_odoo()

    def _enqueue_for(self, connection, moves):
        """Put documents in the queue of this connection, those a person excluded left out.

        :return: number of items made or renewed
        """
        plan = self.env["accountable.sending.plan"]._of(connection.sudo())
        rows = [self._row(move, plan, "document") for move in moves]
        return len(self._insert(sorted(rows, key=lambda row: (row["order_key"], row["res_id"]))))

    def _enqueue_one(self, connection, move, operation):
        """:return: the item of this document and operation; none when a person excluded it"""
        plan = self.env["accountable.sending.plan"]._of(connection.sudo())
        return self._insert([self._row(move, plan, operation)])

    def _enqueue_files(self, moves, connection_id=None):
        """The files of documents that go, or went, to an administration."""
        rows = [
            self._row(move, plan, "file")
            for move, plan in self._targets(moves)[0]
            if plan.send_files and connection_id in (None, plan.connection_id)
        ]
        rows += self._rows_of_files_sent_alone(moves, connection_id)
        if self._insert_in_posting(moves, rows):
            self.env["accountable.connection"]._wake_lanes()

    def _rows_of_files_sent_alone(self, moves, connection_id):
        """Their files follow documents that went by themselves, before the rest goes."""
        connection = self.env["accountable.connection"].sudo().browse(connection_id or ())
        if not connection.rest_waits or not connection.send_files:
            return []
        plan, now = self.env["accountable.sending.plan"]._of(connection), fields.Datetime.now()
        return [{**self._row(move, plan, "file"), "next_try": now} for move in moves]

    def _enqueue_reverse(self, moves):
        """What was booked of cancelled documents is undone; a person is asked where nobody speaks
        to the administration any more."""
        plans, rows = self.env["accountable.sending.plan"], []
        for binding in self.env["accountable.binding"]._taken_over_of(moves):
            move, connection = moves.browse(binding.res_id), binding.connection_id
            plan = plans._of(connection)
            if not connection.active:
                sentence = self._archived_sentence(connection, binding.number)
                self._add_failed(connection, move, "connection_archived", sentence)
            elif plan.sends(move):
                rows.append(self._row(move, plan, "reverse"))
            else:
                binding._mark_unsent("cancelled_switched_off")
        if self._insert_in_posting(moves, rows):
            self.env["accountable.connection"]._wake_lanes()

    def _enqueue_changed(self, moves):
        """Documents that changed without going through draft: those that are booked, or on their
        way with what they were before."""
        posted = moves.filtered(lambda move: move.state == "posted")
        if not posted or not self.env["accountable.sending.plan"]._senders():
            return
        under_way = self.env["accountable.job"]._of(
            posted, ("operation", "=", "document"), ("state", "in", ("sending", "unknown"))
        )
        booked = self.env["accountable.binding"]._of_documents(posted)
        ids = {*booked.mapped("res_id"), *under_way.mapped("res_id")}
        self._enqueue(posted.filtered(lambda move: move.id in ids))

    def _targets(self, moves):
        """``([(document, plan)], links)``: where these documents go, those that are booked whatever
        their date now is; and the links of booked ones whose change nobody sends. Asks the database
        only about documents of companies with a connection that does not want them."""
        plans = self.env["accountable.sending.plan"]
        wanted = {move: plans._that_want(move) for move in moves}
        senders = plans._senders()
        rest = moves.filtered(
            lambda move: (
                senders.get(move.company_id.root_id.id, {}).keys()
                - {plan.connection_id for plan in wanted[move]}
            )
        )
        unsent = self.env["accountable.binding"].sudo()
        for binding in unsent._of_documents(rest):
            move = moves.browse(binding.res_id)
            of_company = senders.get(move.company_id.root_id.id, {})
            sender = of_company.get(binding.connection_id.id, 0)
            if move.state != "posted" or any(plan.connection_id == sender for plan in wanted[move]):
                continue
            following = [plan for plan in plans._that_send(move) if plan.connection_id == sender]
            wanted[move] += following
            if not following:
                unsent |= binding
        return [(move, plan) for move in moves for plan in wanted[move]], unsent

    def _add_failed(self, connection, moves, code, message):
        """A failed item a person has to look at, though nobody tried to send anything."""
        for move in moves:
            self._enqueue_one(connection, move, "document").write(
                {
                    "state": "failed",
                    "error_kind": DECISION,
                    "error_code": code,
                    "message": message,
                    "next_try": False,
                    "cause_model": "account.move",
                    "cause_id": move.id,
                }
            )
        moves.invalidate_recordset(EXPORT_FIELDS, flush=False)

    def _archived_sentence(self, connection, number):
        return _lt(
            "It was cancelled in Odoo; its booking %(number)s is in %(administration)s, which is no"
            " longer connected. Correct it there, then press Skip.",
            number=number or "-",
            administration=connection.administration_name or connection.name,
        )

    def _changed_since_booked(self, connection, moves):
        """Those of these documents that an export sends: what is booked and was not changed since
        only if something of it waits, failed or was left out."""
        self.env.flush_all()
        # a domain compares no two fields, as the moment an item ended with that of the booking
        rows = self.env.execute_query(
            SQL(
                """
                SELECT b.res_id FROM accountable_binding b
                 WHERE b.connection_id = %(connection)s AND b.kind = 'document'
                   AND b.res_model = 'account.move' AND b.res_id = ANY(%(ids)s)
                   AND b.unsent IS NOT TRUE
                   AND NOT EXISTS (
                        SELECT 1 FROM accountable_job j
                         WHERE j.connection_id = b.connection_id AND j.res_model = b.res_model
                           AND j.res_id = b.res_id AND j.operation = 'document'
                           AND (j.state NOT IN ('done', 'skipped')
                                OR j.skip_reason = 'change' AND j.ended_at >= b.sent_at))
                """,
                connection=connection.id,
                ids=moves.ids,
            )
        )
        return moves - moves.browse([id_ for [id_] in rows])

    # Contacts

    def _enqueue_contacts(self, bindings, moments=None):
        """One item for each linked contact of these bindings, due at once.

        :param moments: ``{connection id: when it is due, None: when a person asks}``
        """
        now = fields.Datetime.now()
        moments = moments or {}
        # who trusts a bank account may not see every contact
        partners = self.env["res.partner"].sudo().browse(bindings.mapped("res_id")).exists()
        names = {one.id: one.name or one.display_name for one in partners}
        self._insert(
            [
                {
                    "connection_id": binding.connection_id.id,
                    "company_id": binding.company_id.id,
                    "package": binding.connection_id.package,
                    "operation": "party",
                    "res_model": partners._name,
                    "res_id": binding.res_id,
                    "name": names[binding.res_id],
                    "partner_name": names[binding.res_id],
                    "next_try": moments.get(binding.connection_id.id, now),
                }
                for binding in bindings
                if binding.res_id in names
            ]
        )

    # Out of the queue

    def _withdraw(self, moves, reason):
        """What waits of documents that are no longer posted ends, and is queued again by the next
        posting. What may still arrive is looked up until it is sure."""
        if not moves or not self.env["accountable.sending.plan"]._senders():
            return
        now = fields.Datetime.now()
        waiting = self.env["accountable.job"]._of(moves, ("state", "in", ("pending", "failed")))
        arriving = waiting.filtered("unanswered")
        arriving.write({"state": "unknown", "next_try": now, "held_by_id": False})
        ended = waiting - arriving
        ended.write(
            {
                "state": "skipped",
                "skip_reason": reason,
                "ended_at": now,
                "next_try": False,
                "message": False,
                "error_kind": False,
                "held_by_id": False,
            }
        )
        ended._release_held()
        moves.invalidate_recordset(EXPORT_FIELDS, flush=False)

    # Rows

    def _row(self, move, plan, operation):
        """What ``_insert`` wants to know of a document."""
        return {
            "connection_id": plan.connection_id,
            "company_id": move.company_id.id,
            "package": plan.package,
            "operation": operation,
            "res_model": move._name,
            "res_id": move.id,
            "name": move.name or move.display_name,
            "partner_name": move.commercial_partner_id.name or None,
            "document_kind": KIND_BY_MOVE_TYPE.get(move.move_type),
            "document_date": move.invoice_date or move.date,
            "currency_id": move.currency_id.id,
            "amount_total": move.amount_total,
            "order_key": self._order_key(move, operation),
            "next_try": self._moment(move, plan),
        }

    def _moment(self, move, plan, since=None):
        """When a document is due, naive UTC; None: when a person presses the button. An addon gives
        another moment for some documents.

        :param since: when it came into the queue; None: now
        """
        return plan.next_moment()

    def _is_due(self, row):
        return bool(row["next_try"]) and row["next_try"] <= fields.Datetime.now()

    def _order_key(self, move, operation):
        """Journal and number, so that a lane sends in the order of Odoo's numbers; files last."""
        rank = {"document": "1", "reverse": "2", "file": "3"}[operation]
        prefix, number = move.sequence_prefix or "", move.sequence_number
        return f"{rank}/{move.journal_id.id:09d}/{prefix}/{number:09d}"

    def _insert_in_posting(self, moves, rows):
        """Whether there were rows, and they went in: an error of the queue hinders nobody who
        posts."""
        if not rows:
            return False
        try:
            with self.env.cr.savepoint(flush=False):
                self._insert(rows)
        except psycopg2.OperationalError:
            raise  # Odoo repeats the whole request
        except psycopg2.Error:
            _logger.exception("Documents %s could not be put in the queue", moves.ids)
            return False
        moves.invalidate_recordset(EXPORT_FIELDS, flush=False)
        return True

    def _insert(self, rows):
        """Insert one item for each row; a waiting one of the same record and operation is renewed
        instead. A record a person excluded is left out.

        One statement, because the ORM knows no ``ON CONFLICT``: a worker may make the same item at
        this moment, and posting a batch must not cost queries for each document.

        :param rows: dictionaries of connection_id, company_id, package, operation, res_model,
            res_id, name, and optionally partner_name, document_kind, document_date, currency_id,
            amount_total, order_key, next_try (UTC)
        :return: the items made or renewed, as superuser
        """
        jobs = self.env["accountable.job"].sudo()
        if not rows:
            return jobs
        jobs.flush_model()
        result = self.env.execute_query(
            SQL(
                """
                INSERT INTO accountable_job (
                    connection_id, company_id, package, operation, res_model, res_id, name,
                    partner_name, document_kind, document_date, currency_id, amount_total,
                    order_key, state, attempts, next_try, create_uid, create_date, write_uid,
                    write_date
                )
                SELECT r.connection_id, r.company_id, r.package, r.operation, r.res_model, r.res_id,
                       r.name, r.partner_name, r.document_kind, r.document_date, r.currency_id,
                       r.amount_total, COALESCE(r.order_key, ''), 'pending', 0, r.next_try,
                       %(uid)s, %(now)s, %(uid)s, %(now)s
                  FROM jsonb_to_recordset(%(rows)s) AS r (
                    connection_id int, company_id int, package varchar, operation varchar,
                    res_model varchar, res_id int, name varchar, partner_name varchar,
                    document_kind varchar, document_date date, currency_id int, amount_total
                    numeric, order_key varchar, next_try timestamp
                  )
                 WHERE NOT EXISTS (
                    SELECT 1 FROM accountable_job e
                     WHERE e.res_model = r.res_model AND e.res_id = r.res_id
                       AND e.connection_id = r.connection_id
                       AND e.operation IN ('document', r.operation)
                       AND e.state = 'skipped' AND e.skip_reason = 'person'
                 )
                ON CONFLICT (connection_id, res_model, res_id, operation)
                      WHERE state IN ('pending', 'failed')
                DO UPDATE SET
                    state = 'pending', attempts = 0, next_try = EXCLUDED.next_try,
                    held_by_id = NULL, error_kind = NULL, error_code = NULL, message = NULL,
                    technical = NULL, candidates = NULL, cause_model = NULL, cause_id = NULL,
                    refused_fingerprint = NULL, refused_at = NULL,
                    name = EXCLUDED.name, partner_name = EXCLUDED.partner_name,
                    document_kind = EXCLUDED.document_kind,
                    document_date = EXCLUDED.document_date, currency_id = EXCLUDED.currency_id,
                    amount_total = EXCLUDED.amount_total, order_key = EXCLUDED.order_key,
                    write_uid = EXCLUDED.write_uid, write_date = EXCLUDED.write_date
                RETURNING id
                """,
                rows=json.dumps(rows, default=str),
                uid=self.env.uid,
                now=fields.Datetime.now(),
            )
        )
        jobs.invalidate_model(flush=False)
        return jobs.browse([id_ for [id_] in result])
