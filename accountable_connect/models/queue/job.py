from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ...api.policy import TO_DECIDE
from ...const import DOCUMENT_KINDS, ERROR_KINDS, TYPED_OWED
from ..sentence import SentenceField

# Kept for a while after they ended, so that people can look back; the link itself is the binding.
DAYS_KEPT = 90
VACUUM_PORTION = 1000
# What of an item changes when another one that it waited for ended.
RELEASED = ["next_try", "held_by_id", "message", "write_uid", "write_date"]
RETRIED = ("pending", "failed", "unknown", "skipped")


class AccountableJob(models.Model):
    """One item of the synchronisation queue.

    ::

        posted → pending → sending → done
                     ↑        │  └→ unknown ──(found in the administration)──→ done
                     │        │        └──(twice not there, ten minutes after it was sent; at once
                     │        │            where its number protects it)──→ pending
                     │        └→ failed (error_kind decides: next try, who acts, which button)
                     └── retry, cause removed, changed document          skipped: see skip_reason

    An unknown item ends in no other way: whoever cancels, deletes, pauses or archives waits, too.
    Once settled it is looked up again after an hour and after a day (``look_again_at``).

    ``next_try`` of a pending job is when it is due; empty means: when a person presses
    "Synchronise now". ``held_by_id`` is the job whose outcome it waits for.

    No foreign key to the record, so that deleting a document never waits for the queue; what people
    read in the list is copied when the job is made.
    """

    _name = "accountable.job"
    _description = "Synchronisation queue item"
    _inherit = ["accountable.guard"]
    _order = "id"

    connection_id = fields.Many2one(
        "accountable.connection", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one("res.company", required=True)
    package = fields.Selection(related="connection_id.package", store=True)
    operation = fields.Selection(
        [
            ("document", "Send the document"),
            ("reverse", "Book the opposite document"),
            ("party", "Update the contact"),
            ("file", "Attach the file"),
            ("remove", "Remove a second booking"),
        ],
        required=True,
    )
    res_model = fields.Char(required=True)
    res_id = fields.Many2oneReference(model_field="res_model", required=True)
    # Copied for the list
    name = fields.Char(required=True)
    partner_name = fields.Char()
    document_kind = fields.Selection(DOCUMENT_KINDS)
    document_date = fields.Date()
    currency_id = fields.Many2one("res.currency")
    amount_total = fields.Monetary()
    order_key = fields.Char(help="Journal and number in Odoo: documents are sent in this order.")

    state = fields.Selection(
        [
            ("pending", "Waiting"),
            ("sending", "Sending"),
            ("unknown", "Outcome unknown"),
            ("failed", "Failed"),
            ("done", "Done"),
            ("skipped", "Skipped"),
        ],
        default="pending",
        required=True,
        index=True,
    )
    skip_reason = fields.Selection(
        [
            ("person", "Not to be exported: somebody decided so"),
            ("draft", "The document is no longer posted"),
            ("deleted", "The document was deleted"),
            ("replaced", "A newer item does it"),
            ("setting", "The connection does not send it"),
            ("change", "The booking stays as it is: somebody decided so"),
        ]
    )
    decision = fields.Selection([("book_anyway", "Book it anyway")])
    accepted = fields.Json(
        copy=False, help="What a person accepted although the package books other figures."
    )
    to_open_period = fields.Boolean(
        copy=False, help="Somebody chose to book it in the first open period."
    )
    then_anew = fields.Boolean(
        copy=False, help="What undoes the booking of a document that is booked again."
    )
    error_kind = fields.Selection(ERROR_KINDS)
    error_code = fields.Char()
    message = SentenceField(help="What is wrong, in words a bookkeeper understands.")
    technical = fields.Text(groups="accountable_connect.group_manager")
    wait_message = fields.Char(
        compute="_compute_wait_message", help="Why it waits; a limit only until it is over."
    )
    cause_model = fields.Char()
    cause_id = fields.Many2oneReference(model_field="cause_model")
    candidates = fields.Json(help="What is there already, for a person to decide.")
    attempts = fields.Integer()
    next_try = fields.Datetime(index=True)
    held_by_id = fields.Many2one(
        "accountable.job", ondelete="set null", index="btree_not_null", copy=False
    )
    # What is being sent, stored before the call
    series = fields.Char()
    number = fields.Integer()
    fingerprint = fields.Char()
    refused_fingerprint = fields.Char(
        copy=False,
        help="Of the contact as it was refused: the same is not sent again automatically.",
    )
    refused_at = fields.Datetime(copy=False)
    party_key = fields.Char()
    content = fields.Json(groups="accountable_connect.group_manager")
    sent_at = fields.Datetime()
    ended_at = fields.Datetime()

    _one_waiting = models.UniqueIndex(
        "(connection_id, res_model, res_id, operation) WHERE state IN ('pending', 'failed')"
    )
    _due_idx = models.Index("(connection_id, order_key, id) WHERE state = 'pending'")
    _open_idx = models.Index(
        "(connection_id, state) WHERE state IN ('sending', 'unknown', 'failed')"
    )
    _current_idx = models.Index(
        "(res_id) WHERE res_model = 'account.move'"
        " AND state IN ('pending', 'sending', 'unknown', 'failed')"
    )
    _excluded_idx = models.Index(
        "(res_id) WHERE state = 'skipped' AND skip_reason = 'person' AND operation = 'document'"
    )
    _record_idx = models.Index("(res_model, res_id)")

    @api.depends("message", "error_kind", "next_try")
    @api.depends_context("lang", "tz", "uid")
    def _compute_wait_message(self):
        for job in self:
            limited = job.error_kind == "limit_reached" and job.next_try
            if limited and job.next_try <= fields.Datetime.now():
                job.wait_message = False
            else:
                job.wait_message = job.connection_id._until(
                    job.message, job.next_try if limited else None
                )

    @api.model
    def _of(self, records, *conditions):
        """The items of these records.

        :param conditions: further parts of the domain
        """
        # people post and press buttons who may not read the queue of every company
        return self.sudo().search(
            [("res_model", "=", records._name), ("res_id", "in", records.ids), *conditions]
        )

    def _write_at_once(self, values, condition=None, beside=None):
        """``write`` in one statement, without asking the database for the time first, as it is done
        twice for each document; and with a condition, which ``write`` cannot say.

        :param condition: SQL about ``accountable_job``; only the items it holds for are written
        :param beside: another SQL statement that is done with it; it may select from ``written``,
            which has the ids of what was written
        :return: number of items written
        """
        self._check_fields_of_people(values)
        self.flush_model()
        columns = SQL(
            ", ".join(f'"{name}" = %s' for name in values),
            *(self._fields[name].convert_to_column(value, self) for name, value in values.items()),
        )
        self.env.cr.execute(
            SQL(
                "WITH written AS (UPDATE accountable_job SET %s, write_uid = %s, write_date = %s"
                " WHERE id = ANY(%s) AND %s RETURNING id)%s SELECT count(*) FROM written",
                columns,
                self.env.uid,
                fields.Datetime.now(),
                self.ids,
                condition or SQL("TRUE"),
                SQL(", beside AS (%s)", beside) if beside else SQL(),
            )
        )
        [written] = self.env.cr.fetchone()
        self.invalidate_recordset([*values, "write_uid", "write_date"], flush=False)
        return written

    # Buttons: users may press them though they may not write

    def _for_button(self):
        """The same jobs with the rights to change them, after the check that the user may see
        them."""
        if not self.env.user.has_group("accountable_connect.group_user"):
            raise AccessError(self.env._("Only users of the accounting packages can do this."))
        self.check_access("read")
        return self.sudo()  # nobody but the engine writes items

    def action_retry(self):
        """Try again now. Beside a newer waiting one the old one ends: the newer does its work. What
        may still arrive is looked up now, and sent again when it is sure that it is not there."""
        jobs = self._for_button().filtered(lambda job: job.state in RETRIED)
        unknown = jobs.filtered(lambda job: job.state == "unknown")
        unknown.write({"next_try": fields.Datetime.now()})
        jobs._forget_refusals()
        for job in jobs - unknown:
            job._make_pending()
        jobs.connection_id._wake_lanes()
        return jobs._tell_may_arrive()

    def _make_pending(self):
        """Due now, with a fresh count of tries; merged into a newer one that waits already. What
        may still arrive, and lost the number it went with, is looked up first."""
        self.ensure_one()
        if self.unanswered and not self.number:
            self._look_up_first()
            return
        newer = self._waiting_twin()
        if newer:
            if newer.state == "failed":
                newer._make_pending()
            self._hand_over(newer)
            self._end("skipped", skip_reason="replaced")
            return
        self.write(
            {
                "state": "pending",
                "attempts": 0,
                "next_try": fields.Datetime.now(),
                "skip_reason": False,
                "held_by_id": False,
                "ended_at": False,
                **self._no_error(),
            }
        )

    def _waiting_twin(self):
        """Another job that waits to do the same."""
        return self.search(
            [
                ("id", "!=", self.id),
                ("connection_id", "=", self.connection_id.id),
                ("res_model", "=", self.res_model),
                ("res_id", "=", self.res_id),
                ("operation", "=", self.operation),
                ("state", "in", ("pending", "failed")),
            ],
            limit=1,
        )

    @staticmethod
    def _no_error():
        return {
            "error_kind": False,
            "error_code": False,
            "message": False,
            "technical": False,
            "cause_model": False,
            "cause_id": False,
            "candidates": False,
            "refused_fingerprint": False,
            "refused_at": False,
            "matched": False,
        }

    def _end(self, state, **values):
        """Done or skipped: nothing of an error stays, and whoever waited for it goes on. A number
        under which a skipped one went out is kept for the next item of its document."""
        if state == "done":
            values = {"series": False, "number": 0, **values}
        self._write_at_once(
            {
                **self._no_error(),
                "state": state,
                "ended_at": fields.Datetime.now(),
                "next_try": False,
                "held_by_id": False,
                "content": False,
                "tried_files": False,
                "refused_files": False,
                "decision": False,
                "accepted": False,
                "unanswered": False,
                "not_there_at": False,
                **values,
            },
            beside=self._sql_release_held(),
        )
        self.invalidate_model(RELEASED, flush=False)

    def _release_held(self):
        """Those that waited for the outcome of this one are due now."""
        self.flush_model()
        self.env.cr.execute(self._sql_release_held())
        self.invalidate_model(RELEASED, flush=False)

    def _sql_release_held(self):
        """As a statement: each document that is sent pays for it, and hardly any has others that
        wait for it. An item that ends itself waits for nothing any more."""
        return SQL(
            "UPDATE accountable_job SET next_try = %s, held_by_id = NULL, message = NULL,"
            " write_uid = %s, write_date = %s"
            " WHERE held_by_id = ANY(%s) AND state = 'pending' AND id != ALL(%s)",
            fields.Datetime.now(),
            self.env.uid,
            fields.Datetime.now(),
            self.ids,
            self.ids,
        )

    def action_skip(self):
        """These documents are not to be exported; of those that are booked, this change is not. A
        running or unknown one cannot be skipped: it may be in the administration already."""
        jobs = self._for_button().filtered(lambda job: job.state in ("pending", "failed"))
        if not jobs and self:
            raise UserError(self.env._("Only waiting and failed items can be skipped."))
        jobs._check_nothing_arrives()
        jobs._skip()
        jobs.connection_id._wake_lanes()

    def _skip(self):
        """End them as a person said. A document that is booked is not excluded by that: its next
        change asks again, or it would go by unseen."""
        bindings = self.env["accountable.binding"].search(
            [
                ("connection_id", "in", self.connection_id.ids),
                ("kind", "=", "document"),
                ("res_id", "in", self.mapped("res_id")),
            ]
        )
        booked = {(one.connection_id, one.res_model, one.res_id) for one in bindings}
        changes = self.filtered(
            lambda job: (
                job.operation != "file" and (job.connection_id, job.res_model, job.res_id) in booked
            )
        )
        changes._end("skipped", skip_reason="change")
        (self - changes)._end("skipped", skip_reason="person")

    def _is_question(self):
        """Whether a person is asked if it is the same one."""
        return (
            self.state == "failed" and self.error_kind in TO_DECIDE and self.operation != "remove"
        )

    def action_adopt(self, key=None):
        """It is the same document: link it with what the administration holds, send nothing.

        :param key: external key of the chosen one, needed when several are there
        """
        jobs = self._for_button()
        for job in jobs:
            if not job._is_question() or not job.candidates:
                raise UserError(self.env._("%(name)s: there is nothing to decide.", name=job.name))
            chosen = [one for one in job.candidates if key in (None, one["key"])]
            if len(chosen) != 1:
                raise UserError(
                    self.env._("%(name)s: open it and choose one of them.", name=job.name)
                )
            job._adopt(chosen[0])
        jobs.connection_id._wake_lanes()

    def _adopt(self, candidate):
        """Bind the record to a candidate as it is now in the administration."""
        self.ensure_one()
        kind = "party" if candidate.get("is_party") else "document"
        record = (
            ("res.partner", self.cause_id) if kind == "party" else (self.res_model, self.res_id)
        )
        details = False
        if kind == "document":
            known = self.env["accountable.binding"]._find(self.connection_id.id, kind, *record)
            details = known.details or {}
            if self.content:
                details = {**details, "content": self.content}
        self._bind_to(
            candidate,
            kind,
            record,
            fingerprint=self.fingerprint if kind == "document" else False,
            adopted=True,
            details=details,
        )
        if kind == "party":
            self._make_pending()
        else:
            self._end("done")
            self.connection_id._reset_settlement_cursor()

    def action_book_anyway(self):
        """It is another document: book it beside what is there. What is this document's own booking
        is replaced instead; or the package may book other figures."""
        jobs = self._for_button()
        for job in jobs:
            if not job._is_question():
                raise UserError(self.env._("%(name)s: there is nothing to decide.", name=job.name))
            if not job.question:
                raise UserError(job.message)
            if job.error_code in job._codes_of_figures():
                # of the figures alone: whether somebody entered it there is still looked for
                job.accepted = job._overridable_notes()
            else:
                if job.error_code == "ours_otherwise" and job.candidates:
                    job._bind_own_booking(job.candidates[0])
                job.decision = "book_anyway"
            job._make_pending()
        jobs.connection_id._wake_lanes()
        return jobs._tell_may_arrive()

    def _codes_of_figures(self):
        """Codes of what holds a document back until a person accepts these very figures
        (``overridable`` problems). Package addons add theirs."""
        return {TYPED_OWED}

    def action_open_cause(self):
        """The record to correct: a mapping, a partner, the sign-in; else the document itself."""
        self.ensure_one()
        self.check_access("read")
        way = self.env["accountable.cause"]._way_to(self.cause_model, self.cause_id)
        if not way:
            return self.action_open_record()
        if not way.action:
            raise UserError(way.hint)
        return way.action

    def action_open_record(self):
        """The documents or contacts of the selection."""
        self.check_access("read")
        model = self[:1].res_model
        ids = self.filtered(lambda job: job.res_model == model).mapped("res_id")
        ids = self.env[model].browse(ids).exists().ids
        if not ids:
            raise UserError(self.env._("The document was deleted in Odoo."))
        return self._open_form(model, ids)

    @api.model
    def _action_of(self, records):
        """A window action: the items of these records."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Synchronisation queue"),
            "res_model": self._name,
            "view_mode": "list,form",
            "domain": [("res_model", "=", records._name), ("res_id", "in", records.ids)],
            "context": {"create": False},
        }

    def _open_form(self, model, ids):
        action = {
            "type": "ir.actions.act_window",
            "res_model": model,
            "views": [(False, "form")],
            "res_id": ids[0],
        }
        if len(ids) > 1:
            action.update(views=[(False, "list"), (False, "form")], domain=[("id", "in", ids)])
            action.pop("res_id")
        return action

    @api.autovacuum
    def _gc_ended(self):
        """Old ended jobs go in portions; what a person excluded stays, it is a decision."""
        limit = fields.Datetime.now() - timedelta(days=DAYS_KEPT)
        # the clean-up of all companies
        old = self.sudo().search(
            [
                ("ended_at", "<", limit),
                "|",
                ("state", "=", "done"),
                "&",
                ("state", "=", "skipped"),
                ("skip_reason", "!=", "person"),
            ],
            limit=VACUUM_PORTION,
        )
        count = len(old)
        old.unlink()
        return count, VACUUM_PORTION if count == VACUUM_PORTION else 0
