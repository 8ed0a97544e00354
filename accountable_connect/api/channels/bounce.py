"""What comes back of an e-mail: a delivery report (RFC 3464), or the text of a mail server that
knows no better. Plain Python, no Odoo."""

import logging
import re
from dataclasses import dataclass
from email.message import Message
from email.utils import parseaddr

from ..texts import cut

_logger = logging.getLogger(__name__)

MOST_WORDS = 300
# Of the mails that one is an answer to.
MOST_IDS = 50
MAIL_SYSTEMS = {"mailer-daemon", "postmaster"}
_MESSAGE_ID = re.compile(r"<[^<>\s]+>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounce:
    """``failed``: the mail did not arrive, and nobody tries any more; a report that it is late,
    or was read, and an answering machine say nothing of the kind. ``words``: the receiver's own,
    on one line, "" for none. ``recipient``: who did not get it, "" where that is not said.
    ``message_ids``: of the mail that came back."""

    failed: bool
    words: str
    recipient: str
    message_ids: tuple[str, ...]


def read_bounce(message: Message) -> Bounce:
    """What a mail says of one that was sent; nothing, where it cannot be read: anybody may have
    written it."""
    try:
        return _read(message)
    except Exception as error:  # Python's own reading raises many for heads that are none
        _logger.info("A report on an e-mail cannot be read: %s", type(error).__name__)
        return Bounce(failed=False, words="", recipient="", message_ids=())


def _read(message):
    recipients = _recipients(message)
    if recipients is None:
        failed = _is_from_mail_system(message) and not _is_other_report(message)
        words, recipient = _text(message), ""
    else:
        lost = [one for one in recipients if _is_lost(one)]
        failed = bool(lost)
        one = (lost or recipients or [Message()])[0]
        words = _words(one) or _text(message)
        recipient = _value(one, "Final-Recipient") or _value(one, "Original-Recipient")
    return Bounce(
        failed=failed, words=words, recipient=recipient, message_ids=_message_ids(message)
    )


def _recipients(message):
    """What a delivery report says of each recipient; None for a mail that is none."""
    for part in message.walk():
        if part.get_content_type() == "message/delivery-status":
            blocks = part.get_payload()
            # the first one is about the report itself
            return blocks[1:] if isinstance(blocks, list) else []
    return None


def _is_lost(recipient):
    action = str(recipient.get("Action", "")).strip().lower()
    if action:
        return action == "failed"
    return str(recipient.get("Status", "")).strip().startswith("5")


def _words(recipient):
    words = _value(recipient, "Diagnostic-Code")
    return words or cut(str(recipient.get("Status", "")), MOST_WORDS)


def _value(recipient, name):
    """Of a field that begins with the kind of its value: ``smtp; 550 no such user``."""
    kind, semicolon, value = str(recipient.get(name, "")).partition(";")
    return cut(value if semicolon else kind, MOST_WORDS)


def _is_from_mail_system(message):
    address = parseaddr(str(message.get("From", "")))[1]
    return address.partition("@")[0].lower() in MAIL_SYSTEMS


def _is_other_report(message):
    """As one that says that a mail was read."""
    kind = message.get_param("report-type", "") if message.get_content_type() == REPORT else ""
    return bool(kind) and str(kind).lower() != "delivery-status"


REPORT = "multipart/report"


def _text(message):
    """The first words people are to read."""
    for part in message.walk():
        if part.get_content_type() == "text/plain" and not part.is_multipart():
            content = part.get_payload(decode=True) or b""
            charset = part.get_content_charset() or "utf-8"
            try:
                text = content.decode(charset, "replace")
            except (LookupError, ValueError):
                text = content.decode("utf-8", "replace")
            return cut(text, MOST_WORDS)
    return ""


def _message_ids(message):
    """Of the mail that is enclosed, whole or its head; else of the one that is answered."""
    for part in message.walk():
        kind = part.get_content_type()
        if kind == "message/rfc822" and isinstance(part.get_payload(), list):
            head = str(part.get_payload()[0].get("Message-ID", ""))
        elif kind == "text/rfc822-headers":
            head = _head(part)
        else:
            continue
        if found := _MESSAGE_ID.findall(head):
            return tuple(found[:1])
    answered = f"{message.get('In-Reply-To', '')} {message.get('References', '')}"
    return tuple(dict.fromkeys(_MESSAGE_ID.findall(answered)))[:MOST_IDS]


def _head(part):
    text = (part.get_payload(decode=True) or b"").decode("utf-8", "replace")
    found = re.search(r"^Message-ID:\s*(.*)$", text, re.IGNORECASE | re.MULTILINE)
    return found[1] if found else ""
