"""What the demo leaves undone for whoever looks around, once both books were compared: documents
that do not go, each for a reason of every day, and one that waits for another.

Made inside Odoo (``inside.py``) while its crons run; what is there already is not made again.
"""

from dataclasses import dataclass

from tooling.demo import connect
from tooling.demo.documents import Document, bill, cost, goods, sale_refund

DATE = "2026-06-29"
REFERENCE = "2026-0816"
TAX = "IN-V81-12"
NUMBER_TO_ENTER = "BE0899999058"


@dataclass(frozen=True)
class Left:
    """A document that does not go, and what a person may try with it."""

    document: Document
    advice: str


LEFT = (
    Left(
        bill("P1", "ardennen", DATE, cost("Bio-olie", "604000", 84.3, TAX)),
        "the accountant renamed its VAT code: choose the new code, and it goes by itself",
    ),
    Left(
        bill(
            "P2",
            "ardennen",
            DATE,
            cost("Eik", "604000", 510, "IN-V81-21"),
            reference=REFERENCE,
        ),
        "the accountant entered this bill already, with another total: Decide",
    ),
    Left(
        sale_refund("P3", "wevers", DATE, goods(420, "OUT-00-CC", account="700500")),
        f"its customer has no VAT number: enter {NUMBER_TO_ENTER} on the contact, and it goes",
    ),
    Left(
        sale_refund("P4", "korenbloem", DATE, goods(64, "OUT-21-L", text="Wandrek terug")),
        "it waits for the one before, so that the numbers of both books stay in the same order",
    ),
)
KEYS = tuple(left.document.key for left in LEFT)


def make(demo, package, root) -> dict[str, int]:
    """Let the accountant and the manager do what leads to it, and post the documents.

    ``demo`` is the :class:`DemoCompany`; gives the ids of the documents by their keys.
    """
    connection = connect.of_demo(demo, package).connection
    if not demo.move(KEYS[-1]):
        accountant = package.accountant(root)
        _rename_vat_code(demo, connection, accountant)
        _enter_bill_first(demo, connection, accountant)
        _hold_credit_notes(connection)
        demo.post(left.document for left in LEFT)
    return {key: demo.move(key).id for key in KEYS}


def _rename_vat_code(demo, connection, accountant):
    """A VAT code is called otherwise in the administration, and the manager reads that."""
    row = connection.mapping_ids.filtered(
        lambda one: (one.tax_id, one.document_kind) == (demo.tax(TAX), "purchase")
    )
    accountant.rename_vat_code(row.master_data_id.code)
    connection.action_refresh_master_data()


def _enter_bill_first(demo, connection, accountant):
    """The accountant has the bill on paper, and enters another total."""
    supplier = demo.move("A50").commercial_partner_id
    party = demo.env["accountable.binding"].search(
        [
            ("connection_id", "=", connection.id),
            ("kind", "=", "party"),
            ("res_id", "=", supplier.id),
        ],
        limit=1,
    )
    accountant.enter_bill(party.external_key.rpartition("/")[2], REFERENCE, 500, DATE, "604000")


def _hold_credit_notes(connection):
    row = connection.mapping_ids.filtered(
        lambda one: one.kind == "journal" and one.document_kind == "sale_refund"
    )
    row[:1].hold_later = True
