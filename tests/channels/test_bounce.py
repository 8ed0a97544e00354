"""What comes back of an e-mail, as mail servers write it."""

import email
import email.policy

import pytest
from odoo.addons.accountable_connect.api.channels.bounce import MOST_WORDS, read_bounce

SENT = "<accountable.0011@voorbeeld.example>"
HEAD = f"Message-ID: {SENT}\r\nSubject: Invoice\r\n\r\n"


def report(
    *recipients,
    original=("message/rfc822", HEAD),
    sender="MAILER-DAEMON@mx.example",
    kind="delivery-status",
    text="It could not be delivered.",
    head="",
):
    """A report, one block of fields for each recipient; without any it has no such part."""
    parts = [("text/plain", text)]
    if recipients:
        blocks = ["Reporting-MTA: dns; mx.example\r\n", *recipients]
        parts.append(("message/delivery-status", "\r\n".join(blocks)))
    if original:
        parts.append(original)
    body = "".join(f"--b\r\nContent-Type: {one}\r\n\r\n{content}\r\n" for one, content in parts)
    message = (
        f"From: Mail <{sender}>\r\nTo: bounce@voorbeeld.example\r\n{head}"
        f'Content-Type: multipart/report; report-type={kind}; boundary="b"\r\n\r\n{body}--b--\r\n'
    )
    return read_bounce(email.message_from_string(message, policy=email.policy.SMTP))


def recipient(action="failed", status="5.1.1", diagnostic="smtp; 550 5.1.1 No such mailbox"):
    fields = {
        "Final-Recipient": "rfc822; uid80001@Kantoor.example",
        "Action": action,
        "Status": status,
        "Diagnostic-Code": diagnostic,
    }
    return "".join(f"{name}: {value}\r\n" for name, value in fields.items() if value)


def test_the_receivers_words():
    bounce = report(recipient())
    assert bounce.failed
    assert bounce.words == "550 5.1.1 No such mailbox"
    assert bounce.recipient == "uid80001@Kantoor.example"
    assert bounce.message_ids == (SENT,)


def test_words_on_several_lines():
    assert report(recipient(diagnostic="smtp; 550 No\r\n such\r\n mailbox")).words == (
        "550 No such mailbox"
    )


def test_without_words_the_status():
    assert report(recipient(diagnostic="")).words == "5.1.1"
    assert report(recipient(diagnostic="", status="")).words == "It could not be delivered."
    assert report(recipient(diagnostic="smtp; " + "x" * 999)).words == "x" * MOST_WORDS


@pytest.mark.parametrize(
    ("action", "status", "failed"),
    [
        ("failed", "5.1.1", True),
        ("Failed", "4.4.7", True),
        ("delayed", "4.4.1", False),
        ("relayed", "2.0.0", False),
        ("delivered", "2.0.0", False),
        ("expanded", "2.0.0", False),
        ("", "5.2.2", True),
        ("", "4.2.2", False),
        ("", "", False),
    ],
)
def test_what_is_lost(action, status, failed):
    assert report(recipient(action, status)).failed is failed


def test_one_of_several_recipients_is_lost():
    bounce = report(recipient("delivered", "2.0.0", ""), recipient())
    assert bounce.failed
    assert bounce.words == "550 5.1.1 No such mailbox"


def test_no_block_of_a_recipient():
    assert report("").failed is False


@pytest.mark.parametrize("sender", ["MAILER-DAEMON@mx.example", "postmaster@mx.example"])
def test_a_mail_server_without_a_report(sender):
    bounce = report(sender=sender, text="No such mailbox")
    assert (bounce.failed, bounce.words) == (True, "No such mailbox")


def test_an_answering_machine_is_no_failure():
    assert report(sender="office@kantoor.example", text="We are closed.").failed is False


def test_a_mail_that_was_read_is_no_failure():
    assert report(kind="disposition-notification").failed is False


@pytest.mark.parametrize(
    "original",
    [("message/rfc822", HEAD), ("text/rfc822-headers", HEAD.lower().replace(SENT.lower(), SENT))],
)
def test_which_mail_it_was(original):
    head = "In-Reply-To: <other@example>\r\n"
    assert report(recipient(), original=original, head=head).message_ids == (SENT,)


def test_which_mail_is_answered():
    head = f"In-Reply-To: {SENT}\r\nReferences: <first@example> {SENT}\r\n"
    assert report(original=None, head=head).message_ids == (SENT, "<first@example>")
    assert report(original=None).message_ids == ()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"From: x\r\n\r\n",
        b"Content-Type: message/delivery-status\r\n\r\n",
        b"Content-Type: message/rfc822\r\n\r\n",
        b"Content-Type: multipart/report; boundary=b\r\n\r\nno parts",
        b'Content-Type: text/plain; charset="no-such"\r\n\r\n\xff\xfe',
        b"Content-Type: multipart/report; report-type=; boundary=b\r\n\r\n--b\r\n\r\n--b--",
        b"From: MAILER-DAEMON\r\nMessage-ID: <\r\nIn-Reply-To: <\xff@x>\r\n\r\n",
    ],
)
def test_nothing_in_it_breaks(content):
    for policy in (email.policy.SMTP, email.policy.compat32):
        read_bounce(email.message_from_bytes(content, policy=policy))


@pytest.mark.parametrize("charset", ["nobody-knows", "idna", "a\0b"])
def test_text_in_an_alphabet_that_is_none(charset):
    message = email.message_from_string(
        f"From: MAILER-DAEMON@mx.example\r\nIn-Reply-To: {SENT}\r\n"
        f"Content-Type: text/plain; charset={charset}\r\n"
        f"Content-Transfer-Encoding: base64\r\n\r\n/25vIHN1Y2ggYm94\r\n",
        policy=email.policy.SMTP,
    )
    bounce = read_bounce(message)
    assert bounce.failed
    assert "no such box" in bounce.words
    assert bounce.message_ids == (SENT,)


def test_what_cannot_be_read_says_nothing():
    nested = "Content-Type: message/rfc822\r\n\r\n" * 450
    message = email.message_from_string(f"{nested}text", policy=email.policy.SMTP)
    for _deeper in range(1000):
        around = email.message.EmailMessage()
        around.set_type("multipart/report")
        around.set_payload([message])
        message = around
    bounce = read_bounce(message)
    assert not bounce.failed
    assert bounce.message_ids == ()


def test_of_thousands_of_mails_only_some_are_looked_for():
    many = " ".join(f"<{place}@x.example>" for place in range(200))
    message = email.message_from_string(
        f"From: MAILER-DAEMON@mx.example\r\nReferences: {many}\r\n\r\nNo\r\n",
        policy=email.policy.SMTP,
    )
    assert len(read_bounce(message).message_ids) == 50
