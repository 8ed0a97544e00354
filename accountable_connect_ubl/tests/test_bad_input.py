"""What people and suppliers really bring: a sentence for each, nothing lost or half written."""

import errno

from lxml import etree
from odoo.exceptions import UserError

from . import files
from .common_way import WayCase

MEGABYTE = 1 << 20


class TestBadInput(WayCase):
    def bill(self, content=None, name="bill.pdf", media_type="application/pdf", ref="F/12"):
        move = self.document("in_invoice", ref=ref, post=False)
        if content is not None:
            self.attach(move, name, content, media_type, main=True)
        move.action_post()
        self.work()
        return move

    # Files

    def test_a_bill_without_a_file(self):
        bill = self.bill()
        self.assert_waits(bill, "no_file", bill.name)
        self.attach(bill, content=files.PDF, main=True)
        self.pressed_retry(bill)
        self.assertEqual(self.assert_goes(bill), files.PDF)

    def test_five_files_in_the_chatter(self):
        """One of them is the bill; the others go where the receiver takes annexes, as far as it
        takes them."""
        bill = self.document("in_invoice", ref="F/12", post=False)
        self.attach(bill, "scan.pdf", files.PDF, main=True)
        for name, content, media_type in (
            ("mail.html", files.HTML, "text/html"),
            ("delivery.pdf", files.pdf("", algorithm="RC4-40"), "application/pdf"),
            ("photo.heic", files.HEIC, "image/heic"),
            ("prices.xlsx", files.XLSX, files.XLSX_TYPE),
        ):
            self.attach(bill, name, content, media_type)
        bill.action_post()
        self.assertEqual(self.assert_goes(bill), files.PDF)

    def test_five_files_where_annexes_go(self):
        self.profile.annexes = True
        bill = self.document("in_invoice", ref="F/12", post=False)
        self.attach(bill, "scan.pdf", files.PDF, main=True)
        delivery = files.pdf("", algorithm="RC4-40")
        self.attach(bill, "photo.heic", files.HEIC, "image/heic")
        self.attach(bill, "delivery.pdf", delivery)
        bill.action_post()
        self.work()
        self.assertEqual(bill.accountable_state, "handed_over")
        arrived = {(self.receiver / name).read_bytes() for name in self.arrived()}
        self.assertEqual(arrived, {files.PDF, delivery})

    def test_files_of_which_none_is_the_bill(self):
        bill = self.document("in_invoice", ref="F/12", post=False)
        for name in ("one.pdf", "two.pdf"):
            self.attach(bill, name, files.PDF + name.encode())
        bill.message_main_attachment_id = False
        bill.action_post()
        bill.message_main_attachment_id = False
        self.work()
        self.assert_waits(bill, "several_files", "one.pdf", "two.pdf")

    def test_an_empty_file(self):
        bill = self.bill(b"")
        self.assert_waits(bill, "file_empty", "bill.pdf")

    def test_forty_megabytes(self):
        large = files.PDF + b"%" + b"0" * (40 * MEGABYTE)
        self.profile.largest_mb = 20
        bill = self.bill(large)
        self.assert_waits(bill, "file_too_large", "bill.pdf", "20")
        self.profile.largest_mb = 0
        self.pressed_retry(bill)
        self.assertTrue(self.assert_goes(bill) == large, "the bytes differ")

    def test_a_picture_of_a_telephone(self):
        bill = self.bill(files.HEIC, "IMG_0012.HEIC", "image/heic")
        self.assert_waits(bill, "file_type", "IMG_0012.HEIC")

    def test_a_file_that_is_not_what_it_is_called(self):
        bill = self.bill(files.PNG, "bill.pdf", "application/pdf")
        self.assert_waits(bill, "file_differs", "bill.pdf")

    def test_a_pdf_with_a_password(self):
        bill = self.bill(files.pdf("secret"))
        self.assert_waits(bill, "file_password", "bill.pdf")

    def test_xml_with_a_document_type(self):
        for content in (files.WITH_DTD, files.WITH_ENTITIES, files.OUTSIDE):
            with self.subTest(content=content[:30]):
                bill = self.bill(content, "bill.xml", "application/xml")
                self.assert_waits(bill, "file_dtd", "bill.xml")

    def test_a_name_that_leads_elsewhere(self):
        for name in (
            "../../etc/cron.d/x.pdf",
            "a\x00b\r\n\x1b[31m.pdf",
            "C:\\x\\..\\con.pdf",
            "." * 300,
        ):
            with self.subTest(name=name):
                bill = self.bill(files.PDF, name.replace("\x00", ""), ref=f"F/{len(name)}")
                self.assertEqual(bill.accountable_state, "handed_over", self.job(bill).message)
        self.assertEqual(len(self.arrived()), 4)
        for name in self.arrived():
            self.assertRegex(name, r"^BILL_BE0897223670_[A-Za-z0-9-]+\.pdf$")

    # The folder

    def test_a_full_folder(self):
        self.stopped_by(errno.ENOSPC, "full")

    def test_a_folder_that_can_only_be_read(self):
        self.stopped_by(errno.EROFS, "read")

    def stopped_by(self, error, word):
        bill = self.document("in_invoice", ref="F/12", post=False)
        self.attach(bill, content=files.PDF, main=True)
        bill.action_post()
        with self.full_disk(error):
            self.work()
        [batch] = self.batches()
        self.assertEqual(batch.state, "closed")
        self.assertIn(word, batch.message)
        self.assertNotEqual(bill.accountable_state, "handed_over")
        self.assertEqual((self.arrived(), self.left_behind()), ([], []))
        checksum = batch.checksum
        self.at_once()
        if not batch.hand_over_ids.filtered("next_try"):
            batch.action_hand_over()
        self.assertEqual(self.assert_goes(bill), files.PDF)
        self.assertEqual((self.batches(), batch.checksum), (batch, checksum))

    # Documents

    def test_a_self_billed_invoice_that_a_customer_wrote(self):
        """It lies in a journal of sales, and goes as the customer wrote it."""
        original = self.e_invoice_of_customer()
        move = self.document(
            "out_invoice", post=False, ref="SB/7", name=False, lines=((100.0, None),)
        )
        self.attach(move, "self-billed.xml", original, "application/xml", main=True)
        move.action_post()
        self.assertEqual(self.assert_goes(move), original)
        self.assertFalse(self.rendered, "a PDF was made of what we did not write")

    def e_invoice_of_customer(self):
        """What the customer's program made: a self-billed invoice of 121.00."""
        bill = self.document("in_invoice", ref="X", journal_id=self.self_billing.id)
        root = self.e_invoice(bill)
        self.env["accountable.job"].sudo().search([("res_id", "=", bill.id)]).unlink()
        self.env["account.move"].browse(bill.id).button_draft()
        self.work()
        for name in self.arrived():
            (self.receiver / name).unlink()
        self.rendered.clear()
        number = root.find("{*}ID")
        number.text = "SB/7"
        return etree.tostring(root, xml_declaration=True, encoding="UTF-8")

    def test_an_invoice_that_was_paid_before_it_goes(self):
        move = self.document()
        self.pay(move)
        self.assertEqual(move.amount_residual, 0)
        root = etree.fromstring(self.assert_goes(move))
        self.assertEqual(self.text(root, "LegalMonetaryTotal/PayableAmount"), "121.00")
        self.assertIn(self.texts(root, "LegalMonetaryTotal/PrepaidAmount"), ([], ["0.00"]))

    def test_draft_again_while_the_batch_is_open(self):
        self.connection.batch_closes = "manual"
        move = self.document()
        self.work()
        [batch] = self.batches()
        self.assertEqual(batch.document_count, 1)
        move.button_draft()
        self.work()
        self.assertEqual(batch.document_count, 0)
        with self.assertRaisesRegex(UserError, "nothing in this batch"):
            batch.action_close()
        move.action_post()
        self.work()
        batch.action_close()
        self.assert_goes(move)
        self.assertEqual(self.items(move).mapped("state"), ["taken_out", "in_batch"])

    def closed_and_set_to_draft(self):
        """An invoice that is set back to draft between its batch and the hand-over, which goes on:
        what closed goes as it was."""
        move = self.document()
        with self.full_disk(errno.ENOSPC):
            self.work()
        [batch] = self.batches()
        self.assertEqual(batch.state, "closed")
        move.button_draft()
        self.at_once()
        if not batch.hand_over_ids.filtered("next_try"):
            batch.action_hand_over()
        self.work()
        self.assertEqual(batch.state, "handed_over")
        self.assertEqual(len(self.arrived()), 1)
        self.assertEqual(move.accountable_state, "handed_over")
        self.assertIn("no longer posted", move.accountable_error)
        return move, batch

    def assert_asked(self, move, batch, *words):
        """A person decides, and nothing goes by itself."""
        self.work()
        job = self.job(move)
        self.assertEqual((job.state, job.error_kind), ("failed", "decision"), job.message)
        for word in words:
            self.assertIn(word, job.message)
        self.assertEqual(self.batches(), batch)
        self.assertEqual(len(self.arrived()), 1)

    def test_draft_again_between_batch_and_hand_over_and_cancelled(self):
        move, batch = self.closed_and_set_to_draft()
        move.button_cancel()
        self.assert_asked(move, batch, "credit note", batch.name)

    def test_draft_again_between_batch_and_hand_over_and_changed(self):
        move, batch = self.closed_and_set_to_draft()
        move.invoice_line_ids.price_unit = 200
        move.action_post()
        self.assert_asked(move, batch, batch.name)

    def test_draft_again_between_batch_and_hand_over_and_posted_as_it_was(self):
        move, batch = self.closed_and_set_to_draft()
        move.action_post()
        self.work()
        self.assertEqual(self.job(move).state, "done")
        self.assertEqual(move.accountable_state, "handed_over")
        self.assertEqual((self.batches(), len(self.arrived())), (batch, 1))
