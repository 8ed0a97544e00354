"""Mails as a sender's software writes them, and a postbox that takes them."""

from __future__ import annotations

import io
import smtplib
import zipfile
from email.message import EmailMessage

from e_invoices import e_invoice

from sandbox.postbox.seed import number_of

SENDER = "boekhouding@vandersmissen.example"
PDF = b"%PDF-1.4 paper"
JPEG, PNG, GIF = b"\xff\xd8\xff\xe0 photo", b"\x89PNG\r\n\x1a\n logo", b"GIF89a logo"


def mail(*files, subject="Invoice 2026-001", text="Invoice", sender=SENDER, **headers):
    """A mail with files, (name, content) or (name, content, media type) each."""
    message = EmailMessage()
    message["From"] = f"Bookkeeping <{sender}>"
    message["Subject"] = subject
    message["Message-ID"] = "<1.2.3@vandersmissen.example>"
    for name, value in headers.items():
        message[name] = value
    message.set_content(text)
    for name, content, *kind in files:
        main, _slash, sub = (kind or ["application/octet-stream"])[0].partition("/")
        message.add_attachment(content, maintype=main, subtype=sub, filename=name)
    return message


def invoice(name="INV_2026-001.xml", **values):
    """An e-invoice as a file of a mail."""
    return name, e_invoice(**values), "application/xml"


def paper(name="INV_2026-001.pdf"):
    """A PDF as a file of a mail."""
    return name, PDF, "application/pdf"


def zipped(**files):
    """A ZIP with files."""
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return into.getvalue()


def connection(boxes):
    """A client of its mail server."""
    return smtplib.SMTP("127.0.0.1", boxes.smtp_port, timeout=20)


def send(boxes, message, to=None, box="octopus", side="purchase", sender=SENDER):
    """Send a mail, or the bytes of one, and give what became of it."""
    content = message if isinstance(message, bytes) else message.as_bytes()
    with connection(boxes) as client:
        client.sendmail(sender, [to or boxes.address(number_of(box), side)], content)
    return boxes.mails()[-1]


def documents(boxes, box):
    """Kind and name of what a box has."""
    return [(row["kind"], row["name"]) for row in boxes.received(number_of(box))]
