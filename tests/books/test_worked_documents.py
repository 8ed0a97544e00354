"""The worked documents of Belgian bookkeeping, to the cent in the ledger of the sandbox."""

from decimal import Decimal

from odoo.addons.accountable_connect.tests.worked_documents import OSS_TAX, WorkedBooks, load
from odoo.tests import tagged

from tests.books.case import ExactBooksCase, OctopusBooksCase
from tooling.books.figures import CUSTOMERS, SUPPLIERS, VAT_ACCOUNTS, is_vat_account

EU_TAXES = {"00-EU-L", "00-EU-S", "00-EU-T"}
PARTY = {"400000": CUSTOMERS, "440000": SUPPLIERS}


class BooksWithAbroad(WorkedBooks):
    """The same documents; those that need a VAT number of another Member State have one."""

    abroad = None

    def _values(self, document):
        values = super()._values(document)
        if any(EU_TAXES & set(line["taxes"]) for line in document["lines"]):
            values["partner_id"] = self.abroad.id
        return values


class WorkedDocuments:
    """The tests; a package's ``BooksCase`` is put under them. ``codes``: tax → code that a person
    chooses; ``refused_documents`` are refused in words."""

    codes = {}
    # Cash rounding on the biggest tax changes the VAT, which is wrong in Belgium.
    refused_documents = {"S35"}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.books = BooksWithAbroad(cls.company, cls.customer, cls.supplier)
        cls.books.abroad = cls.abroad
        cls.table, cls.control = load()
        cls.moves = cls.books.post_all(cls.table)
        by_hand = {cls.books.tax(name, kind): code for (name, kind), code in cls.codes.items()}
        cls.accountant.add_account("451001", "Btw van andere lidstaten")
        cls.connect(by_hand)
        cls.everything = cls.env["account.move"].concat(*cls.moves.values())
        # The account of foreign VAT stands on no line, so a person adds it.
        cls.connection._ensure_mapping_rows("account", cls.books.account("451001")).action_confirm()
        cls.refused = cls.export(cls.everything)
        cls.sent = cls.everything - cls.env["account.move"].concat(*cls.refused)
        cls.result = cls.comparison(cls.sent, open_items=False)

    def identifiers(self, moves):
        names = {move.id: identifier for identifier, move in self.moves.items()}
        return {names[move.id] for move in moves}

    def test_what_is_refused_says_why(self):
        texts = [problem.message for problems in self.refused.values() for problem in problems]
        self.assertEqual(self.identifiers(self.refused), self.refused_documents, texts)
        for problems in self.refused.values():
            self.assertTrue(all(problem.message for problem in problems))

    def test_books_agree(self):
        self.assert_agrees(self.result)

    def test_only_the_named_list(self):
        names = {difference.name for difference in self.result.differences}
        self.assertLessEqual(names, self.names)
        cents = [
            abs(amount)
            for difference in self.result.differences
            if difference.name.startswith("R")
            for amount in (*difference.accounts.values(), *difference.boxes.values())
        ]
        self.assertLessEqual(max(cents), Decimal("0.01"))

    def test_the_ledger_is_the_table(self):
        """Account by account against the published entry, VAT accounts as one group."""
        bookings = {booking.key: booking for booking in self.bookings()}
        keys = {
            binding.res_id: binding.external_key
            for binding in self.env["accountable.binding"].search(
                [("kind", "=", "document"), ("res_id", "in", self.sent.ids)]
            )
        }
        for row in self.table:
            if row["id"] in self.refused_documents:
                continue
            with self.subTest(row["id"], what=row["what"]):
                move = self.moves[row["id"]]
                booked = dict(bookings[keys[move.id]].accounts)
                for difference in self.result.differences:
                    if difference.document == move.name:
                        for account, amount in difference.accounts.items():
                            booked[account] = booked.get(account, Decimal(0)) - amount
                self.assertEqual(
                    {account: amount for account, amount in booked.items() if amount},
                    self._grouped(row["entry"]),
                )

    def _grouped(self, entry):
        grouped = {}
        for account, amount in entry.items():
            name = PARTY.get(account) or (VAT_ACCOUNTS if is_vat_account(account) else account)
            grouped[name] = grouped.get(name, Decimal(0)) + Decimal(amount)
        return {account: amount for account, amount in grouped.items() if amount}


@tagged("post_install", "post_install_l10n", "-at_install")
class TestWorkedDocumentsOctopus(WorkedDocuments, OctopusBooksCase):
    codes = {
        (OSS_TAX, "sale"): "EX",
        ("V83-277-ROW-CC", "purchase"): "IE21",
        ("TVA-21-inclus-dans-prix", "purchase"): "D21",
    }


@tagged("post_install", "post_install_l10n", "-at_install")
class TestWorkedDocumentsExact(WorkedDocuments, ExactBooksCase):
    codes = {
        (OSS_TAX, "sale"): "EXP",
        ("V83-277-ROW-CC", "purchase"): "E21",
        ("TVA-21-inclus-dans-prix", "purchase"): "A21",
    }
    # Import VAT straight on the VAT account, on which the package books no line.
    refused_documents = {"S35", "P29"}
