"""Payment terms as settlements and open items."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.accountable_connect.documents import MasterItem
from odoo.addons.accountable_connect_exact.api import terms
from odoo.addons.accountable_connect_exact.api.codes import Codes
from odoo.addons.accountable_connect_exact.api.mapping import PURCHASES, SALES

from .books import CODES, PARTY, account_guid


def guid(number):
    return f"a0000000-0000-4000-8000-{number:012}"


class Books:
    """Rows of terms, numbered in the order in which they change."""

    def __init__(self, sign=1):
        self.sign = sign
        self.rows = []

    def term(self, entry, type_, amount, *, status=50, end="2026-04-15", **changes):
        """``amount``: positive on the side of an invoice."""
        number = len(self.rows) + 1
        row = {
            "ID": guid(number),
            "Timestamp": str(1000 + number),
            "Status": status,
            "LineType": 22 if type_ in (30, 31) else 20,
            "Account": PARTY,
            "AmountDC": self.sign * Decimal(amount),
            "AmountFC": self.sign * Decimal(amount),
            "Currency": "EUR",
            "EndDate": end if status == 50 else None,
            "LastPaymentDate": end if status == 50 else None,
            "EntryDate": "2026-03-10",
            "GLAccount": account_guid("400000"),
            "TransactionEntryID": guid(100 + entry),
            "TransactionType": type_,
            **changes,
        }
        self.rows.append(row)
        return row["ID"]

    def settlements(self, lines=(), kinds=None):
        found = terms.read(self.rows)
        terms.pair(found)
        terms.explain(terms.unexplained(found), lines)
        return {
            (one.document_key, one.kind, one.counterpart_key): one.amount_company
            for one in terms.settlements(found, kinds or {})
        }


SALE, BILL = f"sale/{guid(101)}", f"purchase/{guid(101)}"
BANK = f"entry/{guid(150)}"


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("types", [(20, SALE), (30, BILL)])
def test_payment(sign, types):
    books = Books(sign)
    type_, key = types
    books.term(1, type_, "1210")
    books.term(50, 40, "-1210", LineType=22 if type_ == 30 else 20)
    assert books.settlements() == {(key, "payment", BANK): Decimal("1210.00")}


def test_part_of_an_invoice_and_the_rest():
    books = Books()
    first = books.term(1, 20, "500")
    books.term(1, 20, "710", status=20)
    books.term(50, 40, "-500")
    assert books.settlements() == {(SALE, "payment", BANK): Decimal("500.00")}
    found = terms.read(books.rows)
    terms.pair(found)
    (settlement,) = terms.settlements(found, {})
    assert settlement.key == first
    assert settlement.date == date(2026, 4, 15)


@pytest.mark.parametrize(
    ("type_", "paid_on", "day"),
    [
        (40, "2026-03-20", date(2026, 3, 20)),  # paid before the day from which it is not open
        (40, None, date(2026, 4, 15)),
        (21, "2026-03-20", date(2026, 4, 15)),  # no money moved
    ],
)
def test_day_of_a_settlement(type_, paid_on, day):
    books = Books()
    books.term(1, 20, "1210", LastPaymentDate=paid_on)
    books.term(50, type_, "-1210")
    found = terms.read(books.rows)
    terms.pair(found)
    [settlement] = terms.settlements(found, {})
    assert settlement.date == day


@pytest.mark.parametrize("status", [20, 30, 40])
def test_selected_or_under_way_is_not_settled(status):
    books = Books()
    books.term(1, 20, "1210", status=status)
    assert books.settlements() == {}


@pytest.mark.parametrize("status", [20, 30, 40])
def test_fully_paid_is_settled_whatever_the_status(status):
    books = Books()
    paid = {"IsFullyPaid": True, "EndDate": "2026-04-15", "LastPaymentDate": "2026-04-15"}
    books.term(1, 20, "1210", status=status, **paid)
    books.term(50, 40, "-1210")
    assert books.settlements() == {(SALE, "payment", BANK): Decimal("1210.00")}


def test_one_payment_for_several_invoices():
    books = Books()
    books.term(1, 20, "363")
    books.term(2, 20, "605")
    books.term(50, 40, "-968")
    assert books.settlements() == {
        (SALE, "payment", BANK): Decimal("363.00"),
        (f"sale/{guid(102)}", "payment", BANK): Decimal("605.00"),
    }


@pytest.mark.parametrize("sign", [1, -1, 0])
def test_credit_note_shows_on_the_invoice_only(sign):
    books = Books(sign or 1)
    books.term(1, 20, "48.40")
    books.term(2, 21, "-48.40")
    if not sign:
        for row in books.rows:
            row["AmountDC"] = abs(row["AmountDC"])
    assert books.settlements() == {(SALE, "set_off", f"sale/{guid(102)}"): Decimal("48.40")}


@pytest.mark.parametrize("sign", [1, -1])
def test_credit_note_that_is_paid_back(sign):
    books = Books(sign)
    books.term(1, 21, "-121")
    books.term(50, 40, "121")
    assert books.settlements() == {(SALE, "payment", BANK): Decimal("121.00")}


def test_invoice_settled_by_credit_note_and_payment_at_once():
    books = Books()
    invoice = books.term(1, 20, "100")
    books.term(2, 21, "-40")
    books.term(50, 40, "-60")
    assert books.settlements() == {
        (SALE, "payment", BANK): Decimal("60.00"),
        (SALE, "set_off", f"sale/{guid(102)}"): Decimal("40.00"),
    }
    found = terms.read(books.rows)
    terms.pair(found)
    assert [one.key for one in terms.settlements(found, {})] == [invoice, f"{invoice}/2"]


def test_many_counterparts_become_few_settlements():
    books = Books()
    books.term(1, 20, "60")
    for bank in range(50, 56):
        books.term(bank, 40, "-10")
    found = terms.read(books.rows)
    terms.pair(found)
    settlements = terms.settlements(found, {})
    assert len(settlements) == terms.MOST_PARTS == len({one.key for one in settlements})
    assert {one.key for one in settlements} == set(terms.settlement_keys(guid(1)))
    assert sum(one.amount for one in settlements) == Decimal("60.00")


def test_equal_amounts_go_by_reference_then_by_time():
    books = Books()
    books.term(1, 20, "100", YourRef="INV/1")
    books.term(2, 20, "100", YourRef="INV/2")
    books.term(50, 40, "-100", YourRef="INV/2")
    books.term(51, 40, "-100", YourRef="INV/1")
    assert set(books.settlements()) == {
        (SALE, "payment", f"entry/{guid(151)}"),
        (f"sale/{guid(102)}", "payment", BANK),
    }


def test_entry_does_not_settle_its_own_other_line():
    """A credit line in the invoice's own entry is a part of it, no payment."""
    books = Books()
    books.term(1, 20, "100")
    books.term(1, 90, "-100")
    assert books.settlements() == {(SALE, "other", ""): Decimal("100.00")}


def test_equal_foreign_amounts_count_only_where_nothing_is_paid_yet():
    """100 of 500 dollars are settled by another payment of that day: what is left of the invoice is
    not the 500 dollars of the other document."""
    books = Books()
    dollars = {"Currency": "USD", "AmountFC": Decimal("500.00")}
    first = books.term(1, 20, "460.00", **dollars)
    books.term(50, 40, "-455.00", **dollars)
    found = terms.read(books.rows)
    invoice, _payment = found
    invoice.left -= Decimal("100.00")
    terms.pair(found)
    assert invoice.id == first
    assert invoice.left == Decimal("360.00")


def test_difference_is_a_write_off():
    books = Books()
    books.term(1, 20, "1210")
    books.term(50, 40, "-1209.98")
    books.term(60, 83, "-0.02")
    assert books.settlements() == {
        (SALE, "payment", BANK): Decimal("1209.98"),
        (SALE, "write_off", f"entry/{guid(160)}"): Decimal("0.02"),
    }


@pytest.mark.parametrize(
    ("ledger", "kind"),
    [("407000", "transfer"), ("657100", "write_off"), ("616201", "write_off"), ("489000", "other")],
)
def test_general_entry_by_its_other_account(ledger, kind):
    books = Books()
    books.term(1, 20, "1210")
    books.term(70, 90, "-1210")
    found = terms.read(books.rows)
    terms.pair(found)
    entry = guid(170)
    assert terms.entries_to_look_at(found) == {entry}
    lines = [
        {"EntryID": entry, "GLAccount": account_guid(code), "GLAccountCode": code}
        for code in ("400000", ledger)
    ]
    kinds = terms.kinds_of_entries(lines, {account_guid("400000")}, CODES)
    assert kinds == {entry: kind}
    assert list(books.settlements(kinds=kinds)) == [(SALE, kind, f"entry/{entry}")]


@pytest.mark.parametrize(
    ("type_", "kind"), [(20, "transfer"), (12, "payment"), (10, "payment"), (90, "other")]
)
def test_general_entry_by_the_type_of_its_other_account(type_, kind):
    """Where the chart was read, its types tell what an account is, whatever its number."""
    details = {"guid": guid(999), "type": type_, "result": False}
    codes = Codes([MasterItem(kind="ledger_account", code="X1", name="X1", details=details)])
    line = {"EntryID": guid(170), "GLAccount": guid(999), "GLAccountCode": "X1"}
    assert terms.kinds_of_entries([line], set(), codes) == {guid(170): kind}


@pytest.mark.parametrize(("number", "kind"), [("407000", "transfer"), ("489000", "other")])
def test_account_that_was_never_read_is_known_by_its_number(number, kind):
    line = {"EntryID": guid(170), "GLAccount": guid(998), "GLAccountCode": number}
    assert terms.kinds_of_entries([line], set(), Codes([])) == {guid(170): kind}


def test_counterpart_from_the_ledger():
    books = Books()
    books.term(1, 20, "1210")
    line = {
        "EntryID": guid(150),
        "Type": 40,
        "Account": PARTY,
        "GLAccount": account_guid("400000"),
        "AmountDC": Decimal("-1210.00"),
        "Description": "Overschrijving",
    }
    own = {**line, "EntryID": guid(101), "Type": 20}
    assert books.settlements([own, line]) == {(SALE, "payment", BANK): Decimal("1210.00")}
    assert books.settlements() == {(SALE, "other", ""): Decimal("1210.00")}


def test_terms_that_came_back_without_their_counterpart_do_not_settle_each_other():
    """Both were paid on one day; their entries were processed later, the bank's was not."""
    books = Books()
    books.term(1, 20, "100")
    books.term(2, 21, "-40")
    bank = {"Type": 40, "Account": PARTY, "GLAccount": account_guid("400000")}
    lines = [
        {**bank, "EntryID": guid(150), "AmountDC": Decimal("-100")},
        {**bank, "EntryID": guid(151), "AmountDC": Decimal("40")},
        {**bank, "EntryID": guid(101), "AmountDC": Decimal("100"), "Type": 20},
        {**bank, "EntryID": guid(102), "AmountDC": Decimal("-40"), "Type": 21},
    ]
    assert books.settlements(lines) == {
        (SALE, "payment", BANK): Decimal("100.00"),
        (f"sale/{guid(102)}", "payment", f"entry/{guid(151)}"): Decimal("40.00"),
    }


def test_supplier_is_settled_by_debit():
    books = Books()
    books.term(1, 30, "100")
    line = {"EntryID": guid(150), "Type": 40, "Account": PARTY, "GLAccount": account_guid("400000")}
    assert books.settlements([{**line, "AmountDC": Decimal("-100")}]) == {
        (BILL, "other", ""): Decimal("100.00")
    }
    assert books.settlements([{**line, "AmountDC": Decimal("100")}]) == {
        (BILL, "payment", BANK): Decimal("100.00")
    }


def test_other_party_or_side_settles_nothing():
    books = Books()
    books.term(1, 20, "100")
    books.term(50, 40, "-100", Account=guid(9))
    books.term(51, 40, "-100", LineType=22)
    assert books.settlements() == {(SALE, "other", ""): Decimal("100.00")}


def test_part_payment_in_a_foreign_currency():
    books = Books()
    invoice = {"Currency": "USD", "AmountFC": Decimal("500.00")}
    books.term(1, 20, "460.83", **invoice)
    books.term(1, 20, "654.38", status=20, Currency="USD", AmountFC=Decimal("710.00"))
    # another rate on the day it was paid
    books.term(50, 40, "-455.10", **invoice)
    books.term(60, 82, "-5.73", Currency="USD", AmountFC=0)
    found = terms.read(books.rows)
    terms.pair(found)
    (settlement,) = terms.settlements(found, {})
    assert (settlement.kind, settlement.amount, settlement.amount_company) == (
        "payment",
        Decimal("500.00"),
        Decimal("460.83"),
    )
    assert settlement.currency == "USD"


def test_row_read_twice_counts_in_its_last_state():
    books = Books()
    books.term(1, 20, "100")
    books.term(50, 40, "-100")
    books.rows.append({**books.rows[0], "Timestamp": "2000", "Status": 20, "EndDate": None})
    assert books.settlements() == {}


@st.composite
def random_books(draw):
    """Invoices, credit notes, payments and differences of one party over a few days, in any
    order and sign; not all of them add up."""
    books = Books(draw(st.sampled_from((1, -1))))
    purchase = draw(st.booleans())
    for entry in range(1, draw(st.integers(1, 9)) + 1):
        type_ = draw(st.sampled_from((20, 20, 21, 40, 40, 83, 90)))
        amount = Decimal(draw(st.sampled_from((1, 5000, 10000, 12100, 3333)))).scaleb(-2)
        if type_ != 20 and (type_ == 21 or draw(st.integers(0, 3))):
            amount = -amount
        books.term(
            entry,
            type_ + 10 if purchase and type_ in (20, 21) else type_,
            amount,
            status=draw(st.sampled_from((20, 40, 50, 50, 50))),
            end=draw(st.sampled_from(("2026-04-15", "2026-04-16"))),
            LineType=22 if purchase else 20,
            AmountFC=amount * draw(st.sampled_from((1, Decimal("1.0850")))),
        )
    return books


@given(random_books())
def test_every_settlement_is_told_once_and_in_full(books):
    found = terms.read(books.rows)
    terms.pair(found)
    told = terms.settlements(found, {})
    assert len({one.key for one in told}) == len(told)
    assert all(one.amount_company > 0 and one.amount >= 0 for one in told)
    for term in found:
        own = [one for one in told if one.key in terms.settlement_keys(term.id)]
        amounts = sum((one.amount_company for one in own), Decimal(0))
        if not (term.closed and term.is_document):
            assert not own
        elif term.type in terms.INVOICES:
            assert amounts == abs(term.amount)
            assert sum((one.amount for one in own), Decimal(0)) == term.amount_fc
        else:
            assert amounts <= abs(term.amount)
    # once read is as good as twice
    again = terms.read([*books.rows, *books.rows])
    terms.pair(again)
    assert terms.settlements(again, {}) == told


# Open items


def open_row(type_, amount, *, sign=1, entry=1, **changes):
    return {
        "ID": guid(1),
        "Status": 20,
        "Account": PARTY,
        "AmountDC": -sign * Decimal(amount),
        "AmountFC": -sign * Decimal(amount),
        "TransactionAmountDC": sign * Decimal(amount),
        "Currency": "EUR",
        "DueDate": "2026-04-09",
        "InvoiceDate": "2026-03-10",
        "TransactionEntryID": guid(100 + entry),
        "TransactionID": guid(200 + entry),
        "TransactionType": type_,
        "YourRef": "INV/1",
        **changes,
    }


@pytest.mark.parametrize("sign", [1, -1])
def test_open_items(sign):
    rows = [
        open_row(20, "710", sign=sign),
        open_row(20, "500", sign=sign, DueDate="2026-05-09"),
        open_row(21, "-121", sign=sign, entry=2, PaymentReference="+++1+++"),
        open_row(40, "-90", sign=sign, entry=3),
        open_row(10, "250", sign=sign, entry=4),
        open_row(20, "5", sign=sign, entry=5, Status=50),
    ]
    items = {item.document_key: item for item in terms.open_items(rows, SALES)}
    assert {key: item.amount for key, item in items.items()} == {
        SALE: Decimal("1210.00"),
        f"sale/{guid(102)}": Decimal("-121.00"),
        f"entry/{guid(103)}": Decimal("-90.00"),
        f"line/{guid(204)}": Decimal("250.00"),
    }
    assert items[SALE].due_date == date(2026, 4, 9)
    assert (items[SALE].reference, items[f"sale/{guid(102)}"].reference) == ("INV/1", "+++1+++")


def test_open_opening_line_alone_is_debit_for_customers_and_credit_for_suppliers():
    for side, amount, expected in ((SALES, "250", "250"), (PURCHASES, "-99", "99")):
        (item,) = terms.open_items([open_row(10, amount)], side)
        assert item.amount == Decimal(expected)
