"""What a person does on the pages: choose and test an import, resolve and execute it, close a
period."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from werkzeug.exceptions import Forbidden
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from . import files, receiving
from .accountant import chosen, close_period
from .folder import Folder, UnknownFolder
from .imports import Locked
from .linker import EXECUTED

# What is said to the person, with nothing done.
SAID = (files.NothingToRead, Locked, UnknownFolder, ValueError, OSError)


def check_origin(request: Request) -> None:
    """Raises ``Forbidden`` for a form of another site."""
    origin = request.headers.get("Origin")
    if origin and urlsplit(origin).netloc != request.host:
        raise Forbidden


def test(service: Any, folder: Folder, request: Request) -> Response:
    """Test what was chosen or uploaded, and show what was found."""
    content: dict[str, bytes] = {}
    source = request.form.get("name", "")
    uploads = [one for one in request.files.getlist("file") if one.filename]
    number = folder.administration
    if uploads:
        source = ", ".join(one.filename or "" for one in uploads)
        for one in uploads:
            content |= files.read(one.filename or "", one.read())
    elif source:
        half = "half" in service.faults.of(number)
        content = receiving.content_of(chosen(service.directory(number), source), half)
    else:
        raise ValueError("Choose a directory, or a file to upload.")
    year, _slash, period = request.form.get("period", "").partition("/")
    ignored = [name.strip().upper() for name in request.form.get("ignored", "").split(",")]
    row = service.imports.test(
        folder,
        source,
        content,
        year or None,
        int(period) if period else None,
        [name for name in ignored if name],
    )
    return redirect(f"/folders/{number}/imports/{row['id']}", 303)


def execute(service: Any, folder: Folder, request: Request, key: int) -> Response:
    """Keep the answers, and book."""
    row = service.imports.one(key, folder.administration)
    given = {
        name.removeprefix("answer-"): int(value or 0)
        for name, value in request.form.items()
        if name.startswith("answer-")
    }
    service.imports.resolve(row["id"], given)
    service.imports.execute(row["id"])
    return redirect(f"/folders/{folder.administration}/imports/{key}", 303)


def close(service: Any, folder: Folder, request: Request) -> Response:
    """Lock, validate or open a period."""
    year, _slash, period = request.form.get("period", "").partition("/")
    accountant = service.accountant(folder.administration)
    close_period(accountant, year, int(period), request.form.get("state", "locked"))
    return redirect(f"/folders/{folder.administration}/periods", 303)


def said_of(row: dict) -> str:
    """What came of an import, in words."""
    if row["status"] == "refused":
        return "Refused: nothing was booked. Correct what is fatal, and import again."
    if row["status"] == "executed":
        return "Executed: the documents are in the books."
    if row["result"]:
        return f"Not executed: {EXECUTED[row['result']]}."
    if row["status"] == "waiting":
        return "Tested: give every warning a resolution, then execute."
    return "Tested: nothing to resolve."
