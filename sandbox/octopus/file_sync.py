"""The file sync service: files of bookings, listed by moment and fetched one by one.

A service beside the REST one, known from a client only; it takes the same dossier token. The
reference leaves open how two files of one booking with one name are told apart: the last is given.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from werkzeug.wrappers import Request, Response

from ..kit.ledger import Books
from ..kit.operations import dump
from .authentication import Authentication
from .calls import Answer
from .contract import TABLE
from .errors import Refusal, error_body
from .ledger_lines import document_key

BASE = "/octopus-filesync-api/v1"
PATH = re.compile(re.escape(BASE) + r"/dossiers/(\d+)/bookingfiles")
STAMP = re.compile(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}(\.\d+)?")


class FileSync:
    """The file sync service of one sandbox."""

    def __init__(self, authentication: Authentication, books: Callable[[int], Books]):
        """``books`` gives those of a dossier."""
        self.authentication = authentication
        self.books = books

    def respond(self, request: Request) -> Response:
        """A list of files (GET) or one file's bytes (POST with an element of the list)."""
        try:
            answer = self._answer(request)
        except Refusal as refusal:
            answer = Answer(refusal.status, error_body(refusal, "en"))
        except (KeyError, TypeError, ValueError) as error:
            answer = Answer(400, {"technicalInfo": f"Invalid or missing parameters: {error}"})
        return Response(answer.content(), answer.status, content_type=answer.content_type)

    def _answer(self, request: Request) -> Answer:
        found = PATH.fullmatch(request.path)
        if not found or request.method not in ("GET", "POST"):
            raise Refusal(404, None, "Not found")
        claims = self.authentication.claims(request.headers.get("dossierToken"), "dossier")
        if claims["dossier"] != int(found[1]):
            raise Refusal(401, -3, "The access token belongs to another dossier")
        books = self.books(int(found[1]))
        with books.store.lock:
            if request.method == "GET":
                return Answer(200, self._wanted(request, books.attachments()))
            return self._content(books, request)

    @staticmethod
    def _wanted(request: Request, rows: list[dict]) -> list[dict]:
        since = request.args["modifiedTimeStamp"]
        if not STAMP.fullmatch(since):
            raise ValueError("modifiedTimeStamp")
        year, number = (
            int(request.args[name]) if request.args.get(name) else None
            for name in ("bookyearId", "documentSequenceNr")
        )
        journal = request.args.get("journal")
        files = [
            _file(row)
            for row in rows
            if row["created"] >= since
            and year in (None, -1, row["book_year"])
            and journal in (None, row["journal"])
            and number in (None, row["number"])
        ]
        if not files:
            raise Refusal(404, None, "Nothing found")
        return files

    @staticmethod
    def _content(books: Books, request: Request) -> Answer:
        wanted = TABLE.parse_body(request.get_data(), "object")
        for row in reversed(books.attachments()):
            if dump(_file(row)) == dump(wanted):
                content = books.attachment(row["id"])["content"]
                return Answer(200, content, "application/octet-stream")
        raise Refusal(404, None, "The file does not exist")


def _file(row: dict) -> dict:
    return {
        "documentKey": document_key(row["book_year"], row["journal"], row["number"]),
        "fileName": row["name"],
        "fileSubDirectoryList": [row["journal"]],
    }
