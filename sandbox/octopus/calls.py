"""What a handler gets and gives: one call of an operation and its answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..kit.ledger import Books
from ..kit.operations import dump
from .authentication import Authentication
from .switches import Switches


@dataclass
class Answer:
    """Status and body; a body that is no bytes is written as JSON."""

    status: int
    body: Any = None
    content_type: str = "application/json"

    def content(self) -> bytes:
        """The bytes to send."""
        if self.body is None:
            return b""
        return self.body if isinstance(self.body, bytes) else dump(self.body)


CREATED = Answer(201)
NO_CONTENT = Answer(204)


@dataclass
class Call:
    """One checked call: query and body hold declared values only."""

    operation: str
    authentication: Authentication
    switches: Switches
    address: str
    headers: Mapping[str, str]
    path: Mapping[str, Any]
    query: dict[str, Any] = field(default_factory=dict)
    body: Any = None
    claims: dict = field(default_factory=dict)
    language: str = "nl"
    books: Books | None = None

    def text(self, names: Mapping[str, str]) -> str:
        """The wording in the language of the token."""
        return names.get(self.language) or names.get("nl") or next(iter(names.values()), "")


Handler = Callable[[Call], Answer]
HANDLERS: dict[str, Handler] = {}


def operation(*names: str) -> Callable[[Handler], Handler]:
    """Register a function as the handler of operations of the contract."""

    def register(handler: Handler) -> Handler:
        for name in names:
            HANDLERS[name] = handler
        return handler

    return register
