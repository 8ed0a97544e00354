"""The books of an Exact division in the sandbox, from what its control endpoint shows of them."""

from collections.abc import Iterator
from decimal import Decimal

from tooling.books.figures import VAT_ACCOUNTS, ZERO, Booking, PackageLine, add, is_vat_account

SIDES = ("sale", "purchase")
HUNDRED = Decimal(100)


def bookings(books: dict, country: str = "BE") -> list[Booking]:
    """Every sales and purchase entry out of ``GET …/divisions/<code>/books``.

    Bank, cash and general entries are left out: what they settle shows in the open amounts.
    ``country`` decides which accounts are VAT accounts.
    """
    codes = {code["Code"]: code for code in books["vat_codes"]}
    open_items = {}
    for item in books["open_items"]:
        document, company = open_items.get(item["entry"], (ZERO, ZERO))
        open_items[item["entry"]] = (
            document + Decimal(item["open_fc"]),
            company + Decimal(item["open"]),
        )
    settled = _settled_by_general_entries(books)
    found = [
        _booking(entry, country, codes, open_items, settled)
        for entry in books["entries"]
        if entry["kind"].startswith(SIDES)
    ]
    if country == "BE":
        for booking in found:
            booking.purchase_boxes = books["purchase_boxes"]
    return found


def amounts(books: dict) -> Iterator[tuple[dict, str]]:
    """Every amount that ``bookings`` reads, as (record, name)."""
    trade = [entry for entry in books["entries"] if entry["kind"].startswith(SIDES)]
    for entry in trade:
        for line in entry["lines"]:
            yield line, "amount"
        for box in entry["boxes"]:
            yield entry["boxes"], box
    keys = {entry["entry"] for entry in trade}
    for item in books["open_items"]:
        if item["entry"] in keys:
            yield item, "open"


def key_of(entry: dict) -> str:
    """The key the connector keeps of an entry: ``sale/<guid>`` or ``purchase/<guid>``."""
    return f"{entry['kind'].partition('_')[0]}/{entry['entry']}"


def _settled_by_general_entries(books: dict) -> dict[str, Decimal]:
    """Entry → what general entries (doubtful debtors, write-off) settled of it, positive."""
    kinds = {entry["entry"]: entry["kind"] for entry in books["entries"]}
    closed: dict[str, list[dict]] = {}
    for term in books["terms"]:
        if term["matched_with"]:
            closed.setdefault(term["matched_with"], []).append(term)
    settled: dict[str, Decimal] = {}
    for terms in closed.values():
        if any(kinds[term["entry"]] == "general" for term in terms):
            for term in terms:
                if kinds[term["entry"]] != "general":
                    settled[term["entry"]] = settled.get(term["entry"], ZERO) + abs(
                        Decimal(term["amount"])
                    )
    return settled


def _booking(entry, country, codes, open_items, settled) -> Booking:
    booking = Booking(
        key=key_of(entry),
        label=f"{entry['journal']} {entry['entry_number']} ({entry['description'] or ''})",
        kind=entry["kind"],
        currency=entry["currency"],
        rate=Decimal(entry["rate"]),
        boxes={box: Decimal(amount) for box, amount in entry["boxes"].items()},
    )
    for line in entry["lines"]:
        account = _account(booking, line, country)
        add(booking.accounts, account, Decimal(line["amount"]))
        if line["role"] == "party":
            booking.party_amount += Decimal(line["document_amount"])
        elif line["role"] == "base":
            booking.lines.append(_line(booking, line, codes.get(line["vat_code"])))
    open_document, booking.open_company = open_items.get(entry["entry"], (ZERO, ZERO))
    # Matches are kept in company currency; what is left in another one is derived from them.
    booking.open_amount = round(open_document, 2)
    booking.settled_elsewhere = settled.get(entry["entry"], ZERO)
    return booking


def _account(booking, line, country) -> str:
    if line["role"] == "party":
        return booking.party_account
    return VAT_ACCOUNTS if is_vat_account(line["account"], country) else line["account"]


def _line(booking, line, code) -> PackageLine:
    share, vat = line["deductible"], Decimal(line["vat_amount_fc"] or 0)
    rate = Decimal(code["Percentage"]) * HUNDRED if code else ZERO
    return PackageLine(
        account=line["account"],
        code=line["vat_code"],
        base=booking.side * Decimal(line["document_amount"]),
        vat=-vat if booking.is_refund else vat,
        share=HUNDRED if share is None else Decimal(share),
        rate=rate,
        reverse_charge=bool(code and code["Charged"] and rate),
    )
