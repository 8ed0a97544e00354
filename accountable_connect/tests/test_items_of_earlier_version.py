"""The items an earlier version left in its queue go on after the upgrade."""

from decimal import Decimal

from .common_earlier_version import BILL, DAY, EarlierVersionCase


class TestItemsOfVersionBefore(EarlierVersionCase):
    """19.0.1.2.0 left an item in every state, some of them said in another way."""

    version = "19.0.1.2.0"
    stored = (
        *EarlierVersionCase.stored,
        ("twice", "A1/2026/3", "v5"),
        ("otherwise", "A1/2026/4", "v7"),
        ("sending", "A1/2026/6", "v9"),
    )
    not_ours = ("adopted", "twice")

    def make_moves(self):
        return super().make_moves() | {
            "twice": self.bill(ref="F-8", amount=900.0, **BILL),
            "otherwise": self.bill(ref="F-6", amount=801.0, **BILL),
            "gone": self.bill(ref="F-7", amount=811.0, **BILL),
            "excluded": self.invoice(620.0, invoice_date=DAY),
            "held": self.invoice(600.0, invoice_date=DAY),
            "sending": self.bill(ref="F-5", amount=700.0, **BILL),
        }

    def job(self, label, operation="document"):
        return self.jobs(self.moves[label], operation)[-1]

    def work_on(self):
        """Several runs, with time between them."""
        self.work()
        for _time in range(2):
            self.settle()

    def test_only_what_waited_is_sent(self):
        self.assertEqual(self.job("held").held_by_id, self.job("unknown"))
        self.work_on()
        own = self.env["accountable.document"]._own_reference
        waited = {own(self.moves[label]) for label in ("waiting", "held")}
        self.assertEqual(len(self.books.booked), len(self.stored) + 2)
        self.assertEqual(set(self.books.booked[len(self.stored) :]), waited)
        changing = {"update_document", "remove_document", "save_party", "attach_file"}
        self.assertFalse(changing & set(self.books.calls))
        waits = {"refused", "twice", "otherwise", "gone"}
        self.assertEqual(
            self.states(),
            dict.fromkeys(self.moves, "done")
            | dict.fromkeys(waits, "failed")
            | {"excluded": "skipped"},
        )

    def test_what_a_person_decides_is_asked_as_before(self):
        questions = {
            label: (
                self.job(label).error_kind,
                self.job(label).error_code,
                self.job(label).question,
            )
            for label in ("twice", "otherwise", "gone", "refused")
        }
        self.assertEqual(
            questions,
            {
                "twice": ("duplicate", "", "same"),
                "otherwise": ("decision", "changed_in_package", "replace"),
                "gone": ("decision", "gone", "anyway"),
                "refused": ("data_refused", "", False),
            },
        )
        self.job("twice").action_adopt()
        self.job("otherwise").action_book_anyway()
        self.job("gone").action_book_anyway()
        self.work_on()
        self.assertEqual({self.job(one).state for one in ("twice", "otherwise", "gone")}, {"done"})
        self.assertTrue(self.bindings(self.moves["twice"]).adopted)
        self.assertEqual(self.books.documents["A1/2026/4"]["stored"].total, Decimal("969.21"))

    def test_a_file_that_was_refused_is_sent_again_only_by_a_person(self):
        job = self.job("bill", "file")
        self.assertEqual(job.tried_files, ["ir.attachment,7"])
        self.assertEqual(list(job.refused_files), ["ir.attachment,7"])
        self.assertFalse(job.content)
        self.assertTrue(self.job("unknown").content and self.job("sending").content)
        self.work_on()
        self.assertFalse(self.books.calls["attach_file"])
        self.assertEqual((job.state, job.error_code), ("failed", "too_large"))
