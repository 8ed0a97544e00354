"""The neutral bookkeeping document.

Amounts are ``Decimal`` and **signed relative to the kind**: an ordinary line of a credit note is
positive, a line that reduces it is negative. Every amount stands twice: in the currency of the
document and in that of the company, both as posted, never recomputed.

For one line::

    total = base + VAT invoiced          VAT owed by us (reverse charge) is not on the invoice
    VAT charged to cost = (VAT invoiced or VAT owed) - VAT deductible
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date
from decimal import Decimal

from .amounts import ZERO
from .party import Party

SALE = "sale"
SALE_REFUND = "sale_refund"
PURCHASE = "purchase"
PURCHASE_REFUND = "purchase_refund"
KINDS = (SALE, SALE_REFUND, PURCHASE, PURCHASE_REFUND)
OPPOSITE = {
    SALE: SALE_REFUND,
    SALE_REFUND: SALE,
    PURCHASE: PURCHASE_REFUND,
    PURCHASE_REFUND: PURCHASE,
}

# The amounts of a line, each in the currency of the document and in that of the company.
LINE_AMOUNTS = (
    "base",
    "vat_invoiced",
    "vat_owed",
    "vat_deductible",
    "base_company",
    "vat_invoiced_company",
    "vat_owed_company",
    "vat_deductible_company",
)


class DocumentError(ValueError):
    """A document that does not add up, with both figures in the text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a document, in the administration's own codes.

    ``vat_code`` is ``None`` for a line without tax whose mapping says: no code.
    ``recoverable_share`` is a percentage (0..100) of the VAT that is deductible, ``None`` where the
    question does not arise (sales, lines without VAT).
    ``cost_centres`` are codes in the order of ``COST_AXES``, a cost centre and a cost unit; ""
    where a line has none on an axis, without those after the last one that has.
    """

    ledger_account: str
    text: str = ""
    vat_code: str | None = None
    recoverable_share: Decimal | None = None
    cost_centres: tuple[str, ...] = ()
    base: Decimal
    vat_invoiced: Decimal = ZERO
    vat_owed: Decimal = ZERO
    vat_deductible: Decimal = ZERO
    base_company: Decimal
    vat_invoiced_company: Decimal = ZERO
    vat_owed_company: Decimal = ZERO
    vat_deductible_company: Decimal = ZERO

    @property
    def total(self) -> Decimal:
        return self.base + self.vat_invoiced

    @property
    def total_company(self) -> Decimal:
        return self.base_company + self.vat_invoiced_company


@dataclass(frozen=True, slots=True, kw_only=True)
class Instalment:
    """One due date of the party's line with its share of the total (document currency)."""

    due_date: date
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file that travels with a document; ``key`` tells it apart (``ir.attachment,12``)."""

    key: str
    name: str
    media_type: str
    content: bytes = field(repr=False)

    @property
    def size(self) -> int:
        return len(self.content)

    @property
    def checksum(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """A file that is read when its content is asked for, each time anew: whoever holds many of them
    holds none of their contents. ``size`` is in bytes; ``read`` gives b"" when it is gone."""

    key: str
    name: str
    media_type: str
    size: int
    checksum: str
    read: Callable[[], bytes] = field(repr=False, compare=False)

    @property
    def content(self) -> bytes:
        return self.read()


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A posted entry as both sides understand it.

    * ``own_reference`` is unique among the databases that feed an administration and survives a
      reset to draft.
    * ``number`` is what people call the document in Odoo (``INV/2026/00043``), ``sequence_number``
      its running part (43).
    * ``reference``: for sales the communication the customer pays with, for purchases the number
      the supplier gave; ``communication`` the structured communication to pay with, if any.
    * ``document_date`` is what stands on the paper, ``accounting_date`` decides the VAT period.
    * ``rate``: units of document currency for one unit of company currency (1 EUR = 1.0850 USD is
      ``Decimal("1.0850")``); 1 when both are the same.
    * ``origin_number`` / ``origin_key``: the corrected document of a credit note, in Odoo and in
      the administration.
    * ``address``: where a person reads it in Odoo, "" when that is not known. No bookkeeping.
    """

    kind: str
    own_reference: str
    number: str
    sequence_number: int = 0
    journal: str
    document_date: date
    accounting_date: date
    due_date: date
    party: Party
    currency: str
    company_currency: str
    currency_decimals: int = 2
    company_currency_decimals: int = 2
    rate: Decimal = Decimal(1)
    reference: str = ""
    communication: str = ""
    text: str = ""
    payment_term: str | None = None
    origin_number: str = ""
    origin_key: str = ""
    address: str = ""
    lines: tuple[Line, ...]
    instalments: tuple[Instalment, ...] = ()
    total: Decimal
    total_company: Decimal
    files: tuple[File | StoredFile, ...] = ()

    def __post_init__(self):
        if self.kind not in KINDS:
            raise DocumentError(f"Unknown kind of document: {self.kind}")
        self._check_sum("total", self.total, sum((line.total for line in self.lines), ZERO))
        self._check_sum(
            "total_company",
            self.total_company,
            sum((line.total_company for line in self.lines), ZERO),
        )
        self._check_decimals()

    def _check_sum(self, name, expected, found):
        if expected != found:
            raise DocumentError(
                f"{self.number}: {name} is {expected} in the entry, its lines add up to {found}"
            )

    def _check_decimals(self):
        for line in self.lines:
            for name in LINE_AMOUNTS:
                decimals = self.currency_decimals
                if name.endswith("_company"):
                    decimals = self.company_currency_decimals
                amount = getattr(line, name)
                if amount != round(amount, decimals):
                    raise DocumentError(
                        f"{self.number}: {name} {amount} has more than {decimals} decimals"
                    )

    @property
    def is_sale(self) -> bool:
        return self.kind in (SALE, SALE_REFUND)

    @property
    def is_refund(self) -> bool:
        return self.kind in (SALE_REFUND, PURCHASE_REFUND)

    def fingerprint(self) -> str:
        """Tells whether the bookkeeping content changed since it was sent; files do not count."""
        content = _for_json(self)
        content.pop("files")
        # It names the sender, and changes when the database moves to another server.
        content.pop("own_reference")
        content.pop("address")
        content["party"] = self.party.identity
        text = json.dumps(content, default=_for_json, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


def _for_json(value):
    """One level of a dataclass, so that nothing is copied; other things as text."""
    if is_dataclass(value):
        return {one.name: getattr(value, one.name) for one in fields(value)}
    return str(value)
