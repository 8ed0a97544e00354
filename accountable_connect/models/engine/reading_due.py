"""When something is read from the package: every half hour, and soon after somebody said that
something changed over there."""

from datetime import timedelta

from odoo import fields
from odoo.tools import SQL

# How often settlements are asked for; packages of the Octopus kind allow 48 readings a day.
READ_EVERY = timedelta(minutes=30)
# After somebody said that something changed; so often and no oftener.
READ_AFTER_HINT = timedelta(minutes=1)


def sql_reading_due(env):
    """Condition on ``accountable_connection c``: one of the readings its package can do is due. As
    long as only single documents went, nothing is read."""
    able = capabilities_by_package(env)
    return SQL(
        """
        (c.step = 'done' AND c.synchronisation = 'automatic' AND (
            c.settlements_back AND c.package = ANY(%(tell_settlements)s)
               AND COALESCE(c.settlements_read_at <= %(before)s, TRUE)
            OR c.contact_direction = 'from_package' AND c.package = ANY(%(tell_parties)s)
               AND COALESCE(c.parties_read_at <= %(before)s, TRUE)))
        """,
        tell_settlements=[name for name, its in able.items() if its.settlements],
        tell_parties=[name for name, its in able.items() if its.reads_parties],
        before=SQL(
            "GREATEST(%s, CASE WHEN c.hinted_at IS NOT NULL THEN LEAST(c.hinted_at, %s) END)",
            fields.Datetime.now() - READ_EVERY,
            fields.Datetime.now() - READ_AFTER_HINT,
        ),
    )


def capabilities_by_package(env):
    """``{package: its Capabilities}`` of those that are installed, without any query."""
    packages = env["accountable.sign.in"]._fields["package"].get_values(env)
    return {name: env["accountable.connection"]._capabilities_of(name) for name in packages}


def reading_due_before(connection):
    """A reading done before this moment (naive UTC) is due again: the usual time passed, or
    somebody said since that something changed."""
    now = fields.Datetime.now()
    usual, hinted_at = now - READ_EVERY, connection.hinted_at
    return max(usual, min(hinted_at, now - READ_AFTER_HINT)) if hinted_at else usual


def note_changes_there(connections):
    """Make a reading of these connections due, at most once a minute, and wake the lanes for it."""
    now = fields.Datetime.now()
    for connection in connections:
        moments = _reading_moments(connection)
        hinted = connection.hinted_at
        if not moments or (hinted and any(not one or one <= hinted for one in moments)):
            continue  # nothing is read, or the next reading is due already
        connection.hinted_at = now
        read_at = max((moment for moment in moments if moment), default=None)
        soonest = read_at + READ_AFTER_HINT if read_at else now
        connection._wake_lanes(max(now, soonest))


def _reading_moments(connection):
    """When each of the readings this connection does was done last, False for never."""
    if not (
        connection.active
        and connection.step == "done"
        and connection.synchronisation == "automatic"
    ):
        return []
    moments, able = [], connection._get_capabilities()
    if connection.settlements_back and able.settlements:
        moments.append(connection.settlements_read_at)
    if connection.contact_direction == "from_package" and able.reads_parties:
        moments.append(connection.parties_read_at)
    return moments
