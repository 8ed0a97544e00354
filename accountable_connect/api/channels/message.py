"""The e-mail in which files go: plain text and attachments, nothing else. Plain Python, no Odoo."""

import re
from email.generator import BytesGenerator
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import localtime
from io import BytesIO

from .addresses import wire_address
from .content import pieces_of
from .contract import ChannelError
from .zip_stream import zip_pieces

# What surrounds the files: headers, borders of the parts.
AROUND = 4096
AROUND_A_FILE = 512
_LINE_BREAKS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")


def estimated_size(shipment):
    """Bytes of the message, about: a file in base64 is a third larger, and has line ends."""
    size = AROUND + 2 * len(shipment.letter.body.encode())
    return size + sum(file.size * 4 // 3 * 78 // 76 + AROUND_A_FILE for file in shipment.files)


def message_of(shipment):
    """The :class:`EmailMessage` of a shipment that has a letter. Raises ChannelError where a file
    is not what it was, or there is none: some receivers make a document of the text alone."""
    letter = shipment.letter
    if not shipment.files:
        raise ChannelError("No file to attach", code="content_lost", values={"name": shipment.name})
    message = EmailMessage(policy=SMTP)
    message["From"] = wire_address(letter.sender)
    message["To"] = wire_address(letter.recipient)
    message["Subject"] = one_line(letter.subject)
    message["Date"] = localtime()
    message["Message-Id"] = letter.message_id
    # no answer of a machine comes back (RFC 3834)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.body, subtype="plain", charset="utf-8", cte="quoted-printable")
    for name, media_type, content in _attachments(shipment):
        kind, subtype = media_type.split("/", 1)
        message.add_attachment(content, maintype=kind, subtype=subtype, filename=one_line(name))
        part = message.get_payload()[-1]
        # older programs look for the name there
        part.set_param("name", one_line(name))
    return message


def content_of(message):
    """The bytes that go over the wire, without the final dot: lines end as SMTP wants them, and a
    dot at the start of a line is doubled (RFC 5321, 4.5.2)."""
    buffer = BytesIO()
    BytesGenerator(buffer, policy=SMTP).flatten(message)
    content = re.sub(rb"(?m)^\.", b"..", buffer.getvalue())
    return content if content.endswith(b"\r\n") else content + b"\r\n"


def one_line(text):
    """A text in which no header ends."""
    return _LINE_BREAKS.sub(" ", text).strip()


def _attachments(shipment):
    if shipment.packed:
        yield f"{shipment.name}.zip", "application/zip", b"".join(zip_pieces(shipment.files))
        return
    for file in shipment.files:
        yield file.name, file.media_type, b"".join(pieces_of(file))
