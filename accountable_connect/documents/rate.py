"""The exchange rate a document goes with, where a package converts its amounts by itself."""

from decimal import ROUND_HALF_UP, Decimal

from .document import Document

CENT = Decimal("0.01")
DECIMALS = 10
# A JSON number is a double in most programs: what stands further back would be lost, or refused.
SIGNIFICANT_DIGITS = 15
# The digits behind the last one of an amount in cents that keep it on its cent.
SPARE_DIGITS = 5


def conversion_tolerance(document: Document) -> Decimal:
    """What rounding line by line may make of a total, company currency."""
    return CENT * (2 * len(document.lines) + 1)


def company_per_unit(document: Document) -> Decimal:
    """Company currency for one unit of the document's currency, with the digits that are sent.

    It is the posted rate; where the total in company currency cannot be reached with it by rounding
    alone, the rate that was really used.
    """
    return _with_digits(_used_rate(document), document)


def units_per_company(document: Document) -> Decimal:
    """The inverse: units of the document's currency for one of the company's."""
    return _with_digits(1 / _used_rate(document), document)


def _used_rate(document):
    rate = 1 / document.rate
    reached = (document.total * rate).quantize(CENT, ROUND_HALF_UP)
    apart = abs(reached - document.total_company)
    if document.total and apart > conversion_tolerance(document):
        return document.total_company / document.total
    return rate


def _with_digits(rate, document):
    """Ten decimals; more for a currency of small units, whose rate begins far behind the point,
    and for large amounts, which would lose cents."""
    largest = max(
        (abs(line.base_company) for line in document.lines), default=abs(document.total_company)
    )
    first = rate.adjusted()
    decimals = max(
        DECIMALS,
        DECIMALS - 1 - first,
        max(largest, abs(document.total_company)).adjusted() - first + SPARE_DIGITS,
    )
    decimals = min(decimals, SIGNIFICANT_DIGITS - 1 - first)
    return rate.quantize(Decimal(1).scaleb(-decimals))
