from contextlib import suppress
from datetime import timedelta
from decimal import Decimal
from unittest.mock import patch

from odoo import fields
from odoo.addons.accountable_connect.api import errors, policy
from odoo.addons.accountable_connect.api.contract import PartyChanges, StoredParty
from odoo.addons.accountable_connect.documents import Party

from .common import ConnectionCase
from .fake_package import FakePackage


class TestSending(ConnectionCase):
    def key(self, number, journal="V1"):
        return f"{journal}/{self.today.year}/{number}"

    def test_document_arrives_once_and_is_bound(self):
        move = self.invoice(100.0)
        self.assertEqual(self.jobs(move).state, "pending")
        self.work()
        job = self.jobs(move)
        self.assertEqual((job.state, job.message), ("done", False))
        [entry] = self.books.documents.values()
        self.assertEqual(entry["document"].number, move.name)
        self.assertEqual(entry["document"].total, Decimal("121.00"))
        binding = self.bindings(move)
        self.assertEqual(binding.external_key, self.key(1))
        self.assertEqual(binding.version, entry["stored"].version)
        self.assertEqual(move.accountable_state, "exported")
        self.assertEqual(move.accountable_number, self.key(1))
        self.work()
        self.assertEqual(self.books.calls["create_document"], 1)

    def test_one_call_a_document_once_the_party_is_known(self):
        self.invoice()
        self.work()
        self.books.calls.clear()
        moves = self.invoice() + self.invoice() + self.invoice()
        self.work()
        self.assertEqual(set(self.jobs(moves).mapped("state")), {"done"})
        self.assertEqual(dict(self.books.calls), {"create_document": 3})

    def test_a_changed_party_goes_before_its_document(self):
        self.invoice()
        self.work()
        self.partner_a.street = "Nieuwstraat 1"
        self.books.order.clear()
        self.invoice()
        self.work()
        self.assertEqual(self.books.order, ["save_party", "create_document"])
        [party] = self.books.parties.values()
        self.assertEqual(party.party.street, "Nieuwstraat 1")

    def test_sent_in_the_order_of_odoos_numbers(self):
        moves = [self.invoice(10.0 * number) for number in range(1, 6)]
        jobs = self.jobs(self.env["account.move"].concat(*moves))
        # the one posted last got due first
        jobs[-1].next_try = fields.Datetime.now() - timedelta(hours=1)
        self.work()
        numbers = [entry["document"].number for entry in self.books.documents.values()]
        self.assertEqual(numbers, [move.name for move in moves])

    def test_party_known_by_its_vat_number_is_taken_over(self):
        theirs = self.books_party(vat_number="BE0477472701", external_number=0)
        move = self.invoice()
        self.work()
        self.assertEqual(self.bindings(self.partner_a, "party").external_key, theirs.key)
        self.assertTrue(self.bindings(self.partner_a, "party").adopted)
        self.assertEqual(self.books.documents[self.key(1)]["stored"].party_key, theirs.key)
        self.assertEqual(len(self.books.parties), 1)
        self.assertEqual(self.jobs(move).state, "done")

    def test_party_a_person_refused_is_not_taken_over(self):
        theirs = self.books_party(vat_number="BE0477472701", external_number=0)
        self.env["accountable.contact.match"].create(
            {
                "connection_id": self.connection.id,
                "partner_id": self.partner_a.id,
                "external_key": theirs.key,
                "state": "refused",
            }
        )
        self.invoice()
        self.work()
        self.assertNotEqual(self.bindings(self.partner_a, "party").external_key, theirs.key)
        self.assertEqual(len(self.books.parties), 2)

    def test_contacts_new_in_the_package_come_to_odoo(self):
        self.connection.contact_direction = "from_package"
        self.books_party(vat_number="BE0477472701", external_number=0)
        new = StoredParty(
            key="P78", party=Party(external_number=0, name="New over there", customer=True)
        )
        self.partner_a.customer_rank = 1
        with patch.object(
            FakePackage,
            "parties_changed_since",
            return_value=PartyChanges(parties=(self.books.parties["P77"], new), cursor="c1"),
        ) as read:
            self.work()
            self.work()
        self.assertEqual([call.args for call in read.call_args_list], [("",)])
        self.assertEqual(self.connection.party_cursor, "c1")
        made = self.env["res.partner"].search([("name", "=", "New over there")])
        self.assertEqual((len(made), made.customer_rank), (1, 1))
        self.assertEqual(self.bindings(made, "party").external_key, "P78")
        self.assertEqual(self.bindings(self.partner_a, "party").external_key, "P77")
        self.assertNotEqual(self.partner_a.name, "Theirs", "a contact of Odoo is left as it is")

    def books_party(self, **values):
        stored = StoredParty(key="P77", party=Party(**{"name": "Theirs", **values}))
        self.books.parties[stored.key] = stored
        return stored

    # What goes wrong

    def test_one_bad_document_among_ten(self):
        moves = [self.invoice(10.0 * number) for number in range(1, 11)]
        bad = moves[4]
        refused = errors.DataRefusedError("the VAT amount is wrong", code="-22")

        def refuse(operation, subject):
            if operation == "create_document" and subject.number == bad.name:
                raise refused

        self.books.before.append(refuse)
        self.work()
        self.books.before.clear()
        states = {move.name: self.jobs(move).state for move in moves}
        self.assertEqual(states.pop(bad.name), "failed")
        self.assertEqual(set(states.values()), {"done"})
        job = self.jobs(bad)
        self.assertEqual((job.error_kind, job.error_code), ("data_refused", "-22"))
        self.assertTrue(job.message)
        self.assertIn("the VAT amount is wrong", job.technical)
        self.assertEqual((job.cause_model, job.cause_id), ("account.move", bad.id))
        self.assertEqual(bad.accountable_state, "error")
        # the refused one gave its number back
        self.assertEqual(sorted(self.books.documents), sorted(self.key(n) for n in range(1, 10)))
        job.action_retry()
        self.work()
        self.assertEqual(self.jobs(bad).state, "done")
        self.assertEqual(self.bindings(bad).external_key, self.key(10))

    def test_unexpected_error_of_one_stops_no_other(self):
        moves = self.invoice() + self.invoice()
        self.books.fail("find_parties", ValueError("a bug"))
        self.work(unexpected=True)
        first, second = self.jobs(moves[0]), self.jobs(moves[1])
        self.assertEqual((first.state, second.state), ("failed", "done"))
        self.assertIn("a bug", first.technical)
        self.assertNotIn("a bug", first.message)

    def test_unexpected_error_after_the_call_is_an_unknown_outcome(self):
        move = self.invoice()
        self.books.fail("create_document", ("after", ValueError("strange answer")))
        self.work(unexpected=True)
        self.assertEqual(self.jobs(move).state, "unknown")
        self.later()
        self.work()
        self.assertEqual(self.jobs(move).state, "done")
        self.assertEqual(self.books.calls["create_document"], 1)

    def test_temporary_error_waits_longer_each_time(self):
        move = self.invoice()
        waits = []
        for attempt in (1, 2, 3):
            self.books.fail("create_document", errors.TemporaryError("503"))
            self.later()
            self.work()
            job = self.jobs(move)
            self.assertEqual((job.state, job.attempts), ("pending", attempt))
            waits.append(job.next_try - fields.Datetime.now())
        self.assertGreater(waits[2], waits[0] * 1.5)
        self.later()
        self.work()
        self.assertEqual((self.jobs(move).state, self.jobs(move).number), ("done", 0))
        self.assertEqual(self.bindings(move).external_key, self.key(1))

    def test_package_that_is_down_is_left_alone(self):
        for _number in range(6):
            self.invoice()
        self.books.fail("create_document", errors.TemporaryError("503"), times=6)
        self.work()
        self.assertEqual(self.books.calls["create_document"], policy.TEMPORARY_IN_A_ROW)
        self.assertTrue(self.connection.wait_until)
        self.assertTrue(self.connection.wait_reason)
        self.assertNotIn(self.connection, self.connection._due_connections())

    def test_limit_is_no_failed_try(self):
        moves = self.invoice() + self.invoice()
        moment = fields.Datetime.now() + timedelta(hours=3)
        self.books.fail("create_document", errors.LimitReachedError("400", not_before=moment))
        self.work()
        self.assertEqual(self.books.calls["create_document"], 1)
        self.assertEqual(self.jobs(moves).mapped("attempts"), [0, 0])
        self.assertEqual(set(self.jobs(moves).mapped("state")), {"pending"})
        self.assertEqual(self.connection.wait_until, moment)

    def test_errors_on_one_operation_hold_only_its_kind_of_document(self):
        refused, refused_too = self.invoice(), self.invoice()
        bill = self.bill()
        moment = fields.Datetime.now() + timedelta(minutes=50)
        error = errors.LimitReachedError(
            "8 of 10 errors",
            not_before=moment,
            code=errors.LimitReachedError.ONE_OPERATION,
            values={"operation": "SalesEntries"},
        )
        self.books.fail("create_document", error)
        self.work()
        for move in refused + refused_too:
            job = self.jobs(move)
            self.assertEqual((job.state, job.next_try, job.attempts), ("pending", moment, 0))
            self.assertEqual((job.error_kind, job.series, job.number), ("limit_reached", False, 0))
        self.assertEqual(self.jobs(bill).state, "done")
        self.assertFalse(self.connection.wait_until)
        self.assertEqual(self.books.calls["create_document"], 2)
        self.later()
        self.work()
        self.assertEqual(set(self.jobs(refused + refused_too).mapped("state")), {"done"})
        self.assertEqual([stored["number"] for stored in self.books.documents.values()], [1, 1, 2])

    def test_a_limit_of_the_minute_stops_the_connection_and_says_until_when(self):
        self.env.user.tz = "Europe/Brussels"
        self.invoice()
        moment = fields.Datetime.now().replace(second=0) + timedelta(days=1)
        self.books.fail(
            "create_document",
            errors.LimitReachedError("429", not_before=moment, code="daily_limit"),
        )
        self.work()
        self.connection.invalidate_recordset()
        shown = self.connection.with_context(tz="Europe/Brussels")
        local = fields.Datetime.context_timestamp(shown, moment)
        self.assertEqual(self.connection.wait_until, moment)
        self.assertIn("Waiting until", shown.wait_sentence)
        self.assertIn(f"{local:%M}", shown.wait_sentence)
        self.assertIn(str(local.hour % 12 or 12), shown.wait_sentence)
        self.assertIn("takes no more calls", shown.wait_sentence)
        self.later()
        self.work()
        self.connection.invalidate_recordset()
        self.assertFalse(self.connection.wait_sentence)

    def test_used_up_look_ups_hold_only_what_needs_them(self):
        invoice, *bills = self.invoice(), self.bill(), self.bill(ref="F-2026/13")
        moment = fields.Datetime.now() + timedelta(hours=3)
        self.books.fail("find_document", errors.LimitReachedError("48", not_before=moment), times=9)
        self.work()
        self.assertEqual(self.jobs(invoice).state, "done")
        self.assertEqual(self.books.calls["find_document"], 1)
        for bill in bills:
            job = self.jobs(bill)
            self.assertEqual((job.state, job.next_try, job.attempts), ("pending", moment, 0))
            self.assertEqual(job.error_kind, "limit_reached")
            self.assertTrue(job.message)
        self.assertFalse(self.connection.wait_until)
        later = self.invoice()
        self.work()
        self.assertEqual(self.jobs(later).state, "done")
        self.assertEqual(self.books.calls["find_document"], 1)
        self.books.faults.clear()
        self.later()
        self.work()
        self.assertEqual([self.jobs(bill).state for bill in bills], ["done", "done"])

    def test_a_limit_of_every_call_met_by_a_look_up_stops_the_connection(self):
        bill, other = self.bill(), self.bill(ref="F-2026/13")
        moment = fields.Datetime.now() + timedelta(hours=3)
        self.books.fail(
            "find_document", errors.LimitReachedError("60", not_before=moment, whole=True)
        )
        self.work()
        self.assertEqual(self.connection.wait_until, moment)
        self.assertEqual(self.jobs(bill).next_try, moment)
        self.assertEqual((self.jobs(bill).attempts, self.jobs(other).state), (0, "pending"))

    def test_used_up_look_ups_hold_only_the_series_of_an_unknown_document(self):
        with self.no_patience():
            invoice = self.invoice()
            self.books.fail("create_document", errors.OutcomeUnknownError("timeout"))
            self.work()
            moment = fields.Datetime.now() + timedelta(hours=3)
            self.books.fail("find_document", errors.LimitReachedError("48", not_before=moment))
            self.later()
            refund = self.invoice(move_type="out_refund")
            self.work()
        job = self.jobs(invoice)
        self.assertEqual((job.state, job.next_try), ("unknown", moment))
        self.assertFalse(self.connection.wait_until)
        self.assertEqual(self.jobs(refund).state, "done")

    def test_used_up_changes_hold_no_new_document(self):
        changed = self.invoice()
        self.work()
        changed.button_draft()
        changed.invoice_line_ids.price_unit = 50.0
        changed.action_post()
        moment = fields.Datetime.now() + timedelta(hours=3)
        self.books.fail("update_document", errors.LimitReachedError("10", not_before=moment))
        new = self.invoice()
        self.work()
        self.assertEqual(self.jobs(new).state, "done")
        waiting = self.jobs(changed).filtered(lambda job: job.state == "pending")
        self.assertEqual((waiting.next_try, waiting.error_kind), (moment, "limit_reached"))
        self.assertFalse(self.connection.wait_until)

    def test_lost_authorisation_stops_everything_and_tells_managers_once(self):
        self.invoice()
        self.invoice()
        self.books.fail("create_document", errors.AuthorisationLostError("401"), times=2)
        self.work()
        self.assertEqual(self.books.calls["create_document"], 1)
        self.assertEqual(self.connection.state, "reconnect")
        self.assertEqual(self.sign_in.state, "lost")
        mine = self.connection.activity_ids.filtered(lambda one: one.user_id == self.env.user)
        self.assertEqual(len(mine), 1)
        self.assertNotIn(self.connection, self.connection._due_connections())
        self.connection.sudo().state = "connected"
        self.work()
        mine = self.connection.activity_ids.filtered(lambda one: one.user_id == self.env.user)
        self.assertEqual(len(mine), 1)

    # The outcome nobody knows

    def test_answer_lost_after_booking(self):
        for hides in (False, True):
            with self.subTest(hides_own_reference=hides):
                self.books.hides_own_reference = hides
                before = self.books.calls["create_document"]
                move = self.invoice(100.0 + hides)
                self.books.fail(
                    "create_document", ("after", errors.OutcomeUnknownError("no answer"))
                )
                self.work()
                self.assertEqual(self.jobs(move).state, "unknown")
                self.assertEqual(move.accountable_state, "error")
                self.later()
                self.work()
                self.assertEqual(self.jobs(move).state, "done")
                self.assertEqual(self.books.calls["create_document"], before + 1)
                self.assertTrue(self.bindings(move).external_key)

    def test_answer_lost_before_booking(self):
        move = self.invoice()
        self.books.fail("create_document", errors.OutcomeUnknownError("timeout"))
        self.work()
        self.assertEqual((self.jobs(move).state, self.jobs(move).number), ("unknown", 1))
        self.later()
        self.work()
        self.assertEqual(self.jobs(move).state, "done")
        self.assertEqual(list(self.books.documents), [self.key(1)])

    def test_unknown_holds_its_series_and_only_that(self):
        first = self.invoice()
        self.books.fail("create_document", ("after", errors.OutcomeUnknownError("timeout")))
        second, refund = self.invoice(), self.invoice(move_type="out_refund")
        self.work()
        self.assertEqual(self.jobs(first).state, "unknown")
        self.assertEqual(self.jobs(second).state, "pending")
        self.assertIn(first.name, self.jobs(second).message)
        self.assertEqual(self.jobs(refund).state, "done")
        # while it cannot be looked up nothing of the series goes
        self.books.fail("find_document", errors.TemporaryError("503"))
        self.later()
        self.work()
        self.assertEqual(self.jobs(first).state, "unknown")
        self.assertEqual(self.jobs(second).state, "pending")
        self.later()
        self.work()
        self.assertEqual(set(self.jobs(first + second).mapped("state")), {"done"})
        self.assertEqual(self.bindings(second).external_key, self.key(2))

    def test_without_consecutive_numbers_nothing_is_held(self):
        self.books.capabilities = type(self.books)(consecutive_numbers=False).capabilities
        first, second = self.invoice(), self.invoice()
        self.books.fail("create_document", ("after", errors.OutcomeUnknownError("timeout")))
        self.work()
        self.assertEqual((self.jobs(first).state, self.jobs(second).state), ("unknown", "done"))

    def test_dead_worker(self):
        move = self.invoice()

        def die(operation, _subject):
            if operation == "create_document":
                raise SystemExit

        self.books.before.append(die)
        with suppress(SystemExit):
            self.work()
        self.books.before.clear()
        self.assertEqual(self.jobs(move).state, "sending")
        self.assertEqual(self.connection.run_ids.mapped("state"), ["running"])
        self.assertIn(self.connection, self.connection._due_connections())
        self.work()
        self.assertEqual(self.jobs(move).state, "unknown")
        self.assertGreater(self.jobs(move).next_try, fields.Datetime.now())
        self.later()
        self.work()
        self.assertEqual(self.jobs(move).state, "done")
        self.assertEqual(len(self.books.documents), 1)
        self.assertNotIn("running", self.connection.run_ids.mapped("state"))

    def test_number_taken_by_a_person(self):
        self.invoice()
        self.work()
        self.books.book_by_hand(f"V1/{self.today.year}", kind="sale", total=Decimal("5"))
        move = self.invoice()
        self.work()
        self.assertEqual(self.bindings(move).external_key, self.key(3))
        self.assertEqual(len(self.books.documents), 3)

    def test_identical_documents_are_both_booked_after_a_lost_answer(self):
        self.books.hides_own_reference = True
        first, second = self.invoice(), self.invoice()
        self.work()
        self.assertEqual(len(self.books.documents), 2)
        third = self.invoice()
        self.books.fail("create_document", errors.OutcomeUnknownError("timeout"))
        self.work()
        self.later()
        self.work()
        self.assertEqual(self.jobs(first + second + third).mapped("state"), ["done"] * 3)
        self.assertEqual(len(self.books.documents), 3)

    # What is there already

    def bill(self, **values):
        return self.invoice(move_type="in_invoice", ref=values.pop("ref", "F-2026/12"), **values)

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

    # Journals whose numbers must equal Odoo's

    def test_failed_document_holds_the_later_ones_of_its_journal(self):
        self.hold_later(self.company_data["default_journal_sale"])
        first, second = self.invoice(), self.invoice()
        bill = self.bill()
        self.books.fail("create_document", errors.DataRefusedError("no"))
        self.work()
        self.assertEqual(
            [self.jobs(move).state for move in (first, second, bill)], ["failed", "pending", "done"]
        )
        self.assertIn(first.name, self.jobs(second).message)
        self.jobs(first).action_retry()
        self.work()
        self.assertEqual(self.bindings(first).external_key, self.key(1))
        self.assertEqual(self.bindings(second).external_key, self.key(2))

    def test_a_question_about_a_booked_document_holds_no_later_one(self):
        self.hold_later(self.company_data["default_journal_sale"])
        first = self.invoice()
        self.work()
        first.is_move_sent = True
        first.payment_reference = "+++000/0000/00097+++"
        second = self.invoice()
        self.work()
        self.assertEqual(self.jobs(first).filtered("error_code").error_code, "sent_to_customer")
        self.assertEqual(self.jobs(second).state, "done", self.jobs(second).message)

    # Files

    def attach(self, move, name="bill.pdf", content=b"%PDF-1.4 file"):
        return self.env["ir.attachment"].create(
            {
                "name": name,
                "raw": content,
                "mimetype": "application/pdf",
                "res_model": move._name,
                "res_id": move.id,
            }
        )

    def test_file_of_a_bill_goes_with_the_booking(self):
        bill = self.invoice(move_type="in_invoice", ref="F-1", post=False)
        attachment = self.attach(bill)
        bill.action_post()
        self.work()
        self.assertEqual(self.books.documents[self.key(1, "A1")]["files"], ["bill.pdf"])
        self.assertEqual(self.books.calls["attach_file"], 0)
        self.assertTrue(self.bindings(attachment, "file"))

    def test_an_empty_file_is_said_and_holds_nothing_back(self):
        bill = self.invoice(move_type="in_invoice", ref="F-1", post=False)
        empty = self.attach(bill, "scan.pdf", b"")
        self.attach(bill)
        bill.action_post()
        self.work()
        self.assertEqual(self.jobs(bill).state, "done")
        self.assertEqual(self.books.documents[self.key(1, "A1")]["files"], ["bill.pdf"])
        job = self.jobs(bill, "file")
        self.assertEqual((job.state, job.error_code), ("failed", "empty_file"))
        self.assertIn("scan.pdf", job.message)
        self.assertEqual((bill.accountable_state, bill.accountable_error), ("error", job.message))
        empty.write({"raw": b"%PDF-1.4 scanned again", "mimetype": "application/pdf"})
        job.action_retry()
        self.work()
        self.assertEqual(
            self.books.documents[self.key(1, "A1")]["files"], ["bill.pdf", "scan.pdf"]
        )
        self.assertEqual(bill.accountable_state, "exported")

    def test_file_added_to_a_booked_bill_follows(self):
        bill = self.bill()
        invoice = self.invoice()
        self.work()
        self.attach(bill, "scan.pdf")
        self.attach(invoice, "note.pdf")
        self.work()
        self.assertEqual(self.books.documents[self.key(1, "A1")]["files"], ["scan.pdf"])
        self.assertFalse(self.jobs(invoice, "file"))
        self.assertEqual(self.books.calls["attach_file"], 1)

    def test_file_follows_where_it_cannot_go_along_and_never_undoes_the_booking(self):
        self.books.capabilities = type(self.books)(files_with_document=False).capabilities
        bill = self.invoice(move_type="in_invoice", ref="F-1", post=False)
        self.attach(bill)
        bill.action_post()
        self.books.fail("attach_file", errors.DataRefusedError("too big"))
        self.work()
        self.assertEqual(self.jobs(bill).state, "done")
        file_job = self.jobs(bill, "file")
        self.assertEqual(file_job.state, "failed")
        self.assertTrue(self.bindings(bill))
        file_job.action_retry()
        self.work()
        self.assertEqual(self.jobs(bill, "file").state, "done")
        self.assertEqual(self.books.documents[self.key(1, "A1")]["files"], ["bill.pdf"])
        bill._accountable_enqueue_files()
        self.work()
        self.assertEqual(self.books.documents[self.key(1, "A1")]["files"], ["bill.pdf"])
