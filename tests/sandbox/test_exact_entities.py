"""The table of entities is whole, and what addresses name is found in it."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import pytest

from sandbox.exact import errors
from sandbox.exact.entities import ENTITIES, locate
from sandbox.exact.errors import MESSAGES, PROPERTY_LABELS, Refusal, message

SIMPLE = {
    "String",
    "Guid",
    "Boolean",
    "Byte",
    "Int16",
    "Int32",
    "Int64",
    "Double",
    "DateTime",
    "Binary",
    "Complex",
}
ELSEWHERE = {"Guid", "Notes", "hrm/DivisionClasses", "salesinvoice/SalesInvoiceOrderChargeLines"}
"""What collections hold that is no entity of the table."""

PROPERTIES = [(entity, one) for entity in ENTITIES.values() for one in entity.properties.values()]


def test_the_table_holds_every_entity_and_property():
    assert len(ENTITIES) == 74
    assert len(PROPERTIES) == 2928
    assert len(ENTITIES["crm/Accounts"].properties) == 164
    assert len(ENTITIES["sync/Cashflow/PaymentTerms"].properties) == 86


@pytest.mark.parametrize("entity", ENTITIES.values(), ids=ENTITIES)
def test_an_entity_is_consistent(entity):
    assert set(entity.methods) <= {"GET", "POST", "PUT", "DELETE"}
    assert set(entity.key) <= set(entity.properties)
    assert entity.page_size == (1000 if entity.is_sync or entity.is_bulk else 60)
    assert entity.type_name.startswith("Exact.Web.Api.Models.")
    assert entity.is_function == (
        entity.name in ("read/sync/Sync/SyncTimestamp", "users/UserHasRights")
    )
    if entity.is_sync or entity.is_bulk:
        assert entity.methods == ("GET",)
        assert entity.key == (("Timestamp",) if entity.is_sync else ("ID",))
        assert entity.select_demanded == entity.is_bulk


def test_a_property_is_consistent():
    for entity, one in PROPERTIES:
        assert one.type in SIMPLE | {"Collection"}, (entity.name, one)
        assert not one.is_collection or one.of in set(ENTITIES) | ELSEWHERE, (entity.name, one)
        assert not one.post or "POST" in entity.methods, (entity.name, one)
        assert not one.put or "PUT" in entity.methods, (entity.name, one)
        assert not one.mandatory or one.post, (entity.name, one)
        assert not one.mandatory or one.name in PROPERTY_LABELS, (entity.name, one)
        assert bool(one.width) == bool(one.side) and one.side in ("", "left", "right")
        assert not one.width or one.type == "String"
        assert not one.written_only or one.type == "Binary"
        if one.name in entity.key:
            assert not one.post and not one.mandatory, (entity.name, one)


@pytest.mark.parametrize(
    ("entity", "name", "side", "width"),
    [
        ("crm/Accounts", "Code", "left", 18),
        ("crm/Accounts", "Country", "right", 3),
        ("documents/Documents", "AccountCode", "left", 18),
        ("vat/VATCodes", "Code", "right", 3),
        ("financialtransaction/TransactionLines", "VATCode", "right", 3),
        ("crm/Contacts", "Language", "right", 10),
        ("crm/Accounts", "Language", "right", 10),
        ("sync/CRM/Accounts", "Language", "right", 10),
        ("system/Divisions", "Legislation", "right", 3),
        ("sync/CRM/Accounts", "Code", "left", 18),
        ("financial/Journals", "Code", "", 0),
        ("financial/GLAccounts", "Code", "", 0),
        ("cashflow/PaymentConditions", "Code", "", 0),
    ],
)
def test_fixed_widths(entity, name, side, width):
    one = ENTITIES[entity].properties[name]
    assert (one.side, one.width) == (side, width)


def test_topics_and_scopes():
    assert ENTITIES["salesentry/SalesEntryLines"].topic == "SalesEntries"
    assert ENTITIES["sync/Deleted"].scope == "Organization administration"
    assert ENTITIES["purchaseentry/PurchaseEntries"].select_demanded
    assert ENTITIES["cashflow/DirectDebitMandates"].select_demanded
    assert not ENTITIES["vat/VATCodes"].select_demanded
    assert not ENTITIES["financial/Journals"].select_demanded


def test_what_an_address_names():
    guid = "guid'6d4f9cd0-0000-4000-8000-000000000001'"
    assert locate("crm/Accounts")[1:] == (None, "")
    entity, key, collection = locate(f"salesentry/SalesEntries({guid})/SalesEntryLines")
    assert (entity.name, key, collection) == ("salesentry/SalesEntries", guid, "SalesEntryLines")
    assert locate("general/Currencies('a)/b')")[1] == "'a)/b'"
    assert locate("sync/Cashflow/PaymentTerms")[0].is_sync


@pytest.mark.parametrize(
    "path",
    [
        "",
        "crm",
        "crm/accounts",
        "CRM/ACCOUNTS",
        "crm/Accounts/",
        "crm/Accounts(1",
        "a b",
        "crm/Accounts(1)/Nothing",
        "crm/Accounts(1)/Name",
        "crm/Accounts/BankAccounts",
        "é",
        "crm/Account\n",
    ],
)
def test_an_address_that_names_nothing(path):
    with pytest.raises(Refusal) as refused:
        locate(path)
    assert refused.value.status == 404


def test_every_message_stands_in_four_languages_with_the_same_places():
    for name, texts in {**MESSAGES, **errors.LABELS}.items():
        assert set(texts) == set(errors.LANGUAGES), name
        places = {tuple(re.findall(r"\{\d\}", text)) for text in texts.values()}
        assert len(places) == 1, name
        assert all(texts.values()), name
    assert set(PROPERTY_LABELS.values()) <= set(errors.LABELS)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (("mandatory", "nl-BE", "invoice_to"), "Verplicht: Factuur voor"),
        (("mandatory", "en-GB", "journal"), "Mandatory: Diary"),
        (("mandatory", "en", "account"), "Mandatory: Relationship"),
        (("invalid_reference", "nl", "vat_code"), "Ongeldige referentie: Btw-code"),
        (("invalid_reference", "nl", "journals"), "Ongeldige referentie: Journals"),
        (("invalid_reference", "en", "cost_unit"), "Invalid reference: Cost unit"),
        (("ledger_account_type", "nl"), "Ongeldig: Grootboekrekeningtype"),
        (("vat_percentage", "nl"), "Ongeldig: Btw-percentage []"),
        (("in_use", "nl", "entry_number"), "In gebruik: Boekstuknummer"),
        (("period_closed", "nl", "2025", "12"), "Periode is afgesloten: [2025] - [12]"),
        (("processed", "nl"), "Reeds verwerkt"),
        (("exists", "nl"), "Gegeven bestaat reeds"),
        (("exists", "en"), "Data already exists"),
        (("not_allowed", "nl", "vat_code"), "Niet toegestaan: Btw-code"),
        (("not_allowed", "nl", "exchange_rate"), "Niet toegestaan: Wisselkoers"),
        (("mandatory", "nl", "due_date"), "Verplicht: vervaldatum"),
        (("mandatory", "da", "a {0} b"), "Mandatory: a {0} b"),
    ],
)
def test_wordings_as_reported(text, expected):
    assert message(*text) == expected


def test_what_the_books_raise_is_a_message():
    raised = set()
    for path in sorted(Path(errors.__file__).parent.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if (
                isinstance(node, ast.Call)
                and getattr(node.func, "id", "") == "BusinessError"
                and isinstance(node.args[0], ast.Constant)
            ):
                raised.add(node.args[0].value)
    assert "mandatory" in raised
    assert raised <= set(MESSAGES)


def test_the_table_is_only_a_table():
    path = Path(errors.__file__).with_name("entities.json")
    for record in json.loads(path.read_text()).values():
        assert set(record) <= {
            "methods",
            "key",
            "type",
            "page_size",
            "scope",
            "topic",
            "like",
            "select_demanded",
            "without",
            "properties",
        }
