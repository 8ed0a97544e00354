"""What kind of file it is, by its first bytes, and what is in a ZIP."""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import PurePosixPath

from .receivers import BMP, GIF, JPEG, MEGABYTE, PDF, PNG, TIFF, XML
from .refusal import Refused

ZIP = "zip"
SIGNATURES = (
    (b"%PDF-", PDF),
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"GIF8", GIF),
    (b"II*\x00", TIFF),
    (b"MM\x00*", TIFF),
    (b"BM", BMP),
    (b"PK\x03\x04", ZIP),
    (b"PK\x05\x06", ZIP),
)
MOST_FILES = 500
MOST_BYTES = 100 * MEGABYTE
LARGEST_RATIO = 200


def kind_of(content: bytes) -> str:
    """What the bytes are; "" for what no receiver knows."""
    for start, kind in SIGNATURES:
        if content.startswith(start):
            return kind
    text = content.removeprefix(b"\xef\xbb\xbf").lstrip()
    utf16 = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    return XML if text.startswith(b"<") or utf16 else ""


def is_locked(pdf: bytes) -> bool:
    """Whether a PDF asks for a password."""
    return b"/Encrypt" in pdf


def unpacked(content: bytes, largest: int) -> list[tuple[str, bytes]]:
    """Name and bytes of each file of a ZIP, in its order. Raises :class:`Refused` for the whole
    ZIP."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            _check(entries, largest)
            return [
                (PurePosixPath(entry.filename).name, _bytes_of(archive, entry)) for entry in entries
            ]
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, OSError) as error:
        raise Refused("zip", f"The ZIP cannot be read: {error}") from error


def _check(entries: list[zipfile.ZipInfo], largest: int) -> None:
    if len(entries) > MOST_FILES:
        raise Refused("zip_files", f"The ZIP holds more than {MOST_FILES} files")
    for entry in entries:
        path = PurePosixPath(entry.filename.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or ":" in entry.filename:
            raise Refused("zip_name", f"A name leads out of the folder: {entry.filename[:80]}")
        if entry.flag_bits & 1:
            raise Refused("zip_locked", "The ZIP has a password")
        if entry.file_size > max(entry.compress_size, 1) * LARGEST_RATIO:
            raise Refused("zip_bomb", "The ZIP holds more than it can")
        if largest and entry.file_size > largest:
            raise Refused("too_large", f"{entry.filename[:80]} is larger than {largest} bytes")
    if sum(entry.file_size for entry in entries) > MOST_BYTES:
        raise Refused("zip_bomb", "The ZIP holds more than it can")


def _bytes_of(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """What is said of the size is not believed."""
    with archive.open(entry) as file:
        content = file.read(entry.file_size + 1)
    if len(content) > entry.file_size:
        raise Refused("zip_bomb", "The ZIP holds more than it says")
    return content
