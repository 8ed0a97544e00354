"""Which database this is, the mark its bookings carry, and what happens when it is another one."""

import hashlib
import secrets

import psycopg2
from odoo import api, fields, models, tools
from odoo.exceptions import UserError

from ...api.errors import ConfigurationMissingError
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
            self._insert_parameter(MARK, mark or mark_of(self._current()))
        if not self._parameter(MARK_IDENTITY):
            self._insert_parameter(MARK_IDENTITY, self._current())

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
        self.env["accountable.binding"].sudo()._keep_marks(self._mark())
        connections = self.env["accountable.connection"].sudo().with_context(active_test=False)
        connections.search([])._look_up_with_earlier_mark()
        parameters = self.env["ir.config_parameter"].sudo()
        parameters.set_param(MARK, secrets.token_hex(MARK_LENGTH // 2))
        parameters.set_param(MARK_IDENTITY, self._current())

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
    def _insert_parameter(self, key, value):
        """Two lanes may store it at once: the first one counts."""
        self.env.cr.execute(
            """
            INSERT INTO ir_config_parameter (key, value, create_date, write_date)
            VALUES (%s, %s, now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC')
            ON CONFLICT (key) DO NOTHING
            """,
            (key, value),
        )
        self.env.registry.clear_cache("stable")


class AccountableBinding(models.Model):
    _inherit = "accountable.binding"

    @api.model
    def _keep_marks(self, mark):
        """Store the mark with links that do not say what was sent: it is about to be renewed."""
        self.flush_model()
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
        self.invalidate_model(["details"], flush=False)


class AccountableConnection(models.Model):
    _inherit = "accountable.connection"

    # Which database it was started in: a copy of it never speaks to live books.
    database_identity = fields.Char(copy=False, readonly=True, groups="base.group_system")
    copy_state = fields.Selection(
        [
            ("original", "This database"),
            ("neutralized", "Neutralised database"),
            ("copied", "Copy, or moved"),
            ("copy_works", "Perhaps a copy works"),
        ],
        compute="_compute_copy_state",
        help="A copied database never speaks to live books.",
    )

    @api.depends("database_identity", "sign_in_id.database_identity", "unknown_booking")
    def _compute_copy_state(self):
        identity = self.env["accountable.identity"]
        neutralized, current = identity._is_neutralized(), identity._current()
        for connection in self:
            known = connection._known_identities()
            if neutralized:
                connection.copy_state = "neutralized"
            elif any(one != current for one in known):
                connection.copy_state = "copied"
            elif connection.sudo().unknown_booking:
                connection.copy_state = "copy_works"
            else:
                connection.copy_state = "original"

    def _known_identities(self):
        """Those of the databases it was started in, its secrets were entered in and its bookings
        are marked in; what is not known yet is left out."""
        connection = self.sudo()
        known = (
            connection.database_identity,
            connection.sign_in_id.database_identity,
            self.env["accountable.identity"]._marked_in(),
        )
        return [one for one in known if one]

    def _identity_values(self):
        """Values for ``write`` of a connection that works here; none once it is known."""
        self.ensure_one()
        if self.sudo().database_identity:
            return {}
        return {"database_identity": self.env["accountable.identity"]._current()}

    def _check_may_send(self):
        """Raises ConfigurationMissingError in a neutralised or copied database, and while nobody
        said whether a copy works."""
        self._check_is_no_copy()

    def _check_is_no_copy(self):
        self.ensure_one()
        state = self.copy_state
        if state == "neutralized":
            raise ConfigurationMissingError("The database is neutralised", code=state)
        if state == "copied":
            raise ConfigurationMissingError("The database is a copy", code=state)
        if state == "copy_works":
            raise ConfigurationMissingError("Perhaps a copy of the database works", code=state)

    def _check_is_original(self):
        """Raises UserError in a copy: nothing may be started there."""
        try:
            self._check_is_no_copy()
        except ConfigurationMissingError as error:
            raise UserError(self._error_sentence(error)) from error

    # A person's answer, for every company of the sign-in

    def action_is_copy(self):
        """This database is a copy: it forgets the sign-in, sends nothing, and what it may once send
        to other books has a mark of its own."""
        self._check_asked()
        identity = self.env["accountable.identity"]
        is_folder = any(connection.copy_state == "copy_works" for connection in self)
        identity._renew_mark()
        if is_folder:
            self._ask_others()
        for sign_in in self.sudo().sign_in_id:
            values = {"tokens": False, "state": "new"}
            if sign_in.database_identity == identity._current():
                # a copied data folder: its secrets are those of the other one all the same
                values["database_identity"] = self._as_copied()
            sign_in.write(values)
            connections = sign_in.with_context(active_test=False).connection_ids
            self._answered(connections)
            connections.filtered(lambda one: one.active and one.step == "done").state = "paused"
        return True

    def _as_copied(self):
        """An identity that is not the present one, for what a copied data folder brought along."""
        return f"copy of {self.env['accountable.identity']._current()}"

    def _ask_others(self):
        """Nothing but this answer tells that the data folder was copied: what goes with another
        sign-in is a copy as well, and rests until its own manager has answered."""
        connections = self.sudo().with_context(active_test=False)
        others = connections.search(
            [
                ("sign_in_id", "not in", self.sudo().sign_in_id.ids),
                ("database_identity", "=", self.env["accountable.identity"]._current()),
            ]
        )
        others.database_identity = self._as_copied()

    def action_is_move(self):
        """The database moved here and the other one is gone: go on from here. It may be a backup
        that is older than the last booking."""
        self._check_asked()
        identity = self.env["accountable.identity"]
        current = identity._current()
        known = [one for connection in self for one in connection._known_identities()]
        before = [one for one in known if one != current]
        identity._move_mark((before or [current])[0])
        sign_ins = self.sudo().sign_in_id
        sign_ins.write({"database_identity": current})
        connections = sign_ins.with_context(active_test=False).connection_ids
        connections._accept_bookings()
        self._answered(connections)
        self._wake_lanes()
        return True

    def _answered(self, connections):
        connections.write(
            {
                "unknown_booking": False,
                "database_identity": self.env["accountable.identity"]._current(),
            }
        )
        connections._end_question()
        # the identity of the mark is no field
        self.env["accountable.connection"].invalidate_model(["copy_state"])

    def _look_up_with_earlier_mark(self):
        """What went out without an answer carries the earlier mark: it is looked up with that."""
        self.env["accountable.job"].search(
            [
                ("connection_id", "in", self.ids),
                ("unanswered", "=", True),
                ("state", "=", "pending"),
            ]
        )._look_up_first()

    def _check_asked(self, states=("copied", "copy_works")):
        """Raises AccessError unless the user may change this connection, UserError unless there is
        something to answer."""
        self.check_access("write")
        if any(connection.copy_state not in states for connection in self):
            raise UserError(
                self.env._("The connection was started in this database: there is nothing to say.")
            )


def mark_of(identity):
    """The mark that versions before 19.0.1.2.0 worked out of the identity."""
    return hashlib.sha256(identity.encode()).hexdigest()[:MARK_LENGTH]
