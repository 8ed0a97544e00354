"""Neutral party and document ↔ relation and buy/sell booking of Octopus; pure functions.

Payloads hold ``Decimal``; the client writes them as JSON numbers. Keys the service reads back as
strings are built here too: a document is ``bookyear/journal/number``.
"""

import base64
import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import PurePosixPath

from odoo.addons.accountable_connect.api.contact_details import (
    email_address,
    phone_number,
    that_fits,
    web_address,
)
from odoo.addons.accountable_connect.api.contract import StoredDocument, StoredLine, StoredParty
from odoo.addons.accountable_connect.api.texts import bare, cut, one_line
from odoo.addons.accountable_connect.documents import (
    PURCHASE,
    PURCHASE_REFUND,
    SALE,
    SALE_REFUND,
    Document,
    File,
    Line,
    Party,
)
from odoo.addons.accountable_connect.documents.rate import company_per_unit, units_per_company

from .. import const

# Whether ``exchangeRate`` is EUR for one unit of the document's currency. The vendor does not say;
# this is the direction in which amounts are multiplied. Ours (1 EUR = 1.0850 USD) is its inverse.
RATE_IS_EURO_PER_UNIT = True
CENT = Decimal("0.01")
ZERO = Decimal(0)

# Parties


def vat_number_in_octopus(vat_number: str) -> str:
    """``BE0999999031`` → ``BE0999.999.031``, ``NL163392705B01`` → ``NL1633.92.705 B01``; others
    unchanged."""
    if re.fullmatch(r"BE\d{10}", vat_number):
        return f"{vat_number[:6]}.{vat_number[6:9]}.{vat_number[9:]}"
    if re.fullmatch(r"NL\d{9}B\d{2}", vat_number):
        return f"{vat_number[:6]}.{vat_number[6:8]}.{vat_number[8:11]} {vat_number[11:]}"
    return vat_number


def corporation_type(party: Party) -> int | None:
    """The legal form, read from a word at the end or start of the name; 0 for natural persons, None
    for a company whose name does not tell."""
    if not party.is_company:
        return const.NATURAL_PERSON
    words = [word.replace(".", "").strip(",()").upper() for word in party.name.split()]
    # "Comm. V" and "B. V." are written apart too
    candidates = [words[-1:], words[-2:], words[:1], words[:2]]
    for candidate in candidates:
        found = const.CORPORATION_TYPES.get("".join(candidate))
        if found is not None:
            return found
    return None


def relation_payload(party: Party, key: str | None = None, stored: dict | None = None) -> dict:
    """The body of ``PUT …/relations``. ``stored`` is the relation as it is now: the whole record
    goes back, because it is not documented that what is left out stays. Nothing the accountant
    added is emptied, no role or legal form taken away. Empty texts are never sent: an empty country
    is refused."""
    stored = {
        name: value
        for name, value in (stored or {}).items()
        if value is not None and str(value).strip()
    }
    identification: dict = {"externalRelationId": party.external_number}
    if key:
        identification["relationKey"] = {"id": int(key)}
    texts = {
        "streetAndNr": cut(party.street, const.STREET_LENGTH),
        "postalCode": that_fits(one_line(party.postal_code), const.POSTAL_CODE_LENGTH),
        "city": cut(party.city, const.CITY_LENGTH),
        "country": party.country,
        # what reaches somebody goes whole, or not at all
        "email": email_address(party.email, const.EMAIL_LENGTH),
        "telephone": phone_number(party.phone, const.PHONE_LENGTH),
        "url": web_address(party.website, const.WEBSITE_LENGTH),
        "vatNr": vat_number_in_octopus(party.vat_number),
        **_bank_account(party, stored),
        "participantId": party.electronic_address,
    }
    form = corporation_type(party)
    payload = {
        **stored,
        "relationIdentificationServiceData": identification,
        "name": cut(party.name, const.NAME_LENGTH),
        "client": party.customer or bool(stored.get("client")),
        "supplier": party.supplier or bool(stored.get("supplier")),
        "currencyCode": party.currency,
        "corporationType": stored.get("corporationType", 0) if form is None else form,
        "vatType": const.VAT_TYPES[party.vat_status],
        **{name: text for name, text in texts.items() if text},
    }
    if party.language:
        payload["factLanguage"] = const.FACT_LANGUAGES.get(party.language, const.OTHER_LANGUAGE)
    if party.payment_days is not None:
        payload["expirationType"] = (
            const.DAYS_AFTER_END_OF_MONTH
            if party.payment_end_of_month
            else const.DAYS_AFTER_DOCUMENT_DATE
        )
        payload["expirationDays"] = party.payment_days
    return payload


def _bank_account(party, stored):
    """Ours where there is none: what the accountant pays to is changed by the accountant only."""
    there = bare(stored.get("ibanAccountNr") or stored.get("bankAccountNr"))
    if not there:
        return {"ibanAccountNr": party.iban, "bicCode": party.bic}
    is_ours = there == bare(party.iban)
    return {"bicCode": party.bic if is_ours and not stored.get("bicCode") else ""}


def relation_key(relation: dict) -> str:
    return str(relation["relationIdentificationServiceData"]["relationKey"]["id"])


def stored_party(relation: dict) -> StoredParty:
    """A relation as Octopus gives it; left-out fields are empty."""
    status_by_type = {number: status for status, number in const.VAT_TYPES.items()}
    vat_number = bare(relation.get("vatNr", ""))
    languages = {number: language for language, number in const.FACT_LANGUAGES.items()}
    optional = {}
    if relation.get("vatType") in status_by_type:
        optional["vat_status"] = status_by_type[relation["vatType"]]
    identification = relation["relationIdentificationServiceData"]
    return StoredParty(
        key=relation_key(relation),
        active=relation.get("active", True),
        party=Party(
            external_number=identification.get("externalRelationId", 0),
            name=relation.get("name", ""),
            is_company=relation.get("corporationType", 0) != const.NATURAL_PERSON,
            customer=relation.get("client", False),
            supplier=relation.get("supplier", False),
            vat_number=vat_number,
            registry_number=vat_number[2:] if vat_number.startswith("BE") else "",
            street=relation.get("streetAndNr", ""),
            postal_code=relation.get("postalCode", ""),
            city=relation.get("city", ""),
            country=relation.get("country", "").strip(),
            language=languages.get(relation.get("factLanguage"), ""),
            email=relation.get("email", ""),
            phone=relation.get("telephone", ""),
            website=relation.get("url", ""),
            iban=bare(relation.get("ibanAccountNr", "")),
            bic=relation.get("bicCode", ""),
            currency=relation.get("currencyCode", "EUR"),
            payment_days=relation.get("expirationDays"),
            payment_end_of_month=relation.get("expirationType") == const.DAYS_AFTER_END_OF_MONTH,
            electronic_address=relation.get("participantId", ""),
            **optional,
        ),
    )


# Documents


def document_key(book_year: int, journal: str, number: int) -> str:
    return f"{book_year}/{journal}/{number}"


def split_key(key: str) -> tuple[int, str, int]:
    """Book year, journal and number of a document's key. Raises ``ValueError``."""
    book_year, journal, number = key.split("/")
    return int(book_year), journal, int(number)


def booking_payload(
    document: Document, party_key: str, book_year: int, period: int, number: int
) -> dict:
    """The ``buySellBookingServiceData`` of a document.

    Octopus's sign rule for bookings: the total of a credit note is negative and its ordinary lines
    are positive. VAT is given as posted; what we owe ourselves (reverse charge) is not on the
    invoice and Octopus books it by the code. A credit note of 0.00 would count as an invoice, so
    its lines are turned round.
    """
    total = -document.total if document.is_refund else document.total
    # ``orderReference`` is a free text that comes back: the mark by which we know our document.
    return {
        "bookyearKey": {"id": book_year},
        "journalKey": document.journal,
        "documentSequenceNr": number,
        "relationIdentificationServiceData": {"relationKey": {"id": int(party_key)}},
        "bookyearPeriodeNr": period,
        "documentDate": document.document_date.isoformat(),
        "expiryDate": document.due_date.isoformat(),
        "comment": comment(document),
        "reference": cut(document.reference, const.REFERENCE_LENGTH),
        "orderReference": cut(document.own_reference, const.REFERENCE_LENGTH),
        "amount": money(total),
        "currencyCode": document.currency,
        "exchangeRate": exchange_rate(document),
        "paymentMethod": 0,
        "bookingLines": line_payloads(document),
    }


def line_payloads(document: Document) -> list[dict]:
    """Its lines; those of a credit note of 0.00 turned round."""
    sign = Decimal(-1) if document.is_refund and not document.total else Decimal(1)
    return [
        _line_payload(document, part, sign) for line in document.lines for part in _signed(line)
    ]


def _signed(line: Line) -> list[Line]:
    """A line whose VAT has another sign than its base as two: Octopus refuses it (-23). VAT that
    was typed over may be so, or a few cents that are spread over cost centres."""
    if line.base * line.vat_invoiced >= 0:
        return [line]
    return [replace(line, vat_invoiced=ZERO), replace(line, base=ZERO)]


def money(amount: Decimal) -> Decimal:
    """Amounts travel with two decimals; currencies with three keep theirs. Raises ``ValueError``
    for a text that is no number."""
    if amount.is_nan():
        raise ValueError("no amount")
    return amount.quantize(CENT) if amount == amount.quantize(CENT) else amount


def exchange_rate(document: Document) -> Decimal:
    if document.currency == document.company_currency:
        return Decimal("1.0")
    rate = company_per_unit if RATE_IS_EURO_PER_UNIT else units_per_company
    return rate(document).normalize()


def comment(document: Document) -> str:
    """Our number, and the document a credit note corrects: Octopus has no field for them."""
    text = document.text
    if document.number not in text.split():
        text = f"{document.number} / {text}" if text else document.number
    if document.origin_number and document.origin_number not in text.split():
        text = f"{text} / {document.origin_number}"
    return cut(text, const.TEXT_LENGTH)


def _line_payload(document, line, sign):
    payload = {
        "accountKey": int(line.ledger_account),
        "baseAmount": money(sign * line.base),
        "vatAmount": money(sign * line.vat_invoiced),
    }
    text = cut(line.text, const.TEXT_LENGTH)
    if text:
        payload["comment"] = text
    if line.vat_code:
        payload["vatCodeKey"] = line.vat_code
        if not document.is_sale:
            # Always given: left out, the account's own share would count.
            share = Decimal(100) if line.recoverable_share is None else line.recoverable_share
            payload["vatRecupPercentage"] = share
    if line.cost_centres:
        # A cost centre 0 is refused; without one the key stays away.
        payload["costCentreKey"] = {"id": int(line.cost_centres[0])}
    return payload


def attachment_length(file: File) -> int:
    """Bytes of its content in a body, in base64."""
    return (file.size + 2) // 3 * 4


def attachment_payload(file: File) -> dict:
    """A file, base64; the end of its name is kept when it is too long."""
    name = PurePosixPath(file.name.replace("\\", "/")).name or "file"
    suffix = PurePosixPath(name).suffix[:10]
    if len(name) > const.FILE_NAME_LENGTH:
        name = cut(name[: -len(suffix)] if suffix else name, const.FILE_NAME_LENGTH - len(suffix))
        name += suffix
    return {"fileName": name, "fileData": base64.b64encode(file.content).decode()}


def booking_kind(booking: dict) -> str:
    """The kind of a booking: by its journal's letter and the sign of its total."""
    refund = booking["amount"] < 0
    if booking["journalKey"].startswith("V"):
        return SALE_REFUND if refund else SALE
    return PURCHASE_REFUND if refund else PURCHASE


def own_mark(booking: dict) -> str:
    """The mark by which we know a document of ours, "" of none."""
    mark = booking.get("orderReference", "")
    return mark if mark.startswith("odoo-") else ""


def party_key_of(booking: dict) -> str:
    """The key of its party, "" without one."""
    relation = booking["relationIdentificationServiceData"].get("relationKey") or {}
    return str(relation.get("id", ""))


def booked_total(booking: dict) -> Decimal:
    """Its total, without the sign by which Octopus tells credit notes."""
    return money(abs(Decimal(booking["amount"])))


def stored_document(booking: dict, year: str = "") -> StoredDocument:
    """A booking as Octopus gives it; ``year`` is what people call its book year."""
    book_year = booking["bookyearKey"]["id"]
    journal, number = booking["journalKey"], booking["documentSequenceNr"]
    return StoredDocument(
        key=document_key(book_year, journal, number),
        number=f"{journal} {year or booking['documentDate'][:4]}/{number}",
        kind=booking_kind(booking),
        version=version(booking),
        own_reference=own_mark(booking),
        party_key=party_key_of(booking),
        document_date=date.fromisoformat(booking["documentDate"]),
        reference=booking.get("reference", ""),
        text=booking.get("comment", ""),
        total=booked_total(booking),
        currency=booking["currencyCode"],
        lines=stored_lines(booking.get("bookingLines", ()), journal.startswith("A")),
    )


def stored_lines(lines: Iterable[dict], is_purchase: bool) -> tuple[StoredLine, ...]:
    """Booking lines, those we send or those read back."""
    return tuple(
        StoredLine(
            ledger_account=account,
            vat_code=code,
            base=Decimal(base),
            vat=Decimal(vat),
            share=share,
            cost=(cost_centre,),
        )
        for account, code, base, vat, share, cost_centre in (
            _line_content(line, is_purchase) for line in lines
        )
    )


def version(booking: dict) -> str:
    """A hash over what a bookkeeper decides: relation, dates, period, amounts, and of each line
    account, VAT code, share and cost centre. The same for what we send and what is read back.

    Texts and the rate's last digits are left out, and so is the share of a line without VAT code,
    which Octopus fills in from the account.
    """
    relation = booking["relationIdentificationServiceData"].get("relationKey") or {}
    purchase = booking["journalKey"].startswith("A")
    rate = Decimal(booking["exchangeRate"]).quantize(Decimal("0.0001"))
    content = [
        relation.get("id"),
        booking["bookyearPeriodeNr"],
        booking["documentDate"],
        booking["expiryDate"],
        booking["currencyCode"],
        str(rate),
        _text(booking["amount"]),
        sorted(_line_content(line, purchase) for line in booking.get("bookingLines", ())),
    ]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:32]


def _line_content(line, purchase):
    code = line.get("vatCodeKey") or ""
    share = line.get("vatRecupPercentage", 100) if purchase and code else 100
    return [
        str(line.get("accountKey") or ""),
        code,
        _text(line.get("baseAmount", 0)),
        _text(line.get("vatAmount", 0)),
        _text(share),
        str((line.get("costCentreKey") or {}).get("id") or ""),
    ]


def _text(number):
    return f"{Decimal(number):.4f}"
