"""The report that a mail could not be delivered, as RFC 3464 has it."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
import re
from email.message import Message
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import format_datetime, make_msgid

SERVER = "mx.postbox.sandbox"
STATUS = re.compile(r"\d{3}[ -](\d\.\d{1,3}\.\d{1,3})")


def report(sender: str, recipient: str, words: str, content: bytes, moment: dt.datetime) -> bytes:
    """The report to ``sender``: what the receiver said, and the headers of the mail."""
    found = STATUS.match(words)
    status = found[1] if found else "5.0.0"
    message = MIMEMultipart("report", report_type="delivery-status")
    message["From"] = f"Mail Delivery System <MAILER-DAEMON@{SERVER}>"
    message["To"] = sender
    message["Subject"] = "Undelivered Mail Returned to Sender"
    message["Date"] = format_datetime(moment)
    message["Message-ID"] = make_msgid(domain=SERVER)
    message["Auto-Submitted"] = "auto-replied"
    message.attach(
        MIMEText(
            f"This is the mail system at host {SERVER}.\n\nYour message could not be delivered"
            f" to one or more recipients.\n\n<{recipient}>: host {SERVER} said: {words}\n"
        )
    )
    message.attach(_status(recipient, words, status, moment))
    message.attach(_headers(content))
    return message.as_bytes(policy=email.policy.SMTP)


def _status(recipient: str, words: str, status: str, moment: dt.datetime) -> Message:
    part = Message()
    part["Content-Type"] = "message/delivery-status"
    server, one = Message(), Message()
    server["Reporting-MTA"] = f"dns; {SERVER}"
    server["Arrival-Date"] = format_datetime(moment)
    one["Final-Recipient"] = f"rfc822; {recipient}"
    one["Original-Recipient"] = f"rfc822;{recipient}"
    one["Action"] = "failed"
    one["Status"] = status
    one["Remote-MTA"] = f"dns; {SERVER}"
    one["Diagnostic-Code"] = f"smtp; {words}"
    part.set_payload([server, one])
    return part


def _headers(content: bytes) -> Message:
    """The headers of the mail, as they were."""
    head = re.split(rb"\r?\n\r?\n", content, maxsplit=1)[0]
    part = Message()
    part["Content-Type"] = "text/rfc822-headers"
    part.set_payload(head.decode("ascii", "replace").replace("\r\n", "\n") + "\n")
    return part
