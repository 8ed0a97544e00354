"""A booking with our mark that this database never made: perhaps a copy of it works.

What is done then, and what a person answers, stands in ``connection/database_copy.py``.
"""

import re

from odoo.tools import SQL

from .job_part import JobPart
from .run_state import NotMadeHere

# What stands behind the mark: the document, and the item that undid it. Whoever may write in the
# books may write anything there: longer numbers are none of a database.
NAMED = re.compile(r"([0-9]{1,18})(?:-reverse-([0-9]{1,18}))?")
KNOWN_HERE = """
    SELECT external_key, NULL, 0 FROM accountable_binding
     WHERE kind = 'document' AND connection_id = ANY(%(connections)s)
       AND external_key = ANY(%(keys)s)
    UNION ALL
    SELECT details ->> 'reversed_by', NULL, 0 FROM accountable_binding
     WHERE kind = 'document' AND connection_id = ANY(%(connections)s)
       AND res_model = %(job_model)s AND details ->> 'reversed_by' = ANY(%(keys)s)
    UNION ALL
    SELECT NULL, res_model, res_id FROM accountable_binding
     WHERE kind = 'document' AND connection_id = ANY(%(connections)s)
       AND res_model = 'account.move' AND res_id = ANY(%(moves)s)
    UNION ALL
    SELECT NULL, res_model, res_id FROM accountable_job
     WHERE res_model = 'account.move' AND res_id = ANY(%(moves)s)
       AND operation = 'document' AND sent_at IS NOT NULL
       AND connection_id = ANY(%(connections)s) AND id != %(left_out)s
    UNION ALL
    SELECT NULL, %(job_model)s, id FROM accountable_job
     WHERE id = ANY(%(jobs)s) AND sent_at IS NOT NULL AND id != %(left_out)s
"""


class MadeHere(JobPart):
    """Whether bookings the administration has were made by this database."""

    def with_lost(self, found, is_first=False):
        """What a look-up found with what it left out and is nobody's here, and the keys of all that
        this database never made, but which a person said are ours.

        :raises NotMadeHere: for what nobody said that of
        """
        others = self.run.package.left_out()
        lost = self.check([*found, *others], is_first)
        return [*found, *(stored for stored in others if stored.key in lost)], lost

    def check(self, found, is_first=False, by_mark=False):
        """Of bookings the administration has, the keys of those with our mark that this database
        never made, but which a person said are ours.

        :param is_first: what this item sent was refused, and nothing went out before
        :param by_mark: that the key is one of a link says nothing: its booking is another one now
        :raises NotMadeHere: for one nobody said that of
        """
        unknown = self._not_made_here(found, is_first, by_mark)
        until, accepted = (
            self.run.settings.bookings_known_until,
            self.run.settings.accepted_bookings,
        )
        for stored in unknown:
            if stored.key in accepted:
                continue
            if not until or not stored.document_date or stored.document_date > until:
                raise NotMadeHere(stored)
        return {stored.key for stored in unknown}

    def _not_made_here(self, found, is_first, by_mark):
        """Those of these bookings with our mark that no link and no item of this database knows."""
        prefix = self.env["accountable.document"]._own_prefix()
        named = {}
        for stored in found:
            rest = NAMED.fullmatch(stored.own_reference.removeprefix(prefix))
            if stored.own_reference.startswith(prefix) and rest:
                named[stored] = int(rest[1]), int(rest[2] or 0)
        if not named:
            return []
        keys, moves, jobs = self._known_here(named, self.job.id if is_first else 0)
        if by_mark:
            keys = set()
        return [
            stored
            for stored, (move_id, job_id) in named.items()
            if stored.key not in keys and (job_id not in jobs if job_id else move_id not in moves)
        ]

    def _known_here(self, named, left_out):
        """``(keys of bookings that are linked, ids of documents that were sent or linked, ids of
        items that sent an opposite document)`` of those asked for, at any connection with the same
        administration; what the item ``left_out`` sent does not count."""
        connections = self.connection | self.connection._others_with_administration()
        rows = self.env.execute_query(
            SQL(
                KNOWN_HERE,
                connections=connections.ids,
                keys=[stored.key for stored in named],
                moves=list({move_id for move_id, _job_id in named.values()}),
                jobs=[job_id for _move_id, job_id in named.values() if job_id],
                job_model=self.job._name,
                left_out=left_out,
            )
        )
        return (
            {key for key, _model, _id in rows if key},
            {id_ for _key, model, id_ in rows if model == "account.move"},
            {id_ for _key, model, id_ in rows if model == self.job._name},
        )
