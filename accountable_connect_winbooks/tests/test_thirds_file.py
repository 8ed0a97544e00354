"""Customers and suppliers as records, byte for byte, and which of them are written."""

from dataclasses import replace
from pathlib import Path

import pytest
from odoo.addons.accountable_connect.documents import PURCHASE, SALE, Party
from odoo.addons.accountable_connect.documents.party import (
    DOMESTIC_PRIVATE,
    EU_BUSINESS,
    NOT_SUBJECT,
    OTHER_BUSINESS,
)
from odoo.addons.accountable_connect_winbooks.api.layout import CSF
from odoo.addons.accountable_connect_winbooks.api.third import (
    bank_account,
    third_row,
    vat_picture,
)
from odoo.addons.accountable_connect_winbooks.tests.entries import (
    CUSTOMER,
    GERMAN,
    SUPPLIER,
    bought,
    delivery,
    document,
    given_to,
    line,
    written,
)

DATA = Path(__file__).parent / "data"


def sale(count, third, party=CUSTOMER, **given):
    built = document(SALE, count, line("700000", "211400", 100, 21, text="Verf"), party=party)
    return delivery(built, given_to(built, third, **given))


def bill(count, third, party=SUPPLIER, **given):
    built = document(PURCHASE, count, bought("600000", "112104", 100, 21), party=party)
    return delivery(built, given_to(built, third, **given))


def values_of(party, kind="1"):
    return dict(zip((field.name for field in CSF), third_row(party, "NR", kind), strict=True))


def test_one_record_for_each_third_of_a_batch():
    """A customer who is a supplier too has two; one with two documents has one, and one that an
    upload has shown has none."""
    files = written(
        bill(1, "LEFEVRE"),
        sale(1, "MEULEMANS"),
        bill(2, "MEULEMANS", replace(CUSTOMER, supplier=True)),
        sale(2, "MEULEMANS"),
        bill(3, "MUELLER", GERMAN),
        sale(3, "KNOWN", third_row=()),
    )
    assert files["CSF.TXT"] == (DATA / "thirds.csf.txt").read_bytes()


def test_the_record_is_the_same_in_every_batch():
    """Also when its documents are others, and come in another order."""
    first = written(sale(1, "MEULEMANS"), bill(1, "LEFEVRE"))
    second = written(bill(2, "LEFEVRE"), sale(2, "MEULEMANS"))
    assert first["CSF.TXT"] == second["CSF.TXT"]
    assert first["ACT.TXT"] != second["ACT.TXT"]


def test_without_a_third_to_tell_of_there_is_no_file():
    assert list(written(sale(1, "KNOWN", third_row=()))) == ["ACT.TXT"]


@pytest.mark.parametrize(
    ("country", "number", "picture"),
    [
        ("BE", "0999999130", "0999.999.130"),
        ("BE", "1000000021", "1000.000.021"),
        ("BE", "99999130", "99999130"),
        ("DK", "12345678", "12 34 56 78"),
        ("FR", "XX999999999", "XX 999999999"),
        ("GB", "999999973", "999 9999 73"),
        ("GB", "999999973001", "999 9999 73 001"),
        ("GB", "GD001", "GD001"),
        ("XI", "999999973", "999 9999 73"),
        ("DE", "123456789", "123456789"),
        ("NL", "123456789B13", "123456789B13"),
        ("AT", "U12345678", "U12345678"),
        ("IE", "1234567WA", "1234567WA"),
    ],
)
def test_vat_numbers_as_winbooks_shows_them(country, number, picture):
    assert vat_picture(number, country) == picture


@pytest.mark.parametrize(
    ("changes", "country", "number", "category"),
    [
        ({}, "BE", "0999.999.130", "1"),
        ({"vat_number": ""}, "BE", "", "0"),
        ({"vat_number": "", "vat_status": DOMESTIC_PRIVATE}, "BE", "", "3"),
        ({"vat_number": "", "vat_status": NOT_SUBJECT}, "BE", "", "3"),
        ({"vat_number": "", "vat_status": OTHER_BUSINESS, "country": "US"}, "US", "", "0"),
        ({"vat_number": "", "country": ""}, "", "", "0"),
        ({"vat_number": "EL123456783", "country": "GR"}, "EL", "123456783", "1"),
        ({"vat_number": "XI999999973", "country": "GB"}, "XI", "999 9999 73", "1"),
        # registered for VAT in another country than that of its address
        ({"vat_number": "BE0999999130", "country": "NL"}, "BE", "0999.999.130", "1"),
        # no number of this country is asked for in a return
        ({"vat_number": "CHE530781296", "country": "CH", "vat_status": OTHER_BUSINESS}, "CH", "",
         "0"),
    ],
)  # fmt: skip
def test_vat_category_and_country(changes, country, number, category):
    values = values_of(replace(CUSTOMER, **changes))
    assert (values["COUNTRY"], values["VATNUMBER"], values["VATCAT"]) == (
        country,
        number,
        category,
    )


def test_a_long_name_and_address_go_over_two_fields():
    party = replace(
        CUSTOMER,
        name="Koninklijke Vereniging voor de Bevordering van de Drukkunst vzw",
        street="Industriezone Ten Briele, Lieven Bauwensstraat 20 bus 12",
    )
    values = values_of(party)
    assert (values["NAME1"], values["NAME2"]) == (
        "Koninklijke Vereniging voor de",
        "Bevordering van de Drukkunst vzw",
    )
    assert (values["ADRESS1"], values["ADRESS2"]) == (
        "Industriezone Ten Briele, Lieven",
        "Bauwensstraat 20 bus 12",
    )


@pytest.mark.parametrize(
    ("language", "code"), [("nl", "N"), ("fr", "F"), ("en", "E"), ("de", ""), ("", "")]
)
def test_languages(language, code):
    assert values_of(replace(CUSTOMER, language=language))["LANG"] == code


def test_bank_accounts():
    assert bank_account("BE68539007547034") == "539-0075470-34"
    assert bank_account("BE68 5390 0754 7034") == "539-0075470-34"
    assert bank_account("NL91ABNA0417164300") == bank_account("") == ""


def test_what_belongs_to_the_accountant_stays_empty():
    values = values_of(Party(external_number=1, name="X", vat_status=EU_BUSINESS), "2")
    for name in ("PAYCODE", "CENTRAL", "VATCODE", "CATEGORY", "DEFLTPOST", "CIVNAME1"):
        assert values[name] == ""
    assert len(values) == 25


def test_what_is_written_once_is_written_the_same_again():
    """The record is kept as it was first written."""
    party = replace(CUSTOMER, name='Café "Żółw"\n& Zonen ' + "é" * 60, street="x" * 90)
    row = third_row(party, "NR", "1")
    assert third_row(replace(party, name=f"{row[2]} {row[3]}"), "NR", "1")[:4] == row[:4]
    assert all('"' not in value and "\n" not in value for value in row)
