"""Where the files of a booking hang, and files whose fate nobody knows."""

from odoo.addons.accountable_connect.api import errors

from .common import ConnectionCase
from .earlier_version import migrate


class TestFiles(ConnectionCase):
    def use(self, **capabilities):
        """A package with places for files, which looks whether one arrived."""
        self.books.capabilities = type(self.books)(
            **{"finds_files": True, **capabilities}
        ).capabilities
        self.books.has_file_places = True

    def bill_with(self, *names):
        bill = self.invoice(move_type="in_invoice", ref="F-1", post=False)
        for name in names:
            self.attach(bill, name)
        bill.action_post()
        return bill

    def places(self):
        """The places ``attach_file`` is called with from now on."""
        places = []
        self.books.before.append(
            lambda operation, subject: operation == "attach_file" and places.append(subject)
        )
        return places

    def files_of(self, move):
        return self.books.documents[self.bindings(move).external_key]["files"]

    def place_of(self, move):
        return self.bindings(move).details["file_place"]

    def test_place_of_the_booking_is_kept_and_handed_back(self):
        self.use()
        places = self.places()
        bill = self.bill_with("bill.pdf")
        self.work()
        place = f"place of {self.bindings(bill).external_key}"
        self.assertEqual(self.place_of(bill), place)
        self.attach(bill, "scan.pdf")
        self.work()
        self.assertEqual(self.files_of(bill), ["bill.pdf", "scan.pdf"])
        self.assertEqual(places, [place])

    def test_file_that_is_refused_holds_up_no_booking(self):
        """Whether its answer came or not."""
        self.use()
        self.books.refuses_files = True
        for number, fault in enumerate((None, ("after", errors.OutcomeUnknownError("x")))):
            with self.subTest(fault=fault):
                if fault:
                    self.books.fail("create_document", fault)
                self.books.fail("attach_file", errors.DataRefusedError("no", code="too_large"))
                bill = self.invoice(move_type="in_invoice", ref=f"L-{number}", post=False)
                self.attach(bill, "large.pdf")
                bill.action_post()
                self.work()
                self.later()
                self.work()
                self.later()
                self.work()
                self.assertEqual(self.jobs(bill).state, "done", self.jobs(bill).message)
                job = self.jobs(bill, "file")
                self.assertEqual((job.state, job.error_code), ("failed", "too_large"))
                self.assertFalse(self.files_of(bill))
                job.action_retry()
                self.work()
                self.assertEqual(self.files_of(bill), ["large.pdf"])

    def test_place_made_by_the_first_file_serves_the_next_and_outlives_a_change(self):
        self.use(files_with_document=False)
        places = self.places()
        bill = self.bill_with("bill.pdf", "annex.pdf")
        self.work()
        place = f"place of {self.bindings(bill).external_key}"
        self.assertEqual(places, ["", place])
        bill.button_draft()
        bill.invoice_line_ids.price_unit = 200.0
        bill.action_post()
        self.work()
        self.assertEqual(self.books.calls["update_document"], 1)
        self.assertEqual(self.place_of(bill), place)

    def test_lost_answer_of_a_file_makes_no_second_copy(self):
        self.use(files_with_document=False)
        bill = self.bill_with("bill.pdf", "annex.pdf")
        self.books.fail("attach_file", ("after", errors.OutcomeUnknownError("no answer")))
        self.work()
        self.assertEqual(self.jobs(bill, "file").state, "unknown")
        self.later()
        self.work()
        self.assertEqual(self.jobs(bill, "file").state, "done")
        self.assertEqual(self.files_of(bill), ["bill.pdf", "annex.pdf"])
        again = [told for operation, told in self.books.again if operation == "attach_file"]
        self.assertEqual(again, [False, True, False])

    def test_lost_file_beside_a_newer_item_makes_no_second_copy(self):
        self.use(files_with_document=False)
        bill = self.bill_with("bill.pdf")
        self.books.fail("attach_file", ("after", errors.OutcomeUnknownError("no answer")))
        self.work()
        self.attach(bill, "scan.pdf")
        self.assertEqual(len(self.jobs(bill, "file")), 2)
        self.later()
        self.work()
        self.assertEqual(set(self.jobs(bill, "file").mapped("state")), {"done", "skipped"})
        self.assertEqual(self.files_of(bill), ["bill.pdf", "scan.pdf"])

    def test_a_person_looks_where_the_package_cannot(self):
        self.use(files_with_document=False, finds_files=False)
        bill = self.bill_with("bill.pdf")
        self.books.fail("attach_file", ("after", errors.OutcomeUnknownError("no answer")))
        self.work()
        self.later()
        self.work()
        job = self.jobs(bill, "file")
        self.assertEqual((job.state, job.error_kind), ("failed", "outcome_unknown"))
        self.assertEqual(self.books.calls["attach_file"], 1)

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
        self.assertEqual(self.books.documents[self.key(1, "A1")]["files"], ["bill.pdf", "scan.pdf"])
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

    def test_refused_file_holds_up_no_other_and_is_not_sent_again_by_itself(self):
        """Packages count refusals, and a file that is added sends only itself."""
        self.books.capabilities = type(self.books)(files_with_document=False).capabilities
        bill = self.invoice(move_type="in_invoice", ref="F-1", post=False)
        self.attach(bill, "big.pdf")
        self.attach(bill, "good.pdf")
        bill.action_post()
        self.books.fail("attach_file", errors.DataRefusedError("too big", code="413"))
        self.work()
        job = self.jobs(bill, "file")
        there = self.books.documents[self.key(1, "A1")]["files"]
        self.assertEqual((job.state, job.error_code, there), ("failed", "413", ["good.pdf"]))
        self.assertEqual(self.books.calls["attach_file"], 2)
        self.attach(bill, "later.pdf")
        self.work()
        self.assertEqual(there, ["good.pdf", "later.pdf"])
        self.assertEqual(self.books.calls["attach_file"], 3)
        self.assertEqual(job.state, "failed")
        self.assertIn("big.pdf", job.message)
        job.action_retry()
        self.work()
        self.assertEqual(there, ["good.pdf", "later.pdf", "big.pdf"])
        self.assertEqual(self.jobs(bill, "file").state, "done")

    def test_what_an_earlier_version_knew_of_refused_files_is_kept(self):
        self.books.capabilities = type(self.books)(files_with_document=False).capabilities
        bill = self.bill_with("big.pdf")
        self.books.fail("attach_file", errors.DataRefusedError("too big", code="413"))
        self.work()
        job = self.jobs(bill, "file")
        tried, refused = job.tried_files, job.refused_files
        self.assertTrue(tried and refused)
        job.write({"tried_files": False, "refused_files": False})
        job.content = {"tried": tried, "refused": refused}
        self.env.flush_all()
        migrate(self.env.cr, "19.0.1.3.0", "post-tried-files")
        self.env.invalidate_all()
        self.assertEqual((job.tried_files, job.refused_files, job.content), (tried, refused, False))
        job._make_pending()
        self.work()
        self.assertEqual(self.books.calls["attach_file"], 1)
