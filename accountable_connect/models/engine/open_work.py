"""What there is to do for a connection beside what waits: one question, so that a run with nothing
of it asks for none of it."""

from collections import namedtuple

from odoo import fields
from odoo.tools import SQL

# ``earlier``: the archived connections with the same administration; ``unanswered``: items that
# went out without an answer, or were being sent when their worker died; ``look_again``: items that
# are due to be looked up once more; ``left_open``: runs whose worker died.
OpenWork = namedtuple("OpenWork", "earlier unanswered look_again left_open")


def read_open_work(connection, earlier):
    """The :class:`OpenWork` of a connection whose lock is held: nobody but its worker adds to it.
    What an earlier connection left may become its own, so with one everything is looked at."""
    env = connection.env
    env["accountable.job"].flush_model()
    env["accountable.run"].flush_model()
    [found] = env.execute_query(
        SQL(
            """
            SELECT EXISTS (SELECT 1 FROM accountable_job
                            WHERE connection_id = %(id)s AND state IN ('sending', 'unknown'))
                OR EXISTS (SELECT 1 FROM accountable_job
                            WHERE connection_id = %(id)s AND state = 'pending' AND unanswered),
                   EXISTS (SELECT 1 FROM accountable_job
                            WHERE connection_id = %(id)s AND look_again_at <= %(now)s),
                   EXISTS (SELECT 1 FROM accountable_run
                            WHERE connection_id = %(id)s AND state = 'running')
            """,
            id=connection.id,
            now=fields.Datetime.now(),
        )
    )
    unanswered, look_again, left_open = found
    return OpenWork(earlier, unanswered or bool(earlier), look_again or bool(earlier), left_open)
