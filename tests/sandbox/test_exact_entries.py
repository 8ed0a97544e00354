"""Sales, purchase, general, bank and cash entries of the Exact sandbox's books."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from exact_books import DELETED, PURCHASES, SALES, SALES_LINES, Books
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.exact.resource import BusinessError, Missing

LINES = "financialtransaction/TransactionLines"
DAY = dt.date(2026, 3, 5)


@pytest.fixture
def books():
    return Books()


def refused(error, name, *details):
    assert (error.value.name, error.value.details) == (name, details)


# What is booked -------------------------------------------------------------------------------


def test_sales_entry_of_the_reference(books):
    entry = books.sale(books.line(1000, "21"), books.line(50, "6"), EntryDate=DAY)
    assert (entry["AmountFC"], entry["AmountDC"], entry["VATAmountFC"]) == (1263, 1263, 213)
    assert (entry["Type"], entry["Status"], entry["EntryNumber"]) == (20, 20, 26700001)
    assert (entry["ReportingYear"], entry["ReportingPeriod"]) == (2026, 3)
    assert entry["InvoiceNumber"] == 26700001
    assert entry["DueDate"] == dt.date(2026, 4, 4)
    assert books.booked(entry) == {"400000": "1263.00", "451000": "-213.00", "700000": "-1050.00"}
    assert books.boxes(entry) == {"01": "50.00", "03": "1000.00", "54": "213.00"}


def test_what_a_new_entry_reads_back(books):
    bill = books.bill(books.line(1, "A0", "604000"))
    assert (bill["ProcessNumber"], bill["Reversal"]) == (0, False)
    bill = books.bill(books.line(1, "A0", "604000"), Reversal=True, ProcessNumber=7)
    assert (bill["ProcessNumber"], bill["Reversal"]) == (7, True)


def test_an_entry_takes_another_number(books):
    entry, other = books.sale(books.line(100, "21")), books.sale(books.line(1, "21"))
    free = other["EntryNumber"] + 10
    books.update(SALES, entry["EntryID"], EntryNumber=free)
    row = books.get(SALES, entry["EntryID"])
    assert (row["EntryNumber"], row["InvoiceNumber"], row["AmountDC"]) == (free, free, 121)
    assert {line["EntryNumber"] for line in books.rows(LINES, EntryID=entry["EntryID"])} == {free}
    assert books.terms(entry)[0]["InvoiceNumber"] == free
    with pytest.raises(BusinessError) as error:
        books.update(SALES, entry["EntryID"], EntryNumber=other["EntryNumber"])
    refused(error, "in_use", "entry_number")
    books.switch(honour_entry_number=False)
    books.update(SALES, entry["EntryID"], EntryNumber=other["EntryNumber"])
    assert books.get(SALES, entry["EntryID"])["EntryNumber"] == free


def test_line_zero_is_the_receivable(books):
    entry = books.sale(books.line(100, "21"))
    lines = sorted(books.rows(LINES, EntryID=entry["EntryID"]), key=lambda row: row["LineNumber"])
    assert [
        (row["LineNumber"], row["GLAccountCode"], row["AmountDC"], row["VATType"]) for row in lines
    ] == [(0, "400000", 121, "S"), (1, "700000", -100, "V"), (2, "451000", -21, "A")]
    own = books.children(SALES, entry["EntryID"], "SalesEntryLines")
    assert lines[1]["ID"] == own[0]["ID"]


SALES_CODES = (
    ("21", "121.00", {"03": "100.00", "54": "21.00"}, {"49": "100.00", "64": "21.00"}),
    ("0", "100.00", {"00": "100.00"}, {"49": "100.00"}),
    ("MC", "100.00", {"45": "100.00"}, {"49": "100.00"}),
    ("IG", "100.00", {"46L": "100.00"}, {"48s46L": "100.00"}),
    ("IDV", "100.00", {"44": "100.00"}, {"48s44": "100.00"}),
    ("IT", "100.00", {"46T": "100.00"}, {"48s46T": "100.00"}),
    ("EXP", "100.00", {"47": "100.00"}, {"49": "100.00"}),
    ("VR", "100.00", {"00": "100.00"}, {"49": "100.00"}),
    ("GV", "100.00", {}, {}),
)


@pytest.mark.parametrize("code, total, boxes, credit_boxes", SALES_CODES)
def test_sales_codes(books, code, total, boxes, credit_boxes):
    invoice, refund = (books.sale(books.line(amount, code)) for amount in (100, -100))
    assert str(invoice["AmountFC"]) == total
    assert books.boxes(invoice) == boxes
    assert refund["Type"] == 21
    assert books.boxes(refund) == credit_boxes
    assert set(books.division.books.trial_balance().keys()) and all(
        row["balance"] == 0 for row in books.division.books.trial_balance().values()
    )


PURCHASE_CODES = (
    (
        "A21",
        "604000",
        "121.00",
        {"59": "21.00", "81": "100.00"},
        {"63": "21.00", "81": "-100.00", "85": "100.00"},
    ),
    (
        "A6",
        "616200",
        "106.00",
        {"59": "6.00", "82": "100.00"},
        {"63": "6.00", "82": "-100.00", "85": "100.00"},
    ),
    ("A0", "240000", "100.00", {"83": "100.00"}, {"83": "-100.00", "85": "100.00"}),
    (
        "M21",
        "616200",
        "100.00",
        {"56": "21.00", "59": "21.00", "82": "100.00", "87": "100.00"},
        {"62": "21.00", "63": "21.00", "82": "-100.00", "85": "100.00", "87": "-100.00"},
    ),
    (
        "E21",
        "604000",
        "100.00",
        {"55": "21.00", "59": "21.00", "81": "100.00", "86": "100.00"},
        {"62": "21.00", "63": "21.00", "81": "-100.00", "84": "100.00", "86": "-100.00"},
    ),
    (
        "S21",
        "616200",
        "100.00",
        {"55": "21.00", "59": "21.00", "82": "100.00", "88": "100.00"},
        {"62": "21.00", "63": "21.00", "82": "-100.00", "84": "100.00", "88": "-100.00"},
    ),
    (
        "V21",
        "604000",
        "100.00",
        {"57": "21.00", "59": "21.00", "81": "100.00", "87": "100.00"},
        {"62": "21.00", "63": "21.00", "81": "-100.00", "85": "100.00", "87": "-100.00"},
    ),
    (
        "X21",
        "616200",
        "100.00",
        {"56": "21.00", "59": "21.00", "82": "100.00", "87": "100.00"},
        {"62": "21.00", "63": "21.00", "82": "-100.00", "85": "100.00", "87": "-100.00"},
    ),
    ("GA", "616200", "100.00", {}, {}),
)


@pytest.mark.parametrize("code, account, total, boxes, credit_boxes", PURCHASE_CODES)
def test_purchase_codes(books, code, account, total, boxes, credit_boxes):
    bill, refund = (books.bill(books.line(amount, code, account)) for amount in (100, -100))
    assert str(bill["AmountFC"]) == total
    assert books.boxes(bill) == boxes
    assert (bill["Type"], refund["Type"]) == (30, 31)
    assert books.boxes(refund) == credit_boxes


def test_charged_code_books_both_vat_lines(books):
    bill = books.bill(books.line(100, "E21", "604000"))
    assert books.booked(bill) == {
        "411000": "21.00",
        "440000": "-100.00",
        "451055": "-21.00",
        "604000": "100.00",
    }
    types = {
        row["GLAccountCode"]: row["VATType"] for row in books.rows(LINES, EntryID=bill["EntryID"])
    }
    assert (types["411000"], types["451055"], types["604000"]) == ("O", "P", "I")


def test_partly_deductible_vat_is_cost(books):
    bill = books.bill(books.line(100, "A21", "610220", VATNonDeductiblePercentage=Decimal("0.5")))
    assert books.booked(bill) == {"411000": "10.50", "440000": "-121.00", "610220": "110.50"}
    assert books.boxes(bill) == {"59": "10.50", "82": "110.50"}


def test_default_share_of_the_ledger_account(books):
    books.act("gl-account", code="610220", vat_non_deductible_percentage=1)
    assert books.booked(books.bill(books.line(100, "A21", "610220"))) == {
        "440000": "-121.00",
        "610220": "121.00",
    }


def test_dutch_codes_feed_the_rubrieken():
    books = Books(600001)
    sale = books.sale(books.line(100, "VH"), books.line(100, "VL"), books.line(100, "ICL"))
    assert books.boxes(sale) == {
        "1a (BTW)": "21.00",
        "1a (omzet)": "100.00",
        "1b (BTW)": "9.00",
        "1b (omzet)": "100.00",
        "3bg (omzet)": "100.00",
    }
    assert books.booked(sale) == {
        "1100": "330.00",
        "1500": "-21.00",
        "1501": "-9.00",
        "8001": "-300.00",
    }
    bill = books.bill(books.line(100, "EH"), books.line(100, "KH"), books.line(100, "MH"))
    assert books.boxes(bill) == {
        "2a (BTW)": "21.00",
        "2a (omzet)": "100.00",
        "4b (BTW)": "21.00",
        "4b (omzet)": "100.00",
        "5b (BTW)": "63.00",
    }
    refund = books.bill(books.line(-100, "EH"))
    assert books.boxes(refund) == {
        "4b (BTW)": "-21.00",
        "4b (omzet)": "-100.00",
        "5b (BTW)": "-21.00",
    }


def test_sent_vat_amount_counts(books):
    entry = books.sale(books.line("33.33", "21", VATAmountFC=Decimal("7.01")))
    assert (entry["AmountFC"], entry["VATAmountFC"]) == (Decimal("40.34"), Decimal("7.01"))
    books.update(SALES, entry["EntryID"], Description="Andere tekst")
    assert books.get(SALES, entry["EntryID"])["AmountFC"] == Decimal("40.34")


def test_inclusive_code_splits_the_amount(books):
    entry = books.sale(books.line(121, "21I"))
    assert entry["AmountFC"] == 121
    assert books.booked(entry) == {"400000": "121.00", "451000": "-21.00", "700000": "-100.00"}


def test_vat_rounding_switch(books):
    lines = [books.line("0.12", "21") for _ in range(4)]
    assert books.sale(*lines)["VATAmountFC"] == Decimal("0.12")
    books.switch(vat_rounding="code")
    assert books.sale(*lines)["VATAmountFC"] == Decimal("0.10")


def test_foreign_currency_is_converted_line_by_line(books):
    entry = books.sale(
        books.line("10.01", "0"), books.line("10.01", "0"), Currency="USD", Rate=Decimal("0.85")
    )
    assert (entry["AmountFC"], entry["AmountDC"]) == (Decimal("20.02"), Decimal("17.02"))
    assert books.sale(books.line(100, "0"), Currency="USD")["Rate"] == Decimal("0.92")


def test_credit_by_sign_switch(books):
    books.switch(credit_by_sign=False)
    assert books.sale(books.line(-100, "21"))["Type"] == 20


# Numbers, periods, dates ----------------------------------------------------------------------


def test_numbers_run_per_journal_and_year(books):
    customer = books.account()
    numbers = [
        books.sale(books.line(1, "0"), customer=customer, Journal=journal, EntryDate=day)[
            "EntryNumber"
        ]
        for journal, day in (("70", DAY), ("70", DAY), ("71", DAY), ("70", dt.date(2025, 3, 5)))
    ]
    assert numbers == [26700001, 26700002, 26710001, 25700001]


def test_sent_number(books):
    assert books.sale(books.line(1, "0"), EntryNumber=42)["EntryNumber"] == 42
    with pytest.raises(BusinessError) as error:
        books.sale(books.line(1, "0"), EntryNumber=42)
    refused(error, "in_use", "entry_number")
    books.switch(honour_entry_number=False)
    assert books.sale(books.line(1, "0"), EntryNumber=42)["EntryNumber"] == 26700001


def test_period_can_be_another_one(books):
    entry = books.sale(books.line(1, "0"), EntryDate=DAY, ReportingYear=2026, ReportingPeriod=4)
    assert (entry["EntryDate"], entry["ReportingPeriod"]) == (DAY, 4)


def test_closed_period_of_one_journal(books):
    books.act("period", year=2026, period=3, journal="70")
    customer = books.account()
    with pytest.raises(BusinessError) as error:
        books.sale(books.line(1, "0"), customer=customer, EntryDate=DAY)
    refused(error, "period_closed", "2026", "3")
    books.sale(books.line(1, "0"), customer=customer, EntryDate=DAY, Journal="71")
    status = {
        row["Period"]: row["Status"]
        for row in books.rows("read/financial/JournalStatusList")
        if row["Journal"] == "70" and row["Year"] == 2026
    }
    assert (status[3], status[4]) == (1, 0)
    books.act("period", year=2026, period=3, journal="70", closed=False)
    books.sale(books.line(1, "0"), customer=customer, EntryDate=DAY)


def test_due_date_adds_month_ends_first(books):
    books.create(
        "cashflow/PaymentConditions",
        Code="2E",
        Description="2 maanden + 15",
        PaymentEndOfMonths=2,
        PaymentDays=15,
    )
    entry = books.sale(books.line(1, "0"), EntryDate=dt.date(2026, 1, 17), PaymentCondition="2E")
    assert entry["DueDate"] == dt.date(2026, 4, 15)


# Refusals -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change, name, details",
    (
        ({"Journal": None}, "mandatory", ("journal",)),
        ({"Journal": "99"}, "invalid_reference", ("journals",)),
        ({"Journal": "60"}, "invalid", ("journal",)),
        ({"Customer": "00000000-0000-0000-0000-000000000001"}, "invalid_reference", ("customer",)),
        ({"PaymentCondition": "ZZ"}, "invalid_reference", ("payment_condition",)),
        ({"Currency": "XXX"}, "invalid_reference", ("currency",)),
        ({"Rate": Decimal(2)}, "not_allowed", ("exchange_rate",)),
        ({"ReportingYear": 2026, "ReportingPeriod": 13}, "invalid", ("period",)),
        ({"Document": "00000000-0000-0000-0000-000000000001"}, "invalid_reference", ("document",)),
        ({"SalesEntryLines": []}, "mandatory", ("lines",)),
    ),
)
def test_refused_heads(books, change, name, details):
    with pytest.raises(BusinessError) as error:
        books.sale(books.line(1, "0"), **change)
    refused(error, name, *details)
    assert books.rows(SALES) == []


@pytest.mark.parametrize(
    "change, name, details",
    (
        ({"GLAccount": None}, "mandatory", ("ledger_account",)),
        ({"VATCode": "ZZ"}, "invalid_reference", ("vat_code",)),
        ({"VATCode": "A21"}, "invalid", ("vat_code",)),
        ({"VATCode": "GV", "VATAmountFC": Decimal(1)}, "vat_amount_not_allowed", ()),
        ({"VATPercentage": Decimal("0.19")}, "vat_percentage", ("0.19",)),
        ({"CostCenter": "NONE"}, "invalid_reference", ("cost_centre",)),
        ({"CostUnit": "NONE"}, "invalid_reference", ("cost_unit",)),
    ),
)
def test_refused_lines(books, change, name, details):
    with pytest.raises(BusinessError) as error:
        books.sale({**books.line(1, "21"), **change})
    refused(error, name, *details)


@pytest.mark.parametrize("code", ("400000", "440000", "451000"))
def test_control_accounts_take_no_lines(books, code):
    with pytest.raises(BusinessError) as error:
        books.sale(books.line(1, "0", code))
    refused(error, "ledger_account_type")


def test_parties_must_be_of_their_kind(books):
    with pytest.raises(BusinessError) as error:
        books.sale(books.line(1, "0"), customer=books.account(Status="P"))
    refused(error, "customer_type")
    with pytest.raises(BusinessError) as error:
        books.bill(books.line(1, "A0", "604000"), supplier=books.account(IsSupplier=False))
    refused(error, "supplier_type")
    with pytest.raises(BusinessError) as error:
        books.sale(books.line(1, "0"), customer=books.account(Blocked=True))
    refused(error, "blocked", "customer")


def test_other_receivable_account_is_refused(books):
    customer = books.account(GLAR=books.ledger("400100"))
    with pytest.raises(BusinessError) as error:
        books.sale(books.line(1, "0"), customer=customer)
    refused(error, "ledger_account_type")


def test_references_of_another_division_are_unknown(books):
    other = Books(500002, books.store)
    with pytest.raises(BusinessError) as error:
        other.sale(other.line(1, "0"), customer=books.account())
    refused(error, "invalid_reference", "customer")
    with pytest.raises(BusinessError) as error:
        books.sale({**books.line(1, "0"), "GLAccount": other.ledger("700000")})
    refused(error, "invalid_reference", "ledger_account")


def test_cost_centres_as_the_account_says(books):
    books.act("gl-account", code="700000", use_costcenter=1, use_costunit=2)
    customer = books.account()
    with pytest.raises(BusinessError) as error:
        books.sale(books.line(1, "0"), customer=customer)
    refused(error, "mandatory", "cost_centre")
    with pytest.raises(BusinessError) as error:
        books.sale(books.line(1, "0", CostCenter="SALES", CostUnit="WEB"), customer=customer)
    refused(error, "not_allowed", "cost_unit")
    entry = books.sale(books.line(1, "0", CostCenter="SALES"), customer=customer)
    lines = books.rows(LINES, EntryID=entry["EntryID"])
    assert {row["CostCenter"] for row in lines} == {None, "SALES"}


def test_percentage_outside_its_dates(books):
    books.act(
        "vat-code",
        code="17",
        percentage=0.17,
        date="2026-06-01",
        gl_to_pay="451000",
        description="Nieuw tarief 17 %",
    )
    with pytest.raises(BusinessError) as error:
        books.sale(books.line(100, "17"), EntryDate=DAY)
    refused(error, "vat_percentage", "")
    assert books.sale(books.line(100, "17"), EntryDate=dt.date(2026, 6, 5))["AmountFC"] == 117


# Changes --------------------------------------------------------------------------------------


def test_line_changes_book_the_entry_again(books):
    entry = books.sale(books.line(100, "21"), books.line(50, "6"))
    key = entry["EntryID"]
    first, second = books.children(SALES, key, "SalesEntryLines")
    books.update(SALES_LINES, first["ID"], AmountFC=Decimal(200))
    assert books.get(SALES, key)["AmountFC"] == Decimal(295)
    added = books.create(SALES_LINES, EntryID=key, **books.line(10, "0"))
    assert (added["LineNumber"], books.get(SALES, key)["AmountFC"]) == (3, Decimal(305))
    books.delete(SALES_LINES, second["ID"])
    assert books.booked(entry) == {"400000": "252.00", "451000": "-42.00", "700000": "-210.00"}
    assert [term["AmountDC"] for term in books.terms(entry)] == [Decimal(252)]
    assert books.get(SALES, key)["EntryNumber"] == entry["EntryNumber"]


def test_last_line_removed_removes_the_entry(books):
    entry = books.sale(books.line(100, "21"))
    [line] = books.children(SALES, entry["EntryID"], "SalesEntryLines")
    books.delete(SALES_LINES, line["ID"])
    with pytest.raises(Missing):
        books.get(SALES, entry["EntryID"])
    types = [row["EntityType"] for row in books.rows(DELETED)]
    assert sorted(types) == [1, 1, 1, 10]


def test_processed_and_matched_entries_stay(books):
    entry = books.sale(books.line(100, "21"))
    [line] = books.children(SALES, entry["EntryID"], "SalesEntryLines")
    books.act("process", entry=entry["EntryID"])
    for attempt in (
        lambda: books.update(SALES, entry["EntryID"], YourRef="x"),
        lambda: books.delete(SALES, entry["EntryID"]),
        lambda: books.update(SALES_LINES, line["ID"], AmountFC=Decimal(1)),
    ):
        with pytest.raises(BusinessError) as error:
            attempt()
        refused(error, "processed")
    paid = books.sale(books.line(100, "21"))
    books.act("pay", entries=[{"entry": paid["EntryID"]}])
    for attempt in (
        lambda: books.update(SALES, paid["EntryID"], YourRef="x"),
        lambda: books.delete(SALES, paid["EntryID"]),
    ):
        with pytest.raises(BusinessError) as error:
            attempt()
        refused(error, "matched")
    books.switch(delete_matched="accept")
    books.delete(SALES, paid["EntryID"])


def test_head_changes(books):
    entry = books.sale(books.line(100, "21"), EntryDate=DAY)
    books.update(SALES, entry["EntryID"], EntryDate=dt.date(2026, 4, 1), YourRef="INV/1")
    changed = books.get(SALES, entry["EntryID"])
    assert (changed["ReportingPeriod"], changed["DueDate"]) == (4, dt.date(2026, 5, 1))
    assert books.rows(SALES, YourRef="INV/1")[0]["EntryID"] == entry["EntryID"]
    with pytest.raises(BusinessError) as error:
        books.update(SALES, entry["EntryID"], Journal="71")
    refused(error, "not_allowed", "journal")


def test_refused_change_leaves_the_entry(books):
    entry = books.bill(books.line(100, "A21", "604000"))
    with pytest.raises(BusinessError):
        books.update(PURCHASES, entry["EntryID"], PaymentCondition="ZZ")
    assert books.get(PURCHASES, entry["EntryID"])["PaymentCondition"] == "30"


# Other entries --------------------------------------------------------------------------------

GENERAL = "generaljournalentry/GeneralJournalEntries"
BANK = "financialtransaction/BankEntries"


def test_general_entry_must_balance(books):
    lines = [
        {"GLAccount": books.ledger("616200"), "AmountFC": Decimal(100), "Date": DAY},
        {"GLAccount": books.ledger("499000"), "AmountFC": Decimal(-90), "Date": DAY},
    ]
    with pytest.raises(BusinessError) as error:
        books.create(GENERAL, JournalCode="90", GeneralJournalEntryLines=lines)
    refused(error, "not_balanced")
    lines[1]["AmountFC"] = Decimal(-100)
    entry = books.create(GENERAL, JournalCode="90", GeneralJournalEntryLines=lines)
    assert (entry["Type"], entry["EntryNumber"], entry["FinancialPeriod"]) == (90, 26900001, 3)


def test_general_entry_with_vat(books):
    lines = [
        {"GLAccount": books.ledger("616200"), "AmountFC": Decimal(100), "VATCode": "A21"},
        {"GLAccount": books.ledger("499000"), "AmountFC": Decimal(-121)},
    ]
    entry = books.create(GENERAL, JournalCode="90", GeneralJournalEntryLines=lines)
    assert books.booked(entry) == {"411000": "21.00", "499000": "-121.00", "616200": "100.00"}
    assert books.boxes(entry) == {"59": "21.00", "82": "100.00"}
    with pytest.raises(BusinessError) as error:
        books.create(GENERAL, JournalCode="91", GeneralJournalEntryLines=lines)
    refused(error, "not_allowed", "vat_code")


def test_bank_entry_adds_up(books):
    lines = [
        {"GLAccount": books.ledger("400000"), "Account": books.account(), "AmountFC": Decimal(121)}
    ]
    entry = books.create(
        BANK, JournalCode="50", OpeningBalanceFC=Decimal(1000), BankEntryLines=lines
    )
    assert entry["ClosingBalanceFC"] == Decimal(1121)
    assert books.booked(entry) == {"400000": "-121.00", "550001": "121.00"}
    assert books.create(BANK, JournalCode="50", BankEntryLines=lines)["OpeningBalanceFC"] == 1121
    with pytest.raises(BusinessError) as error:
        books.create(
            BANK,
            JournalCode="50",
            OpeningBalanceFC=Decimal(0),
            ClosingBalanceFC=Decimal(1),
            BankEntryLines=lines,
        )
    refused(error, "bank_balance")


def test_line_on_a_receivable_needs_a_relation(books):
    with pytest.raises(BusinessError) as error:
        books.create(
            BANK,
            JournalCode="50",
            BankEntryLines=[{"GLAccount": books.ledger("400000"), "AmountFC": Decimal(1)}],
        )
    refused(error, "mandatory", "account")


def test_all_entries_appear_as_transactions(books):
    books.sale(books.line(1, "0"))
    books.act("book-by-hand", journal="50", amount=10)
    assert sorted(
        row["JournalCode"] for row in books.rows("financialtransaction/Transactions")
    ) == ["50", "70"]


# Whatever is booked ---------------------------------------------------------------------------

SHARED = {code: Books(code) for code in (500001, 600001)}
PARTIES = {code: books.account() for code, books in SHARED.items()}
CODES = {
    (code, side): [
        row["Code"]
        for row in books.division.all("vat/VATCodes")
        if row["VATTransactionType"] == side
    ]
    for code, books in SHARED.items()
    for side in "SP"
}
cents = st.integers(-(10**7), 10**7).map(lambda number: Decimal(number) / 100)


@st.composite
def trade_entries(draw):
    division, side = draw(st.sampled_from(sorted(SHARED))), draw(st.sampled_from("SP"))
    lines = [
        (
            draw(cents),
            draw(st.sampled_from(CODES[division, side])),
            draw(st.sampled_from([None, Decimal("0.35"), Decimal("0.5"), Decimal(1)])),
        )
        for _ in range(draw(st.integers(1, 6)))
    ]
    currency = draw(
        st.sampled_from([("EUR", None), ("USD", Decimal("0.921659")), ("JPY", Decimal("0.0061"))])
    )
    return division, side, lines, currency


@settings(deadline=None, database=None, max_examples=60)
@given(trade_entries())
def test_every_entry_balances_and_its_terms_are_its_total(found):
    division, side, lines, (currency, rate) = found
    books, sale = SHARED[division], side == "S"
    sent = [
        books.line(
            amount,
            code,
            sale=sale,
            **({} if sale or share is None else {"VATNonDeductiblePercentage": share}),
        )
        for amount, code, share in lines
    ]
    book = books.sale if sale else books.bill
    entry = book(
        *sent,
        Currency=currency,
        Rate=rate,
        **{"customer" if sale else "supplier": PARTIES[division]},
    )
    booked = books.rows(LINES, EntryID=entry["EntryID"])
    assert sum(row["AmountDC"] for row in booked) == 0
    assert sum(row["AmountFC"] for row in booked) == 0
    header = next(row for row in booked if row["LineNumber"] == 0)
    assert header["AmountDC"] == entry["AmountDC"] * (1 if sale else -1)
    assert header["AmountFC"] == entry["AmountFC"] * (1 if sale else -1)
    assert sum(term["AmountDC"] for term in books.terms(entry)) == entry["AmountDC"]
