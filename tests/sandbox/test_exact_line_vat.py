"""How the Exact sandbox finds the VAT of a line and of an entry, both ways of its switches."""

from __future__ import annotations

from decimal import Decimal

import pytest
from exact_books import PURCHASES, SALES, SALES_LINES, Books

from sandbox.exact.resource import BusinessError

FRACTION = {21: Decimal("0.21"), 6: Decimal("0.06")}


@pytest.fixture
def books():
    return Books()


def lines(books, entry, sale=True):
    entity, name = (SALES, "SalesEntryLines") if sale else (PURCHASES, "PurchaseEntryLines")
    return books.children(entity, entry["EntryID"], name)


def test_a_percentage_without_a_code_finds_the_code(books):
    entry = books.sale(
        books.line(100, None, VATPercentage=FRACTION[6]),
        books.line(100, None, VATPercentage=FRACTION[21]),
    )
    assert [line["VATCode"] for line in lines(books, entry)] == ["6", "21"]
    assert entry["VATAmountFC"] == 27
    bill = books.bill(books.line(100, None, "604000", VATPercentage=FRACTION[21]))
    assert lines(books, bill, sale=False)[0]["VATCode"] == "A21"  # no reverse charge
    assert bill["AmountFC"] == 121


def test_of_codes_with_one_percentage_that_of_the_ledger_account_comes_first(books):
    books.act(
        "vat-code",
        code="VI",
        percentage=0.21,
        type="E",
        vat_transaction_type="S",
        gl_to_pay="451000",
    )
    books.act("gl-account", code="700000", vat_code="VI")

    def code(percentage):
        line = books.line(100, None, VATPercentage=percentage)
        return lines(books, books.sale(line))[0]["VATCode"]

    assert code(FRACTION[21]) == "VI"
    assert code(FRACTION[6]) == "6"
    for none in (None, Decimal(0)):
        assert code(none) == "VI"  # the default of the account
    books.act("vat-code", code="6", blocked=True)
    with pytest.raises(BusinessError) as error:
        code(FRACTION[6])
    assert error.value.name == "vat_percentage"


def test_a_percentage_finds_nothing_where_it_is_not_taken(books):
    books.switch(code_of_percentage=False)
    entry = books.sale(books.line(100, None, VATPercentage=FRACTION[6]))
    assert (lines(books, entry)[0].get("VATCode"), entry["AmountFC"]) == (None, 100)


def test_the_vat_of_the_head_is_the_vat_of_the_entry(books):
    entry = books.sale(books.line(100, "21"), books.line(10, "6"), VATAmountFC=Decimal("21.61"))
    assert (entry["VATAmountFC"], entry["AmountFC"]) == (Decimal("21.61"), Decimal("131.61"))
    assert [line["VATAmountFC"] for line in lines(books, entry)] == [
        Decimal("21.01"),
        Decimal("0.60"),
    ]
    assert books.booked(entry)["451000"] == "-21.61"
    books.update(SALES, entry["EntryID"], YourRef="x")
    assert books.get(SALES, entry["EntryID"])["VATAmountFC"] == Decimal("21.61")
    books.update(SALES, entry["EntryID"], VATAmountFC=Decimal("21.60"))
    assert books.get(SALES, entry["EntryID"])["VATAmountFC"] == Decimal("21.60")
    books.update(SALES, entry["EntryID"], VATAmountFC=Decimal("21.62"))
    books.update(SALES_LINES, lines(books, entry)[1]["ID"], AmountFC=Decimal(20))
    assert books.get(SALES, entry["EntryID"])["VATAmountFC"] == Decimal("22.20")


def test_vat_that_a_line_says_itself_stays(books):
    entry = books.sale(
        books.line(100, "21", VATAmountFC=Decimal("21.02")), VATAmountFC=Decimal("20.00")
    )
    assert entry["VATAmountFC"] == Decimal("21.02")
    entry = books.sale(
        books.line(100, "21", VATAmountFC=Decimal("21.02")),
        books.line(10, "21"),
        VATAmountFC=Decimal("23.00"),
    )
    assert [line["VATAmountFC"] for line in lines(books, entry)] == [
        Decimal("21.02"),
        Decimal("1.98"),
    ]


def test_reverse_charge_is_no_vat_of_the_head(books):
    bill = books.bill(books.line(100, "E21", "604000"), VATAmountFC=Decimal("21.00"))
    assert (bill["VATAmountFC"], bill["AmountFC"]) == (0, 100)


def test_the_head_may_not_count(books):
    books.switch(head_vat_amount=False)
    entry = books.sale(books.line(100, "21"), VATAmountFC=Decimal("21.61"))
    assert entry["VATAmountFC"] == 21
