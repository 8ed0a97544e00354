"""Which database this is, and the mark its bookings carry."""

import hashlib
import secrets

import psycopg2
from odoo import models, tools
from odoo.exceptions import ConcurrencyError

from .server_configuration import accountable_instance

MARK = "accountable_connect.mark"
MARK_IDENTITY = "accountable_connect.mark_identity"
# Characters of a mark: forty bits.
MARK_LENGTH = 10


class AccountableIdentity(models.AbstractModel):
    """Which database this is, and its mark.

    ``database.uuid`` alone survives ``createdb -T``; the oid of the database does not, and a
    restored dump in another server has another cluster identifier. A copied data folder has the
    same of all three: only ``accountable_instance`` of the server's configuration tells it apart,
    and a booking with our mark that was never made here.

    The mark is made once and kept: a database that moves goes on with it, a copy gets a new one.
    """

    _name = "accountable.identity"
    _description = "Identity of the database"

    def _current(self):
        """``uuid/oid/cluster``, and ``/instance`` where the server's configuration names one; the
        cluster part is empty where PostgreSQL does not tell it."""
        instance = accountable_instance()
        return f"{self._database()}/{instance}" if instance else self._database()

    @tools.ormcache()
    def _database(self):
        uuid = self._parameter("database.uuid")
        self.env.cr.execute("SELECT oid FROM pg_database WHERE datname = current_database()")
        [oid] = self.env.cr.fetchone()
        return f"{uuid}/{oid}/{self._cluster_identifier()}"

    def _cluster_identifier(self):
        try:
            with self.env.cr.savepoint(flush=False):
                self.env.cr.execute("SELECT system_identifier FROM pg_control_system()")
                return str(self.env.cr.fetchone()[0])
        except psycopg2.errors.InsufficientPrivilege:
            return ""

    def _is_neutralized(self):
        return tools.str2bool(self._parameter("database.is_neutralized") or "False")

    # What a connection knows of it

    def _copy_state(self, connection):
        """Whether this is the database of the connection, a value of its ``copy_state``."""
        current = self._current()
        if self._is_neutralized():
            return "neutralized"
        if any(one != current for one in self._known_to(connection)):
            return "copied"
        # a field of the system group; everybody may know that there is a question
        return "copy_works" if connection.sudo().unknown_booking else "original"

    def _known_to(self, connection):
        """The identities of the databases it was started in, its secrets were entered in and its
        bookings are marked in; what is not known yet is left out."""
        connection = connection.sudo()  # only the system group reads them
        known = (
            connection.database_identity,
            connection.sign_in_id.database_identity,
            self._marked_in(),
        )
        return [one for one in known if one]

    # The mark

    def _mark(self):
        """A short name for this database, to tell its documents from those of others. Before the
        first connection works nothing carries it, and it may still become another one."""
        return self._parameter(MARK) or mark_of(self._current())

    def _marked_in(self):
        """The identity of the database the mark belongs to, "" before there is one."""
        return self._parameter(MARK_IDENTITY)

    def _make_mark(self):
        """At the first start: by chance, so that two copies that start apart have two."""
        if not self._parameter(MARK) and not self._has_sent():
            self._keep_mark(secrets.token_hex(MARK_LENGTH // 2))
        else:
            self._keep_mark()

    def _keep_mark(self, mark=None):
        """Store the mark, unless there is one."""
        if not self._parameter(MARK):
            self._add_parameter(MARK, mark or mark_of(self._current()))
        if not self._parameter(MARK_IDENTITY):
            self._add_parameter(MARK_IDENTITY, self._current())

    def _move_mark(self, known):
        """The database moved here: it goes on with the mark it had as ``known`` (an identity)."""
        self._keep_mark(mark_of(known))
        self._parameters().set_param(MARK_IDENTITY, self._current())

    def _renew_mark(self):
        """This database is a copy: what it books carries a mark of its own. What was linked before
        keeps the mark it was booked with, and what went out without an answer is looked up with
        it, whatever connection it belongs to."""
        self._keep_marks_of_links(self._mark())
        # whatever company they are of
        jobs = self.env["accountable.job"].sudo()
        jobs.search([("unanswered", "=", True), ("state", "=", "pending")])._look_up_first()
        parameters = self._parameters()
        parameters.set_param(MARK, secrets.token_hex(MARK_LENGTH // 2))
        parameters.set_param(MARK_IDENTITY, self._current())

    def _keep_marks_of_links(self, mark):
        """Store the mark with links that do not say what was sent: it is about to be renewed. One
        statement, for all links of the database."""
        links = self.env["accountable.binding"]
        links.flush_model()
        self.env.cr.execute(
            """
            UPDATE accountable_binding
               SET details = COALESCE(NULLIF(details, 'null'::jsonb), '{}'::jsonb)
                    || jsonb_build_object('own_reference', 'odoo-' || %s || '-' || res_id)
             WHERE kind = 'document' AND res_model = 'account.move'
               AND COALESCE(details #>> '{content,own_reference}', details ->> 'own_reference', '')
                   = ''
            """,
            (mark,),
        )
        links.invalidate_model(["details"], flush=False)

    def _has_sent(self):
        """Whether something may carry the mark already, of whatever company."""
        jobs = self.env["accountable.job"].sudo()
        links = self.env["accountable.binding"].sudo()
        return bool(
            jobs.search_count([("sent_at", "!=", False)], limit=1)
            or links.search_count([("kind", "=", "document")], limit=1)
        )

    def _parameters(self):
        # whoever starts a connection, or answers for one, may not read them
        return self.env["ir.config_parameter"].sudo()

    def _parameter(self, name):
        return self._parameters().get_param(name) or ""

    def _add_parameter(self, key, value):
        """Store it unless another worker did, whose value this one does not have in its cache yet.
        Of two transactions that store it at once the first one counts; the other one, which does
        not see what was stored, is repeated, as Odoo does after any conflict."""
        if self._parameters().search_count([("key", "=", key)], limit=1):
            self.env.registry.clear_cache("stable")
            return
        try:
            with self.env.cr.savepoint():
                self._parameters().create({"key": key, "value": value})
        except psycopg2.errors.UniqueViolation as error:
            raise ConcurrencyError(f"{key} was stored meanwhile") from error


def mark_of(identity):
    """The mark that versions before 19.0.1.2.0 worked out of the identity."""
    return hashlib.sha256(identity.encode()).hexdigest()[:MARK_LENGTH]
