"""Is a document in the administration the one we mean? Pure questions, no Odoo."""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from decimal import Decimal

from ..documents import Document
from .contract import StoredDocument, StoredLine

OURS = "ours"  # we sent it
OURS_OTHERWISE = "ours_otherwise"  # it carries our mark, with other figures
SAME = "same"  # somebody entered it: party, date, total and number agree
DOUBTFUL = "doubtful"  # a person has to look
OTHER = "other"
# The strength of could_be where party, kind, date, currency and total agree.
SAME_FIGURES = 2


def compare(stored: StoredDocument, document: Document, party_key: str) -> str:
    """One of the five answers above. Our mark says which document it is, not that it is right.

    A supplier's number printed differently (``2026/0012`` and ``2026-12``) is the same number.
    """
    if stored.own_reference and stored.own_reference == document.own_reference:
        return OURS_OTHERWISE if contradictions(stored, document, party_key) else OURS
    if stored.own_reference or stored.kind != document.kind:
        return OTHER
    if stored.party_key and party_key and stored.party_key != party_key:
        return OTHER
    references = (plain_reference(stored.reference), plain_reference(document.reference))
    same_figures = (
        stored.total == document.total
        and stored.document_date == document.document_date
        and stored.currency in ("", document.currency)
    )
    if same_figures:
        return OTHER if all(references) and references[0] != references[1] else SAME
    if all(references) and references[0] == references[1]:
        return DOUBTFUL
    return OTHER


def compare_lost(stored: StoredDocument, document: Document, party_key: str) -> str:
    """DOUBTFUL or OTHER, for a booking of ours that a database no longer knows: it was made after
    the backup the database was restored from. Its document, entered again, has other ids, and on
    a sale another reference."""
    if stored.kind != document.kind or _is_of_another(stored, party_key):
        return OTHER  # told at once of most of what stands there
    if contradictions(stored, document, party_key):
        return OTHER
    references = (plain_reference(stored.reference), plain_reference(document.reference))
    if not document.is_sale and all(references) and references[0] != references[1]:
        return OTHER
    return DOUBTFUL


def is_left_out(stored: StoredDocument, document: Document, party_key: str) -> bool:
    """Whether a booking looks like this document and carries the mark of another one: what
    ``find_document`` leaves out, and whoever knows which ones were made may ask for."""
    if stored.own_reference in ("", document.own_reference):
        return False
    return compare_lost(stored, document, party_key) == DOUBTFUL


def is_ours(stored: StoredDocument, document: Document, party_key: str) -> bool:
    """After a try of which we do not know the outcome: did it arrive?"""
    return compare(stored, document, party_key) in (OURS, OURS_OTHERWISE, SAME)


def contradictions(stored: StoredDocument, document: Document, party_key: str) -> list[str]:
    """What of a booking is not the document's: kind, party, date, currency, total.

    What is not known contradicts nothing, and nor does another accounting date. The total is that
    of the document's currency: what a package works out itself (R1 to R3) is not in it.
    """
    names = []
    # a credit note of 0.00 counts as an invoice in packages that tell it by its sign
    if document.total and _differ(stored.kind, document.kind):
        names.append("kind")
    if _is_of_another(stored, party_key):
        names.append("party")
    if _differ(stored.document_date, document.document_date):
        names.append("date")
    if _differ(stored.currency, document.currency):
        names.append("currency")
    # 0.00 is known; and a figure compared with a text is slow
    totals = stored.total, document.total
    if totals[0] is not None and totals[1] is not None and totals[0] != totals[1]:
        names.append("total")
    return names


def _is_of_another(stored, party_key):
    return _differ(stored.party_key, party_key)


def _differ(there, here):
    """Whether both are known and not equal."""
    return bool(there and here and there != here)


def moved(
    found: Collection[StoredDocument], own_reference: str, version: str, taken: Collection[str] = ()
) -> StoredDocument | None:
    """Of the bookings of a journal the one that had another number before: the one with our mark,
    else the only one without a mark that nobody changed. ``taken``: keys of those that it is not,
    such as one with the same mark that was undone."""
    found = [stored for stored in found if stored.key not in taken]
    ours = [stored for stored in found if own_reference and stored.own_reference == own_reference]
    unmarked = [stored for stored in found if not stored.own_reference]
    same = ours or [stored for stored in unmarked if version and stored.version == version]
    return same[0] if len(same) == 1 else None


def same_lines(these: Collection[StoredLine], those: Collection[StoredLine]) -> bool:
    """Whether the same is booked on the same accounts. Lines booked alike count together."""
    return _by_place(these) == _by_place(those)


def _by_place(lines):
    amounts: dict[tuple, list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
    for line in lines:
        sums = amounts[line.ledger_account, line.vat_code, line.share, line.cost]
        sums[0] += line.base
        sums[1] += line.vat
    return {place: sums for place, sums in amounts.items() if any(sums)}


def could_be(stored: StoredDocument, document: Document, party_key: str) -> int:
    """How strongly a booking looks like this document: 3 it carries our own reference; of the same
    party and kind, 2 equal date, currency and total, 1 the same reference; 0 not at all. One with
    the reference of another document of ours is never this."""
    if stored.own_reference:
        return 3 if stored.own_reference == document.own_reference else 0
    if (stored.party_key, stored.kind) != (party_key, document.kind):
        return 0
    if (
        stored.document_date == document.document_date
        and stored.currency == document.currency
        and stored.total == document.total
    ):
        return SAME_FIGURES
    reference = plain_reference(document.reference)
    return 1 if reference and plain_reference(stored.reference) == reference else 0


def sort_out(
    found: Iterable[StoredDocument],
    document: Document,
    party_key: str,
    has_number: Callable[[StoredDocument], bool],
) -> tuple[list[StoredDocument], list[StoredDocument]]:
    """What ``find_document`` gives, best first, and what it leaves out (``Package.left_out``), of
    the bookings a package came across. ``has_number``: it stands under the number asked for."""
    ranked, left_out = [], []
    for stored in found:
        strength = could_be(stored, document, party_key)
        if strength:
            # of several with equal figures the one under the number that was reserved
            is_another = strength == SAME_FIGURES and not has_number(stored)
            ranked.append((-strength, is_another, stored.key, stored))
        elif (stored.own_reference and has_number(stored)) or is_left_out(
            stored, document, party_key
        ):
            left_out.append(stored)
    ranked.sort(key=lambda entry: entry[:3])
    return [stored for *_order, stored in ranked], left_out


def plain_reference(reference: str) -> str:
    """Blanks, dots, slashes and the like, case and leading zeros of each group do not count."""
    groups = re.findall(r"[A-Z]+|\d+", (reference or "").upper())
    return ".".join(group.lstrip("0") or "0" for group in groups)
