"""One request on one entity: from the parsed address to status, headers and JSON body.

::

    entity, key, collection = entities.locate(path)     # raises Refusal 404
    answer = odata.answer(Call(...), resource)          # never raises a Refusal
    answer.status, answer.headers, answer.body          # body None: no content

Authorization, quota and the network belong to the server; the rows to the ``Resource``. With
``call.collection`` the rows behind the key are read with ``resource.children``.

What the service's documentation leaves open, and the choice made:

* A method that an entity does not have, POST to a row and PUT or DELETE without a key: 405 with
  ``Allow`` and an error body.
* The answer's shape for ``$top``: a bare array up to the page size, of ``bulk`` too; with
  ``$inlinecount``, on ``sync`` and for ``current/Me`` always ``results``.
* Rows come in the order of the key; rows of a collection in that of the resource. An expanded
  collection is paged too: sixty lines and a ``__next``.
* ``…/Entity/$count`` is a number as plain text: how many rows ``$filter`` keeps; no ``$select`` is
  demanded.
* ``$skip`` counts once: it is not in ``__next``.
* A mandatory property that is null, "" or without lines counts as missing, on PUT too. Entry
  lines without ``AmountFC`` are taken, as seen, although it is documented as mandatory.
* A PUT with lines: only the beginning of the message is known.
* The text of a 404. ``Prefer`` has no effect on PUT. Query options of a write are not read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from . import values
from .bodies import read_body
from .entities import ENTITIES, Entity
from .errors import NEW_LINES, SELECT_DEMANDED, Refusal, business_refusal
from .filters import evaluator, hints_of
from .query import Query, parse_key, parse_query
from .resource import BusinessError, Hints, Missing, Resource, Row

CONTENT_TYPE = "application/json;charset=utf-8"
ADDRESSES = ("Url", "DocumentViewUrl")
"""Properties that hold an address on the site; a resource gives the path."""
COUNT_TYPE = "text/plain;charset=utf-8"


@dataclass(frozen=True)
class Call:
    """One request. ``site`` is the site root as the caller sees it (``http://127.0.0.1:8091``),
    ``number`` the division's code, ``division`` what is handed to the resource, ``key`` the text
    between the parentheses or None, ``count`` whether the address ends in ``/$count``, ``query``
    the raw query string, ``language`` the user's (``nl-BE``), ``switches`` those of the sandbox."""

    site: str
    entity: Entity
    method: str
    number: int
    division: Any = None
    key: str | None = None
    collection: str = ""
    count: bool = False
    query: str = ""
    body: bytes = b""
    prefer: str = ""
    language: str = "nl"
    switches: Mapping[str, Any] | Any = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """Status, headers (``Content-Type`` among them when there is a body) and the JSON body as a
    dictionary, None for no content. ``key`` is that of the row that a successful POST, PUT or
    DELETE has written, None for every other answer; ``text`` is the body in plain text."""

    status: int
    headers: dict[str, str]
    body: dict | None = None
    key: Any = None
    text: str = ""


def answer(call: Call, resource: Resource) -> Answer:
    """The answer to a request, refusals among them; after a refusal the caller undoes what the
    resource has written."""
    try:
        return _HANDLERS[_allowed(call)](call, resource)
    except Refusal as refusal:
        return refused(refusal)
    except Missing:
        return refused(_not_found(call.entity))
    except BusinessError as error:
        return refused(business_refusal(error.name, call.language, *error.details))


def refused(refusal: Refusal) -> Answer:
    """A refusal as an answer."""
    body = refusal.body
    content = {"Content-Type": CONTENT_TYPE} if body else {}
    return Answer(refusal.status, refusal.headers | content, body)


def function_answer(given: Mapping[str, Any]) -> Answer:
    """The answer of a function (``UserHasRights``): ``{"d": {name: value}}``."""
    return Answer(200, {"Content-Type": CONTENT_TYPE}, {"d": dict(given)})


def address(call: Call, entity: Entity, row: Row) -> str:
    """The absolute address of a row."""
    return f"{call.site}{entity.path(call.number)}({key_text(entity, row)})"


def key_text(entity: Entity, row: Row) -> str:
    """The key of a row as it stands between the parentheses."""
    texts = {name: values.literal(entity.properties[name].type, row[name]) for name in entity.key}
    if len(texts) == 1:
        return texts[entity.key[0]]
    return ",".join(f"{name}={text}" for name, text in texts.items())


def _key(entity: Entity, row: Row) -> Any:
    key = tuple(row[name] for name in entity.key)
    return key[0] if len(key) == 1 else key


def _allowed(call: Call) -> str:
    """The method, when this address has it."""
    if call.count:
        possible = {"GET"}
    elif call.key is None:
        possible = {"GET", "POST"}
    else:
        possible = {"GET"} if call.collection else {"GET", "PUT", "DELETE"}
    allowed = [method for method in call.entity.methods if method in possible]
    if call.method not in allowed:
        raise Refusal(
            405,
            f"Method '{call.method}' is not allowed for this resource.",
            {"Allow": ", ".join(allowed)},
        )
    return call.method


def _not_found(entity: Entity) -> Refusal:
    return Refusal(404, f"Resource not found for the segment '{entity.short_name}'.")


def _switch(call: Call, name: str) -> bool:
    try:
        return bool(call.switches[name])
    except KeyError:
        return True


# Reading


def _get(call: Call, resource: Resource) -> Answer:
    if call.key is None:
        return _number(call, resource) if call.count else _ok(_list(call, resource))
    key = parse_key(call.entity, call.key)
    if call.count:
        return _number(call, resource, key)
    if call.collection:
        return _ok(_collection(call, resource, key))
    query = parse_query(call.entity, call.query, for_one=True)
    row = resource.get(call.division, key)
    return _ok(_shaper(call, resource, query)(row))


def _ok(content: Any) -> Answer:
    return Answer(200, {"Content-Type": CONTENT_TYPE}, {"d": content})


def _number(call: Call, resource: Resource, key: Any = None) -> Answer:
    if call.key is not None and not call.collection:
        raise _not_found(call.entity)
    entity = ENTITIES[call.entity.properties[call.collection].of] if call.key else call.entity
    query = parse_query(entity, call.query)
    rows = (
        resource.children(call.division, key, call.collection)
        if call.key
        else resource.rows(call.division, hints_of(entity, query.filter))
    )
    number = sum(1 for _row in _matching(entity, query, rows))
    return Answer(200, {"Content-Type": COUNT_TYPE}, text=str(number))


def _list(call: Call, resource: Resource) -> Any:
    entity, query = call.entity, parse_query(call.entity, call.query)
    filtered = query.filter is not None or query.top is not None
    if (
        entity.demands_select(filtered)
        and query.select is None
        and query.top != 1
        and _switch(call, "select_mandatory")
    ):
        raise Refusal(400, SELECT_DEMANDED)
    hints = hints_of(entity, query.filter)
    if entity.is_sync and query.skiptoken and not query.count:
        hints = Hints(hints.equals, max(hints.after or 0, query.skiptoken[-1]))
    rows = _matching(entity, query, resource.rows(call.division, hints))
    behind = _sync_page if entity.is_sync else _sorted_page
    return _page(
        call,
        query,
        _shaper(call, resource, query),
        rows,
        behind,
        f"{call.site}{entity.path(call.number)}",
        entity,
    )


def _collection(call: Call, resource: Resource, key: Any) -> Any:
    lines = ENTITIES[call.entity.properties[call.collection].of]
    query = parse_query(lines, call.query)
    rows = _matching(lines, query, resource.children(call.division, key, call.collection))
    here = f"{call.site}{call.entity.path(call.number)}({call.key})/{call.collection}"
    return _page(call, query, _shaper(call, resource, query, lines), rows, _kept_page, here, lines)


def _matching(entity: Entity, query: Query, rows: Iterable[Row]) -> Iterable[Row]:
    return rows if query.filter is None else filter(evaluator(entity, query.filter), rows)


_Behind = Callable[[Entity, Query, Iterable[Row]], Iterable[Row]]


def _page(
    call: Call,
    query: Query,
    shape: Callable[[Row], dict],
    rows: Iterable[Row],
    behind: _Behind,
    here: str,
    entity: Entity,
) -> Any:
    """One page of rows in the shape that the request leads to."""
    total = None
    if query.count:
        rows = list(rows)
        total = len(rows)
    top = None if entity.is_sync else query.top
    size = entity.page_size if top is None else min(top, entity.page_size)
    found = list(islice(behind(entity, query, rows), query.skip, query.skip + size + 1))
    page, more = found[:size], len(found) > size and (top is None or top > size)
    shaped = [shape(row) for row in page]
    bare = query.top is not None and query.top <= entity.page_size and query.skiptoken is None
    if bare and total is None and not entity.is_sync and entity.name != "current/Me":
        return shaped
    content: dict[str, Any] = {"results": shaped}
    if total is not None:
        content["__count"] = str(total)
    if more:
        rest = query.top if top is None else top - size
        content["__next"] = f"{here}?{query.following(_token(entity, query, page[-1]), rest)}"
    return content


def _token(entity: Entity, query: Query, row: Row) -> str:
    """What says behind which row the next page begins."""
    names = [*(name for name, _down in query.order), *entity.key]
    return ",".join(values.literal(entity.properties[name].type, row.get(name)) for name in names)


def _sync_page(entity: Entity, query: Query, rows: Iterable[Row]) -> Iterator[Row]:
    after = query.skiptoken[-1] if query.skiptoken else None
    return (row for row in rows if after is None or row["Timestamp"] > after)


def _kept_page(entity: Entity, query: Query, rows: Iterable[Row]) -> Iterable[Row]:
    """Rows in the order of the resource; sorted only when asked for."""
    if query.order:
        return _sorted_page(entity, query, rows)
    if query.skiptoken is None:
        return rows
    rows = list(rows)
    keys = [tuple(row[name] for name in entity.key) for row in rows]
    return rows[keys.index(query.skiptoken) + 1 :] if query.skiptoken in keys else []


def _sorted_page(entity: Entity, query: Query, rows: Iterable[Row]) -> list[Row]:
    order = [*query.order, *((name, False) for name in entity.key)]
    readers = [(_sortable(entity, name), down) for name, down in order]
    rows = list(rows)
    for read, down in reversed(readers):
        rows.sort(key=read, reverse=down)
    if query.skiptoken is None:
        return rows
    place = dict(zip((name for name, _down in order), query.skiptoken, strict=True))
    bounds = [read(place) for read, _down in readers]
    return [row for row in rows if _is_behind(readers, bounds, row)]


def _sortable(entity: Entity, name: str) -> Callable[[Row], tuple]:
    read = values.comparable(entity.properties[name])

    def value(row: Row) -> tuple:
        found = row.get(name)
        return (False,) if found is None else (True, read(found))

    return value


def _is_behind(readers: list, bounds: list, row: Row) -> bool:
    for (read, down), bound in zip(readers, bounds, strict=True):
        value = read(row)
        if value != bound:
            return value < bound if down else value > bound
    return False


# Shaping


def _shaper(
    call: Call, resource: Resource, query: Query, entity: Entity | None = None
) -> Callable[[Row], dict]:
    """What turns a row into JSON, with what ``$select`` and ``$expand`` ask for."""
    entity = entity or call.entity
    names = entity.properties if query.select is None else query.select
    columns, collections = [], []
    for name in names:
        one = entity.properties[name]
        if one.is_collection and one.of != "Guid":
            collections.append(name)
        elif one.is_collection:
            columns.append((name, list))
        elif name in ADDRESSES:
            columns.append((name, lambda path: call.site + path if path[:1] == "/" else path))
        else:
            columns.append((name, values.writer(one)))

    def shape(row: Row) -> dict:
        here = address(call, entity, row)
        shaped = {"__metadata": {"uri": here, "type": entity.type_name}}
        for name, write in columns:
            value = row.get(name)
            shaped[name] = None if value is None else write(value)
        for name in collections:
            shaped[name] = (
                _expanded(call, resource, query, entity, row, name)
                if name in query.nested
                else {"__deferred": {"uri": f"{here}/{name}"}}
            )
        return shaped

    return shape


def _expanded(
    call: Call, resource: Resource, query: Query, entity: Entity, row: Row, name: str
) -> dict:
    lines = ENTITIES[entity.properties[name].of]
    select = query.nested[name]
    parts = (("$select", ",".join(select)),) if select else ()
    inner = Query(select=select, parts=parts)
    rows = resource.children(call.division, _key(entity, row), name)
    return _page(
        call,
        inner,
        _shaper(call, resource, inner, lines),
        rows,
        _kept_page,
        f"{address(call, entity, row)}/{name}",
        lines,
    )


# Writing


def _post(call: Call, resource: Resource) -> Answer:
    row = resource.create(call.division, read_body(call.entity, call.body, "POST", call.language))
    query = Query()
    shaped = _shaper(call, resource, query)(row)
    headers = {"Content-Type": CONTENT_TYPE, "Location": shaped["__metadata"]["uri"]}
    if "return=representation" in call.prefer.replace(" ", "").lower():
        headers["Preference-Applied"] = "return=representation"
    elif call.entity.name.startswith("crm/") and _switch(call, "thin_answers"):
        kept = (*call.entity.key, "__metadata", *call.entity.collections)
        shaped = {name: value if name in kept else None for name, value in shaped.items()}
    return Answer(201, headers, {"d": shaped}, _key(call.entity, row))


def _put(call: Call, resource: Resource) -> Answer:
    key = parse_key(call.entity, call.key or "")
    changes = read_body(call.entity, call.body, "PUT", call.language)
    if any(changes.get(name) for name in call.entity.collections):
        raise Refusal(400, NEW_LINES)
    resource.update(
        call.division,
        key,
        {name: value for name, value in changes.items() if name not in call.entity.collections},
    )
    return Answer(204, {}, key=key)


def _delete(call: Call, resource: Resource) -> Answer:
    key = parse_key(call.entity, call.key or "")
    resource.delete(call.division, key)
    return Answer(204, {}, key=key)


_HANDLERS: dict[str, Callable[[Call, Resource], Answer]] = {
    "GET": _get,
    "POST": _post,
    "PUT": _put,
    "DELETE": _delete,
}
