"""Neutral document ↔ sales and purchase entry of Exact Online; pure functions.

Payloads hold ``Decimal`` and ``date``; the client writes them. Exact tells a credit note by its
negative total, so its lines go with the opposite sign. VAT on the invoice is sent as posted, line
by line, so that the entry's total is the document's to the cent; what we owe ourselves is worked
out by Exact from a *charged* code and stands on neither side of the total.

Exact's terms come from the payment condition. One instalment: condition and due date are both
sent, the date decides. Several: the due date stays away when the condition makes several terms
itself; otherwise Exact keeps one term, due on the last date.
"""

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from odoo.addons.accountable_connect.api.contract import StoredDocument, StoredLine
from odoo.addons.accountable_connect.api.errors import ConfigurationMissingError, DataRefusedError
from odoo.addons.accountable_connect.api.texts import belongs_to_previous, cut, one_line
from odoo.addons.accountable_connect.documents import (
    PURCHASE,
    PURCHASE_REFUND,
    SALE,
    SALE_REFUND,
    Document,
    File,
)
from odoo.addons.accountable_connect.documents.rate import company_per_unit, units_per_company

from .. import const
from . import wire
from .codes import Codes

# The vendor does not say in which direction ``Rate`` counts; the reference's assumption is
# AmountDC = AmountFC × Rate. Ours (1 EUR = 1.0850 USD) is its inverse.
RATE_IS_COMPANY_PER_UNIT = True
CENT = Decimal("0.01")
NOISE = Decimal("0.000001")
ELLIPSIS = "…"
OUR_MARK = "odoo-"
ZERO = Decimal(0)
HUNDRED = Decimal(100)

_NOT_IN_FILE_NAME = re.compile(r'[\x00-\x1f"*/:<>?\\|]+')


@dataclass(frozen=True)
class Side:
    """Names of the two families of entries. ``kinds``: ordinary, credit note; ``types`` likewise,
    as Exact numbers them."""

    name: str
    entries: str
    lines: str
    collection: str
    party: str
    terms: str
    kinds: tuple[str, str]
    types: tuple[int, int]
    document_type: int


SALES = Side(
    name="sale",
    entries="salesentry/SalesEntries",
    lines="salesentry/SalesEntryLines",
    collection="SalesEntryLines",
    party="Customer",
    terms="cashflow/Receivables",
    kinds=(SALE, SALE_REFUND),
    types=(const.SALES_ENTRY, const.SALES_CREDIT_NOTE),
    document_type=const.SALES_DOCUMENT,
)
PURCHASES = Side(
    name="purchase",
    entries="purchaseentry/PurchaseEntries",
    lines="purchaseentry/PurchaseEntryLines",
    collection="PurchaseEntryLines",
    party="Supplier",
    terms="cashflow/Payments",
    kinds=(PURCHASE, PURCHASE_REFUND),
    types=(const.PURCHASE_ENTRY, const.PURCHASE_CREDIT_NOTE),
    document_type=const.PURCHASE_DOCUMENT,
)
SIDES = {side.name: side for side in (SALES, PURCHASES)}


def side_of(document: Document) -> Side:
    return SALES if document.is_sale else PURCHASES


def document_key(side: Side, entry: str) -> str:
    return f"{side.name}/{entry}"


def split_key(key: str) -> tuple[Side, str]:
    """Side and EntryID of a document's key. Raises ``ValueError``."""
    name, _slash, entry = key.partition("/")
    if name not in SIDES or not wire.is_guid(entry):
        raise ValueError(f"no key of an entry: {key}")
    return SIDES[name], entry


# Texts


def shorten(text: str, length: int) -> str:
    """A text that shows by … at its end that it was longer."""
    text = one_line(text)
    return text if len(text) <= length else cut(text, length - 1) + ELLIPSIS


def shorten_reference(text: str, length: int) -> str:
    """A reference that is too long keeps its end, which tells documents apart, and shows by … that
    it was longer. The whole of it stands in the entry's description as far as it fits."""
    text = one_line(text)
    if len(text) <= length:
        return text
    start = len(text) - length + 1
    while start < len(text) and belongs_to_previous(text, start):
        start += 1
    return ELLIPSIS + text[start:].lstrip()


def your_reference(document: Document) -> str:
    """``YourRef``: our number on a sale, the supplier's on a bill."""
    reference = document.number if document.is_sale else document.reference
    return shorten_reference(reference, const.REFERENCE_LENGTH)


def payment_reference(document: Document) -> str:
    """What is paid with: the structured communication, on a sale else its reference."""
    text = document.communication or (document.reference if document.is_sale else "")
    return shorten_reference(text, const.PAYMENT_REFERENCE_LENGTH)


def description(document: Document) -> str:
    """Our number, the text, the document a credit note corrects (Exact has no field for it), and a
    supplier's number that ``YourRef`` cannot hold."""
    parts = [document.number]
    if not document.is_sale and len(document.reference) > const.REFERENCE_LENGTH:
        parts.append(document.reference)
    if document.text and document.text != document.number:
        parts.append(document.text)
    if document.origin_number and document.origin_number not in document.text.split():
        parts.append(document.origin_number)
    return shorten(" / ".join(parts), const.TEXT_LENGTH)


def subject(document: Document) -> str:
    """What the document that holds an entry's files is called."""
    parts = [document.number, "" if document.is_sale else document.reference, document.party.name]
    return shorten(" / ".join(part for part in parts if part), const.SUBJECT_LENGTH)


def external_link(document: Document) -> str:
    """Our mark, behind the document's web address in Odoo when there is one."""
    if document.address:
        return f"{document.address}#{document.own_reference}"
    return document.own_reference


def own_reference(link: str | None) -> str:
    """Our mark in an ``ExternalLinkReference``, "" when it has none."""
    mark = (link or "").rpartition("#")[2]
    return mark if mark.startswith(OUR_MARK) else ""


# Document → entry


def money(amount) -> Decimal:
    """Two decimals; an amount of a currency with more keeps them. Never a negative zero. Exact's
    amounts are doubles: what is left of their arithmetic is dropped."""
    amount = wire.read_number(amount) or ZERO
    for step in (CENT, CENT / 10, CENT / 100):
        rounded = amount.quantize(step)
        if abs(rounded - amount) < NOISE:
            return rounded + ZERO
    return amount + ZERO


def exchange_rate(document: Document) -> Decimal:
    """``Rate`` of an entry in a foreign currency."""
    return company_per_unit(document) if RATE_IS_COMPANY_PER_UNIT else units_per_company(document)


def entry_payload(document: Document, party_key: str, codes: Codes, place: str = "") -> dict:
    """The body that books a document. ``place`` is the document that holds its files.

    Raises ConfigurationMissingError and DataRefusedError for what Exact would refuse or, worse,
    book otherwise.
    """
    if document.total < 0:
        raise DataRefusedError(
            f"{document.number} has a negative total",
            code="negative_total",
            values={"document": document.number},
        )
    if not document.lines:
        raise DataRefusedError(
            f"{document.number} has no lines",
            code="no_lines",
            values={"document": document.number},
        )
    codes.check_journal(document)
    side = side_of(document)
    payload = header_payload(document, party_key, codes)
    if place:
        payload["Document"] = place
    payload[side.collection] = [line_payload(document, line, codes) for line in document.lines]
    return payload


def header_payload(document: Document, party_key: str, codes: Codes) -> dict:
    """An entry without its lines."""
    payload = {
        "Journal": document.journal,
        side_of(document).party: party_key,
        "EntryDate": document.document_date,
        "Currency": document.currency,
        "Description": description(document),
        "ExternalLinkReference": external_link(document),
        "YourRef": your_reference(document),
        "PaymentReference": payment_reference(document),
        **_period_payload(document, codes),
    }
    if document.payment_term:
        payload["PaymentCondition"] = document.payment_term
    makes_terms = codes.payment_term(document.payment_term).get("instalments")
    if len(document.instalments) < 2 or not makes_terms:
        payload["DueDate"] = document.due_date
    if document.currency != document.company_currency:
        payload["Rate"] = exchange_rate(document)
    return {name: value for name, value in payload.items() if value not in ("", None)}


def _period_payload(document, codes):
    """Year and period where they are not those of the document date, from which Exact takes
    them."""
    booked = codes.period_of(document.accounting_date)
    if not booked:
        raise ConfigurationMissingError(
            f"Exact has no period for {document.accounting_date}",
            code="no_period",
            values={
                "date": document.accounting_date,
                "document": document.number,
            },
        )
    if booked == codes.period_of(document.document_date):
        return {}
    return {"ReportingYear": booked["year"], "ReportingPeriod": booked["period"]}


def line_payload(document: Document, line, codes: Codes) -> dict:
    """One line. ``VATAmountFC`` only where VAT is on the invoice. On a purchase with VAT the share
    is always sent: left out, that of the ledger account would count."""
    account = codes.account_of(line, document)
    vat_code = codes.vat_code_of(line, document)
    sign = -1 if document.is_refund else 1
    payload = {
        "GLAccount": account["guid"],
        "AmountFC": money(sign * line.base),
        "VATCode": line.vat_code,
    }
    charged = codes.is_charged(line.vat_code, document.is_sale)
    if codes.invoices_vat(line.vat_code, document.is_sale):
        payload["VATAmountFC"] = money(sign * line.vat_invoiced)
    if not document.is_sale and (charged or vat_code.get("type", "E") == "E"):
        share = HUNDRED if line.recoverable_share is None else line.recoverable_share
        payload["VATNonDeductiblePercentage"] = (HUNDRED - share) / HUNDRED
    payload |= _cost_payload(document, line, account)
    text = shorten(line.text, const.TEXT_LENGTH)
    if text:
        payload["Description"] = text
    return payload


def _cost_payload(document, line, account):
    """Cost centre and cost unit. An account that takes none gets none; one that demands what the
    line lacks is refused before the call."""
    payload = {}
    axes = [*line.cost_centres, "", ""]
    for field, name, code in (
        ("CostCenter", "cost_centre", axes[0]),
        ("CostUnit", "cost_unit", axes[1]),
    ):
        if code and account.get(f"{name}_allowed") is not False:
            payload[field] = code
        elif not code and account.get(f"{name}_required"):
            raise ConfigurationMissingError(
                f"{line.ledger_account} demands a {name}",
                code=f"{name}_missing",
                values={"account": line.ledger_account, "document": document.number},
            )
    return payload


def file_name(file: File) -> str:
    """A name Exact takes; its end is kept when it is too long."""
    name = re.split(r"[/\\]", file.name)[-1]
    name = _NOT_IN_FILE_NAME.sub("_", name).strip() or "file"
    stem, dot, suffix = name.rpartition(".")
    if len(name) > const.FILE_NAME_LENGTH:
        tail = dot + suffix[:10] if dot else ""
        name = cut(stem or name, const.FILE_NAME_LENGTH - len(tail)) + tail
    return name


# Entry → stored document


def entry_fields(side: Side) -> str:
    """The ``$select`` of an entry."""
    return (
        f"EntryID,{side.party},Journal,EntryNumber,EntryDate,DueDate,Currency,Rate,AmountFC,"
        "AmountDC,ReportingYear,ReportingPeriod,Status,Type,YourRef,PaymentReference,Description,"
        "ExternalLinkReference,Document,DocumentSubject"
    )


def line_fields(side: Side) -> str:
    """The ``$select`` of an entry's lines."""
    fields = "ID,EntryID,LineNumber,GLAccount,AmountFC,VATCode,VATAmountFC,CostCenter,CostUnit"
    share = "" if side is SALES else ",VATNonDeductiblePercentage"
    return f"{fields},Description{share}"


def stored_document(side: Side, row: dict, lines: list[dict] | None, codes: Codes):
    """An entry as Exact gives it with its lines (or those we sent); ``lines`` None: not read, so
    that there is no version. Total and kind come from ``Type``; the sign of the amount only tells
    where it is left out."""
    amount = wire.read_number(row["AmountFC"]) or ZERO
    refund = row["Type"] == side.types[1] if row.get("Type") else amount < 0
    reference = row.get("YourRef") or ""
    if side is SALES:
        reference = row.get("PaymentReference") or reference
    return StoredDocument(
        key=document_key(side, row["EntryID"]),
        number=f"{row['Journal']} {row.get('ReportingYear') or ''}/{row.get('EntryNumber') or ''}",
        kind=side.kinds[refund],
        version="" if lines is None else version(side, row, lines, codes),
        own_reference=own_reference(row.get("ExternalLinkReference")),
        party_key=row.get(side.party) or "",
        document_date=wire.read_date(row.get("EntryDate")),
        reference=reference,
        text=row.get("Description") or "",
        total=money(abs(amount)),
        currency=(row.get("Currency") or "").strip(),
        file_place=row.get("Document") or "",
        without_files=not row.get("Document"),
        lines=stored_lines(side, lines or (), codes, turned=amount < 0),
    )


def with_lines(
    side: Side, stored: StoredDocument, row: dict, lines: list[dict], codes: Codes
) -> StoredDocument:
    """The same with its lines, and the version that they make."""
    return replace(
        stored,
        version=version(side, row, lines, codes),
        lines=stored_lines(side, lines, codes, turned=wire.read_number(row["AmountFC"]) < 0),
    )


def stored_lines(
    side: Side, lines: Iterable[dict], codes: Codes, *, turned: bool
) -> tuple[StoredLine, ...]:
    """Lines of an entry, those we send or those read back. ``turned``: it is a credit note, whose
    amounts have the opposite sign."""
    sign = -1 if turned else 1
    found = []
    for line in lines:
        guid, base, code, vat, share, *cost = _line_content(side, line, codes)
        found.append(
            StoredLine(
                ledger_account=codes.account_by_guid(guid).get("code", guid),
                vat_code=code,
                base=sign * Decimal(base),
                vat=sign * Decimal(vat),
                share=share,
                cost=tuple(cost),
            )
        )
    return tuple(found)


def version(side: Side, row: dict, lines: list[dict], codes: Codes) -> str:
    """A hash over what a bookkeeper decides: party, journal, dates, period, currency, total, and of
    each line account, amount, VAT code, VAT, share, cost centre and unit. The same for what we send
    and what is read back. Texts, status and what payments touch are left out; so is VAT that Exact
    works out itself, and a cost centre it filled in from the account counts as none."""
    foreign = wire.read_number(row.get("Rate")) or Decimal(1)
    content = [
        row.get(side.party),
        row.get("Journal"),
        _day(row.get("EntryDate")),
        _day(row.get("DueDate")),
        row.get("ReportingYear"),
        row.get("ReportingPeriod"),
        (row.get("Currency") or "").strip(),
        f"{foreign:.4f}",
        f"{wire.read_number(row['AmountFC']):.4f}",
        sorted(_line_content(side, line, codes) for line in lines),
    ]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:32]


def _line_content(side, line, codes):
    code = (line.get("VATCode") or "").strip()
    is_sale = side is SALES
    invoiced = codes.invoices_vat(code, is_sale)
    vat = line.get("VATAmountFC") if invoiced else None
    share = None
    if not is_sale and (invoiced or codes.is_charged(code, is_sale)):
        share = line.get("VATNonDeductiblePercentage")
    account = codes.account_by_guid(line["GLAccount"])
    centre, unit = line.get("CostCenter") or "", line.get("CostUnit") or ""
    return [
        line["GLAccount"],
        f"{wire.read_number(line['AmountFC']):.4f}",
        code,
        f"{wire.read_number(vat) or ZERO:.4f}",
        f"{wire.read_number(share) or ZERO:.6f}",
        "" if centre == account.get("cost_centre") else centre,
        "" if unit == account.get("cost_unit") else unit,
    ]


def _day(value):
    day = wire.read_date(value)
    return day.isoformat() if day else ""


# Finding


def find_filter(document: Document, party_key: str) -> str:
    """Entries of the party with the document's date or reference. A supplier's number is asked by
    its last digits, because people write it in several ways."""
    side = side_of(document)
    sought = [f"EntryDate eq {wire.day(document.document_date)}"]
    groups = re.findall(r"\d+", "" if document.is_sale else document.reference)
    digits = groups[-1].lstrip("0") if groups else ""
    reference = your_reference(document)
    if digits:
        sought.append(f"substringof({wire.text(digits)},YourRef) eq true")
    elif reference:
        sought.append(f"YourRef eq {wire.text(reference)}")
    return f"{side.party} eq {wire.guid(party_key)} and ({' or '.join(sought)})"


def as_ours(document: Document, stored: StoredDocument, row: dict) -> StoredDocument:
    """An entry whose reference is the document's, written as Exact had to shorten it, or that shows
    our number on a sale, gets the document's own. Exact makes a document by itself for a purchase
    entry: only one with our subject tells that the files went along."""
    if not document.is_sale:
        is_ours = (row.get("DocumentSubject") or "").strip() == subject(document)
        stored = replace(stored, without_files=not is_ours)
    reference = row.get("YourRef") or ""
    if reference and reference == your_reference(document):
        return replace(stored, reference=document.reference)
    return stored
