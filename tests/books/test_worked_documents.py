"""The worked documents of Belgian bookkeeping, to the cent in the ledger of the sandbox."""

from decimal import Decimal

from odoo.addons.accountable_connect.tests.worked_documents import WorkedBooks, load
from odoo.tests import tagged

from tests.books.case import BooksCase, for_packages
from tests.books.delivering import Delivering
from tests.books.expected import expected_of
from tooling.books.figures import CUSTOMERS, SUPPLIERS, VAT_ACCOUNTS, is_vat_account
from tooling.packages import load as load_package
from tooling.packages import with_ledger

EU_TAXES = {"00-EU-L", "00-EU-S", "00-EU-T"}
PARTY = {"400000": CUSTOMERS, "440000": SUPPLIERS}
# Ours that cannot be an e-invoice: they have a line without tax.
AS_PDF = {"S38", "S47"}


class BooksWithAbroad(WorkedBooks):
    """The same documents; those that need a VAT number of another Member State have one."""

    abroad = None

    def _values(self, document):
        values = super()._values(document)
        if any(EU_TAXES & set(line["taxes"]) for line in document["lines"]):
            values["partner_id"] = self.abroad.id
        return values


@tagged("post_install", "post_install_l10n", "-at_install")
class TestWorkedDocuments(Delivering, BooksCase):
    """All documents are booked once for the tests of a package: ``refused``, ``sent``,
    ``bookings_by_move`` and ``result`` are what came of it."""

    packages = with_ledger()

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.worked = BooksWithAbroad(cls.company, cls.customer, cls.supplier)
        cls.worked.abroad = cls.abroad
        cls.table, cls.control = load()
        cls.outcomes = {}

    @classmethod
    def post_documents(cls):
        cls.moves = cls.worked.post_all(cls.table)

    @classmethod
    def by_hand(cls, package):
        codes = expected_of(package).worked_codes
        return {cls.worked.tax(name, kind): code for (name, kind), code in codes.items()}

    @classmethod
    def before_connecting(cls, books):
        books.accountant.add_account("451001", "Btw van andere lidstaten")

    @classmethod
    def after_connecting(cls, books):
        # The account of foreign VAT stands on no line, so a person adds it.
        account = cls.worked.account("451001")
        books.connection._ensure_mapping_rows("account", account).action_confirm()
        # The table books rented lorries where the dossier has rented cars; by its name another
        # account is more like it.
        rented = books.connection._ensure_mapping_rows("account", cls.worked.account("610300"))
        if journal := expected_of(books.package).self_billing_journal:
            # One of several journals of bills.
            rows = books.connection.mapping_ids.filtered(
                lambda row: (
                    (row.kind, row.document_kind, row.state) == ("journal", "purchase", "proposed")
                )
            )
            rows.master_data_id = books.connection.master_data_ids.filtered(
                lambda item: (item.kind, item.code) == ("journal", journal)
            )
        rented.master_data_id = books.connection.master_data_ids.filtered(
            lambda item: (item.kind, item.code) == ("ledger_account", "610300")
        )

    def setUp(self):
        super().setUp()
        if self.package.name not in self.outcomes:
            self.outcomes[self.package.name] = self._book_all()
        self.refused, self.sent, self.bookings_by_move, self.result = self.outcomes[
            self.package.name
        ]

    def _book_all(self):
        """What stays true when Odoo forgets that they were booked: no records but documents."""
        everything = self.env["account.move"].concat(*self.moves.values())
        refused = self.export(everything)
        sent = everything - self.env["account.move"].concat(*refused)
        bookings = {booking.key: booking for booking in self.bookings()}
        bindings = self.env["accountable.binding"].search(
            [("kind", "=", "document"), ("res_id", "in", sent.ids)]
        )
        by_move = {binding.res_id: bookings[binding.external_key] for binding in bindings}
        return refused, sent, by_move, self.comparison(sent, open_items=False)

    def identifiers(self, moves):
        names = {move.id: identifier for identifier, move in self.moves.items()}
        return {names[move.id] for move in moves}

    def test_what_is_refused_says_why(self):
        texts = [problem.message for problems in self.refused.values() for problem in problems]
        self.assertEqual(self.identifiers(self.refused), self.expected.refused_documents, texts)
        for problems in self.refused.values():
            self.assertTrue(all(problem.message for problem in problems))

    def test_books_agree(self):
        self.assert_agrees(self.result)

    def test_only_the_named_list(self):
        self.assert_names(self.result)
        cents = [
            abs(amount)
            for difference in self.result.differences
            if difference.name.startswith("R")
            for amount in (*difference.accounts.values(), *difference.boxes.values())
        ]
        self.assertLessEqual(max(cents, default=0), Decimal("0.01"))

    def test_the_ledger_is_the_table(self):
        """Account by account against the published entry, VAT accounts as one group."""
        for row in self.table:
            if row["id"] in self.expected.refused_documents:
                continue
            with self.subTest(row["id"], what=row["what"], package=self.package.name):
                move = self.moves[row["id"]]
                booked = dict(self.bookings_by_move[move.id].accounts)
                for difference in self.result.differences:
                    if difference.document == move.name:
                        for account, amount in difference.accounts.items():
                            booked[account] = booked.get(account, Decimal(0)) - amount
                self.assertEqual(
                    {account: amount for account, amount in booked.items() if amount},
                    self._grouped(row["entry"]),
                )

    @for_packages([load_package("octopus")])
    def test_delivered_as_they_are(self):
        """Sales as e-invoices, whose figures are those of the entry; no bill has its paper here."""
        moves = self.env["account.move"].concat(*self.moves.values())
        refused, as_pdf, found = self.deliver(self.company, moves)
        self.assertGreaterEqual(found.e_invoices, 50)
        self.assertEqual(self.identifiers(as_pdf), AS_PDF)
        for move, problems in refused.items():
            with self.subTest(move.name, problems=[problem.message for problem in problems]):
                self.assertTrue(move.is_purchase_document(include_receipts=True))

    def a_few(self):
        """An invoice, a credit note, and a bill that has its paper."""
        moves = self.env["account.move"].concat(*self.moves.values())
        chosen = self.env["account.move"].concat(
            *(
                moves.filtered(lambda move, kind=kind: move.move_type == kind)[:1]
                for kind in ("out_invoice", "out_refund", "in_invoice")
            )
        )
        bill = chosen[-1]
        bill.message_main_attachment_id = self.env["ir.attachment"].create(
            {
                "name": "bill.pdf",
                "mimetype": "application/pdf",
                "raw": b"%PDF-1.4 of a bill",
                "res_model": bill._name,
                "res_id": bill.id,
            }
        )
        return chosen

    @for_packages([load_package("octopus")])
    def test_delivered_by_mail(self):
        """Whichever package keeps the books."""
        server, batches = self.deliver_by(self.company, self.a_few(), "mail")
        mails = server.mails()
        self.assertEqual(
            [mail["message_id"] for mail in mails], batches.hand_over_ids.mapped("message_id")
        )
        self.assertEqual([len(mail["files"]) for mail in mails], [1, 1, 1])

    @for_packages([load_package("octopus")])
    def test_delivered_by_sftp(self):
        """Whichever package keeps the books."""
        self.deliver_by(self.company, self.a_few(), "sftp")

    def _grouped(self, entry):
        grouped = {}
        for account, amount in entry.items():
            name = PARTY.get(account) or (VAT_ACCOUNTS if is_vat_account(account) else account)
            grouped[name] = grouped.get(name, Decimal(0)) + Decimal(amount)
        return {account: amount for account, amount in grouped.items() if amount}
