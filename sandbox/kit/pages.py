"""The read-only pages of every sandbox: the administrations, and the tabs of each.

A tab is a view: a function of the books and the request that gives a ``Page``, a template with its
values. ``book_pages`` has those of the neutral books.
"""

from __future__ import annotations

import mimetypes
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from .templating import html

SHOWN_IN_A_BROWSER = ("application/pdf", "image/png", "image/jpeg")
PER_PAGE = 200


class Choice(NamedTuple):
    """A list to choose from in a form: (value, text), and what stands for no choice."""

    name: str
    options: list[tuple[Any, str]]
    chosen: Any
    everything: str

    @property
    def shown(self) -> list[tuple[Any, str]]:
        """All options."""
        return [("", self.everything), *self.options]


@dataclass(frozen=True)
class Page:
    """A template and its values."""

    template: str
    values: dict[str, Any] = field(default_factory=dict)


def table(
    columns: Iterable[str],
    rows: Iterable[Iterable[Any]],
    total: Iterable[Any] = (),
    choices: Iterable[Choice] = (),
) -> Page:
    """A table under a form; a column whose name starts with ``#`` is right aligned, with ``~``
    never broken. Cells: see ``templating.cell``."""
    return Page(
        "table.html",
        {
            "columns": list(columns),
            "rows": [list(row) for row in rows],
            "total": list(total),
            "choices": list(choices),
        },
    )


class Tab(NamedTuple):
    """A tab of an administration."""

    title: str
    view: Callable[[Any, Request], Page]


class Pages(ABC):
    """The pages of one sandbox at ``/`` and ``/<folder>/<number>/<tab>``, the first tab without its
    name too. ``templates``: the package's own."""

    title: str
    folder: str
    # One of them, where that is not the name of all without its s.
    one = ""
    tabs: Mapping[str, Tab]
    templates: Path
    columns: tuple[str, ...]
    # What a method raises for something that does not exist, apart from werkzeug's own errors.
    missing: tuple[type[Exception], ...] = ()

    def __init__(self, service: Any):
        self.service = service
        place = f"/{self.folder}/<int:number>"
        self.routes = Map(
            [
                Rule("/", endpoint="index", methods=["GET"]),
                Rule(
                    place, endpoint="tab", methods=["GET"], defaults={"tab": next(iter(self.tabs))}
                ),
                Rule(f"{place}/<tab>", endpoint="tab", methods=["GET"]),
                Rule(f"{place}/files/<key>", endpoint="file", methods=["GET"]),
            ],
            redirect_defaults=False,
            strict_slashes=False,
        )

    @abstractmethod
    def administrations(self) -> Iterable[Iterable[Any]]:
        """A row of ``columns`` for each administration."""

    @abstractmethod
    def administration(self, number: int) -> tuple[str, Any]:
        """Name and books of an administration; raises ``NotFound`` or one of ``missing``."""

    @abstractmethod
    def file(self, number: int, key: str) -> tuple[str, bytes]:
        """Name and content of a file of an administration; raises as ``administration`` does."""

    def respond(self, request: Request) -> Response:
        """The page of an address, or 404."""
        try:
            endpoint, values = self.routes.bind_to_environ(request.environ).match()
            with self.service.store.lock:
                return getattr(self, f"_{endpoint}")(request, **values)
        except (HTTPException, *self.missing) as error:
            return self._html(
                "message.html",
                getattr(error, "code", None) or 404,
                title="Not found",
                message="There is no such page.",
                wrong=False,
            )

    def _html(self, template: str, status: int = 200, **values: Any) -> Response:
        return html(self.templates, template, status, **values)

    def _index(self, _request: Request) -> Response:
        rows = list(self.administrations())
        return self._html("index.html", title=self.title, columns=self.columns, rows=rows)

    def _tab(self, request: Request, number: int, tab: str) -> Response:
        name, books = self.administration(number)
        if tab not in self.tabs:
            raise NotFound
        page = self.tabs[tab].view(books, request)
        return self._html(
            page.template,
            title=f"{name} · {self.one or self.folder.removesuffix('s')} {number}",
            back=f"All {self.folder}",
            tabs=self.tabs,
            base=f"/{self.folder}/{number}/",
            here=tab,
            **page.values,
        )

    def _file(self, _request: Request, number: int, key: str) -> Response:
        name, content = self.file(number, key)
        return download(name, content)


def download(name: str, content: bytes) -> Response:
    """A file that somebody attached, to be saved."""
    kind = mimetypes.guess_type(name)[0]
    if kind not in SHOWN_IN_A_BROWSER:
        kind = "application/octet-stream"  # nothing a browser would run
    response = Response(content, 200, content_type=kind)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def asked_number(request: Request, name: str) -> int | None:
    """A number of the query, None when there is none."""
    text = request.args.get(name, "")
    return int(text) if text.isdigit() else None


def of_journal(request: Request, bookings: Iterable[dict]) -> tuple[list[dict], dict[str, Any]]:
    """The bookings of the chosen journal and page, and what the template needs for both forms."""
    bookings, journal = list(bookings), request.args.get("journal", "")
    codes = [(code, code) for code in sorted({row["journal"] for row in bookings})]
    found = [row for row in bookings if journal in ("", row["journal"])]
    here = asked_number(request, "page") or 1
    return found[(here - 1) * PER_PAGE : here * PER_PAGE], {
        "choices": [Choice("journal", codes, journal, "All journals")],
        "numbers": range(1, (len(found) - 1) // PER_PAGE + 2) if len(found) > PER_PAGE else (),
        "page": here,
        "journal": journal,
    }
