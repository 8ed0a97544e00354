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
        deliveries = self.env["accountable.delivery"].sudo()._deliveries(engine, moves)
        read = self.env["accountable.precheck"]._read
        jobs = {job.res_id: job for job in self._jobs(connection)}
        entries = []
        for move in moves:
            delivery, problems = deliveries[move.id]
            entries.append(
                {
                    **self._head(move),
                    "lines": [],
                    "comes_later": False,
                    "delivered": [self._delivered(file) for file in delivery.files]
                    if delivery
                    else [],
                    **self._state(engine, move, jobs.get(move.id), read(problems)),
                }
            )
        return entries

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
        # the batches are the engine's; whoever connects sees what became of the documents
        item = self.env["accountable.batch.item"].sudo()
        item = item.search(
            [
                ("connection_id", "=", connection.id),
                ("res_model", "=", move._name),
                ("res_id", "=", move.id),
                ("operation", "=", "document"),
                ("state", "in", STANDING),
            ],
            limit=1,
        )
        stage = link.stage or "booked"
        return {**state, "state": stage, "batch": stage != "booked" and item.batch_id.id}
