"""An e-invoice as a receiver understands it: Peppol BIS Billing 3.0, from its bytes alone."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import hashlib
import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from xml.etree.ElementTree import Element

from . import markup
from .refusal import Refused

UBL = "{urn:oasis:names:specification:ubl:schema:xsd:"
C, B = UBL + "CommonAggregateComponents-2}", UBL + "CommonBasicComponents-2}"
ROOTS = {UBL + "Invoice-2}Invoice": "invoice", UBL + "CreditNote-2}CreditNote": "credit_note"}
FAMILY = "urn:cen.eu:en16931:2017"
BILLING = re.compile(r"urn:fdc:peppol\.eu:2017:poacc:(billing|selfbilling):(01|3)[.:]")
# Types of documents that each root may have, and those that the buyer writes.
TYPES = {
    "invoice": {"380", "383", "384", "386", "389", "393", "395", "326", "575", "623", "780"},
    "credit_note": {"381", "396", "261", "81", "83", "308", "532"},
}
SELF_BILLED = {"389", "261"}
# Categories of EN 16931, and those of them that never have VAT.
CATEGORIES = {"S", "Z", "E", "AE", "K", "G", "O", "L", "M", "B"}
WITHOUT_VAT = CATEGORIES - {"S", "L", "M", "B"}
AMOUNT = re.compile(r"[+-]?\d{1,15}(\.\d{1,12})?$")
CENT = Decimal("0.01")
EMBEDDED = {"application/pdf", "image/png", "image/jpeg", "text/csv"}


@dataclass(frozen=True)
class Company:
    """Somebody in an e-invoice; ``numbers`` are the digits and letters of every number given,
    ``address`` is the electronic address, "" without one."""

    name: str
    vat: str
    numbers: frozenset[str]
    address: str = ""

    def is_one(self, number: str) -> bool:
        """Whether a VAT number is theirs; an enterprise number says the same without country."""
        bare = number.removeprefix("BE")
        return number in self.numbers or bare in self.numbers


@dataclass(frozen=True, order=True)
class Vat:
    """Base and VAT of one category and rate, as the document says it."""

    category: str
    rate: Decimal
    base: Decimal
    vat: Decimal


@dataclass(frozen=True)
class Invoice:
    """What is booked. Amounts are in the document's currency and as they stand there: those of a
    credit note are positive."""

    kind: str
    type: str
    number: str
    date: str
    currency: str
    seller: Company
    buyer: Company
    total: Decimal
    payable: Decimal
    vat: tuple[Vat, ...]
    lines: int
    corrects: tuple[str, ...] = ()
    annexes: tuple[dict[str, Any], ...] = ()
    checks: tuple[str, ...] = field(default=(), compare=False)

    @property
    def self_billed(self) -> bool:
        """The buyer wrote it."""
        return self.type in SELF_BILLED


def read(content: bytes) -> Invoice:
    """Raises :class:`Refused` with the first thing that is wrong."""
    root = markup.parse(content)
    kind = ROOTS.get(root.tag)
    if kind is None:
        raise Refused("not_an_invoice", "The XML is no UBL invoice or credit note")
    customisation, profile = _text(root, "CustomizationID"), _text(root, "ProfileID")
    if FAMILY not in customisation or not BILLING.search(f"{customisation} {profile}"):
        raise Refused("other_format", f"The format {customisation or '?'} is not known")
    typed = _needed(root, "InvoiceTypeCode" if kind == "invoice" else "CreditNoteTypeCode")
    if typed not in TYPES[kind]:
        raise Refused(
            "type", f"The document is a {root.tag.partition('}')[2]}, its type is {typed}"
        )
    currency = _needed(root, "DocumentCurrencyCode")
    vat_total, vat = _vat(root, currency)
    sums = root.find(f"{C}LegalMonetaryTotal")
    if sums is None:
        raise Refused("no_totals", "The document has no totals")
    lines = root.findall(f"{C}{'InvoiceLine' if kind == 'invoice' else 'CreditNoteLine'}")
    if not lines:
        raise Refused("no_lines", "The document has no lines")
    _check_totals(root, sums, lines, vat_total)
    _check_vat(root, lines, vat)
    return Invoice(
        kind=kind,
        type=typed,
        number=_needed(root, "ID"),
        date=_day(_needed(root, "IssueDate")),
        currency=currency,
        seller=_company(root, "AccountingSupplierParty", "seller"),
        buyer=_company(root, "AccountingCustomerParty", "buyer"),
        total=_amount(sums, "TaxInclusiveAmount", needed=True),
        payable=_amount(sums, "PayableAmount", needed=True),
        vat=tuple(sorted(vat)),
        lines=len(lines),
        corrects=tuple(
            element.text.strip()
            for element in root.findall(f"{C}BillingReference/{C}InvoiceDocumentReference/{B}ID")
            if element.text
        ),
        annexes=tuple(_annexes(root)),
        checks=tuple(_lines_without_vat(lines)),
    )


def _lines_without_vat(lines: list[Element]) -> list[str]:
    """Numbers of the lines whose VAT is not said."""
    return [
        _text(line, "ID") or "?"
        for line in lines
        if line.find(f"{C}Item/{C}ClassifiedTaxCategory/{B}ID") is None
    ]


# Values


def _text(parent: Element, name: str) -> str:
    return (parent.findtext(f"{B}{name}") or "").strip()


def _needed(parent: Element, name: str) -> str:
    found = _text(parent, name)
    if not found:
        raise Refused("missing", f"{name} is missing")
    return found


def _number(text: str, name: str) -> Decimal:
    if not AMOUNT.match(text):
        raise Refused("amount", f"{name} is no amount: {text[:40]}")
    return Decimal(text)


def _amount(parent: Element, name: str, needed: bool = False) -> Decimal:
    text = _needed(parent, name) if needed else _text(parent, name)
    return _number(text, name) if text else Decimal(0)


def _day(text: str) -> str:
    try:
        return dt.date.fromisoformat(text[:10]).isoformat()
    except ValueError as error:
        raise Refused("date", f"{text[:40]} is no date") from error


def bare(number: str) -> str:
    """A number without what people put between its digits."""
    return re.sub(r"[^0-9A-Z]", "", number.upper())


def _company(root: Element, role: str, name: str) -> Company:
    party = root.find(f"{C}{role}/{C}Party")
    if party is None:
        raise Refused("party", f"The {name} is missing")
    legal = party.findtext(f"{C}PartyLegalEntity/{B}RegistrationName") or party.findtext(
        f"{C}PartyName/{B}Name"
    )
    if not (legal or "").strip():
        raise Refused("party", f"The {name} has no name")
    vat = next(
        (
            bare(found.findtext(f"{B}CompanyID") or "")
            for found in party.findall(f"{C}PartyTaxScheme")
            if bare(found.findtext(f"{C}TaxScheme/{B}ID") or "") == "VAT"
        ),
        "",
    )
    others = (
        party.findtext(f"{B}EndpointID"),
        party.findtext(f"{C}PartyLegalEntity/{B}CompanyID"),
        *(each.text for each in party.findall(f"{C}PartyIdentification/{B}ID")),
    )
    numbers = {vat, *(bare(other or "") for other in others)} - {""}
    address = (party.findtext(f"{B}EndpointID") or "").strip()
    return Company(legal.strip(), vat, frozenset(numbers), address)


# VAT and totals


def _category(parent: Element | None) -> tuple[str, Decimal]:
    if parent is None:
        raise Refused("category", "A VAT category is missing")
    code = _needed(parent, "ID")
    if code not in CATEGORIES:
        raise Refused("category", f"The VAT category {code[:10]} is not known")
    return code, _amount(parent, "Percent")


def _vat(root: Element, currency: str) -> tuple[Decimal, list[Vat]]:
    for total in root.findall(f"{C}TaxTotal"):
        amount = total.find(f"{B}TaxAmount")
        if amount is not None and amount.get("currencyID") == currency:
            break
    else:
        raise Refused("no_vat_total", "The document has no VAT total")
    found = []
    for part in total.findall(f"{C}TaxSubtotal"):
        code, rate = _category(part.find(f"{C}TaxCategory"))
        found.append(
            Vat(
                code,
                rate,
                _amount(part, "TaxableAmount", needed=True),
                _amount(part, "TaxAmount", needed=True),
            )
        )
    if not found:
        raise Refused("no_vat", "The VAT is not split by category")
    whole = _number(amount.text or "", "TaxAmount")
    if sum(part.vat for part in found) != whole:
        raise Refused("vat_total", f"The VAT amounts do not add up to {whole}")
    return whole, found


def _charges(parent: Element) -> list[tuple[Element, Decimal]]:
    """Allowances (below zero) and charges of the whole document."""
    found = []
    for each in parent.findall(f"{C}AllowanceCharge"):
        amount = _amount(each, "Amount", needed=True)
        found.append((each, amount if _text(each, "ChargeIndicator") == "true" else -amount))
    return found


def _check_totals(root: Element, sums: Element, lines: list[Element], vat: Decimal) -> None:
    on_lines = sum(
        (_amount(line, "LineExtensionAmount", needed=True) for line in lines), Decimal(0)
    )
    charges = sum((amount for _each, amount in _charges(root)), Decimal(0))
    net = _amount(sums, "TaxExclusiveAmount", needed=True)
    total = _amount(sums, "TaxInclusiveAmount", needed=True)
    to_pay = total - _amount(sums, "PrepaidAmount") + _amount(sums, "PayableRoundingAmount")
    for name, said, worked_out in (
        ("LineExtensionAmount", _amount(sums, "LineExtensionAmount", needed=True), on_lines),
        ("TaxExclusiveAmount", net, on_lines + charges),
        ("TaxInclusiveAmount", total, net + vat),
        ("PayableAmount", _amount(sums, "PayableAmount", needed=True), to_pay),
    ):
        if said != worked_out:
            raise Refused("totals", f"{name} is {said}, what is above it makes {worked_out}")


def _check_vat(root: Element, lines: list[Element], vat: list[Vat]) -> None:
    """Bases are those of the lines; a rate makes the VAT, give or take less than one."""
    bases: dict[tuple[str, Decimal], Decimal] = {}
    for line in lines:
        category = line.find(f"{C}Item/{C}ClassifiedTaxCategory")
        if category is None:
            return  # a receiver that minds says so
        key = _category(category)
        bases[key] = bases.get(key, Decimal(0)) + _amount(line, "LineExtensionAmount")
    for each, amount in _charges(root):
        key = _category(each.find(f"{C}TaxCategory"))
        bases[key] = bases.get(key, Decimal(0)) + amount
    said: dict[tuple[str, Decimal], Decimal] = {}
    for part in vat:
        key = (part.category, part.rate)
        if key in said:
            raise Refused("vat_twice", f"VAT {part.category} {part.rate} % stands there twice")
        said[key] = part.base
        if part.category in WITHOUT_VAT and part.vat:
            raise Refused("vat_amount", f"The category {part.category} has VAT: {part.vat}")
        if abs(part.base * part.rate / 100 - part.vat) >= 1:
            raise Refused("vat_amount", f"{part.rate} % of {part.base} is not {part.vat}")
    for key in bases.keys() | said.keys():
        if abs(bases.get(key, Decimal(0)) - said.get(key, Decimal(0))) > CENT:
            raise Refused(
                "vat_base",
                f"The lines at {key[0]} {key[1]} % make {bases.get(key, 0)},"
                f" the VAT is on {said.get(key, 0)}",
            )


# What is inside


def _annexes(root: Element) -> list[dict[str, Any]]:
    found = []
    for reference in root.findall(f"{C}AdditionalDocumentReference"):
        element = reference.find(f"{C}Attachment/{B}EmbeddedDocumentBinaryObject")
        if element is None:
            continue
        try:
            content = base64.b64decode("".join((element.text or "").split()), validate=True)
        except binascii.Error as error:
            raise Refused("annex", "A file inside cannot be read") from error
        found.append(
            {
                "name": element.get("filename", ""),
                "media_type": element.get("mimeCode", ""),
                "size": len(content),
                "sha256": hashlib.sha256(content).hexdigest(),
            }
        )
    return found
