"""What every package with a service shares of the contract, in a made-up one."""

from datetime import date
from decimal import Decimal

from odoo.addons.accountable_connect.api import matching
from odoo.addons.accountable_connect.api.contract import (
    Capabilities,
    PartyChanges,
    StoredDocument,
    StoredParty,
)
from odoo.addons.accountable_connect.api.errors import (
    DataRefusedError,
    NumberTakenError,
    OutcomeUnknownError,
)
from odoo.addons.accountable_connect.api.matching import sort_out
from odoo.addons.accountable_connect.api.service_package import ServicePackage
from odoo.addons.accountable_connect.documents import Document, Line, Party

PARTY = Party(external_number=7, name="Meulemans")
TODAY = date(2026, 3, 10)
BILL = Document(
    kind="purchase",
    number="BILL/1",
    own_reference="odoo-1",
    reference="2026/0012",
    journal="A1",
    party=PARTY,
    document_date=TODAY,
    accounting_date=TODAY,
    due_date=TODAY,
    currency="EUR",
    company_currency="EUR",
    rate=Decimal(1),
    total=Decimal(100),
    total_company=Decimal(100),
    lines=(
        Line(ledger_account="600", base=Decimal(100), base_company=Decimal(100), vat_code="00"),
    ),
)


class Book:
    def __init__(self):
        self.calls = []

    def find(self, party):
        self.calls.append(("find", party))
        return [StoredParty(key="1", party=party)]

    def save(self, party, key, sent):
        self.calls.append(("save", key, sent))
        return StoredParty(key=key or "2", party=party)

    def changed_since(self, cursor):
        return PartyChanges(cursor=cursor + "1")


class Client:
    closed = False

    def close(self):
        self.closed = True


class LedgerPackage(ServicePackage):
    capabilities = Capabilities()

    test_sign_in = list_administrations = fetch_master_data = None
    find_document = create_document = read_document = attach_file = None
    settlements_since = open_items = None


def test_parties_and_the_end_of_a_run():
    client, book = Client(), Book()
    with LedgerPackage(client, book) as package:
        assert package.find_parties(PARTY)[0].key == "1"
        assert package.save_party(PARTY, None).key == "2"
        assert package.save_party(PARTY, "3", sent=PARTY).key == "3"
        assert package.parties_changed_since("4").cursor == "41"
        assert package.left_out() == []
        assert not client.closed
    assert client.closed
    assert book.calls == [("find", PARTY), ("save", None, None), ("save", "3", PARTY)]


def stored(key, **values):
    return StoredDocument(
        **{
            "key": key,
            "number": key,
            "kind": "purchase",
            "party_key": "1",
            "document_date": TODAY,
            "currency": "EUR",
            "total": Decimal(100),
            **values,
        }
    )


def test_what_a_search_found():
    found, left_out = sort_out(
        [
            stored("reference", reference="2026-12", total=Decimal(90)),
            stored("figures"),
            stored("reserved"),
            stored("ours", own_reference="odoo-1", total=Decimal(1)),
            stored("another", total=Decimal(1)),
            stored("another of ours", own_reference="odoo-2"),
            stored("under the number", own_reference="odoo-3", party_key="9"),
            stored("far from it", own_reference="odoo-4", party_key="9"),
        ],
        BILL,
        "1",
        lambda one: one.key in ("reserved", "under the number", "another"),
    )
    assert [one.key for one in found] == ["ours", "reserved", "figures", "reference"]
    assert [one.key for one in left_out] == ["another of ours", "under the number"]


def test_bookings_of_other_parties_are_told_at_once(monkeypatch):
    """There may be thousands, and each bill is compared with all of them."""
    compared = []
    monkeypatch.setattr(matching, "contradictions", lambda *these: compared.append(these) or [])
    there = [
        stored(str(number), own_reference=f"odoo-{number}", party_key=str(number))
        for number in range(2, 12)
    ]
    assert sort_out(there, BILL, "1", lambda one: False) == ([], [])
    assert sort_out(there, BILL, "2", lambda one: False) == ([], there[:1])
    assert len(compared) == 1


def test_error_that_turns_into_another():
    error = DataRefusedError(
        "taken", code="in_use", values={"journal": "A1"}, technical="409", request="POST /x"
    )
    for kind in (NumberTakenError, OutcomeUnknownError):
        other = error.turned_into(kind, "Nobody knows")
        assert type(other) is kind
        assert str(other) == "Nobody knows"
        assert (other.code, other.values) == ("in_use", {"journal": "A1"})
        assert (other.technical, other.request) == ("409", "POST /x")
    assert str(error.turned_into(NumberTakenError)) == "taken"
