"""The mail server of a postbox: what it answers to whom, and what goes wrong on order."""

from __future__ import annotations

import email
import signal
import smtplib
import ssl
import time

import pytest
import requests
from hypothesis import given, settings
from hypothesis import strategies as st
from postbox_mails import SENDER, connection, invoice, mail, paper, send
from sandbox_program import Program

from sandbox.postbox import serve
from sandbox.postbox.seed import number_of

TIMEOUT = 20
BOX = number_of("octopus")
TO = "uid80001-PI@octopus.sandbox"


@pytest.fixture(scope="module")
def running():
    with serve(watching=False) as server:
        yield server


@pytest.fixture
def boxes(running):
    running.postbox.reset()
    return running


@pytest.fixture
def client(boxes):
    with connection(boxes) as found:
        yield found


def control(boxes, path, method="POST", **body):
    address = f"{boxes.control_url}/{path}"
    return requests.request(method, address, json=body, timeout=TIMEOUT)


def answer(client, *commands):
    """The last answer to commands."""
    client.ehlo_or_helo_if_needed()
    for command in commands:
        code, words = client.docmd(command)
    return f"{code} {words.decode()}"


def until(found):
    """Wait for something."""
    ends = time.monotonic() + TIMEOUT
    while not found():
        assert time.monotonic() < ends
        time.sleep(0.01)


def refused(boxes, to=TO, sender=SENDER, content=None):
    """What a mail is refused with, as code and words; "" for one that is taken."""
    with connection(boxes) as client:
        try:
            client.sendmail(sender, [to], content or mail(paper()).as_bytes())
        except smtplib.SMTPRecipientsRefused as error:
            [(code, words)] = error.recipients.values()
        except smtplib.SMTPResponseException as error:
            code, words = error.smtp_code, error.smtp_error
        else:
            return ""
    return f"{code} {words.decode()}"


def test_what_it_can(boxes, client):
    client.ehlo("client.example")
    assert client.esmtp_features["size"] == str(35 * 1024 * 1024)
    assert client.has_extn("8bitmime") and client.has_extn("smtputf8")
    assert not client.has_extn("auth") and not client.has_extn("starttls")
    boxes.postbox.switches.set({"smtp_utf8": False, "largest_mail": 1000})
    with connection(boxes) as other:
        other.ehlo()
        assert other.esmtp_features["size"] == "1000" and not other.has_extn("smtputf8")
    assert refused(boxes, content=b"Subject: x\r\n\r\n" + b"x" * 1100).startswith("552")


@pytest.mark.parametrize(
    ("to", "code"),
    [
        ("uid80001@octopus.sandbox", ""),
        ("uid80001-X1@OCTOPUS.sandbox", ""),
        ("uid80001-x@octopus.sandbox", "550 5.1.1"),
        ("uid80001-@octopus.sandbox", "550 5.1.1"),
        ("uid1@octopus.sandbox", "550 5.1.1"),
        ("0999999031-80004-Verkoop@CLAES.clearfacts.sandbox", ""),
        ("0999999031-80004-verkoop@claes.clearfacts.sandbox", "550 5.1.1"),
        ("claes.80005@mailtobasecone.sandbox", ""),
        ("Claes.80005@mailtobasecone.sandbox", ""),
        ("ubl@yukiworks.sandbox", ""),
        ("ann@vandersmissen.example", ""),
        ("Ann.O@shop.example.com", ""),
        ("ann@octopus.be", "550 5.7.1"),
        ("ann@example.org", "550 5.7.1"),
        ("nobody", "550 5.7.1"),
    ],
)
def test_who_is_there(client, to, code):
    found = answer(client, f"MAIL FROM:<{SENDER}>", f"RCPT TO:<{to}>")
    assert found.startswith(code or "250")


def test_an_order_of_commands(client):
    assert answer(client, "DATA").startswith("503")
    assert answer(client, f"RCPT TO:<{TO}>").startswith("503")
    assert answer(client, f"MAIL FROM:<{SENDER}>", "DATA").startswith("503")
    # one recipient that is refused stops no other, and RSET forgets them
    assert answer(client, "RCPT TO:<nobody@octopus.sandbox>").startswith("550")
    assert answer(client, f"RCPT TO:<{TO}>").startswith("250")
    assert client.data(b"Subject: x")[0] == 250
    assert answer(client, f"MAIL FROM:<{SENDER}>", f"RCPT TO:<{TO}>", "RSET", "DATA")[:3] == "503"


def test_bytes_are_kept(boxes):
    content = b"Subject: caf\xc3\xa9\r\n\r\n.dot\r\n" + "é".encode() * 3000 + b"\r\n"
    assert boxes.mail(send(boxes, content)["id"]) == content
    found = send(boxes, content, sender="")
    assert found["sender"] == "" and found["subject"] == "café"


def test_signing_in_and_secrecy(boxes):
    boxes.postbox.switches.set({"smtp_login": "odoo:se:cret", "smtp_tls": True})
    assert refused(boxes).startswith("530")
    trust = ssl.create_default_context()
    trust.check_hostname, trust.verify_mode = False, ssl.CERT_NONE
    with connection(boxes) as client:
        client.starttls(context=trust)
        with pytest.raises(smtplib.SMTPAuthenticationError):
            client.login("odoo", "secret")
        client.login("odoo", "se:cret")
        client.sendmail(SENDER, [TO], mail(paper()).as_bytes())
        boxes.fail_mails(BOX, "lost_after_dot", count=1)
        with pytest.raises(smtplib.SMTPServerDisconnected):
            client.sendmail(SENDER, [TO], mail(paper()).as_bytes())
    assert len(boxes.mails()) == 2


def test_the_largest_of_a_receiver(boxes):
    large = b"Subject: x\r\n\r\n" + (b"x" * 98 + b"\r\n") * 210_000  # 20.03 MB
    to = boxes.address(number_of("clearfacts"), "sale")
    with connection(boxes) as client:
        # said before, or found when it is here
        said = answer(client, f"MAIL FROM:<{SENDER}> SIZE={len(large)}", f"RCPT TO:<{to}>")
        assert said.startswith("552 5.3.4")
        assert answer(client, "RSET", f"MAIL FROM:<{SENDER}>", f"RCPT TO:<{to}>")[:3] == "250"
        assert client.data(large)[0] == 552
    assert not boxes.mails()


def test_greylisting_is_for_a_sender_and_a_recipient(boxes):
    boxes.fail_mails(BOX, "greylist")
    for sender in (SENDER, "other@vandersmissen.example"):
        assert refused(boxes, sender=sender).startswith("450 4.7.1")
        assert refused(boxes, sender=sender) == refused(boxes, sender=sender) == ""
    assert refused(boxes, "uid80001-SI@octopus.sandbox").startswith("450 4.7.1")
    assert refused(boxes, "claes.80005@mailtobasecone.sandbox") == ""


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("too_large", "552 5.3.4"),
        ("unknown_sender", f"550 5.7.1 <{SENDER}>"),
        ("full", f"452 4.2.2 <{TO}>"),
        ("service_off", "421 4.3.2"),
    ],
)
def test_answers_for_the_next_mails_of_a_box(boxes, kind, code):
    boxes.fail_mails(BOX, kind, count=2)
    assert refused(boxes, "claes.80005@mailtobasecone.sandbox") == ""
    assert [refused(boxes)[: len(code)] for _mail in range(3)] == [code, code, ""]
    assert len(boxes.mails(BOX)) == 1


@pytest.mark.parametrize("at", ["mail", "rcpt", "data"])
def test_answers_come_where_they_are_ordered(boxes, at):
    boxes.fail_mails(None, "unknown_sender", at=at, words="550 5.7.1 Not {sender}")
    with connection(boxes) as client:
        answers = [answer(client, f"MAIL FROM:<{SENDER}>")]
        if at != "mail":
            answers.append(answer(client, f"RCPT TO:<{TO}>"))
        if at == "data":
            answers.append(str(client.data(b"x")))
    assert [found[:3] for found in answers[:-1]] == ["250"] * (len(answers) - 1)
    assert "550" in answers[-1] and f"5.7.1 Not {SENDER}" in answers[-1]
    boxes.postbox.faults.clear()
    assert refused(boxes) == ""


def test_a_service_that_is_off(boxes):
    boxes.fail_mails(None, "service_off", count=1)
    with pytest.raises(smtplib.SMTPConnectError) as caught:
        connection(boxes)
    assert caught.value.smtp_code == 421
    assert refused(boxes) == ""


def test_lost_before_the_dot(boxes):
    boxes.fail_mails(BOX, "lost_before_dot", count=1)
    with connection(boxes) as client, pytest.raises(smtplib.SMTPServerDisconnected):
        client.sendmail(SENDER, [TO], mail(paper()).as_bytes())
    # in the middle of a mail that no buffer holds
    boxes.fail_mails(BOX, "lost_before_dot", count=1, size=1000)
    with connection(boxes) as client, pytest.raises((smtplib.SMTPServerDisconnected, OSError)):
        client.sendmail(SENDER, [TO], b"Subject: x\r\n\r\n" + (b"x" * 98 + b"\r\n") * 200_000)
    assert boxes.mails() == [] and refused(boxes) == ""


def test_lost_after_the_dot(boxes):
    boxes.fail_mails(BOX, "lost_after_dot", count=1)
    with connection(boxes) as client, pytest.raises(smtplib.SMTPServerDisconnected):
        client.sendmail(SENDER, [TO], mail(paper()).as_bytes())
    [found] = boxes.mails()
    assert found["outcome"] == "taken" and len(boxes.received(BOX)) == 1
    assert refused(boxes) == ""


def test_a_slow_server_has_the_mail_before_it_answers(boxes):
    boxes.fail_mails(BOX, "slow", seconds=0.01, count=1)
    assert refused(boxes) == "" and boxes.postbox.faults.all() == []
    boxes.fail_mails(BOX, "slow", seconds=600, at="data")
    with connection(boxes) as client:
        answer(client, f"MAIL FROM:<{SENDER}>", f"RCPT TO:<{TO}>", "DATA")
        client.send(b"Subject: x\r\n\r\nx\r\n.\r\n")
        until(lambda: len(boxes.mails()) == 2)
        client.close()  # who does not wait


def test_a_bounce(boxes):
    boxes.fail_mails(BOX, "bounce", count=1, words="552 5.2.2 <{recipient}> is over its quota")
    assert refused(boxes, sender="bounce+7@vandersmissen.example") == ""
    [found] = boxes.mails()
    assert found["outcome"] == "bounced" and boxes.received(BOX) == []
    [bounce] = boxes.bounces()
    assert bounce["sent_to"] == "bounce+7@vandersmissen.example"
    assert bounce["message_id"] == "<1.2.3@vandersmissen.example>" and not bounce["handed_on"]
    report = email.message_from_bytes(bounce["content"])
    assert report.get_content_type() == "multipart/report"
    assert report.get_param("report-type") == "delivery-status"
    text, status, headers = report.get_payload()
    assert "over its quota" in text.get_payload()
    one = status.get_payload()[1]
    assert one["Final-Recipient"] == f"rfc822; {TO}" and one["Action"] == "failed"
    assert one["Status"] == "5.2.2"
    said = " ".join(one["Diagnostic-Code"].split())
    assert said == f"smtp; 552 5.2.2 <{TO}> is over its quota"
    assert "Message-ID: <1.2.3@vandersmissen.example>" in headers.get_payload()
    # nobody hears of a mail of nobody, as a report is one
    boxes.fail_mails(BOX, "bounce", count=1)
    assert refused(boxes, sender="") == "" and len(boxes.bounces()) == 1


def test_a_bounce_is_sent_where_the_switch_says(boxes):
    # to the server itself: the sender is a mailbox here
    boxes.postbox.switches.set({"bounces_to": f"127.0.0.1:{boxes.smtp_port}"})
    boxes.fail_mails(BOX, "bounce", count=1)
    refused(boxes)
    boxes.listeners.run(boxes.smtp.reports_are_sent())
    assert boxes.bounces()[0]["handed_on"].startswith("sent to 127.0.0.1:")
    [_first, report] = boxes.mails()
    assert (report["sender"], report["recipient"], report["outcome"]) == ("", SENDER, "own")
    assert boxes.mail(report["id"]).strip() == boxes.bounces()[0]["content"].strip()
    boxes.postbox.switches.set({"bounces_to": "127.0.0.1:1"})
    boxes.fail_mails(BOX, "bounce", count=1)
    refused(boxes)
    boxes.listeners.run(boxes.smtp.reports_are_sent())
    assert boxes.bounces()[1]["handed_on"].startswith("not sent:")


def test_what_cannot_be_ordered(boxes):
    for values in (
        {"kind": "tired"},
        {"kind": "slow"},
        {"kind": "full", "count": -1},
        {"kind": "full", "at": "noon"},
        {"kind": "unknown_sender", "at": "mail"},
    ):
        with pytest.raises(ValueError, match="is|are|wants|knows"):
            boxes.fail_mails(BOX, **values)
        assert control(boxes, "faults", box=BOX, way="mail", **values).status_code == 400
    # what a folder can have too is meant of the folder, unless a way is named
    control(boxes, "faults", box=BOX, kind="full", way="mail")
    control(boxes, "faults", kind="bounce")
    control(boxes, "faults", box=BOX, kind="slow")
    found = control(boxes, "faults", "GET").json()
    assert [(one["box"], one.get("way")) for one in found] == [
        (BOX, None),
        (BOX, "mail"),
        (None, "mail"),
    ]
    assert len(control(boxes, f"boxes/{BOX}/faults", "DELETE").json()) == 1
    assert control(boxes, "faults", "DELETE").json() == []
    assert control(boxes, "faults", box=BOX, kind="off", seconds=3).status_code == 400


def test_the_control_endpoint(boxes):
    state = control(boxes, "state", "GET").json()
    assert state["mail_server"] == f"127.0.0.1:{boxes.smtp_port}"
    found = {box["number"]: box["addresses"] for box in state["boxes"]}
    assert found[BOX]["purchase"] == TO and found[number_of("horus")] == {}
    exact = number_of("exact")
    allowed = control(boxes, f"boxes/{exact}/allow_sender", address=SENDER).json()
    assert allowed == {"senders": [SENDER]}
    send(boxes, mail(invoice()), box="exact")
    boxes.fail_mails(BOX, "bounce", count=1)
    send(boxes, mail(invoice()))
    for path, number in (("mails", 2), (f"boxes/{exact}/mails", 1), ("bounces", 1)):
        assert len(control(boxes, path, "GET").json()) == number
    assert control(boxes, f"boxes/{exact}/bounces", "GET").json() == []
    for one, kind in ((boxes.mails()[0], "mails"), (boxes.bounces()[0], "bounces")):
        content = control(boxes, f"{kind}/{one['id']}", "GET").content
        assert content == (boxes.mail(one["id"]) if kind == "mails" else one["content"])
        assert control(boxes, f"{kind}/999999", "GET").status_code == 400


def test_what_was_answered_outlives_a_kill(tmp_path):
    state, folders = tmp_path / "state.sqlite", tmp_path / "folders"
    program = Program("postbox", state, "--folders", str(folders), "--smtp-port", "0")
    host, _colon, port = program.shown["mail server"].partition(":")
    with smtplib.SMTP(host, int(port), timeout=TIMEOUT) as client:
        client.sendmail(SENDER, [TO], mail(invoice()).as_bytes())
        program.stop(signal.SIGKILL)
    program = Program("postbox", state, "--folders", str(folders), "--smtp-port", port)
    try:
        assert program.shown["mail server"] == f"127.0.0.1:{port}"
        address = f"{program.control}/boxes/{BOX}"
        for what in ("mails", "received"):
            assert len(requests.get(f"{address}/{what}", timeout=TIMEOUT).json()) == 1
    finally:
        assert program.stop(signal.SIGTERM) == 0


LINES = st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=60)


@settings(max_examples=40, deadline=None)
@given(lines=st.lists(LINES.map(str.encode) | st.binary(max_size=40), max_size=4))
def test_any_command_is_answered(running, lines):
    with connection(running) as client:
        client.ehlo()
        for line in lines:
            line = line.replace(b"\r", b"").replace(b"\n", b"")
            if line.strip().upper()[:4] not in (b"DATA", b"QUIT", b"STAR", b"AUTH"):
                client.send(line + b"\r\n")
                client.getreply()
        assert client.noop()[0] == 250
