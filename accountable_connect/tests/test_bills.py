"""Bills the administration has already, and the periods bills go to."""

from datetime import timedelta
from decimal import Decimal

from odoo.addons.accountable_connect.api import errors

from .common import ConnectionCase


class TestBills(ConnectionCase):
    def by_hand(self, **values):
        self.invoice(move_type="in_invoice", ref="FIRST", amount=5.0)
        self.work()
        return self.books.book_by_hand(
            f"A1/{self.today.year}",
            **{
                "kind": "purchase",
                "party_key": self.bindings(self.partner_a, "party").external_key,
                "document_date": self.today,
                "reference": "F 2026-0012",
                "total": Decimal("121.00"),
                "currency": "EUR",
                **values,
            },
        )

    def test_bills_of_a_batch_are_told_before_they_are_looked_up(self):
        """Those of parties the administration knows; what is never looked up is not told."""
        self.bill(ref="FIRST")
        self.work()
        self.assertEqual(self.books.told, [[]])
        self.invoice()
        self.bill(ref="A")
        self.bill(ref="B", partner=self.partner_b)
        self.bill(ref="C")
        self.work()
        self.assertEqual(self.books.told[1:], [["A", "C"]])

    def test_bill_that_went_out_before_is_looked_up_at_the_very_moment(self):
        """What was read for the whole batch is forgotten first: it may have arrived since."""
        self.bill(ref="FIRST")
        self.work()
        self.books.fail("create_document", errors.TemporaryError("away"))
        bill = self.bill(ref="A")
        self.work()
        self.assertEqual(self.jobs(bill).state, "pending")
        self.later()
        self.work()
        self.assertEqual(self.jobs(bill).state, "done")
        self.assertEqual(self.books.told[1:], [["A"], ["A"], []])

    def test_bill_entered_by_hand_is_adopted(self):
        stored = self.by_hand()
        calls = self.books.calls["create_document"]
        bill = self.bill()
        self.work()
        self.assertEqual(self.books.calls["create_document"], calls)
        binding = self.bindings(bill)
        self.assertEqual((binding.external_key, binding.adopted), (stored.key, True))

    def test_bill_in_doubt_is_shown_and_decided(self):
        stored = self.by_hand(total=Decimal("120.00"), reference="F-2026/12")
        bill, other = self.bill(), None
        self.work()
        job = self.jobs(bill)
        self.assertEqual((job.state, job.error_kind), ("failed", "duplicate"))
        self.assertEqual([one["key"] for one in job.candidates], [stored.key])
        calls = self.books.calls.copy()
        job.action_adopt()
        self.assertEqual(self.books.calls, calls)
        self.assertEqual(self.bindings(bill).external_key, stored.key)
        self.assertEqual(self.jobs(bill).state, "done")
        other = self.invoice(amount=90.0, move_type="in_invoice", ref="F-2026/12 bis")
        other.ref = "F-2026/12"
        self.assertFalse(self.bindings(other))

    def test_bill_in_doubt_is_booked_anyway(self):
        self.by_hand(total=Decimal("120.00"), reference="F-2026/12")
        bill = self.bill()
        self.work()
        self.jobs(bill).action_book_anyway()
        self.work()
        self.assertEqual(self.jobs(bill).state, "done")
        self.assertEqual(self.bindings(bill).external_key, self.key(3, "A1"))
        self.assertFalse(self.bindings(bill).adopted)

    def periods(self):
        """The months of this year, as the administration has them."""
        year, items = self.today.year, self.env["accountable.master.data"].sudo()
        for month in range(1, 13):
            first = self.today.replace(month=month, day=1)
            last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
            items += items.create(
                {
                    "connection_id": self.connection.id,
                    "kind": "period",
                    "code": f"{year}-{month:02d}",
                    "details": {
                        "date_from": first.isoformat(),
                        "date_to": last.isoformat(),
                        "book_year": str(year),
                    },
                }
            )
        return items

    def test_a_booked_bill_keeps_its_period_when_that_closes(self):
        january = self.periods()[0]
        day = self.today.replace(month=1, day=10)
        bill = self.bill(invoice_date=day)
        self.work()
        january.details = {**january.details, "closed": True}
        bill.button_draft()
        bill.action_post()
        self.work()
        self.assertEqual(self.books.calls["update_document"], 0)
        self.assertEqual(self.jobs(bill).mapped("state"), ["done", "done"])
        bill.button_draft()
        bill.invoice_line_ids.price_unit = 50.0
        bill.action_post()
        self.work()
        [entry] = self.books.documents.values()
        self.assertEqual(entry["document"].accounting_date, day)
        self.assertEqual(self.books.calls["update_document"], 1)

    def test_a_late_bill_stays_where_it_went(self):
        january = self.periods()[0]
        day, february = self.today.replace(month=1, day=10), self.today.replace(month=2, day=1)

        def refuse(operation, subject):
            if operation == "create_document" and subject.accounting_date < february:
                raise errors.PeriodClosedError("closed")

        self.books.before.append(refuse)
        bill = self.bill(invoice_date=day)
        self.work()
        self.assertEqual(january.details["closed_journals"], ["A1"])
        bill.button_draft()
        bill.action_post()
        self.work()
        self.assertEqual(self.books.calls["update_document"], 0)
        self.assertEqual(self.jobs(bill).mapped("state"), ["done", "done"])

    def test_late_bill_goes_to_the_first_open_period(self):
        self.periods()
        closed_until = self.today.replace(month=2, day=1)

        def refuse(operation, subject):
            if operation == "create_document" and subject.accounting_date < closed_until:
                raise errors.PeriodClosedError("closed")

        self.books.before.append(refuse)
        bill = self.bill(invoice_date=self.today.replace(month=1, day=10))
        sale = self.invoice(invoice_date=self.today.replace(month=1, day=10))
        self.work()
        self.assertEqual(self.jobs(bill).state, "done", self.jobs(bill).message)
        document = self.books.documents[self.key(1, "A1")]["document"]
        self.assertEqual(document.accounting_date, closed_until)
        self.assertEqual(document.document_date, self.today.replace(month=1, day=10))
        self.assertEqual(
            (self.jobs(sale).state, self.jobs(sale).error_kind), ("failed", "period_closed")
        )
        # the next late bill needs no refused call
        calls = self.books.calls["create_document"]
        second = self.bill(ref="F-2", invoice_date=self.today.replace(month=1, day=11))
        self.work()
        self.assertEqual(self.jobs(second).state, "done", self.jobs(second).message)
        self.assertEqual(self.books.calls["create_document"], calls + 1)
