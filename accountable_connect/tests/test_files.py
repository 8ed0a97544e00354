"""Where the files of a booking hang, and files whose fate nobody knows."""

from datetime import timedelta

from odoo.addons.accountable_connect.api import errors

from .common import ConnectionCase


class TestFiles(ConnectionCase):
    def use(self, **capabilities):
        """A package with places for files, which looks whether one arrived."""
        self.books.capabilities = type(self.books)(
            **{"finds_files": True, **capabilities}
        ).capabilities
        self.books.has_file_places = True

    def bill(self, *names):
        bill = self.invoice(move_type="in_invoice", ref="F-1", post=False)
        for name in names:
            self.attach(bill, name)
        bill.action_post()
        return bill

    def attach(self, move, name):
        return self.env["ir.attachment"].create(
            {
                "name": name,
                "raw": b"%PDF-1.4 " + name.encode(),
                "mimetype": "application/pdf",
                "res_model": move._name,
                "res_id": move.id,
            }
        )

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
        bill = self.bill("bill.pdf")
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
        bill = self.bill("bill.pdf", "annex.pdf")
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
        bill = self.bill("bill.pdf", "annex.pdf")
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
        bill = self.bill("bill.pdf")
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
        bill = self.bill("bill.pdf")
        self.books.fail("attach_file", ("after", errors.OutcomeUnknownError("no answer")))
        self.work()
        self.later()
        self.work()
        job = self.jobs(bill, "file")
        self.assertEqual((job.state, job.error_kind), ("failed", "outcome_unknown"))
        self.assertEqual(self.books.calls["attach_file"], 1)


class TestAgain(ConnectionCase):
    """What a package is told of earlier attempts to book a document."""

    def told(self):
        return [again for operation, again in self.books.again if operation == "create_document"]

    def test_first_attempt_is_no_repetition(self):
        self.invoice()
        self.work()
        self.assertEqual(self.told(), [False])

    def test_an_attempt_that_failed_is_told(self):
        move = self.invoice()
        self.books.fail("create_document", errors.TemporaryError("503"))
        self.work()
        self.later()
        self.work()
        self.assertEqual(self.jobs(move).state, "done")
        self.assertEqual(self.told(), [False, True])

    def test_a_retry_of_a_person_is_told_and_what_never_went_out_is_not(self):
        move = self.invoice()
        self.books.fail("save_party", errors.DataRefusedError("no city"))
        self.work()
        self.jobs(move).action_retry()
        self.books.fail("create_document", errors.DataRefusedError("no"))
        self.work()
        self.jobs(move).action_retry()
        self.work()
        self.assertEqual(self.told(), [False, True])

    def test_an_item_that_replaces_another_one_is_told(self):
        move = self.invoice()
        self.books.fail("create_document", errors.DataRefusedError("no"))
        self.work()
        move.button_draft()
        move.action_post()
        self.assertEqual(len(self.jobs(move)), 2)
        self.work()
        self.assertEqual(self.told(), [False, True])

    def test_the_next_period_is_told(self):
        bill = self.invoice(move_type="in_invoice", ref="F-1", invoice_date=self.today)
        start = self.today.replace(day=1)
        for number, day in enumerate((start, self.next_month(start)), 1):
            self.env["accountable.master.data"].sudo().create(
                {
                    "connection_id": self.connection.id,
                    "kind": "period",
                    "code": str(number),
                    "details": {
                        "date_from": day.isoformat(),
                        "date_to": (self.next_month(day) - timedelta(days=1)).isoformat(),
                        "book_year": "1",
                    },
                }
            )
        self.books.fail("create_document", errors.PeriodClosedError("closed"))
        self.work()
        self.assertEqual(self.jobs(bill).state, "done", self.jobs(bill).message)
        self.assertEqual(self.told(), [False, True])

    def next_month(self, day):
        return day.replace(year=day.year + day.month // 12, month=day.month % 12 + 1)
