"""What Odoo knows of a document and its e-invoice does not say, or says wrong."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxFact:
    """The VAT of a line as it was booked.

    * ``filled_in``: the category of EN 16931 that a person or the chart of accounts gave the tax
      ("" where nobody did: what the e-invoice says is then Odoo's guess).
    * ``boxes``: the boxes of the VAT return in which the base of the line was booked, from the
      tax's repartition lines, as in ``{"45"}``; of other countries' taxes empty.
    * ``owed_by_buyer``: the tax has opposite legs, so nothing of it is invoiced.
    * ``reason_code``: code of the exemption reason that the tax has, such as ``VATEX-EU-AE``.
    """

    filled_in: str = ""
    boxes: frozenset[str] = frozenset()
    owed_by_buyer: bool = False
    reason_code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UblFacts:
    """* ``payable``: what stands open as if nothing was paid, in the sign of the document (positive
      on an ordinary credit note); None: what the e-invoice says is right.
    * ``country``: of the company whose books it stands in ("BE"): its boxes are read.
    * ``lines``: the VAT of each line, in the order of the lines of the e-invoice, None where it is
      not known; lines that Odoo adds at the end (deposits on bottles) may be left out.
    * ``amounts``: what was posted of each line without VAT, in the same order and the sign of the
      document; None where a line has another amount in the e-invoice for a reason (a fixed tax).
    * ``buyer_country``: code of the buyer's country, "" where Odoo has none either.
    """

    payable: Decimal | None = None
    country: str = "BE"
    lines: tuple[TaxFact | None, ...] = ()
    amounts: tuple[Decimal | None, ...] = ()
    buyer_country: str = ""
