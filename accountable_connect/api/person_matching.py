"""Which contact person of ours is which one a package holds for the same party."""

from collections import Counter
from collections.abc import Callable, Collection

from ..documents import ContactPerson
from .texts import comparable


def match_persons(
    persons: Collection[ContactPerson],
    rows: Collection[dict],
    *,
    has_name: Callable[[dict, ContactPerson], bool],
    emails: Callable[[dict], set[str]],
) -> list[tuple[ContactPerson, dict | None]]:
    """``(person, row or None)`` of each person; no row twice. A person is known again by name, else
    by an e-mail address nobody else has on either side; of namesakes it is the one with the same
    address. ``emails`` are those of a row, ``comparable``."""
    ours = Counter(comparable(person.email) for person in persons)
    theirs = Counter(email for row in rows for email in emails(row))

    def same_email(row, person):
        return comparable(person.email) in emails(row)

    def own_email(row, person):
        email = comparable(person.email)
        return same_email(row, person) and ours[email] == theirs[email] == 1

    found: dict[int, dict] = {}
    left = list(rows)
    for is_same in (
        lambda row, person: has_name(row, person) and same_email(row, person),
        has_name,
        own_email,
    ):
        for person in persons:
            if person.key in found:
                continue
            row = next((row for row in left if is_same(row, person)), None)
            if row is not None:
                found[person.key] = row
                left.remove(row)
    return [(person, found.get(person.key)) for person in persons]
