"""What the read-only pages of every sandbox share: answers, files, and long lists of a journal."""

from __future__ import annotations

import mimetypes
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map
from werkzeug.wrappers import Request, Response

from .page_layout import Raw, asked_number, choice, html, page

SHOWN_IN_A_BROWSER = ("application/pdf", "image/png", "image/jpeg")
PER_PAGE = 200


class Pages:
    """The pages of one sandbox: a method ``_<endpoint>`` for every endpoint of ``routes``."""

    routes: Map
    # What a method raises for something that does not exist, apart from werkzeug's own errors.
    missing: tuple[type[Exception], ...] = ()

    def __init__(self, service: Any):
        self.service = service

    def respond(self, request: Request) -> Response:
        """The page of an address, or 404."""
        try:
            endpoint, values = self.routes.bind_to_environ(request.environ).match()
            with self.service.store.lock:
                return getattr(self, f"_{endpoint}")(request, **values)
        except (HTTPException, *self.missing) as error:
            return html(
                page("Not found", Raw("<p>There is no such page.</p>")),
                getattr(error, "code", None) or 404,
            )


def download(name: str, content: bytes) -> Response:
    """A file that somebody attached, to be saved."""
    kind = mimetypes.guess_type(name)[0]
    if kind not in SHOWN_IN_A_BROWSER:
        kind = "application/octet-stream"  # nothing a browser would run
    response = Response(content, 200, content_type=kind)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def of_journal(request: Request, bookings: Iterable[dict]) -> tuple[Raw, list[dict]]:
    """A form to choose a journal and a page, and the bookings that are then shown."""
    bookings, journal = list(bookings), request.args.get("journal", "")
    codes = [(code, code) for code in sorted({row["journal"] for row in bookings})]
    form = f"<form>{choice('journal', codes, journal, 'All journals')} <button>Show</button></form>"
    found = [row for row in bookings if journal in ("", row["journal"])]
    here = asked_number(request, "page") or 1
    pages = range(1, (len(found) - 1) // PER_PAGE + 2) if len(found) > PER_PAGE else ()
    numbers = " ".join(
        f"<b>{number}</b>"
        if number == here
        else f'<a href="?{urlencode({"journal": journal, "page": number})}">{number}</a>'
        for number in pages
    )
    return Raw(form + numbers), found[(here - 1) * PER_PAGE : here * PER_PAGE]
