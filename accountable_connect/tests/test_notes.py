"""Notes on a link: said to people on the document or contact, without any failed item."""

from unittest.mock import patch

from odoo.addons.accountable_connect.models.queue import note

from .common import ConnectionCase


class TestNotes(ConnectionCase):
    def test_notes_are_said_searched_and_taken_back(self):
        move = self.invoice()
        self.work()
        binding = self.bindings(move)
        Move = self.env["account.move"]
        notes = {"a": "It is %(number)s there.", "b": "Second."}
        with patch.dict(note.NOTES, notes):
            binding._add_note("a", number="7")
            binding._add_note("b")
            move.invalidate_recordset()
            self.assertEqual(move.accountable_notes, "It is 7 there.\nSecond.")
            self.assertIn(move, Move.search([("accountable_notes", "!=", False)]))
            binding._remove_notes("a", "b")
            move.invalidate_recordset()
            self.assertFalse(move.accountable_notes)
            self.assertNotIn(move, Move.search([("accountable_notes", "!=", False)]))
