"""The body of a POST or PUT: read, checked against the entity and turned into Python values.

First everything that is wrong with the form of the request (400): not an object, an unknown
property, a value of another type, an object where lines are expected. Then what is mandatory and
missing (500, all of it in one text). What the method does not take (read-only properties, the
key) is left out without a word.
"""

from __future__ import annotations

from typing import Any

from . import values
from .entities import AMOUNT_MAY_LACK, ENTITIES, Entity, Property
from .errors import PROPERTY_LABELS, STREAM, TOP_LEVEL, Refusal, joined, message
from .resource import Row

ONE_OF = {"crm/Contacts": ("FirstName", "LastName")}
"""Both are documented as mandatory; one is enough."""

HEADERS = ("EntryID", "InvoiceID")
"""What a line says of its header when it is posted alone."""

ACCOMPANYING = ("__metadata",)
NOTHING = (None, "", [], b"")


def read_body(entity: Entity, body: bytes, method: str, language: str) -> Row:
    """The values of a body by property name; lines as lists of such dictionaries.

    Raises ``Refusal`` 400 or 500.
    """
    row = _row(entity, values.parse_object(body), method)
    missing = list(dict.fromkeys(_missing(entity, row, method)))
    if missing:
        raise Refusal(
            500,
            joined(
                message("mandatory", language, PROPERTY_LABELS.get(name, name)) for name in missing
            ),
        )
    return row


def _row(entity: Entity, given: dict, method: str) -> Row:
    row: Row = {}
    for name, value in given.items():
        if name in ACCOMPANYING:
            continue
        one = entity.properties.get(name)
        if one is None:
            raise Refusal(
                400,
                (
                    f"{STREAM}The property name '{_shown(name)}' specified for type "
                    f"'{entity.type_name}' is not valid."
                ),
            )
        if one.post if method == "POST" else one.put:
            read = _lines(one, value, method) if one.is_collection else values.from_body(one, value)
            row[name] = read
    return row


def _shown(name: str) -> str:
    return name[:100].encode(errors="replace").decode()


def _lines(one: Property, value: Any, method: str) -> list | None:
    if value is None or isinstance(value, dict) and "__deferred" in value:
        return None
    if not isinstance(value, list):
        raise Refusal(400, TOP_LEVEL)
    if one.of == "Guid":
        return [values.from_body(one, item, "Guid") for item in value]
    if not all(isinstance(item, dict) for item in value):
        raise Refusal(400, TOP_LEVEL)
    lines = ENTITIES.get(one.of)
    return [_row(lines, item, method) for item in value] if lines else None


def _missing(entity: Entity, row: Row, method: str, nested: bool = False) -> list[str]:
    """The mandatory properties that are not there, in the order of the table; lines of a header
    need no key of it."""
    missing = [
        name
        for name, one in entity.properties.items()
        if one.mandatory
        and row.get(name) in NOTHING
        and _is_demanded(entity, row, one, method)
        and not (nested and name in HEADERS)
    ]
    names = ONE_OF.get(entity.name, ())
    if names and method == "POST" and not any(row.get(name) for name in names):
        missing.append(names[-1])
    for name, one in entity.collections.items():
        for line in row.get(name) or () if method == "POST" else ():
            missing += _missing(ENTITIES[one.of], line, method, nested=True)
    return missing


def _is_demanded(entity: Entity, row: Row, one: Property, method: str) -> bool:
    if one.name in ONE_OF.get(entity.name, ()):
        return False
    if method == "PUT":
        return one.name in row and not one.is_collection
    return one.name != AMOUNT_MAY_LACK
