"""WinBooks on the desktop: entries as ACT and CSF in a folder, imported by the sandbox's operator.

What a document is given when it enters a batch is given here without Odoo: a number of its journal
and the code of its third. That it is given right is tested with the addon.
"""

import hashlib
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from odoo.addons.accountable_connect.api.channels.contract import Shipment, ShippedFile
from odoo.addons.accountable_connect.api.channels.folder import FolderChannel
from odoo.addons.accountable_connect.api.errors import BatchRefusedError
from odoo.addons.accountable_connect.api.file_package import Parcel
from odoo.addons.accountable_connect.documents import Delivery, File
from odoo.addons.accountable_connect_winbooks.api.folder import Folder, Period, VatCode
from odoo.addons.accountable_connect_winbooks.api.given import Given
from odoo.addons.accountable_connect_winbooks.api.options import Options
from odoo.addons.accountable_connect_winbooks.api.package import WinBooksPackage
from odoo.addons.accountable_connect_winbooks.api.third import third_row

from sandbox.winbooks_desktop.seed import FIRST
from tooling.packages.winbooks import PACKAGE

from . import case

# A code stands for one deductible share.
SHARES = {
    ("112104", 85): "112804",
    ("112104", 50): "112504",
    ("112104", 35): "112604",
    ("112104", 0): "112904",
    ("122104", 50): "122504",
}
# What the core puts last.
COVER = File(key="cover", name="cover.pdf", media_type="application/pdf", content=b"%PDF-1.4")
JOURNALS = {"sale": "VEN", "sale_refund": "NCV", "purchase": "ACH", "purchase_refund": "NCA"}


class WinBooksCase(case.LedgerCase, case.FilesCase):
    """A folder of the sandbox. Its VAT codes are the internal ones of six digits."""

    name = "winbooks"
    year = 2026
    codes = case.Codes(
        sale_journal="VEN",
        other_sale_journal="VERK",
        purchase_journal="ACH",
        sale={21: "211400", 12: "211300", 6: "211200", 0: "211100"},
        sale_co_contractor="212000",
        sale_intra_goods="221000",
        sale_intra_services="222000",
        sale_export="231000",
        purchase={21: "112104", 12: "112103", 6: "112102", 0: "112101"},
        goods={21: "111104", 12: "111103", 6: "111102", 0: "111101"},
        investment={21: "113104"},
        purchase_co_contractor="112304",
        purchase_intra_goods="121104",
        purchase_intra_services="122104",
        purchase_import="131104",
        revenue="700000",
        other_revenue="700100",
        discount="708000",
        cost="610000",
        goods_account="604000",
        asset_account="240000",
        advance_account="360000",
        car_cost="610220",
        private_account="416000",
        cost_centre="1",
        customers="400000",
        suppliers="440000",
        vat_accounts=("411", "451"),
    )
    options = Options()
    # The rank of the book year, and of each of its months, as long as somebody told them.
    ranks_told = True
    annexes = (
        File(key="paper", name="bill.pdf", media_type="application/pdf", content=b"%PDF-1.4 bill"),
    )

    def __init__(self):
        self.server = PACKAGE.serve()
        self.server.__enter__()
        self.accountant = PACKAGE.accountant(PACKAGE.root(self.server))
        self.folder = known_of(self.accountant)
        self.batches = 0
        self.given: dict[tuple, Given] = {}
        self.told: list[tuple[str, str]] = []
        self.numbers: dict[str, str] = {}

    def close(self):
        self.server.__exit__(None, None, None)

    def open(self):
        return WinBooksPackage(self.options, self.folder)

    # Handing over

    def receive(self, *documents, annexes=()):
        known = set(self.keys())
        deliveries = [self.delivery(document, annexes) for document in documents]
        keys = {PACKAGE.key_of(one): one.number for one in deliveries}
        self.numbers |= keys
        if files := self.written(deliveries):
            self.hand_over(files)
        fresh = [key for key in keys if key not in known and key in self.keys()]
        return fresh

    def written(self, deliveries):
        """The files of a batch, without the documents that the writer refuses; twice the same."""
        self.batches += 1
        while deliveries:
            parcel = Parcel(
                name=f"{self.batches:05}", closed_at=datetime(2026, 3, 10), deliveries=deliveries
            )
            package = self.open()
            try:
                files = list(package.write(parcel))
            except BatchRefusedError as error:
                self.told += [
                    (deliveries[place].number, str(reason))
                    for place, reason in error.refusals.items()
                ]
                deliveries = [
                    one for place, one in enumerate(deliveries) if place not in error.refusals
                ]
                continue
            again = list(package.write(replace(parcel)))
            assert [(file.name, file.checksum) for file in files] == [
                (file.name, file.checksum) for file in again
            ]
            return files
        return []

    def hand_over(self, files):
        """What the core does with a closed batch, and the operator's import of it."""
        shipment = Shipment(
            name=f"{self.batches:05}",
            mark=f"{self.batches}-{hashlib.sha256(repr(files).encode()).hexdigest()[:8]}",
            files=tuple(map(self.shipped, (*files, COVER))),
        )
        folder = PACKAGE.directory(self.server)
        channel = FolderChannel(str(folder.parent), folder.name)
        written = channel.write(shipment)
        # nothing is seen before it is whole
        assert self.accountant.import_waiting() == []
        channel.publish(shipment, written)
        for done in self.accountant.import_waiting():
            self.told += [
                (self.numbers.get(row["document"], ""), row["words"]) for row in done["left_out"]
            ]

    @staticmethod
    def shipped(file):
        """As a channel takes it."""
        return ShippedFile(
            name=file.name,
            media_type=file.media_type,
            size=file.size,
            checksum=file.checksum,
            chunks=lambda: iter([file.content]),
        )

    def delivery(self, document, annexes=()):
        """A document in the codes of the sandbox, with what it is given."""
        document = in_its_codes(document)
        return Delivery(
            kind=document.kind,
            number=document.number,
            journal=document.journal,
            party_name=document.party.name,
            party_vat_number=document.party.vat_number,
            document_date=document.document_date,
            accounting_date=document.accounting_date,
            currency=document.currency,
            total=document.total,
            files=tuple(annexes),
            document=document,
            given=self.given_to(document).as_json(),
        )

    def given_to(self, document):
        """Kept for the same document."""
        own = (document.kind, document.number, document.party.vat_number)
        if own not in self.given:
            number = sum(kind == document.kind for kind, *_rest in self.given) + 1
            month = f"{document.accounting_date.month:02}"
            third = f"{'K' if document.is_sale else 'L'}{document.party.vat_number[-9:]}"
            self.given[own] = Given(
                number=str(number),
                third=third,
                third_row=third_row(document.party, third, "1" if document.is_sale else "2"),
                book_year=PACKAGE.year_rank if self.ranks_told else "",
                period=month if self.ranks_told else "",
                archive_period=month,
            )
        return self.given[own]

    def refused(self):
        return self.told

    def spoiled(self, document):
        """In a journal that is not there."""
        return replace(document, journal="NONE")

    # The books

    def _booking(self, key):
        [found] = [row for row in self.server.documents(FIRST) if row["key"] == key]
        return found

    def keys(self):
        return [row["key"] for row in self.server.documents(FIRST)]

    def kind_and_number(self, key):
        return self._booking(key)["kind"], self.numbers[key]

    def files(self, key):
        return [(row["name"], row["sha256"]) for row in self.accountant.files(key)]

    def entry(self, key):
        amounts = {}
        for line in self._booking(key)["entry"]:
            account = str(line["account"])
            amounts[account] = amounts.get(account, Decimal(0)) + Decimal(line["amount"])
        return {account: amount for account, amount in amounts.items() if amount}

    def document_currency_total(self, key):
        return sum(
            Decimal(line["document_amount"])
            for line in self._booking(key)["entry"]
            if line["role"] == "party"
        )

    def boxes(self, key):
        return {box: Decimal(amount) for box, amount in self._booking(key)["boxes"].items()}

    def party_of(self, key):
        return self._booking(key)["third"]


class WinBooksOtherwiseCase(WinBooksCase):
    """An office whose ranks nobody told: BOOKYEAR and PERIOD stay blank."""

    name = "winbooks, ranks not told"
    ranks_told = False


def in_its_codes(document):
    """In the journal of its kind, and under the VAT codes of its deductible shares."""
    journal = document.journal
    if journal in JOURNALS.values():
        journal = JOURNALS[document.kind]
    lines = tuple(
        replace(line, vat_code=SHARES.get((line.vat_code, line.recoverable_share), line.vat_code))
        for line in document.lines
    )
    return replace(document, journal=journal, lines=lines)


def known_of(accountant) -> Folder:
    """What somebody who typed everything knows of the folder."""
    return Folder(
        journals={row["code"]: row["type"] for row in accountant.read("journals")},
        vat_codes={
            row["code"]: VatCode(
                code=row["code"],
                name=row["names"]["nl"],
                users=tuple(row["users"].values()),
                rate=Decimal(row["rate"]),
                deductible=("full", "none", "part")[row["typded"]],
            )
            for row in accountant.read("vat-codes")
        },
        accounts=frozenset(str(row["number"]) for row in accountant.read("accounts")),
        periods=tuple(
            Period(
                date_from=date.fromisoformat(period["from"]),
                date_to=date.fromisoformat(period["to"]),
                rank=period["rank"],
                book_year=year["book_year"],
                year_rank=year["rank"],
            )
            for year in accountant.read("periods")
            for period in year["periods"]
        ),
    )
