"""Working off one job: the frame around the call, and what is stored when it fails."""

import logging
import random
from collections import namedtuple
from contextlib import contextmanager
from datetime import timedelta

import psycopg2
from odoo import fields, models
from odoo.tools import SQL

from ...api import policy
from ...api.errors import (
    AUTHORISATION_LOST,
    DATA_REFUSED,
    LIMIT_REACHED,
    OUTCOME_UNKNOWN,
    TEMPORARY,
    AuthorisationLostError,
    LimitReachedError,
    MayArriveError,
    NumberTakenError,
    PackageError,
)
from ...documents.serial import document_from_values
from .work import Changed, Held, NotMadeHere, NotSent, Prepared

_logger = logging.getLogger(__name__)

STORE_TRIES = 5
LASTING = ("operation", "res_model", "res_id")
CONFLICTS = (
    psycopg2.errors.SerializationFailure,
    psycopg2.errors.DeadlockDetected,
    psycopg2.errors.UniqueViolation,
)
# What a job needs to know of its record just before it is sent, read in one statement.
Facts = namedtuple(
    "Facts",
    "state next_try decision move_state stamp is_move_sent binding_id external_key version"
    " fingerprint file_place busy_id tried accepted unanswered sought elsewhere",
)
Failure = namedtuple(
    "Failure",
    "kind code sentence technical cause candidates not_before refused",
    defaults=(None,),
)


class AccountableJob(models.Model):
    _inherit = "accountable.job"

    # Preparing a batch

    def _prepare_batch(self, work):
        """Build the documents of a batch while Odoo's cache is warm; nothing is called."""
        work.prepared = {}
        moves = (
            self.env["account.move"]
            .browse(
                self.filtered(
                    lambda job: job.operation == "document" and job.res_model == "account.move"
                ).mapped("res_id")
            )
            .exists()
            .filtered(lambda move: move.state == "posted")
        )
        try:
            self._prepare_moves(work, moves)
        except psycopg2.OperationalError:
            raise
        except Exception:
            self.env.cr.rollback()
            _logger.info("A batch cannot be built at once; one by one", exc_info=True)
            for move in moves:
                self._prepare_alone(work, move)

    def _prepare_alone(self, work, move):
        try:
            self._prepare_moves(work, move)
            self._commit_work()
        except psycopg2.OperationalError:
            raise
        except Exception:
            self.env.cr.rollback()
            _logger.exception("Document %s cannot be built", move.id)
            work.prepared.pop(move.id, None)

    def _prepare_moves(self, work, moves):
        connection = self.env["accountable.connection"].browse(work.connection_id)
        takes_files = work.settings.send_files and (
            work.capabilities.files_with_document or work.capabilities.files_afterwards
        )
        prepared_moves = self.env["accountable.precheck"]._build_and_check(
            connection, moves, only_blocking=True
        )
        if takes_files:
            self.env["accountable.document"]._prefetch_files(moves)
        # out of the batch itself: what is computed for one is computed for all of it
        for move in moves:
            document, problems = prepared_moves[move.id]
            prepared = Prepared(
                document=document,
                problems=[problem for problem in problems if problem.blocking],
                notes={problem.code: problem.note for problem in problems if problem.note},
                stamp=move.write_date,
                journal_id=move.journal_id.id,
                in_odoo=move._accountable_bookkeeping(),
            )
            if document and takes_files:
                files, prepared.file_notes = self.env["accountable.document"]._files(move)
                prepared.files = tuple(files)
            work.prepared[move.id] = prepared
        self._prefetch_parties(work)

    def _prefetch_parties(self, work):
        """The links of the parties of a batch, so that an unchanged party costs nothing."""
        ids = {
            self._party_partner_id(work, prepared.document.party)
            for prepared in work.prepared.values()
            if prepared.document
        } - set(work.parties)
        bindings = self.env["accountable.binding"].search_fetch(
            [
                ("connection_id", "=", work.connection_id),
                ("kind", "=", "party"),
                ("res_model", "=", "res.partner"),
                ("res_id", "in", list(ids)),
            ],
            ["res_id", "external_key", "fingerprint", "details"],
        )
        for binding in bindings:
            work.parties[binding.res_id] = self._known_party(binding)
        self._prefetch_refused_parties(work)

    # The frame

    def _remember_lasting(self, work):
        """Read what names the records of a batch, and never changes: every commit empties Odoo's
        cache, and each job would read its whole row anew."""
        self.fetch(LASTING)
        work.lasting = {job.id: [job[name] for name in LASTING] for job in self}

    def _know_lasting(self, work):
        """Put it into the cache of this transaction."""
        if self.id not in work.lasting:
            self.fetch(LASTING)
            return
        for name, value in zip(LASTING, work.lasting[self.id], strict=True):
            self._fields[name]._insert_cache(self, [value])

    def _work_off(self, work):
        """Work off one due job. Commits; raises only when the database is gone."""
        self.ensure_one()
        work.calling = False
        self._know_lasting(work)
        try:
            getattr(self, f"_send_{self.operation}")(work)
            work.temporary_in_a_row = 0
        except Changed:
            # what is still wanted of it is read anew with the next batch
            self.env.cr.rollback()
        except Held as held:
            self.env.cr.rollback()
            self._store(self._store_held, held)
        except NotMadeHere as reason:
            self.env.cr.rollback()
            self._store(self._store_not_made_here, work, reason.stored)
        except NotSent as reason:
            self.env.cr.rollback()
            failure = Failure(
                reason.kind,
                reason.code,
                reason.sentence,
                "",
                reason.cause,
                reason.candidates,
                reason.not_before,
                reason.refused,
            )
            self._store_failed(work, reason.kind, self._store_failure, work, failure)
        except PackageError as error:
            self.env.cr.rollback()
            self._store_failed(work, error.kind, self._store_package_error, work, error)
        except CONFLICTS:
            # somebody changed the row meanwhile: nothing is lost, it is read anew a little later
            self.env.cr.rollback()
            if work.calling:
                self._store(self._store_lost_answer, work, self._trace())
            else:
                self._store(self._put_off)
        except psycopg2.OperationalError:
            raise
        except Exception:
            self.env.cr.rollback()
            _logger.exception("Job %s: unexpected error", self.id)
            self._store(self._store_lost_answer, work, self._trace())
        finally:
            work.calling = False

    @contextmanager
    def _within_limit(self, work, topic, code=None):
        """Calls that only some documents need, and that a package counts apart (look-ups, changes,
        contacts, files, one kind of document): once they are used up, only the jobs that need them
        wait. The others go on.

        :param code: only a limit with this code concerns the topic alone; any other one, and one
            that holds for every call, stops the connection
        """
        try:
            if topic in work.used_up:
                raise work.used_up[topic]
            yield
        except MayArriveError:
            raise
        except LimitReachedError as error:
            if error.whole or (code and error.code != code):
                raise
            work.used_up[topic] = error
            connection = self.env["accountable.connection"].browse(work.connection_id)
            raise NotSent(
                LIMIT_REACHED,
                error.code,
                connection._error_sentence(error),
                (connection._name, connection.id),
                not_before=error.not_before,
            ) from error

    def _put_off(self):
        self.env.cr.execute(
            "UPDATE accountable_job SET next_try = %s WHERE id = %s AND state = 'pending'",
            (fields.Datetime.now() + timedelta(minutes=1), self.id),
        )

    def _store(self, function, *arguments):
        """Run what only writes, and commit; again when another transaction was in the way, because
        what the package answered must not be lost. Gives what the function gives."""
        for attempt in range(STORE_TRIES):
            try:
                result = function(*arguments)
                self._commit_work()
                return result
            except CONFLICTS:
                self.env.cr.rollback()
                if attempt == STORE_TRIES - 1:
                    raise

    def _store_failed(self, work, kind, function, *arguments):
        """``_store`` of a failure. What cannot be stored is this item's affair: it gets a plain
        message, and the others go on."""
        try:
            self._store(function, *arguments)
        except psycopg2.OperationalError:
            raise
        except Exception:
            self.env.cr.rollback()
            _logger.exception("Job %s: its failure (%s) cannot be stored", self.id, kind)
            failure = self._plain_failure(kind)
            self._store(self._store_failure, work, failure)
            if kind in (AUTHORISATION_LOST, LIMIT_REACHED):
                work.stop_reason = failure.sentence

    def _plain_failure(self, kind):
        """A failure without a word of the package."""
        return Failure(
            kind,
            "unexpected",
            self.env._("It failed, and what the package said cannot be stored: see the log."),
            self._trace(),
            (self.res_model, self.res_id),
            (),
            None,
        )

    def _commit_work(self):
        self.env["accountable.connection"]._commit()

    def _trace(self):
        connection = self.connection_id
        return connection._without_secrets(connection._unexpected_trace())

    def _read_facts(self, work):
        """The facts above. ``busy_id``: another job of the same record is under way; ``tried``: an
        earlier attempt went out, in this job or in one it replaced, and did not book it;
        ``sought``: one of these had no answer; ``elsewhere``: an earlier connection sent it to the
        same administration."""
        peppol = SQL("FALSE")
        if "peppol_move_state" in self.env["account.move"]._fields:
            peppol = SQL("COALESCE(m.peppol_move_state IN ('processing', 'done'), FALSE)")
        rows = self.env.execute_query(
            SQL(
                """
                SELECT j.state, j.next_try, j.decision, m.state, m.write_date,
                       COALESCE(m.is_move_sent, FALSE) OR %s,
                       b.id, b.external_key, b.version, b.fingerprint,
                       b.details ->> 'file_place',
                       (SELECT o.id FROM accountable_job o
                         WHERE o.res_model = j.res_model AND o.res_id = j.res_id
                           AND o.connection_id = ANY(%s) AND o.id != j.id
                           AND (o.operation = 'file') = (j.operation = 'file')
                           AND o.state IN ('sending', 'unknown') LIMIT 1),
                       EXISTS (SELECT 1 FROM accountable_job o
                         WHERE o.res_model = j.res_model AND o.res_id = j.res_id
                           AND o.connection_id = j.connection_id AND o.operation = j.operation
                           AND o.sent_at IS NOT NULL AND o.state != 'done'),
                       j.accepted, j.unanswered,
                       j.sought IS NOT NULL OR EXISTS (SELECT 1 FROM accountable_job o
                         WHERE o.res_model = j.res_model AND o.res_id = j.res_id
                           AND o.connection_id = j.connection_id AND o.operation = j.operation
                           AND o.sought IS NOT NULL AND o.state != 'done'),
                       EXISTS (SELECT 1 FROM accountable_job o
                         WHERE o.res_model = j.res_model AND o.res_id = j.res_id
                           AND o.connection_id = ANY(%s) AND o.sent_at IS NOT NULL)
                       OR EXISTS (SELECT 1 FROM accountable_binding o
                         WHERE o.res_model = j.res_model AND o.res_id = j.res_id
                           AND o.kind = 'document' AND o.connection_id = ANY(%s))
                  FROM accountable_job j
                  LEFT JOIN account_move m ON j.res_model = 'account.move' AND m.id = j.res_id
                  LEFT JOIN accountable_binding b
                    ON b.connection_id = j.connection_id AND b.kind = 'document'
                   AND b.res_model = j.res_model AND b.res_id = j.res_id
                 WHERE j.id = %s
                """,
                peppol,
                [work.connection_id, *work.earlier],
                list(work.earlier),
                list(work.earlier),
                self.id,
            )
        )
        return Facts(*rows[0]) if rows else None

    # What is stored when it did not go

    def _store_held(self, held):
        soon = fields.Datetime.now() + timedelta(minutes=1 if not held.job_id else 60)
        self.write({"held_by_id": held.job_id, "next_try": soon, "message": held.sentence})

    def _store_package_error(self, work, error):
        connection = self.env["accountable.connection"].browse(work.connection_id)
        kind = TEMPORARY if isinstance(error, NumberTakenError) else error.kind
        sentence = connection._error_sentence(error)
        if error.is_matched:
            sentence = self._matched_sentence(work) or sentence
            self.matched = True
        failure = Failure(
            kind,
            error.code,
            sentence,
            connection._without_secrets(
                "\n".join(text for text in (str(error), error.request, error.technical) if text)
            ),
            self._cause_of(work, error),
            [candidate_values(one) for one in getattr(error, "candidates", ())],
            getattr(error, "not_before", None),
            self._remember_refused_party(work, error, sentence),
        )
        self._store_failure(work, failure)
        if isinstance(error, MayArriveError):
            return  # nobody waits but this one
        if isinstance(error, LimitReachedError) and error.code == error.ONE_OPERATION:
            return  # of one operation: whatever needs it meets the same answer, at no cost
        if isinstance(error, AuthorisationLostError | LimitReachedError):
            work.stop_reason = connection._stop_for(error)
        else:
            self._keep_error_budget(work, connection, failure)

    def _keep_error_budget(self, work, connection, failure):
        """Packages block keys that make too many errors: rest before they do."""
        if failure.kind in (TEMPORARY, OUTCOME_UNKNOWN):
            work.temporary_in_a_row += 1
        else:
            work.refused += 1
        if (
            work.temporary_in_a_row >= policy.TEMPORARY_IN_A_ROW
            or work.refused >= policy.REFUSED_IN_A_RUN
        ):
            connection._rest(failure.sentence)
            work.stop_reason = failure.sentence

    def _cause_of(self, work, error):
        if isinstance(error, AuthorisationLostError):
            return "accountable.sign.in", self.connection_id.sign_in_id.id
        if error.kind == LIMIT_REACHED or error.kind == "configuration_missing":
            return "accountable.connection", work.connection_id
        prepared = self.operation != "party" and work.prepared.get(self.res_id)
        if error.values.get("concerns") == "party" and prepared and prepared.document:
            return "res.partner", self._party_partner_id(work, prepared.document.party)
        return self.res_model, self.res_id

    def _store_failure(self, work, failure):
        """Store a failed try as the decision table says; a definite one gives its number back."""
        decision = policy.decide(
            failure.kind,
            self.attempts,
            fields.Datetime.now(),
            random.random(),
            failure.not_before,
        )
        _logger.log(
            decision.rule.level,
            "Job %s (%s): %s %s",
            self.id,
            self.name,
            failure.kind,
            failure.technical,
        )
        values = {
            "state": decision.state,
            "attempts": decision.attempts,
            "next_try": decision.next_try,
            "error_kind": failure.kind,
            "error_code": failure.code,
            "message": failure.sentence,
            "technical": failure.technical,
            "cause_model": failure.cause[0],
            "cause_id": failure.cause[1],
            "candidates": list(failure.candidates) or False,
            "refused_fingerprint": failure.refused and failure.refused.fingerprint,
            "refused_at": failure.refused and failure.refused.moment,
        }
        if decision.state == "failed":
            values |= self._failed_values(work, failure)
        if decision.state == "unknown":
            values |= {**self._unanswered_values(), "sent_at": fields.Datetime.now()}
            if self.series:
                work.held[self.series] = self.id
            if self.operation == "party":
                work.arriving[self.res_id] = self.id
        else:
            # a number that went out without an answer is kept until it goes again
            if decision.state == "failed" or not self.unanswered:
                self._give_number_back(work)
            work.counts.failed += decision.state == "failed"
            if self._waiting_twin():
                # posted again while it was under way: the newer one does its work
                self._hand_over(self._waiting_twin())
                self._end("skipped", skip_reason="replaced")
                return
        self.write(values)
        if decision.state != "unknown":
            self._release_held()

    def _store_lost_answer(self, work, trace):
        """An unexpected error: unknown when a call was under way, failed else."""
        failure = Failure(
            OUTCOME_UNKNOWN if work.calling else DATA_REFUSED,
            "unexpected",
            self.env._("An unexpected error; the technical details are in this item."),
            trace,
            (self.res_model, self.res_id),
            (),
            None,
        )
        self._store_failure(work, failure)


def document_of(content):
    """The document an item stored as what it sent, its files left out."""
    return document_from_values({name: one for name, one in content.items() if name != "files"})


def candidate_values(stored):
    """What the queue shows and ``action_adopt`` needs of a stored document or party, as JSON."""
    if hasattr(stored, "party"):
        party = stored.party
        return {
            "key": stored.key,
            "is_party": True,
            "number": stored.key,
            "name": party.name,
            "vat_number": party.vat_number,
        }
    return {
        "key": stored.key,
        "number": stored.number,
        "kind": stored.kind,
        "version": stored.version,
        "own_reference": stored.own_reference,
        "party_key": stored.party_key,
        "document_date": stored.document_date.isoformat() if stored.document_date else "",
        "reference": stored.reference,
        "text": stored.text,
        "total": None if stored.total is None else str(stored.total),
        "currency": stored.currency,
        "lines": [
            [line.ledger_account, line.vat_code, str(line.base), str(line.vat)]
            for line in stored.lines
        ],
    }
