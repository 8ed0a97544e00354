"""One request on one entity: from the parsed address to status, headers and JSON body.

::

    entity, key, collection = entities.locate(path)     # raises Refusal 404
    answer = odata.answer(Call(...), resource)          # never raises a Refusal
    answer.status, answer.headers, answer.body          # body None: no content

Authorization, quota and the network belong to the server; the rows to the ``Resource``. With
``call.collection`` the rows behind the key are read with ``resource.children``.

What the service's documentation leaves open, and the choice made:

* A method that an entity does not have: 405 with ``Allow`` and an error body.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .entities import Entity
from .resource import Resource

CONTENT_TYPE = "application/json;charset=utf-8"


@dataclass(frozen=True)
class Call:
    """One request. ``site`` is the site root as the caller sees it (``http://127.0.0.1:8091``),
    ``number`` the division's code, ``division`` what is handed to the resource, ``key`` the text
    between the parentheses or None, ``query`` the raw query string, ``language`` the user's
    (``nl-BE``), ``switches`` those of the sandbox."""

    site: str
    entity: Entity
    method: str
    number: int
    division: Any = None
    key: str | None = None
    collection: str = ""
    query: str = ""
    body: bytes = b""
    prefer: str = ""
    language: str = "nl"
    switches: Mapping[str, Any] | Any = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """Status, headers (``Content-Type`` among them when there is a body) and the JSON body as a
    dictionary, None for no content. ``written`` is the row a POST created, with its key."""

    status: int
    headers: dict[str, str]
    body: dict | None = None
    written: dict | None = None


def answer(call: Call, resource: Resource) -> Answer:
    """The answer to a request, refusals among them."""
    raise NotImplementedError


def function_answer(values: Mapping[str, Any]) -> Answer:
    """The answer of a function (``UserHasRights``): ``{"d": {name: value}}``."""
    return Answer(200, {"Content-Type": CONTENT_TYPE}, {"d": dict(values)})
