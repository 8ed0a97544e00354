"""What a cron worker does, for so many documents."""

from contextlib import contextmanager

from odoo.addons.accountable_connect.models import accountable_engine

from bench.company import SECONDS, BenchCompany
from bench.measure import transaction


@contextmanager
def at_most(env, documents):
    """The engine works off one batch of so many documents, however many wait."""
    model = env.registry["accountable.connection"]
    batch, send_batch = accountable_engine.BATCH, model._send_batch

    def send_one_batch(connection, work):
        send_batch(connection, work)
        return False

    accountable_engine.BATCH = documents
    model._send_batch = send_one_batch
    try:
        yield
    finally:
        accountable_engine.BATCH = batch
        model._send_batch = send_batch


def run(env):
    """One run of the worker, with the calls of a new day to spend."""
    with transaction(env) as own:
        own.cr.execute("UPDATE accountable_connection SET calls = NULL")
    with transaction(env) as own:
        connection = BenchCompany(own).connection
        own.invalidate_all()
        if not connection._run(seconds=SECONDS):
            raise RuntimeError("Nobody may work for the connection")


def post(env, ids):
    """Post documents as a user does: one request, one transaction."""
    with transaction(env) as own:
        BenchCompany(own).env["account.move"].browse(ids).action_post()


def draft(env, kind, count):
    """Ids of so many new drafts; ``kind`` is ``invoices`` or ``bills``."""
    with transaction(env) as own:
        return getattr(BenchCompany(own), f"draft_{kind}")(count).ids


def waiting(env):
    """Number of jobs in each state, of what the benchmarks really send."""
    with transaction(env) as own:
        own.cr.execute("SELECT state, count(*) FROM accountable_job GROUP BY state")
        return dict(own.cr.fetchall())


def refuse_left(env):
    """Raise when a job did not end: figures of failed documents would say nothing."""
    left = {state: count for state, count in waiting(env).items() if state not in ("done",)}
    if left:
        with transaction(env) as own:
            own.cr.execute("SELECT name, state, message, technical FROM accountable_job"
                           " WHERE state != 'done' LIMIT 3")
            raise RuntimeError(f"Not everything was sent: {left} {own.cr.fetchall()}")
