"""One document goes first: until the rest goes, nothing else is booked whatever people do, and then
nothing is missing and nothing there twice."""

from odoo.tests import tagged

from tests.books.case import jobs_of
from tests.books.test_two_packages import TwoPackagesCase
from tooling.demo import connect
from tooling.packages import load


@tagged("post_install", "post_install_l10n", "-at_install")
class TestFirstThenRest(TwoPackagesCase):
    def stand_on_last_step(self, name):
        """A connection for which nothing went yet."""
        package = load(name)
        sign_in = package.sign_in(self.root(package))
        set_up = connect.SetUp(self.first.with_context(allowed_company_ids=self.first.ids))
        record = set_up.make(sign_in).sign_in_id
        self.env.flush_all()
        package.let_in(record, self.root(package))
        self.env.invalidate_all()
        return set_up.connect(sign_in, start=False).sudo()

    def figures(self, connection):
        """What is booked: ``[(key, accounts)]``."""
        books = self.accountant_of(connection).books()
        bookings = load(connection.package).bookings(books)
        return [(booking.key, booking.accounts) for booking in bookings]

    def attach(self, move, name):
        self.env["ir.attachment"].create(
            {
                "name": name,
                "raw": b"%PDF-1.4 " + name.encode(),
                "mimetype": "application/pdf",
                "res_model": move._name,
                "res_id": move.id,
            }
        )

    def check(self, name):
        connection = self.stand_on_last_step(name)
        invoices = [self.post(self.first, f"2026-03-0{day}", 100 * day) for day in range(1, 6)]
        bill = self.post(self.first, "2026-03-08", 77, "in_invoice")
        first, paid, _third, _fourth, cancelled = invoices
        connection.action_send_first(first.id)
        self.work(connection)
        booked = self.figures(connection)
        self.assertEqual(len(booked), 1)
        made = self.env["account.move"]

        def post_others():
            nonlocal made
            made += self.post(self.first, "2026-03-20", 900)
            made += first._reverse_moves([{"invoice_date": "2026-03-25", "date": "2026-03-25"}])
            made[-1:].action_post()

        def pay():
            wizard = self.env["account.payment.register"].with_context(
                active_model="account.move", active_ids=paid.ids
            )
            wizard.create({})._create_payments()

        def change():
            first.button_draft()
            first.invoice_line_ids.price_unit = 333
            first.action_post()

        def cancel():
            cancelled.button_draft()
            cancelled.button_cancel()

        def pause():
            connection.action_pause()
            self.work(connection)
            connection.action_resume()

        def archive():
            connection.active = False
            self.work(connection)
            connection.active = True

        for act in (
            post_others,
            (first + bill).action_accountable_export,
            connection.action_synchronise,
            lambda: connection.write({"moment": "nightly"}),
            lambda: connection.write({"moment": "posting"}),
            lambda: self.partner_a.write({"street": "Nieuwe straat 9", "name": "Klant NV"}),
            lambda: self.attach(first, "later.pdf"),
            lambda: self.attach(bill, "bill.pdf"),
            pay,
            change,
            cancel,
            lambda: first.write({"ref": "another", "invoice_date_due": "2026-06-30"}),
            connection.action_previous_step,
            pause,
            archive,
        ):
            act()
            self.work(connection)
            self.assertEqual(self.figures(connection), booked, act)
        while connection.step != "summary":
            connection.action_next_step()
        connection.action_send_rest()
        self.work(connection)
        moves = self.env["account.move"].concat(*invoices[:4], bill, made)
        self.assert_same_books(connection, moves, open_items=False)
        documents = jobs_of(connection).filtered(lambda job: job.operation == "document")
        self.assertEqual(set(documents.mapped("res_id")), set(moves.ids))
        return [key for key, _accounts in self.figures(connection)]

    def test_octopus(self):
        keys = self.check("octopus")
        numbers = sorted(int(key.split("/")[2]) for key in keys if "/V1/" in key)
        self.assertEqual(numbers, [1, 2, 3, 4, 5], "consecutive")

    def test_exact(self):
        self.assertEqual(len(set(self.check("exact"))), 7)
