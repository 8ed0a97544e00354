"""The books of a WinBooks folder in the sandbox, from what its control endpoint shows of them."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from tooling.books.figures import VAT_ACCOUNTS, Booking, add, is_vat_account


def bookings(books: dict) -> list[Booking]:
    """Every sales and purchase booking out of ``GET …/folders/<id>/books``. What the import was
    given is booked as it is: there are no lines from which amounts were computed."""
    open_items = {row["key"]: row for row in books["openItems"]}
    return [
        _booking(data, open_items.get(data["key"]))
        for data in books["bookings"]
        if data["kind"].startswith(("sale", "purchase"))
    ]


def amounts(books: dict) -> Iterator[tuple[dict, str]]:
    """Every amount that ``bookings`` reads, as (record, name)."""
    for booking in books["bookings"]:
        for line in booking["entry"]:
            yield line, "amount"
        for box in booking["boxes"]:
            yield booking["boxes"], box
    for item in books["openItems"]:
        yield item, "open"


def _booking(data: dict, item: dict | None) -> Booking:
    booking = Booking(
        key=data["key"],
        label=f"{data['journal']} {data['number']} ({data['comment'] or ''})",
        kind=data["kind"],
        currency=data["currency"],
        rate=Decimal(data["rate"]),
        boxes={box: Decimal(amount) for box, amount in data["boxes"].items()},
    )
    for line in data["entry"]:
        add(booking.accounts, _account(booking, line), Decimal(line["amount"]))
        if line["role"] == "party":
            booking.party_amount += Decimal(line["documentAmount"])
    if item:
        booking.open_amount = Decimal(item["openDocument"])
        booking.open_company = Decimal(item["open"])
    return booking


def _account(booking, line) -> str:
    if line["role"] == "party":
        return booking.party_account
    code = str(line["account"])
    return VAT_ACCOUNTS if is_vat_account(code) else code
