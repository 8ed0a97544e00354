"""The table of the service's entities (``entities.json``) and what an address names.

``ENTITIES`` maps the name in an address (``salesentry/SalesEntries``, ``current/Me``) to an
``Entity``. The table says per property: type, whether POST and PUT take it (neither: it is read
only), whether it is mandatory, and the fixed width that some codes come back with.

What the service's documentation leaves open, and the choice made:

* Which lists demand a ``$select``: known of purchase entries, general journal entries, direct debit
  mandates, receivables and everything under ``bulk``; taken for their twins too (payments, bank and
  cash entries, transaction lines). Sales entries do so only without ``$filter`` and ``$top``
  (``unfiltered``). Of all others it is known or taken that they do not.
* Which codes are padded: seen on the account code, VAT codes, countries and the language of
  accounts and contacts; taken for every property of that name (``AccountCode``, ``VATCode``,
  ``Country``, …).
* Type names: seen for thirteen entities; the others are made by the same pattern, in one number.
* Whether an address in another case is understood: the service's part is (``Current/Me``,
  ``CRM/Accounts``), as a client relies on it; the entity itself is not.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path

from .errors import Refusal

MODELS = "Exact.Web.Api.Models."

ME = "current/Me"

UNFILTERED = "unfiltered"
"""``select_demanded`` of a list that demands it only without ``$filter`` and ``$top``."""

AMOUNT_MAY_LACK = "AmountFC"
"""Documented as mandatory on entry lines, yet an entry posted without it was booked with 0.00."""


@dataclass(frozen=True)
class Property:
    """One property: ``type`` is String, Guid, Boolean, Byte, Int16, Int32, Int64, Double,
    DateTime, Binary, Complex or Collection; ``of`` the entity of a collection's rows."""

    name: str
    type: str
    of: str = ""
    post: bool = False
    put: bool = False
    mandatory: bool = False
    width: int = 0
    side: str = ""
    written_only: bool = False

    @property
    def is_collection(self) -> bool:
        """Whether it holds rows of another entity."""
        return self.type == "Collection"


@dataclass(frozen=True)
class Entity:
    """One entity of the service."""

    name: str
    methods: tuple[str, ...]
    key: tuple[str, ...]
    type_name: str
    page_size: int
    scope: str = ""
    topic: str = ""
    select_demanded: bool | str = False
    properties: dict[str, Property] = field(default_factory=dict, hash=False)

    def demands_select(self, filtered: bool) -> bool:
        """Whether a list without ``$select`` is refused; ``filtered``: with ``$filter`` or
        ``$top``."""
        return bool(self.select_demanded) and not (filtered and self.select_demanded == UNFILTERED)

    @property
    def is_sync(self) -> bool:
        """Whether it is read by ``Timestamp`` only."""
        return self.name.startswith("sync/")

    @property
    def is_bulk(self) -> bool:
        """Whether it gives a thousand rows a page for loading at once."""
        return self.name.startswith("bulk/")

    @property
    def is_function(self) -> bool:
        """Whether it is a function with arguments in the query instead of rows."""
        return not self.key

    @property
    def short_name(self) -> str:
        """The last part of the address: ``SalesEntries``."""
        return self.name.rpartition("/")[2]

    @property
    def collections(self) -> dict[str, Property]:
        """The properties that can be expanded."""
        return {
            name: one
            for name, one in self.properties.items()
            if one.is_collection and one.of in ENTITIES
        }

    def path(self, division: int) -> str:
        """The path below the site, with the division; ``current/Me`` has none."""
        return f"/api/v1/{self.name}" if self.name == ME else f"/api/v1/{division}/{self.name}"


def _property(name: str, text: str) -> Property:
    kind, *words = text.split()
    collection = re.fullmatch(r"Collection\((.+)\)", kind)
    padding = next((word for word in words if word.startswith(("left", "right"))), "")
    side = padding.rstrip("0123456789")
    return Property(
        name,
        "Collection" if collection else kind,
        collection[1] if collection else "",
        post="post" in words,
        put="put" in words,
        mandatory="mandatory" in words,
        width=int(padding.removeprefix(side) or 0),
        side=side,
        written_only="unread" in words,
    )


def _properties(table: dict, name: str) -> dict[str, Property]:
    record = table[name]
    found = {}
    if "like" in record:
        left_out = record.get("without", ())
        found = {
            one.name: Property(
                one.name,
                one.type,
                one.of,
                width=one.width,
                side=one.side,
                written_only=one.written_only,
            )
            for one in _properties(table, record["like"]).values()
            if one.name not in left_out
        }
    return found | {one: _property(one, text) for one, text in record["properties"].items()}


def load(table: dict) -> dict[str, Entity]:
    """The entities of a table as in ``entities.json``."""
    return {
        name: Entity(
            name,
            tuple(record["methods"].split()),
            tuple(record["key"].split()),
            MODELS + record["type"],
            record["page_size"],
            record.get("scope", ""),
            record.get("topic", ""),
            record.get("select_demanded", False),
            _properties(table, name),
        )
        for name, record in table.items()
    }


ENTITIES: dict[str, Entity] = load(
    json.loads(Path(__file__).with_name("entities.json").read_text())
)

_BY_ADDRESS = {
    f"{name.rpartition('/')[0].lower()}/{name.rpartition('/')[2]}": entity
    for name, entity in ENTITIES.items()
}
_ADDRESS = re.compile(
    r"(?P<entity>[A-Za-z]+(?:/[A-Za-z]+)*)"
    r"(?:\((?P<key>.*)\)(?:/(?P<collection>[A-Za-z_0-9]+))?)?",
    re.DOTALL,
)


def locate(path: str) -> tuple[Entity, str | None, str]:
    """What a path below the division names: entity, text of the key (None: a list) and the
    collection behind the key ("" none). ``salesentry/SalesEntries(guid'…')/SalesEntryLines``.

    Raises ``Refusal`` 404 for an unknown resource.
    """
    match = _ADDRESS.fullmatch(path)
    service, _, name = match["entity"].rpartition("/") if match else ("", "", "")
    entity = _BY_ADDRESS.get(f"{service.lower()}/{name}")
    if match is None or entity is None:
        raise Refusal(404, f"Resource not found for the segment '{path.split('(')[0][:200]}'.")
    collection = match["collection"] or ""
    if collection and collection not in entity.collections:
        raise Refusal(404, f"Resource not found for the segment '{collection[:200]}'.")
    return entity, match["key"], collection
