"""A booking with our mark that this database never made: perhaps a copy of it works.

Nothing in a copied data folder tells it apart. But both databases go on numbering their documents
alike, and what the one books carries the mark of the other. Whoever meets such a booking stops and
asks; a restored backup meets those that were made after it.
"""

import re

from odoo import fields, models
from odoo.tools import SQL

from ..engine.work import NotMadeHere

# What stands behind the mark: the document, and the item that undid it. Whoever may write in the
# books may write anything there: longer numbers are none of a database.
NAMED = re.compile(r"([0-9]{1,18})(?:-reverse-([0-9]{1,18}))?")


class AccountableJob(models.Model):
    _inherit = "accountable.job"

    def _with_lost(self, work, found, is_first=False):
        """What a look-up found with what it left out and is nobody's here, and the keys of all that
        this database never made, but which a person said are ours.

        :raises NotMadeHere: for what nobody said that of
        """
        others = work.package.left_out()
        lost = self._check_made_here(work, [*found, *others], is_first)
        return [*found, *(stored for stored in others if stored.key in lost)], lost

    def _check_made_here(self, work, found, is_first=False, by_mark=False):
        """Of bookings the administration has, the keys of those with our mark that this database
        never made, but which a person said are ours.

        :param is_first: what this item sent was refused, and nothing went out before
        :param by_mark: that the key is one of a link says nothing: its booking is another one now
        :raises NotMadeHere: for one nobody said that of
        """
        unknown = self._not_made_here(work, found, is_first, by_mark)
        until, accepted = work.settings.bookings_known_until, work.settings.accepted_bookings
        for stored in unknown:
            if stored.key in accepted:
                continue
            if not until or not stored.document_date or stored.document_date > until:
                raise NotMadeHere(stored)
        return {stored.key for stored in unknown}

    def _not_made_here(self, work, found, is_first, by_mark):
        """Those of these bookings with our mark that no link and no item of this database knows."""
        prefix = self.env["accountable.document"]._own_prefix()
        named = {}
        for stored in found:
            rest = NAMED.fullmatch(stored.own_reference.removeprefix(prefix))
            if stored.own_reference.startswith(prefix) and rest:
                named[stored] = int(rest[1]), int(rest[2] or 0)
        if not named:
            return []
        keys, moves, jobs = self._known_here(work, named, self.id if is_first else 0)
        if by_mark:
            keys = set()
        return [
            stored
            for stored, (move_id, job_id) in named.items()
            if stored.key not in keys and (job_id not in jobs if job_id else move_id not in moves)
        ]

    def _known_here(self, work, named, left_out):
        """``(keys of bookings that are linked, ids of documents that were sent or linked, ids of
        items that sent an opposite document)`` of those asked for, at any connection with the same
        administration; what the item ``left_out`` sent does not count."""
        rows = self.env.execute_query(
            SQL(
                """
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
                """,
                connections=[work.connection_id, *self._earlier_connections(work).ids],
                keys=[stored.key for stored in named],
                moves=list({move_id for move_id, _job_id in named.values()}),
                jobs=[job_id for _move_id, job_id in named.values() if job_id],
                job_model=self._name,
                left_out=left_out,
            )
        )
        return (
            {key for key, _model, _id in rows if key},
            {id_ for _key, model, id_ in rows if model == "account.move"},
            {id_ for _key, model, id_ in rows if model == self._name},
        )

    def _store_not_made_here(self, work, stored):
        """Nothing went out that can arrive: the item waits as before, and the connection stops."""
        connection = self.env["accountable.connection"].browse(work.connection_id)
        question = self.env["accountable.copy.question"]
        values = {"message": question._ask(connection, stored)}
        work.stop_reason = question._sentence_for_all()
        if self.state == "sending":
            self._give_number_back(work)
            values |= {"state": "pending", "next_try": fields.Datetime.now()}
            if not self.unanswered:
                values["sent_at"] = False
        self.write(values)
        work.calling = False
