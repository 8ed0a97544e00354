"""The files of an import: out of a directory or a ZIP, and which of them are read."""

from __future__ import annotations

import hashlib
import io
import lzma
import re
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from .codes import Finding

LARGEST = 200 * 1024 * 1024  # of a ZIP, unpacked
BROKEN = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, UnicodeDecodeError)
ENDINGS = ("TXT", "CSV")
NOT_READ = {
    "ACF": "general accounts",
    "ANF": "analytical accounts",
    "ANT": "analytical entries",
}
_CUBIC = re.compile(r"cpt(sc|sf|jv|ja|jf|jo)01\.txt", re.IGNORECASE)


class NothingToRead(ValueError):
    """There are no files of an import, or they cannot be opened."""


def of_directory(directory: Path) -> dict[str, bytes]:
    """The files of a directory by name; what begins with a point is not looked at."""
    return {
        path.name: path.read_bytes()
        for path in sorted(directory.iterdir())
        if path.is_file() and not path.name.startswith(".")
    }


def of_zip(content: bytes) -> dict[str, bytes]:
    """The files of a ZIP by their name without a folder."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            if sum(entry.file_size for entry in entries) > LARGEST:
                raise NothingToRead("The ZIP is too large")
            found: dict[str, bytes] = {}
            for entry in entries:
                name = PurePosixPath(entry.filename).name
                if name in found:
                    raise NothingToRead(f"{name} is in the ZIP twice")
                found[name] = archive.read(entry)
            return found
    except (*BROKEN, RuntimeError, NotImplementedError, OSError, EOFError) as error:
        raise NothingToRead(f"The ZIP cannot be read: {error}") from error


def read(name: str, content: bytes) -> dict[str, bytes]:
    """A ZIP, or one file by itself."""
    return of_zip(content) if content.startswith(b"PK") else {PurePosixPath(name).name: content}


def digest(files: Mapping[str, bytes]) -> str:
    """The same for the same names and contents."""
    found = hashlib.sha256()
    for name, content in sorted(files.items()):
        found.update(f"{name}\0{len(content)}\0".encode())
        found.update(content)
    return found.hexdigest()


def choose(files: Mapping[str, bytes]) -> tuple[bytes, bytes, list[Finding]]:
    """ACT and CSF (b"" for what is not there), with notes on what is left aside. Raises
    ``NothingToRead``."""
    found: dict[str, bytes] = {}
    notes = []
    for ending in ENDINGS:
        for name, content in files.items():
            base, _point, tail = name.upper().rpartition(".")
            if tail == ending and base in ("ACT", "CSF"):
                if base in found:
                    notes.append(_note(f"{name} is not read, for there is a {base}.TXT", name))
                found.setdefault(base, content)
    for name in files:
        base, _point, tail = name.upper().rpartition(".")
        if base in NOT_READ and tail in ENDINGS:
            notes.append(_note(f"{name} ({NOT_READ[base]}) is not read here", name))
        elif tail == "DBF" or _CUBIC.fullmatch(name):
            notes.append(_note(f"{name}: this format is not read here", name))
    if not found:
        words = "; ".join(note.text for note in notes)
        raise NothingToRead(f"There is neither ACT.TXT nor CSF.TXT{': ' if words else ''}{words}")
    return found.get("ACT", b""), found.get("CSF", b""), notes


def _note(text: str, name: str) -> Finding:
    return Finding("", text, name)
