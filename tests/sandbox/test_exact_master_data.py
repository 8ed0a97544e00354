"""Relations, chart, journals, VAT codes, conditions, periods and lists of the Exact sandbox."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal

import pytest
from exact_books import DELETED, Books

from sandbox.exact.entities import ENTITIES
from sandbox.exact.resource import BusinessError, Missing
from sandbox.exact.resources import RESOURCES

ACCOUNTS, GL, VAT = "crm/Accounts", "financial/GLAccounts", "vat/VATCodes"
# Answered by what knows the user, not by a division's books.
ELSEWHERE = ("system/", "current/", "webhooks/", "users/", "hrm/Divisions", "read/sync/")


@pytest.fixture
def books():
    return Books()


def refused(error, name, *details):
    assert (error.value.name, error.value.details) == (name, details)


def test_every_entity_has_a_resource():
    wanted = {name for name in ENTITIES if not name.startswith(ELSEWHERE)}
    assert wanted <= set(RESOURCES)


@pytest.mark.parametrize("code", (500001, 500002, 600001))
def test_every_reading_answers_rows_of_its_entity(code):
    books = Books(code)
    customer = books.account()
    books.create("crm/Contacts", Account=customer, LastName="Peeters")
    books.create("crm/BankAccounts", Account=customer, BankAccount="BE71096123456769")
    books.act("book-by-hand", journal="70", account=customer)
    books.act("book-by-hand", journal="60", account=customer)
    books.act("book-by-hand", journal="90", amount=5)
    books.act("book-by-hand", journal="50", account=customer, amount=5)
    for name, resource in RESOURCES.items():
        if "GET" not in ENTITIES[name].methods:
            continue
        rows = books.rows(name)
        for row in rows[:3]:
            json.dumps(row, default=str)
            assert set(ENTITIES[name].key) <= set(row), name
            key = tuple(row[part] for part in ENTITIES[name].key)
            found = resource.get(books.division, key[0] if len(key) == 1 else key)
            assert all(found[part] == row[part] for part in ENTITIES[name].key), name


def test_a_relation_gets_code_and_address(books):
    first, second = books.account(City="Gent"), books.account(Code="                77")
    assert (books.get(ACCOUNTS, first)["Code"], books.get(ACCOUNTS, second)["Code"]) == ("2", "77")
    assert books.rows(ACCOUNTS, Code="77")[0]["ID"] == second
    [address] = books.rows("crm/Addresses", Account=first)
    assert (address["Type"], address["City"], address["Main"]) == (1, "Gent", True)
    books.update(ACCOUNTS, first, City="Brugge", Status="C")
    assert books.rows("crm/Addresses", Account=first)[0]["City"] == "Brugge"


@pytest.mark.parametrize(
    "change, name, details",
    (
        ({"Name": ""}, "mandatory", ("name",)),
        ({"Name": "x" * 51}, "too_long", ("name",)),
        ({"Status": "X"}, "invalid", ("status",)),
        ({"Code": "A1"}, "invalid", ("code",)),
        ({"Code": "1"}, "exists", ()),
        ({"PaymentConditionSales": "ZZ"}, "invalid_reference", ("payment_condition",)),
        (
            {"GLAR": "00000000-0000-0000-0000-000000000001"},
            "invalid_reference",
            ("ledger_account",),
        ),
    ),
)
def test_refused_relations(books, change, name, details):
    with pytest.raises(BusinessError) as error:
        books.account(**change)
    refused(error, name, *details)


def test_inactive_currency_is_dropped(books):
    row = books.get(ACCOUNTS, books.account(SalesCurrency="XXX", PurchaseCurrency="USD"))
    assert (row.get("SalesCurrency"), row["PurchaseCurrency"]) == (None, "USD")


def test_what_a_new_relation_reads_back(books):
    books.division.books.clock.set(dt.datetime(2026, 6, 25, 14, 21, 4, 260_900, tzinfo=dt.UTC))
    row = books.create(ACCOUNTS, Name="Klant", Status="C", Country="FR")
    day = dt.date(2026, 6, 25)
    assert {name: row[name] for name in ("StartDate", "CustomerSince", "StatusSince")} == (
        dict.fromkeys(("StartDate", "CustomerSince", "StatusSince"), day)
    )
    assert row["Created"] == row["Modified"] == dt.datetime(2026, 6, 25, 16, 21, 4, 260_000)
    assert [
        row[name]
        for name in ("SalesCurrency", "SalesCurrencyDescription", "PurchaseCurrency", "CountryName")
    ] == ["EUR", "Euro", "EUR", "France"]
    for name in (
        "CreditLineSales",
        "DiscountSales",
        "InvoicingMethod",
        "IsMailing",
        "CostPaid",
        "AutomaticProcessProposedEntry",
        "ShippingLeadDays",
    ):
        assert row[name] == 0
    for name in (
        "Blocked",
        "IsBank",
        "IsMember",
        "IsPilot",
        "IsReseller",
        "IsSupplier",
        "RecepientOfCommissions",
    ):
        assert row[name] is False
    assert row.get("Language") is row.get("VATNumber") is row.get("PaymentConditionSales") is None


def test_a_relation_is_bought_from_and_sold_to_as_a_customer(books):
    def read(**values):
        row = books.get(ACCOUNTS, books.account(**values))
        return row["IsSales"], row["IsPurchase"], row["IsSupplier"]

    assert read(Status="C", IsSupplier=False) == (True, True, False)
    assert read(Status="A", IsSupplier=True) == (False, False, True)
    assert read(Status="C", IsSupplier=True) == (True, True, True)
    assert read(Status="P", IsSupplier=False) == (False, False, False)
    assert all(row["IsSales"] is row["IsPurchase"] for row in books.rows(ACCOUNTS))


def test_since_when_a_relation_is_a_customer(books):
    clock = books.division.books.clock
    clock.set(dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC))
    key = books.account(Status="P")
    assert books.get(ACCOUNTS, key).get("CustomerSince") is None
    for day, status in ((2, "C"), (3, "P"), (4, "C")):
        clock.set(dt.datetime(2026, 3, day, 12, tzinfo=dt.UTC))
        books.update(ACCOUNTS, key, Status=status)
    row = books.get(ACCOUNTS, key)
    assert (row["CustomerSince"].day, row["StatusSince"].day, row["StartDate"].day) == (2, 4, 1)


def test_relation_with_entries_stays(books):
    customer, other = books.account(), books.account()
    books.sale(books.line(1, "0"), customer=customer)
    with pytest.raises(BusinessError) as error:
        books.delete(ACCOUNTS, customer)
    refused(error, "has_transactions")
    books.delete(ACCOUNTS, other)
    with pytest.raises(Missing):
        books.get(ACCOUNTS, other)
    assert (2, other) in {(row["EntityType"], row["EntityKey"]) for row in books.rows(DELETED)}


def test_contacts(books):
    customer = books.account()
    contact = books.create("crm/Contacts", Account=customer, FirstName="An", LastName="Peeters")
    assert (contact["FullName"], contact["HID"], contact["IsMainContact"]) == (
        "An Peeters",
        1,
        True,
    )
    assert books.get(ACCOUNTS, customer)["MainContact"] == contact["ID"]
    with pytest.raises(BusinessError) as error:
        books.create("crm/Contacts", Account=customer)
    refused(error, "mandatory", "last_name")


def test_what_a_new_contact_reads_back(books):
    customer = books.account()
    row = books.create(
        "crm/Contacts",
        Account=customer,
        FirstName="An",
        LastName="Peeters",
        Email="an@peeters.example",
    )
    assert (row["BusinessEmail"], row["BirthName"], row["Gender"], row["Language"]) == (
        "an@peeters.example",
        "Peeters",
        "O",
        "NL",
    )
    assert (row["StartDate"], row["IsMailingExcluded"]) == (books.division.today(), False)
    books.update("crm/Contacts", row["ID"], Email="an@bakkerij.example")
    assert books.get("crm/Contacts", row["ID"])["BusinessEmail"] == "an@bakkerij.example"
    books.update(
        "crm/Contacts", row["ID"], BusinessEmail="werk@bakkerij.example", BirthName="Janssens"
    )
    row = books.get("crm/Contacts", row["ID"])
    assert (row["Email"], row["BusinessEmail"]) == ("an@bakkerij.example", "werk@bakkerij.example")
    assert (row["LastName"], row["BirthName"], row["FullName"]) == (
        "Janssens",
        "Janssens",
        "An Janssens",
    )
    books.account(Language="FR")
    other = books.create("crm/Contacts", Account=books.account(Language="FR"), LastName="Dupont")
    assert other["Language"] == "FR"


def test_one_main_bank_account(books):
    customer = books.account()
    first = books.create("crm/BankAccounts", Account=customer, BankAccount="BE71 0961 2345 6769")
    second = books.create(
        "crm/BankAccounts", Account=customer, BankAccount="BE56096987654388", Main=True
    )
    rows = {row["ID"]: row for row in books.children(ACCOUNTS, customer, "BankAccounts")}
    assert rows[first["ID"]]["BankAccount"] == "BE71096123456769"
    assert (rows[first["ID"]]["Main"], rows[second["ID"]]["Main"]) == (False, True)


def test_same_address_is_one_address(books):
    customer = books.account()
    values = {"Account": customer, "Type": 4, "AddressLine1": "Kaai 1", "City": "Gent"}
    first, second = (books.create("crm/Addresses", **values) for _ in range(2))
    assert first["ID"] == second["ID"]
    assert books.create("crm/Addresses", **{**values, "City": "Aalst"})["ID"] != first["ID"]


def test_guids_differ_per_division(books):
    other = Books(500002, books.store)
    assert books.ledger("700000") != other.ledger("700000")
    assert other.division.by_code(VAT, "21")["Description"] == "Ventes en Belgique 21 %"


def test_chart_types():
    belgian, dutch = Books(), Books(600001)
    types = {row["Code"]: (row["Type"], row.get("VATGLAccountType")) for row in belgian.rows(GL)}
    assert types["400000"] == (20, None) and types["440000"] == (22, None)
    assert {types[code][0] for code in ("451000", "411000", "451055")} == {24}
    assert (types["604000"], types["616200"], types["240000"]) == (
        (111, "G"),
        (121, "D"),
        (30, "I"),
    )
    assert (types["700000"][0], types["550001"][0], types["570000"][0]) == (110, 12, 10)
    types = {row["Code"]: row["Type"] for row in dutch.rows(GL)}
    assert (types["1100"], types["1300"], types["1500"], types["8001"]) == (20, 22, 24, 110)
    assert "0110" in types


def test_every_vat_code_can_be_booked():
    for code in (500001, 500002, 600001):
        books = Books(code)
        for row in books.rows(VAT):
            assert len(row["Code"]) <= 3
            sale = row["VATTransactionType"] == "S"
            entry = (books.sale if sale else books.bill)(books.line(100, row["Code"], sale=sale))
            plain = row["Type"] == "E" and not row["Charged"]
            assert entry["AmountFC"] == (100 + 100 * row["Percentage"] if plain else 100)
            assert bool(books.boxes(entry)) == (
                row["Type"] != "N" and row["Code"] not in (("K0", "VR") if code == 600001 else ())
            )


def test_vat_code_by_the_service(books):
    values = {
        "Code": "9",
        "Description": "Negen",
        "VATTransactionType": "S",
        "GLToPay": books.ledger("451000"),
        "VATPercentages": [{"Percentage": Decimal("0.09"), "StartDate": dt.date(2020, 1, 1)}],
    }
    row = books.create(VAT, **values)
    assert row["Percentage"] == Decimal("0.09")
    assert "boxes" not in row
    assert [p["Percentage"] for p in books.children(VAT, row["ID"], "VATPercentages")] == [
        Decimal("0.09")
    ]
    assert books.sale(books.line(100, "9"))["AmountFC"] == 109
    with pytest.raises(BusinessError) as error:
        books.create(VAT, **{**values, "Code": "8", "GLToPay": books.ledger("700000")})
    refused(error, "vat_to_pay_account")
    with pytest.raises(BusinessError) as error:
        books.create(VAT, **values)
    refused(error, "exists")
    with pytest.raises(BusinessError) as error:
        books.delete(VAT, row["ID"])
    refused(error, "has_transactions")


def test_journals(books):
    row = books.create(
        "financial/Journals",
        Code="72",
        Description="Export",
        Type=20,
        GLAccount=books.ledger("400000"),
    )
    assert (row["GLAccountCode"], row["GLAccountType"], row["Currency"]) == ("400000", 20, "EUR")
    assert books.sale(books.line(1, "0"), Journal="72")["EntryNumber"] // 10_000 % 100 == 72
    books.act("journal", code="72", blocked=True)
    with pytest.raises(BusinessError) as error:
        books.sale(books.line(1, "0"), Journal="72")
    refused(error, "blocked", "journal")
    with pytest.raises(BusinessError) as error:
        books.create(
            "financial/Journals",
            Code="73",
            Description="Fout",
            Type=20,
            GLAccount=books.ledger("700000"),
        )
    refused(error, "ledger_account_type")
    with pytest.raises(BusinessError) as error:
        books.delete("financial/Journals", row["ID"])
    refused(error, "has_transactions")


def test_used_ledger_accounts_stay(books):
    books.sale(books.line(1, "0"))
    with pytest.raises(BusinessError) as error:
        books.delete(GL, books.ledger("700000"))
    refused(error, "has_transactions")
    books.delete(
        GL, books.ledger("701000") if books.rows(GL, Code="701000") else books.ledger("740000")
    )


def test_payment_conditions_have_one_code_unless_instalments(books):
    with pytest.raises(BusinessError) as error:
        books.create("cashflow/PaymentConditions", Code="30", Description="Nog eens")
    refused(error, "exists")
    assert len(books.rows("cashflow/PaymentConditions", Code="2T")) == 2


def test_periods(books):
    periods = books.rows("financial/FinancialPeriods")
    assert len(periods) == 48
    assert books.get("financial/FinancialPeriods", periods[0]["ID"]) == periods[0]
    march = next(row for row in periods if (row["FinYear"], row["FinPeriod"]) == (2026, 3))
    assert (march["StartDate"], march["EndDate"]) == (dt.date(2026, 3, 1), dt.date(2026, 3, 31))


def test_used_cost_centres_stay(books):
    books.sale(books.line(1, "0", CostCenter="SALES", CostUnit="WEB"))
    for entity, code in (("hrm/Costcenters", "SALES"), ("hrm/Costunits", "WEB")):
        [row] = books.rows(entity, Code=code)
        with pytest.raises(BusinessError) as error:
            books.delete(entity, row["ID"])
        refused(error, "has_transactions")


def test_invoicing_module_lacks(books):
    assert books.rows("salesinvoice/SalesInvoices") == []
    with pytest.raises(BusinessError):
        books.create("salesinvoice/SalesInvoices", Journal="70")


def test_reporting_balance_is_the_trial_balance(books):
    books.sale(books.line(100, "21"))
    totals = {}
    for row in books.rows("financial/ReportingBalance"):
        totals[row["GLAccountCode"]] = totals.get(row["GLAccountCode"], 0) + row["Amount"]
    assert totals == {"400000": 121, "451000": -21, "700000": -100}


def test_changed_ledger_account_has_a_new_version(books):
    before = books.division.version
    books.act("gl-account", code="700000", description="Omzet")
    [row] = books.rows("sync/Financial/GLAccounts", after=before)
    assert (row["Code"], row["Description"]) == ("700000", "Omzet")


def test_relations_are_found_by_free_key_and_vat_number(books):
    wanted = books.account(SearchCode="ODOO-7", VATNumber="BE0403170701")
    books.account(SearchCode="ODOO-8")
    assert [row["ID"] for row in books.rows(ACCOUNTS, SearchCode="ODOO-7")] == [wanted]
    assert [row["ID"] for row in books.rows(ACCOUNTS, VATNumber="BE0403170701")] == [wanted]
    assert books.rows(ACCOUNTS, SearchCode="ODOO") == []
