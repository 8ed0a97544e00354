"""WinBooks on the desktop: entries as ACT and CSF in a directory, which an operator imports."""

import csv
import io
from decimal import Decimal

from sandbox.kit.charts import chart_of
from sandbox.winbooks_desktop import serve
from sandbox.winbooks_desktop.layout import rank_of
from sandbox.winbooks_desktop.seed import FIRST, FOLDERS, JOURNALS, YEARS
from sandbox.winbooks_desktop.vat_codes import vat_codes
from tooling.books import winbooks_side
from tooling.demo.accountant import Accountant
from tooling.packages.package import Package, SignIn

FOLDER = FOLDERS[FIRST]["directory"]
YEAR = 2026
# DBKTYPE, by the kind of a document; and what a person calls the type of a journal.
TYPES = {"purchase": "0", "purchase_refund": "1", "sale": "2", "sale_refund": "3"}
JOURNAL_TYPES = {
    "0": "Aankoop",
    "1": "Creditnota aankoop",
    "2": "Verkoop",
    "3": "Creditnota verkoop",
    "4": "Financieel",
    "5": "Diverse",
}
DEDUCTIBLE = {0: "volledig", 1: "niet", 2: "gedeeltelijk"}


class WinBooksAccountant(Accountant):
    """Keys are ``<DBKTYPE>/<DBKCODE>/<book year>/<DOCNUMBER>``."""

    administrations = "folders"

    def files(self, key):
        return next(row for row in self.read("bookings") if row["key"] == key)["files"]

    def has_worked(self):
        return False

    def open_items(self):
        return [row["key"] for row in self.read("open-items")]

    def waiting(self) -> list[dict]:
        """The batches that lie in the directory, whole."""
        return self.read("waiting")

    def import_waiting(self) -> list[dict]:
        """Import every batch that lies there as an operator does: test, answer each finding in the
        usual way, execute. Gives of each its name, what to say of it, and what was left out."""
        return [self._import(row["name"]) for row in self.waiting()]

    def add_account(self, code, name):
        self.act("account", number=code, name=name)


class WinBooks(Package):
    name = "winbooks"
    title = "WinBooks"
    sandbox = "winbooks_desktop"
    hands_over = True
    where_to = "folder to choose"
    menu = "Connect with WinBooks"
    administration = str(FIRST)
    folder = FOLDER
    # Rank of the book year in the folder.
    year_rank = rank_of(
        next(number for number, short, *_rest in YEARS[FIRST] if short == str(YEAR))
    )
    accountant_class = WinBooksAccountant
    sales_journal = "VEN"
    vat_codes = {"21": "211400", "06": "211200"}
    chosen_by_hand = {}

    def serve(self, **switches):
        return serve(switches=switches, watching=False)

    def address(self, root):
        return self.folder

    def sign_in(self, root):
        return SignIn(
            self.name,
            {},
            {},
            self.administration,
            first_step={},
            typed=typed(),
        )

    def key_of(self, delivery):
        given = delivery.given
        return "/".join(
            (
                TYPES[delivery.kind],
                delivery.document.journal,
                str(delivery.accounting_date.year),
                given["number"],
            )
        )

    def bookings(self, books):
        return winbooks_side.bookings(books)

    def amounts(self, books):
        return winbooks_side.amounts(books)

    def contents(self, books):
        return f"{len(books['bookings'])} bookings, {len(books['thirds'])} customers and suppliers"

    def books_page(self, root):
        return f"{root.rstrip('/')}/folders/{self.administration}"


def typed(accounts=()) -> dict[str, str]:
    """What a person pastes of the folder, by kind of master data: as the office gives its lists."""
    return {
        "journal": table(
            ("dagboek", "naam", "soort"),
            ((code, nl, JOURNAL_TYPES[kind]) for code, kind, _sub, nl, _fr, _account in JOURNALS),
        ),
        "vat_code": table(
            ("btw code", "omschrijving", "tarief", "voor", "gebruikerscode", "aftrekbaar"),
            (
                (
                    code.code,
                    code.names["nl"],
                    f"{Decimal(code.rate):g}",
                    "verkoop" if code.side == "sale" else "aankoop",
                    code.data["users"]["N"],
                    DEDUCTIBLE[code.data["typded"]] if code.side == "purchase" else "",
                )
                for code in vat_codes()
            ),
        ),
        "ledger_account": table(
            ("nummer", "naam"),
            (
                *((row["number"], row["nl"]) for row in chart_of("belgian")),
                *accounts,
            ),
        ),
        "period": table(
            ("eerste dag", "laatste dag", "maanden per periode", "rang"),
            (
                (f"01/01/{short}", f"31/12/{short}", str(of_a_period), rank_of(number))
                for number, short, _first, _months, of_a_period in YEARS[FIRST]
            ),
        ),
    }


def table(headings, rows) -> str:
    """As a spreadsheet copies it."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter="\t", lineterminator="\n")
    writer.writerow(headings)
    writer.writerows(rows)
    return text.getvalue()


PACKAGE = WinBooks()
