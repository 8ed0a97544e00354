"""A document as plain JSON values and back, without its files' content.

What was sent is kept beside the job and the binding: the outcome of a try is judged, and the
opposite document made, from what went out and not from what the entry became since.
"""

import dataclasses
from datetime import date
from decimal import Decimal

from .document import LINE_AMOUNTS, Document, Instalment, Line
from .party import ContactPerson, Party

_DOCUMENT_DATES = ("document_date", "accounting_date", "due_date")
_DOCUMENT_AMOUNTS = ("rate", "total", "total_company")


def document_to_values(document: Document) -> dict:
    """JSON values; amounts as text, dates as ISO text, files left out."""
    return {
        one.name: _plain(getattr(document, one.name))
        for one in dataclasses.fields(document)
        if one.name != "files"
    }


def document_from_values(values: dict) -> Document:
    """The document that ``document_to_values`` was given, without files."""
    values = dict(values)
    for name in _DOCUMENT_DATES:
        values[name] = date.fromisoformat(values[name])
    for name in _DOCUMENT_AMOUNTS:
        values[name] = Decimal(values[name])
    values["party"] = _party(values["party"])
    values["lines"] = tuple(_line(line) for line in values["lines"])
    values["instalments"] = tuple(
        Instalment(due_date=date.fromisoformat(one["due_date"]), amount=Decimal(one["amount"]))
        for one in values["instalments"]
    )
    return Document(**values)


def content_of(document):
    """What is stored of a document that is sent, as JSON; of its files the names only."""
    values = document_to_values(document)
    values["files"] = [[file.key, file.name, file.checksum] for file in document.files]
    return values


def document_of(content):
    """The document an item stored as what it sent, its files left out."""
    return document_from_values({name: one for name, one in content.items() if name != "files"})


def candidate_values(stored):
    """What the queue shows and ``action_adopt`` needs of a stored document or party, as JSON."""
    if hasattr(stored, "party"):
        party = stored.party
        return {
            "key": stored.key,
            "is_party": True,
            "number": stored.key,
            "name": party.name,
            "vat_number": party.vat_number,
        }
    return {
        "key": stored.key,
        "number": stored.number,
        "kind": stored.kind,
        "version": stored.version,
        "own_reference": stored.own_reference,
        "party_key": stored.party_key,
        "document_date": stored.document_date.isoformat() if stored.document_date else "",
        "reference": stored.reference,
        "text": stored.text,
        "total": None if stored.total is None else str(stored.total),
        "currency": stored.currency,
        "lines": [
            [line.ledger_account, line.vat_code, str(line.base), str(line.vat)]
            for line in stored.lines
        ],
    }


def _party(values):
    contacts = tuple(ContactPerson(**one) for one in values.get("contacts", ()))
    known_as = tuple(values.get("known_as", ()))
    return Party(**{**values, "contacts": contacts, "known_as": known_as})


def _line(values):
    values = dict(values)
    for name in LINE_AMOUNTS:
        values[name] = Decimal(values[name])
    if values["recoverable_share"] is not None:
        values["recoverable_share"] = Decimal(values["recoverable_share"])
    values["cost_centres"] = tuple(values["cost_centres"])
    return Line(**values)


def _plain(value):
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, date):
        return value.isoformat()
    if dataclasses.is_dataclass(value):
        return {one.name: _plain(getattr(value, one.name)) for one in dataclasses.fields(value)}
    return value
