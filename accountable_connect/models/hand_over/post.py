"""The way of an e-mail through the mail servers that Odoo has."""

import smtplib
import ssl
from email.message import EmailMessage
from types import SimpleNamespace

from odoo.exceptions import UserError

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
            .sudo()
            .with_context(
                domain_bounce_address=self.domain.bounce_email or False,
                domain_notifications_email=self.domain.default_from_email or False,
            )
        )

    def connect(self, message):
        """``(session, envelope sender, message)``: the session is open, no message was begun.
        Raises ChannelError."""
        session = self._session(message["From"])
        try:
            sender, _recipients, message = self.servers._prepare_email_message__(message, session)
        except AssertionError as error:
            session.close()
            raise _error("mail_sender", error, sender=message["From"]) from error
        return session, sender, message

    def seen(self, sender):
        """``(From, envelope sender)`` as the receiver sees them; nothing is connected."""
        server, smtp_from = self.servers._find_mail_server(sender)
        session = SimpleNamespace(from_filter=self._from_filter(server), smtp_from=smtp_from)
        message = EmailMessage()
        message["From"], message["To"] = sender, sender
        try:
            envelope, _to, message = self.servers._prepare_email_message__(message, session)
        except AssertionError as error:
            raise _error("mail_sender", error, sender=sender) from error
        return str(message["From"]), envelope

    def _from_filter(self, server):
        return server.from_filter if server else self.servers._get_default_from_filter()

    def _session(self, sender):
        server, _sender = self.servers._find_mail_server(sender)
        host = server.smtp_host if server else ""
        try:
            session = self.servers._connect__(smtp_from=sender)
        except UserError as error:
            raise _error("mail_no_server", error, words=str(error)) from error
        except smtplib.SMTPAuthenticationError as error:
            words = spoken(error.smtp_code, error.smtp_error)
            later = 400 <= error.smtp_code < 500
            raise _error(
                "mail_sign_in_refused", error, temporary=later, host=host, words=words
            ) from error
        except ssl.SSLError as error:
            raise _error("mail_not_encrypted", error, host=host, words=str(error)) from error
        except (smtplib.SMTPException, OSError) as error:
            code = "mail_server_unreachable" if server else "mail_no_server"
            raise _error(
                code, error, temporary=bool(server), host=host, words=str(error)
            ) from error
        if session is None:
            # Odoo sends nothing while it runs tests
            raise ChannelError("Odoo sends no e-mails now", code="mail_lost", temporary=True)
        return session


def _error(code, error, temporary=False, **values):
    text = f"{type(error).__name__}: {error}"
    return ChannelError(text, code=code, values=values, temporary=temporary)
