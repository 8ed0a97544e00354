"""Entries of several parts, what a package gives them, and what it cannot write."""

from odoo import fields
from odoo.addons.accountable_connect.api import policy
from odoo.addons.accountable_connect.api.errors import DataRefusedError, TemporaryError

from .common_hand_over import DELIVERED, ENTRIES, HandOverCase


class PartsCase(HandOverCase):
    """Each accounting month is a part; documents get numbers from 1 on, which stay theirs."""

    capabilities = ENTRIES

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.earlier = fields.Date.subtract(cls.today, months=1)

    def setUp(self):
        super().setUp()
        type(self).unwritten = frozenset()
        self.given, self.refused = {}, set()
        connections = type(self.env["accountable.connection"])
        deliveries = type(self.env["accountable.delivery"])

        def _batch_part(connection, delivery):
            return f"{delivery.accounting_date:%Y-%m}"

        def _given(model, batch, delivery, record):
            self.assertEqual((batch.state, batch.document_count >= 0), ("open", True))
            if delivery.number in self.refused:
                raise DataRefusedError("no", code="fake", values={"detail": "no number is left"})
            key = record["operation"], record["res_id"], record.get("undoes_id")
            return {"number": self.given.setdefault(key, len(self.given) + 1)}

        self.patch(connections, "_batch_part", _batch_part)
        self.patch(deliveries, "_given", _given)

    def open_parts(self):
        return [one.part for one in self.batches() if one.state == "open"]

    def texts(self, batch):
        return b"".join(self.contents(batch).values()).decode().splitlines()


class TestParts(PartsCase):
    def test_each_part_has_a_batch(self):
        one, two = self.invoice(1, invoice_date=self.earlier), self.invoice(2)
        self.work()
        first, second = self.items(one).batch_id, self.items(two).batch_id
        self.assertEqual(self.open_parts(), [f"{self.earlier:%Y-%m}", f"{self.today:%Y-%m}"])
        self.assertEqual((first.document_count, second.document_count), (1, 1))
        # its date changes while nobody has it
        one.button_draft()
        one.write({"invoice_date": self.today, "date": self.today, "name": False})
        one.action_post()
        self.work()
        self.assertEqual(self.items(one)[-1].batch_id, second)
        self.assertEqual((first.document_count, second.document_count), (0, 2))

    def test_settings_hold_for_all(self):
        self.invoice(1, invoice_date=self.earlier)
        self.invoice(2)
        self.work()
        self.assertEqual(self.batches().mapped("closes_at"), [False, False])
        self.connection.batch_closes = "nightly"
        self.assertTrue(all(self.batches().mapped("closes_at")))

    def test_one_that_cannot_close_keeps_no_other_from_it(self):
        one, two = self.invoice(1, invoice_date=self.earlier), self.invoice(2)
        self.work()
        first, second = self.items(one).batch_id, self.items(two).batch_id
        (first | second).closes_at = "2020-01-01"
        batches, close = type(first), type(first)._close

        def _close(batch, package):
            if batch == first:
                raise TemporaryError("not now", values={"detail": "not now"})
            return close(batch, package)

        self.patch(batches, "_close", _close)
        self.work()
        self.assertEqual((first.state, second.state), ("open", "closed"))
        self.assertTrue(first.message)
        self.assertGreater(first.closes_at, fields.Datetime.now())

    def test_changed_after_it_closed_with_another_date(self):
        """The opposite goes in the part of what it undoes, the document in its own."""
        self.connection.batch_closes = "at_once"
        bill = self.bill(amount=100, date=self.earlier)
        self.work()
        self.hand_over(self.batches())
        bill.button_draft()
        bill.write({"date": self.today, "name": False})
        bill.action_post()
        self.work()
        _document, opposite, anew = self.items(bill)
        self.assertEqual(
            [one.batch_id.part for one in (opposite, anew)],
            [f"{self.earlier:%Y-%m}", f"{self.today:%Y-%m}"],
        )
        self.assertEqual(self.batches().mapped("state"), ["handed_over", "closed", "closed"])
        self.assertEqual(self.batches().mapped("number"), [1, 2, 3])

    def test_an_opposite_has_the_codes_of_its_kind_and_a_number_of_its_own(self):
        move = self.invoice(100)
        self.work()
        self.hand_over()
        move.button_draft()
        move.button_cancel()
        self.work()
        document, opposite = self.items(move)
        self.assertEqual((document._document().journal, opposite._document().journal), ("V1", "V2"))
        self.assertEqual(opposite.batch_id.part, document.batch_id.part)
        self.assertEqual((document.given, opposite.given), ({"number": 1}, {"number": 2}))

    def test_cancelled_again_while_its_opposite_waits(self):
        """The document that came in its place goes out again, the opposite stays."""
        bill = self.bill(amount=100)
        self.work()
        self.hand_over()
        self.change(bill, 200)
        self.work()
        bill.button_draft()
        bill.button_cancel()
        self.work()
        self.assertEqual(self.items(bill).mapped("state"), ["in_batch", "in_batch", "taken_out"])
        self.assertEqual(self.texts(self.close()), [f"purchase_refund {bill.name} 121.00 as 2"])


class TestDelivered(PartsCase):
    """Documents that go as they are have parts and are given something too."""

    capabilities = DELIVERED

    def test_into_its_part_and_out_again(self):
        one, two = self.invoice(1, invoice_date=self.earlier), self.invoice(2)
        self.work()
        self.assertEqual(self.open_parts(), [f"{self.earlier:%Y-%m}", f"{self.today:%Y-%m}"])
        self.assertEqual(self.items(one).given, {"number": 1})
        one.button_draft()
        one.button_cancel()
        self.assertEqual(self.items(one).state, "taken_out")
        self.assertEqual(self.items(two).state, "in_batch")
        self.assertEqual(self.batches().mapped("document_count"), [0, 1])


class TestGiven(PartsCase):
    def test_it_is_frozen_and_written(self):
        move = self.invoice(100)
        self.work()
        self.assertEqual(self.items(move).given, {"number": 1})
        self.assertEqual(self.texts(self.close()), [f"sale {move.name} 121.00 as 1"])

    def test_what_is_given_nothing_waits(self):
        move = self.invoice(100)
        self.refused.add(move.name)
        self.work()
        job = self.jobs(move)
        self.assertEqual((job.state, job.error_kind), ("failed", "data_refused"))
        self.assertFalse(self.items(move))
        self.assertFalse(self.bindings(move))
        self.assertFalse(self.batches(), "no empty batch of it is left")
        self.refused.clear()
        job.action_retry()
        self.work()
        self.assertEqual(self.items(move).given, {"number": 1})

    def test_many_refused_stop_no_run(self):
        self.patch(policy, "REFUSED_IN_A_RUN", 2)
        moves = self.env["account.move"].union(*(self.invoice(1) for _number in range(4)))
        self.refused.update(moves[:3].mapped("name"))
        self.work()
        self.assertEqual(self.jobs(moves).mapped("state"), ["failed"] * 3 + ["done"])

    def test_a_refused_opposite_is_asked_anew(self):
        move = self.invoice(100)
        self.work()
        self.hand_over()
        move.button_draft()
        move.button_cancel()
        self.work()
        self.hand_over()._refuse("Unknown journal.")
        self.given["reverse", move.id, self.items(move)[0].id] = 7
        self.jobs(move, "reverse").filtered(lambda job: job.state == "failed").action_retry()
        self.work()
        self.assertEqual([one.given["number"] for one in self.items(move)], [1, 2, 7])

    def test_a_refused_document_is_asked_anew(self):
        move = self.invoice(100)
        self.work()
        self.hand_over()._refuse("Unknown journal.")
        self.given[("document", move.id, None)] = 7
        self.jobs(move).filtered(lambda job: job.state == "failed").action_retry()
        self.work()
        self.assertEqual([one.given["number"] for one in self.items(move)], [1, 7])


class TestLeftOut(PartsCase):
    def leave_out(self, *names):
        type(self).unwritten = frozenset(names)

    def failed(self, move, operation="document"):
        return self.jobs(move, operation).filtered(lambda job: job.state == "failed")

    def test_a_person_closes_what_can_be_written(self):
        odd, good = self.invoice(1), self.invoice(2)
        other = self.invoice(3)
        self.work()
        self.leave_out(odd.name, other.name)
        action = self.batches().action_close()
        self.assertEqual(action["params"]["type"], "warning")
        self.assertIn("2", action["params"]["message"])
        self.assertIn(odd.name, action["params"]["message"])
        batch = self.batches()
        self.assertEqual((batch.state, batch.name, batch.document_count), ("closed", "00001", 1))
        self.assertEqual(self.texts(batch), [f"sale {good.name} 2.42 as 2"])
        self.assertEqual(self.failed(odd | other).mapped("error_code"), ["fake", "fake"])
        self.leave_out()
        self.failed(odd).action_retry()
        self.work()
        self.assertEqual(self.items(odd)[-1].given, {"number": 1})

    def test_with_nothing_left_it_stays_open(self):
        odd = self.invoice(1)
        self.work()
        self.leave_out(odd.name)
        batch = self.batches()
        batch.action_close()
        self.assertEqual((batch.state, batch.number, batch.document_count), ("open", 0, 0))
        self.assertTrue(self.failed(odd))
        self.leave_out()
        self.invoice(2)
        self.work()
        self.assertEqual(self.close().name, "00001")

    def test_at_once_what_waited_in_it_keeps_no_other_from_going(self):
        odd = self.invoice(1)
        self.work()
        self.leave_out(odd.name)
        self.connection.batch_closes = "at_once"
        good = self.invoice(2)
        self.work()
        self.assertEqual(self.items(good).batch_id.state, "closed")
        self.assertEqual(self.items(odd).state, "taken_out")
        self.assertEqual(self.failed(odd).error_code, "fake")

    def test_an_opposite_that_cannot_be_written_undoes_nothing(self):
        bill = self.bill(amount=100)
        self.work()
        self.hand_over()
        self.change(bill, 200)
        self.work()
        document, opposite, anew = self.items(bill)
        self.leave_out(("purchase_refund", bill.name))
        self.batches()[-1].action_close()
        self.assertEqual((opposite | anew).mapped("state"), ["taken_out"] * 2)
        self.assertFalse(document.undone)
        self.assertEqual(self.bindings(bill).external_key, f"item,{document.id}")
        self.assertEqual(self.failed(bill).error_code, "fake")
        self.leave_out()
        self.failed(bill).action_retry()
        self.work()
        self.assertEqual(
            self.texts(self.close()),
            [
                f"purchase_refund {bill.name} 121.00 as 2",
                f"purchase {bill.name} 242.00 as 1",
            ],
        )

    def test_the_opposite_of_what_was_cancelled_waits(self):
        move = self.invoice(100)
        self.work()
        self.hand_over()
        move.button_draft()
        move.button_cancel()
        self.work()
        self.leave_out(move.name)
        self.batches()[-1].action_close()
        self.assertEqual(self.failed(move, "reverse").error_code, "fake")
        self.assertEqual(self.bindings(move).external_key, f"item,{self.items(move)[0].id}")
        self.leave_out()
        self.failed(move, "reverse").action_retry()
        self.work()
        self.assertEqual(self.texts(self.close()), [f"sale_refund {move.name} 121.00 as 2"])
        self.assertFalse(self.bindings(move))

    def test_an_opposite_whose_document_is_gone_already_goes_by_itself(self):
        bill = self.bill(amount=100, date=self.earlier)
        self.work()
        self.hand_over()
        bill.button_draft()
        bill.write({"date": self.today, "name": False})
        bill.action_post()
        self.work()
        document, opposite, anew = self.items(bill)
        self.leave_out(("purchase_refund", document.name))
        self.close(anew.batch_id)
        self.assertEqual(anew.batch_id.state, "closed")
        self.close(opposite.batch_id)
        self.assertEqual(opposite.state, "taken_out")
        self.assertTrue(document.undone)
        self.leave_out()
        self.failed(bill, "reverse").action_retry()
        self.work()
        again = self.items(bill)[-1]
        self.assertEqual((again.operation, again.given), ("reverse", opposite.given))
