"""What we wrote goes as e-invoice, with what Odoo gets wrong put right."""

from decimal import Decimal
from unittest.mock import patch

from odoo.addons.accountable_connect.documents import VatTotal
from odoo.exceptions import UserError
from odoo.sql_db import Cursor

from ..api.reading import embedded_pdf, tree_of
from .common_documents import PDF, DeliveryCase

REFERENCE = "BillingReference/InvoiceDocumentReference"
TOTALS = "LegalMonetaryTotal"


class TestOwnDocuments(DeliveryCase):
    def test_an_invoice_goes_as_e_invoice_with_its_pdf_inside(self):
        invoice = self.document()
        delivery = self.delivery(invoice)
        [file] = delivery.files
        root = tree_of(file.content)
        self.assertTrue(root.tag.endswith("}Invoice"))
        self.assertEqual(self.text(root, "ID"), invoice.name)
        self.assertEqual(embedded_pdf(root), PDF)
        [name] = self.texts(root, "AdditionalDocumentReference/ID")
        self.assertEqual(name, f"{invoice.name.replace('/', '_')}.pdf")
        [embedded] = root.iter("{*}EmbeddedDocumentBinaryObject")
        self.assertEqual(dict(embedded.attrib), {"mimeCode": "application/pdf", "filename": name})
        self.assertEqual(delivery.total, Decimal("121.00"))
        self.assertEqual(
            delivery.vat_totals,
            (VatTotal(code="S", rate=Decimal(21), base=Decimal("100.00"), vat=Decimal("21.00")),),
        )
        self.assertEqual((delivery.kind, delivery.number), ("sale", invoice.name))

    def test_nothing_is_stored_on_the_invoice_or_marked(self):
        invoice = self.document()
        before = invoice.write_date
        self.delivery(invoice)
        self.env.flush_all()
        self.assertFalse(invoice.is_move_sent)
        self.assertFalse(invoice.invoice_pdf_report_id or invoice.ubl_cii_xml_id)
        self.assertFalse(invoice.attachment_ids)
        self.assertEqual(invoice.write_date, before)

    def test_the_same_document_gives_the_same_bytes(self):
        invoice = self.document()
        first = self.delivery(invoice).files[0]
        self.env["res.lang"]._activate_lang("nl_BE")
        self.env.invalidate_all()
        second = self.delivery(invoice.with_context(lang="nl_BE")).files[0]
        self.assertEqual(first.content, second.content)
        self.assertEqual(first.name, second.name)

    def test_what_odoo_sent_goes_when_it_is_peppol(self):
        invoice = self.document()
        invoice._generate_and_send(sending_methods=["manual"])
        sent = invoice.ubl_cii_xml_id
        self.assertTrue(sent)
        marked = sent.raw.replace(b"Line 1", b"As it was sent")
        sent.sudo().raw = marked
        root = self.e_invoice(invoice)
        self.assertIn("As it was sent", self.shown(root))
        self.assertEqual(len(list(root.iter("{*}EmbeddedDocumentBinaryObject"))), 1)
        self.assertFalse(self.rendered, "the PDF is in it already")

    def test_another_format_that_odoo_sent_is_built_anew_as_peppol(self):
        self.partner_a.invoice_edi_format = "nlcius"
        invoice = self.document()
        self.env["ir.attachment"].create(
            {
                "name": "sent.xml",
                "raw": self.delivery(invoice)
                .files[0]
                .content.replace(b"urn:fdc:peppol.eu:2017:poacc:billing:3.0", b"urn:other"),
                "res_model": invoice._name,
                "res_id": invoice.id,
                "res_field": "ubl_cii_xml_file",
            }
        )
        root = self.e_invoice(invoice)
        self.assertIn("poacc:billing:3.0", self.text(root, "CustomizationID"))

    # Open amount

    def test_a_paid_invoice_goes_as_if_unpaid(self):
        invoice = self.document()
        self.pay(invoice)
        self.assertFalse(invoice.amount_residual)
        root = self.e_invoice(invoice)
        self.assertEqual(self.text(root, f"{TOTALS}/PrepaidAmount"), "0.00")
        self.assertEqual(self.text(root, f"{TOTALS}/PayableAmount"), "121.00")

    def test_what_odoo_sent_after_a_payment_goes_as_if_unpaid(self):
        invoice = self.document()
        self.pay(invoice, 50.0)
        invoice._generate_and_send(sending_methods=["manual"])
        sent = tree_of(invoice.ubl_cii_xml_id.raw)
        self.assertEqual(self.text(sent, f"{TOTALS}/PayableAmount"), "71.00")
        root = self.e_invoice(invoice)
        self.assertEqual(self.text(root, f"{TOTALS}/PrepaidAmount"), "0.00")
        self.assertEqual(self.text(root, f"{TOTALS}/PayableAmount"), "121.00")

    def test_cash_rounding_stays_in_the_open_amount(self):
        rounding = self.env["account.cash.rounding"].create(
            {
                "name": "5 cents",
                "rounding": 0.05,
                "rounding_method": "HALF-UP",
                "strategy": "add_invoice_line",
                "profit_account_id": self.company_data["default_account_revenue"].id,
                "loss_account_id": self.company_data["default_account_expense"].id,
            }
        )
        invoice = self.document(lines=[(100.02, None)], invoice_cash_rounding_id=rounding.id)
        self.assertEqual(invoice.amount_total, 121.0)
        root = self.e_invoice(invoice)
        self.assertEqual(self.text(root, f"{TOTALS}/TaxInclusiveAmount"), "121.02")
        self.assertEqual(self.text(root, f"{TOTALS}/PayableRoundingAmount"), "-0.02")
        self.assertEqual(self.text(root, f"{TOTALS}/PayableAmount"), "121.00")
        self.assertEqual(self.text(root, f"{TOTALS}/PrepaidAmount"), "0.00")

    # Credit notes

    def test_a_credit_note_names_the_invoice_it_corrects(self):
        invoice = self.document()
        refund = invoice._reverse_moves([{"invoice_date": self.today}])
        refund.action_post()
        root = self.e_invoice(refund)
        self.assertTrue(root.tag.endswith("}CreditNote"))
        self.assertEqual(self.text(root, "CreditNoteTypeCode"), "381")
        self.assertEqual(self.text(root, f"{REFERENCE}/ID"), invoice.name)
        self.assertEqual(self.text(root, f"{REFERENCE}/IssueDate"), str(self.today))
        self.assertEqual(self.text(root, f"{TOTALS}/PayableAmount"), "121.00")

    def test_what_odoo_sent_as_credit_note_names_the_invoice_too(self):
        invoice = self.document()
        refund = invoice._reverse_moves([{"invoice_date": self.today}])
        refund.action_post()
        refund._generate_and_send(sending_methods=["manual"])
        self.assertFalse(self.texts(tree_of(refund.ubl_cii_xml_id.raw), f"{REFERENCE}/ID"))
        self.assertEqual(self.text(self.e_invoice(refund), f"{REFERENCE}/ID"), invoice.name)

    # Self-billing

    def self_billed(self, move_type="in_invoice"):
        return self.document(move_type, journal_id=self.self_billing.id)

    def test_a_bill_we_write_ourselves_goes_as_self_billed_invoice(self):
        bill = self.self_billed()
        delivery = self.delivery(bill)
        root = tree_of(delivery.files[0].content)
        self.assertEqual(self.text(root, "InvoiceTypeCode"), "389")
        self.assertIn("selfbilling", self.text(root, "CustomizationID"))
        self.assertEqual(delivery.kind, "purchase")
        self.assertIn("BE0897223670", delivery.files[0].name)

    def test_a_self_billed_credit_note_is_one(self):
        bill = self.self_billed()
        refund = bill._reverse_moves([{"invoice_date": self.today}])
        refund.action_post()
        delivery = self.delivery(refund)
        root = tree_of(delivery.files[0].content)
        self.assertTrue(root.tag.endswith("}CreditNote"))
        self.assertEqual(self.text(root, "CreditNoteTypeCode"), "261")
        self.assertEqual(self.text(root, "CreditNoteLine/CreditedQuantity"), "1.0")
        self.assertEqual(self.text(root, f"{TOTALS}/PayableAmount"), "121.00")
        self.assertEqual(self.text(root, f"{REFERENCE}/ID"), bill.name)
        self.assertEqual(delivery.total, Decimal("121.00"))

    def test_the_wrong_one_that_odoo_sent_does_not_go(self):
        refund = self.self_billed("in_refund")
        content, errors = self.env["account.edi.xml.ubl_bis3"]._export_invoice(refund)
        self.assertFalse(errors)
        wrong = tree_of(content)
        self.assertEqual(self.text(wrong, "InvoiceTypeCode"), "389", "Odoo's own is an invoice")
        self.env["ir.attachment"].create(
            {
                "name": "sent.xml",
                "raw": content,
                "res_model": refund._name,
                "res_id": refund.id,
                "res_field": "ubl_cii_xml_file",
            }
        )
        self.assertTrue(self.e_invoice(refund).tag.endswith("}CreditNote"))

    # What Odoo objects to

    def refused(self, move):
        self.connection.ubl_pdf_allowed = False
        problem = self.problem(move)
        self.assertEqual(problem.code, "not_an_e_invoice")
        return problem

    def test_a_line_without_tax(self):
        none = self.env["account.tax"]
        invoice = self.document(lines=[(100.0, None), (5.0, none)])
        problem = self.refused(invoice)
        self.assertIn("Each invoice line should have at least one tax.", problem.message)
        self.assertIn("Line 2", problem.message)
        self.assertEqual((problem.cause_model, problem.cause_id), ("account.move", invoice.id))

    def test_a_line_with_two_taxes(self):
        other = self.sale_tax.copy({"name": "another", "amount": 6.0})
        invoice = self.document(lines=[(100.0, self.sale_tax | other)])
        self.assertIn("one and only one tax", self.refused(invoice).message)

    def test_a_line_without_label(self):
        invoice = self.document(post=False)
        invoice.invoice_line_ids.name = False
        invoice.action_post()
        self.assertIn("should have a product or a label", self.refused(invoice).message)

    def test_a_customer_without_country(self):
        self.partner_a.country_id = False
        invoice = self.document()
        _delivery, problems = self.delivered(invoice)
        self.connection.ubl_pdf_allowed = False
        _delivery, problems = self.delivered(invoice)
        causes = {(one.cause_model, one.cause_id) for one in problems if one.blocking}
        self.assertIn(("res.partner", self.partner_a.id), causes)
        self.assertIn("country", " ".join(one.message for one in problems))

    def test_what_raises_says_what_odoo_said(self):
        builder = self.registry["account.edi.xml.ubl_bis3"]

        said = "Odoo does not want to."

        def _export_invoice(model, invoice):
            raise UserError(said)

        self.patch(builder, "_export_invoice", _export_invoice)
        invoice = self.document()
        self.assertIn(said, self.refused(invoice).message)

        def _export_invoice(model, invoice):
            raise KeyError("unexpected")

        self.patch(builder, "_export_invoice", _export_invoice)
        self.assertIn("unexpected error", self.refused(invoice).message)

    def test_it_goes_as_pdf_where_receiver_and_user_allow_it(self):
        invoice = self.document(lines=[(100.0, None), (5.0, self.env["account.tax"])])
        delivery, problems = self.delivered(invoice)
        [file] = delivery.files
        self.assertEqual((file.media_type, file.content), ("application/pdf", PDF))
        self.assertTrue(file.name.endswith(".pdf"))
        self.assertEqual([one.code for one in problems], ["goes_as_pdf"])
        self.assertFalse(problems[0].blocking)
        self.assertEqual(
            {(one.code, one.base, one.vat) for one in delivery.vat_totals},
            {("S", Decimal("100.00"), Decimal("21.00")), ("O", Decimal("5.00"), Decimal("0.00"))},
        )
        self.profile.pdf_alone = False
        self.assertEqual(self.problem(invoice).code, "not_an_e_invoice")

    def test_a_receipt_goes_as_pdf_or_says_so(self):
        receipt = self.document("out_receipt")
        [file] = self.delivery(receipt).files
        self.assertEqual(file.media_type, "application/pdf")
        self.connection.ubl_pdf_allowed = False
        self.assertEqual(self.problem(receipt).code, "receipt")

    # PDF

    def test_the_legal_pdf_goes_where_there_is_one(self):
        invoice = self.document()
        legal = PDF + b"\n% the legal one"
        self.legal_pdf(invoice, legal)
        self.assertEqual(embedded_pdf(self.e_invoice(invoice)), legal)
        self.assertFalse(self.rendered)

    def test_a_check_renders_nothing(self):
        invoice = self.document()
        delivery = self.delivery(invoice, with_files=False)
        self.assertEqual(delivery.files, ())
        self.assertEqual(delivery.total, Decimal("121.00"))
        self.assertTrue(delivery.vat_totals)
        self.assertFalse(self.rendered)

    def test_no_pdf_says_why(self):
        invoice = self.document()
        with self.no_pdf(UserError("Unable to find Wkhtmltopdf on this system.")):
            problem = self.problem(invoice)
        self.assertEqual((problem.code, problem.error_kind), ("pdf_failed", "temporary"))
        self.assertIn("Wkhtmltopdf", problem.message)

    def test_the_pdf_goes_beside_it_where_the_receiver_wants_both(self):
        self.profile.pdf_beside = True
        xml, pdf = self.delivery(self.document()).files
        self.assertEqual(pdf.content, PDF)
        self.assertEqual(pdf.name, xml.name.replace(".xml", ".pdf"))

    def test_a_receiver_that_takes_no_e_invoice_gets_the_pdf(self):
        self.profile.media_types = "application/pdf"
        delivery, problems = self.delivered(self.document())
        self.assertEqual([file.media_type for file in delivery.files], ["application/pdf"])
        self.assertFalse(problems)

    def test_a_large_e_invoice_says_how_much_is_taken(self):
        self.profile.largest_mb = 1
        invoice = self.document()
        self.legal_pdf(invoice, PDF + b" " * 1024 * 1024)
        problem = self.problem(invoice, with_files=False)
        self.assertEqual(problem.code, "file_too_large")
        self.assertIn("1.0 MB", problem.message)

    def test_no_sales_to_who_sends_them_on_to_the_customer(self):
        self.profile.forwards_to_customer = True
        problem = self.problem(self.document())
        self.assertEqual(problem.code, "forwards_sales")

    # Currency

    def test_foreign_currency(self):
        dollar = self.env.ref("base.USD")
        dollar.active = True
        invoice = self.document(currency_id=dollar.id)
        delivery = self.delivery(invoice)
        self.assertEqual(delivery.currency, "USD")
        self.assertEqual(
            delivery.vat_totals,
            (VatTotal(code="S", rate=Decimal(21), base=Decimal("100.00"), vat=Decimal("21.00")),),
        )

    # Queries

    def test_queries_are_flat_for_each_document(self):
        """Beside the savepoint around Odoo's builder, and what this asks again and again: whether
        there is a Europe."""

        def queries(count):
            moves = self.env["account.move"].concat(*[self.document() for _one in range(count)])
            self.env.flush_all()
            self.env.invalidate_all()
            asked = []
            execute = Cursor.execute

            def _execute(cursor, query, *args, **kwargs):
                text = " ".join(str(getattr(query, "code", query)).split())
                if "SAVEPOINT" not in text and 'FROM "res_country_group" WHERE' not in text:
                    asked.append(text)
                return execute(cursor, query, *args, **kwargs)

            with patch.object(Cursor, "execute", _execute):
                found = self.env["accountable.delivery"]._deliveries(
                    self.connection, moves, with_files=False
                )
            self.assertFalse([one for _delivery, some in found.values() for one in some])
            return len(asked)

        queries(1)  # what is cached for good
        self.assertEqual(queries(2), queries(40))
