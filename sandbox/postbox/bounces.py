"""The report that a mail could not be delivered, as RFC 3464 has it and mail servers write it."""

from __future__ import annotations

import datetime as dt
import re
import textwrap
from email.utils import format_datetime, make_msgid

SERVER = "mx.postbox.sandbox"
STATUS = re.compile(r"\d{3}[ -](\d\.\d{1,3}\.\d{1,3})")
REPORT = """\
Return-Path: <>
Date: {date}
From: MAILER-DAEMON@{server} (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: {sender}
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
    boundary="{boundary}"
Message-ID: {message_id}

This is a MIME-encapsulated message.

--{boundary}
Content-Description: Notification
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

This is the mail system at host {server}.

I'm sorry to have to inform you that your message could not
be delivered to one or more recipients. It's attached below.

{told}

--{boundary}
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; {server}
X-Postfix-Sender: rfc822; {sender}
Arrival-Date: {date}

Final-Recipient: rfc822; {recipient}
Original-Recipient: rfc822;{recipient}
Action: failed
Status: {status}
Remote-MTA: dns; {server}
{diagnostic}

--{boundary}
Content-Description: Undelivered Message Headers
Content-Type: text/rfc822-headers
Content-Transfer-Encoding: 8bit

"""


def report(sender: str, recipient: str, words: str, content: bytes, moment: dt.datetime) -> bytes:
    """The report to ``sender``: what the receiver said, and the headers of the mail."""
    found = STATUS.match(words)
    boundary = f"REPORT.{moment.timestamp():.6f}/{SERVER}"
    told = f"<{recipient}>: host {SERVER}[127.0.0.1] said: {words} (in reply to RCPT TO command)"
    start = REPORT.format(
        date=format_datetime(moment),
        server=SERVER,
        sender=sender,
        recipient=recipient,
        status=found[1] if found else "5.0.0",
        boundary=boundary,
        message_id=make_msgid(domain=SERVER),
        told=_folded(told),
        diagnostic=_folded(f"Diagnostic-Code: smtp; {words}"),
    )
    head = re.split(rb"\r?\n\r?\n", content, maxsplit=1)[0]
    return (
        start.replace("\n", "\r\n").encode()
        + re.sub(rb"\r?\n", b"\r\n", head)
        + f"\r\n\r\n--{boundary}--\r\n".encode()
    )


def _folded(text: str) -> str:
    return "\n".join(
        textwrap.wrap(
            text, 72, subsequent_indent="    ", break_long_words=False, break_on_hyphens=False
        )
    )
