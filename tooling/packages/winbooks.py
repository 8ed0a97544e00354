"""WinBooks on the desktop: entries as ACT and CSF in a directory, which an operator imports."""

import csv
import io
from collections import Counter

from sandbox.winbooks_desktop import serve
from sandbox.winbooks_desktop.codes import IGNORE
from sandbox.winbooks_desktop.layout import rank_of
from sandbox.winbooks_desktop.seed import FIRST, FOLDERS, YEARS
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
        return [row for row in self.read("attachments") if row["key"] == key]

    def has_worked(self):
        return False

    def open_items(self):
        return [row["key"] for row in self.read("open-items")]

    def import_waiting(self) -> list[dict]:
        """Import every batch that is new below the directory, as an operator does: test, answer
        each warning in the usual way, execute. Gives of each its ``name``, what to say of it
        (``said``), and ``left_out``: documents that were not booked, with the words, and under ""
        what stopped a whole import."""
        return [_imported(row) for row in self.act("receive")["imports"]]

    def add_account(self, code, name):
        self.act("account", number=code, name=name)


def _imported(row: dict) -> dict:
    """An import as the sandbox tells of it."""
    if row["status"] == "unread":
        left_out = [{"document": "", "words": row["error"]}]
        return {"name": row["source"], "said": row["error"], "left_out": left_out}
    answers = row["answers"]
    left_out = [
        {"document": one["subject"], "words": f"{one['code']}: {one['text']}"}
        for one in row["findings"]
        if one["severity"] == "fatal" or (one["code"] == "DOC_NUM" and answers["DOC_NUM"] == IGNORE)
    ]
    codes = Counter(one["code"] for one in row["findings"] if one["code"])
    found = ", ".join(f"{number} × {code}" for code, number in sorted(codes.items()))
    said = f"{row['documents']} documents, {row['words']}"
    return {
        "name": row["source"],
        "said": f"{said} ({found})" if found else said,
        "left_out": left_out,
    }


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
    # Odoo calls a car from another Member State services, and goods that are in Belgium already
    # goods from there.
    chosen_by_hand = {"IN-V83-277-ROW-CC": "123504", "IN-V82-21-EU-G-D35-ALRD-IN-BE": "112404"}

    def serve(self, **switches):
        return serve(switches=switches)

    def address(self, root):
        return self.folder

    def sign_in(self, root):
        return SignIn(
            self.name,
            {},
            {},
            self.administration,
            first_step={},
            typed=typed(self.accountant(root)),
        )

    def directory(self, server):
        return server.directory(int(self.administration))

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
        return (
            f"{len(books['documents'])} bookings, {len(books['thirds'])} customers and suppliers, "
            f"{len(books['attachments'])} files"
        )

    def books_page(self, root):
        return f"{root.rstrip('/')}/folders/{self.administration}"


def typed(accountant: WinBooksAccountant) -> dict[str, str]:
    """What a person pastes of the folder, by kind of master data: as the office gives its lists."""
    return {
        "journal": table(
            ("dagboek", "naam", "soort"),
            (
                (row["code"], row["names"]["nl"], JOURNAL_TYPES[row["type"]])
                for row in accountant.read("journals")
            ),
        ),
        "vat_code": table(
            ("btw code", "omschrijving", "tarief", "voor", "gebruikerscode", "aftrekbaar"),
            (
                (
                    row["code"],
                    row["names"]["nl"],
                    row["rate"],
                    "verkoop" if row["side"] == "sale" else "aankoop",
                    row["users"]["N"],
                    DEDUCTIBLE[row["typded"]] if row["side"] == "purchase" else "",
                )
                for row in accountant.read("vat-codes")
            ),
        ),
        "ledger_account": table(
            ("nummer", "naam"),
            ((row["number"], row["names"]["nl"]) for row in accountant.read("accounts")),
        ),
        "period": table(
            ("eerste dag", "laatste dag", "maanden per periode", "rang"),
            (
                (row["from"], row["to"], str(12 // len(row["periods"])), row["rank"])
                for row in accountant.read("periods")
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
