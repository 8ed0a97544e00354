"""One value, whole, out of fields in which people write anything."""

import pytest
from odoo.addons.accountable_connect.api import contact_details


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("a@x.example", "a@x.example"),
        ("A.B+c@Sub.X-y.example", "A.B+c@Sub.X-y.example"),
        (" a@x.example\n", "a@x.example"),
        ('"Boekhouding" <a@x.example>; b@x.example', "a@x.example"),
        ("Jan Claes <jan@x.example>", "jan@x.example"),
        ('"old@x.example" <new@x.example>', "new@x.example"),
        ("(old@x.example) new@x.example", "new@x.example"),
        # quotes and brackets around it, and nothing else
        ('"a@x.example"', "a@x.example"),
        ("An Claes (a@x.example)", "a@x.example"),
        ("'a@x.example' <a@x.example>", "a@x.example"),
        ("a@x.example,b@x.example", "a@x.example"),
        ("a@x.example / b@x.example", "a@x.example"),
        ("a@x.example b@x.example", "a@x.example"),
        ("mailto:a@x.example", "a@x.example"),
        ("a@x.example.", "a@x.example"),
        ("o'neil@x.example", "o'neil@x.example"),
        ("info@müller.example", "info@müller.example"),
        ("an@example", "an@example"),
        ("a\x00@x.example", "a@x.example"),
        ("ask An", ""),
        ("a..b@x.example", ""),
        ("a @x.example", ""),
        ("a@@x.example", ""),
        ("a@-x.example", ""),
        ("@x.example", ""),
        ("!" * 100_000, ""),
        (f"{'a' * 250}@x.example", ""),
        (None, ""),
    ],
)
def test_email_address(written, address):
    assert contact_details.email_address(written) == address


def test_address_without_room():
    assert contact_details.email_address("a@x.example", 11) == "a@x.example"
    assert contact_details.email_address("a@x.example; b@x.example", 10) == ""


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("09 123 45 67", "09 123 45 67"),
        ("09/123.45.67", "09/123.45.67"),
        ("+32 (0)9/123.45.67", "+32 (0)9/123.45.67"),
        ("+1 (555) 010-9999", "+1 (555) 010-9999"),
        ("0049 2501/12345678", "0049 2501/12345678"),
        ("+49 2501 / 12345-67", "+49 2501 / 12345-67"),
        ("02, 123 45 67", "02, 123 45 67"),
        ("112", "112"),
        # with what people write beside it
        ("09 123 45 67 ext. 12", "09 123 45 67 ext. 12"),
        ("09 123 45 67 (An)", "09 123 45 67 (An)"),
        # two of them
        ("09 123 45 67 / 0475 12 34 56", "09 123 45 67"),
        ("09/123.45.67 of 0475/12.34.56", "09/123.45.67"),
        ("09 123 45 67; 0475 12 34 56", "09 123 45 67"),
        ("09 123 45 67, 0475 12 34 56", "09 123 45 67"),
        ("09 123 45 67 - 0475 12 34 56", "09 123 45 67"),
        ("09 123 45 67\n0475 12 34 56", "09 123 45 67"),
        ("091234567/0475123456", "091234567"),
        ("+32 9 123 45 67 +32 475 12 34 56", "+32 9 123 45 67"),
        ("0032 9 123 45 67 / 0032 475 12 34 56", "0032 9 123 45 67"),
        ("T 09 123 45 67 F 09 123 45 68", "09 123 45 67"),
        ("tel 1: 09 123 45 67, tel 2: 0475 12 34 56", "09 123 45 67"),
        ("0475 12 34 56 (8-17u) / 09 123 45 67", "0475 12 34 56"),
        # nobody can tell where the second one begins
        ("09 123 45 67 0475 12 34 56", ""),
        ("unknown", ""),
        (None, ""),
    ],
)
def test_phone_number(written, number):
    assert contact_details.phone_number(written) == number


@pytest.mark.parametrize(
    ("written", "length", "number"),
    [
        ("09 123 45 67 (secretariat)", 25, "09 123 45 67"),
        ("+32 9 123 45 67 (secretariat)", 12, "+3291234567"),
        ("+32 (0)9 123 45 67", 12, "+3291234567"),
        ("0032 9 123 45 67", 12, "+3291234567"),
        ("09/123 45 67 or 0475 12 34 56", 9, "091234567"),
        ("+32 9 123 45 67", 8, ""),
        ("02, 123 45 67, the office of An Claes", 25, "02, 123 45 67"),
        # the ending of a second number is no part of the first
        ("+32 (0)9 123.45.67 / 68", 20, "+32 (0)9 123.45.67"),
        ("+32 (0)9 123.45.67 / 68", 12, "+3291234567"),
        ("+32 (0)9 123.45.67/68", 20, ""),
        ("+32 / 475 / 12 / 34 / 56", 20, ""),
        ("office 02; 123 45 67 in the morning only", 25, ""),
    ],
)
def test_number_without_room_is_written_shorter_or_not_at_all(written, length, number):
    assert contact_details.phone_number(written, length) == number


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("https://x.example/a,b?c=d", "https://x.example/a,b?c=d"),
        ("www.x.example, www.y.example", "www.x.example"),
        ("www.x.example;www.y.example", "www.x.example"),
        ("www.x.example,www.y.example", "www.x.example"),
        ("", ""),
    ],
)
def test_web_address(written, address):
    assert contact_details.web_address(written) == address


def test_numbers_of_companies_and_banks():
    registry_number = contact_details.registry_number
    assert registry_number("0477.472.701") == "0477472701"
    assert registry_number("0477.472.701, RPR Gent 2") == "0477472701"
    assert registry_number("0477472701 / 0999999031") == "0477472701"
    assert registry_number("HRB 1234") == "1234"
    assert registry_number("1234567890123456") == registry_number(None) == ""
    assert contact_details.bank_identifier("gkcc be bb") == "GKCCBEBB"
    assert contact_details.bank_identifier("the savings bank") == ""
