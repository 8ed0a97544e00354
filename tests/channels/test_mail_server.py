"""The e-mail channel with a mail server that really listens: what it takes, and what it answers."""

from dataclasses import replace
from email import message_from_bytes
from email.policy import SMTP

import pytest
from odoo.addons.accountable_connect.api.channels.contract import ChannelError
from odoo.addons.accountable_connect.api.channels.mail import MailChannel

from .cases import LETTER, MailCase, Post, shipment

ONE = {"F1.xml": b"<Invoice/>"}


@pytest.fixture
def office(monkeypatch, postbox):
    """A mail server and the channel to it."""
    case = MailCase(monkeypatch, postbox)
    yield case
    case.close()
    postbox.postbox.switches.set({"largest_mail": 35 * 1024 * 1024, "smtp_utf8": True})


def sent(office, contents=ONE, **letter):
    """Hand over, and give what came: the row and the message."""
    parcel = replace(shipment(contents), letter=replace(LETTER, **letter))
    channel = office.again()
    channel.publish(parcel, channel.write(parcel), first=True)
    [(row, content)] = office.mails()
    return row, message_from_bytes(content, policy=SMTP)


def refused(office, parcel=None, largest=0):
    """The ChannelError of a hand-over of which nothing came."""
    parcel = parcel or shipment(ONE)
    channel = MailChannel(Post(office.postbox.smtp_port), largest)
    with pytest.raises(ChannelError) as caught:
        channel.publish(parcel, channel.write(parcel), first=True)
    assert office.mails() == []
    return caught.value


def test_the_envelope_keeps_the_capitals_of_the_box(office):
    row, message = sent(office, recipient="Uid80001-SI@Kantoor.example")
    assert row["recipient"].startswith("Uid80001-SI@")
    assert row["sender"] == Post.envelope
    assert message["To"] == "Uid80001-SI@Kantoor.example"
    assert message["Message-Id"] == LETTER.message_id


def test_a_domain_that_is_not_ascii_travels_on_a_server_that_takes_only_that(office):
    office.postbox.postbox.switches.set({"smtp_utf8": False, "own_domains": "*.example"})
    row, _message = sent(office, recipient="Box@büro.example", subject="Été – 12 €")
    assert row["recipient"] == "Box@xn--bro-hoa.example"
    assert row["subject"] == "Été – 12 €"


@pytest.mark.parametrize(
    "body", [".", "..\n.", "a\n.\nMAIL FROM:<x>\n..b", ".\r\n.\r\n", "x\n\n\n."]
)
def test_lines_of_dots_end_nothing(office, body):
    _row, message = sent(office, body=body)
    shown = message.get_body().get_content().replace("\r\n", "\n").rstrip("\n")
    assert shown == body.replace("\r\n", "\n").rstrip("\n")
    [file] = message.iter_attachments()
    assert file.get_payload(decode=True) == ONE["F1.xml"]


def test_no_subject_or_name_becomes_a_header_or_a_command(office):
    evil = "x\r\nBcc: eve@evil.example\r\n\r\n.\r\nRCPT TO:<eve@evil.example>"
    row, message = sent(office, subject=evil, contents={evil.replace("\r\n", "\n"): b"1"})
    assert message["Bcc"] is None
    assert row["recipient"] == LETTER.recipient
    assert len([*message.iter_attachments()]) == 1


@pytest.mark.parametrize("at", ["mail", "rcpt", "data"])
@pytest.mark.parametrize(
    ("words", "temporary"),
    [
        ("450 4.7.1 Later, please", True),
        ("451 4.3.0 Not now", True),
        ("550 5.7.1 Not from you", False),
        ("554 5.7.1 Spam", False),
    ],
)
def test_what_it_answers_decides(office, at, words, temporary):
    office.fail("unknown_sender", at=at, words=words)
    error = refused(office)
    assert error.values["words"] == words
    assert (error.temporary, error.unknown) == (temporary, False)
    assert error.withdrawn == (at == "data")  # nothing was written yet, else
    codes = {
        "mail": "mail_sender_refused",
        "rcpt": "mail_recipient_refused",
        "data": "mail_refused",
    }
    assert error.code == ("mail_later" if temporary else codes[at])


@pytest.mark.parametrize("at", ["rcpt", "data"])
def test_too_large_is_said_with_the_words_of_the_server(office, at):
    office.fail("too_large", at=at)
    error = refused(office)
    assert (error.code, error.temporary) == ("mail_size_refused", False)
    assert error.values["words"].startswith("552 5.3.4")


def test_what_is_larger_than_its_size_is_not_even_tried(office):
    office.postbox.postbox.switches.set({"largest_mail": 20_000})
    sent(office, {"F1.pdf": b"x" * 10_000})
    office.take()
    for largest in (0, 1_000_000):
        error = refused(office, shipment({"F1.pdf": b"x" * 20_000}), largest)
        assert (error.code, error.temporary) == ("mail_too_large", False)
    assert refused(office, shipment({"F1.pdf": b"x" * 9_000}), 9_000).code == "mail_too_large"


def test_a_greylist_takes_the_second_try(office):
    office.fail("greylist")
    error = refused(office)
    assert (error.code, error.temporary) == ("mail_later", True)
    row, _message = sent(office)
    assert row["recipient"] == LETTER.recipient


def test_lost_before_the_dot_nothing_was_sent(office):
    """In the place of 354; in the middle of the mail, what counts is whether the dot was sent."""
    office.fail("lost_before_dot", count=1)
    error = refused(office)
    assert (error.code, error.temporary, error.withdrawn) == ("mail_lost", True, True)
    assert not error.unknown


def test_a_mail_that_was_begun_and_left_is_none(office):
    channel = office.again()
    channel.write(shipment(ONE))
    channel.close()
    assert office.mails() == []
