"""The mail server before the boxes: who may write where, what it answers, and what goes wrong."""

from __future__ import annotations

import asyncio
import logging
import smtplib
import socket
import struct
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from . import certificate
from .listeners import Listeners
from .mailboxes import Mailbox
from .post_office import PostOffice

HOST_NAME = "mx.postbox.sandbox"
LONGEST_LINE = 1024 * 1024
TOO_LARGE = "552 5.3.4 Message size exceeds the limit of this mailbox"
_logger = logging.getLogger(__name__)
# Every command of a caller, else, and what is no command.
logging.getLogger("mail.log").setLevel(logging.ERROR)


class MailServer:
    """The mail server, listening from here on; ``port`` 0 takes a free one."""

    def __init__(self, listeners: Listeners, office: PostOffice, host: str, port: int):
        self.listeners = listeners
        self.office = office
        self._reports: set[asyncio.Task] = set()
        self._server = listeners.run(self._listen(host, port))
        self.port = self._server.sockets[0].getsockname()[1]
        listeners.at_the_end(self._end)

    async def _listen(self, host: str, port: int) -> asyncio.Server:
        loop = asyncio.get_running_loop()
        return await loop.create_server(lambda: Connection(self), host, port)

    async def _end(self) -> None:
        self._server.close()

    def send_report(self, report: dict[str, Any]) -> None:
        """Send a report to where the switch says; noted with it."""
        if str(self.office.switches["bounces_to"]):
            task = asyncio.get_running_loop().create_task(self._send(report))
            self._reports.add(task)
            task.add_done_callback(self._reports.discard)

    async def reports_are_sent(self) -> None:
        """Wait until all reports are."""
        await asyncio.gather(*self._reports)

    async def _send(self, report: dict[str, Any]) -> None:
        host, _colon, port = str(self.office.switches["bounces_to"]).rpartition(":")
        try:
            await asyncio.to_thread(_post, host, int(port), report)
            how = f"sent to {host}:{port}"
        except (OSError, smtplib.SMTPException, ValueError) as error:
            how = f"not sent: {error}"
        self.office.handed_on(report["id"], how)


def _post(host: str, port: int, report: dict[str, Any]) -> None:
    with smtplib.SMTP(host, port, timeout=10) as connection:
        connection.sendmail("", [report["to"]], report["content"])


class Connection(SMTP):
    """One caller."""

    line_length_limit = LONGEST_LINE
    is_cut = False

    def __init__(self, server: MailServer):
        self.office = server.office
        super().__init__(
            Handler(server),
            data_size_limit=int(self.office.switches["largest_mail"]) or None,
            enable_SMTPUTF8=bool(self.office.switches["smtp_utf8"]),
            hostname=HOST_NAME,
            ident="ESMTP sandbox",
            tls_context=certificate.context() if self.office.switches["smtp_tls"] else None,
            authenticator=self._sign_in,
            auth_require_tls=False,
            loop=asyncio.get_running_loop(),
        )

    def _sign_in(
        self, _server: Any, _session: Session, _envelope: Envelope, _mechanism: str, data: Any
    ) -> AuthResult:
        wanted = str(self.office.switches["smtp_login"]).partition(":")
        given = isinstance(data, LoginPassword) and (data.login, data.password)
        return AuthResult(success=given == (wanted[0].encode(), wanted[2].encode()), handled=False)

    async def _handle_client(self) -> None:
        said = self.office.faults.answer("connect", None, "", "")
        if said:
            await self.push(said)
            self.transport.close()
            return
        await super()._handle_client()

    async def push(self, status: Any) -> None:
        """Answer; 421 ends the connection."""
        if self.transport is None or self.is_cut:
            return
        await super().push(status)
        if str(status).startswith("421"):
            self.transport.close()

    async def smtp_DATA(self, arg: str) -> None:
        """The mail itself, or the end of the connection in its place."""
        order = None
        if self.envelope.rcpt_tos and not arg:
            order = self.office.faults.take("lost_before_dot", boxes_of(self.envelope))
        if order is None:
            await super().smtp_DATA(arg)
            return
        if order["size"]:
            await self.push("354 End data with <CR><LF>.<CR><LF>")
            left = order["size"]
            while left > 0 and (part := await self._reader.read(min(left, 65536))):
                left -= len(part)
        self.cut()

    def cut(self) -> None:
        """End the connection as a broken cable does."""
        self.is_cut = True
        connection = self.transport.get_extra_info("socket")
        if connection is not None:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.transport.abort()


def boxes_of(envelope: Envelope) -> list[int | None]:
    """The boxes that a mail goes to."""
    return [mailbox.box for mailbox in getattr(envelope, "mailboxes", [])]


class Handler:
    """What is answered to each command."""

    def __init__(self, server: MailServer):
        self.server = server
        self.office = server.office

    async def handle_exception(self, error: Exception) -> str:
        """Something of ours went wrong."""
        _logger.error("a mail could not be taken", exc_info=error)
        return "451 4.3.0 Internal error"

    async def handle_EHLO(
        self,
        server: Connection,
        session: Session,
        _envelope: Envelope,
        hostname: str,
        responses: list[str],
    ) -> list[str]:
        """What it can; signing in only where it asks for that."""
        session.host_name = hostname
        if self.office.switches["smtp_login"]:
            return responses
        return [line for line in responses if not line.startswith("250-AUTH")]

    async def handle_MAIL(
        self,
        _server: Connection,
        session: Session,
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> str:
        """Who writes."""
        address = "" if address == "<>" else address
        if self.office.switches["smtp_login"] and not session.authenticated:
            return "530 5.7.0 Authentication required"
        said = self.office.faults.answer("mail", None, address, "")
        if said:
            return said
        envelope.mail_from = address or "<>"
        envelope.mail_options.extend(options)
        envelope.size = next(
            (int(one[5:]) for one in options if one.startswith("SIZE=") and one[5:].isdigit()), 0
        )
        envelope.mailboxes = []
        return "250 2.1.0 Ok"

    async def handle_RCPT(
        self,
        _server: Connection,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        """To whom."""
        mailbox = self.office.find(address)
        if not isinstance(mailbox, Mailbox):
            return mailbox
        await asyncio.sleep(self.office.faults.seconds(mailbox.box))
        sender = sender_of(envelope)
        said = self.office.faults.answer("rcpt", mailbox.box, sender, address)
        if said:
            return said
        if self.office.is_too_large(mailbox, envelope.size):
            return TOO_LARGE
        envelope.rcpt_tos.append(address)
        envelope.mailboxes.append(mailbox)
        return "250 2.1.5 Ok"

    async def handle_DATA(self, server: Connection, _session: Session, envelope: Envelope) -> str:
        """The mail is here."""
        content: bytes = envelope.original_content or b""
        boxes = boxes_of(envelope)
        sender = sender_of(envelope)
        for mailbox, recipient in zip(envelope.mailboxes, envelope.rcpt_tos, strict=True):
            said = self.office.faults.answer("data", mailbox.box, sender, recipient)
            if said:
                return said
            if self.office.is_too_large(mailbox, len(content)):
                return TOO_LARGE
        # a slow server has the mail, also when the caller did not wait for its answer
        slow = self.office.faults.take("slow", boxes)
        lost = self.office.faults.take("lost_after_dot", boxes)
        reports = self.office.take(sender, envelope.rcpt_tos, content)
        for report in reports:
            self.server.send_report(report)
        await asyncio.sleep(slow["seconds"] if slow else 0)
        if lost:
            server.cut()
        return "250 2.0.0 Ok: queued"


def sender_of(envelope: Envelope) -> str:
    """Who a report goes to; "" for a mail of nobody."""
    return "" if envelope.mail_from in (None, "<>") else envelope.mail_from
