"""Words or bookkeeping: what changed between two states of a document. Plain Python."""

from dataclasses import fields, replace
from datetime import date
from decimal import Decimal

import pytest
from odoo.addons.accountable_connect.documents import Document, Instalment, Line, Party
from odoo.addons.accountable_connect.documents.difference import (
    BOOKKEEPING,
    NOTHING,
    TEXTS,
    difference,
    words_that_differ,
)
from odoo.addons.accountable_connect.documents.serial import (
    document_from_values,
    document_to_values,
)

LINE = Line(
    ledger_account="604000",
    text="Paper",
    vat_code="V81-21",
    recoverable_share=Decimal(100),
    cost_centres=("2",),
    base=Decimal("100.00"),
    vat_invoiced=Decimal("21.00"),
    vat_deductible=Decimal("21.00"),
    base_company=Decimal("100.00"),
    vat_invoiced_company=Decimal("21.00"),
    vat_deductible_company=Decimal("21.00"),
)
SENT = Document(
    kind="purchase",
    own_reference="odoo-1-9",
    number="BILL/2026/11/0007",
    sequence_number=7,
    journal="A1",
    document_date=date(2026, 11, 2),
    accounting_date=date(2026, 11, 2),
    due_date=date(2026, 12, 2),
    party=Party(external_number=7, name="Papier BV"),
    currency="EUR",
    company_currency="EUR",
    reference="2026/0012",
    lines=(LINE,),
    instalments=(Instalment(due_date=date(2026, 12, 2), amount=Decimal("121.00")),),
    total=Decimal("121.00"),
    total_company=Decimal("121.00"),
)
WORDS = {
    "number": {"number": "BILL/2026/11/0008", "sequence_number": 8},
    "reference": {"reference": "2026/0013"},
    "communication": {"communication": "+++090/9337/55493+++"},
    "text": {"text": "for the fair"},
    "origin_number": {"origin_number": "BILL/2026/10/0003"},
    "due_date": {"due_date": date(2026, 12, 24)},
    "label": {"lines": (replace(LINE, text="Paper, A4"),)},
}
BOOKED = {
    "kind": {"kind": "purchase_refund"},
    "journal": {"journal": "A2"},
    "document_date": {"document_date": date(2026, 11, 3)},
    "accounting_date": {"accounting_date": date(2026, 12, 1)},
    "currency": {"currency": "USD"},
    "rate": {"rate": Decimal("1.0850")},
    "party": {"party": Party(external_number=8, name="Papier BV")},
}
LINES = {
    "ledger_account": "613310",
    "vat_code": "D21",
    "recoverable_share": Decimal(50),
    "cost_centres": ("3",),
}


def test_the_key_of_the_corrected_document_is_no_change():
    """A credit note that went together with it did not know it."""
    assert difference(SENT, replace(SENT, origin_key="9/V1/1")) == NOTHING
    assert difference(replace(SENT, origin_key="9/V1/1"), replace(SENT, origin_key="")) == NOTHING


@pytest.mark.parametrize("name", WORDS)
def test_words(name):
    present = replace(SENT, **WORDS[name])
    assert difference(SENT, present) == TEXTS
    assert words_that_differ(SENT, present) == [name]


@pytest.mark.parametrize("name", BOOKED)
def test_bookkeeping(name):
    assert difference(SENT, replace(SENT, **BOOKED[name])) == BOOKKEEPING


@pytest.mark.parametrize("name", LINES)
def test_bookkeeping_of_a_line(name):
    other = replace(LINE, text="Another", **{name: LINES[name]})
    assert difference(SENT, replace(SENT, lines=(other,))) == BOOKKEEPING


def test_figures_that_add_up_to_the_same_total():
    """A cent less on the base, one more on the VAT."""
    cent = Decimal("0.01")
    other = replace(LINE, base=LINE.base - cent, vat_invoiced=LINE.vat_invoiced + cent)
    assert difference(SENT, replace(SENT, lines=(other,))) == BOOKKEEPING


def test_a_date_of_one_instalment():
    halves = tuple(
        Instalment(due_date=date(2026, 12, day), amount=Decimal("60.50")) for day in (1, 2)
    )
    present = replace(SENT, instalments=halves)
    assert difference(SENT, present) == TEXTS
    assert words_that_differ(SENT, present) == ["due_date"]


def test_lines_grouped_otherwise_are_no_other_bookkeeping():
    amounts = [one.name for one in fields(Line) if isinstance(getattr(LINE, one.name), Decimal)]
    amounts.remove("recoverable_share")
    half = {name: getattr(LINE, name) / 2 for name in amounts}
    parts = tuple(replace(LINE, text=text, **half) for text in ("one", "two"))
    assert difference(SENT, replace(SENT, lines=parts)) == TEXTS


def test_what_was_stored_is_no_difference():
    again = document_from_values(document_to_values(SENT))
    assert difference(SENT, again) == NOTHING
    assert difference(again, replace(SENT, address="https://elsewhere.example")) == NOTHING
