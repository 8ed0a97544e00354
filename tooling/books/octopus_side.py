"""The books of an Octopus dossier in the sandbox, from what its control endpoint shows of them."""

from collections.abc import Iterator
from decimal import Decimal

from sandbox.octopus.vat_codes import vat_codes
from tooling.books.figures import VAT_ACCOUNTS, ZERO, Booking, PackageLine, add, is_vat_account

TRADE_JOURNALS = ("V", "A")
MISCELLANEOUS = "D"
THREE_DECIMALS = {"KWD": 3, "TND": 3}


def bookings(books: dict, multiply: bool = True) -> list[Booking]:
    """Every sales and purchase booking out of ``GET …/dossiers/<id>/books``.

    ``multiply``: the exchange rate is company currency for one unit (the sandbox's default). Bank
    and miscellaneous bookings are left out: what they settle shows in the open amounts.
    """
    codes = {code.code: code for code in vat_codes()}
    open_items = {_line_key(item): item for item in books["openItems"]}
    settled = _settled_by_miscellaneous(books["matches"])
    return [
        _booking(data, codes, open_items, settled, multiply)
        for data in books["bookings"]
        if data["journalKey"].startswith(TRADE_JOURNALS)
    ]


def amounts(books: dict) -> Iterator[tuple[dict, str]]:
    """Every amount that ``bookings`` reads, as (record, name)."""
    for booking in books["bookings"]:
        if booking["journalKey"].startswith(TRADE_JOURNALS):
            for line in booking["entry"]:
                yield line, "amount"
            for box in booking["boxes"]:
                yield booking["boxes"], box
    for item in books["openItems"]:
        if item["journalKey"].startswith(TRADE_JOURNALS):
            yield item, "open"


def _line_key(line: dict) -> tuple:
    return (
        line["bookyearKey"]["id"],
        line["journalKey"],
        line["documentSequenceNr"],
        line["lineSequenceNr"],
    )


def _settled_by_miscellaneous(matches: list[dict]) -> dict[tuple, Decimal]:
    """Line → what a miscellaneous entry settled of it."""
    settled: dict[tuple, Decimal] = {}
    for match in matches:
        for one, other in (("debet", "credit"), ("credit", "debet")):
            if match[other]["journalKey"].startswith(MISCELLANEOUS):
                key = _line_key(match[one])
                settled[key] = settled.get(key, ZERO) + Decimal(match["amount"])
    return settled


def _booking(data, codes, open_items, settled, multiply) -> Booking:
    rate = Decimal(data["exchangeRate"])
    key = (data["bookyearId"], data["journalKey"], data["documentSequenceNr"], -1)
    booking = Booking(
        key="/".join(str(part) for part in key[:3]),
        label=f"{data['journalKey']} {data['documentSequenceNr']} ({data['comment'] or ''})",
        kind=data["kind"],
        currency=data["currencyCode"],
        rate=rate if multiply else 1 / rate,
        boxes={box: Decimal(amount) for box, amount in data["boxes"].items()},
    )
    for line in data["entry"]:
        add(booking.accounts, _account(booking, line), Decimal(line["amount"]))
        if line["role"] == "party":
            booking.party_amount += Decimal(line["documentAmount"])
    for line in data["payload"].get("bookingLines", ()):
        booking.lines.append(_line(booking, line, codes.get(line.get("vatCodeKey"))))
    item = open_items.get(key)
    if item:
        # Matches are kept in company currency; what is left in another one is derived from them.
        decimals = THREE_DECIMALS.get(booking.currency, 2)
        booking.open_amount = round(Decimal(item["openDocument"]), decimals)
        booking.open_company = Decimal(item["open"])
    booking.settled_elsewhere = settled.get(key, ZERO)
    return booking


def _account(booking, line) -> str:
    if line["role"] == "party":
        return booking.party_account
    code = str(line["account"])
    return VAT_ACCOUNTS if is_vat_account(code) else code


def _line(booking, line, code) -> PackageLine:
    share = line.get("vatRecupPercentage")
    return PackageLine(
        account=str(line["accountKey"]),
        code=code and code.code,
        base=Decimal(str(line["baseAmount"])),
        vat=Decimal(str(line["vatAmount"])),
        share=Decimal(100) if share is None else Decimal(str(share)),
        rate=code.rate if code else ZERO,
        reverse_charge=bool(code and code.card(booking.is_refund).reverse_charge),
    )
