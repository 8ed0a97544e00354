"""What users and cron workers do, for so many documents of one package's company."""

from contextlib import contextmanager

from odoo import SUPERUSER_ID, api
from odoo.addons.accountable_connect.models.engine import synchronisation

from bench import measure
from bench.company import SECONDS, BenchCompany
from tooling.packages.control import Control


class Bench:
    """A package's company in this database and its sandbox. Every method works in a transaction of
    its own, as every request and every run of a cron does."""

    def __init__(self, env, package, root: str):
        self.env = env
        self.package = package
        self.root = root
        self.control = Control(root)
        self.accountant = package.accountant(root)
        # in a transaction that ends: one that stays open keeps PostgreSQL from cleaning up
        with env.registry.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            self.postgres = measure.ProcessorTime(cursor.fetchone()[0])

    def measured(self):
        """See :func:`bench.measure.measured`."""
        return measure.measured(self.postgres)

    @contextmanager
    def transaction(self):
        """Yields the company in a new environment; commits."""
        with self.env.registry.cursor() as cursor:
            yield BenchCompany(api.Environment(cursor, SUPERUSER_ID, {}), self.package)

    @contextmanager
    def undone(self):
        """Yields the company as ``transaction`` does; nothing of it is kept."""
        with self.env.registry.cursor() as cursor:
            yield BenchCompany(api.Environment(cursor, SUPERUSER_ID, {}), self.package)
            cursor.rollback()

    def run(self) -> measure.Figures:
        """One run of the worker, with the calls of a new day to spend; what it took."""
        with self.transaction() as company:
            company.env.cr.execute(
                "UPDATE accountable_connection SET calls = NULL WHERE id = %s",
                [company.connection.id],
            )
        with self.transaction() as company:
            connection = company.connection
            company.env.invalidate_all()
            with self.measured() as figures:
                worked = connection._run(seconds=SECONDS)
        if not worked:
            raise RuntimeError("Nobody may work for the connection")
        return figures

    def run_once(self):
        """One run of the worker, with what is left of its limits."""
        with self.transaction() as company:
            company.connection._run(seconds=SECONDS)

    def left(self) -> int:
        """Number of jobs that did not end."""
        with self.transaction() as company:
            company.env.cr.execute(
                "SELECT count(*) FROM accountable_job"
                " WHERE state NOT IN ('done', 'failed', 'skipped') AND connection_id = %s",
                [company.connection.id],
            )
            return company.env.cr.fetchone()[0]

    @contextmanager
    def at_most(self, documents):
        """The engine works off one batch of so many documents, however many wait."""
        run = synchronisation.Synchronisation
        batch, send_batch = synchronisation.BATCH, run.send_batch

        def send_one_batch(of_run):
            send_batch(of_run)
            return False

        synchronisation.BATCH = documents
        run.send_batch = send_one_batch
        try:
            yield
        finally:
            synchronisation.BATCH = batch
            run.send_batch = send_batch

    def post(self, ids) -> measure.Figures:
        """Post documents as a user does; what it took, storing it included."""
        with self.transaction() as company:
            moves = company.env["account.move"].browse(ids)
            with self.measured() as figures:
                moves.action_post()
                company.env.cr.commit()
        return figures

    def draft(self, kind, count):
        """Ids of so many new drafts; ``kind`` is ``invoices`` or ``bills``."""
        with self.transaction() as company:
            return getattr(company, f"draft_{kind}")(count).ids

    def refuse_left(self):
        """Raise when a job did not end: figures of failed documents would say nothing. What waited
        when posting was measured without a connection was skipped, and is no failure."""
        with self.transaction() as company:
            company.env.cr.execute(
                "SELECT name, state, message, technical FROM accountable_job"
                " WHERE state NOT IN ('done', 'skipped') AND connection_id = %s",
                [company.connection.id],
            )
            left = company.env.cr.fetchall()
        if left:
            raise RuntimeError(f"{len(left)} jobs did not end: {left[:3]}")
