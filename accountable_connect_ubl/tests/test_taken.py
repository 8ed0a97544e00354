"""Which files a receiver takes."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from odoo.addons.accountable_connect_ubl.api import reading, taken
from odoo.addons.accountable_connect_ubl.api.profile import Profile
from odoo.addons.accountable_connect_ubl.api.taken import asks_password, refusal, sniffed

from . import files
from .files import DOCX_TYPE, PDF, XLSX_TYPE, XML

PROFILE = Profile(name="Generic")
ALL = replace(PROFILE, media_types=frozenset(files.BY_TYPE))


@pytest.mark.parametrize("media_type", files.BY_TYPE)
def test_each_type_is_taken_where_it_is_listed_and_only_there(media_type):
    content = files.BY_TYPE[media_type]
    only, none = (replace(PROFILE, media_types=frozenset(one)) for one in ({media_type}, {"x/y"}))
    assert refusal(only, "a.bin", media_type, content) == ""
    assert refusal(none, "a.bin", media_type, content) == "file_type"


@pytest.mark.parametrize(
    ("media_type", "content", "code"),
    [
        ("application/pdf", b"", "file_empty"),
        ("application/pdf", b" \r\n\x00", "file_empty"),
        ("application/pdf", PDF, ""),
        ("application/octet-stream", PDF, ""),
        ("", PDF, ""),
        ("application/pdf", b"\n\n%PDF-1.4\n", ""),
        ("application/pdf", files.JPEG, "file_differs"),
        ("application/pdf", b"just words", "file_differs"),
        ("application/pdf", files.HTML, "file_differs"),
        ("image/jpeg", PDF, "file_differs"),
        ("application/xml", PDF, "file_differs"),
        ("text/xml", XML, ""),
        ("text/plain", XML, ""),
        ("application/ubl+xml", XML, ""),
        ("application/xml; charset=utf-8", XML, ""),
        ("application/xml", b"\xef\xbb\xbf" + XML, ""),
        ("application/xml", '<?xml version="1.0" encoding="UTF-16"?><a/>'.encode("utf-16"), ""),
        ("application/xml", b"<Invoice>", "file_damaged"),
        ("application/xml", b"<?xml version='1.0'?>", "file_damaged"),
        ("application/xml", files.WITH_DTD, "file_dtd"),
        ("application/xml", files.WITH_DTD.decode().encode("utf-16"), "file_dtd"),
        ("application/xml", files.WITH_ENTITIES, "file_dtd"),
        ("application/xml", files.OUTSIDE, "file_dtd"),
        ("image/svg+xml", files.SVG, "file_type"),
        ("text/html", files.HTML, "file_type"),
        ("image/heic", files.HEIC, "file_type"),
        ("image/jpeg", files.HEIC, "file_differs"),
        ("application/zip", files.ZIP, "file_type"),
        (DOCX_TYPE, files.DOCX, "file_type"),
        ("application/zip", files.DOCX, "file_differs"),
        ("application/zip", b"PK\x03\x04 broken", "file_type"),
        ("text/csv", b"a;b\n", "file_type"),
        ("application/octet-stream", b"\x7fELF", "file_type"),
    ],
)
def test_what_goes_and_what_does_not(media_type, content, code):
    assert refusal(PROFILE, "bill.pdf", media_type, content) == code


@pytest.mark.parametrize("name", ["bill.pdf", "bill.exe", "../bill", "", "bill.xml\x00.pdf"])
def test_what_it_is_called_decides_nothing(name):
    assert refusal(PROFILE, name, "application/pdf", PDF) == ""
    assert refusal(PROFILE, name, "application/pdf", files.PNG) == "file_differs"


def test_the_limit_counts_bytes():
    limited = replace(PROFILE, largest=len(PDF))
    assert refusal(limited, "a", "application/pdf", PDF) == ""
    assert refusal(limited, "a", "application/pdf", PDF + b"\n") == "file_too_large"


def test_forty_megabytes():
    content = PDF + b"%" + b"0" * (40 << 20)
    assert refusal(PROFILE, "a", "application/pdf", content) == ""
    twenty = replace(PROFILE, largest=20 << 20)
    assert refusal(twenty, "a", "application/pdf", content) == "file_too_large"


def test_a_large_pdf_inside_an_e_invoice_is_read():
    content = b"<Invoice><a>" + b"QUJD" * (4 << 20) + b"</a></Invoice>"
    assert refusal(PROFILE, "a", "application/xml", content) == ""


@pytest.mark.parametrize("algorithm", ["RC4-40", "RC4-128", "AES-128", "AES-256-R5", "AES-256"])
def test_a_pdf_that_asks_for_a_password(algorithm):
    locked = files.pdf("secret", algorithm=algorithm)
    against_changes = files.pdf("", algorithm=algorithm)
    assert asks_password(locked)
    assert not asks_password(against_changes)
    assert refusal(PROFILE, "a", "application/pdf", locked) == "file_password"
    assert refusal(PROFILE, "a", "application/pdf", against_changes) == ""
    assert refusal(replace(PROFILE, locked_pdf=True), "a", "application/pdf", locked) == ""


def test_a_broken_lock_counts_as_one():
    assert refusal(PROFILE, "a", "application/pdf", b"%PDF-1.4 /Encrypt 5 0 R") == "file_password"


def test_office_files_are_told_from_a_zip():
    assert sniffed(files.DOCX) == DOCX_TYPE
    assert sniffed(files.XLSX) == XLSX_TYPE
    assert sniffed(files.ZIP) == "application/zip"
    assert refusal(ALL, "a", "application/vnd.ms-excel", files.OLD_WORD) == ""
    assert refusal(ALL, "a", "application/pdf", files.OLD_WORD) == "file_differs"


starts = st.sampled_from(
    [b"", b"%PDF-", b"PK\x03\x04", b"<", b"<?xml", b"\xff\xfe<\x00", b"II*\x00"]
)


@given(starts, st.binary(max_size=300), st.sampled_from(["", *files.BY_TYPE]))
def test_any_bytes_get_an_answer(start, rest, media_type):
    assert isinstance(refusal(ALL, "a", media_type, start + rest), str)


def test_a_document_type_is_found_before_it_is_used(monkeypatch):
    """Entities in attributes are put in whatever the parser is told, and one for large files has
    no measure for how they grow."""
    parsers = []
    original = etree.XMLParser

    def parser(**options):
        parsers.append(options)
        return original(**options)

    monkeypatch.setattr(reading.etree, "XMLParser", parser)
    content = files.WITH_ENTITIES.replace(b"<Invoice>&b8;<", b'<Invoice a="&b3;"><')
    assert refusal(PROFILE, "a.xml", "application/xml", content) == "file_dtd"
    assert reading.tree_of(content) is None
    assert reading.tree_of(files.WITH_DTD) is None
    assert parsers == []
    assert reading.tree_of(XML) is not None
    assert len(parsers) == 1


def test_the_list_of_a_zip_is_not_read_when_it_is_endless(monkeypatch):
    endless = files.DOCX + b"PK\x01\x02" * 20_000
    monkeypatch.setattr(taken.zipfile, "ZipFile", None)
    assert sniffed(endless) == "application/zip"


@pytest.mark.parametrize(
    "text", ["1E+9999999", "1E+30", "9" * 30, "NaN", "Infinity", "1_000", "\u0663", "", "1.2.3"]
)
def test_what_is_no_amount_of_an_invoice_is_none(text):
    assert reading.amount_at(etree.fromstring(f"<a><b>{text}</b></a>"), "b") is None


@pytest.mark.parametrize("text", ["0", "-12.50", "+1.", ".5", " 121.00 ", "999999999999999.99"])
def test_what_is_an_amount(text):
    found = reading.amount_at(etree.fromstring(f"<a><b>{text}</b></a>"), "b")
    assert found == Decimal(text.strip())
