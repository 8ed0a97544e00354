"""What is handed over of one document, as it is frozen when the document enters its batch."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from .document import Document, File


@dataclass(frozen=True, slots=True, kw_only=True)
class VatTotal:
    """Base and VAT of a document under one code, in document currency, signed relative to the kind.

    ``code`` is the administration's VAT code where entries go, else the category of EN 16931
    ("S", "AE", …); ``rate`` in percent, None where a code says it all.
    """

    code: str
    rate: Decimal | None = None
    base: Decimal
    vat: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One document of a batch.

    * ``number`` is what people call it in Odoo; ``journal`` the code of its journal in Odoo.
    * ``total`` is signed relative to ``kind``, in document currency.
    * ``files`` are what the receiver gets of it, in their order, with the names they go by: of a
      delivered document the e-invoice or the original first. Of an entry, its annexes.
    * ``document`` is the neutral document where entries go, else None.
    * ``given`` is what the package's addon gave it when it entered its batch, as JSON values: the
      number it is booked under, the code of its party … Its meaning is the package's own.
    """

    kind: str
    number: str
    journal: str
    party_name: str
    party_vat_number: str = ""
    document_date: date
    accounting_date: date
    currency: str
    total: Decimal
    vat_totals: tuple[VatTotal, ...] = ()
    files: tuple[File, ...] = ()
    document: Document | None = None
    given: Mapping[str, Any] = field(default_factory=dict)
