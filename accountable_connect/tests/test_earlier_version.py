"""A database of an earlier version: what it holds is read, changed, cancelled and settled, and
nothing is sent by itself."""

from contextlib import contextmanager
from decimal import Decimal
from unittest.mock import patch

from odoo.tests import TransactionCase

from .common_earlier_version import EarlierVersionCase
from .earlier_version import earlier_rows, migrate


class TestEarlierVersion(EarlierVersionCase):
    def test_only_what_waited_is_sent(self):
        self.work()
        changing = {"update_document", "remove_document", "save_party", "attach_file"}
        self.assertFalse(changing & set(self.books.calls))
        own = self.env["accountable.document"]._own_reference(self.moves["waiting"])
        self.assertEqual(self.books.booked[4:], [own])
        self.assertEqual(
            self.states(),
            {
                "booked": "done",
                "bill": "done",
                "adopted": "done",
                "unknown": "done",
                "refused": "failed",
                "waiting": "done",
            },
        )
        self.assertEqual(self.moves["booked"].amount_residual, 100.0)

    def test_posted_again_unchanged_sends_nothing(self):
        self.work()
        self.books.calls.clear()
        again = ("booked", "bill", "unknown")
        for label in again:
            self.moves[label].button_draft()
            self.moves[label].action_post()
        self.work()
        self.assertFalse(self.books.calls["update_document"], self.states())
        self.assertEqual({self.states()[label] for label in again}, {"done"})

    def test_changed(self):
        move = self.moves["bill"]
        move.button_draft()
        move.invoice_line_ids.price_unit = 110.0
        move.action_post()
        self.work()
        self.assertEqual(self.jobs(move)[-1].state, "done", self.jobs(move)[-1].message)
        self.assertEqual(self.books.documents["A1/2026/1"]["stored"].total, Decimal("133.10"))

    def test_cancelled(self):
        move = self.moves["bill"]
        move.button_draft()
        move.button_cancel()
        self.work()
        [job] = self.jobs(move, "reverse")
        self.assertEqual(job.state, "done", job.message)
        kinds = [entry["stored"].kind for entry in self.books.documents.values()]
        self.assertIn("purchase_refund", kinds)

    def test_what_was_adopted_stays_the_accountants(self):
        move = self.moves["adopted"]
        untouched = self.books.documents["A1/2026/2"]["stored"]
        move.button_draft()
        move.invoice_line_ids.price_unit = 210.0
        move.action_post()
        self.work()
        job = self.jobs(move)[-1]
        self.assertEqual((job.state, job.error_code), ("failed", "changed_adopted"))
        self.assertEqual([one["total"] for one in job.candidates], ["242.00"])
        move.button_draft()
        move.button_cancel()
        self.work()
        [job] = self.jobs(move, "reverse")
        self.assertEqual((job.state, job.error_code), ("failed", "cancelled_adopted"))
        move.button_draft()
        move.invoice_line_ids.price_unit = 200.0
        move.action_post()
        move.invoice_date_due = "2026-05-31"
        self.work()
        self.assertEqual(self.jobs(move)[-1].state, "done", self.jobs(move)[-1].message)
        self.assertIn("05/31/2026", move.accountable_notes)
        self.assertEqual(move.accountable_state, "exported")
        self.assertEqual(self.books.documents["A1/2026/2"]["stored"], untouched)
        self.assertFalse({"update_document", "remove_document"} & set(self.books.calls))
        own = self.env["accountable.document"]._own_reference(move)
        self.assertNotIn(own, self.books.booked)

    def test_settled(self):
        self.books.settlements.append(self.payment("S2", "100.00"))
        self.connection.sudo().write({"settlements_read_at": False})
        self.work()
        self.assertEqual(self.moves["booked"].amount_residual, 0.0)
        self.books.settlements = []
        self.books.removed_settlements = ["S1", "S2"]
        self.connection.sudo().write({"settlements_read_at": False})
        self.work()
        self.assertEqual(self.moves["booked"].amount_residual, 121.0)

    def stored_settlement(self, key):
        """A payment as this version stored it, of a document that is booked."""
        [row] = [
            row
            for row in earlier_rows(self.version)["accountable_binding"]
            if row["kind"] == "settlement"
        ]
        settlement = {**row["details"]["settlement"], "key": key}
        return {**row, "external_key": key, "details": {"settlement": settlement}}

    def test_settlements_say_what_they_are_and_what_is_to_do(self):
        line = self.payment_line()
        message = self.moves["booked"].message_post(body="A payment waits")
        self.insert(
            "accountable_binding",
            self.of_this_database(
                {**self.stored_settlement("S2"), "number": "to_undo", "res_id": line.id}
            ),
        )
        self.insert(
            "accountable_binding",
            self.of_this_database(
                {
                    **self.stored_settlement("S3"),
                    "number": "failed",
                    "res_model": "mail.message",
                    "res_id": message.id,
                }
            ),
        )
        for _time in range(2):
            migrate(self.env.cr, "19.0.1.3.0", "post-settlement-state")
        self.env.invalidate_all()
        bindings = self.env["accountable.binding"].search([("kind", "=", "settlement")])
        self.assertEqual(
            {
                one.external_key: (one.number, one.settlement_kind, one.settlement_to_do)
                for one in bindings
            },
            {
                "S1": (False, "payment", False),
                "S2": (False, "payment", "undo"),
                "S3": (False, "payment", "book"),
            },
        )
        documents = self.env["accountable.binding"].search([("kind", "=", "document")])
        self.assertTrue(all(documents.mapped("number")))
        states = {one.external_key: one.settlement_state for one in bindings}
        self.assertEqual(states, {"S1": "booked", "S2": "to_undo", "S3": "waiting"})
        # the first reading undoes the one and books the other
        self.books.settlements = [self.payment("S1", "21.00")]
        self.connection.sudo().write({"settlements_read_at": False})
        self.work()
        states = {
            one.external_key: one.settlement_state
            for one in bindings.search([("kind", "=", "settlement")])
        }
        self.assertEqual(states, {"S1": "booked", "S3": "booked"})


class TestVersionBefore(TestEarlierVersion):
    """19.0.1.1.0 worked the mark of its bookings out of the identity of its database each time."""

    version = "19.0.1.1.0"

    def setUp(self):
        [sign_in] = earlier_rows(self.version)["accountable_sign_in"]
        self.identity = sign_in["database_identity"]
        living_there = self.living_in(self.identity)
        living_there.__enter__()
        self.addCleanup(living_there.__exit__, None, None, None)
        self.sign_in.sudo().database_identity = self.identity
        self.marks = set()
        super().setUp()
        migrate(self.env.cr, "19.0.1.2.0", "post-mark")
        self.env.invalidate_all()

    @contextmanager
    def living_in(self, database):
        """As if the database had this identity."""
        with patch.object(
            self.registry["accountable.identity"], "_database", lambda _self: database
        ):
            self.env.invalidate_all()
            yield
        self.env.invalidate_all()

    def of_this_database(self, row):
        content = row.get("content") or (row.get("details") or {}).get("content")
        if content:
            self.marks.add(content["own_reference"].rpartition("-")[0] + "-")
        return super().of_this_database(row)

    def test_the_mark_of_every_booking_is_kept(self):
        documents = self.env["accountable.document"]
        self.assertEqual(self.marks, {documents._own_prefix()})
        self.assertEqual(self.connection.sudo().database_identity, self.identity)
        self.assertEqual(self.connection.copy_state, "original")
        with self.living_in("another/1/2"):
            self.assertEqual(self.connection.copy_state, "copied")
            self.connection.action_is_move()
            self.assertEqual(self.marks, {documents._own_prefix()})
            self.test_only_what_waited_is_sent()

    def test_an_upgrade_of_a_copy_keeps_the_mark_of_the_original(self):
        self.env["ir.config_parameter"].search([("key", "=like", "accountable_connect.%")]).unlink()
        self.connection.sudo().database_identity = False
        with self.living_in("another/1/2"):
            migrate(self.env.cr, "19.0.1.2.0", "post-mark")
            self.env.invalidate_all()
            self.assertEqual(self.connection.copy_state, "copied")
            self.assertEqual(self.marks, {self.env["accountable.document"]._own_prefix()})
            self.connection.action_is_copy()
            self.assertNotEqual(self.marks, {self.env["accountable.document"]._own_prefix()})

    def test_an_upgrade_of_a_copy_without_passwords_asks_and_keeps_the_mark(self):
        """The version before took it for the original: what it sent tells that it is not."""
        self.env["ir.config_parameter"].search([("key", "=like", "accountable_connect.%")]).unlink()
        self.connection.sudo().database_identity = False
        self.sign_in.sudo().database_identity = False
        with self.living_in("another/1/2"):
            migrate(self.env.cr, "19.0.1.2.0", "post-mark")
            self.env.invalidate_all()
            self.assertEqual(self.connection.copy_state, "copied")
            self.connection.action_is_move()
            self.assertEqual(self.connection.copy_state, "original")
            self.assertEqual(self.marks, {self.env["accountable.document"]._own_prefix()})
            self.test_only_what_waited_is_sent()

    def test_an_upgrade_without_passwords_goes_on(self):
        self.env["ir.config_parameter"].search([("key", "=like", "accountable_connect.%")]).unlink()
        self.connection.sudo().database_identity = False
        self.sign_in.sudo().database_identity = False
        migrate(self.env.cr, "19.0.1.2.0", "post-mark")
        self.env.invalidate_all()
        self.assertEqual(self.connection.copy_state, "original")
        self.assertEqual(self.marks, {self.env["accountable.document"]._own_prefix()})

    def test_an_upgrade_twice_changes_nothing(self):
        before = self.env["accountable.document"]._own_prefix()
        migrate(self.env.cr, "19.0.1.2.0", "post-mark")
        self.assertEqual(self.env["accountable.document"]._own_prefix(), before)


class TestStageOfLinks(TransactionCase):
    def test_whatever_was_linked_was_booked(self):
        # a table of the same name hides the one of the database from this script
        self.env.cr.execute("CREATE TEMPORARY TABLE accountable_binding (id int) ON COMMIT DROP")
        self.env.cr.execute("INSERT INTO accountable_binding VALUES (1), (2)")
        migrate(self.env.cr, "19.0.1.6.0", "pre-stage")
        self.env.cr.execute("SELECT id, stage FROM accountable_binding ORDER BY id")
        self.assertEqual(self.env.cr.fetchall(), [(1, "booked"), (2, "booked")])
        migrate(self.env.cr, "19.0.1.6.0", "pre-stage")  # once more it changes nothing
        self.env.cr.execute("DROP TABLE accountable_binding")
