"""What the demo leaves undone where entries are handed over, once both books were compared: each
waits for a reason of every day. What is there already is not made again."""

from tooling.demo.documents import bill, cost, goods, sale
from tooling.demo.on_purpose import DATE, Left

NEXT_YEAR = "2027-01-04"

LEFT = (
    Left(
        bill("P1", "ardennen", NEXT_YEAR, cost("Bio-olie", "604000", 84.3, "IN-V81-12")),
        "nobody typed the book year 2027: add it to the master data of the connection, and Retry",
    ),
    Left(
        sale("P2", "korenbloem", DATE, goods(64, "OUT-21-L"), goods(-64, "OUT-21-L", text="Bon")),
        "its total is zero, which WinBooks takes of no customer: correct it, or leave it out",
    ),
)
KEYS = tuple(left.document.key for left in LEFT)


def make(demo, _package, _root) -> dict[str, int]:
    """Post the documents; ids by their keys. ``demo`` is the :class:`DemoCompany`."""
    if not demo.move(KEYS[-1]):
        demo.post(left.document for left in LEFT)
    return {key: demo.move(key).id for key in KEYS}
