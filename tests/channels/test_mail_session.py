"""What a mail server answers, and when it goes away: sent, not sent, or nobody knows."""

import smtplib
import time
from dataclasses import replace

import pytest
from odoo.addons.accountable_connect.api.channels.contract import ChannelError, Outcome
from odoo.addons.accountable_connect.api.channels.mail import PATIENCE, MailChannel
from odoo.addons.accountable_connect.api.channels.message import content_of, message_of

from .test_mail_message import mail

OK = (250, b"2.0.0 Ok")


class Line:
    """A socket that only keeps how long anybody would wait."""

    def __init__(self):
        self.waits = []

    def settimeout(self, seconds):
        self.waits.append(seconds)


class Session:
    """An ``smtplib`` session of a server that answers as a test says. ``said``: every command;
    answers are given in turn for each: a pair, or an error that is raised."""

    def __init__(self, size="", **answers):
        self.answers = answers
        self.esmtp_features = {"size": size} if size is not None else {}
        self.sock, self.said, self.bytes, self.is_open = Line(), [], b"", True

    def _answer(self, command, *said):
        self.said.append((command, *said))
        answer = self.answers.get(command, (354, b"Go") if command == "data" else OK)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def has_extn(self, name):
        return name in self.esmtp_features

    def mail(self, sender, options=()):
        return self._answer("mail", sender, *options)

    def rcpt(self, recipient):
        return self._answer("rcpt", recipient)

    def docmd(self, command):
        return self._answer(command)

    def send(self, content):
        if content != b".\r\n":
            self._answer("content")
        self.bytes += content

    def getreply(self):
        return self._answer("dot")

    def quit(self):
        self._answer("quit")

    def close(self):
        self.is_open = False


class Office:
    def __init__(self, session):
        self.session = session

    def connect(self, message):
        return self.session, "bounce@garage.example", message


def channel(largest=0, until=None, **answers):
    """A channel and the session that it gets."""
    session = Session(**answers)
    return MailChannel(Office(session), largest, until), session


def refused(largest=0, until=None, parcel=None, **answers):
    """The ChannelError of a hand-over; its session is over."""
    mails, session = channel(largest, until, **answers)
    parcel = parcel or mail()
    with pytest.raises(ChannelError) as caught:
        mails.publish(parcel, mails.write(parcel), first=True)
    assert not session.is_open
    return caught.value


def test_mail_and_recipient_are_answered_before_anything_is_sent():
    mails, session = channel()
    parcel = mail()
    written = mails.write(parcel)
    size = len(content_of(message_of(parcel)))
    assert session.said[1] == ("rcpt", "Uid80001-PI@Kantoor.example")
    assert session.said[0][:2] == ("mail", "bounce@garage.example")
    assert abs(int(session.said[0][2].removeprefix("size=")) - size) < 200
    assert not session.bytes
    assert session.is_open
    assert written == {
        "names": ["F1.xml"],
        "message_id": parcel.letter.message_id,
        "sent_from": "boekhouding@garage.example",
        "sent_to": "Uid80001-PI@Kantoor.example",
    }
    assert mails.publish(parcel, written, first=True) == ["F1.xml"]
    assert [command for command, *_said in session.said[2:]] == ["data", "content", "dot", "quit"]
    assert session.bytes.endswith(b"\r\n.\r\n")
    assert not session.is_open


@pytest.mark.parametrize("command", ["mail", "rcpt", "data", "dot"])
@pytest.mark.parametrize(
    ("answer", "temporary"), [((450, b"4.7.1 Greylisted"), True), ((550, b"5.1.1 Who?"), False)]
)
def test_what_the_server_answers_decides(command, answer, temporary):
    error = refused(**{command: answer})
    assert error.temporary is temporary
    assert not error.unknown
    assert error.withdrawn or command in ("mail", "rcpt")  # write leaves nothing behind anyway
    assert error.values["words"] == f"{answer[0]} {answer[1].decode()}"
    assert error.values["recipient"] == "Uid80001-PI@Kantoor.example"
    codes = {"mail": "mail_sender_refused", "rcpt": "mail_recipient_refused"}
    assert error.code == ("mail_later" if temporary else codes.get(command, "mail_refused"))


@pytest.mark.parametrize("command", ["mail", "rcpt", "dot"])
def test_too_large_or_full(command):
    error = refused(**{command: (552, b"5.2.2 Full")})
    assert (error.code, error.temporary) == ("mail_size_refused", False)


@pytest.mark.parametrize("loss", [smtplib.SMTPServerDisconnected("gone"), TimeoutError("slow")])
@pytest.mark.parametrize("command", ["mail", "rcpt", "data", "content"])
def test_lost_before_the_dot_it_was_not_sent(command, loss):
    error = refused(**{command: loss})
    assert (error.code, error.temporary, error.unknown) == ("mail_lost", True, False)
    assert error.withdrawn or command in ("mail", "rcpt")
    assert str(loss) in error.values["words"]


@pytest.mark.parametrize("loss", [smtplib.SMTPServerDisconnected("gone"), TimeoutError("slow")])
def test_lost_after_the_dot_nobody_knows(loss):
    error = refused(dot=loss)
    assert (error.code, error.unknown, error.withdrawn) == ("mail_unknown", True, False)
    assert not error.temporary


@pytest.mark.parametrize(
    "answer", [(-1, b"0 Ok"), (25, b""), (354, b"Go on"), (150, b""), (600, b"\x00")]
)
def test_an_answer_to_the_dot_that_says_neither_is_no_refusal(answer):
    error = refused(dot=answer)
    assert (error.code, error.unknown, error.withdrawn) == ("mail_unknown", True, False)
    assert not error.temporary


def test_a_farewell_that_fails_changes_nothing():
    mails, session = channel(quit=smtplib.SMTPServerDisconnected("gone"))
    assert mails.publish(mail(), mails.write(mail()), first=True) == ["F1.xml"]
    assert not session.is_open


def test_nobody_can_ask_what_became_of_it():
    mails, session = channel()
    assert mails.settle(mail(), mails.write(mail())) is Outcome.UNKNOWN
    mails.close()
    assert not session.is_open
    with pytest.raises(ChannelError) as caught:
        mails.publish(mail(), {"names": []})
    assert caught.value.withdrawn  # without its session nothing left
    assert caught.value.temporary


def test_the_size_is_compared_before_anything_is_said():
    parcel = mail({"F1.pdf": b"x" * 50_000})
    mails, session = channel(largest=60_000)
    with pytest.raises(ChannelError) as caught:
        mails.write(parcel)
    assert session.said == []
    assert (caught.value.code, caught.value.temporary) == ("mail_too_large", False)
    assert caught.value.values["limit"] == "0.1"
    mails, session = channel(size="60000")
    with pytest.raises(ChannelError) as caught:
        mails.write(parcel)
    assert [command for command, *_said in session.said] == ["quit"]
    assert caught.value.code == "mail_too_large"
    for silent in ("", "0", "many", "9" * 5000, None):
        mails, session = channel(size=silent)
        mails.write(parcel)
        assert ("size" in str(session.said[0])) is (silent is not None)


def test_nobody_waits_longer_than_the_worker_lives():
    mails, session = channel()
    mails.publish(mail(), mails.write(mail()), first=True)
    assert max(session.sock.waits) == PATIENCE
    mails, session = channel(until=time.monotonic() + 20)
    mails.publish(mail(), mails.write(mail()), first=True)
    assert max(session.sock.waits) <= 20
    error = refused(until=time.monotonic() - 1)
    assert (error.code, error.temporary) == ("mail_lost", True)


def test_control_characters_of_a_server_are_not_shown():
    error = refused(rcpt=(550, b"5.1.1 no\x1b[31m\r\nsuch \xff box" + b"x" * 900))
    words = error.values["words"]
    assert words.startswith("550 5.1.1 no [31m such \ufffd box")
    assert len(words) <= 500


def test_several_documents_apart_are_attachments_of_one_mail():
    parcel = replace(mail({"F1.xml": b"1", "F1.pdf": b"2"}), apart=True)
    mails, session = channel()
    assert mails.publish(parcel, mails.write(parcel), first=True) == ["F1.xml", "F1.pdf"]
    assert session.bytes.count(b"Content-Disposition: attachment") == 2
