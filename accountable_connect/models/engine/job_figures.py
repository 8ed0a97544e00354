"""Figures that a package books otherwise than Odoo: accepted by a person, noted on the document."""

from odoo import models

from ...const import TYPED_OWED, TYPED_SHARE


class AccountableJob(models.Model):
    _inherit = "accountable.job"

    def _is_accepted(self, facts, problem):
        """Whether a person said "send it anyway" of the very figures, for this try or when it was
        booked."""
        if not problem.overridable:
            return False
        if (facts.accepted or {}).get(problem.code) == problem.note:
            return True
        notes = self.env["accountable.binding"].browse(facts.binding_id or ()).notes or {}
        return notes.get(problem.code) == problem.note

    def _overridable_notes(self):
        """``{code: figures}`` of what holds this document back and a person may override."""
        self.ensure_one()
        move = self._posted_move()
        problems = self.connection_id.sudo()._precheck(move).get(move.id, ())
        return {problem.code: problem.note for problem in problems if problem.overridable}

    def _posted_move(self):
        """The document of this item as it is now, empty when there is none to send."""
        moves = self.env["account.move"]
        if self.operation != "document" or self.res_model != moves._name:
            return moves
        return moves.browse(self.res_id).exists().filtered(lambda move: move.state == "posted")

    def _note_new_booking(self, work):
        """What is to be said of a document that was booked just now, or arrived a while ago."""
        if self.operation != "document":
            return
        prepared = work.prepared.get(self.res_id)
        if prepared is None:
            self._prepare_moves(work, self._posted_move())
            prepared = work.prepared.get(self.res_id)
        if prepared and prepared.notes:
            self._renew_notes(prepared.notes, work)

    def _renew_notes(self, notes, work):
        """Say what holds of the booking now, ``{code: values}``, and take back the rest."""
        binding = self.env["accountable.binding"]._find(
            work.connection_id, "document", self.res_model, self.res_id
        )
        binding._remove_notes(*({TYPED_OWED, TYPED_SHARE} - set(notes)))
        for code, values in notes.items():
            binding._add_note(code, **values)
