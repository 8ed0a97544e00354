"""What the rules of each receiver make of documents: another outcome, or other bytes."""

import itertools
from dataclasses import replace

from . import files
from .common_documents import DeliveryCase

XML, PDF, JPEG = "application/xml", "application/pdf", "image/jpeg"
NUMBERS = itertools.count(1)


class TestProfileRules(DeliveryCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        rows = cls.env["accountable.ubl.profile"].search([("company_id", "=", False)])
        cls.receivers = [row._as_profile() for row in rows]

    def each(self, check):
        """Ask ``check`` of each receiver of the program, as it is."""
        self.assertGreater(len(self.receivers), 10)
        for profile in self.receivers:
            with self.subTest(receiver=profile.name):
                check(profile)

    def outcome(self, profile, move):
        """``(files by their endings, code of what holds it back)`` at a receiver."""
        self.patch(self.registry["accountable.ubl.profile"], "_as_profile", lambda _row: profile)
        delivery, problems = self.delivered(move)
        codes = [one.code for one in problems if one.blocking]
        endings = [one.name.rpartition(".")[2] for one in (delivery and delivery.files) or ()]
        return endings, codes

    def bill(self, *attachments):
        bill = self.document("in_invoice", ref=f"F/{next(NUMBERS)}", post=False)
        for place, (name, content, media_type) in enumerate(attachments):
            self.attach(bill, name, content, media_type, main=not place)
        bill.action_post()
        return bill

    def test_files(self):
        """A bill goes as what it is, where that is taken."""
        pdf = self.bill(("bill.pdf", files.PDF, PDF))
        picture = self.bill(("bill.jpg", files.JPEG, JPEG))

        def check(profile):
            for bill, media_type, ending in ((pdf, PDF, "pdf"), (picture, JPEG, "jpg")):
                taken = media_type in profile.media_types
                expected = ([ending], []) if taken else ([], ["file_type"])
                self.assertEqual(self.outcome(profile, bill), expected)

        self.each(check)

    def test_largest_file(self):
        bill = self.bill(("bill.pdf", files.PDF, PDF))

        def check(profile):
            if PDF not in profile.media_types:
                return
            for largest, expected in (
                (len(files.PDF), (["pdf"], [])),
                (len(files.PDF) - 1, ([], ["file_too_large"])),
            ):
                self.assertEqual(self.outcome(replace(profile, largest=largest), bill), expected)

        self.each(check)

    def test_pdf_with_a_password(self):
        bill = self.bill(("bill.pdf", files.pdf("secret"), PDF))

        def check(profile):
            if PDF not in profile.media_types:
                return
            self.assertEqual(self.outcome(profile, bill), ([], ["file_password"]))
            locked = replace(profile, locked_pdf=True)
            self.assertEqual(self.outcome(locked, bill), (["pdf"], []))

        self.each(check)

    def test_annexes(self):
        bill = self.bill(
            ("bill.pdf", files.PDF, PDF), ("delivery.pdf", files.pdf("", algorithm="RC4-40"), PDF)
        )

        def check(profile):
            if PDF not in profile.media_types:
                return
            for annexes, expected in ((False, ["pdf"]), (True, ["pdf", "pdf"])):
                changed = replace(profile, annexes=annexes)
                self.assertEqual(self.outcome(changed, bill), (expected, []))
            expected = ["pdf", "pdf"] if profile.annexes else ["pdf"]
            self.assertEqual(self.outcome(profile, bill), (expected, []))

        self.each(check)

    def test_pdf_beside_the_e_invoice(self):
        invoice = self.document()
        self.legal_pdf(invoice, files.PDF)

        def check(profile):
            profile = replace(profile, forwards_to_customer=False)
            self.assertEqual(self.outcome(profile, invoice), (["xml"], []))
            beside = replace(profile, pdf_beside=True, media_types=profile.media_types | {PDF})
            self.assertEqual(self.outcome(beside, invoice), (["xml", "pdf"], []))
            delivery, _problems = self.delivered(invoice)
            first, second = (file.name.rpartition(".")[0] for file in delivery.files)
            self.assertEqual(first, second)

        self.each(check)

    def test_pdf_without_an_e_invoice(self):
        receipt = self.document("out_receipt")

        def check(profile):
            goes = replace(profile, forwards_to_customer=False)
            endings, codes = self.outcome(goes, receipt)
            self.assertEqual(endings, ["pdf"] if profile.pdf_alone else [])
            self.assertEqual(bool(codes), not profile.pdf_alone)
            if profile.pdf_alone:
                endings, codes = self.outcome(replace(goes, pdf_alone=False), receipt)
                self.assertEqual((endings, len(codes)), ([], 1))

        self.each(check)

    def test_forwards_to_the_customer(self):
        invoice = self.document()
        self.legal_pdf(invoice, files.PDF)

        def check(profile):
            expected = ([], ["forwards_sales"]) if profile.forwards_to_customer else (["xml"], [])
            self.assertEqual(self.outcome(profile, invoice), expected)
            other = replace(profile, forwards_to_customer=not profile.forwards_to_customer)
            self.assertNotEqual(self.outcome(other, invoice), expected)

        self.each(check)

    def test_file_names(self):
        invoice = self.document()
        self.legal_pdf(invoice, files.PDF)

        def check(profile):
            profile = replace(profile, forwards_to_customer=False)
            for pattern in (profile.file_name, "{number}-{type}"):
                self.outcome(replace(profile, file_name=pattern), invoice)
                delivery, _problems = self.delivered(invoice)
                number = invoice.name.replace("/", "-")
                expected = pattern.format(type="INV", vat="BE0477472701", number=number)
                self.assertEqual(delivery.files[0].name, f"{expected}.xml")

        self.each(check)

    def test_zip(self):
        """Whoever downloads several documents is told where they have to be unpacked."""
        self.connection.write({"channel": "download"})
        batch = self.env["accountable.batch"].sudo().create({"connection_id": self.connection.id})
        rows = self.env["accountable.ubl.profile"].search([("company_id", "=", False)])
        self.assertEqual(set(rows.mapped("zip_allowed")), {True, False})
        for count, state, told in ((2, "closed", True), (1, "closed", False), (2, "open", False)):
            self.env.cr.execute(
                "UPDATE accountable_batch SET document_count = %s, state = %s WHERE id = %s",
                (count, state, batch.id),
            )
            for row in rows:
                self.env.cr.execute(
                    "UPDATE accountable_connection SET ubl_profile_id = %s WHERE id = %s",
                    (row.id, self.connection.id),
                )
                self.env.invalidate_all()
                with self.subTest(receiver=row.name, count=count, state=state):
                    expected = told and not row.zip_allowed
                    self.assertEqual(bool(batch.ubl_unpack), expected)
                    self.assertIn(row.name if expected else "", batch.ubl_unpack or "")
