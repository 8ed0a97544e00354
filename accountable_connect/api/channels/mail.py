"""E-mail: one message for a shipment, over a session with a mail server.

::

    write      the message is built, MAIL and RCPT are answered     nothing is visible
    publish    DATA, the content ─ lost here: not sent ─ the final dot ─ lost here: unknown
    settle     nobody can ask a mail server: unknown

What the server answers decides (RFC 5321, 4.2.1): 4xx may work later, 5xx never does by itself. A
message it took may still come back.
"""

import re
import smtplib
import time
from contextlib import contextmanager, suppress
from dataclasses import replace

from .addresses import wire_address
from .contract import Channel, ChannelError, Outcome
from .message import content_of, estimated_size, message_of

# Seconds a server may take for one answer, the one after the final dot included.
PATIENCE = 60
# For the answer to the goodbye, which nobody needs.
GOODBYE = 5
# Bytes that go at once: a slow line has that time for each of them, not for all.
PIECE = 256 * 1024
LONGEST_WORDS = 500
# The message is too large, or the mailbox is full.
TOO_LARGE = 552


class MailChannel(Channel):
    """``post.connect(message)`` gives ``(session, envelope sender, message)``: an open ``smtplib``
    session, and the message as the server lets it through (its From may be another one). It raises
    ChannelError.

    ``largest``: bytes of the whole message that are taken, 0 where nobody names a limit. ``until``:
    moment of ``time.monotonic`` at which the worker ends, which waits for no answer after it; None:
    it does not end.
    """

    def __init__(self, post, largest=0, until=None):
        self.post = post
        self.largest = largest
        self.until = until
        self._session = None
        self._content = b""

    def test(self):
        """Nothing can be tried that would leave nothing: a message is what there is to see."""

    def write(self, shipment):  # pylint: disable=method-required-super
        letter = shipment.letter
        self._check_size(estimated_size(shipment), self.largest, letter)
        message = message_of(shipment)
        self.close()
        self._session, sender, message = self.post.connect(message)
        letter = replace(letter, sender=str(message["From"]))  # as the server is told
        try:
            self._content = content_of(message)
            self._check_size(len(self._content), self.largest, letter)
            self._check_size(len(self._content), self._server_limit(), letter)
            with _broken_as("mail_lost", letter):
                self._begin(letter, sender)
        except BaseException:
            self.close()
            raise
        return {
            "names": _names(shipment),
            "message_id": letter.message_id,
            "sent_from": str(message["From"]),
            "sent_to": letter.recipient,
        }

    def publish(self, shipment, written, first=False):
        letter = shipment.letter
        if self._session is None:
            raise _withdrawn(
                ChannelError("No session", code="mail_lost", values=_values(letter), temporary=True)
            )
        try:
            self._send(letter)
        finally:
            self.close()
        return written["names"]

    def settle(self, shipment, written):
        return Outcome.UNKNOWN

    def close(self):
        session, self._session, self._content = self._session, None, b""
        if session is not None:
            with suppress(smtplib.SMTPException, OSError):
                if session.sock is not None:
                    session.sock.settimeout(GOODBYE)
                session.quit()
            with suppress(OSError):
                session.close()

    # One after the other

    def _begin(self, letter, sender):
        session = self._session
        self._bound()
        options = [f"size={len(self._content)}"] if session.has_extn("size") else []
        _check(session.mail(sender, options), letter, "mail_sender_refused")
        self._bound()
        _check(session.rcpt(wire_address(letter.recipient)), letter, "mail_recipient_refused")

    def _send(self, letter):
        """DATA and the content. Nothing of it counts before the final dot."""
        session = self._session
        try:
            with _broken_as("mail_lost", letter):
                self._bound()
                _check(session.docmd("data"), letter, "mail_refused", good=(354,))
                for start in range(0, len(self._content), PIECE):
                    self._bound()
                    session.send(self._content[start : start + PIECE])
                self._bound()
        except ChannelError as error:
            raise _withdrawn(error) from error
        try:
            session.send(b".\r\n")
            answer = session.getreply()
        except (smtplib.SMTPException, OSError) as error:
            raise _unknown(f"Lost after the final dot: {error}", letter) from error
        if not _is_verdict(answer[0]):
            raise _unknown(f"After the final dot: {spoken(*answer)}", letter)
        try:
            _check(answer, letter, "mail_refused")
        except ChannelError as error:
            raise _withdrawn(error) from error

    def _bound(self):
        """What comes next has as long as a server may take, and the worker has."""
        left = PATIENCE if self.until is None else min(PATIENCE, self.until - time.monotonic())
        if left <= 0:
            raise TimeoutError("no time is left")
        if self._session.sock is not None:
            self._session.sock.settimeout(left)

    def _server_limit(self):
        """Bytes that the server takes (RFC 1870), 0 where it does not say."""
        size = self._session.esmtp_features.get("size", "").strip()
        return int(size) if re.fullmatch("[0-9]{1,18}", size) else 0

    @staticmethod
    def _check_size(size, limit, letter):
        if limit and size > limit:
            values = _values(letter) | {"size": _megabytes(size), "limit": _megabytes(limit)}
            raise ChannelError(f"{size} bytes, {limit} taken", code="mail_too_large", values=values)


@contextmanager
def _broken_as(code, letter):
    """What breaks a session as an error of the channel, which may pass by itself."""
    try:
        yield
    except (smtplib.SMTPException, OSError) as error:
        raise ChannelError(
            f"{type(error).__name__}: {error}",
            code=code,
            values=_values(letter) | {"words": str(error)},
            temporary=True,
        ) from error


def _check(answer, letter, code, good=range(200, 300)):
    """Raises ChannelError for an answer that is not one of the good ones."""
    number, text = answer
    if number in good:
        return
    words = spoken(number, text)
    values = _values(letter) | {"words": words}
    temporary = not 500 <= number <= 599
    if number == TOO_LARGE:
        code = "mail_size_refused"
    elif temporary:
        code = "mail_later"
    raise ChannelError(words, code=code, values=values, temporary=temporary)


def spoken(number, text):
    """What a server said, number and words, as it is shown to people."""
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)
    words = re.sub(r"[\x00-\x1f\x7f]+", " ", words).strip()
    return f"{number} {words}"[:LONGEST_WORDS].strip()


def _is_verdict(number):
    """Whether an answer says that a message was taken, or that it was not: half a line and what is
    no answer at all (-1) say neither."""
    return 200 <= number <= 299 or 400 <= number <= 599


def _unknown(text, letter):
    error = ChannelError(text, code="mail_unknown", values=_values(letter))
    error.unknown = True
    return error


def _withdrawn(error):
    error.withdrawn = True
    return error


def _values(letter):
    return {"recipient": letter.recipient, "sender": letter.sender}


def _megabytes(size):
    return f"{size / 1024 / 1024:.1f}"


def _names(shipment):
    if shipment.packed:
        return [f"{shipment.name}.zip"]
    return [file.name for file in shipment.files]
