import hashlib

import psycopg2
from odoo import api, fields, models, tools
from odoo.exceptions import UserError

from ..api.errors import ConfigurationMissingError


class AccountableIdentity(models.AbstractModel):
    """Which database this is.

    ``database.uuid`` alone survives ``createdb -T``; the oid of the database does not, and a
    restored dump in another server has another cluster identifier.
    """

    _name = "accountable.identity"
    _description = "Identity of the database"

    @api.model
    @tools.ormcache()
    def _current(self):
        """``uuid/oid/cluster``; the cluster part is empty where PostgreSQL does not tell it."""
        uuid = self.env["ir.config_parameter"].sudo().get_param("database.uuid", "")
        self.env.cr.execute("SELECT oid FROM pg_database WHERE datname = current_database()")
        [oid] = self.env.cr.fetchone()
        return f"{uuid}/{oid}/{self._cluster_identifier()}"

    @api.model
    def _mark(self):
        """A short name for this database, to tell its documents from those of others."""
        return hashlib.sha256(self._current().encode()).hexdigest()[:10]

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
        parameters = self.env["ir.config_parameter"].sudo()
        return tools.str2bool(parameters.get_param("database.is_neutralized", "False"))


class AccountableConnection(models.Model):
    _inherit = "accountable.connection"

    copy_state = fields.Selection(
        [
            ("original", "This database"),
            ("neutralized", "Neutralised database"),
            ("copied", "Copy, or moved"),
        ],
        compute="_compute_copy_state",
        help="A copied database never speaks to live books.",
    )

    @api.depends("sign_in_id.database_identity")
    def _compute_copy_state(self):
        identity = self.env["accountable.identity"]
        neutralized, current = identity._is_neutralized(), identity._current()
        for connection in self:
            known = connection.sudo().sign_in_id.database_identity
            if neutralized:
                connection.copy_state = "neutralized"
            elif known and known != current:
                connection.copy_state = "copied"
            else:
                connection.copy_state = "original"

    def _check_may_send(self):
        """Raises ConfigurationMissingError in a neutralised or copied database."""
        self.ensure_one()
        if self.copy_state == "neutralized":
            raise ConfigurationMissingError("The database is neutralised", code="neutralized")
        if self.copy_state == "copied":
            raise ConfigurationMissingError("The database is a copy", code="copied")

    def action_is_copy(self):
        """This database is a copy: it forgets the sign-in and sends nothing."""
        self._check_copied()
        self.sudo().sign_in_id.write({"tokens": False, "state": "new"})
        self.sudo().sign_in_id.connection_ids.write({"state": "paused"})

    def action_is_move(self):
        """The database moved here and the other one is gone: go on from here."""
        self._check_copied()
        current = self.env["accountable.identity"]._current()
        self.sudo().sign_in_id.write({"database_identity": current})
        self._wake_lanes()

    def _check_copied(self):
        """Raises AccessError unless the user may change this connection, UserError unless its
        database was copied: the answer holds for every company of the sign-in."""
        self.check_access("write")
        if any(connection.copy_state != "copied" for connection in self):
            raise UserError(self.env._("This database is the one the password was entered in."))
