import dataclasses

from odoo.addons.accountable_connect.api.errors import DataRefusedError
from odoo.addons.accountable_connect.documents.document import OPPOSITE
from odoo.exceptions import ValidationError

from .common import WinBooksCase


class TestEntering(WinBooksCase):
    def refused(self, *arguments, **record):
        with self.assertRaises(DataRefusedError) as caught:
            self.given(*arguments, **record)
        # each of them has a sentence
        self.assertIn(caught.exception.code, self.connection._get_sentences())
        return caught.exception.code

    def opposite_of(self, delivery):
        document = dataclasses.replace(delivery.document, kind=OPPOSITE[delivery.document.kind])
        return dataclasses.replace(delivery, kind=document.kind, document=document)

    def test_a_sale_has_the_running_part_of_its_number(self):
        move = self.invoice(invoice_date="2026-03-10")
        given = self.given(move)
        self.assertEqual(given["number"], str(move.sequence_number))
        self.assertEqual((given["book_year"], given["period"]), ("", ""))
        self.assertEqual(given["archive_period"], "03")
        self.assertFalse(given["late"])
        # refused, or taken out: it goes again under the same one
        self.assertEqual(self.given(move)["number"], given["number"])

    def test_a_book_year_is_typed_as_people_write_it(self):
        self.env["res.lang"]._activate_lang("fr_BE")
        numbers = self.env["accountable.winbooks.number"]
        for number, (language, typed) in enumerate(
            (("en_US", "01/01/2026"), ("fr_BE", "1/1/26"), ("en_US", "2026"), ("fr_BE", "2026-1-1"))
        ):
            values = {"journal": "V1", "book_year": typed, "number": number + 1}
            with self.subTest(language=language, typed=typed):
                row = numbers.with_context(lang=language).create(
                    {**values, "connection_id": self.connection.id}
                )
                self.assertEqual(row.book_year, "2026-01-01")
        with self.assertRaisesRegex(ValidationError, "They begin on: 01/01/2025, 01/01/2026"):
            numbers.create({**values, "connection_id": self.connection.id, "book_year": "2031"})

    def test_bills_are_counted_per_book_year(self):
        journal = self.env["accountable.master.data"].search(
            [("connection_id", "=", self.connection.id), ("code", "=", "A1")]
        )
        journal.sudo().details = {**journal.details, "last_number": 41}
        self.connection.start_date = "2026-01-01"
        first = self.bill("1", invoice_date="2026-03-10")
        second = self.bill("2", invoice_date="2026-04-10")
        self.assertEqual(self.given(first)["number"], "42")
        self.assertEqual(self.given(second)["number"], "43")
        # what the office used meanwhile
        self.env["accountable.winbooks.number"].create(
            {
                "connection_id": self.connection.id,
                "journal": "A1",
                "book_year": "2026-01-01",
                "number": 50,
            }
        )
        self.assertEqual(self.given(self.bill("3", invoice_date="2026-04-11"))["number"], "51")
        self.assertEqual(self.given(first)["number"], "42")
        # the typed start is that of the first book year
        self.connection.start_date = "2025-01-01"
        earlier = self.bill("4", invoice_date="2025-12-10")
        self.assertEqual(self.given(earlier)["number"], "42")

    def test_a_late_bill_says_so(self):
        bill = self.bill("1", invoice_date="2026-02-10", post=False)
        bill.date = "2026-03-05"
        bill.action_post()
        self.assertTrue(self.given(bill)["late"])
        self.assertEqual(self.connection._batch_part(self.delivery(bill)), "2026-01-01/03")

    def test_ranks_that_are_known_are_written(self):
        self.type_book_year(2027, year_rank="7")
        move = self.invoice(invoice_date="2027-03-10")
        given = self.given(move)
        self.assertEqual((given["book_year"], given["period"]), ("7", "03"))
        self.assertEqual(self.connection._batch_part(self.delivery(move)), "2027-01-01")
        self.connection.winbooks_book_year_and_period = False
        self.assertEqual(self.connection._batch_part(self.delivery(move)), "2027-01-01/03")
        self.assertEqual(self.given(move)["book_year"], "")

    def test_an_opposite_and_what_goes_anew_are_counted_apart(self):
        move = self.invoice(invoice_date="2026-03-10")
        item = self.enter(move)
        opposite = self.opposite_of(self.delivery(move))
        record = {"operation": "reverse", "undoes_id": item.id}
        reversed_ = self.given(move, opposite, **record)
        self.assertEqual(reversed_["number"], "90000001")
        self.assertEqual(reversed_["third"], item.given["third"])
        self.assertEqual(self.given(move, opposite, **record)["number"], "90000001")
        item.undone = True
        anew = self.given(move)
        self.assertEqual(anew["number"], "90000002")
        self.assertEqual(self.given(move)["number"], "90000002")

    def test_two_sales_under_one_number_are_refused(self):
        first = self.invoice(invoice_date="2026-03-10")
        self.given(first)
        delivery = self.delivery(self.invoice(invoice_date="2026-03-11"))
        document = dataclasses.replace(delivery.document, sequence_number=first.sequence_number)
        delivery = dataclasses.replace(delivery, document=document)
        self.assertEqual(self.refused(self.invoice(), delivery), "number_taken")

    def test_numbers_that_winbooks_cannot_take_are_refused(self):
        move = self.invoice(invoice_date="2026-03-10")
        for number, code in ((0, "no_running_number"), (90_000_001, "running_number_too_long")):
            delivery = self.delivery(move)
            document = dataclasses.replace(delivery.document, sequence_number=number)
            delivery = dataclasses.replace(delivery, document=document)
            self.assertEqual(self.refused(move, delivery), code)

    def test_without_a_book_year_a_document_waits(self):
        move = self.invoice(invoice_date="2026-03-10")
        delivery = self.delivery(move)
        self.env["accountable.master.data"].sudo().search([("kind", "=", "period")]).unlink()
        self.assertEqual(self.refused(move, delivery), "no_book_year")
        [problem] = self.connection._precheck(move)[move.id]
        self.assertEqual(
            (problem.code, problem.cause_model), ("no_book_year", "accountable.connection")
        )

    def test_codes_that_are_too_long_are_said_before(self):
        self.connection.mapping_ids.filtered(
            lambda row: row.kind == "account"
        ).master_data_id.sudo().code = "700000001"
        move = self.invoice(invoice_date="2026-03-10")
        codes = [problem.code for problem in self.connection._precheck(move)[move.id]]
        self.assertIn("account_too_long", codes)

    def test_options_and_folder_are_those_of_the_connection(self):
        self.connection.write({"winbooks_second_leg": False, "winbooks_customer_account": False})
        package = self.connection._open_package()
        self.assertFalse(package.options.second_leg)
        self.assertEqual(package.options.customer_account, "")
        self.assertEqual(package.options.supplier_account, "440000")
        self.assertEqual(package.folder.journals["V1"], "2")
        self.assertEqual(len(package.folder.periods), 24)

    def test_many_documents_are_read_together(self):
        moves = self.env["account.move"].concat(
            *(self.invoice(invoice_date="2026-03-10") for _one in range(3))
        )
        deliveries = self.env["accountable.delivery"]
        counts = []
        # the first time Odoo reads what it keeps from then on
        for some in (moves, moves[:1], moves):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            deliveries._deliveries(self.connection, some)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])
