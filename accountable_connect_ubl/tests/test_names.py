"""What delivered files are called."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.accountable_connect_ubl.api.names import (
    ENDINGS,
    LONGEST,
    TYPES,
    beside,
    file_name,
    pattern_fault,
)
from odoo.addons.accountable_connect_ubl.api.profile import Profile

PROFILE = Profile(name="Generic")
XML, PDF = "application/xml", "application/pdf"
ON_WINDOWS = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|com\d|lpt\d)(\.|$)", re.IGNORECASE)
kinds = st.sampled_from(sorted(TYPES))
texts = st.text(max_size=400)
media_types = st.sampled_from(sorted(ENDINGS)) | st.text(max_size=30)
patterns = st.sampled_from(
    ["{type}_{vat}_{number}", "{number}", "{vat}{number}", "x-{number}-{type}"]
)


@pytest.mark.parametrize(
    ("kind", "number", "media_type", "name"),
    [
        ("sale", "2026-00015", XML, "INV_BE0123456749_2026-00015.xml"),
        ("sale", "INV/2026/00015", PDF, "INV_BE0123456749_INV-2026-00015.pdf"),
        ("sale_refund", "RINV/2026/00001", XML, "CN_BE0123456749_RINV-2026-00001.xml"),
        ("purchase", "Café 12 / Ø", "image/jpeg", "BILL_BE0123456749_Cafe-12-O.jpg"),
        ("purchase_refund", "1", "text/xml; charset=utf-8", "BILLCN_BE0123456749_1.xml"),
        ("purchase", "../../etc/passwd", PDF, "BILL_BE0123456749_etc-passwd.pdf"),
        ("purchase", "a\x00b\r\nc\x1bd", PDF, "BILL_BE0123456749_a-b-c-d.pdf"),
        ("purchase", "x.xml", PDF, "BILL_BE0123456749_x-xml.pdf"),
        ("purchase", "x", "application/x-unknown", "BILL_BE0123456749_x.bin"),
    ],
)
def test_names_as_people_see_them(kind, number, media_type, name):
    assert (
        file_name(
            PROFILE,
            kind,
            "BE 0123.456.749".replace(" ", "").replace(".", ""),
            number,
            media_type,
            (),
        )
        == name
    )


def test_a_foreign_number_without_a_latin_letter_still_tells_documents_apart():
    first, second = (file_name(PROFILE, "purchase", "", number, PDF, ()) for number in "发票")
    assert first != second
    assert re.fullmatch(r"BILL-[0-9a-f]{8}\.pdf", first)


def test_a_document_that_would_be_called_the_same_gets_a_number():
    taken = []
    for number in ("A/1", "A-1", "a 1"):
        taken.append(file_name(PROFILE, "purchase", "BE1", number, PDF, taken))
    assert taken == ["BILL_BE1_A-1.pdf", "BILL_BE1_A-1-2.pdf", "BILL_BE1_a-1-3.pdf"]


def test_the_name_of_another_document_with_another_ending_counts():
    """Receivers take an e-invoice and a PDF that are called alike for one document."""
    assert file_name(PROFILE, "sale", "BE1", "1", PDF, ["INV_BE1_1.xml"]) == "INV_BE1_1-2.pdf"
    assert beside("INV_BE1_1.xml", PDF) == "INV_BE1_1.pdf"


@pytest.mark.parametrize("number", ["CON", "nul", "Com1", "LPT9", "aux"])
def test_no_name_is_one_that_windows_keeps(number):
    name = file_name(replace(PROFILE, file_name="{number}"), "sale", "", number, XML, ())
    assert name == f"INV-{number}.xml"


@given(patterns, kinds, texts, texts, media_types, st.sets(texts, max_size=5))
def test_every_name_can_be_stored_anywhere(pattern, kind, vat, number, media_type, taken):
    profile = replace(PROFILE, file_name=pattern)
    name = file_name(profile, kind, vat, number, media_type, taken)
    assert re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_-]*\.[a-z]{3,4}", name)
    assert len(name) <= LONGEST + 15
    assert not ON_WINDOWS.match(name)
    assert name.lower() not in {one.lower() for one in taken}
    assert file_name(profile, kind, vat, number, media_type, taken) == name


@given(st.lists(st.text("aA1/ -é字", max_size=4), max_size=30))
def test_names_in_use_are_never_given_again(numbers):
    taken = []
    for number in numbers:
        taken.append(file_name(PROFILE, "purchase", "BE1", number, PDF, taken))
    assert len({name.lower() for name in taken}) == len(taken)


@given(st.text(min_size=200, max_size=300), st.text(max_size=20), st.text(max_size=20))
def test_what_is_cut_off_still_tells_documents_apart(common, first, second):
    names = {
        number: file_name(PROFILE, "sale", "BE1", f"{common}x{number}", XML, ())
        for number in (first, second)
    }
    assert all(len(name) <= LONGEST + 5 for name in names.values())
    latin = f"{common}".isascii() and common.isalnum()
    assert not latin or len(set(names.values())) == len(names)


@pytest.mark.parametrize(
    ("pattern", "code"),
    [
        ("{type}_{vat}_{number}", ""),
        ("{number}", ""),
        ("odoo-{number}", ""),
        ("{type}_{vat}", "name_number"),
        ("", "name_number"),
        ("{number}_{year}", "name_place"),
        ("{number.__class__}", "name_place"),
        ("{number}{}", "name_place"),
        ("../{number}", "name_sign"),
        ("{number}.xml", "name_sign"),
        ("{number} bill", "name_sign"),
        ("é{number}", "name_sign"),
        ("{{number}", "name_sign"),
        ("x" * 60 + "{number}", "name_sign"),
    ],
)
def test_patterns(pattern, code):
    assert pattern_fault(pattern) == code
