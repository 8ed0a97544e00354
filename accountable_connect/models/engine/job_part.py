"""What all parts of the work on one job share: the job, the state of the run, how they store."""

from contextlib import contextmanager

import psycopg2

from ...api.errors import DECISION, LIMIT_REACHED, LimitReachedError, MayArriveError
from ...documents.serial import candidate_values
from .run_state import CannotGo

STORE_TRIES = 5
CONFLICTS = (
    psycopg2.errors.SerializationFailure,
    psycopg2.errors.DeadlockDetected,
    psycopg2.errors.UniqueViolation,
    psycopg2.errors.LockNotAvailable,  # of a batch: somebody closes it at this moment
)


def part(kind):
    """Another part of the work on the same job, as an attribute. Parts keep nothing themselves."""
    return property(lambda self: kind(self.job, self.run))


class JobPart:
    """One part of the work on a job, in one run.

    ``operation``, ``res_model`` and ``res_id`` are the job's; they never change, and every commit
    empties Odoo's cache.
    """

    def __init__(self, job, run):
        self.job = job
        self.run = run
        self.env = job.env
        self.operation, self.res_model, self.res_id = run.record_of(job)

    @property
    def connection(self):
        return self.env["accountable.connection"].browse(self.run.connection_id)

    @property
    def record(self):
        """The document or contact of the job, empty when it was deleted."""
        return self.env[self.res_model].browse(self.res_id).exists()

    def bindings(self, kind, *conditions, connections=None, **order):
        """Links of a kind.

        :param connections: ids; without them of this connection only
        """
        if connections is None:
            connections = (self.run.connection_id,)
        domain = [("connection_id", "in", connections), ("kind", "=", kind), *conditions]
        return self.env["accountable.binding"].search(domain, **order)

    def items(self, *conditions, **order):
        """Items of the same record, this one among them."""
        domain = [
            ("connection_id", "=", self.run.connection_id),
            ("res_model", "=", self.res_model),
            ("res_id", "=", self.res_id),
        ]
        return self.job.search([*domain, *conditions], **order)

    def own_link(self):
        """The link of the document with its booking, empty without one."""
        return self.env["accountable.binding"]._find(
            self.run.connection_id, "document", self.res_model, self.res_id
        )

    def party_link(self, partner_id):
        """The link of a contact, empty without one."""
        return self.env["accountable.binding"]._find(
            self.run.connection_id, "party", "res.partner", partner_id
        )

    def question(self, code, sentence, found=()):
        """The reason why a job waits for a person to decide what becomes of a booking.

        :param found: what the administration has: the bookings or contacts to choose from
        """
        candidates = [candidate_values(stored) for stored in found]
        return CannotGo(DECISION, code, sentence, (self.res_model, self.res_id), candidates)

    @contextmanager
    def within_limit(self, topic, code=None):
        """Calls that only some documents need, and that a package counts apart (look-ups, changes,
        contacts, files, one kind of document): once they are used up, only the jobs that need them
        wait. The others go on.

        :param code: only a limit with this code concerns the topic alone; any other one, and one
            that holds for every call, stops the connection
        """
        try:
            if topic in self.run.used_up:
                raise self.run.used_up[topic]
            yield
        except MayArriveError:
            raise
        except LimitReachedError as error:
            if error.whole or (code and error.code != code):
                raise
            self.run.used_up[topic] = error
            raise CannotGo(
                LIMIT_REACHED,
                error.code,
                self.connection._error_sentence(error),
                (self.connection._name, self.connection.id),
                not_before=error.not_before,
            ) from error

    def store(self, function, *arguments, **values):
        """Run what only writes, and commit; again when another transaction was in the way, because
        what the package answered must not be lost. Gives what the function gives."""
        for attempt in range(STORE_TRIES):
            try:
                result = function(*arguments, **values)
                self.commit()
                return result
            except CONFLICTS:
                self.env.cr.rollback()
                if attempt == STORE_TRIES - 1:
                    raise

    def commit(self):
        self.env["accountable.connection"]._commit()

    def trace(self):
        return self.connection._without_secrets(self.connection._unexpected_trace())
