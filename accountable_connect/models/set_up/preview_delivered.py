"""The last step where the document itself goes: what the receiver would get of some documents, or
what keeps them here. Nothing is stored."""

from contextlib import suppress

from odoo import models
from odoo.tools import human_size

from ..hand_over.batch_item import STANDING
from .preview import NothingStored


class AccountableSetUp(models.AbstractModel):
    _inherit = "accountable.set.up"

    def _preview(self, connection):
        """Files take their time, and some are only made for this: the form asks for them."""
        if connection._get_capabilities().entries:
            return super()._preview(connection)
        moves = self._documents_to_show(connection)
        return {"example": not moves, "asked": bool(moves), "entries": []}

    def _entries_of_examples(self, connection):
        if connection._get_capabilities().entries:
            return super()._entries_of_examples(connection)
        entries = []
        with suppress(NothingStored), self.env.cr.savepoint():
            entries += self._entries(connection, self._documents_to_show(connection))
            raise NothingStored
        return entries

    def _entries(self, connection, moves):
        if connection._get_capabilities().entries:
            return super()._entries(connection, moves)
        # whoever connects need not be allowed to read taxes, files and contacts
        engine, moves = connection.sudo(), moves.sudo()
        items = self._items(engine, moves)
        rest = moves.filtered(lambda move: move.id not in items)
        deliveries = self.env["accountable.delivery"].sudo()._deliveries(engine, rest)
        read = self.env["accountable.precheck"]._read
        jobs = {job.res_id: job for job in self._jobs(connection)}
        entries = []
        for move in moves:
            item = items.get(move.id)
            delivery, problems = deliveries.get(move.id, (None, []))
            # what went has the names it went by
            files = item.file_ids if item else delivery.files if delivery else ()
            entry = {
                **self._head(move),
                "lines": [],
                "comes_later": False,
                "delivered": [self._delivered(file) for file in files],
                **self._state(engine, move, jobs.get(move.id), read(problems)),
            }
            entry["batch"] = bool(item) and entry["state"] != "booked" and item.batch_id.id
            entries.append(entry)
        return entries

    def _items(self, connection, moves):
        """``{document id: its place in a batch}`` of those that stand in one."""
        items = connection.env["accountable.batch.item"].search(
            [
                ("connection_id", "=", connection.id),
                ("res_model", "=", moves._name),
                ("res_id", "in", moves.ids),
                ("operation", "=", "document"),
                ("state", "in", STANDING),
            ]
        )
        return {item.res_id: item for item in items}

    def _delivered(self, file):
        """A file as the form shows it."""
        media_type = file.media_type or ""
        if media_type.endswith("/xml"):
            kind = self.env._("e-invoice")
        elif media_type == "application/pdf":
            kind = self.env._("PDF")
        elif media_type.startswith("image/"):
            kind = self.env._("image")
        else:
            kind = media_type
        return {"name": file.name, "kind": kind, "size": human_size(file.size)}

    def _state(self, connection, move, job, problems):
        """What went stands in a batch, until the receiver's books have it."""
        state = super()._state(connection, move, job, problems)
        if state["state"] != "booked" or not connection.hands_over:
            return state
        link = self.env["accountable.binding"]._find(connection.id, "document", move._name, move.id)
        return {**state, "state": link.stage or "booked"}
