"""What stands between the protocol and the books: one ``Resource`` for each entity.

The protocol layer parses the request, checks types, mandatory and read-only properties and shapes
the answer; a resource knows the rows. Rows are plain dictionaries of Python values by property
name: ``str`` for strings and guids (lower case), ``int``, ``bool``, ``Decimal`` for doubles,
``date`` or naive local ``datetime``, ``bytes`` for binary, ``None``. Codes stand without padding;
the protocol pads them. A property that a row lacks is null in the answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

Row = dict[str, Any]


@dataclass(frozen=True)
class Hints:
    """What a filter demands, so that a resource need not make every row: ``equals`` holds
    properties compared with ``eq`` and joined by ``and``; ``after`` the lower bound of
    ``Timestamp``. The protocol filters again, so a resource may ignore both."""

    equals: dict[str, Any] = field(default_factory=dict)
    after: int | None = None


class BusinessError(Exception):
    """The books refuse: HTTP 500 with the text. Several messages are joined with CR LF.

    ``name`` is a message of ``messages`` in ``errors.py``; the answer is in the user's language.
    """

    def __init__(self, name: str, *details: str):
        super().__init__(name, *details)
        self.name = name
        self.details = details


def check_lengths(row: Row, longest: Iterable[tuple[str, int, str]]) -> None:
    """Raises ``BusinessError`` too_long for a text that a property does not hold."""
    for name, length, label in longest:
        if len(str(row.get(name) or "").strip()) > length:
            raise BusinessError("too_long", label)


class Missing(Exception):
    """No row under this key: 404."""


class Resource:
    """One entity of a division. Methods that the entity does not have are never called."""

    entity: str  # as in the address: ``salesentry/SalesEntries``

    def rows(self, division: Any, hints: Hints) -> Iterable[Row]:
        """Every row, in the order of the key; ``Timestamp`` order for ``sync/…``."""
        raise NotImplementedError

    def get(self, division: Any, key: Any) -> Row:
        """One row by its key. Raises ``Missing``."""
        raise NotImplementedError

    def create(self, division: Any, values: Row) -> Row:
        """``values`` hold what was sent, read-only properties removed; nested lines are lists of
        such dictionaries. Gives the whole row. Raises ``BusinessError``."""
        raise NotImplementedError

    def update(self, division: Any, key: Any, values: Row) -> None:
        """Change what was sent. Raises ``Missing``, ``BusinessError``."""
        raise NotImplementedError

    def delete(self, division: Any, key: Any) -> None:
        """Raises ``Missing``, ``BusinessError``."""
        raise NotImplementedError

    def children(self, division: Any, key: Any, collection: str) -> Iterable[Row]:
        """The rows of a collection property (``SalesEntryLines``), for ``$expand`` and for the
        deferred address."""
        raise NotImplementedError
