"""The entries that the last step of the set-up shows are those that are booked afterwards: line by
line, to the cent, for every worked document."""

from calendar import month_name
from decimal import Decimal

from odoo.addons.accountable_connect.tests.worked_documents import load
from odoo.tests import tagged

from tests.books.case import BooksCase
from tests.books.expected import expected_of
from tests.books.test_worked_documents import BooksWithAbroad
from tooling.books import exact_side


@tagged("post_install", "post_install_l10n", "-at_install")
class TestEntryShown(BooksCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.worked = BooksWithAbroad(cls.company, cls.customer, cls.supplier)
        cls.worked.abroad = cls.abroad
        cls.table, _control = load()

    @classmethod
    def post_documents(cls):
        moves = cls.worked.post_all(cls.table)
        cls.names = {move: name for name, move in moves.items()}
        return cls.env["account.move"].concat(*moves.values())

    @classmethod
    def by_hand(cls, package):
        codes = expected_of(package).worked_codes
        return {cls.worked.tax(name, kind): code for (name, kind), code in codes.items()}

    @classmethod
    def before_connecting(cls, books):
        books.accountant.add_account("451001", "Btw van andere lidstaten")

    @classmethod
    def after_connecting(cls, books):
        account = cls.worked.account("451001")
        books.connection._ensure_mapping_rows("account", account).action_confirm()

    def test_documents(self):
        moves = self.posted
        entries = self.env["accountable.set.up"]._entries(self.connection, moves)
        shown = {entry["id"]: entry for entry in entries}
        refused = self.export(moves)
        self.assertEqual(
            {move.id for move in refused},
            {key for key, entry in shown.items() if entry["state"] == "blocked"},
        )
        heads = self.heads()
        booked = self.booked(moves)
        self.assertEqual(len(booked), len(moves) - len(refused))
        for move, booking in booked.items():
            entry = shown[move.id]
            with self.subTest(self.names[move], package=self.package.name):
                self.assertEqual(
                    self.lines_shown(entry),
                    sorted(
                        (line.account, line.code or "", line.base, *vat_and_total(line))
                        for line in booking.lines
                    ),
                )
                month, _comma, why = entry["period"].partition(",")
                self.assertEqual(bool(why), month != f"{move.date:%B %Y}", "another month says why")
                head = code_of(entry["journal"]), month, entry["currency"]
                self.assertEqual(head, (*heads[booking.key], booking.currency))
                self.assertIn(f"{abs(booking.party_amount):,.2f}", entry["total"])

    def lines_shown(self, entry):
        return sorted(
            (
                code_of(line["account"]),
                code_of(line["vat_code"]),
                *(amount_of(line[name]) for name in ("base", "vat", "total")),
            )
            for line in entry["lines"]
        )

    def booked(self, moves):
        """``{move: booking}``"""
        bindings = self.env["accountable.binding"].search(
            [("kind", "=", "document"), ("res_id", "in", moves.ids)]
        )
        by_key = {booking.key: booking for booking in self.bookings()}
        return {moves.browse(one.res_id): by_key[one.external_key] for one in bindings}

    def heads(self):
        """``{key: (journal, month)}``"""
        books = self.accountant.books()
        journals = {
            f"{one['bookyearId']}/{one['journalKey']}/{one['documentSequenceNr']}": one[
                "journalKey"
            ]
            for one in books.get("bookings", ())
        } | {exact_side.key_of(one): one["journal"] for one in books.get("entries", ())}
        return {
            key: (journals[key], f"{month_name[month]} {year}")
            for key, ((year, month), _boxes) in self.accountant.entries().items()
        }


def code_of(shown):
    return shown.partition(" ")[0]


def amount_of(shown):
    return Decimal(shown.replace(",", ""))


def vat_and_total(line):
    """Of a line as the package received it: what stands on the bill, without VAT that we owe."""
    vat = Decimal(0) if line.reverse_charge else line.vat
    return vat, line.base + vat
