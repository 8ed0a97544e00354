"""Was it booked as the document says? Pure."""

from decimal import Decimal

from odoo.addons.accountable_connect.api.contract import StoredDocument
from odoo.addons.accountable_connect.documents import Document
from odoo.addons.accountable_connect.documents.rate import conversion_tolerance
from odoo.addons.accountable_connect.documents.sentence import Amount

from .mapping import money


def difference(document: Document, stored: StoredDocument, row: dict) -> str:
    """What of a booking is not as the document says: ``amount_differs``, ``kind_differs`` or "". A
    credit note of 0.00 counts as an invoice at Exact."""
    if (
        stored.total != document.total
        or _is_other_currency(document, stored)
        or _is_upside_down(document, row)
    ):
        return "amount_differs"
    if document.total and stored.kind != document.kind:
        return "kind_differs"
    return ""


def figures(document: Document, stored: StoredDocument, row: dict) -> dict[str, Amount | Decimal]:
    """For a sentence, the total as it was ``booked`` and the document's (``total``). With their
    currencies where those are not the same, and in company currency where the rate was taken upside
    down: Exact does not say in which direction it counts."""
    same = stored.total == document.total
    if same and _is_other_currency(document, stored):
        return {
            "booked": Amount(stored.total, stored.currency),
            "total": Amount(document.total, document.currency),
        }
    if same and _is_upside_down(document, row):
        company = document.company_currency
        return {
            "booked": Amount(abs(money(row["AmountDC"])), company),
            "total": Amount(document.total_company, company),
        }
    return {"booked": stored.total, "total": document.total}


def _is_other_currency(document, stored):
    return stored.currency not in ("", document.currency)


def _is_upside_down(document, row):
    """Whether the company total is nearer to what the inverse of the rate gives. Smaller
    differences are Exact's own: it works that total out line by line."""
    said = row.get("AmountDC")
    foreign = document.currency != document.company_currency
    if not foreign or said is None or not document.total_company:
        return False
    inverse = document.total * document.total / document.total_company
    apart = abs(inverse - document.total_company)
    booked = abs(money(said))
    return apart > 4 * conversion_tolerance(document) and (
        abs(booked - inverse) < abs(booked - document.total_company)
    )
