"""What the demo leaves undone where documents are delivered as they are, once both sides were
compared: each waits for a reason of every day. What is there already is not made again."""

from tooling.demo import connect, e_invoices
from tooling.demo.documents import bill, cost, goods, sale
from tooling.demo.on_purpose import DATE, Left

LEFT = (
    Left(
        bill("P1", "ardennen", DATE, cost("Bio-olie", "604000", 84.3, "IN-V81-12"), paper=False),
        "nobody has its file: drop the PDF on the bill, and it goes by itself",
    ),
    Left(
        sale("P2", "korenbloem", DATE, goods(64, text="Statiegeld")),
        "its line has no tax, and the manager allows no PDF instead: choose a tax on the line",
    ),
    Left(
        bill("P3", "kantoor", DATE, cost("Papier", "616505", 40, "IN-V82-21-S"), paper=False),
        "the total of its e-invoice is another one: correct the bill, or decide to send it anyway",
    ),
    Left(
        sale("P4", "papyrus", DATE, goods(120, "OUT-06-L", "OUT-21-L", text="Vakboeken")),
        "an e-invoice has one tax on a line: reset it to draft, and take one of both away",
    ),
)
KEYS = tuple(left.document.key for left in LEFT)


def make(demo, package, root) -> dict[str, int]:
    """Let the manager do what leads to it, and post the documents; ids by their keys.

    ``demo`` is the :class:`DemoCompany`.
    """
    connection = connect.of_demo(demo, package).connection
    if not demo.move(KEYS[-1]):
        connection.ubl_pdf_allowed = False
        first, second, third, last = (left.document for left in LEFT)
        demo.post([first, second, last])
        draft = demo.draft(third)
        _add_e_invoice(demo, draft)
        draft.action_post()
    return {key: demo.move(key).id for key in KEYS}


def _add_e_invoice(demo, draft):
    """The e-invoice of the supplier, as it came by mail: for more than was entered."""
    demo.env["ir.attachment"].create(
        {
            "name": f"{draft.ref}.xml",
            "raw": e_invoices.read(
                e_invoices.ElectronicInvoice(draft.ref, e_invoices.E_INVOICES[0].path, DATE),
                {"name": demo.company.name, "vat": demo.company.vat},
            ),
            "mimetype": "application/xml",
            "res_model": "account.move",
            "res_id": draft.id,
        }
    )
