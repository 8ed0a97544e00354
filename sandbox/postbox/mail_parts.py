"""What is in a mail, whoever wrote it: its headers as texts, its files and its text. Whatever is
wrong with it, something is read."""

from __future__ import annotations

import email
import email.header
import email.message
import email.utils
import mimetypes
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

MOST_PARTS = 500


@dataclass(frozen=True)
class Attachment:
    """A file of a mail, in the text or beside it."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True)
class Mail:
    """A mail as it is read."""

    sender: str = ""
    to: str = ""
    subject: str = ""
    message_id: str = ""
    date: str = ""
    text: str = ""
    attachments: list[Attachment] = field(default_factory=list)
    unread: str = ""

    @property
    def from_address(self) -> str:
        """The bare address of who wrote it, as it says."""
        return email.utils.parseaddr(self.sender)[1].lower()


def read(content: bytes) -> Mail:
    """Read a mail; ``unread`` says why its parts could not be."""
    unread, text, files = "", [], []
    message = email.message.Message()
    try:
        message = email.message_from_bytes(content)
        for number, part in enumerate(_parts(message)):
            if number == MOST_PARTS:
                unread = f"It has more than {MOST_PARTS} parts"
                break
            if _is_file(part):
                files.append(Attachment(_name(part, len(files) + 1), _type(part), _bytes(part)))
            else:
                text.append(_text(part))
    except (RecursionError, LookupError, ValueError, TypeError, AttributeError) as error:
        unread = f"It cannot be read: {type(error).__name__}"
    return Mail(
        sender=header(message, "From"),
        to=header(message, "To"),
        subject=header(message, "Subject"),
        message_id=header(message, "Message-ID"),
        date=header(message, "Date"),
        text="\n".join(part for part in text if part.strip()),
        attachments=files,
        unread=unread,
    )


def header(message: email.message.Message, name: str) -> str:
    """A header on one line, decoded as far as it can be."""
    return re.sub(r"\s*[\r\n]+\s*", " ", decoded(message.get(name, ""))).strip()


def decoded(value: Any) -> str:
    """A text of a header: encoded words, or bytes that stand there as they are."""
    if isinstance(value, email.header.Header):
        value = "".join(
            part.encode("ascii", "surrogateescape").decode("utf-8", "replace")
            if isinstance(part, str)
            else part.decode("utf-8", "replace")
            for part, _charset in _chunks(value)
        )
    value = _readable(str(value))
    try:
        found = email.header.decode_header(re.sub(r"(\?=)(=\?)", r"\1 \2", value))
    except (ValueError, email.errors.MessageError):
        return value
    words = ""
    for part, charset in found:
        words += part if isinstance(part, str) else _as_text(part, charset)
    return words


def _chunks(value: email.header.Header) -> list[tuple[Any, Any]]:
    # what is not ASCII in it stands for bytes of an unknown charset
    return [(part, charset) for part, charset in getattr(value, "_chunks", [(str(value), None)])]


def _readable(text: str) -> str:
    """Bytes that were kept as half characters, as the text that they are."""
    raw = text.encode("utf-8", "surrogateescape")
    return _as_text(raw, None)


def _as_text(raw: bytes, charset: str | None) -> str:
    for one in (charset, "utf-8"):
        try:
            return raw.decode(one or "utf-8")
        except (LookupError, UnicodeDecodeError):
            continue
    return raw.decode("latin-1")


def _parts(message: email.message.Message) -> Iterator[email.message.Message]:
    for part in message.walk():
        if not part.is_multipart():
            yield part


def _is_file(part: email.message.Message) -> bool:
    """A part with a name, one that says it is attached, and whatever is no text to read."""
    disposition = str(part.get("Content-Disposition", "")).strip().lower()
    if disposition.startswith("attachment") or _raw_name(part):
        return True
    return _type(part) not in ("text/plain", "text/html") and part.get_content_maintype() not in (
        "multipart",
        "message",
    )


def _type(part: email.message.Message) -> str:
    return part.get_content_type()


def _raw_name(part: email.message.Message) -> str:
    try:
        return part.get_filename() or ""
    except (LookupError, ValueError, TypeError):
        return ""


def _name(part: email.message.Message, number: int) -> str:
    """The name of a file without a folder; one is made where it has none."""
    name = re.split(r"[\\/]", decoded(_raw_name(part)))[-1]
    name = re.sub(r"[\x00-\x1f\x7f]+", " ", name).strip()
    return name or f"attachment-{number}{mimetypes.guess_extension(_type(part)) or ''}"


def _bytes(part: email.message.Message) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _text(part: email.message.Message) -> str:
    return _as_text(_bytes(part), part.get_content_charset("utf-8"))
