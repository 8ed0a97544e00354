"""Finding the parties of a made-up package, the one to change, and its contact persons."""

from dataclasses import replace

import pytest
from odoo.addons.accountable_connect.api.contract import StoredParty
from odoo.addons.accountable_connect.api.errors import DataRefusedError, DuplicateError
from odoo.addons.accountable_connect.api.http.answers import documented_form
from odoo.addons.accountable_connect.api.party_book import PartyBook
from odoo.addons.accountable_connect.api.person_matching import match_persons
from odoo.addons.accountable_connect.documents import ContactPerson, Party

PARTY = Party(
    external_number=7,
    name="Meulemans & Zonen bv",
    vat_number="BE0999999031",
    registry_number="0999999031",
    country="BE",
)


class LedgerBook(PartyBook):
    """A row is ``{"key", "number", "name", "vat"}``."""

    noun = "Party"
    name_length = 12

    def __init__(self, *rows):
        super().__init__()
        self.rows = rows
        self.searches = 0

    def stored(self, row):
        party = Party(
            external_number=row["number"],
            name=row["name"],
            vat_number=row.get("vat", ""),
            country="BE",
        )
        return StoredParty(key=row["key"], party=party, active=row.get("active", True))

    def our_number(self, row):
        return row["number"]

    def key_of(self, row):
        return row["key"]

    def rows_to_change(self, party, key):
        self.searches += 1
        return [row for row in self.rows if row["key"] == key or row["number"] == 7]

    def reading(self):
        return documented_form("Ledger, parties")

    def find(self, party):
        return self.best_first(self.rows, party)

    def save(self, party, key, sent):
        raise NotImplementedError

    def changed_since(self, cursor):
        raise NotImplementedError


def row(key, number=0, name="Meulemans & Zonen bv", **values):
    return {"key": key, "number": number, "name": name, **values}


def test_best_first():
    book = LedgerBook(
        row("5", name="Somebody else"),
        row("4", name="Meulemans &"),
        row("3", active=False),
        row("2", name="M&Z", vat="BE 0999.999.031"),
        row("1", number=7, name="Other"),
        row("0"),
    )
    assert [stored.key for stored in book.find(PARTY)] == ["1", "2", "0", "4", "3"]


def test_a_search_says_who_has_our_number():
    book = LedgerBook(row("1", number=7), row("2"))
    assert book.row_to_change(PARTY, None, None)["key"] == "1"
    assert book.searches == 1
    book.find(PARTY)
    assert book.row_to_change(PARTY, None, None)["key"] == "1"
    assert book.searches == 1
    book.forget(PARTY)
    book.row_to_change(PARTY, None, None)
    assert book.searches == 2


def test_new_one():
    book = LedgerBook(row("2"))
    book.find(PARTY)
    assert book.row_to_change(PARTY, None, None) is None


@pytest.mark.parametrize("key", [None, "2"])
def test_our_number_on_somebody_else(key):
    book = LedgerBook(row("1", number=7, name="Other", vat="BE0123456749"), row("2"))
    with pytest.raises(DuplicateError) as caught:
        book.row_to_change(PARTY, key, None)
    assert caught.value.code == "external_number"
    assert [stored.key for stored in caught.value.candidates] == ["1"]
    assert caught.value.values == {"concerns": "party", "party": PARTY.name, "number": 7}


def test_gone():
    with pytest.raises(DataRefusedError) as caught:
        LedgerBook(row("1", number=7)).row_to_change(PARTY, "9", None)
    assert caught.value.code == DataRefusedError.PARTY_GONE


def test_another_company_by_now():
    book = LedgerBook(row("2", name="Other", vat="BE0123456749"))
    with pytest.raises(DuplicateError) as caught:
        book.row_to_change(PARTY, "2", PARTY)
    assert caught.value.code == DuplicateError.OTHER_COMPANY
    # a person said that it is the same
    assert book.row_to_change(PARTY, "2", None)["key"] == "2"


def test_row_in_another_form():
    with pytest.raises(Exception, match="unexpected form"):
        LedgerBook({"number": 7}).row_to_change(PARTY, None, None)


# Contact persons

AN = ContactPerson(key="res.partner,1", name="An Peeters", email="an@z.example")
NAMESAKE = replace(AN, key="res.partner,2", email="an.peeters@z.example")
BOB = ContactPerson(key="res.partner,3", name="Bob", email="office@z.example")
COR = ContactPerson(key="res.partner,4", name="Cor", email="cor@z.example")


def matched(persons, *rows):
    rows = [dict(zip(("id", "name", "email"), row, strict=True)) for row in rows]
    pairs = match_persons(
        persons,
        rows,
        has_name=lambda row, person: row["name"] == person.name,
        emails=lambda row: {row["email"]},
    )
    return {person.key[-1]: row and row["id"] for person, row in pairs}


def test_persons_by_name_then_by_an_address_of_their_own():
    found = matched(
        [BOB, COR, AN], (1, "Cornelis", "cor@z.example"), (2, "An Peeters", "x@z.example")
    )
    assert found == {"3": None, "4": 1, "1": 2}


def test_namesakes_by_address():
    rows = (1, "An Peeters", "an.peeters@z.example"), (2, "An Peeters", "an@z.example")
    assert matched([AN, NAMESAKE], *rows) == {"1": 2, "2": 1}


def test_address_of_several_tells_nobody():
    rows = (1, "Reception", "office@z.example"), (2, "Desk", "office@z.example")
    assert matched([BOB], *rows) == {"3": None}
