"""Reading a folder as a receiver does: what it looks at is taken, in the order of the names, and is
gone afterwards; what is refused lies in ``error`` with the reason beside it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from fnmatch import fnmatchcase
from pathlib import Path

from .boxes import Box, too_large
from .refusal import Refused

ERRORS = "error"


def read_box(box: Box, patience: float) -> int:
    """One look at a box; gives how many files it took or refused. ``patience``: seconds a file lies
    there before a slow receiver takes it."""
    if box.pace == "off":
        return 0
    done = 0
    for path in _seen(box.folder, box):
        try:
            done += _read(box, path, patience)
        except FileNotFoundError:  # somebody else took it meanwhile
            continue
    return done


def lying(box: Box) -> list[tuple[str, int, bool]]:
    """What lies in the folder now: name, size, and whether the receiver looks at it."""
    looked_at = set(_seen(box.folder, box))
    found = []
    for path in sorted(box.folder.rglob("*")) if box.folder.is_dir() else []:
        with suppress(FileNotFoundError):
            if path.is_file() and ERRORS not in path.relative_to(box.folder).parts[:1]:
                name = str(path.relative_to(box.folder))
                found.append((name, path.stat().st_size, path in looked_at))
    return found


def _seen(folder: Path, box: Box) -> Iterator[Path]:
    """The files a receiver looks at."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            hidden = entry.name.startswith(".") or entry.name == ERRORS
            if box.receiver.looks_below and folder == box.folder and not hidden:
                yield from _seen(Path(entry.path), box)
        elif entry.is_file(follow_symlinks=False) and any(
            fnmatchcase(entry.name.lower(), pattern) for pattern in box.receiver.watched
        ):
            yield Path(entry.path)


def _read(box: Box, path: Path, patience: float) -> int:
    facts = path.stat()
    if box.pace == "slow" and box.clock.now().timestamp() - facts.st_ctime < patience:
        return 0
    name = str(path.relative_to(box.folder))
    place = f"{name}:{facts.st_ino}:{facts.st_mtime_ns}:{facts.st_size}"
    largest = box.receiver.largest
    if largest and facts.st_size > largest:
        refusal = Refused("too_large", too_large(box.receiver))
        box.refuse_unread(name, facts.st_size, place, refusal)
        code = refusal.code
    else:
        code = box.take(name, path.read_bytes(), place)
    if box.pace == "leaves":
        return 0
    if code:
        _put_aside(box, path, code)
    else:
        path.unlink(missing_ok=True)
    if path.parent != box.folder:
        with suppress(OSError):  # not empty yet
            path.parent.rmdir()
    return 1


def _put_aside(box: Box, path: Path, code: str) -> None:
    errors = box.folder / ERRORS
    errors.mkdir(exist_ok=True)
    target, number = errors / path.name, 1
    while target.exists():
        number += 1
        target = errors / f"{path.stem} ({number}){path.suffix}"
    path.rename(target)
    words = next(row for row in reversed(box.refusals()) if row["code"] == code)["reason"]
    Path(f"{target}.txt").write_text(f"{words}\n")
