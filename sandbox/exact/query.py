"""The query options of a request, read and checked against the entity.

An unknown option or property and everything that cannot be read are refused with 400
``Bad Request - Error in query syntax.`` The condition of ``$filter`` is in ``filters.py``.

What the service's documentation leaves open, and the choice made:

* ``sync/…``: a filter or order on anything but ``Timestamp`` and ``$skip`` are refused with the
  same text, ``$top`` is ignored.
* ``bulk/…``: ``$skip`` is refused with the same text.
* ``Collection/Property`` in ``$select`` needs the collection in ``$expand``; an expanded collection
  that ``$select`` does not name is left out of the answer. There is one level of ``$expand``.
* An option without a value counts as none (``$filter=``); one given twice is refused. Names without
  ``$`` are ignored.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, unquote

from . import values
from .entities import ENTITIES, Entity
from .errors import query_error
from .filters import Literal, Node, kind_of, literal_of, names_of, parse_filter, tokens_of

OPTIONS = {
    "$select",
    "$filter",
    "$orderby",
    "$top",
    "$skip",
    "$skiptoken",
    "$expand",
    "$inlinecount",
    "$format",
}
FOR_ONE = {"$select", "$expand", "$format"}
"""What makes sense for one row by its key."""


@dataclass(frozen=True)
class Query:
    """The options of one request. ``select`` None: everything; ``nested`` holds what is selected
    of an expanded collection (None: everything); ``order`` pairs of name and descending;
    ``skiptoken`` the values behind which a page begins; ``parts`` the options as they came."""

    filter: Node | None = None
    select: tuple[str, ...] | None = None
    nested: dict[str, tuple[str, ...] | None] = field(default_factory=dict)
    order: tuple[tuple[str, bool], ...] = ()
    top: int | None = None
    skip: int = 0
    skiptoken: tuple[Any, ...] | None = None
    count: bool = False
    parts: tuple[tuple[str, str], ...] = ()

    def following(self, token: str, rest: int | None) -> str:
        """The query string of the next page: as it came, with what is left of ``$top`` and the
        place where it begins."""
        kept = [
            (name, text) for name, text in self.parts if name not in ("$skiptoken", "$skip", "$top")
        ]
        if rest is not None:
            kept.append(("$top", str(rest)))
        kept.append(("$skiptoken", token))
        return "&".join(f"{quote(name, safe='$')}={quote(text, safe=_SAFE)}" for name, text in kept)


_SAFE = "$'(),*/"


def parse_query(entity: Entity, text: str, for_one: bool = False) -> Query:
    """The options of a query string as it came, still encoded. Raises ``Refusal`` 400."""
    parts = _parts(text)
    given = {name: value for name, value in parts if name.startswith("$")}
    allowed = FOR_ONE if for_one else OPTIONS
    if len(given) != sum(name.startswith("$") for name, _value in parts) or set(given) - allowed:
        raise query_error()
    parts = [(name, value) for name, value in parts if value or not name.startswith("$")]
    given = {name: value for name, value in given.items() if value}
    if given.get("$format", "json") != "json" or given.get("$inlinecount", "none") not in (
        "none",
        "allpages",
    ):
        raise query_error()
    expand = _expand(entity, given.get("$expand"))
    select, nested = _select(entity, given.get("$select"), expand)
    order = _order(entity, given.get("$orderby"))
    condition = parse_filter(entity, given["$filter"]) if "$filter" in given else None
    query = Query(
        condition,
        select,
        nested,
        order,
        _number(given.get("$top")),
        _number(given.get("$skip")) or 0,
        _skiptoken(entity, order, given.get("$skiptoken")),
        given.get("$inlinecount") == "allpages",
        tuple(parts),
    )
    _check_kind(entity, query, given)
    return query


def _check_kind(entity: Entity, query: Query, given: dict[str, str]) -> None:
    if (entity.is_sync or entity.is_bulk) and "$skip" in given:
        raise query_error()
    if entity.is_sync and (
        any(name != "Timestamp" or down for name, down in query.order)
        or query.filter
        and names_of(query.filter) - {"Timestamp"}
    ):
        raise query_error()


def _parts(text: str) -> list[tuple[str, str]]:
    try:
        return [
            tuple(
                unquote(half.replace("+", " "), errors="strict")
                for half in part.partition("=")[::2]
            )
            for part in text.split("&")
            if part
        ]
    except UnicodeError as error:
        raise query_error() from error


def _number(text: str | None) -> int | None:
    if text is None:
        return None
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise query_error()
    return int(text)


def _expand(entity: Entity, text: str | None) -> tuple[str, ...]:
    names = tuple(name.strip() for name in text.split(",")) if text else ()
    if set(names) - set(entity.collections):
        raise query_error()
    return names


def _select(
    entity: Entity, text: str | None, expand: tuple[str, ...]
) -> tuple[tuple[str, ...] | None, dict[str, tuple[str, ...] | None]]:
    if text is None:
        return None, dict.fromkeys(expand)
    names: dict[str, None] = {}
    nested: dict[str, tuple[str, ...] | None] = {}
    for item in (part.strip() for part in text.split(",")):
        head, slash, tail = item.partition("/")
        if item == "*":
            names.update(
                (name, None) for name, one in entity.properties.items() if not one.is_collection
            )
        elif head not in entity.properties:
            raise query_error()
        elif not slash:
            names[head] = None
            if head in expand:
                nested[head] = None
        elif tail == "*" and head in expand:
            names[head] = nested[head] = None
        elif head not in expand or tail not in ENTITIES[entity.collections[head].of].properties:
            raise query_error()
        else:
            names[head] = None
            if nested.get(head, ()) is not None:
                nested[head] = (*(nested.get(head) or ()), tail)
    return tuple(names), nested


def _order(entity: Entity, text: str | None) -> tuple[tuple[str, bool], ...]:
    order = []
    for part in text.split(",") if text else ():
        name, *direction = part.split() or [""]
        one = entity.properties.get(name)
        if one is None or not kind_of(one.type) or direction not in ([], ["asc"], ["desc"]):
            raise query_error()
        order.append((name, direction == ["desc"]))
    return tuple(order)


def _skiptoken(
    entity: Entity, order: tuple[tuple[str, bool], ...], text: str | None
) -> tuple[Any, ...] | None:
    if text is None:
        return None
    names = [name for name, _down in order] + list(entity.key)
    read = _matched(entity, names, _separated(text))
    if None in read[len(order) :]:
        raise query_error()
    return read


def _separated(text: str) -> list[Literal]:
    """Literals with commas between them."""
    tokens = tokens_of(text)
    if any(token != ("sign", ",") for token in tokens[1::2]) or len(tokens) % 2 == 0:
        raise query_error()
    found = [literal_of(*token) for token in tokens[::2]]
    if None in found:
        raise query_error()
    return found


def _matched(entity: Entity, names: list[str], found: list[Literal]) -> tuple[Any, ...]:
    if len(names) != len(found):
        raise query_error()
    read = []
    for name, one in zip(names, found, strict=True):
        kind = entity.properties[name].type
        if one.kind not in (kind_of(kind), "Null"):
            raise query_error()
        value = one.value
        if value is not None and kind in values.WHOLE:
            if value != value.to_integral_value():
                raise query_error()
            value = int(value)
        read.append(value)
    return tuple(read)


def parse_key(entity: Entity, text: str) -> Any:
    """The key between the parentheses of an address: one value, or a tuple in the order of
    ``entity.key`` for ``Journal='70',Period=3,Year=2026``. Raises ``Refusal`` 400."""
    if len(entity.key) == 1:
        found = _matched(entity, list(entity.key), _separated(text))
    else:
        tokens = tokens_of(text)
        named = {tokens[place][1]: place for place in range(0, len(tokens), 4)}
        if (
            set(named) != set(entity.key)
            or len(tokens) != 4 * len(named) - 1
            or any(tokens[place + 1] != ("sign", "=") for place in named.values())
        ):
            raise query_error()
        literals = [literal_of(*tokens[named[name] + 2]) for name in entity.key]
        if None in literals:
            raise query_error()
        found = _matched(entity, list(entity.key), literals)
    if None in found:
        raise query_error()
    return found[0] if len(found) == 1 else found
