"""The last step where the document itself goes: what the receiver would get of some documents, or
what keeps them here. Nothing is stored."""

from odoo import models
from odoo.tools import human_size


class AccountableSetUp(models.AbstractModel):
    _inherit = "accountable.set.up"

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
        return {**state, "state": link.stage or "booked"}

    def _make_examples(self, connection):
        """None of what is delivered as it is: there is nothing to see in an invented file."""
        if connection._get_capabilities().entries:
            return super()._make_examples(connection)
        return self.env["account.move"]
