"""Posted, not handed over: where each document stands, and who is told before the VAT return."""

from datetime import date

from freezegun import freeze_time
from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import new_test_user, tagged

from .common import ConnectionCase
from .common_hand_over import HandOverCase


class OutstandingMixin:
    def standing(self, user=None):
        """``{document: where it stands}``."""
        self.env.flush_all()
        self.env["accountable.outstanding"].invalidate_model()
        rows = self.env["accountable.outstanding"].with_user(user or self.env.user)
        rows = rows.search([("connection_id", "=", self.connection.id)])
        return {row.move_id: row.state for row in rows}


@tagged("post_install", "-at_install")
class TestOutstanding(OutstandingMixin, HandOverCase):
    def test_where_each_document_stands(self):
        self.connection.sales_given = "everything"
        without_file = self.invoice(move_type="in_invoice", ref=False)
        waiting, withheld, excluded = self.invoice(), self.e_invoice(), self.invoice()
        excluded.action_accountable_exclude()
        self.connection.bills_given = "not_peppol"
        in_batch = self.invoice()
        self.jobs(waiting).next_try = False
        self.work()
        self.assertEqual(
            self.standing(),
            {
                waiting: "waiting",
                withheld: "withheld",
                excluded: "excluded",
                without_file: "failed",
                in_batch: "open_batch",
            },
        )
        batch = self.close()
        self.assertEqual(self.standing()[in_batch], "closed_batch")
        values = {"batch_id": batch.id, "channel": "mail"}
        try_ = self.env["accountable.hand.over"].sudo().create(values)
        for state, next_try, expected in (
            ("failed", fields.Datetime.now(), "closed_batch"),
            ("failed", False, "failed"),  # it came back
            ("unknown", False, "failed"),
        ):
            try_.write({"state": state, "next_try": next_try})
            self.assertEqual(self.standing()[in_batch], expected)
        try_.unlink()
        self.hand_over(batch)
        self.assertNotIn(in_batch, self.standing())
        batch._refuse("Not ours.")
        self.assertEqual(self.standing()[in_batch], "refused")

    def test_what_changed_since_stands_there_until_somebody_decides(self):
        """The accountant has other figures, and has to hear of it before the VAT return."""
        invoice = self.invoice()
        self.work()
        self.hand_over()
        self.change(invoice, 200)
        self.work()
        self.assertEqual(self.standing(), {invoice: "failed"})
        self.jobs(invoice).filtered(lambda job: job.state == "failed").action_skip()
        self.assertFalse(self.standing())

    def test_what_a_person_excluded_is_not_counted(self):
        self.invoice()
        self.invoice().action_accountable_exclude()
        self.env.flush_all()
        self.assertEqual(self.connection.outstanding_count, 1)

    def test_no_file(self):
        bill = self.invoice(move_type="in_invoice", ref=False)
        self.work()
        self.jobs(bill).error_code = "no_file"
        self.assertEqual(self.standing()[bill], "no_file")

    def test_sums(self):
        self.invoice(100.0)
        self.invoice(50.0, move_type="out_refund")
        self.bill()
        self.env.flush_all()
        rows = self.env["accountable.outstanding"]._read_group(
            [("connection_id", "=", self.connection.id)],
            ["side", "state"],
            ["__count", "amount_total:sum"],
        )
        self.assertEqual(rows, [("purchase", "waiting", 1, 121.0), ("sale", "waiting", 2, 60.5)])
        self.assertEqual(self.connection.outstanding_count, 3)

    def test_a_document_opens(self):
        invoice = self.invoice()
        self.env.flush_all()
        row = self.env["accountable.outstanding"].search([("move_id", "=", invoice.id)])
        self.assertEqual(row.name, invoice.name)
        self.assertEqual(row.action_open()["res_id"], invoice.id)
        with self.assertRaises(AccessError):
            row.with_user(self.user_of(self.company)).write({"name": "x"})

    def user_of(self, company):
        return new_test_user(
            self.env,
            f"clerk_{company.id}",
            "accountable_connect.group_user,account.group_account_invoice",
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )

    def test_another_company_sees_none(self):
        invoice = self.invoice()
        other = self.env["res.company"].create({"name": "Other"})
        self.assertIn(invoice, self.standing(self.user_of(self.company)))
        self.assertFalse(self.standing(self.user_of(other)))

    def test_without_any_connection(self):
        self.connection.active = False
        self.assertFalse(self.standing())


@tagged("post_install", "-at_install")
class TestOutstandingOfAService(OutstandingMixin, ConnectionCase):
    def test_what_is_booked_is_not_outstanding(self):
        booked = self.invoice()
        self.work()
        waiting = self.invoice()
        self.assertEqual(self.standing(), {waiting: "waiting"})
        self.assertTrue(self.jobs(booked))


@tagged("post_install", "-at_install")
class TestDeadline(HandOverCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.connection.write({"deadline_days": 5, "vat_period": "quarterly", "vat_return_day": 20})
        cls.old = cls.connection.activity_ids

    def told(self, day):
        self.env.flush_all()
        with freeze_time(day):
            self.env["accountable.connection"]._cron_deadlines()
        return self.connection.activity_ids - self.old

    def test_once_for_each_period(self):
        self.invoice(invoice_date="2026-09-30")
        self.assertFalse(self.told("2026-10-14"))
        activities = self.told("2026-10-15")
        self.assertIn("10/20/2026", activities[0].note)
        self.assertEqual(
            activities.activity_type_id.get_external_id(),
            {activities.activity_type_id.id: "accountable_connect.mail_activity_type_deadline"},
        )
        self.assertEqual(self.told("2026-10-16"), activities)
        self.assertEqual(self.connection.deadline_told_for, date(2026, 9, 30))

    def test_nobody_is_told_without_documents(self):
        self.invoice(invoice_date="2026-10-01")
        self.assertFalse(self.told("2026-10-16"))
        self.invoice(invoice_date="2026-09-01")
        self.assertTrue(self.told("2026-10-17"))

    def test_what_was_handed_over_is_no_reason(self):
        self.invoice(invoice_date="2026-09-30")
        self.work()
        self.hand_over()
        self.assertFalse(self.told("2026-10-16"))

    def test_never(self):
        self.connection.deadline_days = 0
        self.invoice(invoice_date="2026-09-30")
        self.assertFalse(self.told("2026-10-16"))

    def test_not_after_the_return(self):
        self.invoice(invoice_date="2026-09-30")
        self.assertFalse(self.told("2026-10-21"))

    def test_periods(self):
        connection = self.connection
        for period, day, today, expected in (
            ("monthly", 20, date(2026, 10, 15), (date(2026, 9, 30), date(2026, 10, 20))),
            ("quarterly", 25, date(2026, 11, 2), (date(2026, 9, 30), date(2026, 10, 25))),
            ("quarterly", 31, date(2026, 1, 5), (date(2025, 12, 31), date(2026, 1, 31))),
            ("monthly", 31, date(2026, 3, 1), (date(2026, 2, 28), date(2026, 3, 31))),
        ):
            with self.subTest(period=period, today=today):
                connection.write({"vat_period": period, "vat_return_day": day})
                self.assertEqual(connection._last_vat_period(today), expected)

    def test_the_day_follows_the_period(self):
        """Each quarter the return is due on the 25th, each month on the 20th; a person may say
        another day."""
        connection = self.connection
        for period, day in (("monthly", 20), ("quarterly", 25)):
            connection.vat_period = period
            self.assertEqual(connection.vat_return_day, day)
        connection.vat_return_day = 22
        self.assertEqual(connection.vat_return_day, 22)

    def test_impossible_settings(self):
        for values in ({"deadline_days": -1}, {"vat_return_day": 0}, {"vat_return_day": 32}):
            with self.subTest(values=values), self.assertRaises(ValidationError):
                self.connection.write(values)

    def test_what_is_wrong_with_one_keeps_no_other_from_being_told(self):
        connections = self.registry["accountable.connection"]
        asked = []

        def _tell_of_deadline(connection, today):
            asked.append(connection.id)
            raise ValueError("something is wrong with this one")

        self.patch(connections, "_tell_of_deadline", _tell_of_deadline)
        company = self.env["res.company"].create({"name": "Other"})
        other = self.connection.sudo().copy({"company_id": company.id})
        other.write({"step": "done", "deadline_days": 5})
        logger = "odoo.addons.accountable_connect.models.hand_over.deadline"
        with self.assertLogs(logger, "ERROR") as logged:
            self.env["accountable.connection"]._cron_deadlines()
        self.assertLessEqual({self.connection.id, other.id}, set(asked))
        self.assertEqual(len(logged.output), len(asked))
