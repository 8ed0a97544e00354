"""What is in a mail, whoever wrote it: its headers as texts, its files and its text. Whatever is
wrong with it, something is read."""

from __future__ import annotations

import base64
import email
import email.message
import email.utils
import mimetypes
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.policy import Compat32

MOST_PARTS = 500
WORD = r"=\?[^?\s]+\?[bBqQ]\?[^?]*\?="


class AsItIs(Compat32):
    """Headers as they stand in the mail, bytes that are no ASCII as half characters."""

    def header_fetch_parse(self, _name: str, value: str) -> str:
        """What is read of a header."""
        return value


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
        message = email.message_from_bytes(content, policy=AsItIs())
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
    return decoded(message.get(name, ""))


def decoded(value: str) -> str:
    """A text of a header on one line: with encoded words, or bytes that stand there as they are."""
    line = re.sub(r"\s*[\r\n]+\s*", " ", readable(value)).strip()
    return re.sub(f"{WORD}(?:\\s*{WORD})*", _words, line)


def _words(found: re.Match[str]) -> str:
    """Encoded words beside each other; the bytes of a letter may be in two of them."""
    parts: list[tuple[str, bytes]] = []
    for charset, how, text in re.findall(r"=\?([^?\s]+)\?([bBqQ])\?([^?]*)\?=", found[0]):
        try:
            raw = base64.b64decode(text + "==") if how in "bB" else _from_q(text)
            "".encode(charset.partition("*")[0])
        except (ValueError, LookupError):
            return found[0]
        if parts and parts[-1][0] == charset.lower():
            raw = parts.pop()[1] + raw
        parts.append((charset.lower(), raw))
    return "".join(_as_text(raw, charset.partition("*")[0]) for charset, raw in parts)


def _from_q(text: str) -> bytes:
    return quopri.decodestring(text.encode("latin-1", "replace"), header=True)


def readable(text: str) -> str:
    """Bytes that were kept as half characters, as the text that they are."""
    return _as_text(text.encode("utf-8", "surrogateescape"), None)


def _as_text(raw: bytes, charset: str | None) -> str:
    for one in (charset, "utf-8"):
        try:
            return raw.decode(one or "utf-8")
        except (LookupError, ValueError):
            continue
    return raw.decode("latin-1")


def _parts(message: email.message.Message) -> Iterator[email.message.Message]:
    for part in message.walk():
        if not part.is_multipart():
            yield part


def _is_file(part: email.message.Message) -> bool:
    """A part with a name, one that says it is attached, and whatever is no text to read."""
    disposition = part.get("Content-Disposition", "").strip().lower()
    if disposition.startswith("attachment") or _raw_name(part):
        return True
    return _type(part) not in ("text/plain", "text/html") and part.get_content_maintype() not in (
        "multipart",
        "message",
    )


def _type(part: email.message.Message) -> str:
    return readable(part.get_content_type())


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
