"""Payment terms, matching, lists of open items and reading by row version."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from exact_books import DELETED, SALES, TERMS, Books

from sandbox.exact.resource import BusinessError, Missing

DAY = dt.date(2026, 3, 5)
LINES = "financialtransaction/TransactionLines"
RECEIVABLES, PAYMENTS = "cashflow/Receivables", "cashflow/Payments"


@pytest.fixture
def books():
    return Books()


@pytest.fixture
def customer(books):
    return books.account()


@pytest.fixture
def invoice(books, customer):
    return books.sale(
        books.line(100, "21"),
        customer=customer,
        EntryDate=DAY,
        YourRef="INV/1",
        PaymentReference="+++090/9337/55493+++",
    )


def states(terms):
    return [(term["Status"], str(term["AmountDC"]), term["IsFullyPaid"]) for term in terms]


def test_open_term(books, invoice, customer):
    [term] = books.terms(invoice)
    assert states([term]) == [(20, "121.00", False)]
    assert (term["LineType"], term["TransactionType"], term["Account"]) == (20, 20, customer)
    assert (term["DueDate"], term["InvoiceDate"]) == (dt.date(2026, 4, 4), DAY)
    assert (term["YourRef"], term["PaymentReference"]) == ("INV/1", "+++090/9337/55493+++")
    assert term["EntryID"] != term["TransactionEntryID"]
    [line] = [
        row for row in books.rows(LINES, EntryID=invoice["EntryID"]) if row["LineNumber"] == 0
    ]
    assert (term["TransactionID"], line["OffsetID"]) == (line["ID"], None)


def test_whole_payment_closes_the_term(books, invoice):
    before = books.terms(invoice)[0]["Timestamp"]
    bank = books.act("pay", entries=[{"entry": invoice["EntryID"]}], date="2026-03-20")["entry"]
    [term] = books.terms(invoice)
    assert states([term]) == [(50, "121.00", True)]
    assert (term["LastPaymentDate"], term["EndDate"]) == (dt.date(2026, 3, 20),) * 2
    assert (term["EndYear"], term["EndPeriod"]) == (2026, 3)
    assert term["Timestamp"] > before
    [paid] = books.terms({"EntryID": bank})
    assert (paid["Status"], paid["TransactionType"], str(paid["AmountDC"]), paid["YourRef"]) == (
        50,
        40,
        "-121.00",
        "INV/1",
    )
    header = next(
        row for row in books.rows(LINES, EntryID=invoice["EntryID"]) if row["LineNumber"] == 0
    )
    assert header["OffsetID"] in {row["ID"] for row in books.rows(LINES, EntryID=bank)}


def test_part_payment_splits_the_term(books, invoice):
    books.act("pay", entries=[{"entry": invoice["EntryID"], "amount": 21}])
    rest, paid = books.terms(invoice)
    assert states([rest, paid]) == [(20, "100.00", False), (50, "21.00", True)]
    assert rest["EntryID"] != paid["EntryID"]
    assert rest["TransactionEntryID"] == paid["TransactionEntryID"]
    assert {str(term["TransactionAmountDC"]) for term in (rest, paid)} == {"121.00"}


def test_unmatching_opens_the_rows_again(books, invoice):
    bank = books.act("pay", entries=[{"entry": invoice["EntryID"], "amount": 21}])["entry"]
    highest = books.division.version
    assert books.act("unmatch", entry=invoice["EntryID"]) == {"removed": 1}
    assert states(books.terms(invoice)) == [(20, "100.00", False), (20, "21.00", False)] or (
        states(books.terms(invoice)) == [(20, "21.00", False), (20, "100.00", False)]
    )
    again = books.rows(TERMS, after=highest)
    assert {row["TransactionEntryID"] for row in again} == {invoice["EntryID"], bank}
    assert {row["LastPaymentDate"] for row in again} == {None}
    assert books.division.books.matched_amount(1) == 0


def test_overpayment_stays_on_the_bank_line(books, invoice):
    bank = books.act("pay", entries=[{"entry": invoice["EntryID"]}], amount=150)["entry"]
    assert states(books.terms(invoice)) == [(50, "121.00", True)]
    assert states(books.terms({"EntryID": bank})) == [(20, "-29.00", False), (50, "-121.00", True)]


def test_one_payment_for_two_invoices_and_one_invoice_in_two_payments(books, customer, invoice):
    other = books.sale(books.line(50, "0"), customer=customer)
    books.act("pay", entries=[{"entry": invoice["EntryID"]}, {"entry": other["EntryID"]}])
    assert [row["Status"] for row in books.terms(invoice) + books.terms(other)] == [50, 50]
    third = books.sale(books.line(90, "0"), customer=customer)
    books.act("pay", entries=[{"entry": third["EntryID"]}], parts=[40, 50])
    assert sorted(states(books.terms(third))) == [(50, "40.00", True), (50, "50.00", True)]


def test_set_off_has_no_payment_date(books, customer, invoice):
    credit = books.sale(books.line(-50, "21"), customer=customer, EntryDate=DAY)
    assert states(books.terms(credit)) == [(20, "-60.50", False)]
    books.act("set-off", invoice=invoice["EntryID"], credit=credit["EntryID"])
    rest, closed = books.terms(invoice)
    assert states([rest, closed]) == [(20, "60.50", False), (50, "60.50", True)]
    assert (closed["LastPaymentDate"], closed["EndDate"]) == (None, DAY)
    with pytest.raises(BusinessError):
        books.act("set-off", invoice=invoice["EntryID"], credit=credit["EntryID"])


def test_write_off_and_doubtful(books, customer, invoice):
    moved = books.act("write-off", entry=invoice["EntryID"], amount=1)["entry"]
    assert books.booked({"EntryID": moved}) == {"400000": "-1.00", "657000": "1.00"}
    assert {row["TransactionType"] for row in books.terms({"EntryID": moved})} == {83}
    moved = books.act("doubtful", entry=invoice["EntryID"])["entry"]
    assert books.booked({"EntryID": moved}) == {"400000": "-120.00", "407000": "120.00"}
    assert {row["TransactionType"] for row in books.terms({"EntryID": moved})} == {90}
    assert {row["Status"] for row in books.terms(invoice)} == {50}


def test_selection_and_batch_are_not_payment(books, invoice):
    books.act("select-for-collection", entry=invoice["EntryID"])
    assert states(books.terms(invoice)) == [(30, "121.00", False)]
    books.act("process-payment", entry=invoice["EntryID"])
    assert states(books.terms(invoice)) == [(40, "121.00", False)]
    with pytest.raises(BusinessError):
        books.delete(SALES, invoice["EntryID"])
    [item] = books.rows("read/financial/ReceivablesList")
    assert (item["Amount"], item["AmountInTransit"]) == (121, 121)


def test_instalments(books, customer):
    entry = books.sale(
        books.line("100.01", "0"), customer=customer, EntryDate=DAY, PaymentCondition="2T"
    )
    terms = sorted(books.terms(entry), key=lambda row: row["DueDate"])
    assert [(row["DueDate"], str(row["AmountDC"])) for row in terms] == [
        (DAY, "50.01"),
        (dt.date(2026, 4, 4), "50.00"),
    ]
    assert entry["DueDate"] == dt.date(2026, 4, 4)
    books.act("pay", entries=[{"entry": entry["EntryID"], "amount": 60}])
    assert [state[:2] for state in states(books.terms(entry))] == [
        (20, "40.01"),
        (50, "50.01"),
        (50, "9.99"),
    ]


def test_purchase_terms(books):
    bill = books.bill(books.line(100, "A21", "604000"))
    [term] = books.terms(bill)
    assert (term["LineType"], str(term["AmountDC"]), term["TransactionType"]) == (22, "121.00", 30)
    assert books.rows(RECEIVABLES) == []
    assert [row["ID"] for row in books.rows(PAYMENTS)] == [term["ID"]]
    books.act("pay", entries=[{"entry": bill["EntryID"]}])
    assert states(books.terms(bill)) == [(50, "121.00", True)]


def test_sign_switch(books, invoice, customer):
    credit = books.sale(books.line(-10, "0"), customer=customer)
    books.switch(receivable_sign="negative")
    found = {row["TransactionEntryID"]: row for row in books.rows(RECEIVABLES)}
    sale, refund = found[invoice["EntryID"]], found[credit["EntryID"]]
    assert (sale["AmountDC"], sale["TransactionAmountDC"]) == (-121, 121)
    assert (refund["AmountDC"], refund["TransactionAmountDC"]) == (10, -10)


def test_the_few_writable_fields(books, invoice):
    [term] = books.rows(RECEIVABLES)
    books.update(RECEIVABLES, term["ID"], Description="Nieuwe tekst", PaymentReference="123")
    [changed] = books.rows(RECEIVABLES, TransactionEntryID=invoice["EntryID"])
    assert (changed["Description"], changed["PaymentReference"]) == ("Nieuwe tekst", "123")
    assert changed["Timestamp"] > term["Timestamp"]
    with pytest.raises(Missing):
        books.get(PAYMENTS, term["ID"])


def test_payments_in_a_batch(books):
    bill = books.bill(books.line(100, "A21", "604000"))
    [term] = books.terms(bill)
    books.create("cashflow/ProcessPayments", PaymentIDs=[term["ID"]])
    assert states(books.terms(bill)) == [(40, "121.00", False)]
    with pytest.raises(BusinessError):
        books.create("cashflow/ProcessPayments", PaymentIDs=[term["ID"]])


def test_open_lists_and_ageing(books, invoice, customer):
    bank = books.act("book-by-hand", journal="50", account=customer, amount=20)["entry"]
    items = {row["JournalCode"]: row for row in books.rows("read/financial/ReceivablesList")}
    assert (items["70"]["Amount"], items["70"]["YourRef"]) == (121, "INV/1")
    assert (items["50"]["Amount"], items["50"]["YourRef"]) == (-20, None)
    assert books.get("read/financial/ReceivablesList", items["50"]["HID"])["Amount"] == -20
    [aged] = books.rows("read/financial/AgingReceivablesList")
    assert (aged["AccountId"], aged["TotalAmount"]) == (customer, 101)
    [overview] = books.rows("read/financial/OutstandingInvoicesOverview")
    assert overview["OutstandingReceivableInvoiceCount"] == 2
    books.act("delete-entry", entry=bank)
    assert len(books.rows("read/financial/ReceivablesList")) == 1


def test_our_ref_matches_only_when_switched_on(books, customer, invoice):
    line = {
        "GLAccount": books.ledger("400000"),
        "Account": customer,
        "AmountFC": Decimal(121),
        "OurRef": invoice["EntryNumber"],
    }
    books.create("financialtransaction/BankEntries", JournalCode="50", BankEntryLines=[line])
    assert states(books.terms(invoice)) == [(20, "121.00", False)]
    books.switch(match_our_ref=True)
    books.create("financialtransaction/BankEntries", JournalCode="50", BankEntryLines=[line])
    assert states(books.terms(invoice)) == [(50, "121.00", True)]


def test_foreign_terms_match_in_division_currency(books, customer):
    entry = books.sale(books.line(100, "0"), customer=customer, Currency="USD", Rate=Decimal("0.9"))
    [term] = books.terms(entry)
    assert (str(term["AmountDC"]), str(term["AmountFC"]), term["RateFC"]) == (
        "90.00",
        "100.00",
        Decimal("0.9"),
    )
    books.act("pay", entries=[{"entry": entry["EntryID"], "amount": 45}])
    assert [(row["Status"], str(row["AmountFC"])) for row in books.terms(entry)] == [
        (20, "50.00"),
        (50, "50.00"),
    ]


def test_an_entry_of_nothing_has_no_term(books):
    assert books.terms(books.sale(books.line(0, "0"))) == []


def test_row_versions_grow_and_are_unique(books, invoice):
    versions = [
        row["Timestamp"]
        for entity in (
            TERMS,
            "sync/Financial/TransactionLines",
            "sync/CRM/Accounts",
            "sync/CRM/Addresses",
            "sync/Financial/GLAccounts",
        )
        for row in books.rows(entity)
    ]
    assert len(versions) == len(set(versions))
    for entity in (TERMS, "sync/Financial/TransactionLines"):
        found = [row["Timestamp"] for row in books.rows(entity)]
        assert found == sorted(found)
        assert [row["Timestamp"] for row in books.rows(entity, after=found[0])] == found[1:]


def test_deleted_entry_is_told_for_two_months(books, invoice):
    [term] = books.terms(invoice)
    lines = {row["ID"] for row in books.rows(LINES, EntryID=invoice["EntryID"])}
    books.delete(SALES, invoice["EntryID"])
    told = {(row["EntityType"], row["EntityKey"]) for row in books.rows(DELETED)}
    assert told == {(10, term["ID"]), *((1, line) for line in lines)}
    books.division.books.clock.advance(70 * 24 * 3600)
    assert books.rows(DELETED) == []


def test_moved_division_starts_its_versions_again(books, invoice):
    before = books.division.version
    books.act("move-division")
    found = [row["Timestamp"] for row in books.rows(TERMS)]
    assert len(found) == 1 and found[0] < before
    assert books.division.info["moved_at"]
    assert books.rows(DELETED) == []


def test_many_terms_are_read_in_blocks(books, customer):
    """Ten thousand terms in order, and a reading from near the end touches few of them."""
    line = books.line(1, "0")
    document = books.division.books.document_by_identity(
        books.sale(line, customer=customer)["EntryID"]
    )
    books.store.run(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)"
        " INSERT INTO term (administration, id, document, sequence, part, line_type, account,"
        " party, amount, document_amount, due_date, version) SELECT ?, 'term-' || i, ?, -1, 'p',"
        " 20, '400000', ?, 100, 100, '2026-01-01', 100000 + i FROM n",
        books.division.code,
        document["id"],
        customer,
    )
    found = [row["Timestamp"] for row in books.rows(TERMS)]
    assert len(found) == 10001 and found == sorted(found)
    assert len(books.rows(TERMS, after=109990)) == 10


def test_one_payment_of_several_relations(books, invoice):
    other, bill = books.sale(books.line(50, "0")), books.bill(books.line(10, "A0", "604000"))
    bank = books.act(
        "pay", entries=[{"entry": entry["EntryID"]} for entry in (invoice, other, bill)]
    )["entry"]
    assert [row["Status"] for entry in (invoice, other, bill) for row in books.terms(entry)] == [
        50,
        50,
        50,
    ]
    assert books.booked({"EntryID": bank}) == {
        "400000": "-171.00",
        "440000": "10.00",
        "550001": "161.00",
    }
    with pytest.raises(ValueError):
        books.act(
            "pay", entries=[{"entry": invoice["EntryID"]}, {"entry": bill["EntryID"]}], amount=5
        )
