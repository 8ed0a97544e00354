"""Thousands of entries that go as the text files of WinBooks: what closing their batch costs."""

import time
from datetime import date
from decimal import Decimal
from unittest.mock import patch

from odoo.addons.accountable_connect.documents import Delivery, Document, File, Line, Party
from odoo.addons.accountable_connect.models.hand_over.cover_sheet import AccountableBatch
from odoo.addons.accountable_connect_winbooks.api.given import Given
from odoo.addons.accountable_connect_winbooks.api.package import WinBooksPackage
from odoo.addons.accountable_connect_winbooks.api.third import third_row

from bench.measure import Spread, allocated

COUNT = 10_000
# So many times as many documents may cost no more each.
MORE = 10
# One in so many has its original beside it.
WITH_ANNEX = 5
ANNEX = b"%PDF-1.4 " + b" " * 100_000
DAY = date(2026, 11, 30)
MINUTE = 60


def main(bench, count=COUNT):
    """Closing a batch of so many documents: processor time of one beside that in a batch with a
    tenth of them; what writing takes on top of reading them, as a part of a minute; most bytes held
    at once, beside those of the files."""
    with bench.undone() as company, patch.object(AccountableBatch, "_store_cover_sheet", _no_sheet):
        connection = _connection(company)
        _close(_batch(connection, MORE))  # what is read once
        small = _batch(connection, count // MORE)
        few = _seconds(lambda: _close(small))
        batch = _batch(connection, count)
        many = _seconds(lambda: _close(batch))
        reading = _seconds(lambda: [None for _one in batch._parcel().deliveries])
        again = _batch(connection, count)
        with allocated() as held:
            _close(again)
        size = sum(again._files().mapped("size"))
    return {
        "documents": count,
        "flat": Spread.of([many / count / (few / (count // MORE))]).as_json(),
        "on_top": Spread.of([(many - reading) / MINUTE]).as_json(),
        "memory": Spread.of([held[0] / size]).as_json(),
    }


def _no_sheet(_batch):
    """Odoo's printing is not what is measured."""
    return False


def _seconds(work):
    began = time.process_time()
    work()
    return time.process_time() - began


def _close(batch):
    batch._close(WinBooksPackage())
    if batch.state != "closed":
        raise RuntimeError("The batch did not close")


def _connection(company):
    """One that writes entries, in this transaction only."""
    env = company.env
    sign_in = env["accountable.sign.in"].create(
        {"name": "Entries", "package": "winbooks", "company_ids": [(6, 0, company.company.ids)]}
    )
    return env["accountable.connection"].create(
        {"sign_in_id": sign_in.id, "company_id": company.company.id, "batch_closes": "manual"}
    )


def _batch(connection, count):
    """An open batch of so many documents, stored and out of Odoo's cache."""
    first = connection.env["accountable.batch.item"].search_count([])
    batch = connection._open_batch()
    for number in range(first, first + count):
        batch._add_item(_delivery(number), res_model="account.move", res_id=-number - 1)
        if not number % 500:
            connection.env.invalidate_all()
    connection.env.invalidate_all()
    return batch


def _delivery(number):
    name = f"INV/2026/{number:05}"
    document = _document(number, name)
    third = f"K{number % 1000:05}"
    given = Given(
        number=str(number + 1),
        third=third,
        third_row=tuple(third_row(document.party, third, "1")),
        book_year="1",
        period="11",
        archive_period="11",
    )
    annex = File(key=name, name="INV.pdf", media_type="application/pdf", content=ANNEX)
    return Delivery(
        kind="sale",
        number=name,
        journal="INV",
        party_name=document.party.name,
        document_date=DAY,
        accounting_date=DAY,
        currency="EUR",
        total=document.total,
        files=() if number % WITH_ANNEX else (annex,),
        document=document,
        given=given.as_json(),
    )


def _document(number, name):
    base = Decimal(100 + number % 997)
    vat = (base * 21 / 100).quantize(Decimal("0.01"))
    amounts = {"base": base, "base_company": base}
    vats = {"vat_invoiced": vat, "vat_invoiced_company": vat}
    line = Line(ledger_account="700000", text="Goods", vat_code="211400", **amounts, **vats)
    return Document(
        kind="sale",
        own_reference=f"bench-{number}",
        number=name,
        sequence_number=number + 1,
        journal="VERK",
        document_date=DAY,
        accounting_date=DAY,
        due_date=DAY,
        party=Party(
            external_number=number % 1000 + 1, name=f"Customer {number % 1000}", customer=True
        ),
        currency="EUR",
        company_currency="EUR",
        lines=(line,),
        total=base + vat,
        total_company=base + vat,
    )
