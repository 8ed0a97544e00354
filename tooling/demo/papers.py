"""Bills on paper: a PDF of a page, the same bytes each time."""

import io

from reportlab.pdfgen import canvas


def bill(document, move) -> bytes:
    """The bill that became ``move``, a draft in Odoo."""
    target = io.BytesIO()
    page = canvas.Canvas(target, invariant=True)
    words = (
        move.partner_id.name,
        f"{'Creditnota' if document.type == 'in_refund' else 'Factuur'} {document.reference}",
        f"Datum {document.date}",
        *(f"{line.text}: {line.quantity:g} x {line.price:.2f}" for line in document.lines),
        f"Te betalen {move.amount_total:.2f} {document.currency}",
    )
    for position, line in enumerate(words):
        page.drawString(72, 760 - 20 * position, line)
    page.save()
    return target.getvalue()
