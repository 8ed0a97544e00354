"""What failed goes again by itself once its cause is gone.

What can be told without a call is looked at by every run: whether the document can be built and
passes the precheck, and whether it is something else than what the package refused. What only the
package knows (a right, a period that was reopened) is asked again now and then, for one item of
those that failed alike; when that one goes, the others follow. Nothing that would meet the same
refusal is sent in between: packages block who makes too many errors.
"""

import dataclasses
import logging
from datetime import timedelta

import psycopg2
from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...api import policy
from ...api.errors import (
    CONFIGURATION_MISSING,
    DATA_REFUSED,
    PERIOD_CLOSED,
    TEMPORARY,
    AuthorisationLostError,
    PackageError,
)
from ...documents import PERIOD
from .job_document import NOT_WANTED

_logger = logging.getLogger(__name__)

# Kinds of errors whose cause somebody removes, so that nobody has to decide anything.
CURED = (CONFIGURATION_MISSING, DATA_REFUSED, PERIOD_CLOSED)
# A run looks at so many failed items, and at as many more as long as some are cured; when none was
# looked at for a while, a run begins for them.
LOOKED_AT = 40
LOOK_EVERY = timedelta(minutes=30)
# How long after a refusal the package is asked again, at first and at most; when a person presses
# Synchronise now; and about what hardly changes by itself.
ASK_AFTER = timedelta(hours=1)
ASK_AT_LEAST = timedelta(days=1)
ASK_WHEN_PRESSED = timedelta(minutes=5)
ASKED_IN_A_RUN = 5
READ_PERIODS_EVERY = timedelta(hours=4)
UNEXPECTED = "unexpected"


class AccountableJob(models.Model):
    _inherit = "accountable.job"

    failed_at = fields.Datetime(
        copy=False, help="When it failed last; empty: what failed it may be gone over there."
    )
    failed_fingerprint = fields.Char(
        copy=False,
        help="Of the document that the package refused; empty where it was never asked.",
    )

    def _failed_values(self, work, failure):
        """What is kept of a failure, so that it can be told later whether its cause is gone."""
        prepared = self.operation == "document" and work.prepared.get(self.res_id)
        by_precheck = prepared and failure.code in {one.code for one in prepared.problems}
        asked = prepared and prepared.document and not by_precheck
        return {
            "failed_at": fields.Datetime.now(),
            "failed_fingerprint": asked and self._as_dated(prepared.document).fingerprint(),
        }

    def _as_dated(self, document):
        """With the date it has in Odoo: in which period it goes changes with every look."""
        own = self.env[self.res_model].browse(self.res_id).date
        return dataclasses.replace(document, accounting_date=own)

    # What can be told without a call

    def _cured(self):
        """Those of these failed documents that nothing known holds back any more."""
        moves = self.env["account.move"].browse(self.mapped("res_id")).exists()
        [connection] = self.connection_id
        prepared = connection._prepare_safely(moves.filtered(lambda move: move.state == "posted"))
        cured = self.filtered(
            lambda job: job.res_id in prepared and job._is_cured(*prepared[job.res_id])
        )
        return cured - cured._refused_again()

    def _is_cured(self, document, problems):
        """Whether it would go, as far as Odoo knows, and is not what the package refused."""
        codes = {
            one.code
            for one in problems
            if one.blocking and not (one.overridable and one.code != self.error_code)
        }
        if codes & NOT_WANTED:
            return True
        if codes or not document:
            return False
        # one that failed before this was kept: what was sent last is known
        refused = self.failed_fingerprint or (self.sent_at and self.fingerprint)
        if self.refused_fingerprint or not refused:
            return True  # whether the contact is still the refused one is looked at next
        return refused != self._as_dated(document).fingerprint()

    # What only the package knows

    def _only_package_knows(self):
        """Those that the package refused, or could not be reached for, and that may go though
        nothing changes in Odoo; of refused data those of contacts, which are put right over
        there."""
        return self.filtered(
            lambda job: (
                (
                    job.error_kind in (CONFIGURATION_MISSING, PERIOD_CLOSED, TEMPORARY)
                    or job.refused_fingerprint
                )
                and (job.operation != "document" or job.failed_fingerprint)
            )
        )

    def _alike(self):
        """``{what failed alike: items}``: the same error with the same cause; a document as its own
        cause is like any other."""
        return self.grouped(
            lambda job: (
                job.operation,
                job.error_kind,
                job.error_code,
                job.cause_model,
                job.cause_id if job.cause_model != job.res_model else 0,
            )
        )

    def _to_ask_again(self, pressed):
        """One item of each sort whose turn it is.

        :param pressed: a person wants to know now
        """
        chosen = self.browse()
        for jobs in self._alike().values():
            wait = jobs[:1]._ask_again_after(max(jobs.mapped("attempts")))
            if pressed:
                wait = min(wait, ASK_WHEN_PRESSED)
            moments = [job.failed_at for job in jobs]
            if not all(moments) or max(moments) + wait <= fields.Datetime.now():
                chosen |= min(jobs, key=lambda job: (job.failed_at or job.create_date, job.id))
        oldest_first = chosen.sorted(lambda job: (job.failed_at or job.create_date, job.id))
        return oldest_first[:ASKED_IN_A_RUN]

    def _ask_again_after(self, attempts):
        if self.error_kind not in (CONFIGURATION_MISSING, PERIOD_CLOSED):
            return ASK_AT_LEAST
        return min(ASK_AFTER * 2 ** min(max(attempts, 1) - 1, 10), ASK_AT_LEAST)


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
        for connection in self.sudo().filtered("failed_looked_at"):
            if connection.failed_count:
                connection.failed_looked_at = False
                connection._wake_lanes()

    def _may_go_over_there(self):
        """The administration changed: what it refused is asked again by the next run."""
        jobs = self.env["accountable.job"].sudo()
        jobs.search(
            [
                ("connection_id", "in", self.ids),
                ("state", "=", "failed"),
                ("error_kind", "in", (CONFIGURATION_MISSING, PERIOD_CLOSED)),
            ]
        ).write({"failed_at": False})
        self._look_at_failed_soon()

    # In a run

    def _look_at_failed(self, work):
        """Let go what is cured, and ask again what only the package knows. Commits."""
        left = self.env["accountable.job"]
        failed = self._failed_to_look_at()
        if not failed and not self.failed_count:
            return
        while failed:
            self.failed_seen_id = failed[-1:].id
            cured = self._let_go(work, failed)
            left |= failed - cured
            # one cause often holds back more than a run looks at
            more = cured and work.has_time
            failed = more and self._failed_to_look_at() - left
        asked = left._only_package_knows()._to_ask_again(bool(self.requested_by_id))
        self._let_others_wait(asked)
        for key, jobs in asked._alike().items():
            for job in jobs:
                work.asked_again[job.id] = key
                tries = job.attempts
                job._make_pending()
                job.attempts = tries  # the distance grows
        # also where all of them wait for a person: they begin no run of their own
        self.failed_looked_at = fields.Datetime.now()
        self._commit()

    def _let_others_wait(self, asked):
        """Of items that are due because the administration changed one is asked for all that failed
        alike: the others wait their time, or follow it."""
        if not asked:
            return
        others = asked.search(
            [
                ("connection_id", "=", self.id),
                ("state", "=", "failed"),
                ("failed_at", "=", False),
                ("id", "not in", asked.ids),
            ]
        )
        keys = asked._alike()
        for key, jobs in others._alike().items():
            if key in keys:
                jobs.failed_at = fields.Datetime.now()

    def _let_go(self, work, failed):
        """Those of these failed items that are cured: they are pending now. Commits."""
        if any(job.error_kind == PERIOD_CLOSED and not job.failed_fingerprint for job in failed):
            self._read_periods(work)
        documents = failed.filtered(
            lambda job: job.operation == "document" and job.error_kind in CURED
        )
        cured = documents._cured() if documents else documents
        for job in cured:
            job._make_pending()
        self._commit()
        return cured

    def _read_periods(self, work):
        """Whether a period was opened again, which the precheck cannot know else; packages allow
        few such readings a day."""
        now = fields.Datetime.now()
        every = ASK_WHEN_PRESSED if self.requested_by_id else READ_PERIODS_EVERY
        read_at = [one for one in (self.master_data_read_at, self.periods_read_at) if one]
        if read_at and max(read_at) > now - every:
            return
        try:
            items = work.package.fetch_master_data((PERIOD,))
            self.env["accountable.master.data"]._store(
                self, [one for one in items if one.kind == PERIOD], (PERIOD,)
            )
        except AuthorisationLostError:
            raise
        except PackageError as error:
            self.env.cr.rollback()
            _logger.info("Connection %s: periods not read: %s", self.id, error)
        self.periods_read_at = now
        self._commit()

    def _failed_to_look_at(self):
        """The next failed items whose cause may be gone, those that were looked at longest ago
        first."""
        jobs = self.env["accountable.job"]
        domain = (
            Domain("connection_id", "=", self.id)
            & Domain("state", "=", "failed")
            & Domain("error_kind", "in", [*CURED, TEMPORARY])
            & (Domain("error_code", "=", False) | Domain("error_code", "!=", UNEXPECTED))
            # what went out without an answer is looked up first, after an hour
            & (
                Domain("look_again_at", "=", False)
                | Domain("looks_left", "<", len(policy.LOOK_AGAIN_AFTER))
            )
        )
        found = jobs.search(
            domain & Domain("id", ">", self.failed_seen_id or 0), limit=LOOKED_AT, order="id"
        )
        if len(found) < LOOKED_AT and self.failed_seen_id:
            found |= jobs.search(
                domain & Domain("id", "<=", self.failed_seen_id),
                limit=LOOKED_AT - len(found),
                order="id",
            )
        return found

    def _prepare_safely(self, moves):
        """``_build_and_check``; what cannot be built is left out, and keeps its failure."""
        prepared = {}
        for some in [moves, *moves]:
            if len(some) == 1 and some.id in prepared:
                continue
            try:
                with self.env.cr.savepoint():
                    prepared |= self.env["accountable.precheck"]._build_and_check(
                        self, some, only_blocking=True
                    )
            except psycopg2.OperationalError:
                raise
            except Exception:
                _logger.info("Documents %s cannot be built", some.ids, exc_info=True)
        return prepared

    def _free_alike(self, work):
        """Where an item that was asked again went, those that had failed alike follow.

        :return: whether there are any
        """
        if not work.asked_again:
            return False
        jobs = self.env["accountable.job"]
        went = jobs.browse(work.asked_again).exists().filtered(lambda job: job.state == "done")
        keys = {work.asked_again.pop(job.id) for job in went}
        failed = jobs.search([("connection_id", "=", self.id), ("state", "=", "failed")])
        waiting = failed._only_package_knows()._alike()
        alike = [group for key, group in waiting.items() if key in keys]
        for job in jobs.union(*alike):
            job._make_pending()
        self._commit()
        return bool(alike)
