"""Query options: what is read, what is refused, and which rows a condition keeps."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.exact.entities import ENTITIES
from sandbox.exact.errors import Refusal
from sandbox.exact.filters import (
    COMPARISONS,
    FUNCTIONS,
    Comparison,
    Function,
    Literal,
    Logic,
    Name,
    Not,
    evaluator,
    hints_of,
    kind_of,
    parse_filter,
    text_of,
)
from sandbox.exact.query import parse_key, parse_query
from sandbox.exact.resource import Hints

ACCOUNTS = ENTITIES["crm/Accounts"]
ENTRIES = ENTITIES["salesentry/SalesEntries"]
TERMS = ENTITIES["sync/Cashflow/PaymentTerms"]
GUID = "6d4f9cd0-0000-4000-8000-000000000001"

ROW = {
    "ID": GUID,
    "Code": "11",
    "Name": "De O'Hara ",
    "Country": "BE",
    "IsSupplier": True,
    "Status": "C",
    "CreditLineSales": Decimal("12.50"),
    "StartDate": dt.date(2026, 3, 5),
    "Modified": dt.datetime(2026, 3, 5, 10, 30),
    "IsCompetitor": 1,
    "Email": None,
}


def keeps(condition):
    return evaluator(ACCOUNTS, parse_filter(ACCOUNTS, condition))(ROW)


def options(text, entity=ACCOUNTS, **more):
    return parse_query(entity, quote(text, safe="$&=',()/*"), **more)


def refused(work):
    with pytest.raises(Refusal) as refusal:
        work()
    assert (refusal.value.status, refusal.value.text) == (
        400,
        "Bad Request - Error in query syntax.",
    )


@pytest.mark.parametrize(
    "condition",
    [
        "Code eq '                11'",
        "trim(Code) eq '11'",
        "Name eq 'De O''Hara'",
        "Name eq 'De O''Hara   '",
        "Country eq 'BE'",
        "Country eq 'BE '",
        f"ID eq guid'{GUID.upper()}'",
        "CreditLineSales gt 12",
        "CreditLineSales eq 12.5",
        "CreditLineSales ge 12.5d",
        "StartDate eq datetime'2026-03-05'",
        "StartDate lt datetime'2026-03-05T00:00:01'",
        "Modified gt datetime'2026-03-05T10:29:59.999'",
        "IsSupplier eq true",
        "IsSupplier",
        "IsCompetitor eq 1",
        "Email eq null",
        "Phone eq null",
        "Name ne null",
        "Email ne 'x'",
        "substringof('Hara',Name) eq true",
        "substringof('Hara',Name)",
        "startswith(Name,'De ')",
        "endswith(Name,'Hara') eq true",
        "tolower(Name) eq 'de o''hara'",
        "indexof(Name,'O') eq 3",
        "toupper(trim(Status)) eq 'C'",
        "length(Country) eq 2",
        "not (Status eq 'P')",
        "not Status eq 'P'",
        "Status eq 'P' or Status eq 'C' and IsSupplier eq true",
        "(Status eq 'C' or Status eq 'S') and (Country eq 'BE')",
        "substringof('x',Email) eq false",
        "  Status   eq\t'C' ",
        "'C' eq Status",
        "(((Status eq 'C')))",
        "true",
    ],
)
def test_a_condition_that_keeps_the_row(condition):
    assert keeps(condition) is True


@pytest.mark.parametrize(
    "condition",
    [
        "Code eq '11'",
        "Name eq 'de o''hara'",
        "Email eq ''",
        "Email gt 'a'",
        "Email lt 'a'",
        "not startswith(Name,'De ')",
        "Status eq 'P' and true",
        "startswith(Email,'')",
        "false",
        "StartDate gt datetime'2026-03-05'",
        "CreditLineSales le 12",
        "trim(Code) eq '1'",
    ],
)
def test_a_condition_that_drops_the_row(condition):
    assert keeps(condition) is False


@pytest.mark.parametrize(
    "condition",
    [
        "Status",
        "Status eq",
        "eq 'C'",
        "Status = 'C'",
        "Status eq 'C",
        "Status eq C",
        "Nothing eq 1",
        "status eq 'C'",
        "Status EQ 'C'",
        "Status eq 5",
        "ID eq 'x'",
        "ID eq guid'x'",
        f"ID eq '{GUID}'",
        "StartDate eq '2026-03-05'",
        "StartDate eq datetime'2026-02-30'",
        "StartDate eq datetime'2026-03-05Z'",
        "IsSupplier eq 1",
        "IsCompetitor eq true",
        "(Status eq 'C'",
        "Status eq 'C')",
        "Status eq 'C' and",
        "Status eq 'C' 'D'",
        "and",
        "not",
        "substringof('x')",
        "substringof('x',Name",
        "substringof(Name)",
        "trim() eq ''",
        "foo(Name)",
        "trim(CreditLineSales) eq 'x'",
        "Status in ('C')",
        "CreditLineSales add 1 eq 2",
        "5",
        "'x'",
        "Logo eq null",
        "BankAccounts eq null",
        "Status and IsSupplier",
        "not Status",
        "1 eq 12x",
        "CreditLineSales eq 1.5.5",
        "(" * 60 + "true" + ")" * 60,
        "not " * 60 + "true",
        "%",
        "\u0000",
    ],
)
def test_a_condition_that_cannot_be_read(condition):
    refused(lambda: keeps(condition))


KINDS = {
    "String": st.text(max_size=8),
    "Boolean": st.booleans(),
    "Guid": st.uuids().map(str),
    "DateTime": st.datetimes(dt.datetime(1900, 1, 1)),
    "Number": st.integers(-(10**6), 10**6).map(Decimal) | st.decimals(-1000, 1000, places=2),
}
NAMES = {
    kind: [
        Name(name, kind) for name, one in ACCOUNTS.properties.items() if kind_of(one.type) == kind
    ][:5]
    for kind in KINDS
}


@st.composite
def nodes(draw, kind="Boolean", depth=3):
    """Any condition or operand of a type."""
    simple = st.builds(Literal, st.just(kind), KINDS[kind]) | st.sampled_from(NAMES[kind])
    functions = [name for name, (result, _given) in FUNCTIONS.items() if result == kind]
    choices = ["simple"] + ["function"] * bool(functions and depth)
    if kind == "Boolean" and depth:
        choices += ["comparison", "logic", "not"]
    choice = draw(st.sampled_from(choices))
    if choice == "function":
        name = draw(st.sampled_from(functions))
        return Function(name, tuple(draw(nodes(one, depth - 1)) for one in FUNCTIONS[name][1]))
    if choice == "comparison":
        inner = draw(st.sampled_from(sorted(KINDS)))
        return Comparison(
            draw(st.sampled_from(COMPARISONS)),
            draw(nodes(inner, depth - 1)),
            draw(nodes(inner, depth - 1) | st.just(Literal("Null", None))),
        )
    if choice == "logic":
        parts = draw(st.lists(nodes("Boolean", depth - 1), min_size=2, max_size=3))
        return Logic(draw(st.sampled_from(("and", "or"))), tuple(parts))
    if choice == "not":
        return Not(draw(nodes("Boolean", depth - 1)))
    return draw(simple)


@settings(deadline=None)
@given(nodes())
def test_a_condition_written_is_read_back(node):
    text = text_of(node)
    read = parse_filter(ACCOUNTS, text)
    assert read == node
    assert text_of(read) == text
    assert evaluator(ACCOUNTS, read)(ROW) in (True, False, None)
    assert parse_query(ACCOUNTS, f"$filter={quote(text)}").filter == node


PIECES = st.sampled_from(
    [
        "Status",
        "Code",
        "Modified",
        "Timestamp",
        " eq ",
        " ge ",
        " and ",
        " or ",
        "not ",
        "(",
        ")",
        ",",
        "'",
        "''",
        "'C'",
        "guid'",
        f"guid'{GUID}'",
        "datetime'2026-01-01'",
        "datetime'",
        "1",
        "1L",
        "-",
        ".",
        "e9",
        "null",
        "true",
        "trim(",
        "substringof(",
        "/",
        "%",
        "%20",
        "%ff",
        "&",
        "=",
        "$",
        "$filter=",
        "&$select=",
        "&$orderby=",
        "&$top=",
        "&$skip=",
        "&$skiptoken=",
        "&$expand=",
        "&$inlinecount=allpages",
        "*",
        "desc",
        "BankAccounts",
        "é",
        "\ud800",
    ]
)


@settings(deadline=None)
@given(st.lists(PIECES | st.text(max_size=4), max_size=12).map("".join))
def test_any_text_is_read_or_refused(text):
    for entity in (ACCOUNTS, TERMS):
        for work in (
            lambda one: parse_filter(one, text),
            lambda one: parse_query(one, text),
            lambda one: parse_query(one, f"$filter={text}", for_one=True),
            lambda one: parse_key(one, text),
        ):
            try:
                work(entity)
            except Refusal as refusal:
                assert refusal.status == 400


def test_hints_of_a_condition():
    def hints(condition, entity=ACCOUNTS):
        return hints_of(entity, parse_filter(entity, condition))

    assert hints(f"ID eq guid'{GUID}' and Status eq 'C'") == Hints({"ID": GUID, "Status": "C"})
    assert hints("trim(Code) eq '11'") == Hints({"Code": "11"})
    assert hints("StartDate eq datetime'2026-03-05'") == Hints({"StartDate": dt.date(2026, 3, 5)})
    assert hints("Status eq 'C' or Status eq 'P'") == Hints()
    assert hints("not (Status eq 'C')") == Hints()
    assert hints("Status eq null and tolower(Name) eq 'x'") == Hints()
    assert hints("Timestamp gt 137438953472L", TERMS) == Hints({}, 137438953472)
    assert hints("Timestamp ge 5", TERMS) == Hints({}, 4)
    assert hints("Timestamp gt 5 and Timestamp lt 9 and Timestamp gt 7", TERMS) == Hints({}, 7)
    assert hints_of(ACCOUNTS, None) == Hints()


def test_options_together():
    query = options(
        "$select=ID, Code,BankAccounts/BICCode,BankAccounts/ID&$expand=BankAccounts"
        "&$orderby=Name desc, Code asc,ID&$top=5&$skip=3&$inlinecount=allpages"
        "&$format=json&other=1"
    )
    assert query.select == ("ID", "Code", "BankAccounts")
    assert query.nested == {"BankAccounts": ("BICCode", "ID")}
    assert query.order == (("Name", True), ("Code", False), ("ID", False))
    assert (query.top, query.skip, query.count) == (5, 3, True)
    assert options("").select is None
    assert parse_query(ACCOUNTS, "%24top=1&%24filter=Name+eq+'a%20b'").top == 1
    assert options("$expand=BankAccounts").nested == {"BankAccounts": None}
    assert options("$select=ID&$expand=BankAccounts").nested == {}
    assert options("$select=*", for_one=True).select == tuple(
        name for name in ACCOUNTS.properties if name != "BankAccounts"
    )


@pytest.mark.parametrize(
    "text",
    [
        "$top=-1",
        "$top=a",
        "$top=1.5",
        "$top=1&$top=2",
        "$skip=x",
        "$select=Nothing",
        "$select=id",
        "$select=ID,",
        "$select=BankAccounts/ID",
        "$select=ID/Code",
        "$select=BankAccounts/Nothing&$expand=BankAccounts",
        "$expand=Name",
        "$expand=Lines/More",
        "$orderby=Nothing",
        "$orderby=Name down",
        "$orderby=BankAccounts",
        "$orderby=Name,,Code",
        "$orderby=Name asc desc",
        "$inlinecount=some",
        "$format=atom",
        "$count=true",
        "$search=x",
        "$skiptoken=5",
        "$skiptoken='a','b'",
        "$skiptoken=guid'x'",
        "$skiptoken=null",
        f"$orderby=Name&$skiptoken=guid'{GUID}'",
        f"$orderby=Name&$skiptoken=5,guid'{GUID}'",
    ],
)
def test_options_that_cannot_be_read(text):
    refused(lambda: options(text))


@pytest.mark.parametrize(
    "text",
    [
        "$filter=true",
        "$orderby=Name",
        "$top=1",
        "$skip=1",
        "$inlinecount=allpages",
        f"$skiptoken=guid'{GUID}'",
    ],
)
def test_options_that_one_row_does_not_have(text):
    options(text)
    refused(lambda: options(text, for_one=True))


def test_sync_knows_only_its_timestamp():
    query = options("$filter=Timestamp gt 1&$orderby=Timestamp&$top=5&$select=ID", TERMS)
    assert query.top == 5
    for text in (
        "$filter=Status eq 50",
        "$filter=Timestamp gt 1 and Status eq 50",
        "$filter=not (trim(Journal) eq '70')",
        "$skip=1",
        "$orderby=DueDate",
        "$orderby=Timestamp desc",
    ):
        refused(lambda text=text: options(text, TERMS))


def test_bulk_refuses_to_skip():
    bulk = ENTITIES["bulk/Financial/TransactionLines"]
    assert options("$filter=FinancialYear eq 2026&$select=ID", bulk).select == ("ID",)
    refused(lambda: options("$skip=60&$select=ID", bulk))


def test_the_next_page_is_the_same_query_further_on():
    query = options("$filter=Name eq 'a:b'&$top=100&$skip=5&$orderby=Modified")
    moment = "datetime'2018-09-21T04:18:55.617'"
    assert query.following(f"{moment},guid'{GUID}'", 40) == (
        "$filter=Name%20eq%20'a%3Ab'&$orderby=Modified&$top=40"
        f"&$skiptoken=datetime'2018-09-21T04%3A18%3A55.617',guid'{GUID}'"
    )
    again = parse_query(ACCOUNTS, query.following(f"{moment},guid'{GUID}'", None))
    assert again.skiptoken == (dt.datetime(2018, 9, 21, 4, 18, 55, 617000), GUID)
    assert again.filter == query.filter


def test_keys_of_rows():
    assert parse_key(ACCOUNTS, f"guid'{GUID.upper()}'") == GUID
    assert parse_key(ENTITIES["system/Divisions"], "500001") == 500001
    assert parse_key(ENTITIES["general/Currencies"], "'EUR'") == "EUR"
    assert parse_key(TERMS, "123L") == parse_key(TERMS, "123") == 123
    status = ENTITIES["read/financial/JournalStatusList"]
    assert parse_key(status, "Year=2026,Journal='70',Period=3") == tuple(
        {"Year": 2026, "Journal": "70", "Period": 3}[name] for name in status.key
    )
    for entity, text in [
        (ACCOUNTS, GUID),
        (ACCOUNTS, f"'{GUID}'"),
        (ACCOUNTS, ""),
        (ACCOUNTS, "null"),
        (ENTITIES["system/Divisions"], "5.5"),
        (ENTITIES["general/Currencies"], "EUR"),
        (status, "'70',3,2026"),
        (status, "Journal='70',Period=3"),
        (status, "Journal='70',Period=3,Year"),
    ]:
        refused(lambda entity=entity, text=text: parse_key(entity, text))
