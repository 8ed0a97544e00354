"""The frame around the work on one job: what is asked first, and what becomes of an error."""

import logging
from collections import namedtuple
from datetime import timedelta

import psycopg2
from odoo import fields
from odoo.tools import SQL

from ...api.errors import PackageError
from ...documents.sentence import SentencesOf
from .failure import Failures
from .job_part import CONFLICTS, JobPart, part
from .not_there import NotThere
from .numbers import Numbers
from .run_state import CannotGo, Changed, Held, NotMadeHere

_lt = SentencesOf(__name__)

_logger = logging.getLogger(__name__)

# What an operation needs to know of its record just before it is sent, read in one statement.
Facts = namedtuple(
    "Facts",
    "state next_try decision move_state stamp is_move_sent binding_id external_key version"
    " fingerprint file_place busy_id tried accepted unanswered sought elsewhere",
)
READ_FACTS = """
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
"""


class Operation(JobPart):
    """What is to be done of one job: each kind of operation says how it is sent, and looked up when
    no answer came."""

    failures = part(Failures)
    numbers = part(Numbers)
    not_there = part(NotThere)

    def send(self):
        """Commits before and after each call."""
        raise NotImplementedError

    def settle(self):
        """Find out what became of what was sent without an answer. Commits."""
        if self.job.content:
            self.settle_sent()
        else:
            self.store(self.not_there.store_not_there)

    def settle_sent(self):
        """``settle``, where it is known what was sent."""
        raise NotImplementedError

    def execute(self):
        """Work off one due job. Commits; raises only when the database is gone."""
        self.run.calling = False
        try:
            self.send()
            self.run.temporary_in_a_row = 0
        except Changed:
            # what is still wanted of it is read again with the next batch
            self.env.cr.rollback()
        except Held as held:
            self.env.cr.rollback()
            self.store(self._store_held, held)
        except NotMadeHere as reason:
            self.env.cr.rollback()
            self.store(self.failures.store_not_made_here, reason.stored)
        except CannotGo as reason:
            self.env.cr.rollback()
            self.failures.store_error(reason, self.failures.store_failure)
        except PackageError as error:
            self.env.cr.rollback()
            self.failures.store_error(error, self.failures.store_package_error)
        except CONFLICTS:
            # somebody changed the row meanwhile: nothing is lost, it is read again a little later
            self.env.cr.rollback()
            if self.run.calling:
                self.store(self.failures.store_lost_answer, self.trace())
            else:
                self.store(self._put_off)
        except psycopg2.OperationalError:
            raise
        except Exception:
            self.env.cr.rollback()
            _logger.exception("Job %s: unexpected error", self.job.id)
            self.store(self.failures.store_lost_answer, self.trace())
        finally:
            self.run.calling = False

    def _put_off(self):
        soon = fields.Datetime.now() + timedelta(minutes=1)
        self.job._write_at_once({"next_try": soon}, condition=SQL("state = 'pending'"))

    def _store_held(self, held):
        soon = fields.Datetime.now() + timedelta(minutes=1 if not held.job_id else 60)
        self.job.write(
            {"held_by_id": held.job_id or False, "next_try": soon, "message": held.sentence}
        )

    def read_facts(self):
        """The facts above. ``busy_id``: another job of the same record is under way; ``tried``: an
        earlier attempt went out, in this job or in one it replaced, and did not book it;
        ``sought``: one of these had no answer; ``elsewhere``: an earlier connection sent it to the
        same administration."""
        peppol = SQL("FALSE")
        if "peppol_move_state" in self.env["account.move"]._fields:
            peppol = SQL("COALESCE(m.peppol_move_state IN ('processing', 'done'), FALSE)")
        rows = self.env.execute_query(
            SQL(
                READ_FACTS,
                peppol,
                list(self.run.connection_ids),
                list(self.run.earlier),
                list(self.run.earlier),
                self.job.id,
            )
        )
        return Facts(*rows[0]) if rows else None

    def may_go(self, facts):
        """Whether the job is still to be done; ends it when its record no longer asks for it."""
        if facts is None or facts.state != "pending" or not facts.next_try:
            return False
        if facts.next_try > fields.Datetime.now():
            return False
        if facts.move_state != "posted":
            reason = "draft" if facts.move_state else "deleted"
            self.store(self.job._end, "skipped", skip_reason=reason)
            return False
        self.check_not_busy(facts)
        return True

    def check_not_busy(self, facts):
        """Whatever else of this record went out without an answer comes first."""
        if facts.busy_id:
            sentence = self.job.browse(facts.busy_id)._may_arrive_sentence()
            raise Held(
                facts.busy_id,
                sentence or _lt("An earlier try is being looked up first."),
            )

    def end_skipped(self, reason):
        """Ended without being sent, unless an earlier send may still arrive: that is found out
        first."""
        if self.job.unanswered:
            self.numbers.store_unknown_again()
        else:
            self.job._end("skipped", skip_reason=reason)
