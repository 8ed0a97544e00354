"""Which files a batch has, what they are called, and which documents stop it."""

from dataclasses import replace
from decimal import Decimal

import pytest
from odoo.addons.accountable_connect.api.errors import BatchRefusedError
from odoo.addons.accountable_connect.documents import (
    PURCHASE,
    SALE,
    SALE_REFUND,
    File,
    StoredFile,
)
from odoo.addons.accountable_connect_winbooks.api.entry import REFUSED
from odoo.addons.accountable_connect_winbooks.api.options import Options
from odoo.addons.accountable_connect_winbooks.api.writer import write
from odoo.addons.accountable_connect_winbooks.tests.entries import (
    bought,
    delivery,
    document,
    given_to,
    line,
    parcel,
    written,
)
from odoo.addons.accountable_connect_winbooks.tests.test_writer import rows

PDF = "application/pdf"


def sale(count, *lines, files=(), given=None, **changes):
    lines = lines or (line("700000", "211400", 100, 21, text="Verf"),)
    built = document(SALE, count, *lines, **changes)
    given = given_to(built, **({"third": "MEULEMANS"} | (given or {})))
    return delivery(built, given, files)


def file(name, media_type=PDF, content=b"%PDF-1.7"):
    return File(key=name, name=name, media_type=media_type, content=content)


def refusals(*deliveries, **options):
    with pytest.raises(BatchRefusedError) as caught:
        next(write(parcel(*deliveries), Options(**options)))
    return caught.value.refusals


def refusal(one, **options):
    (error,) = refusals(one, **options).values()
    assert error.values["document"] == one.number
    return error


# Texts


@pytest.mark.parametrize(
    ("reference", "text", "expected"),
    [
        ("1", "BILL/2026/03/0001", "1 / BILL/2026/03/0001"),
        ("F-1", "BILL/2026/03/0001 / F-1", "BILL/2026/03/0001 / F-1"),
        ("", "BILL/2026/03/0001", "BILL/2026/03/0001"),
        ("F-1", "", "F-1 / BILL/2026/03/0001"),
        ("F" * 20, "BILL/2026/03/0001 / BILL/2026/02/0007", "F" * 20 + " / BILL/2026/03/0001"),
        ("F" * 50, "BILL/2026/03/0001", "F" * 40),
    ],
)
def test_what_tells_a_bill_apart(reference, text, expected):
    """The number on the paper first; no other number is cut."""
    built = document(
        PURCHASE, 1, bought("600000", "112104", 100, 21), reference=reference, text=text
    )
    found = rows(written(delivery(built, given_to(built, "LEFEVRE")))["ACT.TXT"])
    assert {row["COMMENT"] for row in found} == {expected}


# Files beside the entries


def test_files_beside_the_entries_are_called_as_in_the_archive():
    """Journal, period of the book year, number, rank."""
    one = sale(
        43,
        files=[
            file("INV_2026_00043.pdf"),
            file("ubl.xml", "application/xml; charset=utf-8"),
            file("Foto tuin.JPEG", "image/x-unknown"),
            file("zonder", "application/octet-stream"),
        ],
        given={"archive_period": "09"},
    )
    names = list(written(one))
    assert names == [
        "CSF.TXT",
        "ACT.TXT",
        "VEN_09_43_01.pdf",
        "VEN_09_43_02.xml",
        "VEN_09_43_03.jpeg",
        "VEN_09_43_04.bin",
    ]


def test_the_content_of_a_file_is_read_when_it_is_asked_for():
    reads = []

    def read():
        reads.append(1)
        return b"%PDF-1.7"

    stored = StoredFile(key="1", name="a.pdf", media_type=PDF, size=8, checksum="c", read=read)
    *_texts, annex = write(parcel(sale(43, files=[stored])), Options())
    assert not reads
    assert (annex.content, annex.size, annex.key) == (b"%PDF-1.7", 8, "1")
    *_texts, annex = write(parcel(sale(44), sale(43, files=[file("a.pdf")])), Options())
    assert isinstance(annex, StoredFile)
    assert annex.content == b"%PDF-1.7"


def test_documents_come_in_the_order_of_the_batch():
    found = rows(written(sale(12), sale(9), sale(10))["ACT.TXT"])
    assert [row["DOCNUMBER"] for row in found if row["DOCTYPE"] == "1"] == ["12", "9", "10"]


def test_the_same_batch_gives_the_same_bytes():
    documents = [sale(number, files=[file("a.pdf")]) for number in range(1, 6)]
    assert written(*documents) == written(*documents)


# What cannot be written


def test_all_that_cannot_be_written_is_told_before_the_first_file():
    zero = [line("700000", "211400", 100, 21), line("700000", "211400", -100, -21)]
    found = refusals(sale(1), sale(2, *zero), sale(3), sale(4, company_currency="USD"))
    assert {place: error.code for place, error in found.items()} == {
        1: "zero_total",
        3: "not_in_euro",
    }
    assert found[1].values == {
        "document": "INV/2026/00002",
        "journal": "VEN",
        "number": "2",
        "third": "MEULEMANS",
        "file": "ACT",
    }


def a_code_that_is_too_long():
    return sale(1, line("700000001", "211400", 100, 21))


def vat_without_code():
    return sale(1, line("700000", None, 100, 21))


def three_decimals():
    tax = Decimal("21.001")
    whole = line("700000", "211400", 100, 21)
    return sale(1, replace(whole, vat_invoiced=tax), currency="KWD", currency_decimals=3)


def nothing_in_euro():
    """One yen is less than a cent."""
    whole = line("700000", "231000", 1, company=(0, 0, 0, 0))
    return sale(1, whole, currency="JPY", currency_decimals=0)


@pytest.mark.parametrize(
    ("make", "code", "told"),
    [
        (a_code_that_is_too_long, "too_long", {"field": "ACCOUNTGL", "value": "700000001"}),
        (vat_without_code, "vat_without_code", {"account": "700000"}),
        (three_decimals, "currency_decimals", {"currency": "KWD"}),
        (nothing_in_euro, "zero_total", {}),
    ],
)
def test_why_a_document_cannot_be_written(make, code, told):
    error = refusal(make())
    assert error.code == code
    assert told.items() <= error.values.items()


def test_vat_we_owe_needs_an_account():
    built = document(PURCHASE, 1, bought("611000", "112304", 3600, owed=756))
    one = delivery(built, given_to(built, "LEFEVRE"))
    error = refusal(one, owed_vat_account="")
    assert (error.code, error.values["vat_code"]) == ("owed_vat_account", "112304")
    assert written(one, owed_vat_account="", second_leg=False)


def test_each_refusal_is_tried():
    tried = {"currency_decimals", "owed_vat_account", "vat_without_code", "zero_total"}
    assert tried | {"not_in_euro", "owed_vat_not_deducted"} == REFUSED


def test_a_third_that_cannot_be_written_keeps_all_its_documents():
    row = ("MUCH TOO LONG", "1", "Name", *[""] * 22)
    shown = sale(2, given={"third": "KNOWN", "third_row": ()})
    found = refusals(sale(1, given={"third_row": row}), shown, sale(3, given={"third_row": row}))
    assert {place: (error.code, error.values["file"]) for place, error in found.items()} == {
        0: ("too_long", "CSF"),
        2: ("too_long", "CSF"),
    }


# Currencies


def test_what_is_nothing_in_euro_still_adds_up_in_its_currency():
    """The line of nothing is left out, and the largest one takes what it was."""
    lines = [
        line("700000", "231000", 1000, company=("6.10", 0, 0, 0)),
        line("700100", "231000", 1, company=(0, 0, 0, 0)),
    ]
    found = rows(written(sale(1, *lines, currency="JPY", currency_decimals=0))["ACT.TXT"])
    assert [row["CURRAMOUNT"] for row in found] == ["1001.00", "-1001.00", "0.00"]
    assert [row["DOCTYPE"] for row in found] == ["1", "3", "4"]


def test_equal_lines_keep_telling_texts_apart():
    """Also where the text that is made for the one is the text of another."""
    lines = [line("700000", "211400", 1, "0.21", text=text) for text in ("a", "a", "a (2)", "a")]
    built = document(SALE_REFUND, 1, *lines)
    found = rows(written(delivery(built, given_to(built, "MEULEMANS")))["ACT.TXT"])
    texts = [row["COMMENT"] for row in found if row["ACCOUNTGL"] == "700000"]
    assert texts == ["a", "a (2)", "a (2) (2)", "a (3)"]
