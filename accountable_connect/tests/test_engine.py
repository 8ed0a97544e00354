from odoo.addons.accountable_connect.api import errors

from .common import ConnectionCase


class TestSending(ConnectionCase):
    def test_document_arrives_once_and_is_bound(self):
        move = self.invoice(100.0)
        self.assertEqual(self.jobs(move).state, "pending")
        self.work()
        job = self.jobs(move)
        self.assertEqual((job.state, job.message), ("done", False))
        [entry] = self.books.documents.values()
        self.assertEqual(entry["document"].number, move.name)
        binding = self.bindings(move)
        self.assertEqual(binding.external_key, f"V1/{self.today.year}/1")
        self.assertEqual(binding.version, entry["stored"].version)
        self.assertEqual(move.accountable_state, "exported")
        self.assertEqual(move.accountable_number, f"V1/{self.today.year}/1")
        self.work()
        self.assertEqual(self.books.calls["create_document"], 1)

    def test_answer_lost_after_booking(self):
        move = self.invoice()
        self.books.fail("create_document", ("after", errors.OutcomeUnknownError("no answer")))
        self.work()
        self.assertEqual(self.jobs(move).state, "unknown")
        self.later()
        self.work()
        self.assertEqual(self.jobs(move).state, "done")
        self.assertEqual(self.books.calls["create_document"], 1)
        self.assertEqual(self.bindings(move).external_key, f"V1/{self.today.year}/1")
