"""An operator who imports whatever new lies below the directory of a folder, in the order of the
names: a directory or a ZIP with the files of an import each, every one once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from . import files
from .codes import USUAL
from .folder import Folder, UnknownFolder
from .imports import DONE, REFUSED, Imports, Locked
from .linker import EXECUTED

ZIP = ".zip"
UNREADABLE = (files.NothingToRead, OSError, Locked, UnknownFolder)


def waiting(directory: Path) -> Iterator[Path]:
    """What could be imported, by name; the directory itself where ACT or CSF lies in it."""
    if not directory.is_dir():
        return
    if any(_is_import(path.name) for path in directory.iterdir()):
        yield directory
    for path in sorted(directory.iterdir()):
        if path.name.startswith("."):
            continue
        if path.is_dir() or path.suffix.lower() == ZIP:
            yield path


def _is_import(name: str) -> bool:
    base, _point, tail = name.upper().rpartition(".")
    return base in ("ACT", "CSF") and tail in files.ENDINGS


def content_of(path: Path, half: bool = False) -> dict[str, bytes]:
    """The files of a directory or ZIP; ``half``: only the beginning of each is there."""
    found = files.of_directory(path) if path.is_dir() else files.of_zip(path.read_bytes())
    if half:
        # in the middle of a line, for equal documents have their half at its end
        found = {name: content[: len(content) // 2 - 5] for name, content in found.items()}
    return found


def receive(
    imports: Imports,
    folder: Folder,
    directory: Path,
    faults: set[str],
    patience: float = 0,
    answers: Mapping[str, int] | None = None,
) -> list[dict[str, Any]]:
    """Test, resolve and execute what is new; gives a row for each. Warnings get ``answers``, by
    code, and the usual ones where these say nothing."""
    done: list[dict[str, Any]] = []
    if "off" in faults:
        return done
    for path in waiting(directory):
        try:
            if "read_error" in faults:
                raise OSError(f"{path.name} cannot be read")
            lying = imports.clock.now().timestamp() - path.stat().st_ctime
            if "slow" in faults and lying < patience:
                continue
            content = content_of(path, "half" in faults)
            if imports.has_seen(folder.administration, path.name, files.digest(content)):
                continue
            with imports.store.transaction():
                done.append(_import(imports, folder, path.name, content, answers or {}))
        except UNREADABLE as error:
            done.append({"source": path.name, "status": "unread", "error": str(error)})
    return done


def _import(
    imports: Imports,
    folder: Folder,
    source: str,
    content: Mapping[str, bytes],
    answers: Mapping[str, int],
) -> dict[str, Any]:
    row = imports.test(folder, source, content)
    codes = {one["code"] for one in row["findings"] if one["severity"] == "warning"}
    given = {code: answers.get(code, USUAL.get(code, 1)) for code in codes}
    imports.resolve(row["id"], given)
    result = 3 if row["status"] == REFUSED else imports.execute(row["id"])
    return told(imports.one(row["id"])) | {"result": result, "words": EXECUTED[result]}


def told(row: Mapping[str, Any]) -> dict[str, Any]:
    """An import without its files."""
    return {
        "import": row["id"],
        "moment": row["moment"],
        "source": row["source"],
        "status": row["status"],
        "book_year": row["book_year"],
        "period": row["period"],
        "documents": row["documents"],
        "result": row["result"],
        "booked": row["status"] == DONE,
        "answers": row["answers"],
        "findings": row["findings"],
    }
