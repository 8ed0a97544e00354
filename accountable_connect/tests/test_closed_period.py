"""Documents that are cancelled after the period of their booking was closed."""

from odoo.addons.accountable_connect.api import errors
from odoo.exceptions import UserError

from .common import ConnectionCase


class TestCancelledInClosedPeriod(ConnectionCase):
    def setUp(self):
        super().setUp()
        self.closed_before = f"{self.today.year + 1}-02-01"
        for year in (self.today.year, self.today.year + 1):
            for month in range(1, 13):
                last = {2: 28, 4: 30, 6: 30, 9: 30, 11: 30}.get(month, 31)
                self.master_item(
                    "period",
                    f"{year}/{month}",
                    date_from=f"{year}-{month:02}-01",
                    date_to=f"{year}-{month:02}-{last}",
                    book_year=str(year),
                )
        self.books.before.append(self.refuse)
        self.is_closed = False

    def refuse(self, operation, subject):
        """The administration takes nothing before the first open month."""
        if operation == "create_document" and self.is_closed:
            if subject.accounting_date.isoformat() < self.closed_before:
                raise errors.PeriodClosedError("closed", code="period_closed")

    def cancelled(self, **values):
        for row in self.connection.master_data_ids.filtered(lambda one: one.kind == "period"):
            row.sudo().details = {**row.details, "closed_journals": []}
        move = self.invoice(**values)
        self.work()
        self.assertEqual(self.jobs(move).state, "done", self.jobs(move).message)
        self.is_closed = True
        move.button_draft()
        move.button_cancel()
        self.work()
        return move, self.jobs(move, "reverse")

    def opposite(self):
        *_rest, last = self.books.documents.values()
        return last["document"]

    def test_a_bill_goes_to_the_first_open_period_of_another_year_too(self):
        for move_type, kind in (("in_invoice", "purchase_refund"), ("in_refund", "purchase")):
            with self.subTest(move_type):
                self.is_closed = False
                move, job = self.cancelled(move_type=move_type, ref=move_type)
                self.assertEqual(job.state, "done", job.message)
                document = self.opposite()
                self.assertEqual((document.kind, document.total), (kind, 121))
                self.assertEqual(document.accounting_date.isoformat(), self.closed_before)
                self.assertEqual(document.document_date, move.invoice_date)
                self.assertFalse(self.bindings(move))

    def test_what_is_known_to_be_closed_costs_no_refused_call(self):
        move = self.bill()
        self.work()
        for row in self.connection.master_data_ids.filtered(lambda one: one.kind == "period"):
            closed = row.details["date_from"] < self.closed_before
            row.sudo().details = {**row.details, "closed": closed}
        self.books.calls.clear()
        move.button_draft()
        move.button_cancel()
        self.is_closed = True
        self.work()
        self.assertEqual(self.books.calls["create_document"], 1)
        self.assertEqual(self.opposite().accounting_date.isoformat(), self.closed_before)

    def test_a_sale_never_moves_by_itself(self):
        for move_type, kind in (("out_invoice", "sale_refund"), ("out_refund", "sale")):
            with self.subTest(move_type):
                self.is_closed = False
                move, job = self.cancelled(move_type=move_type)
                self.assertEqual((job.state, job.error_code), ("failed", "opposite_period_closed"))
                self.assertIn("credit note with a number of its own", job.message)
                self.assertEqual(move.accountable_state, "error")
                booked = len(self.books.documents)
                job.action_retry()
                self.work()
                self.assertEqual((job.state, len(self.books.documents)), ("failed", booked))
                job.action_book_in_open_period()
                self.work()
                self.assertEqual(job.state, "done", job.message)
                self.assertEqual(self.opposite().kind, kind)
                self.assertEqual(self.opposite().accounting_date.isoformat(), self.closed_before)

    def test_a_sale_waits_for_the_period_or_is_left_as_it_is(self):
        _move, waiting = self.cancelled()
        self.is_closed = False
        waiting.action_retry()
        self.work()
        self.assertEqual(waiting.state, "done", waiting.message)
        self.assertEqual(self.opposite().accounting_date, self.today)
        _move, left = self.cancelled()
        left.action_skip()
        self.assertEqual((left.state, left.skip_reason), ("skipped", "change"))
        with self.assertRaises(UserError):
            left.action_book_in_open_period()

    def test_posted_again_as_the_sentence_says(self):
        move, job = self.cancelled()
        move.button_draft()
        move.action_post()
        self.work()
        self.assertEqual(job.state, "skipped")
        self.assertEqual(move.accountable_state, "exported")
        self.assertEqual(len(self.books.documents), 1)

    def test_a_bill_where_late_bills_do_not_move(self):
        self.connection.late_bills_to_open_period = False
        _move, job = self.cancelled(move_type="in_invoice", ref="1")
        self.assertEqual((job.state, job.error_code), ("failed", "opposite_period_closed"))
        job.action_book_in_open_period()
        self.work()
        self.assertEqual(job.state, "done", job.message)

    def test_where_no_period_is_open(self):
        self.closed_before = "9999"
        _move, job = self.cancelled(move_type="in_invoice", ref="1")
        self.assertEqual((job.state, job.error_code), ("failed", "no_open_period"))
        self.assertIn("no period", job.message)
        with self.assertRaises(UserError):
            job.action_book_in_open_period()


class TestMoved(ConnectionCase):
    """A booking cannot move to another journal or year."""

    def booked(self, **values):
        move = self.invoice(**values)
        self.work()
        return move

    def change(self, move, **values):
        move.button_draft()
        move.write(values)
        move.invoice_line_ids.price_unit = 150.0
        move.action_post()
        self.work()
        return self.jobs(move)[-1]

    def map_journal(self, code):
        counterpart = self.master_item("journal", code, type="sale")
        rows = self.connection.mapping_ids.filtered(
            lambda row: row.kind == "journal" and row.document_kind == "sale"
        )
        rows.master_data_id = counterpart

    def test_a_change_goes_where_the_booking_stands(self):
        move = self.booked()
        self.map_journal("V9")
        job = self.change(move)
        self.assertEqual(job.state, "done", job.message)
        [[key, entry]] = self.books.documents.items()
        self.assertEqual((key, float(entry["stored"].total)), (self.key(1), 181.5))
        later = self.booked()
        self.assertEqual(self.bindings(later).external_key, self.key(1, "V9"))

    def test_posted_again_after_the_mapping_changed_costs_no_call(self):
        move = self.booked()
        self.map_journal("V9")
        self.books.calls.clear()
        move.button_draft()
        move.action_post()
        self.work()
        self.assertEqual(self.jobs(move)[-1].state, "done")
        self.assertFalse(self.books.calls)

    def test_another_journal_in_odoo(self):
        move = self.booked()
        other = self.company_data["default_journal_sale"].copy({"code": "INV2"})
        self.connection._ensure_mapping_rows("journal", other, "sale")
        row = self.connection.mapping_ids.filtered(lambda one: one.journal_id == other)
        row.master_data_id = self.connection.master_data_ids.filtered(lambda one: one.code == "V2")
        move.button_draft()
        move.name = False
        job = self.change_journal(move, other)
        self.assertEqual(job.state, "done", job.message)
        self.assertEqual(list(self.books.documents), [self.key(1)])

    def change_journal(self, move, journal):
        move.journal_id = journal
        move.action_post()
        self.work()
        return self.jobs(move)[-1]

    def moved(self):
        move = self.booked()
        day = self.today.replace(year=self.today.year - 1, day=1)
        job = self.change(move, invoice_date=day, date=day, name=False)
        self.assertEqual((job.state, job.error_code), ("failed", "moved"), job.message)
        return move, job

    def test_another_year_is_cancelled_and_booked_anew(self):
        for removes in (False, True):
            with self.subTest(removes=removes):
                self.setUp()
                self.books.capabilities = type(self.books)(remove_document=removes).capabilities
                move, job = self.moved()
                job.action_book_anew()
                self.assertEqual(job.state, "pending")
                self.work()
                self.work()
                self.assertEqual(job.state, "done", job.message)
                self.assertEqual(self.jobs(move, "reverse").state, "done")
                self.assertEqual(len(self.books.documents), 1 if removes else 3)
                key = self.bindings(move).external_key
                self.assertTrue(key.startswith(f"V1/{self.today.year - 1}"))
                self.assertEqual(float(self.books.documents[key]["stored"].total), 181.5)
                self.assertEqual(move.accountable_state, "exported")

    def test_the_accountant_changed_it_meanwhile(self):
        move, job = self.moved()
        job.action_book_anew()
        self.books.recode(self.key(1))
        self.work()
        reverse = self.jobs(move, "reverse")
        self.assertEqual(reverse.error_code, "changed_in_package")
        self.assertEqual((job.state, job.error_code), ("failed", "changed_in_package"))
        reverse.action_book_anyway()
        self.work()
        self.work()
        self.assertEqual((reverse.state, job.state), ("done", "done"))
        self.assertEqual(len(self.books.documents), 3)

    def test_back_to_draft_ends_both(self):
        move, job = self.moved()
        job.action_book_anew()
        move.button_draft()
        self.work()
        self.assertEqual((self.jobs(move, "reverse").state, job.state), ("skipped", "skipped"))
        self.assertEqual(len(self.books.documents), 1)
