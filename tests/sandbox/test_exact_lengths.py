"""What the Exact sandbox finds too long: texts of relations, codes and entries, and addresses."""

from __future__ import annotations

import pytest
from exact_books import SALES, Books
from exact_client import Client

from sandbox.exact import serve
from sandbox.exact.resource import BusinessError

ACCOUNTS, BANK_ACCOUNTS = "crm/Accounts", "crm/BankAccounts"
CENTRES, UNITS = "hrm/Costcenters", "hrm/Costunits"


@pytest.fixture
def books():
    return Books()


def values_of(books, entity, name, text):
    """The least that makes a row of ``entity``, with a text under ``name``."""
    needed = {
        ACCOUNTS: {"Name": "Peeters"},
        BANK_ACCOUNTS: {},
        CENTRES: {"Code": "A", "Description": "A"},
        UNITS: {"Code": "A", "Description": "A"},
    }[entity]
    if entity == BANK_ACCOUNTS:
        needed = {"Account": books.account()}
    return {**needed, name: text}


@pytest.mark.parametrize(
    ("entity", "name", "length", "label"),
    [
        (ACCOUNTS, "Name", 50, "name"),
        (ACCOUNTS, "Email", 128, "email"),
        (ACCOUNTS, "VATNumber", 35, "vat_number"),
        (BANK_ACCOUNTS, "BankAccount", 50, "bank_account"),
        (CENTRES, "Code", 8, "code"),
        (CENTRES, "Description", 60, "description"),
        (UNITS, "Code", 8, "code"),
        (UNITS, "Description", 60, "description"),
    ],
)
def test_a_text_that_is_too_long_is_refused(books, entity, name, length, label):
    kept = books.create(entity, **values_of(books, entity, name, "x" * length))
    assert kept[name] == "x" * length
    with pytest.raises(BusinessError) as error:
        books.create(entity, **values_of(books, entity, name, "x" * (length + 1)))
    assert (error.value.name, error.value.details) == ("too_long", (label,))


@pytest.mark.parametrize(
    ("name", "length", "label"),
    [
        ("Description", 60, "description"),
        ("YourRef", 30, "reference"),
        ("PaymentReference", 50, "payment_reference"),
    ],
)
def test_texts_of_an_entry(books, name, length, label):
    entry = books.sale(books.line(100, "21"), **{name: "x" * length})
    with pytest.raises(BusinessError) as error:
        books.sale(books.line(100, "21"), **{name: "x" * (length + 1)})
    assert (error.value.name, error.value.details) == ("too_long", (label,))
    with pytest.raises(BusinessError):
        books.update(SALES, entry["EntryID"], **{name: "x" * (length + 1)})
    books.switch(entry_text_lengths=False)
    assert books.sale(books.line(100, "21"), **{name: "x" * 300})[name] == "x" * 300


@pytest.mark.parametrize(
    ("entity", "more"),
    [(ACCOUNTS, {"Name": "Peeters"}), ("crm/Addresses", {"Type": 4, "City": "Gent"})],
)
def test_a_country_is_two_letters(books, entity, more):
    if entity != ACCOUNTS:
        more = {**more, "Account": books.account()}
    assert books.create(entity, **more, Country="BE")["Country"] == "BE"
    for country in ("Belgium", "B", "B1"):
        with pytest.raises(BusinessError) as error:
            books.create(entity, **more, Country=country)
        assert (error.value.name, error.value.details) == ("invalid_reference", ("country",))


def test_an_address_that_is_too_long():
    with serve(switches={"rate_limits": False, "longest_address": 2000}) as server:
        app = Client(server)
        condition = " or ".join(f"Code eq '{number}'" for number in range(60, 80))
        assert app.get("financial/Journals", _select="Code", _filter=condition)
        condition = " or ".join(f"Code eq '{number}'" for number in range(200))
        answer = app.call("GET", "financial/Journals", _select="Code", _filter=condition)
        assert (answer.status_code, answer.json()["error"]["message"]["value"]) == (
            414,
            "The request URI is too long.",
        )
        app.control("POST", "/switches", {"longest_address": 0})
        assert app.get("financial/Journals", _select="Code", _filter=condition)


def test_the_user_has_an_address_without_division():
    with serve() as server:
        app = Client(server)
        [me] = app.get("/api/v1/current/Me")
        assert me["__metadata"]["uri"] == (f"{server.root}/api/v1/current/Me(guid'{me['UserID']}')")
