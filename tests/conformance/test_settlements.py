"""What comes back: payments, set-offs, transfers, what was undone, open items."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from odoo.addons.accountable_connect.api.contract import Package
from odoo.addons.accountable_connect.api.errors import DataRefusedError, TemporaryError
from odoo.addons.accountable_connect.documents import Instalment

from . import case as words
from .test_documents import dollars

# About answers: it has no meaning where nothing answers.
pytestmark = pytest.mark.live

TOTAL = Decimal("1210.00")


@pytest.fixture(autouse=True)
def needs_settlements(package):
    if not package.capabilities.settlements:
        pytest.skip("the package cannot")


def settlements(package, cursor=""):
    return {one.key: one for one in package.settlements_since(cursor).settlements}


def only(package):
    (settlement,) = settlements(package).values()
    return settlement


def undone(first, second):
    """Of the settlements of a reading those that a later one says are no more; it may name others
    that nobody ever heard of."""
    return {one.key for one in first.settlements} & set(second.removed)


def test_nothing_yet(package, build, book):
    book(build.sale())
    changes = package.settlements_since("")
    assert changes.settlements == ()
    assert changes.cursor


def test_customer_pays(package_case, package, build, book):
    invoice = book(build.sale())
    bank = package_case.pay(invoice.key)
    settlement = only(package)
    assert settlement.kind == "payment"
    assert settlement.document_key == invoice.key
    assert settlement.counterpart_key.startswith(bank)
    assert (settlement.amount, settlement.amount_company) == (TOTAL, TOTAL)
    assert settlement.currency == "EUR"
    assert settlement.date.isoformat() == f"{package_case.year}-04-15"


def test_we_pay_a_supplier(package_case, package, build, book):
    bill = book(build.purchase())
    package_case.pay(bill.key)
    settlement = only(package)
    assert (settlement.kind, settlement.document_key) == ("payment", bill.key)
    assert settlement.amount == Decimal("302.50")


def test_we_pay_a_credit_note_back(package_case, package, build, book):
    credit_note = book(build.sale_refund())
    package_case.pay(credit_note.key)
    settlement = only(package)
    assert (settlement.kind, settlement.document_key) == ("payment", credit_note.key)
    assert settlement.amount == TOTAL / 10


def test_in_two_parts(package_case, package, build, book):
    invoice = book(build.sale())
    package_case.pay(invoice.key, parts=[Decimal("500.00")])
    first = package.settlements_since("")
    package_case.pay(invoice.key)
    found = settlements(package)
    assert sorted(one.amount for one in found.values()) == [Decimal("500.00"), Decimal("710.00")]
    assert {one.document_key for one in found.values()} == {invoice.key}
    later = settlements(package, first.cursor)
    assert Decimal("710.00") in {one.amount for one in later.values()}
    assert set(later) <= set(found)


def test_one_payment_for_several_invoices(package_case, package, build, book):
    invoices = [book(build.sale("300.00")), book(build.sale("500.00"))]
    bank = package_case.pay(*(invoice.key for invoice in invoices))
    found = settlements(package).values()
    assert {(one.document_key, one.amount) for one in found} == {
        (invoices[0].key, Decimal("363.00")),
        (invoices[1].key, Decimal("605.00")),
    }
    assert all(one.counterpart_key.startswith(bank) for one in found)


def test_paid_too_much(package_case, package, build, book):
    invoice = book(build.sale())
    package_case.pay(invoice.key, amount=Decimal("1300.00"))
    settlement = only(package)
    assert (settlement.document_key, settlement.amount) == (invoice.key, TOTAL)


@pytest.mark.parametrize("side", ["sale", "purchase"])
def test_credit_note_set_off(package_case, package, build, book, side):
    invoice = book(getattr(build, side)("100.00"))
    credit_note = book(getattr(build, f"{side}_refund")("40.00"))
    package_case.set_off(invoice.key, credit_note.key)
    settlement = only(package)
    assert settlement.kind == "set_off"
    assert settlement.document_key == invoice.key
    assert settlement.counterpart_key == credit_note.key
    assert settlement.amount == Decimal("48.40")


def test_moved_to_doubtful_debtors_is_no_payment(package_case, package, build, book):
    invoice = book(build.sale())
    package_case.move_to_doubtful(invoice.key)
    settlement = only(package)
    assert settlement.kind == "transfer"
    assert (settlement.document_key, settlement.amount) == (invoice.key, TOTAL)


def test_difference_written_off_is_no_payment(package_case, package, build, book):
    invoice = book(build.sale())
    package_case.pay(invoice.key, parts=[Decimal("1209.98")], amount=Decimal("1209.98"))
    package_case.write_off(invoice.key, Decimal("0.02"))
    kinds = {one.kind: one.amount for one in settlements(package).values()}
    assert kinds == {"payment": Decimal("1209.98"), "write_off": Decimal("0.02")}


def test_unmatched_again(package_case, package, build, book):
    invoice = book(build.sale())
    other = book(build.sale())
    package_case.pay(invoice.key)
    package_case.pay(other.key)
    first = package.settlements_since("")
    (key,) = [one.key for one in first.settlements if one.document_key == invoice.key]
    package_case.unmatch(invoice.key)
    second = package.settlements_since(first.cursor)
    assert undone(first, second) == {key}
    assert key not in {one.key for one in second.settlements}
    assert {one.document_key for one in settlements(package).values()} == {other.key}


def test_matched_once_more_is_not_removed(package_case, package, build, book):
    invoice = book(build.sale())
    credit_note = book(build.sale_refund("1000.00"))
    package_case.set_off(invoice.key, credit_note.key)
    first = package.settlements_since("")
    package_case.unmatch(invoice.key)
    package_case.set_off(invoice.key, credit_note.key)
    changes = package.settlements_since(first.cursor)
    assert not undone(first, changes)
    assert len(changes.settlements) == 1


def test_booking_deleted_takes_its_settlements_along(package_case, package, build, book):
    invoice = book(build.sale())
    package_case.pay(invoice.key)
    first = package.settlements_since("")
    package_case.delete(invoice.key)
    # a package may ask rarely what was removed
    package_case.pass_time(3601)
    changes = package.settlements_since(first.cursor)
    assert undone(first, changes) == {one.key for one in first.settlements}
    assert settlements(package) == {}


def test_reading_twice_gives_the_same(package_case, package, build, book):
    for amount in ("100.00", "200.00"):
        package_case.pay(book(build.sale(amount)).key)
    first = package.settlements_since("")
    assert settlements(package) == {one.key: one for one in first.settlements}
    again = {one.key: one for one in package.settlements_since(first.cursor).settlements}
    assert set(again.items()) <= set(settlements(package).items())


def test_foreign_currency(package_case, package, build, book):
    line = build.line(
        package_case.codes.revenue, package_case.codes.sale[21], "1000", 21, to_company=dollars
    )
    invoice = book(build.document("sale", [line], currency="USD", rate=Decimal("1.0850")))
    package_case.pay(invoice.key)
    settlement = only(package)
    assert (settlement.amount, settlement.currency) == (TOTAL, "USD")
    assert settlement.amount_company == Decimal("1115.21")


def test_part_payment_in_a_foreign_currency(package_case, package, build, book):
    line = build.line(
        package_case.codes.revenue, package_case.codes.sale[21], "1000", 21, to_company=dollars
    )
    invoice = book(build.document("sale", [line], currency="USD", rate=Decimal("1.0850")))
    package_case.pay(invoice.key, parts=[Decimal("500.00")], amount=Decimal("500.00"))
    settlement = only(package)
    assert settlement.amount_company == Decimal("500.00")
    assert settlement.currency == "USD"
    assert abs(settlement.amount - Decimal("542.50")) <= Decimal("0.01")
    (item,) = [item for item in package.open_items() if item.document_key == invoice.key]
    assert abs(item.amount + settlement.amount - TOTAL) <= Decimal("0.01")


def test_instalments(package_case, package, build, book):
    term = package_case.codes.term_of_two_halves
    if not term:
        pytest.skip("the package makes one open line")
    document = build.sale()
    day, later = document.document_date, document.document_date + timedelta(days=30)
    halves = [Instalment(due_date=due, amount=TOTAL / 2) for due in (day, later)]
    document = replace(document, payment_term=term, due_date=later, instalments=tuple(halves))
    invoice = book(document)
    assert package.read_document(invoice.key).version == invoice.version
    (item,) = package.open_items()
    assert (item.amount, item.due_date) == (TOTAL, day)
    package_case.pay(invoice.key, parts=[TOTAL / 2])
    settlement = only(package)
    assert (settlement.kind, settlement.amount) == ("payment", TOTAL / 2)
    (item,) = package.open_items()
    assert (item.amount, item.due_date) == (TOTAL / 2, later)
    package_case.pay(invoice.key)
    assert sum(one.amount for one in settlements(package).values()) == TOTAL
    assert package.open_items() == []


@pytest.mark.parametrize("how", ["paid", "set off"])
def test_books_closed_later_leave_the_settlement_as_it_is(package_case, package, build, book, how):
    """The document comes back because it was processed; what settled it does not."""
    if not package_case.guards_matched:
        pytest.skip("the package does not process documents")
    invoice = book(build.sale("100.00"))
    if how == "paid":
        package_case.pay(invoice.key)
    else:
        earlier = invoice_date_before(build.sale_refund("100.00"))
        package_case.set_off(invoice.key, book(earlier).key)
    first = package.settlements_since("")
    package_case.process(invoice.key)
    second = package.settlements_since(first.cursor)
    assert not undone(first, second)
    assert set(second.settlements) <= set(first.settlements)


def invoice_date_before(document):
    day = document.document_date.replace(month=2)
    return replace(document, document_date=day, accounting_date=day)


def test_unknown_cursor_reads_everything(package_case, package, build, book):
    package_case.pay(book(build.sale()).key)
    assert len(settlements(package, "from an older version")) == 1


@pytest.mark.parametrize(
    "kind", [words.HTML, words.GARBAGE, words.EMPTY, words.HUGE, words.SERVER_ERROR]
)
def test_senseless_answer_is_no_news(package_case, package, build, book, kind):
    package_case.pay(book(build.sale()).key)
    tries = package_case.tries_of_a_read if kind == words.SERVER_ERROR else 1
    package_case.fault(words.READ_SETTLEMENTS, kind, tries)
    with pytest.raises(TemporaryError):
        package.settlements_since("")
    assert len(settlements(package)) == 1


# Open items


def open_amounts(package):
    return {item.document_key: item.amount for item in package.open_items()}


def test_open_items_of_both_sides(package_case, package, build, book, customer, supplier):
    documents = {
        "invoice": book(build.sale()),
        "credit note": book(build.sale_refund()),
        "bill": book(build.purchase()),
        "bill credit note": book(build.purchase_refund()),
    }
    items = {item.document_key: item for item in package.open_items()}
    assert {name: items[one.key].amount for name, one in documents.items()} == {
        "invoice": Decimal("1210.00"),
        "credit note": Decimal("-121.00"),
        "bill": Decimal("302.50"),
        "bill credit note": Decimal("-60.50"),
    }
    assert items[documents["invoice"].key].party_key == customer
    assert items[documents["bill"].key].party_key == supplier
    assert items[documents["invoice"].key].due_date.isoformat() == f"{package_case.year}-04-09"
    assert items[documents["invoice"].key].reference == "+++202/6000/04236+++"


def test_open_items_follow_payments(package_case, package, build, book):
    invoice, paid = book(build.sale()), book(build.sale())
    package_case.pay(invoice.key, parts=[Decimal("500.00")], amount=Decimal("500.00"))
    package_case.pay(paid.key)
    assert open_amounts(package) == {invoice.key: Decimal("710.00")}


def test_nothing_open(package):
    assert package.open_items() == []


def test_opening_item_and_its_payment(package_case, package, customer):
    package_case.opening_item(customer, Decimal("250.00"))
    (item,) = package.open_items()
    assert (item.amount, item.party_key, item.reference) == (
        Decimal("250.00"),
        customer,
        "F2025/812",
    )


def test_open_items_in_a_foreign_currency(package_case, package, build, book):
    line = build.line(
        package_case.codes.revenue, package_case.codes.sale[21], "1000", 21, to_company=dollars
    )
    invoice = book(build.document("sale", [line], currency="USD", rate=Decimal("1.0850")))
    (item,) = [item for item in package.open_items() if item.document_key == invoice.key]
    assert (item.amount, item.amount_company, item.currency) == (
        TOTAL,
        Decimal("1115.21"),
        "USD",
    )


def matches_of(package, stored):
    """What a booking is matched with; none only of a package that never says it."""
    matches = package.matches_of(stored.key)
    assert matches or type(package).matches_of is Package.matches_of
    return matches


def test_a_matched_booking_says_with_what(package_case, package, build, book, customer):
    if not package.capabilities.update_document:
        pytest.skip("the package cannot")
    document = build.sale()
    stored = book(document)
    bank = package_case.pay(stored.key)
    smaller = replace(
        build.sale("500.00"), number=document.number, own_reference=document.own_reference
    )
    with pytest.raises(DataRefusedError) as caught:
        package.update_document(stored.key, smaller, customer)
    assert caught.value.is_matched
    for match in matches_of(package, stored):
        assert match.kind == "payment"
        assert match.number.partition(" ")[0] == bank.split("/")[1]
        assert match.number.rpartition("/")[2] == bank.split("/")[2]
        assert match.date.isoformat() == f"{package_case.year}-04-15"
        assert (match.amount, match.currency) == (TOTAL, "EUR")


def test_matched_with_a_credit_note(package_case, package, build, book):
    invoice, credit_note = book(build.sale()), book(build.sale_refund())
    package_case.set_off(invoice.key, credit_note.key)
    for stored, other in ((invoice, credit_note), (credit_note, invoice)):
        for match in matches_of(package, stored):
            assert (match.kind, match.number) == ("set_off", other.number)
            assert match.amount == TOTAL / 10
