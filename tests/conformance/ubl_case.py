"""Documents delivered as they are: e-invoices in a folder, read by the postbox sandbox.

The neutral documents of the suite become e-invoices here as a supplier's program would write them:
what Odoo writes is compared with the books in ``tests/books``; here it is what arrives of it.
"""

import hashlib
import smtplib
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from odoo.addons.accountable_connect.api.channels.contract import Letter, Shipment, ShippedFile
from odoo.addons.accountable_connect.api.channels.folder import FolderChannel
from odoo.addons.accountable_connect.api.channels.mail import MailChannel
from odoo.addons.accountable_connect.api.file_package import Parcel
from odoo.addons.accountable_connect.documents import Delivery, File
from odoo.addons.accountable_connect_ubl.api.names import file_name
from odoo.addons.accountable_connect_ubl.api.package import UblPackage
from odoo.addons.accountable_connect_ubl.api.profile import Profile

from sandbox.postbox import serve
from sandbox.postbox.seed import number_of
from tests.sandbox.e_invoices import OWNER, e_invoice
from tooling.books import postbox_side

from . import case

PROFILE = Profile(name="Tried")
REVERSE_CHARGE, OUTSIDE = "AE 0", "E 0"


class UblCase(case.FilesCase):
    """A box of the sandbox. VAT codes are categories of EN 16931 with their rate."""

    name = "ubl"
    year = 2026
    has_ledger = False
    receiver = "octopus"
    codes = case.Codes(
        sale_journal="INV",
        other_sale_journal="INV2",
        purchase_journal="BILL",
        sale={21: "S 21", 12: "S 12", 6: "S 6", 0: "Z 0"},
        sale_co_contractor=REVERSE_CHARGE,
        sale_intra_goods="K 0",
        sale_intra_services=REVERSE_CHARGE,
        sale_export="G 0",
        purchase={21: "S 21", 12: "S 12", 6: "S 6", 0: OUTSIDE},
        goods={21: "S 21", 12: "S 12", 6: "S 6", 0: OUTSIDE},
        investment={21: "S 21"},
        purchase_co_contractor=REVERSE_CHARGE,
        purchase_intra_goods="K 0",
        purchase_intra_services=REVERSE_CHARGE,
        purchase_import="G 0",
        sale_outside=OUTSIDE,
        purchase_outside=OUTSIDE,
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

    def __init__(self):
        self.server = serve(watching=False)
        self.server.__enter__()
        self.box = number_of(self.receiver)
        self.folder = self.server.folder(self.box)
        self.batches = 0
        self.taken = set()
        self.numbers = {}

    def close(self):
        self.server.__exit__(None, None, None)

    def open(self):
        return UblPackage()

    # Handing over

    def receive(self, *documents, annexes=()):
        known = set(self.keys())
        self.hand_over(*(self.delivery(document, annexes) for document in documents))
        self.server.receive()
        order = {document.number: place for place, document in enumerate(documents)}
        fresh = [key for key in self.keys() if key not in known]
        return sorted(fresh, key=lambda key: order[self.kind_and_number(key)[1]])

    def hand_over(self, *deliveries):
        """What the core does with a closed batch."""
        self.batches += 1
        parcel = Parcel(
            name=f"{self.batches:05}", closed_at=datetime(2026, 3, 10), deliveries=deliveries
        )
        package = self.open()
        files = package.write(parcel)
        again = package.write(replace(parcel))
        assert [(file.name, file.checksum) for file in files] == [
            (file.name, file.checksum) for file in again
        ]
        mark = f"{self.batches}-{hashlib.sha256(repr(files).encode()).hexdigest()[:8]}"
        shipment = Shipment(
            name=parcel.name,
            mark=mark,
            files=tuple(
                ShippedFile(
                    name=file.name,
                    media_type=file.media_type,
                    size=file.size,
                    checksum=file.checksum,
                    chunks=lambda file=file: iter([file.content]),
                )
                for file in files
            ),
            letter=self.letter(mark, deliveries[0].kind),
        )
        channel = self.channel()
        written = channel.write(shipment)
        # nothing is seen before it is whole
        assert self.server.receive() == 0
        return channel.publish(shipment, written)

    def channel(self):
        """The one over which a batch goes."""
        return FolderChannel(str(self.folder.parent), self.folder.name)

    def letter(self, mark, kind):
        """The e-mail it goes in, None where it goes in none."""
        return None

    def delivery(self, document, annexes=()):
        """The e-invoice of a document, and further files."""
        e_invoice = File(
            key="xml", name="", media_type="application/xml", content=written(document)
        )
        files = [replace(file, name=self._name(document, file)) for file in (e_invoice, *annexes)]
        self.numbers |= {file.name: document.number for file in files}
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
            files=tuple(files),
        )

    def _name(self, document, file):
        name = file_name(
            PROFILE, document.kind, OWNER[1], document.number, file.media_type, self.taken
        )
        self.taken.add(name)
        return name

    # The books

    def _rows(self):
        return {postbox_side.key_of(row): row for row in self.server.received(self.box)}

    def keys(self):
        return list(self._rows())

    def kind_and_number(self, key):
        row = self._rows()[key]
        return postbox_side.kind_of(row), row["number"]

    def refused(self):
        return [
            (self.numbers.get(row["name"].rpartition("/")[2], ""), row["reason"])
            for row in self.server.refused(self.box)
        ]

    def spoiled(self, document):
        return replace(document, currency="")

    def files(self, key):
        row = self._rows()[key]
        own = [(row["name"].rpartition("/")[2], row["sha256"])]
        return own + [(annex["name"], annex["sha256"]) for annex in row.get("annexes", ())]

    def check(self, document, key, package):
        """Kind, number, currency, total, and VAT per category."""
        [found] = [
            one for one in postbox_side.delivered(self.server.books(self.box)) if one.key == key
        ]
        base, vat = {}, {}
        for line in document.lines:
            base[line.vat_code] = base.get(line.vat_code, Decimal(0)) + line.base
            vat[line.vat_code] = vat.get(line.vat_code, Decimal(0)) + line.vat_invoiced
        assert (found.kind, found.currency) == (document.kind, document.currency)
        assert self.kind_and_number(key)[1] == document.number
        assert found.total == document.total
        assert found.base == base
        assert found.vat == vat


class UblByMailCase(UblCase):
    """The same box by e-mail: a message for each document."""

    name = "ubl_mail"
    knows_what_came = False
    sender = "boekhouding@vandersmissen.example"

    def hand_over(self, *deliveries):
        return [name for one in deliveries for name in super(UblByMailCase, self).hand_over(one)]

    def channel(self):
        return MailChannel(self)

    def letter(self, mark, kind):
        side = "sale" if kind.startswith("sale") else "purchase"
        return Letter(
            message_id=f"<{mark}@vandersmissen.example>",
            sender=self.sender,
            recipient=self.server.address(self.box, side),
            subject="Document",
            body="Attached: a document.",
        )

    def connect(self, message):
        """What a post does: a session with the mail server before the boxes."""
        session = smtplib.SMTP("127.0.0.1", self.server.smtp_port, timeout=20)
        session.ehlo_or_helo_if_needed()
        return session, self.sender, message


def written(document):
    """The bytes of its e-invoice."""
    other = (document.party.name, document.party.vat_number)
    return e_invoice(
        document.number,
        tuple((line.base, *line.vat_code.split(" "), line.vat_invoiced) for line in document.lines),
        seller=OWNER if document.is_sale else other,
        buyer=other if document.is_sale else OWNER,
        root="CreditNote" if document.is_refund else "Invoice",
        currency=document.currency,
    )
