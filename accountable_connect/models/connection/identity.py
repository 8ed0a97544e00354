"""Which database this is, and the mark its bookings carry."""

import hashlib
import secrets
from contextlib import suppress

import psycopg2
from odoo import api, models, tools

from .server_configuration import accountable_instance

MARK = "accountable_connect.mark"
MARK_IDENTITY = "accountable_connect.mark_identity"
# The identity of a database that is known by nothing but its mark.
ANOTHER_DATABASE = "another database"
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

    @api.model
    def _current(self):
        """``uuid/oid/cluster``, and ``/instance`` where the server's configuration names one; the
        cluster part is empty where PostgreSQL does not tell it."""
        instance = accountable_instance()
        return f"{self._database()}/{instance}" if instance else self._database()

    @api.model
    @tools.ormcache()
    def _database(self):
        uuid = self.env["ir.config_parameter"].sudo().get_param("database.uuid", "")
        self.env.cr.execute("SELECT oid FROM pg_database WHERE datname = current_database()")
        [oid] = self.env.cr.fetchone()
        return f"{uuid}/{oid}/{self._cluster_identifier()}"

    @api.model
    def _cluster_identifier(self):
        try:
            with self.env.cr.savepoint(flush=False):
                self.env.cr.execute("SELECT system_identifier FROM pg_control_system()")
                return str(self.env.cr.fetchone()[0])
        except psycopg2.errors.InsufficientPrivilege:
            return ""

    @api.model
    def _is_neutralized(self):
        return tools.str2bool(self._parameter("database.is_neutralized") or "False")

    # What a connection knows of it

    @api.model
    def _copy_state(self, connection):
        """Whether this is the database of the connection, a value of its ``copy_state``."""
        current = self._current()
        if self._is_neutralized():
            return "neutralized"
        if any(one != current for one in self._known_to(connection)):
            return "copied"
        return "copy_works" if connection.sudo().unknown_booking else "original"

    @api.model
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

    @api.model
    def _mark(self):
        """A short name for this database, to tell its documents from those of others. Before the
        first connection works nothing carries it, and it may still become another one."""
        return self._parameter(MARK) or mark_of(self._current())

    @api.model
    def _marked_in(self):
        """The identity of the database the mark belongs to, "" before there is one."""
        return self._parameter(MARK_IDENTITY)

    @api.model
    def _make_mark(self):
        """At the first start: by chance, so that two copies that start apart have two."""
        if not self._parameter(MARK) and not self._has_sent():
            self._keep_mark(secrets.token_hex(MARK_LENGTH // 2))
        else:
            self._keep_mark()

    @api.model
    def _keep_mark(self, mark=None):
        """Store the mark, unless there is one."""
        if not self._parameter(MARK):
            self._add_parameter(MARK, mark or mark_of(self._current()))
        if not self._parameter(MARK_IDENTITY):
            self._add_parameter(MARK_IDENTITY, self._current())

    @api.model
    def _move_mark(self, known):
        """The database moved here: it goes on with the mark it had as ``known`` (an identity)."""
        self._keep_mark(mark_of(known))
        self.env["ir.config_parameter"].sudo().set_param(MARK_IDENTITY, self._current())

    @api.model
    def _renew_mark(self):
        """This database is a copy: what it books carries a mark of its own. What was linked before
        keeps the mark it was booked with, and what went out without an answer is looked up with
        it, whatever connection it belongs to."""
        self._keep_marks_of_links(self._mark())
        # whatever company they are of
        jobs = self.env["accountable.job"].sudo()
        jobs.search([("unanswered", "=", True), ("state", "=", "pending")])._look_up_first()
        parameters = self.env["ir.config_parameter"].sudo()
        parameters.set_param(MARK, secrets.token_hex(MARK_LENGTH // 2))
        parameters.set_param(MARK_IDENTITY, self._current())

    @api.model
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

    @api.model
    def _keep_mark_of_earlier_version(self):
        """Store what the version before 19.0.1.2.0 worked out anew each time. It sent nothing
        unless the identity was the one its passwords were entered in: in a copy nobody answered
        for, that is the one its bookings are marked with. Without passwords it took every copy for
        the original: there the mark that was sent last tells whether it is one."""
        connections = self.env["accountable.connection"].with_context(active_test=False)
        started = connections.search([("step", "=", "done")])
        database, current = self._database(), self._current()
        known = set(filter(None, started.sign_in_id.mapped("database_identity")))
        if started:
            marked_in = database if database in known or not known else min(known)
            mark = mark_of(marked_in)
            if not known and (sent := self._mark_sent_last()) not in ("", mark):
                mark, marked_in = sent, ANOTHER_DATABASE
            self._keep_mark(mark)
            self.env["ir.config_parameter"].set_param(
                MARK_IDENTITY, current if marked_in == database else marked_in
            )
        sign_ins = self.env["accountable.sign.in"].with_context(active_test=False)
        sign_ins.search([("database_identity", "=", database)]).database_identity = current
        for connection in started.filtered(lambda one: not one.database_identity):
            connection.database_identity = connection.sign_in_id.database_identity or current

    @api.model
    def _mark_sent_last(self):
        """The mark of the booking that was made last, "" where no link tells one."""
        self.env["accountable.binding"].flush_model()
        self.env.cr.execute(
            """
            SELECT substring(details #>> '{content,own_reference}' FROM '^odoo-([0-9a-f]+)-')
              FROM accountable_binding
             WHERE kind = 'document' AND res_model = 'account.move'
               AND details #>> '{content,own_reference}' LIKE 'odoo-%'
             ORDER BY sent_at DESC NULLS LAST, id DESC
             LIMIT 1
            """
        )
        row = self.env.cr.fetchone()
        return (row and row[0]) or ""

    @api.model
    def _has_sent(self):
        """Whether something may carry the mark already."""
        jobs = self.env["accountable.job"].sudo()
        links = self.env["accountable.binding"].sudo()
        return bool(
            jobs.search_count([("sent_at", "!=", False)], limit=1)
            or links.search_count([("kind", "=", "document")], limit=1)
        )

    @api.model
    def _parameter(self, name):
        return self.env["ir.config_parameter"].sudo().get_param(name) or ""

    @api.model
    def _add_parameter(self, key, value):
        """Two lanes may store it at once: the first one counts."""
        with suppress(psycopg2.errors.UniqueViolation), self.env.cr.savepoint():
            # what the database is, is no setting of the user's
            self.env["ir.config_parameter"].sudo().create({"key": key, "value": value})


def mark_of(identity):
    """The mark that versions before 19.0.1.2.0 worked out of the identity."""
    return hashlib.sha256(identity.encode()).hexdigest()[:MARK_LENGTH]
