"""The file in which a receiver goes from one database to another."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.accountable_connect_ubl.api.letter import MailRules
from odoo.addons.accountable_connect_ubl.api.profile_file import (
    FORMAT,
    KINDS,
    LARGEST,
    WAYS,
    ProfileFileError,
    mail_rules,
    media_types_of,
    read,
    written,
)

VALUES = {
    "name": "Notaris Peeters",
    "code": "peeters",
    "notes": "Gebeld op 3 maart.",
    "file_name": "{number}_{type}",
    "files": ["pdf", "xml"],
    "largest_mb": 7.5,
    "pdf_beside": True,
    "annexes": False,
    "pdf_alone": True,
    "zip_allowed": False,
    "locked_pdf": True,
    "forwards_to_customer": False,
}
OF_MAIL = {
    "package": "octopus",
    "takes_download": False,
    "takes_folder": False,
    "takes_sftp": True,
    "takes_mail": True,
    "mail_subject": "[{word}] {number}",
    "mail_note": "[*{party}*]",
    "word_sales": "SI",
    "word_bills": "PI2",
    "address_pattern": "uid*@*.be",
    "shared_address": "ubl@receiver.*",
    "word_in_address": True,
    "address_per_kind": True,
    "knows_senders": True,
    "mail_pdf_beside": True,
    "largest_mail_mb": 12.5,
    "mails_per_hour": 100,
    "mails_per_day": 500,
}
LEAST = {
    "format": FORMAT,
    "name": "A",
    "code": "a",
    "file_name": "{number}",
    "files": ["xml"],
}


def as_file(**changes):
    rows = {key: value for key, value in {**LEAST, **changes}.items() if value is not None}
    return json.dumps(rows).encode()


def test_what_is_written_is_read_again():
    assert read(written(VALUES)) == VALUES
    assert read(b"\xef\xbb\xbf" + written(VALUES)) == VALUES
    assert written(read(written(VALUES))) == written(VALUES)


def test_what_is_asked_of_e_mails_comes_along():
    assert set(VALUES) | set(OF_MAIL) | {"format"} == set(KINDS)
    assert read(written(VALUES | OF_MAIL)) == VALUES | OF_MAIL
    assert mail_rules(OF_MAIL).largest == 13107200
    assert mail_rules({}) == MailRules()


def test_the_least_is_enough():
    assert read(as_file()) == {key: value for key, value in LEAST.items() if key != "format"}


@pytest.mark.parametrize(
    ("content", "code", "key"),
    [
        (b"", "unreadable", ""),
        (b"\xff\xfe\x00", "unreadable", ""),
        (b"[]", "unreadable", ""),
        (b"[" * 50000, "unreadable", ""),
        (b"{}", "unreadable", ""),
        (as_file(format="another"), "unreadable", ""),
        (b'{"format": "%s", "format": "x"}' % FORMAT.encode(), "unreadable", ""),
        (as_file(largest_mb=float("nan")), "unreadable", ""),
        (b" " * (LARGEST + 1), "too_large", ""),
        (as_file(price=3), "unknown_key", "price"),
        (as_file(media_types="xml"), "unknown_key", "media_types"),
        (as_file(name=None), "missing_key", "name"),
        (as_file(code=None), "missing_key", "code"),
        (as_file(files=None), "missing_key", "files"),
        (as_file(file_name=None), "missing_key", "file_name"),
        (as_file(name=" "), "wrong_value", "name"),
        (as_file(name="a\nb"), "wrong_value", "name"),
        (as_file(name="a" * 101), "wrong_value", "name"),
        (as_file(name=3), "wrong_value", "name"),
        (as_file(code="Two words"), "wrong_value", "code"),
        (as_file(notes="a" * 2001), "wrong_value", "notes"),
        (as_file(notes="a\0b"), "wrong_value", "notes"),
        (as_file(notes="\ud800"), "wrong_value", "notes"),
        (as_file(file_name="../{number}"), "wrong_value", "file_name"),
        (as_file(file_name="{type}"), "wrong_value", "file_name"),
        (as_file(files=[]), "wrong_value", "files"),
        (as_file(files=["exe"]), "wrong_value", "files"),
        (as_file(files=["xml", "xml"]), "wrong_value", "files"),
        (as_file(files=[["xml"]]), "wrong_value", "files"),
        (as_file(files="xml"), "wrong_value", "files"),
        (as_file(largest_mb=True), "wrong_value", "largest_mb"),
        (as_file(largest_mb=-1), "wrong_value", "largest_mb"),
        (as_file(largest_mb=10**9), "wrong_value", "largest_mb"),
        (as_file(largest_mb="7"), "wrong_value", "largest_mb"),
        (as_file(annexes="yes"), "wrong_value", "annexes"),
        (as_file(annexes=1), "wrong_value", "annexes"),
        (as_file(pdf_beside=True), "wrong_value", "pdf_beside"),
        (as_file(pdf_alone=True), "wrong_value", "pdf_alone"),
        (as_file(mail_pdf_beside=True), "wrong_value", "mail_pdf_beside"),
        (as_file(package="Two words"), "wrong_value", "package"),
        (as_file(**dict.fromkeys(WAYS, False)), "wrong_value", "takes_download"),
        (as_file(mail_subject="a\nBcc: b@c"), "wrong_value", "mail_subject"),
        (as_file(mail_subject="{vat}"), "wrong_value", "mail_subject"),
        (as_file(mail_note="a" * 151), "wrong_value", "mail_note"),
        (as_file(word_sales="si"), "wrong_value", "word_sales"),
        (as_file(word_bills="P-I"), "wrong_value", "word_bills"),
        (as_file(word_in_address=True, word_sales="SI"), "wrong_value", "word_bills"),
        (as_file(word_in_address=1), "wrong_value", "word_in_address"),
        (as_file(address_pattern="receiver"), "wrong_value", "address_pattern"),
        (as_file(shared_address="[x]@y"), "wrong_value", "shared_address"),
        (as_file(largest_mail_mb=0.5), "wrong_value", "largest_mail_mb"),
        (as_file(largest_mail_mb=1025), "wrong_value", "largest_mail_mb"),
        (as_file(mails_per_hour=-1), "wrong_value", "mails_per_hour"),
        (as_file(mails_per_day=10**9), "wrong_value", "mails_per_day"),
        (as_file(mails_per_day=1.5), "wrong_value", "mails_per_day"),
        (as_file(mails_per_day=True), "wrong_value", "mails_per_day"),
    ],
)
def test_what_is_no_file_of_a_receiver(content, code, key):
    with pytest.raises(ProfileFileError) as caught:
        read(content)
    assert (caught.value.code, caught.value.key) == (code, key)


def test_endings_as_people_write_them():
    assert media_types_of(" XML, .pdf;jpeg  tiff") == (
        ["application/xml", "application/pdf", "image/jpeg", "image/tiff"],
        [],
    )
    assert media_types_of("xml, exe") == (["application/xml"], ["exe"])
    assert media_types_of("") == ([], [])


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_refused_in_one_way(content):
    with pytest.raises(ProfileFileError):
        read(content)
