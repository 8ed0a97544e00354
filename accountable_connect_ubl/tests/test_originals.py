"""What others wrote goes as its one original, unchanged; what stands in the way says so."""

from decimal import Decimal

from odoo.addons.accountable_connect.documents import VatTotal
from odoo.tests import new_test_user

from ..api import corrections
from ..api.reading import CAC, CBC, tree_of
from .common_documents import PDF, DeliveryCase
from .files import HEIC

HEAD = f'xmlns:cac="{CAC}" xmlns:cbc="{CBC}"'


def e_invoice(number="F-1", total="121.00", code="380", root="Invoice", currency="EUR", pdf=b""):
    """An e-invoice as a supplier sends it, as far as we read it."""
    content = f"""<?xml version="1.0" encoding="UTF-8"?>
<{root} xmlns="urn:oasis:names:specification:ubl:schema:xsd:{root}-2" {HEAD}>
  <cbc:CustomizationID>urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0</cbc:CustomizationID>
  <cbc:ID>{number}</cbc:ID>
  <cbc:{root}TypeCode>{code}</cbc:{root}TypeCode>
  <cbc:DocumentCurrencyCode>{currency}</cbc:DocumentCurrencyCode>
  <cac:AccountingSupplierParty/>
  <cac:TaxTotal>
    <cbc:TaxAmount currencyID="{currency}">21.00</cbc:TaxAmount>
    <cac:TaxSubtotal>
      <cbc:TaxableAmount currencyID="{currency}">100.00</cbc:TaxableAmount>
      <cbc:TaxAmount currencyID="{currency}">21.00</cbc:TaxAmount>
      <cac:TaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>21.00</cbc:Percent></cac:TaxCategory>
    </cac:TaxSubtotal>
  </cac:TaxTotal>
  <cac:LegalMonetaryTotal>
    <cbc:TaxInclusiveAmount currencyID="{currency}">{total}</cbc:TaxInclusiveAmount>
    <cbc:PayableAmount currencyID="{currency}">{total}</cbc:PayableAmount>
  </cac:LegalMonetaryTotal>
</{root}>""".encode()
    if pdf:
        tree = tree_of(content)
        corrections.with_pdf(tree, "bill.pdf", pdf)
        return corrections.written(tree)
    return content


class TestOriginals(DeliveryCase):
    def bill(self, *files, move_type="in_invoice", ref="F-1", **values):
        """:param files: ``(name, content, media type)``, the first one is the main one"""
        bill = self.document(move_type, ref=ref, **values)
        for place, (name, content, media_type) in enumerate(files):
            self.attach(bill, name, content, media_type, main=not place)
        return bill

    def xml(self, content=None, name="F-1.xml", **values):
        return name, content or e_invoice(**values), "application/xml"

    def pdf(self, name="scan.pdf", content=PDF):
        return name, content, "application/pdf"

    # Which one

    def test_the_e_invoice_goes_unchanged(self):
        bill = self.bill(self.pdf(), self.xml())
        delivery = self.delivery(bill)
        [file] = delivery.files
        self.assertEqual(file.content, e_invoice())
        self.assertEqual(file.media_type, "application/xml")
        self.assertTrue(file.name.startswith("BILL_BE0897223670_"))
        self.assertTrue(file.name.endswith(".xml"))
        self.assertEqual(
            delivery.vat_totals,
            (VatTotal(code="S", rate=Decimal(21), base=Decimal("100.00"), vat=Decimal("21.00")),),
        )

    def test_the_main_file_goes_without_an_e_invoice(self):
        other = self.pdf("other.pdf", PDF + b"\n% other")
        bill = self.bill(self.pdf(), other, other)
        [file] = self.delivery(bill).files
        self.assertEqual(file.content, PDF)

    def test_the_only_one_that_can_be_a_bill_goes(self):
        bill = self.bill()
        self.attach(bill, "letter.docx", b"PK..", "application/octet-stream")
        self.attach(bill)
        bill.message_main_attachment_id = False
        [file] = self.delivery(bill).files
        self.assertEqual(file.content, PDF)

    def test_five_files_and_no_main_one_ask_a_person(self):
        bill = self.bill()
        for number in range(5):
            self.attach(bill, f"{number}.pdf", PDF + b"%d" % number)
        bill.message_main_attachment_id = False
        problem = self.problem(bill)
        self.assertEqual(problem.code, "several_files")
        self.assertIn("4.pdf", problem.message)
        self.assertEqual((problem.cause_model, problem.cause_id), ("account.move", bill.id))

    def test_vat_of_a_scan_is_that_of_the_entry(self):
        self.assertEqual(
            self.delivery(self.bill(self.pdf())).vat_totals,
            (VatTotal(code="S", rate=Decimal(21), base=Decimal("100.00"), vat=Decimal("21.00")),),
        )

    def test_a_co_contractor_bill_has_no_vat_on_it(self):
        tax = self.env["account.chart.template"].ref("attn_VAT-IN-V82-21-CC")
        tax.active = True
        bill = self.bill(self.pdf(), lines=[(100.0, tax)])
        [vat] = self.delivery(bill).vat_totals
        self.assertEqual((vat.code, vat.rate, vat.base, vat.vat), ("AE", 0, 100, 0))

    def test_what_somebody_from_outside_added_is_no_bill(self):
        bill = self.bill()
        self.attach(bill).accountable_from_outside = True
        bill.message_main_attachment_id = False
        self.assertEqual(self.problem(bill).code, "no_file")

    # Several files of one bill

    def test_annexes_go_where_the_receiver_takes_them(self):
        sheet = self.pdf("hours.pdf", PDF + b"\n% hours")
        bill = self.bill(self.xml(), sheet, ("a.exe", b"MZ", "application/octet-stream"))
        self.assertEqual(len(self.delivery(bill).files), 1)
        self.profile.annexes = True
        delivery, problems = self.delivered(bill)
        self.assertEqual([file.content[-5:] for file in delivery.files][1:], [b"hours"])
        self.assertEqual(len({file.name for file in delivery.files}), 2)
        self.assertEqual([one.code for one in problems], ["annex_left_out"])
        self.assertFalse(problems[0].blocking)

    def test_the_pdf_inside_goes_beside_it_where_the_receiver_wants_both(self):
        self.profile.pdf_beside = True
        xml, pdf = self.delivery(self.bill(self.xml(pdf=PDF))).files
        self.assertEqual((pdf.content, pdf.media_type), (PDF, "application/pdf"))
        self.assertEqual(pdf.name, xml.name.replace(".xml", ".pdf"))

    def test_a_receiver_without_xml_gets_the_pdf(self):
        self.profile.media_types = "application/pdf"
        [file] = self.delivery(self.bill(self.pdf(), self.xml())).files
        self.assertEqual(file.content, PDF)

    # Who wrote it

    def test_what_a_customer_wrote_for_us_goes_as_it_came(self):
        sale = self.document(ref="SB-7")
        self.attach(sale, "sb.xml", e_invoice("SB-7", code="389"), "application/xml")
        delivery = self.delivery(sale)
        [file] = delivery.files
        self.assertEqual(file.content, e_invoice("SB-7", code="389"))
        self.assertEqual(delivery.kind, "sale")
        self.assertFalse(self.rendered)

    def test_a_customer_puts_no_document_in_the_place_of_ours(self):
        """Not even one with our total and in our words: whoever answers in the portal, or to the
        mail with the invoice, is not the one who wrote it."""
        sale = self.document("out_invoice")
        portal = new_test_user(self.env, "customer", "base.group_portal")
        for user, context in (
            (portal, {}),
            (self.env.ref("base.user_root"), {"attachments_mime_plainxml": True}),
        ):
            self.env["ir.attachment"].with_user(user).sudo().with_context(**context).create(
                {
                    "name": "sb.xml",
                    "raw": e_invoice(sale.name, code="389", total=f"{sale.amount_total:.2f}"),
                    "res_model": sale._name,
                    "res_id": sale.id,
                }
            )
            root = self.e_invoice(sale)
            self.assertEqual(self.text(root, "InvoiceTypeCode"), "380")

    def test_a_journal_of_self_billed_sales(self):
        journal = self.company_data["default_journal_sale"].copy(
            {
                "name": "Self-billed sales",
                "code": "SBS",
                "is_self_billing": True,
                "default_account_id": self.company_data["default_account_revenue"].id,
            }
        )
        sale = self.document(journal_id=journal.id)
        self.assertEqual(self.problem(sale).code, "no_file")
        self.attach(sale)
        [file] = self.delivery(sale).files
        self.assertEqual(file.content, PDF)

    def test_an_e_invoice_somebody_keeps_beside_a_sale_changes_nothing(self):
        sale = self.document()
        self.attach(sale, "copy.xml", e_invoice(sale.name), "application/xml")
        self.assertIn("InvoiceLine", self.shown(self.e_invoice(sale)))

    # It is another than the bill

    def differences(self, bill):
        problem = self.problem(bill)
        self.assertEqual((problem.code, problem.error_kind), ("original_differs", "decision"))
        self.assertTrue(problem.overridable)
        return problem

    def test_another_number_waits_for_a_person(self):
        problem = self.differences(self.bill(self.xml(number="F-2")))
        self.assertIn("F-2", problem.message)
        self.assertEqual(problem.note, {"number": ["F-2", "F-1"]})

    def test_a_number_written_otherwise_is_the_same(self):
        self.delivery(self.bill(self.xml(number="f - 1")))
        self.delivery(self.bill(self.xml(number="F-2"), ref=False))

    def test_another_total_waits_for_a_person(self):
        problem = self.differences(self.bill(self.xml(total="121.01")))
        self.assertEqual(problem.note, {"total": ["121.01 EUR", "121.00 EUR"]})

    def test_another_currency_waits_for_a_person(self):
        self.differences(self.bill(self.xml(currency="USD")))

    def test_another_sign_waits_for_a_person(self):
        self.differences(self.bill(self.xml(root="CreditNote", code="381")))
        # Odoo takes this one for an invoice
        self.differences(self.bill(self.xml(code="381")))

    def test_a_credit_note_however_it_is_written(self):
        credit_note = self.xml(root="CreditNote", code="381")
        refund = self.bill(credit_note, move_type="in_refund")
        delivery = self.delivery(refund)
        self.assertEqual(delivery.total, Decimal("121.00"))
        self.assertEqual(delivery.vat_totals[0].vat, Decimal("21.00"))
        negative = e_invoice().replace(b">121", b">-121").replace(b">21.00<", b">-21.00<")
        negative = negative.replace(b">100.00", b">-100.00").replace(
            b"<cbc:Percent>-", b"<cbc:Percent>"
        )
        refund = self.bill(self.xml(negative), move_type="in_refund", ref=False)
        self.assertEqual(self.delivery(refund).vat_totals[0].vat, Decimal("21.00"))

    def test_the_one_that_agrees_is_taken_of_several(self):
        bill = self.bill(self.xml(number="F-9", name="a.xml"), self.xml(name="b.xml"))
        [file] = self.delivery(bill).files
        self.assertEqual(file.content, e_invoice())

    # Bad input

    def test_no_file(self):
        problem = self.problem(self.bill())
        self.assertEqual(problem.code, "no_file")
        self.assertIn("Attach", problem.message)

    def refused(self, *files):
        problem = self.problem(self.bill(*files))
        self.assertIn(files[0][0], problem.message)
        # as the check before export sees it
        self.assertEqual(self.problem(self.bill(*files), with_files=False).code, problem.code)
        return problem.code

    def test_an_empty_file(self):
        self.assertEqual(self.refused(self.pdf(content=b" ")), "file_empty")

    def test_a_large_file(self):
        self.profile.largest_mb = 20
        content = PDF + b" " * (40 * 1024 * 1024)
        self.assertEqual(self.refused(self.pdf(content=content)), "file_too_large")

    def test_a_photo_of_a_telephone(self):
        self.assertEqual(self.refused(("IMG_1.HEIC", HEIC, "image/heic")), "file_type")

    def test_xml_with_a_document_type(self):
        text = e_invoice().decode()
        head, _, rest = text.partition("?>")
        bad = f'{head}?><!DOCTYPE Invoice [<!ENTITY x SYSTEM "file:///etc/passwd">]>{rest}'
        self.assertEqual(self.refused(self.xml(bad.encode())), "file_dtd")

    def test_damaged_xml(self):
        self.assertEqual(self.refused(self.xml(e_invoice()[:300])), "file_damaged")

    def test_names_come_from_us(self):
        bill = self.bill(self.pdf("../../etc/\x07passwd\n.pdf"))
        [file] = self.delivery(bill).files
        self.assertRegex(file.name, r"\A[A-Za-z0-9_-]+\.pdf\Z")
        self.profile.largest_mb = 0.00001
        self.assertNotIn("\x07", self.problem(bill).message)

    def test_no_receiver(self):
        # people cannot take it away
        self.env.cr.execute(
            "UPDATE accountable_connection SET ubl_profile_id = NULL WHERE id = %s",
            (self.connection.id,),
        )
        self.env.invalidate_all()
        self.assertEqual(self.problem(self.document()).code, "no_receiver")

    # Queries

    def test_queries_are_flat_for_each_document(self):
        def queries(count):
            bills = self.env["account.move"].concat(
                *[self.bill(self.xml(), self.pdf()) for _one in range(count)]
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["accountable.delivery"]._deliveries(self.connection, bills, with_files=False)
            return self.env.cr.sql_log_count - before

        queries(1)
        self.assertEqual(queries(2), queries(40))

    # Figures that a supplier may write freely

    def test_figures_that_are_none_hold_back_no_batch(self):
        """The cover sheet adds them up: one e-invoice must not keep all others from going."""
        for place, figure in enumerate(("1E+9999999", "1E+30", "9" * 30, "NaN")):
            number = f"F-{place}"
            content = e_invoice(number=number).replace(b">100.00<", f">{figure}<".encode())
            bill = self.bill(self.xml(content), ref=number, lines=((100.0, None),))
            [total] = self.delivery(bill).vat_totals
            self.assertEqual(total.base, 0)

    def test_more_vat_than_any_invoice_has_is_what_was_posted(self):
        start, end = b"<cac:TaxSubtotal>", b"</cac:TaxSubtotal>"
        content = e_invoice()
        one = content[content.index(start) : content.index(end) + len(end)]
        bill = self.bill(self.xml(content.replace(one, one * 200)))
        [total] = self.delivery(bill).vat_totals
        self.assertEqual((total.base, total.vat), (Decimal("100.00"), Decimal("21.00")))

    def test_a_vat_code_is_short(self):
        content = e_invoice().replace(b"<cbc:ID>S<", b"<cbc:ID>" + b"S" * 5000 + b"<")
        [total] = self.delivery(self.bill(self.xml(content))).vat_totals
        self.assertEqual(total.code, "S" * 20)
