"""From posting into a batch: what waits for a person, and what cures it."""

from odoo.exceptions import UserError
from odoo.tools import SQL

from ..api.reading import tree_of
from .common_documents import PDF, DeliveryCase
from .test_originals import e_invoice


class TestIntoTheBatch(DeliveryCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.connection.write(
            {"moment": "posting", "ubl_sales_moment": "posting", "batch_closes": "manual"}
        )

    def failed(self, move):
        """The error code of a document that did not go."""
        self.work()
        job = self.job(move)
        self.assertEqual(job.state, "failed")
        self.assertFalse(self.item(move))
        return job.error_code

    def test_the_bytes_are_stored_when_it_enters(self):
        invoice = self.document()
        self.work()
        item = self.item(invoice)
        self.assertEqual(item.amount_total, 121.0)
        [file] = item.file_ids
        content = file._read_content()
        self.assertEqual(self.text(tree_of(content), "ID"), invoice.name)
        self.pay(invoice)
        self.work()
        self.assertEqual(self.item(invoice).file_ids._read_content(), content)

    def test_two_documents_never_have_one_name(self):
        first = self.document()
        self.work()
        name = self.item(first).file_ids.name
        facts_name = self.delivery(self.document()).files[0].name
        self.assertNotEqual(name, facts_name)
        # the same document once more: what somebody may have has another name
        self.assertEqual(self.delivery(first).files[0].name, name.replace(".xml", "-2.xml"))

    def test_names_in_use_are_found_without_reading_all_files(self):
        first = self.document()
        self.work()
        files = self.item(first).file_ids
        name = files.name
        # one that differs in its capitals is in use as well; a “_” stands for itself
        for beginning, found in ((name.upper(), [name]), (name.replace("_", "-"), [])):
            self.assertEqual(files._names_in_use(self.connection, beginning), found)
        self.assertFalse(files._names_in_use(self.connection.browse(), name))
        # with a handful of files any other way is as cheap
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        asked = files._sql_names_in_use(self.connection, name)
        plan = "\n".join(line for [line] in self.env.execute_query(SQL("EXPLAIN %s", asked)))
        self.assertIn("accountable_batch_file_name_idx", plan)

    def test_a_bill_without_file_goes_by_itself_once_it_has_one(self):
        bill = self.document("in_invoice", ref="F-1")
        self.assertEqual(self.failed(bill), "no_file")
        self.assertTrue(self.job(bill).cause_id)
        self.attach(bill)
        self.assertEqual(self.job(bill).state, "pending")
        self.work()
        self.assertEqual(self.item(bill).file_ids._read_content(), PDF)

    def test_another_file_cures_a_bad_one(self):
        bill = self.document("in_invoice", ref="F-1")
        bad = self.attach(bill, "bill.pdf", b" ", main=True)
        self.assertEqual(self.failed(bill), "file_empty")
        bad.unlink()
        self.attach(bill, main=True)
        self.work()
        self.assertTrue(self.item(bill))

    def test_a_file_from_outside_cures_nothing(self):
        bill = self.document("in_invoice", ref="F-1")
        self.assertEqual(self.failed(bill), "no_file")
        self.env["ir.attachment"].with_context(attachments_mime_plainxml=True).sudo().with_user(
            self.env.ref("base.user_root")
        ).create({"name": "a.pdf", "raw": PDF, "res_model": bill._name, "res_id": bill.id})
        self.assertEqual(self.job(bill).state, "failed")

    def test_a_person_sends_what_differs(self):
        bill = self.document("in_invoice", ref="F-1")
        self.attach(bill, "F-2.xml", e_invoice("F-2"), "application/xml")
        self.assertEqual(self.failed(bill), "original_differs")
        job = self.job(bill)
        self.assertEqual(job.question, "anyway")
        job.with_user(self.env.user).action_book_anyway()
        self.work()
        self.assertEqual(self.item(bill).file_ids._read_content(), e_invoice("F-2"))

    def test_what_differs_otherwise_now_is_asked_again(self):
        bill = self.document("in_invoice", ref="F-1")
        self.attach(bill, "F-2.xml", e_invoice("F-2"), "application/xml")
        self.assertEqual(self.failed(bill), "original_differs")
        self.job(bill).action_book_anyway()
        bill.ref = "F-3"
        self.assertEqual(self.failed(bill), "original_differs")

    def test_a_bill_that_was_entered_twice_waits_for_a_person(self):
        """It came by mail and by Peppol: nothing tells the accountant that both are one."""
        first = self.document("in_invoice", ref="F-1")
        self.attach(first)
        self.work()
        second = self.document("in_invoice", ref="F-1")
        self.attach(second, "F-1.xml", e_invoice("F-1"), "application/xml")
        self.assertEqual(self.failed(second), "same_number")
        self.assertIn(first.name, self.job(second).message)
        # the first one is still what went
        self.assertFalse([one for one in self.delivered(first)[1] if one.blocking])
        job = self.job(second)
        self.assertEqual(job.question, "anyway")
        job.with_user(self.env.user).action_book_anyway()
        self.work()
        self.assertTrue(self.item(second))

    def test_of_two_that_are_one_the_other_goes_once_one_is_cancelled(self):
        first = self.document("in_invoice", ref="F-1")
        second = self.document("in_invoice", ref="F-1")
        for bill in (first, second):
            self.attach(bill)
        self.assertEqual(self.failed(second), "same_number")
        self.assertTrue(self.item(first))
        first.button_draft()
        first.button_cancel()
        self.job(second).action_retry()
        self.work()
        self.assertTrue(self.item(second))
        self.assertFalse(self.item(first))

    def test_other_suppliers_years_and_kinds_have_the_same_numbers(self):
        other = self.partner_b.copy({"name": "Another", "vat": False})
        last_year = self.today.replace(year=self.today.year - 1, month=6, day=15)
        bills = self.document("in_invoice", ref="F-1")
        bills |= self.document("in_invoice", ref="F-1", partner_id=other.id)
        bills |= self.document("in_invoice", ref="F-1", invoice_date=last_year)
        bills |= self.document("in_refund", ref="F-1")
        for bill in bills:
            self.attach(bill)
        self.work()
        for bill in bills:
            self.assertTrue(self.item(bill), self.job(bill).message)

    def test_a_file_that_says_something_else_is_a_file(self):
        bill = self.document("in_invoice", ref="F-1")
        self.attach(bill, "F-2.xml", e_invoice("F-2"), "application/xml")
        self.assertEqual(self.failed(bill), "original_differs")
        self.env.flush_all()
        row = self.env["accountable.outstanding"].search([("move_id", "=", bill.id)])
        self.assertEqual(row.state, "failed")

    def test_a_corrected_bill_goes_by_itself(self):
        bill = self.document("in_invoice", ref="F-1")
        self.attach(bill, "F-2.xml", e_invoice("F-2"), "application/xml")
        self.assertEqual(self.failed(bill), "original_differs")
        bill.ref = "F-2"
        self.work()
        self.assertTrue(self.item(bill))

    def test_a_corrected_contact_lets_its_invoice_go(self):
        self.connection.ubl_pdf_allowed = False
        self.partner_a.country_id = False
        invoice = self.document()
        self.assertEqual(self.failed(invoice), "not_an_e_invoice")
        self.assertEqual(self.job(invoice).cause_model, "res.partner")
        self.partner_a.country_id = self.env.ref("base.be")
        self.work()
        self.assertTrue(self.item(invoice))

    def test_the_check_before_export_says_the_same(self):
        bill = self.document("in_invoice", ref="F-1")
        [problem] = self.connection._precheck(bill)[bill.id]
        self.assertEqual(problem.code, "no_file")
        invoice = self.document()
        self.assertEqual(self.connection._precheck(invoice)[invoice.id], [])

    def test_no_pdf_is_tried_again(self):
        invoice = self.document()
        with self.no_pdf(UserError("no wkhtmltopdf")):
            self.work()
        job = self.job(invoice)
        self.assertEqual((job.state, job.error_code), ("pending", "pdf_failed"))
        self.assertTrue(job.next_try)

    def test_sending_it_to_the_supplier_changes_no_self_billed_bill(self):
        bill = self.document("in_invoice", journal_id=self.self_billing.id)
        delivery = self.delivery(bill)
        deliveries = self.env["accountable.delivery"]
        before = deliveries._fingerprint(bill, delivery)
        bill.message_main_attachment_id = self.legal_pdf(bill)
        self.assertEqual(deliveries._fingerprint(bill, self.delivery(bill)), before)

    def test_the_cover_sheet_says_what_a_category_means(self):
        template = self.env["account.chart.template"].with_company(self.company)
        self.document(lines=((100.0, None), (50.0, template.ref("attn_VAT-OUT-00-CC"))))
        self.work()
        batch = self.env["accountable.batch"].search([("connection_id", "=", self.connection.id)])
        batch.action_close()
        said = {line["code"]: (line["rate"], line["base"]) for line in batch._sheet_vat()}
        self.assertEqual(set(said), {"S (VAT)", "AE (reverse charge)"})
        self.assertIn("50.00", said["AE (reverse charge)"][1])
