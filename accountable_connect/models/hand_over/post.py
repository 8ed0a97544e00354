"""The way of an e-mail through the mail servers that Odoo has."""

import smtplib
import ssl
from email.message import EmailMessage
from types import SimpleNamespace

from odoo import tools
from odoo.exceptions import UserError

from ...api.channels.addresses import wire_address
from ...api.channels.contract import ChannelError
from ...api.channels.mail import spoken


class Post:
    """The mail servers of Odoo, for one company; see :class:`MailChannel`.

    Odoo chooses the server by the sender, and may put another sender in its place.
    """

    def __init__(self, company):
        # whoever hands over, or sets it up, may read neither mail servers nor their domain
        self.domain = company.sudo().alias_domain_id
        self.servers = (
            company.env["ir.mail_server"]
            .with_company(company)
            .sudo()
            .with_context(
                # a worker has none, and Odoo's refusals want one
                lang=company.env.lang or "en_US",
                domain_bounce_address=self.domain.bounce_email or False,
                domain_notifications_email=self.domain.default_from_email or False,
            )
        )

    def connect(self, message):
        """``(session, envelope sender, message)``: the session is open, no message was begun.
        Raises ChannelError."""
        sender = str(message["From"])
        session = self._session(sender)
        try:
            envelope, _recipients, message = self.servers._prepare_email_message__(message, session)
        except AssertionError as error:
            session.close()
            raise _error("mail_sender", error, sender=sender) from error
        return session, envelope, message

    def seen(self, sender):
        """``(From, envelope sender)`` as the receiver sees them; nothing is connected."""
        sender = wire_address(sender)
        server, smtp_from = self.servers._find_mail_server(sender)
        session = SimpleNamespace(from_filter=self._from_filter(server), smtp_from=smtp_from)
        message = EmailMessage()
        message["From"], message["To"] = sender, sender
        try:
            envelope, _to, message = self.servers._prepare_email_message__(message, session)
        except AssertionError as error:
            raise _error("mail_sender", error, sender=sender) from error
        return str(message["From"]), envelope

    def largest(self, sender):
        """Bytes of an e-mail that the server of this sender takes, as its administrator noted it or
        let Odoo find it out; 0: not known."""
        server, _sender = self.servers._find_mail_server(sender)
        return int(server.max_email_size * 1024 * 1024) if server else 0

    def _from_filter(self, server):
        return server.from_filter if server else self.servers._get_default_from_filter()

    def _session(self, sender):
        server, _sender = self.servers._find_mail_server(sender)
        host = (server.smtp_host if server else "") or tools.config["smtp_server"] or ""
        try:
            session = self.servers._connect__(smtp_from=sender)
        except (UserError, smtplib.SMTPException, OSError) as error:
            # what Odoo tries where nobody named a server
            is_named = bool(server) or host not in ("", "localhost")
            raise _not_connected(error, is_named, sender=sender, host=host) from error
        if session is None:
            # Odoo sends nothing while it runs tests
            raise ChannelError("Odoo sends no e-mails now", code="mail_lost", temporary=True)
        return session


def _not_connected(error, is_named, **values):
    """The ChannelError of what keeps Odoo from a session.

    :param is_named: whether somebody named the server
    """
    words, answer = " ".join(str(error).split()), 0
    if isinstance(error, smtplib.SMTPResponseException):
        answer = error.smtp_code
        words = spoken(answer, error.smtp_error)
    temporary = not 500 <= answer <= 599
    if isinstance(error, smtplib.SMTPAuthenticationError):
        code = "mail_sign_in_refused"
    elif isinstance(error, ssl.SSLError):
        code, temporary = "mail_not_encrypted", False
    elif isinstance(error, smtplib.SMTPNotSupportedError):
        code = "mail_not_encrypted" if "STARTTLS" in words else "mail_sign_in_refused"
        temporary = False
    elif isinstance(error, UserError) or not is_named:
        code, temporary = "mail_no_server", False
    else:
        code = "mail_server_unreachable"
    return _error(code, error, temporary, words=words, **values)


def _error(code, error, temporary=False, **values):
    text = f"{type(error).__name__}: {error}"
    return ChannelError(text, code=code, values=values, temporary=temporary)
