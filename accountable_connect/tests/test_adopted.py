"""Bookings that are the accountant's: linked with a document of Odoo, and never rewritten."""

from datetime import timedelta
from decimal import Decimal

from odoo.addons.accountable_connect.api import errors
from odoo.addons.accountable_connect.documents.serial import content_of
from odoo.exceptions import UserError
from odoo.tools import format_date

from .common import ConnectionCase


class AdoptedCase(ConnectionCase):
    def adopted_bill(self, **values):
        """A bill of 121.00 that the accountant had entered on 613310."""
        self.bill(ref="FIRST", amount=5.0)
        self.work()
        stored = self.books.book_by_hand(
            f"A1/{self.today.year}",
            **{
                "kind": "purchase",
                "party_key": self.bindings(self.partner_a, "party").external_key,
                "document_date": self.today,
                "reference": "F-2026/12",
                "total": Decimal("121.00"),
                "currency": "EUR",
                **values,
            },
        )
        bill = self.bill()
        self.work()
        self.assertEqual(self.bindings(bill).external_key, stored.key)
        self.assertTrue(self.bindings(bill).adopted)
        self.books.calls.clear()
        return bill

    def assert_untouched(self):
        """Nothing was sent."""
        sent = {"create_document", "update_document", "remove_document"} & set(self.books.calls)
        self.assertFalse(sent)

    def change(self, move, price=200.0):
        move.button_draft()
        move.invoice_line_ids.price_unit = price
        move.action_post()
        self.work()
        return self.jobs(move)[-1]


class TestAdopted(AdoptedCase):
    def test_words_are_noted_and_nothing_is_sent(self):
        bill = self.adopted_bill()
        due = self.today + timedelta(days=60)
        changes = {
            "the supplier's number": lambda: setattr(bill, "ref", "F-2026/12 B"),
            "its due date": lambda: setattr(bill, "invoice_date_due", due),
            "a label": lambda: setattr(bill.invoice_line_ids, "name", "Another label"),
        }
        for name, change in changes.items():
            with self.subTest(name=name):
                change()
                self.work()
                self.assertEqual(set(self.jobs(bill).mapped("state")), {"done"})
        self.assert_untouched()
        self.assertTrue(self.bindings(bill).adopted)
        notes = bill.accountable_notes
        self.assertIn("F-2026/12 B", notes)
        self.assertIn(format_date(self.env, due), notes)
        self.assertIn("text", notes)
        self.assertEqual(bill.accountable_state, "exported")

    def test_a_note_goes_when_the_words_agree_again(self):
        bill = self.adopted_bill()
        for ref, noted in (("F-13", True), ("F-2026/12", False)):
            bill.ref = ref
            self.work()
            bill.invalidate_recordset(["accountable_notes"])
            self.assertEqual(bool(bill.accountable_notes), noted)
        self.assert_untouched()

    def test_figures_go_to_a_person_with_both_shown(self):
        bill = self.adopted_bill()
        job = self.change(bill)
        self.assertEqual((job.state, job.error_code), ("failed", "changed_adopted"))
        self.assertEqual([one["total"] for one in job.candidates], ["121.00"])
        self.assertEqual(job.question, "replace")
        self.assertIn("242.00", job.candidates_table.replace("\xa0", " "))
        self.assert_untouched()

    def test_accounts_party_and_date_go_to_a_person(self):
        first = self.partner_b
        self.bill(ref="OTHER", amount=5.0, partner=first)
        self.work()
        bill = self.adopted_bill()
        other = self.company_data["default_account_expense"].copy({"code": "613999"})
        self.env["accountable.mapping"].sudo().create(
            {
                "connection_id": self.connection.id,
                "kind": "account",
                "account_id": other.id,
                "master_data_id": self.master_item("ledger_account", "613999").id,
                "state": "confirmed",
            }
        )
        # of the same month, as the number of the bill is
        another_day = self.today.replace(day=2 if self.today.day == 1 else 1)
        for values in ({"partner_id": first.id}, {"invoice_date": another_day}):
            before = {name: bill[name] for name in values}
            with self.subTest(values=values):
                bill.button_draft()
                bill.write(values)
                bill.action_post()
                self.work()
                job = self.jobs(bill)[-1]
                self.assertEqual((job.state, job.error_code), ("failed", "changed_adopted"))
                job.action_skip()
            bill.button_draft()
            bill.write(before)
            bill.action_post()
            self.work()
        bill.invoice_line_ids.account_id = other
        self.work()
        job = self.jobs(bill)[-1]
        self.assertEqual(job.error_code, "changed_adopted")
        self.assertIn("613999", job.candidates_table)
        self.assert_untouched()

    def test_it_is_the_same_one_whatever_its_figures(self):
        """Nothing is rewritten afterwards, neither at once nor when a word changes."""
        bill = self.adopted_bill()
        self.change(bill).action_adopt()
        bill.button_draft()
        bill.action_post()
        bill.ref = "F-2026/12 B"
        self.work()
        self.assertEqual(set(self.jobs(bill).mapped("state")), {"done"})
        self.assertTrue(self.bindings(bill).adopted)
        self.assert_untouched()
        job = self.change(bill, 300.0)
        self.assertEqual(job.error_code, "changed_adopted")

    def test_cancelled_deleted_there_as_told_and_posted_again(self):
        bill = self.adopted_bill()
        bill.button_draft()
        bill.button_cancel()
        self.work()
        [told] = self.jobs(bill, "reverse")
        self.assertIn("press Skip", told.message)
        del self.books.documents[self.bindings(bill).external_key]
        told.action_skip()
        bill.button_draft()
        bill.action_post()
        self.work()
        job = self.jobs(bill)[-1]
        self.assertEqual((job.state, job.error_code, job.question), ("failed", "gone", "anyway"))
        job.action_book_anyway()
        self.work()
        self.assertEqual(job.state, "done", job.message)
        self.assertIn(self.bindings(bill).external_key, self.books.documents)
        self.assertFalse(self.bindings(bill).adopted)

    def test_the_opposite_of_what_is_gone_is_not_offered(self):
        bill = self.bill(ref="OWN")
        self.work()
        del self.books.documents[self.bindings(bill).external_key]
        bill.button_draft()
        bill.button_cancel()
        self.work()
        [job] = self.jobs(bill, "reverse")
        self.assertEqual((job.state, job.error_code, job.question), ("failed", "gone", False))

    def test_merged_contacts_are_no_other_party(self):
        bill = self.adopted_bill()
        sale = self.invoice()
        self.work()
        sale.is_move_sent = True
        other = self.env["res.partner"].create({"name": "Merged"})
        merge = self.env["base.partner.merge.automatic.wizard"].create({})
        merge._merge([self.partner_a.id, other.id], other)
        self.env.invalidate_all()
        (bill | sale).invoice_line_ids.name = "Another label"
        self.work()
        for move in (bill, sale):
            self.assertEqual(self.jobs(move)[-1].state, "done", self.jobs(move)[-1].message)
        self.assertIn("text", bill.accountable_notes)
        self.assertTrue(self.bindings(bill).adopted)

    def test_a_person_may_replace_it_and_it_stays_adopted(self):
        bill = self.adopted_bill()
        key = self.bindings(bill).external_key
        job = self.change(bill)
        job.action_book_anyway()
        self.work()
        self.assertEqual(job.state, "done", job.message)
        self.assertEqual(self.books.documents[key]["stored"].total, Decimal("242.00"))
        self.assertTrue(self.bindings(bill).adopted)
        self.assertEqual(self.change(bill, 300.0).error_code, "changed_adopted")

    def test_recoded_and_renumbered_by_the_accountant(self):
        """Nothing tells it but its figures: a person is asked, and nobody says that it is gone."""
        bill = self.adopted_bill()
        key = self.bindings(bill).external_key
        self.books.renumber(key, 90)
        new = self.key(90, "A1")
        self.books.recode(new)
        job = self.change(bill)
        self.assertEqual((job.state, job.error_code, job.question), ("failed", "gone", "same"))
        self.assertEqual([one["key"] for one in job.candidates], [new])
        self.assertNotIn("deleted", job.message)
        job.action_adopt()
        self.assertEqual((self.bindings(bill).external_key, job.state), (new, "done"))
        self.assertTrue(self.bindings(bill).adopted)
        self.assert_untouched()

    def test_renumbered_by_the_accountant(self):
        """Without our mark it is known by what stands in it."""
        bill = self.adopted_bill()
        self.books.renumber(self.bindings(bill).external_key, 90)
        job = self.change(bill)
        self.assertEqual((job.state, job.error_code), ("failed", "changed_adopted"))
        self.assertEqual([one["key"] for one in job.candidates], [self.key(90, "A1")])
        self.assertEqual(self.bindings(bill).external_key, self.key(90, "A1"))

    def test_cancelled_is_shown_and_nothing_is_removed(self):
        for removes in (True, False):
            with self.subTest(removes=removes):
                self.books.capabilities = type(self.books)(remove_document=removes).capabilities
                bill = self.adopted_bill()
                bill.button_cancel()
                self.work()
                job = self.jobs(bill, "reverse")
                self.assertEqual((job.state, job.error_code), ("failed", "cancelled_adopted"))
                self.assertEqual(len(job.candidates), 1)
                with self.assertRaises(UserError):
                    job.action_book_anyway()
                job.action_retry()
                self.work()
                self.assert_untouched()
                self.assertTrue(self.bindings(bill).adopted)
                # the next one of this test is another one
                del self.books.documents[self.bindings(bill).external_key]
                self.bindings(bill).unlink()

    def test_found_after_a_lost_answer_without_our_mark(self):
        """Somebody entered it while ours was on its way: it is not ours."""
        self.bill(ref="FIRST", amount=5.0)
        self.work()
        bill = self.bill()
        self.jobs(bill).write({"state": "unknown"})
        sent = self.env["accountable.document"]._build_documents(self.connection, bill)[bill.id][0]
        self.jobs(bill).write(
            {
                "content": content_of(sent),
                "party_key": self.bindings(self.partner_a, "party").external_key,
                "fingerprint": sent.fingerprint(),
            }
        )
        self.books.book_by_hand(
            f"A1/{self.today.year}",
            kind="purchase",
            party_key=self.bindings(self.partner_a, "party").external_key,
            document_date=self.today,
            reference="F-2026/12",
            total=Decimal("121.00"),
            currency="EUR",
        )
        self.later()
        self.work()
        self.assertEqual(self.jobs(bill).state, "done")
        self.assertTrue(self.bindings(bill).adopted)

    def test_an_opening_item_is_noted(self):
        move = self.invoice()
        self.work()
        binding = self.bindings(move)
        binding.write({"details": {"opening_item": True}, "adopted": True, "fingerprint": False})
        self.books.calls.clear()
        move.invoice_date_due = self.today + timedelta(days=60)
        self.work()
        self.assertEqual(set(self.jobs(move).mapped("state")), {"done"})
        self.assertIn("opening balance", move.accountable_notes)
        self.assert_untouched()


class TestWordsOnly(AdoptedCase):
    """Number, label, communication and due date alone never ask for a credit note."""

    def test_of_an_invoice_the_customer_has(self):
        move = self.invoice()
        move.is_move_sent = True
        self.work()
        move.payment_reference = "+++090/9337/55493+++"
        move.invoice_line_ids.name = "A corrected label"
        self.work()
        self.assertEqual(set(self.jobs(move).mapped("state")), {"done"})
        [entry] = self.books.documents.values()
        self.assertEqual(entry["document"].lines[0].text, "A corrected label")
        self.assertFalse(move.accountable_notes)
        self.assertEqual(self.change(move).error_code, "sent_to_customer")

    def test_of_a_booking_that_cannot_be_changed(self):
        refused = errors_that_refuse(self)
        for name, refuse in refused.items():
            with self.subTest(name=name):
                move = self.invoice()
                self.work()
                key = self.bindings(move).external_key
                refuse(key)
                move.invoice_line_ids.name = "A corrected label"
                self.work()
                self.assertEqual(set(self.jobs(move).mapped("state")), {"done"}, name)
                self.assertIn("corrected", move.accountable_notes)
                self.assertEqual(self.books.documents[key]["document"].lines[0].text, "Line")

    def test_deleted_over_there_is_told(self):
        move = self.invoice()
        self.work()
        self.books.documents.clear()
        move.invoice_line_ids.name = "A corrected label"
        self.work()
        self.assertEqual(self.jobs(move)[-1].error_code, "gone")

    def test_renumbered_in_odoo(self):
        """Two invoices change places: each has its own number afterwards, in Odoo and there."""
        moves = self.invoice() | self.invoice()
        moves.is_move_sent = True
        self.work()
        old = moves.mapped("name")
        wizard = (
            self.env["account.resequence.wizard"]
            .with_context(active_ids=moves.ids, active_model="account.move")
            .create({"ordering": "keep", "first_name": old[0][:-5] + "00091"})
        )
        wizard.resequence()
        new = moves.mapped("name")
        self.assertFalse(set(old) & set(new))
        self.work()
        self.assertEqual(set(self.jobs(moves).mapped("state")), {"done"})
        booked = [entry["document"].number for entry in self.books.documents.values()]
        self.assertEqual(booked, new)

    def test_renumbered_in_odoo_where_the_booking_stays(self):
        move = self.invoice()
        self.work()
        self.books.recode(self.key(1))
        old, move.name = move.name, move.name[:-5] + "00091"
        self.work()
        self.assertEqual(set(self.jobs(move).mapped("state")), {"done"})
        self.assertIn(old, move.accountable_notes)
        self.assertIn(move.name, move.accountable_notes)


def errors_that_refuse(case):
    """Name → what makes the next change of a booking impossible."""
    books = case.books
    return {
        "processed": lambda key: books.fail(
            "update_document", errors.DataRefusedError("paid", code="processed")
        ),
        "closed": lambda key: books.fail("update_document", errors.PeriodClosedError("closed")),
        "recoded": books.recode,
        "the package cannot": lambda key: setattr(
            books, "capabilities", type(books)(update_document=False).capabilities
        ),
    }
