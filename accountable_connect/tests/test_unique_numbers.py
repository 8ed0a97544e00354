"""Numbers of a package that refuses one that is given twice, and allows gaps."""

from contextlib import suppress
from datetime import timedelta

from odoo.addons.accountable_connect.api import errors
from odoo.addons.accountable_connect.models.engine.numbers import Numbers
from odoo.addons.accountable_connect.models.engine.synchronisation import run_state_of

from .common import ConnectionCase
from .fake_package import FakePackage

LOST = errors.OutcomeUnknownError("no answer")


class TestUniqueNumbers(ConnectionCase):
    def setUp(self):
        super().setUp()
        self.books.capabilities = self._capabilities()
        self.by_hand()

    def _capabilities(self, **capabilities):
        return type(self.books)(
            consecutive_numbers=False, unique_numbers=True, **capabilities
        ).capabilities

    def by_hand(self, journal="V1", **values):
        """Somebody books under the next number."""
        values = {"kind": "sale", "document_date": self.today, "currency": "EUR", **values}
        return self.books.book_by_hand(f"{journal}/{self.today.year}", **values)

    @property
    def numbers(self):
        """Those that were given, call by call."""
        return [number for _document, _party_key, number in self.books.given]

    def arrive(self, call=0):
        """A call whose connection broke is worked off after all; it may be refused by now."""
        late = self.books.given[call]
        with suppress(errors.NumberTakenError):
            FakePackage(self.books).create_document(*late)
        self.books.given.pop()

    def booked(self, move):
        """Keys of its bookings in the administration."""
        return [
            key
            for key, entry in self.books.documents.items()
            if "document" in entry and entry["document"].number == move.name
        ]

    def protects(self, job):
        with self.worker() as connection, connection._open_package() as package:
            run_state = run_state_of(connection, package, 0, None)
            return Numbers(job.with_env(connection.env), run_state).protects()

    # Counting

    def test_counted_on_from_the_highest_which_is_asked_for_once_a_run(self):
        moves = self.invoice() + self.invoice() + self.invoice()
        self.work()
        self.assertEqual(self.numbers, [2, 3, 4])
        self.assertEqual(self.books.calls["last_number"], 1)
        self.assertEqual(set(self.jobs(moves).mapped("state")), {"done"})
        self.by_hand()
        self.invoice()
        self.work()
        self.assertEqual((self.numbers[-1], self.books.calls["last_number"]), (6, 2))

    def test_first_of_an_empty_series_goes_without(self):
        refunds = [self.invoice(move_type="out_refund") for _number in range(2)]
        self.work()
        self.assertEqual(self.numbers, [None, 2])
        self.assertEqual(
            [self.booked(move) for move in refunds], [[self.key(1, "V2")], [self.key(2, "V2")]]
        )
        self.assertFalse(self.env["accountable.number.series"].search([]))

    def test_package_that_numbers_itself_is_given_none(self):
        self.books.capabilities = type(self.books)(consecutive_numbers=False).capabilities
        self.invoice()
        self.work()
        self.assertEqual((self.numbers, self.books.calls["last_number"]), ([None], 0))

    def test_refused_document_leaves_a_gap_and_holds_nobody(self):
        first, second = self.invoice(), self.invoice()
        self.books.fail("create_document", errors.DataRefusedError("no"))
        self.work()
        self.assertEqual(self.numbers, [2, 3])
        self.jobs(first).action_retry()
        self.work()
        self.assertEqual(self.numbers, [2, 3, 2])
        self.assertEqual(set(self.jobs(first + second).mapped("state")), {"done"})

    def test_highest_is_not_known(self):
        move = self.invoice()
        self.books.fail("last_number", errors.TemporaryError("503"))
        self.work()
        self.assertEqual((self.jobs(move).state, self.books.given), ("pending", []))
        self.later()
        self.work()
        self.assertEqual(self.numbers, [2])

    # Kept on repeating

    def test_number_is_kept_after_an_unknown_outcome(self):
        """The first call arrives at any moment: one of the two is refused."""
        for moment in ("never", "before the second", "after the second"):
            with self.subTest(moment):
                before = len(self.books.given)
                move = self.invoice()
                self.books.fail("create_document", LOST)
                self.work()
                job = self.jobs(move)
                self.assertEqual((job.state, job.number), ("unknown", self.numbers[-1]))
                self.assertTrue(self.protects(job))
                if moment == "before the second":
                    # after it was looked up, before it is sent again
                    self.books.before.append(
                        lambda operation, _subject, call=before: (
                            operation == "create_document"
                            and not self.books.before.clear()
                            and self.arrive(call)
                        )
                    )
                self.later()
                self.work()
                self.assertEqual(self.numbers[before], self.numbers[before + 1])
                if moment == "after the second":
                    self.arrive(before)
                self.assertEqual(job.state, "done", job.message)
                self.assertEqual(len(self.booked(move)), 1)
                self.assertEqual(self.bindings(move).external_key, self.booked(move)[0])

    def test_unknown_number_is_given_to_nobody_else(self):
        first = self.invoice()
        self.books.fail("create_document", LOST)
        self.work()
        second = self.invoice()
        self.work()
        self.assertEqual(self.numbers, [2, 3])
        self.assertEqual((self.jobs(first).state, self.jobs(second).state), ("unknown", "done"))
        self.later()
        self.work()
        self.assertEqual(self.numbers, [2, 3, 2])

    def test_posted_again_meanwhile(self):
        """The newer item takes over the number."""
        move = self.invoice()
        self.books.fail("create_document", LOST)
        self.work()
        move.button_draft()
        move.invoice_line_ids.price_unit = 200.0
        move.action_post()
        self.later()
        self.work()
        self.later()
        self.work()
        self.arrive()
        self.assertEqual(self.numbers, [2, 2])
        self.assertEqual(len(self.booked(move)), 1)
        self.assertEqual(self.jobs(move)[-1].state, "done")

    def test_reset_and_posted_again_later(self):
        move = self.invoice()
        self.books.fail("create_document", LOST)
        self.work()
        move.button_draft()
        self.settle()
        self.assertNotIn("unknown", self.jobs(move).mapped("state"))
        move.action_post()
        self.work()
        self.arrive()
        self.assertEqual(self.numbers, [2, 2])
        self.assertEqual(len(self.booked(move)), 1)

    def test_definite_refusal_after_an_unknown_outcome(self):
        """The first call is still on its way: the number stays."""
        move = self.invoice()
        self.books.fail("create_document", LOST)
        self.books.fail("create_document", errors.DataRefusedError("no"))
        self.work()
        self.later()
        self.work()
        job = self.jobs(move)
        self.assertEqual((job.state, job.number), ("failed", 2))
        job.action_retry()
        self.work()
        self.arrive()
        self.assertEqual(self.numbers, [2, 2, 2])
        self.assertEqual(len(self.booked(move)), 1)

    def test_other_series_waits_for_what_may_arrive_in_the_first(self):
        move = self.invoice()
        self.books.fail("create_document", LOST)
        self.work()
        mapping = self.env["accountable.mapping"].search(
            [
                ("connection_id", "=", self.connection.id),
                ("journal_id", "=", move.journal_id.id),
                ("document_kind", "=", "sale"),
            ]
        )
        mapping.master_data_id = self.connection.master_data_ids.filtered(
            lambda row: (row.kind, row.code) == ("journal", "V2")
        )
        self.pass_time(timedelta(minutes=2))
        self.work()
        job = self.jobs(move)[0]
        self.assertEqual(job.state, "unknown")
        self.arrive()
        self.settle()
        self.assertEqual(self.numbers, [2])
        self.assertEqual(self.booked(move), [self.bindings(move).external_key])

    def test_other_series_after_all(self):
        move = self.invoice()
        self.books.fail("create_document", LOST)
        self.work()
        move.button_draft()
        move.invoice_date = move.date = self.today - timedelta(days=400)
        move.name = False
        move.action_post()
        self.work()
        self.assertEqual(self.numbers, [2])
        self.settle()
        job = self.jobs(move)[-1]
        self.assertEqual((job.state, self.numbers), ("done", [2, None]))

    # In use

    def test_number_that_somebody_took_becomes_the_next_one(self):
        """Equal figures make nobody's booking ours: it does not bear our mark."""
        move = self.invoice()
        party = self.invoice(move_type="out_refund")
        self.work()
        self.books.given.clear()
        move = self.invoice()
        self.books.before.append(
            lambda operation, _subject: (
                operation == "create_document"
                and not self.books.before.clear()
                and self.by_hand(
                    party_key=self.bindings(party.partner_id, "party").external_key,
                    total=move.amount_total,
                )
            )
        )
        self.work()
        self.assertEqual(self.jobs(move).state, "done", self.jobs(move).message)
        self.assertEqual(self.numbers, [3, 4])
        self.assertEqual(self.booked(move), [self.key(4)])

    # Numbers that are ignored

    def test_answer_with_another_number(self):
        self.books.ignores_numbers = True
        lost = self.invoice()
        self.books.fail("create_document", LOST)
        self.work()
        job = self.jobs(lost)
        self.assertTrue(self.protects(job))
        other = self.invoice()
        self.work()
        self.assertEqual((self.numbers, self.booked(other)), ([2, 3], [self.key(2)]))
        self.assertFalse(self.protects(job))
        self.invoice()
        self.settle()
        self.assertEqual(self.numbers, [2, 3, None, None])
        self.assertEqual((job.state, job.number), ("done", 0))

    # Opposites

    def lose_opposite(self):
        """The item of a cancelled document whose opposite went out, and no answer came."""
        self.books.capabilities = self._capabilities(remove_document=True)
        move = self.invoice()
        self.invoice(move_type="out_refund")
        self.work()
        self.books.processed.add(self.bindings(move).external_key)
        self.books.given.clear()
        move.button_draft()
        move.button_cancel()
        self.books.fail("create_document", LOST)
        self.work()
        job = self.jobs(move, "reverse")
        self.assertEqual((job.state, job.number), ("unknown", 2))
        return job

    def test_opposite_keeps_its_number(self):
        job = self.lose_opposite()
        self.assertTrue(self.protects(job))
        self.later()
        self.work()
        self.arrive()
        self.assertEqual((job.state, self.numbers), ("done", [2, 2]))
        self.assertEqual(len(self.books.documents), 4)

    def test_an_opposite_on_its_way_is_no_removal_any_more(self):
        """The booking can be removed after all: too late, its opposite may be there."""
        job = self.lose_opposite()
        self.books.processed.clear()
        self.books.calls.clear()
        self.later()
        self.work()
        self.assertEqual((job.state, self.numbers), ("done", [2, 2]))
        self.assertFalse(self.books.calls["remove_document"])

    def test_number_protects_no_removal(self):
        self.books.capabilities = self._capabilities(remove_document=True)
        move = self.invoice()
        self.work()
        self.books.fail("remove_document", LOST)
        move.button_draft()
        move.button_cancel()
        self.work()
        job = self.jobs(move, "reverse")
        self.assertEqual(job.state, "unknown")
        job.sudo().write({"series": "V2/1", "number": 9})
        self.assertFalse(self.protects(job))
