"""What the package refused of a contact goes again only when it is something else."""

from datetime import timedelta

from odoo.addons.accountable_connect.api import errors

from .common import ConnectionCase


class TestRefusedContacts(ConnectionCase):
    def refuse(self, times=1):
        error = errors.DataRefusedError("no such city", code="-7", values={"detail": "city"})
        self.books.fail("save_party", error, times)

    def refused(self, *moves):
        """Documents that failed because of their contact."""
        moves = moves or (self.invoice(),)
        self.refuse()
        self.work()
        jobs = self.jobs(self.env["account.move"].concat(*moves))
        self.assertEqual(set(jobs.mapped("state")), {"failed"})
        return jobs

    def assert_waits(self, jobs):
        """Still failed, and not tried again."""
        calls = self.books.calls["save_party"]
        self.work()
        self.assertEqual(set(jobs.mapped("state")), {"failed"})
        self.assertTrue(all(jobs.mapped("attempts")))
        self.assertEqual(self.books.calls["save_party"], calls)

    def test_any_write_sends_nothing_again(self):
        job = self.refused()
        for values in (
            {"comment": "x"},
            {"customer_rank": 3},
            {"street": self.partner_a.street},
            {"vat": self.partner_a.vat, "name": self.partner_a.name},
            {"category_id": [(5,)]},
        ):
            with self.subTest(values=values):
                self.partner_a.write(values)
                self.assert_waits(job)
        self.partner_a._increase_rank("customer_rank")
        self.assert_waits(job)

    def test_child_contacts_and_bank_accounts_send_nothing_again(self):
        job = self.refused()
        child = self.env["res.partner"].create({"name": "An", "parent_id": self.partner_a.id})
        child.write({"comment": "x"})
        account = self.env["res.partner.bank"].create(
            {"partner_id": self.partner_a.id, "acc_number": "BE68539007547034"}
        )
        account.write({"note": "x"})
        self.assert_waits(job)
        account.allow_out_payment = True
        self.work()
        self.assertEqual(job.state, "done")

    def test_correction_sends_it_again(self):
        job = self.refused()
        self.partner_a.city = "Gent"
        self.work()
        self.assertEqual(job.state, "done")

    def test_correction_that_is_refused_too(self):
        job = self.refused()
        self.partner_a.city = "Gent"
        self.refuse()
        self.work()
        self.assertEqual(job.state, "failed")
        self.partner_a.comment = "x"
        self.assert_waits(job)

    def test_contact_is_refused_once_for_all_its_documents(self):
        """Packages block who makes ten errors an hour."""
        jobs = self.refused(*(self.invoice() for _number in range(12)))
        self.assertEqual(self.books.calls["save_party"], 1)
        self.assertEqual(set(jobs.mapped("cause_id")), {self.partner_a.id})
        self.assertEqual(len(set(jobs.mapped("message"))), 1)
        later = self.jobs(self.invoice())
        self.work()
        self.assertEqual(later.state, "failed")
        self.assertEqual(self.books.calls["save_party"], 1)
        # another contact is nobody's affair
        other = self.jobs(self.invoice(partner=self.partner_b))
        self.work()
        self.assertEqual(other.state, "done")

    def test_new_document_asks_again_an_hour_later(self):
        """What is wrong may have been put right over there."""
        job = self.refused()
        job.refused_at -= timedelta(minutes=59)
        later = self.jobs(self.invoice())
        self.work()
        self.assertEqual((later.state, later.refused_at), ("failed", job.refused_at))
        (job + later).write({"refused_at": job.refused_at - timedelta(minutes=2)})
        last = self.jobs(self.invoice())
        self.work()
        self.work()
        self.assertEqual(set((job + later + last).mapped("state")), {"done"})

    def test_retry_asks_again_once_for_all(self):
        jobs = self.refused(*(self.invoice() for _number in range(5)))
        self.refuse()
        jobs.action_retry()
        self.work()
        self.assertEqual(self.books.calls["save_party"], 2)
        self.assertEqual(set(jobs.mapped("state")), {"failed"})
        jobs[0].action_retry()
        self.work()
        self.work()
        self.assertEqual(set(jobs.mapped("state")), {"done"})
        self.assertEqual(self.books.calls["save_party"], 3)

    def test_update_of_the_contact_lets_its_documents_go(self):
        """Cured over there: nothing of the contact changed here."""
        self.invoice()
        self.work()
        self.partner_a.city = "Gent"
        job = self.refused(self.invoice())
        self.partner_a.action_accountable_update()
        self.work()
        self.work()
        self.assertEqual(self.jobs(self.partner_a, "party").state, "done")
        self.assertEqual(job.state, "done")

    def test_update_of_the_contact_that_is_refused(self):
        self.invoice()
        self.work()
        self.refuse()
        self.partner_a.action_accountable_update()
        self.work()
        job = self.jobs(self.partner_a, "party")
        self.assertEqual(job.state, "failed")
        self.partner_a.comment = "x"
        self.assert_waits(job)
        self.partner_a.city = "Gent"
        self.work()
        self.assertEqual(job.state, "done")

    def test_duplicate_contact_is_asked_about_once(self):
        move = self.invoice()
        self.books.fail("find_parties", errors.DuplicateError("two of them"))
        self.work()
        job = self.jobs(move)
        self.assertEqual((job.state, job.error_kind), ("failed", "duplicate"))
        self.partner_a.comment = "x"
        self.assertEqual(job.state, "failed")
        self.partner_a.city = "Gent"
        self.assertEqual(job.state, "pending")

    def test_missing_data_go_on_when_written(self):
        """What was never sent was never refused."""
        job = self.refused()
        job.write({"refused_fingerprint": False})
        self.partner_a.comment = "x"
        self.assertEqual(job.state, "pending")

    def test_header_that_is_written_as_it_was_sends_no_refused_change_again(self):
        bill = self.bill()
        self.work()
        bill.button_draft()
        bill.invoice_line_ids.price_unit = 150.0
        bill.action_post()
        self.books.fail("update_document", errors.DataRefusedError("no", code="-35"))
        self.work()
        job = self.jobs(bill).filtered(lambda job: job.state == "failed")
        self.assertTrue(job)
        bill.write({"ref": bill.ref, "invoice_date_due": bill.invoice_date_due})
        self.assertEqual(job.state, "failed")
        bill.ref = "F-2026/14"
        self.assertEqual(job.state, "pending")
