"""What failed goes again by itself once its cause is gone.

What can be seen without a call is looked at by every run: whether the document can be built and
passes the precheck, and whether it is something else than what the package refused. What only the
package knows (a right, a period that was reopened) is asked again now and then, for one item of
those that failed alike; when that one goes, the others follow. Nothing that would meet the same
refusal is sent in between: packages block who makes too many errors.
"""

import logging
from datetime import timedelta

import psycopg2
from odoo import fields
from odoo.fields import Domain
from odoo.tools import SQL

from ...api import policy
from ...api.errors import (
    CONFIGURATION_MISSING,
    PERIOD_CLOSED,
    TEMPORARY,
    AuthorisationLostError,
    PackageError,
)
from ...documents import PERIOD
from ..connection.failed_items import CURED
from .batch import NOT_WANTED
from .failure import fingerprint_in_odoo

_logger = logging.getLogger(__name__)

# A run looks at so many failed items, and at as many more as long as some are cured.
LOOKED_AT = 40
# How long after a refusal the package is asked again, at first and at most; when a person presses
# Synchronise now; and about what hardly changes by itself.
ASK_AFTER = timedelta(hours=1)
ASK_AT_LEAST = timedelta(days=1)
ASK_WHEN_PRESSED = timedelta(minutes=5)
ASKED_IN_A_RUN = 5
READ_PERIODS_EVERY = timedelta(hours=4)
UNEXPECTED = "unexpected"


class FailedItems:
    """The failed items of a connection, in one run."""

    def __init__(self, connection, run):
        self.connection = connection
        self.run = run
        self.env = connection.env
        self.jobs = self.env["accountable.job"]

    def look_at(self):
        """Let go what is cured, and ask again what only the package knows. Commits."""
        left = self.jobs
        self.run.with_failed = self._are_there()
        if not self.run.with_failed:
            return
        failed = self._next()
        while failed:
            self.connection.failed_seen_id = failed[-1:].id
            cured = self._let_go(failed)
            left |= failed - cured
            # one cause often holds back more than a run looks at
            more = cured and self.run.has_time
            failed = more and self._next() - left
        pressed = bool(self.connection.requested_by_id)
        asked = to_ask_again(only_package_knows(left), pressed)
        self._let_others_wait(asked)
        for key, jobs in alike(asked).items():
            for job in jobs:
                self.run.asked_again[job.id] = key
                tries = job.attempts
                job._make_pending()
                job.attempts = tries  # the distance grows
        # also where all of them wait for a person: they begin no run of their own
        self.connection.failed_looked_at = fields.Datetime.now()
        self.connection._commit()

    def _are_there(self):
        """Whether anything of the connection failed: most runs have no more to ask."""
        self.jobs.flush_model()
        [[found]] = self.env.execute_query(
            SQL(
                "SELECT EXISTS (SELECT 1 FROM accountable_job"
                " WHERE connection_id = %s AND state = 'failed')",
                self.connection.id,
            )
        )
        return found

    def free_alike(self):
        """Where an item that was asked again went, those that had failed alike follow.

        :return: whether there are any
        """
        if not self.run.asked_again:
            return False
        asked = self.jobs.browse(self.run.asked_again).exists()
        keys = {self.run.asked_again.pop(job.id) for job in asked if job.state == "done"}
        failed = self.jobs.search(
            [("connection_id", "=", self.connection.id), ("state", "=", "failed")]
        )
        waiting = alike(only_package_knows(failed))
        followers = [group for key, group in waiting.items() if key in keys]
        for job in self.jobs.union(*followers):
            job._make_pending()
        self.connection._commit()
        return bool(followers)

    def _next(self):
        """The next failed items whose cause may be gone, those that were looked at longest ago
        first."""
        seen = self.connection.failed_seen_id
        domain = (
            Domain("connection_id", "=", self.connection.id)
            & Domain("state", "=", "failed")
            & Domain("error_kind", "in", [*CURED, TEMPORARY])
            & (Domain("error_code", "=", False) | Domain("error_code", "!=", UNEXPECTED))
            # what went out without an answer is looked up first, after an hour
            & (
                Domain("look_again_at", "=", False)
                | Domain("looks_left", "<", len(policy.LOOK_AGAIN_AFTER))
            )
        )
        found = self.jobs.search(domain & Domain("id", ">", seen or 0), limit=LOOKED_AT, order="id")
        if len(found) < LOOKED_AT and seen:
            found |= self.jobs.search(
                domain & Domain("id", "<=", seen), limit=LOOKED_AT - len(found), order="id"
            )
        return found

    def _let_go(self, failed):
        """Those of these failed items that are cured: they are pending now. Commits."""
        if any(job.error_kind == PERIOD_CLOSED and not job.failed_fingerprint for job in failed):
            self._read_periods()
        documents = failed.filtered(
            lambda job: job.operation == "document" and job.error_kind in CURED
        )
        cured = self._cured(documents) if documents else documents
        for job in cured:
            job._make_pending()
        self.connection._commit()
        return cured

    def _cured(self, jobs):
        """Those of these failed documents that nothing known holds back any more."""
        moves = self.env["account.move"].browse(jobs.mapped("res_id")).exists()
        prepared = self._prepare_safely(moves.filtered(lambda move: move.state == "posted"))
        cured = jobs.filtered(
            lambda job: job.res_id in prepared and is_cured(job, *prepared[job.res_id])
        )
        return cured - cured._refused_again()

    def _prepare_safely(self, moves):
        """The documents of a batch with their problems; what cannot be built is left out, and
        keeps its failure."""
        prepared = {}
        for some in [moves, *moves]:
            if len(some) == 1 and some.id in prepared:
                continue
            try:
                with self.env.cr.savepoint():
                    prepared |= self.env["accountable.precheck"]._build_and_check(
                        self.connection, some, only_blocking=True
                    )
            except psycopg2.OperationalError:
                raise
            except Exception:
                _logger.info("Documents %s cannot be built", some.ids, exc_info=True)
        return prepared

    def _read_periods(self):
        """Whether a period was opened again, which the precheck cannot know else; packages allow
        few such readings a day."""
        connection = self.connection
        now = fields.Datetime.now()
        every = ASK_WHEN_PRESSED if connection.requested_by_id else READ_PERIODS_EVERY
        read_at = connection.master_data_read_at, connection.periods_read_at
        if any(one and one > now - every for one in read_at):
            return
        try:
            items = self.run.package.fetch_master_data((PERIOD,))
            self.env["accountable.master.data"]._store(
                connection, [one for one in items if one.kind == PERIOD], (PERIOD,)
            )
        except AuthorisationLostError:
            raise
        except PackageError as error:
            self.env.cr.rollback()
            _logger.info("Connection %s: periods not read: %s", connection.id, error)
        connection.periods_read_at = now
        connection._commit()

    def _let_others_wait(self, asked):
        """Of items that are due because the administration changed one is asked for all that failed
        alike: the others wait their time, or follow it."""
        if not asked:
            return
        others = self.jobs.search(
            [
                ("connection_id", "=", self.connection.id),
                ("state", "=", "failed"),
                ("failed_at", "=", False),
                ("id", "not in", asked.ids),
            ]
        )
        keys = alike(asked)
        for key, jobs in alike(others).items():
            if key in keys:
                jobs.failed_at = fields.Datetime.now()


# What can be seen without a call


def is_cured(job, document, problems):
    """Whether a failed document would go, as far as Odoo knows, and is not what the package
    refused."""
    codes = {
        one.code
        for one in problems
        if one.blocking and not (one.overridable and one.code != job.error_code)
    }
    if codes & NOT_WANTED:
        return True
    if codes or not document:
        return False
    # one that failed before this was kept: what was sent last is known
    refused = job.failed_fingerprint or (job.sent_at and job.fingerprint)
    if job.refused_fingerprint or not refused:
        return True  # whether the contact is still the refused one is looked at next
    return refused != fingerprint_in_odoo(job, document)


# What only the package knows


def only_package_knows(jobs):
    """Those that the package refused, or could not be reached for, and that may go though nothing
    changes in Odoo; of refused data those of contacts, which are put right over there."""
    return jobs.filtered(
        lambda job: (
            (
                job.error_kind in (CONFIGURATION_MISSING, PERIOD_CLOSED, TEMPORARY)
                or job.refused_fingerprint
            )
            and (job.operation != "document" or job.failed_fingerprint)
        )
    )


def alike(jobs):
    """``{what failed alike: items}``: the same error with the same cause; a document as its own
    cause is like any other."""
    return jobs.grouped(
        lambda job: (
            job.operation,
            job.error_kind,
            job.error_code,
            job.cause_model,
            job.cause_id if job.cause_model != job.res_model else 0,
        )
    )


def to_ask_again(jobs, pressed):
    """One item of each sort whose turn it is.

    :param pressed: a person wants to know now
    """
    chosen = jobs.browse()
    for some in alike(jobs).values():
        wait = _ask_again_after(some[:1].error_kind, max(some.mapped("attempts")))
        if pressed:
            wait = min(wait, ASK_WHEN_PRESSED)
        moments = [job.failed_at for job in some]
        if not all(moments) or max(moments) + wait <= fields.Datetime.now():
            chosen |= min(some, key=lambda job: (job.failed_at or job.create_date, job.id))
    oldest_first = chosen.sorted(lambda job: (job.failed_at or job.create_date, job.id))
    return oldest_first[:ASKED_IN_A_RUN]


def _ask_again_after(error_kind, attempts):
    if error_kind not in (CONFIGURATION_MISSING, PERIOD_CLOSED):
        return ASK_AT_LEAST
    return min(ASK_AFTER * 2 ** min(max(attempts, 1) - 1, 10), ASK_AT_LEAST)
