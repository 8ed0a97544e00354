"""Conditions on documents over the queue and the links, as semi-joins and anti-joins: what keeps a
filter fast in a big database. The partial indexes of both tables fit them."""

import functools

from odoo.fields import Domain
from odoo.tools import SQL

FAILED = SQL("j.state IN ('failed', 'unknown')")
WAITING = SQL("j.state IN ('pending', 'sending')")
CURRENT = SQL("j.state IN ('pending', 'sending', 'unknown', 'failed')")
UNSENT = SQL("b.unsent")
IN_BATCH = SQL("b.stage = 'in_batch'")
HANDED_OVER = SQL("b.stage = 'handed_over'")
UNBOOKED = SQL("b.stage != 'booked'")
# What a batch waits with is not sent.
SENT = SQL("b.stage != 'in_batch'")
# The link of a document that was handed over names an item of a batch, and no booking.
NUMBERED = SQL("NOT starts_with(b.external_key, 'item,')")
OF_A_BATCH = SQL("starts_with(b.external_key, 'item,')")
EXCLUDED = SQL("j.state = 'skipped' AND j.skip_reason = 'person' AND j.operation = 'document'")


def for_readers(name):
    """Decorator of a method that searches by a field: only for who may read the field. Odoo asks
    nobody before it calls the method, so that a portal user would learn by searching what reading
    refuses. Raises ``AccessError``."""

    def decorate(method):
        @functools.wraps(method)
        def search(self, operator, value):
            self._check_field_access(self._fields[name], "read")
            return method(self, operator, value)

        return search

    return decorate


def with_job(condition, exists=True):
    """Documents that have a job of this kind, or have none."""

    def to_sql(model, alias, query):
        return SQL(
            "%s (SELECT 1 FROM accountable_job j"
            " WHERE j.res_model = 'account.move' AND j.res_id = %s AND %s)",
            SQL("EXISTS" if exists else "NOT EXISTS"),
            SQL.identifier(alias, "id"),
            condition,
        )

    return Domain.custom(to_sql=to_sql)


def within(selection, exists=True):
    """Documents whose id is in a selection (``SELECT … id``), or is not."""

    def to_sql(model, alias, query):
        return SQL(
            "%s (SELECT 1 FROM (%s) AS selected(id) WHERE selected.id = %s)",
            SQL("EXISTS" if exists else "NOT EXISTS"),
            selection,
            SQL.identifier(alias, "id"),
        )

    return Domain.custom(to_sql=to_sql)


def among(selection):
    """Documents whose id is in a selection, which is made first and is short beside all documents:
    they are then looked up by their ids, however many PostgreSQL takes them for."""

    def to_sql(model, alias, query):
        return SQL("%s = ANY(ARRAY(%s))", SQL.identifier(alias, "id"), selection)

    return Domain.custom(to_sql=to_sql)


def with_binding(condition=None, exists=True):
    """Documents that are linked with an administration, or are not."""

    def to_sql(model, alias, query):
        return SQL(
            "%s (SELECT 1 FROM accountable_binding b"
            " WHERE b.res_model = 'account.move' AND b.kind = 'document' AND b.res_id = %s AND %s)",
            SQL("EXISTS" if exists else "NOT EXISTS"),
            SQL.identifier(alias, "id"),
            condition or SQL("TRUE"),
        )

    return Domain.custom(to_sql=to_sql)


def of_connection(connection_id):
    """For ``with_binding``: links with this administration."""
    return SQL("b.connection_id = %s", connection_id)
