"""The mark of the bookings was worked out of the identity of the database; from now on it is kept,
and each connection that was started knows its database.

The version before sent nothing unless the identity was the one its passwords were entered in: in a
copy nobody answered for, that is the one its bookings are marked with. Without passwords it took
every copy for the original: there the mark that was sent last tells whether it is one.
"""

from odoo import SUPERUSER_ID, api
from odoo.addons.accountable_connect.models.connection.identity import MARK_IDENTITY, mark_of

# The identity of a database that is known by nothing but its mark.
ANOTHER_DATABASE = "another database"


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    identity = env["accountable.identity"]
    connections = env["accountable.connection"].with_context(active_test=False)
    started = connections.search([("step", "=", "done")])
    database, current = identity._database(), identity._current()
    if started:
        keep_mark(identity, started, database, current)
    sign_ins = env["accountable.sign.in"].with_context(active_test=False)
    sign_ins.search([("database_identity", "=", database)]).database_identity = current
    for connection in started.filtered(lambda one: not one.database_identity):
        connection.database_identity = connection.sign_in_id.database_identity or current


def keep_mark(identity, started, database, current):
    known = set(filter(None, started.sign_in_id.mapped("database_identity")))
    marked_in = database if database in known or not known else min(known)
    mark = mark_of(marked_in)
    if not known and (sent := mark_sent_last(identity.env)) not in ("", mark):
        mark, marked_in = sent, ANOTHER_DATABASE
    identity._keep_mark(mark)
    identity.env["ir.config_parameter"].set_param(
        MARK_IDENTITY, current if marked_in == database else marked_in
    )


def mark_sent_last(env):
    """The mark of the booking that was made last, "" where no link tells one."""
    env["accountable.binding"].flush_model()
    env.cr.execute(
        """
        SELECT substring(details #>> '{content,own_reference}' FROM '^odoo-([0-9a-f]+)-')
          FROM accountable_binding
         WHERE kind = 'document' AND res_model = 'account.move'
           AND details #>> '{content,own_reference}' LIKE 'odoo-%'
         ORDER BY sent_at DESC NULLS LAST, id DESC
         LIMIT 1
        """
    )
    row = env.cr.fetchone()
    return (row and row[0]) or ""
