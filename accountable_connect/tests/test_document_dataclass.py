"""The neutral document, the choice of a period and decimal arithmetic: plain Python."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.accountable_connect.documents import (
    ContactPerson,
    Document,
    DocumentError,
    File,
    Line,
    Party,
)
from odoo.addons.accountable_connect.documents.amounts import (
    distribute,
    round_half_up,
    split,
    to_decimal,
)
from odoo.addons.accountable_connect.documents.period import Period, open_accounting_date
from odoo.addons.accountable_connect.documents.serial import (
    document_from_values,
    document_to_values,
)

CENT = Decimal("0.01")
PARTY = Party(external_number=7, name="Klant BV")


def document(**values):
    lines = values.pop("lines", (line(),))
    return Document(
        **{
            "kind": "sale",
            "own_reference": "odoo-1",
            "number": "INV/1",
            "journal": "V1",
            "document_date": date(2026, 3, 10),
            "accounting_date": date(2026, 3, 10),
            "due_date": date(2026, 4, 9),
            "party": PARTY,
            "currency": "EUR",
            "company_currency": "EUR",
            "lines": lines,
            "total": Decimal("121.00"),
            "total_company": Decimal("121.00"),
            **values,
        }
    )


def line(base="100.00", invoiced="21.00", **values):
    return Line(
        **{
            "ledger_account": "700000",
            "vat_code": "21",
            "base": Decimal(base),
            "vat_invoiced": Decimal(invoiced),
            "base_company": Decimal(base),
            "vat_invoiced_company": Decimal(invoiced),
            **values,
        }
    )


def test_sum_is_checked_with_both_figures():
    with pytest.raises(DocumentError, match=r"121\.01.*121\.00"):
        document(total=Decimal("121.01"))


def test_sum_in_company_currency_is_checked():
    with pytest.raises(DocumentError, match="total_company"):
        document(total_company=Decimal("120.00"))


def test_owed_vat_is_not_on_the_invoice():
    owed = Decimal("21.00")
    purchase = document(
        kind="purchase",
        lines=(
            line(
                invoiced="0",
                vat_owed=owed,
                vat_owed_company=owed,
                vat_deductible=Decimal("10.50"),
                vat_deductible_company=Decimal("10.50"),
            ),
        ),
        total=Decimal(100),
        total_company=Decimal(100),
    )
    assert not purchase.is_sale
    assert not purchase.is_refund


def test_decimals_of_the_currency():
    with pytest.raises(DocumentError, match="more than 0 decimals"):
        document(
            currency="JPY",
            currency_decimals=0,
            total=Decimal("121.50"),
            lines=(line(base="100.50", base_company=Decimal("100.00")),),
        )


def test_unknown_kind():
    with pytest.raises(DocumentError, match="kind"):
        document(kind="bank")


def test_fingerprint_follows_the_bookkeeping_only():
    original = document()
    file = File(key="ir.attachment,1", name="a.pdf", media_type="application/pdf", content=b"%PDF")
    moved = replace(PARTY, street="Nieuwstraat 1", email="a@b.be")
    assert document().fingerprint() == original.fingerprint()
    assert replace(original, files=(file,)).fingerprint() == original.fingerprint()
    assert replace(original, party=moved).fingerprint() == original.fingerprint()
    elsewhere = replace(original, address="https://example.com/odoo/account.move/1")
    assert elsewhere.fingerprint() == original.fingerprint()
    for changed in (
        replace(original, due_date=date(2026, 4, 10)),
        replace(original, lines=(line(ledger_account="700100"),)),
        replace(original, party=replace(PARTY, external_number=8)),
        replace(original, reference="+++202/6000/04236+++"),
    ):
        assert changed.fingerprint() != original.fingerprint()


def test_fingerprint_of_a_party():
    assert replace(PARTY, name="Klant NV").fingerprint() != PARTY.fingerprint()
    assert replace(PARTY).fingerprint() == PARTY.fingerprint()
    person = ContactPerson(key=9, name="An", email="an@example.com")
    staffed = replace(PARTY, contacts=(person,))
    assert staffed.fingerprint() != PARTY.fingerprint()
    moved = replace(PARTY, contacts=(replace(person, email="an@example.org"),))
    assert moved.fingerprint() != staffed.fingerprint()


def test_party_of_the_version_before_is_the_same():
    """Its IBAN went whether it was trusted or not, and is not taken away by sending it anew."""
    with_iban = "36a14a20e875802fc047b89ab65de13143715b3e89a2459163ebd41522790b07"
    without = "2d12e13abe21fd4320d8f201e4bc111a8080271635132840c0a704385255be4f"
    party = Party(external_number=12, name="Klant BV", customer=True, vat_number="BE0999999130")
    account = "BE68539007547034", "NICABEBB"
    trusted = replace(party, iban=account[0], bic=account[1])
    untrusted = replace(party, untrusted_iban=account[0], untrusted_bic=account[1])
    assert (party.fingerprint(), trusted.fingerprint()) == (without, with_iban)
    assert untrusted.fingerprint() == without
    assert untrusted.was_sent_as(with_iban) and untrusted.was_sent_as(without)
    assert trusted.was_sent_as(with_iban) and not trusted.was_sent_as(without)
    assert not party.was_sent_as(with_iban)
    assert not replace(untrusted, name="x").was_sent_as(with_iban)
    kept = json.loads(json.dumps(document_to_values(document(party=untrusted))))
    assert document_from_values(kept).party == untrusted
    del kept["party"]["untrusted_iban"], kept["party"]["untrusted_bic"]
    assert document_from_values(kept).party == party


def test_earlier_fingerprints_survive_being_kept():
    original = document(party=replace(PARTY, known_as=("36a1", "2d12")))
    kept = json.loads(json.dumps(document_to_values(original)))
    assert document_from_values(kept).party == original.party
    # kept before there were any
    del kept["party"]["known_as"]
    assert document_from_values(kept).party == PARTY


def test_contact_persons_survive_being_kept():
    person = ContactPerson(key=9, name="An", email="an@example.com")
    original = document(party=replace(PARTY, contacts=(person,)))
    kept = json.loads(json.dumps(document_to_values(original)))
    assert document_from_values(kept).party == original.party
    # kept before there were any
    del kept["party"]["contacts"]
    assert document_from_values(kept).party == PARTY


amounts = st.integers(min_value=-(10**7), max_value=10**7).map(lambda value: value * CENT)


@given(amounts, st.lists(amounts, min_size=1, max_size=9))
def test_split_adds_up(amount, weights):
    parts = split(amount, weights, 2)
    assert sum(parts) == amount
    assert len(parts) == len(weights)
    assert all(part == round_half_up(part, 2) for part in parts)


@given(amounts, st.lists(amounts, min_size=1, max_size=9))
def test_distribute_adds_up(difference, weights):
    parts = distribute(difference, weights, 2)
    assert sum(parts) == difference
    if any(weights):
        assert all(not part for part, weight in zip(parts, weights, strict=True) if not weight)


def test_distribute_by_the_smallest_unit():
    weights = [Decimal("2.10"), Decimal("2.11"), Decimal("0")]
    assert distribute(CENT, weights, 2) == [Decimal(0), CENT, Decimal(0)]
    assert distribute(-2 * CENT, weights, 2) == [-CENT, -CENT, Decimal(0)]
    assert distribute(CENT, [Decimal(0), Decimal(0)], 2) == [CENT, Decimal(0)]


def test_split_half_a_cent():
    assert split(Decimal("0.03"), [Decimal(50), Decimal(50)], 2) == [
        Decimal("0.02"),
        Decimal("0.01"),
    ]
    assert split(Decimal("7"), [Decimal(0), Decimal(0)], 2) == [Decimal(0), Decimal("7")]


def test_to_decimal():
    assert to_decimal(0.1 + 0.2, 2) == Decimal("0.30")
    assert str(to_decimal(-0.0, 2)) == "0.00"
    assert str(to_decimal(1234.5, 0)) in ("1234", "1235")


MARCH = Period(date_from=date(2026, 3, 1), date_to=date(2026, 3, 31), book_year="2026", closed=True)
APRIL = Period(
    date_from=date(2026, 4, 1),
    date_to=date(2026, 4, 30),
    book_year="2026",
    closed_journals=("A1",),
)
MAY = Period(date_from=date(2026, 5, 1), date_to=date(2026, 5, 31), book_year="2026")
JANUARY = Period(date_from=date(2027, 1, 1), date_to=date(2027, 1, 31), book_year="2027")
PERIODS = (MARCH, APRIL, MAY, JANUARY)


@pytest.mark.parametrize(
    ("day", "journal", "may_move", "expected"),
    [
        (date(2026, 5, 7), "V1", False, date(2026, 5, 7)),
        (date(2026, 3, 7), "V1", False, None),
        (date(2026, 3, 7), "V1", True, date(2026, 4, 1)),
        (date(2026, 3, 7), "A1", True, date(2026, 5, 1)),
        (date(2026, 4, 7), "A1", False, None),
        (date(2026, 6, 7), "V1", True, None),
    ],
)
def test_open_accounting_date(day, journal, may_move, expected):
    assert open_accounting_date(PERIODS, day, journal, may_move) == expected


def test_open_accounting_date_never_over_a_year_end():
    closed = (MARCH, JANUARY)
    assert open_accounting_date(closed, date(2026, 3, 7), "A1", True) is None


def test_without_periods_every_day_is_open():
    assert open_accounting_date((), date(2026, 3, 7), "A1", False) == date(2026, 3, 7)
