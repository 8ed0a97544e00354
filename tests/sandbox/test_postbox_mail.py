"""What receivers make of mails: documents by each one's own rules, whoever wrote the mail."""

from __future__ import annotations

import base64
import quopri

import pytest
import requests
from e_invoices import OTHER, OWNER, e_invoice
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from postbox_mails import (
    GIF,
    JPEG,
    PDF,
    PNG,
    SENDER,
    connection,
    documents,
    invoice,
    mail,
    paper,
    send,
    zipped,
)

from sandbox.postbox import mail_parts, serve
from sandbox.postbox.mailboxes import MAIL_RULES
from sandbox.postbox.receivers import RECEIVERS
from sandbox.postbox.seed import OTHER_BOX, number_of

TIMEOUT = 20
INVOICE = ("invoice", "INV_2026-001.xml")
FILE = ("file", "INV_2026-001.pdf")


@pytest.fixture(scope="module")
def running():
    with serve(watching=False) as server:
        yield server


@pytest.fixture
def boxes(running):
    running.postbox.reset()
    return running


def test_a_receiver_with_rules_is_one_with_boxes():
    assert set(MAIL_RULES) <= set(RECEIVERS)


def test_an_octopus_folder_of_its_own_per_word(boxes):
    box = number_of("octopus")
    assert boxes.address(box, "sale") == "uid80001-SI@octopus.sandbox"
    for word in ("SI", "ANY1"):
        assert send(boxes, mail(paper()), f"uid80001-{word}@octopus.sandbox")["subfolder"] == word
    assert "subfolder" not in send(boxes, mail(paper()), "UID80001@octopus.sandbox")
    assert [row.get("subfolder") for row in boxes.received(box)] == ["SI", "ANY1", None]


def test_exact_knows_its_senders(boxes):
    box = number_of("exact")
    assert boxes.address(box, "sale") != boxes.address(box, "purchase")
    found = send(boxes, mail(invoice()), box="exact")
    assert found["outcome"] == "blocked" and not boxes.received(box) and not boxes.bounces()
    assert boxes.allow(box, SENDER.upper()) == [SENDER]
    # who the mail is from counts, not who sent it
    for sender, outcome in ((SENDER, "taken"), ("bounces@vandersmissen.example", "taken")):
        assert send(boxes, mail(invoice()), box="exact", sender=sender)["outcome"] == outcome
    found = send(boxes, mail(invoice(), sender="erp@vandersmissen.example"), box="exact")
    assert found["outcome"] == "blocked"
    assert [row["filed"] for row in boxes.received(box)] == ["purchase", "purchase"]


@pytest.mark.parametrize(
    ("names", "kinds"),
    [
        (("INV_2026-001.xml", "INV_2026-001.pdf"), ["invoice"]),
        (("INV_2026-001.PDF", "inv 2026 001.xml"), ["invoice"]),
        (("INV_2026-001.xml", "INV_2026-001 copy.pdf"), ["invoice"]),
        (("INV_2026-001.xml", "terms.pdf"), ["invoice", "file"]),
    ],
)
def test_yuki_merges_names_alike(boxes, names, kinds):
    files = [invoice(name) if name.endswith("xml") else paper(name) for name in names]
    send(boxes, mail(*files), box="yuki")
    found = boxes.received(number_of("yuki"))
    assert [row["kind"] for row in found] == kinds
    assert any(annex.get("beside") for annex in found[0]["annexes"]) == (len(kinds) == 1)


def test_yuki_merges_within_a_mail_only(boxes):
    send(boxes, mail(invoice()), box="yuki")
    send(boxes, mail(paper()), box="yuki")
    assert documents(boxes, "yuki") == [INVOICE, FILE]


def test_yukis_shared_address_goes_by_the_vat_number(boxes):
    shared, box = "ubl@yukiworks.sandbox", number_of("yuki")
    assert send(boxes, mail(invoice()), shared)["box"] == box
    assert send(boxes, mail(invoice(seller=OWNER, buyer=OTHER)), shared)["box"] == box
    for lost in (mail(paper()), mail(invoice(buyer=("Nobody", "BE0712345630")))):
        found = send(boxes, lost, shared)
        assert (found["box"], found["outcome"]) == (None, "no_administration")
    assert [row["side"] for row in boxes.received(box)] == ["purchase", "sale"]


def test_clearfacts(boxes):
    box = number_of("clearfacts")
    found = send(
        boxes,
        mail(
            invoice(),
            ("a.jpg", JPEG, "image/jpeg"),
            ("logo.png", PNG, "image/png"),
            ("logo.gif", GIF, "image/gif"),
            ("locked.pdf", b"%PDF-1.4 /Encrypt"),
            ("b.zip", zipped(**{"c.pdf": PDF, "d.xml": e_invoice("2")})),
        ),
        box="clearfacts",
        side="sale",
    )
    codes = ["", "", "kind", "kind", "locked", ""]
    assert [file["code"] for file in found["files"]] == codes
    assert [row["name"] for row in boxes.received(box)] == [
        "INV_2026-001.xml",
        "a.jpg",
        "b.zip/c.pdf",
        "b.zip/d.xml",
    ]
    assert {row["filed"] for row in boxes.received(box)} == {"sale"}
    # nothing attached: the text is a document; a file wins, also when it is not taken
    found = send(boxes, mail(text="Forgot the file (again)"), box="clearfacts")
    assert found["from_body"] and boxes.received(box)[-1]["name"] == "Invoice 2026-001.pdf"
    assert (
        b"Forgot the file" in boxes.postbox.box(box).content(found["files"][0]["documents"][0])[1]
    )
    assert send(boxes, mail(("a.png", PNG)), box="clearfacts")["outcome"] == "refused"


def test_basecone_makes_a_document_of_each_file(boxes):
    found = send(
        boxes,
        mail(
            invoice(),
            paper(),
            ("logo.png", PNG, "image/png"),
            ("hours.xlsx", zipped(**{"xl/book.xml": "<a/>"})),
            subject="[VRK] Invoice",
            text="Hello [* book it\non 7000 *] bye",
        ),
        box="basecone",
    )
    rows = boxes.received(number_of("basecone"))
    assert [(row["kind"], row["filed"], row["comment"]) for row in rows] == [
        (kind, "sale", "book it on 7000") for kind in ("invoice", "file", "file", "file")
    ]
    assert rows[3]["kept"] and [len(file["documents"]) for file in found["files"]] == [1] * 4
    for subject, filed in (
        ("[INK] a", "purchase"),
        ("a [SLS]", "sale"),
        ("[PNV]", "purchase"),
        ("INK", "unsorted"),
        ("[ink]", "unsorted"),
    ):
        assert send(boxes, mail(paper(), subject=subject), box="basecone")["filed"] == filed


@pytest.mark.parametrize("receiver", ["banqup", "billit"])
def test_an_address_for_sales_that_sends_them_on(boxes, receiver):
    sale = invoice(seller=OWNER, buyer=OTHER)
    found = send(boxes, mail(sale), box=receiver, side="sale")
    assert found["outcome"] == "sent_to_customer"
    assert boxes.received(number_of(receiver))[0]["sent_to_customer"]
    found = send(boxes, mail(invoice()), box=receiver)
    assert found["outcome"] == "taken" and found["filed"] == "purchase"
    assert "sent_to_customer" not in boxes.received(number_of(receiver))[1]
    boxes.postbox.switches.set({"sales_key": "K7"})
    for subject, outcome in (("Invoice", "no_key"), ("Invoice K7", "sent_to_customer")):
        found = send(boxes, mail(sale, subject=subject), box=receiver, side="sale")
        assert found["outcome"] == outcome


def test_banqup_asks_for_each_of_several(boxes):
    found = send(boxes, mail(invoice(), invoice("b.xml", number="2")), box="banqup")
    assert found["to_accept"] and len(boxes.received(number_of("banqup"))) == 2
    send(boxes, mail(invoice(), ("sheet.xlsx", zipped(a="1"))), box="banqup")
    assert boxes.received(number_of("banqup"))[-1]["annexes"][-1]["name"] == "sheet.xlsx"


def test_others_take_no_mail(boxes):
    for receiver in ("horus", "adsolut", "expertm", "bob50"):
        with pytest.raises(ValueError, match="takes no mails"):
            boxes.address(number_of(receiver), "sale")
    with pytest.raises(ValueError, match="side is one of"):
        boxes.address(number_of("octopus"), "out_invoice")


def test_the_same_mail_twice_is_there_twice(boxes):
    for _time in range(2):
        assert send(boxes, mail(invoice()))["outcome"] == "taken"
    assert documents(boxes, "octopus") == [INVOICE, INVOICE]
    # a folder looks at what is there
    (boxes.folder(number_of("octopus")) / "a.xml").write_bytes(e_invoice())
    boxes.receive()
    assert [row["code"] for row in boxes.refused(number_of("octopus"))] == ["duplicate"]


def test_a_document_of_another_company_is_lost_without_a_word(boxes):
    found = send(boxes, mail(invoice(buyer=OTHER, seller=("Third", "BE0712345630"))))
    assert (found["outcome"], found["files"][0]["code"]) == ("refused", "other_company")
    assert not boxes.received(number_of("octopus")) and not boxes.bounces()
    assert send(boxes, mail(text="no file"))["outcome"] == "no_document"


def test_several_recipients_have_it_each(boxes):
    addresses = [
        boxes.address(number_of("octopus"), "purchase"),
        f"uid{OTHER_BOX}@octopus.sandbox",
        "ann@vandersmissen.example",
    ]
    with connection(boxes) as client:
        client.sendmail(SENDER, addresses, mail(paper()).as_bytes())
    assert [(one["box"], one["outcome"]) for one in boxes.mails()] == [
        (number_of("octopus"), "taken"),
        (OTHER_BOX, "taken"),
        (None, "own"),
    ]


XML = base64.encodebytes(e_invoice()).replace(b"\n", b"\r\n")
# Name → what a client writes after the first headers; each holds the one e-invoice.
WRITTEN = {
    "alone": b'Content-Type: application/xml; name="a.xml"\r\n'
    b"Content-Transfer-Encoding: base64\r\n\r\n" + XML,
    "labelled as text": b"Content-Type: text/plain; charset=utf-8\r\n"
    b"Content-Disposition: attachment; filename=a.xml\r\n"
    b"Content-Transfer-Encoding: base64\r\n\r\n" + XML,
    "in the text, without a name": b"Content-Type: text/xml\r\nContent-Disposition: inline\r\n"
    b"Content-Transfer-Encoding: BASE64\r\n\r\n" + XML,
    "quoted": b"Content-Type: application/xml\r\nContent-Transfer-Encoding: quoted-printable\r\n"
    b"\r\n" + quopri.encodestring(e_invoice()).replace(b"\n", b"\r\n"),
    "as it is": b"Content-Type: application/xml\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    + e_invoice(seller=("Café Noir".encode().decode(), "BE0866773093")),
    "no encoding said": b"Content-Type: application/xml\r\n\r\n" + e_invoice(),
    "forwarded": b"Content-Type: message/rfc822\r\n\r\nSubject: inner\r\n"
    b'Content-Type: multipart/mixed; boundary="x"\r\n\r\n--x\r\n\r\nhello\r\n--x\r\n'
    b"Content-Type: application/xml\r\nContent-Transfer-Encoding: base64\r\n\r\n" + XML + b"--x--",
    "deeper, and never ended": b'Content-Type: multipart/mixed; boundary="y"\r\n\r\n--y\r\n'
    b'Content-Type: multipart/related; boundary="x"\r\n\r\n--x\r\n'
    b"Content-Type: text/html\r\n\r\n<p>hello</p>\r\n--x\r\n"
    b"Content-Type: application/xml\r\nContent-Transfer-Encoding: base64\r\n\r\n" + XML,
    "text around it": b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    b"preamble\r\n--b\r\nContent-Type: text/plain\r\n\r\nhello\r\n--b\r\n"
    b"Content-Type: application/octet-stream; name=a.xml\r\n"
    b"Content-Transfer-Encoding: base64\r\n\r\n" + XML + b"--b--\r\nepilogue",
}


@pytest.mark.parametrize("name", WRITTEN)
def test_however_it_is_written(boxes, name):
    found = send(boxes, b"From: a@b.example\r\n" + WRITTEN[name])
    assert found["outcome"] == "taken", found
    assert (found["message_id"], found["subject"]) == ("", "")
    [row] = boxes.received(number_of("octopus"))
    assert (row["kind"], row["number"]) == ("invoice", "2026-001")


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("filename=plain.pdf", "plain.pdf"),
        ("filename*=utf-8''caf%C3%A9%20%E2%82%AC.pdf", "café €.pdf"),
        ("filename*0*=utf-8''caf%C3%A9;\r\n filename*1=\" two.pdf\"", "café two.pdf"),
        ('filename="=?utf-8?B?Y2Fmw6kucGRm?="', "café.pdf"),
        ('filename="=?utf-8?Q?caf=C3=A9?= =?utf-8?Q?_2.pdf?="', "café 2.pdf"),
        ('filename="../../etc/a\\\\b.pdf"', "b.pdf"),
        ('filename="caf\u00e9.pdf"', "café.pdf"),
        ('filename="=?what?B?!!?=.pdf"', "=?what?B?!!?=.pdf"),
        ("", "attachment-1.pdf"),
    ],
)
def test_names_of_files(header, name):
    content = f"Content-Type: application/pdf\r\nContent-Disposition: attachment; {header}\r\n\r\nx"
    assert [file.name for file in mail_parts.read(content.encode()).attachments] == [name]


def test_headers_are_read_as_they_are_meant():
    content = "Subject: =?iso-8859-1?Q?Caf=E9?=\r\n noir\r\nFrom: Zo\u00eb <Zoe@A.example>\r\n\r\nx"
    found = mail_parts.read(content.encode())
    assert (found.subject, found.sender) == ("Café noir", "Zoë <Zoe@A.example>")
    assert found.from_address == "zoe@a.example"
    assert mail_parts.read(b"Subject: caf\xe9\r\n\r\nx").subject == "café"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\r\n",
        b"no header at all",
        b"Content-Type: multipart/mixed\r\n\r\nwithout a boundary",
        b"Content-Type: x\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!",
        b"Content-Type: text/plain; charset=nobody\r\n\r\n\xff\xfe",
        b'Content-Type: multipart/mixed; boundary=""\r\n\r\n--\r\n\r\n----',
        b'Content-Type: multipart/mixed; boundary="a"\r\n\r\n'
        + b"--a\r\n\r\n\r\n" * 600
        + b"--a--",
        b"".join(
            b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (deep, deep)
            for deep in range(2000)
        ),
    ],
)
def test_whatever_comes_is_kept(boxes, content):
    found = send(boxes, content, box="octopus")
    assert found["outcome"] in ("no_document", "refused", "unreadable")
    assert boxes.mail(found["id"]).startswith(content[:10])


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.binary(max_size=300) | st.text(max_size=80).map(str.encode), st.booleans())
def test_any_bytes_are_read(noise, as_header):
    start = b"Content-Type: multipart/mixed; boundary=b\r\nSubject: "
    content = start + noise if as_header else start + b"x\r\n\r\n--b\r\n" + noise
    found = mail_parts.read(content)
    assert isinstance(found.subject + found.text, str)


def test_the_pages_show_what_became_of_a_mail(boxes):
    box = number_of("octopus")
    send(boxes, mail(invoice(), ("a.gif", GIF), subject="<b>Hello", text="x"))
    boxes.fail_mails(box, "bounce", count=1)
    send(boxes, mail(paper()), side="sale")
    send(boxes, mail(), box="exact")
    send(boxes, mail(subject="Test"), "ann@vandersmissen.example")

    def page(path, **values):
        method = "POST" if values else "GET"
        address = f"{boxes.root}/{path}"
        return requests.request(method, address, data=values, timeout=TIMEOUT)

    text = page(f"boxes/{box}/mail").text
    for part in (
        "uid80001-SI@octopus.sandbox",
        "&lt;b&gt;Hello",
        "folder PI",
        "&lt;1.2.3@vandersmissen.example&gt;",
        "Octopus takes no gif",
        "Bounced",
        "User unknown in virtual mailbox table",
        f"127.0.0.1:{boxes.smtp_port}",
    ):
        assert part in text, part
    assert f"at Octopus · box {box}<" in page(f"boxes/{box}").text
    assert "<td>PI</td>" in page(f"boxes/{box}").text
    assert "<td>PI</td>" not in page(f"boxes/{box}?subfolder=SI").text
    assert "&lt;b&gt;Hello" not in page(f"boxes/{box}/mail?subfolder=SI").text
    assert "Blocked e-mails" in page(f"boxes/{number_of('exact')}/mail").text
    assert "no address for mails" in page(f"boxes/{number_of('horus')}/mail").text
    assert "In a mailbox" in page("").text
    first = boxes.mails(box)[0]["id"]
    assert page(f"boxes/{box}/mails/{first}").content == boxes.mail(first)
    report = boxes.bounces(box)[0]["id"]
    assert b"delivery-status" in page(f"boxes/{box}/bounces/{report}").content
    assert page(f"boxes/{OTHER_BOX}/mails/{first}").status_code == 404
    # what goes wrong, by a button
    assert "the next 2 mails" in page(f"boxes/{box}/mail", kind="full", count="2").text
    assert "is one of" in page(f"boxes/{box}/mail", kind="tired").text
    assert "End all of it" not in page(f"boxes/{box}/mail", do="clear").text
    page(f"boxes/{number_of('exact')}/mail", do="allow", address=SENDER)
    assert send(boxes, mail(invoice()), box="exact")["outcome"] == "taken"
    elsewhere = {"Origin": "http://elsewhere.example"}
    address = f"{boxes.root}/boxes/{box}/mail"
    answer = requests.post(address, {"do": "clear"}, headers=elsewhere, timeout=TIMEOUT)
    assert answer.status_code == 403
