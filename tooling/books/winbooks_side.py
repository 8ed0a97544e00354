"""The books of a WinBooks folder in the sandbox, from what its control endpoint shows of them."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from tooling.books.figures import VAT_ACCOUNTS, Booking, add, is_vat_account


def bookings(books: dict) -> list[Booking]:
    """Every sales and purchase booking out of ``GET …/folders/<id>/books``. What the import was
    given is booked as it is: there are no lines from which amounts were computed."""
    open_items = {row["key"]: row for row in books["open_items"]}
    return [
        _booking(data, open_items.get(data["key"]))
        for data in books["documents"]
        if data["kind"].startswith(("sale", "purchase"))
    ]


def amounts(books: dict) -> Iterator[tuple[dict, str]]:
    """Every amount that ``bookings`` reads, as (record, name)."""
    for booking in books["documents"]:
        for line in booking["entry"]:
            yield line, "amount"
        for box in booking["boxes"]:
            yield booking["boxes"], box
    for item in books["open_items"]:
        yield item, "open"


def _booking(data: dict, item: dict | None) -> Booking:
    booking = Booking(
        key=data["key"],
        label=f"{data['journal']} {data['number']} ({data['comment'] or ''})",
        kind=data["kind"],
        currency=data["currency"],
        # units of its currency for one euro
        rate=1 / Decimal(data["rate"]),
        boxes={box: Decimal(amount) for box, amount in data["boxes"].items()},
    )
    for line in data["entry"]:
        add(booking.accounts, _account(booking, line), Decimal(line["amount"]))
        if line["role"] == "party":
            booking.party_amount += Decimal(line["document_amount"])
    if item:
        # the sandbox shows in euro what is open: here nothing is paid in part
        booking.open_company = Decimal(item["open"])
        if item["open"] == item["amount"]:
            booking.open_amount = booking.party_amount
    return booking


def _account(booking, line) -> str:
    if line["role"] == "party":
        return booking.party_account
    code = str(line["account"])
    return VAT_ACCOUNTS if is_vat_account(code) else code
