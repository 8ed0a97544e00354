"""The e-mail that goes out: its headers, its parts, and the addresses in it."""

import zipfile
from dataclasses import replace
from email import message_from_bytes
from email.policy import SMTP
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from odoo.addons.accountable_connect.api.channels.addresses import address_problem, wire_address
from odoo.addons.accountable_connect.api.channels.contract import ChannelError, Letter
from odoo.addons.accountable_connect.api.channels.message import (
    content_of,
    estimated_size,
    message_of,
)

from .cases import shipment

LETTER = Letter(
    message_id="<accountable.0a1b@garage.example>",
    sender="boekhouding@garage.example",
    recipient="Uid80001-PI@Kantoor.example",
    subject="Factuur F1",
    body="In bijlage: factuur F1.",
)
ONE = {"F1.xml": b"<Invoice/>"}


def posted(contents=ONE, packed=False, **letter):
    """What a mail server gets, and reads in it."""
    content = content_of(message_of(mail(contents, packed, **letter)))
    assert content.endswith(b"\r\n")
    undone = content.replace(b"\r\n..", b"\r\n.")
    return message_from_bytes(undone, policy=SMTP)


def mail(contents=ONE, packed=False, **letter):
    return replace(shipment(contents, apart=True, packed=packed), letter=replace(LETTER, **letter))


def test_one_plain_body_and_attachments():
    message = posted({"F1.xml": b"<Invoice/>", "F1.pdf": b"%PDF"})
    assert message["To"] == "Uid80001-PI@Kantoor.example"
    assert message["From"] == "boekhouding@garage.example"
    assert message["Message-Id"] == LETTER.message_id
    assert message["Auto-Submitted"] == "auto-generated"
    assert not {"Cc", "Bcc", "Reply-To"} & set(message.keys())
    body, *files = message.iter_parts()
    assert (body.get_content_type(), body.get_content().strip()) == ("text/plain", LETTER.body)
    assert [(one.get_filename(), one.get_payload(decode=True)) for one in files] == [
        ("F1.xml", b"<Invoice/>"),
        ("F1.pdf", b"%PDF"),
    ]
    assert {one.get_content_disposition() for one in files} == {"attachment"}
    assert {one["Content-Transfer-Encoding"] for one in files} == {"base64"}


@pytest.mark.parametrize("packed", [False, True])
def test_none_is_written_without_a_file(packed):
    with pytest.raises(ChannelError) as caught:
        message_of(mail({}, packed))
    assert caught.value.code == "content_lost"


def test_files_that_belong_together_are_one_zip():
    message = posted({"a.txt": b"1", "b.txt": b"2"}, packed=True)
    [file] = message.iter_attachments()
    assert file.get_filename() == "00012.zip"
    with zipfile.ZipFile(BytesIO(file.get_payload(decode=True))) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == {
            "a.txt": b"1",
            "b.txt": b"2",
        }


def test_a_name_that_is_not_ascii_travels():
    name = "Facture n° 12 – été.xml"
    content = content_of(message_of(mail({name: b"<Invoice/>"})))
    assert content.isascii()
    [file] = message_from_bytes(content, policy=SMTP).iter_attachments()
    assert file.get_filename() == name


TEXTS = st.text(
    st.one_of(st.sampled_from("\r\n\x00\u2028.:"), st.characters(exclude_categories=["Cs"])),
    max_size=40,
)


@settings(max_examples=40, deadline=None)
@given(subject=TEXTS, name=TEXTS, body=TEXTS)
def test_no_text_becomes_a_header(subject, name, body):
    message = posted(
        {f"x{name}": b"1"},
        subject=f"x{subject}\r\nBcc: eve@evil.example",
        body=f"{body}\r\n.\r\nBcc: eve@evil.example",
    )
    assert set(message.keys()) == {
        "From",
        "To",
        "Subject",
        "Date",
        "Message-Id",
        "Auto-Submitted",
        "MIME-Version",
        "Content-Type",
    }
    body_part, file = message.iter_parts()
    assert not body_part.defects
    assert not file.defects
    assert "\n" not in file.get_filename()


def test_a_file_that_changed_meanwhile_does_not_go():
    changed = mail()
    file = replace(changed.files[0], checksum="0" * 64)
    with pytest.raises(ChannelError) as caught:
        message_of(replace(changed, files=(file,)))
    assert caught.value.code == "content_lost"


@pytest.mark.parametrize("size", [0, 1, 1000, 300_000])
def test_the_size_is_estimated_before_it_is_built(size):
    parcel = mail({"F1.pdf": b"x" * size})
    real = len(content_of(message_of(parcel)))
    assert real <= estimated_size(parcel) <= real + 8192


# Addresses

RIGHT = (
    "Box-PI@kantoor.example",
    "a+b@kantoor.example",
    "uid80001-ODOO@Octopus.example",
    "o'neil@kantoor.example",
    "box@büro.example",
)
WRONG = (
    "",
    "kantoor.example",
    "@kantoor.example",
    "box@",
    "box@kantoor",
    "a@b.example, c@d.example",
    "a@b.example;c@d.example",
    "Box <box@kantoor.example>",
    "bo x@kantoor.example",
    "box@kantoor.example\r\nBcc: eve@evil.example",
    "böx@kantoor.example",
    "a..b@kantoor.example",
    "box@kantoor..example",
    f"{'a' * 65}@kantoor.example",
)


@pytest.mark.parametrize("address", RIGHT)
def test_an_address_is_one(address):
    assert not address_problem(address)


@pytest.mark.parametrize("address", WRONG)
def test_what_is_not_one_plain_address(address):
    assert address_problem(address)


def test_a_domain_travels_in_ascii_and_the_box_as_it_was_typed():
    assert wire_address("Box@büro.example") == "Box@xn--bro-hoa.example"
    assert wire_address("Box@Kantoor.example") == "Box@Kantoor.example"
    message = posted(recipient="Box@büro.example", sender="wir@büro.example")
    assert message["To"] == "Box@xn--bro-hoa.example"
    assert message["From"] == "wir@xn--bro-hoa.example"
