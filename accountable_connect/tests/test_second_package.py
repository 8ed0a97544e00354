"""Two packages in one database: side by side, and one after the other."""

from datetime import timedelta
from decimal import Decimal

from odoo import fields
from odoo.addons.accountable_connect.api import errors
from odoo.addons.accountable_connect.documents import Settlement
from odoo.addons.accountable_connect.models.engine import reading_due
from odoo.addons.base.models.ir_model import MODULE_UNINSTALL_FLAG

from .common import ConnectionCase
from .fake_package import FakeAdministration


class SecondPackageCase(ConnectionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_sign_in = cls.env["accountable.sign.in"].create(
            {"name": "Other", "package": "other_fake", "company_ids": [(5,)]}
        )
        cls.other_sign_in.sudo().write(
            {"database_identity": cls.env["accountable.identity"]._current(), "state": "valid"}
        )

    @classmethod
    def _books_of(cls, connection):
        return cls.other_books if connection.package == "other_fake" else cls.books

    def setUp(self):
        super().setUp()
        type(self).other_books = FakeAdministration(consecutive_numbers=False)

    def connect_other(self, start=None, company=None):
        connection = self._connect(company or self.company, self.other_sign_in)
        connection.start_date = start or "2020-01-01"
        return connection

    def bindings_by_connection(self, move):
        return {one.connection_id: one.external_key for one in self.bindings(move)}


class TestSideBySide(SecondPackageCase):
    def test_one_document_goes_to_both_with_the_words_of_each(self):
        other = self.connect_other()
        move = self.invoice()
        self.assertEqual(self.jobs(move).connection_id, self.connection | other)
        self.assertEqual(set(self.jobs(move).mapped("package")), {"fake", "other_fake"})
        self.work()
        self.assertFalse(self.other_books.documents)
        self.work(other)
        self.assertEqual(len(self.books.documents), 1)
        self.assertEqual(len(self.other_books.documents), 1)
        self.assertEqual(set(self.bindings_by_connection(move)), {self.connection, other})
        self.assertEqual(
            set(self.bindings(self.partner_a, "party").connection_id.ids),
            {self.connection.id, other.id},
        )
        self.assertEqual(move.accountable_state, "exported")

    def test_capabilities_are_those_of_each_connection(self):
        other = self.connect_other()
        self.other_books.capabilities = type(self.other_books)(cost_centre_axes=2).capabilities
        self.assertEqual((self.connection.cost_centre_axes, other.cost_centre_axes), (1, 2))

    def test_a_failure_in_one_holds_nothing_in_the_other(self):
        other = self.connect_other()
        other.sudo().mapping_ids.filtered(lambda row: row.kind == "tax").unlink()
        move = self.invoice()
        self.work(other)
        self.work()
        states = {job.connection_id: job.state for job in self.jobs(move)}
        self.assertEqual(states, {self.connection: "done", other: "failed"})
        self.assertEqual(move.accountable_state, "error")

    def test_an_administration_out_of_reach_stops_its_connection_only(self):
        """One sign-in serves an office: what it does not reach any more is not the others'."""
        sign_in = self.connection.sign_in_id
        company = self.env["res.company"].create({"name": "Elsewhere"})
        sign_in.sudo().company_ids = False
        other = (
            self.env["accountable.connection"]
            .sudo()
            .create({"sign_in_id": sign_in.id, "company_id": company.id, "administration_key": "B"})
        )
        other.write({"state": "connected", "step": "done"})
        move = self.invoice()
        self.books.fail(
            "create_document", errors.AuthorisationLostError("403", only_administration=True)
        )
        self.work()
        self.assertEqual((self.connection.state, other.state), ("reconnect", "connected"))
        self.assertIn("does not reach this administration", self.connection.wait_reason)
        self.assertTrue(self.connection.activity_ids)
        self.assertEqual(sign_in.state, "valid")
        self.connection.action_reconnect()
        self.work()
        self.assertEqual(self.jobs(move).state, "done")

    def test_the_addon_of_one_is_removed(self):
        """What belongs to its package goes with it; entries in Odoo and the other package stay."""
        other = self.connect_other()
        move = self.invoice()
        self.work()
        self.work(other)
        self.assertEqual(len(self.bindings(move)), 2)
        other.active = False
        apps = self.env["accountable.app"].sudo()
        for package in (self.other_sign_in.package, "another"):
            apps.create({"package": package, "address": "x", "stored": {}})
        removing = {MODULE_UNINSTALL_FLAG: True}
        self.other_sign_in.with_context(**removing)._delete_with_connections(
            self.other_sign_in.package
        )
        self.assertEqual(apps.search([]).mapped("package"), ["another"])
        self.assertFalse(other.exists() or self.other_sign_in.exists())
        self.assertEqual(self.bindings(move).connection_id, self.connection)
        self.assertEqual(move.state, "posted")

    def test_cancelled_in_both(self):
        other = self.connect_other()
        self.other_books.capabilities = type(self.other_books)(
            consecutive_numbers=False, remove_document=True
        ).capabilities
        move = self.invoice()
        self.work()
        self.work(other)
        move.button_draft()
        move.button_cancel()
        self.work()
        self.work(other)
        self.assertEqual(len(self.books.documents), 2)
        self.assertFalse(self.other_books.documents)

    def test_two_companies_each_with_its_own(self):
        company = self.setup_other_company()["company"]
        other = self.connect_other(company=company)
        self.assertFalse(other.send_cost_units and other.cost_centre_axes > 1)
        move = self.invoice()
        self.assertEqual(self.jobs(move).connection_id, self.connection)
        plans = self.env["accountable.sending.plan"]._by_company()
        self.assertEqual(
            {key: [plan.connection_id for plan in several] for key, several in plans.items()},
            {self.company.id: [self.connection.id], company.id: [other.id]},
        )


class TestMovingOn(SecondPackageCase):
    def setUp(self):
        super().setUp()
        self.before = self.today - timedelta(days=40)

    def move_on(self):
        """The old administration is closed, the new one begins today."""
        self.connection.active = False
        return self.connect_other(self.today)

    def test_what_was_booked_before_is_not_sent_again(self):
        old = self.invoice(invoice_date=self.before)
        self.work()
        other = self.move_on()
        other.action_synchronise()
        new = self.invoice()
        self.assertEqual(self.jobs(new).connection_id, other)
        self.work(other)
        self.assertEqual(list(self.bindings_by_connection(new)), [other])
        self.assertEqual(list(self.bindings_by_connection(old)), [self.connection])
        self.assertEqual(len(self.other_books.documents), 1)
        self.assertEqual(old.accountable_state, "exported")

    def test_a_change_of_an_old_document_goes_nowhere(self):
        old = self.invoice(invoice_date=self.before)
        self.work()
        other = self.move_on()
        old.payment_reference = "other"
        self.assertFalse(self.jobs(old).filtered(lambda job: job.state == "pending"))
        self.work(other)
        self.assertFalse(self.other_books.documents)

    def test_an_old_document_that_is_cancelled_is_told(self):
        old = self.invoice(invoice_date=self.before)
        self.work()
        self.move_on()
        old.button_draft()
        old.button_cancel()
        job = self.jobs(old).filtered(lambda one: one.state == "failed")
        self.assertEqual(job.error_code, "connection_archived")
        self.assertIn("no longer connected", job.message)
        job.action_skip()
        self.assertEqual(job.state, "skipped")

    def test_a_paused_one_keeps_what_waits_for_it(self):
        self.connection.action_pause()
        other = self.connect_other(self.today)
        move = self.invoice()
        self.work()
        self.work(other)
        self.assertEqual(list(self.bindings_by_connection(move)), [other])
        self.connection.action_resume()
        self.work()
        self.assertEqual(set(self.bindings_by_connection(move)), {self.connection, other})

    def test_what_waited_for_the_old_one_ends_and_comes_back_with_it(self):
        waiting = self.invoice(invoice_date=self.before)
        booked = self.invoice(invoice_date=self.before)
        self.jobs(waiting).next_try = fields.Datetime.now() + timedelta(days=1)
        self.work()
        booked.button_draft()
        booked.button_cancel()
        self.move_on()
        self.assertEqual(
            (self.jobs(waiting).state, self.jobs(waiting).skip_reason), ("skipped", "setting")
        )
        self.assertEqual(waiting.accountable_state, "not_exported")
        cancelled = self.jobs(booked, "reverse")
        self.assertEqual((cancelled.state, cancelled.error_code), ("failed", "connection_archived"))
        self.assertIn(self.bindings(booked).number, cancelled.message)
        self.connection.active = True
        self.connection.action_synchronise()
        self.work()
        self.assertEqual(list(self.bindings_by_connection(waiting)), [self.connection])

    def settle(self, books, key, move):
        books.settlements = [
            Settlement(
                key=f"settlement {key}",
                document_key=key,
                kind="payment",
                date=self.today,
                amount=Decimal(str(move.amount_total)),
                amount_company=Decimal(str(move.amount_total)),
                currency="EUR",
            )
        ]

    def test_settlements_of_the_old_one_stay_and_equal_keys_are_not_mixed_up(self):
        self.connection.settlements_back = True
        self.connection.action_create_settlement_journal()
        old = self.invoice(invoice_date=self.before)
        self.work()
        key = self.bindings(old).external_key
        self.settle(self.books, key, old)
        self.connection.settlements_read_at = False
        self.work()
        self.assertEqual(old.amount_residual, 0)
        settlements = self.env["accountable.binding"].search([("kind", "=", "settlement")])
        self.assertEqual(settlements.connection_id, self.connection)
        other = self.move_on()
        other.settlements_back = True
        other.settlement_journal_id = self.connection.settlement_journal_id
        new = self.invoice(500.0)
        self.work(other)
        # the new administration numbers from 1 too: its keys are those of the old one
        self.assertEqual(
            self.bindings(new).external_key,
            key.replace(str(self.before.year), str(self.today.year)),
        )
        self.settle(self.other_books, self.bindings(new).external_key, new)
        other.settlements_read_at = False
        self.work(other)
        self.assertEqual((old.amount_residual, new.amount_residual), (0, 0))
        self.assertEqual(settlements.exists(), settlements)
        both = self.env["accountable.binding"].search([("kind", "=", "settlement")])
        self.assertEqual(both.connection_id, self.connection | other)


class TestHints(ConnectionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.connection.settlements_back = True

    def read_ago(self, **ago):
        self.connection.settlements_read_at = fields.Datetime.now() - timedelta(**ago)

    def is_due(self):
        return self.connection in self.env["accountable.connection"].sudo()._due_connections()

    def triggers(self):
        lanes = self.env.ref("accountable_connect.cron_lane_1")
        return self.env["ir.cron.trigger"].search([("cron_id", "=", lanes.id)])

    def test_a_hint_makes_a_reading_due(self):
        self.read_ago(minutes=5)
        self.assertFalse(self.is_due())
        self.connection.with_user(self.env.ref("base.public_user"))._note_changes_there()
        self.assertTrue(self.is_due())
        self.work()
        self.assertEqual(self.books.calls["settlements_since"], 1)
        self.assertFalse(self.is_due())

    def test_many_hints_wake_once(self):
        self.read_ago(minutes=5)
        self.triggers().unlink()
        for _hint in range(5):
            self.connection._note_changes_there()
        self.assertEqual(len(self.triggers()), 1)

    def test_a_hint_just_after_a_reading_waits_for_the_minute(self):
        self.read_ago(seconds=5)
        self.triggers().unlink()
        self.connection._note_changes_there()
        self.assertFalse(self.is_due())
        self.assertGreater(self.triggers().call_at, fields.Datetime.now() + timedelta(seconds=30))
        self.read_ago(seconds=65)
        self.connection.hinted_at = fields.Datetime.now() - timedelta(seconds=60)
        self.assertTrue(self.is_due())

    def test_a_reading_that_met_a_limit_is_due_when_it_is_over(self):
        self.connection.settlements_read_at = False
        moment = fields.Datetime.now() + timedelta(seconds=40)
        error = errors.LimitReachedError("429", not_before=moment, code="minute_limit")
        self.books.fail("settlements_since", error)
        self.work()
        self.assertFalse(self.is_due())
        self.assertEqual(self.connection.settlements_read_at, moment - reading_due.READ_EVERY)

    def test_nothing_is_hinted_at_where_nothing_is_read(self):
        self.connection.settlements_back = False
        self.triggers().unlink()
        self.connection._note_changes_there()
        self.assertFalse(self.connection.hinted_at)
        self.assertFalse(self.triggers())
