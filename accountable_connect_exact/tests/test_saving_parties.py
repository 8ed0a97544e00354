"""Parties and their contact persons are searched and written."""

from dataclasses import replace

import pytest
from odoo.addons.accountable_connect.api.errors import (
    ConfigurationMissingError,
    DataRefusedError,
    DuplicateError,
    OutcomeUnknownError,
    TemporaryError,
)
from odoo.addons.accountable_connect.documents import ContactPerson
from odoo.addons.accountable_connect_exact.api import contact_persons, parties

from .books import CODES, CUSTOMER, PARTY, SUPPLIER
from .prepared_package import OTHER, account_row, package


def test_new_party_with_its_bank_account():
    exact = package(**{"crm/Accounts": {"ID": PARTY}})
    assert exact.save_party(CUSTOMER, None).key == PARTY
    assert exact.client.made == ["GET crm/Accounts", "POST crm/Accounts", "POST crm/BankAccounts"]
    sent = exact.client.calls[-1][2]
    assert sent == {
        "Account": PARTY,
        "BankAccount": CUSTOMER.iban,
        "BICCode": CUSTOMER.bic,
        "Main": True,
    }


def test_account_of_the_division_itself_is_nobody():
    """It has name and VAT number of the company, and may be neither customer nor supplier."""
    own = account_row(Type="D")
    exact = package({"crm/Accounts": [own], "sync/CRM/Accounts": [own | {"Timestamp": "8"}]})
    assert exact.find_parties(CUSTOMER) == []
    assert exact.parties_changed_since("").parties == ()
    # what it carries of ours is nobody's either: a new account is made
    exact.client.posted = {"crm/Accounts": {"ID": OTHER}}
    assert exact.save_party(replace(CUSTOMER, iban=""), None).key == OTHER


def test_party_after_a_search_needs_no_second_one():
    exact = package(**{"crm/Accounts": {"ID": PARTY}})
    assert exact.find_parties(SUPPLIER) == []
    exact.save_party(SUPPLIER, None)
    assert exact.client.made == ["GET crm/Accounts", "POST crm/Accounts"]


def test_unchanged_party_is_not_written():
    held = {"crm/Accounts": [account_row()], "crm/BankAccounts": [{"BankAccount": CUSTOMER.iban}]}
    exact = package(held)
    assert exact.save_party(CUSTOMER, PARTY).key == PARTY
    assert exact.save_party(CUSTOMER, None).key == PARTY
    assert not [call for call in exact.client.made if not call.startswith("GET")]


AS_READ_BACK = {
    "Code": "           0000011",
    "Country": "BE ",
    "Language": "NL        ",
    "SalesCurrency": "EUR",
    "PurchaseCurrency": "EUR",
}


def test_only_what_differs_is_sent_of_a_row_as_exact_reads_it_back():
    """A code, or another key, that is sent back as it is would be refused as a duplicate."""
    row = account_row(**AS_READ_BACK)
    exact = package({"crm/Accounts": [row]})
    party = replace(CUSTOMER, iban="", contacts=())
    exact.save_party(party, PARTY)
    assert not [call for call in exact.client.made if not call.startswith("GET")]
    exact.save_party(replace(party, city="Brugge"), PARTY)
    assert exact.client.calls[-1] == ("PUT", "crm/Accounts", {"City": "Brugge"})


def test_only_what_differs_is_sent_of_a_person_as_exact_reads_it_back():
    person = ContactPerson(
        key=5,
        name="An Peeters",
        first_name="An",
        last_name="Peeters",
        email="an@peeters.example",
        language="nl",
    )
    held = {
        "ID": OTHER,
        "HID": 7,
        "FirstName": "An",
        "LastName": "Peeters",
        "BirthName": "Peeters",
        "Email": person.email,
        "BusinessEmail": person.email,
        "Language": "NL        ",
        "Gender": "O",
        "StartDate": "/Date(1782345600000)/",
    }
    exact = package({"crm/Accounts": [account_row(**AS_READ_BACK)], "crm/Contacts": [held]})
    party = replace(CUSTOMER, iban="", contacts=(person,))
    exact.save_party(party, PARTY)
    assert not [call for call in exact.client.made if not call.startswith("GET")]
    later = replace(person, email="an@bakkerij.example")
    exact.save_party(replace(party, contacts=(later,)), PARTY)
    assert exact.client.calls[-1] == ("PUT", "crm/Contacts", {"Email": "an@bakkerij.example"})


def test_new_iban_is_not_the_main_one_by_itself():
    held = {"crm/Accounts": [account_row()], "crm/BankAccounts": [{"BankAccount": "BE0000"}]}
    exact = package(held)
    exact.save_party(CUSTOMER, PARTY)
    assert exact.client.calls[-1][2]["Main"] is False


def test_number_of_somebody_else():
    held = account_row(Name="Bakkerij", VATNumber="BE0999999328")
    exact = package({"crm/Accounts": [held]})
    with pytest.raises(DuplicateError) as caught:
        exact.save_party(CUSTOMER, None)
    assert [stored.key for stored in caught.value.candidates] == [PARTY]
    both = [account_row(SUPPLIER, OTHER), account_row()]
    exact = package({"crm/Accounts": both})
    with pytest.raises(DuplicateError):
        exact.save_party(replace(SUPPLIER, external_number=4711), OTHER)


def test_party_that_is_gone():
    exact = package()
    for key in (OTHER, "987654"):
        with pytest.raises(DataRefusedError) as caught:
            exact.save_party(CUSTOMER, key)
        assert caught.value.code == "party_unknown"


# Contact persons

AN = ContactPerson(
    key=4720,
    name="An Claes",
    email="an@meulemans.example",
    phone="+32 9 123 45 67",
    function="Bookkeeper",
    language="nl",
)
BERT = ContactPerson(key=4721, name="Bert Maes", email="bert@meulemans.example")
STAFFED = replace(CUSTOMER, iban="", contacts=(AN, BERT))


def person_row(person, key, **changes):
    return {**contact_persons.wanted(person), "ID": key, **changes}


def staffed(*rows, **options):
    """A package whose account has these contact persons."""
    held = {"crm/Accounts": [account_row(STAFFED)], "crm/Contacts": list(rows)}
    return package(held, **options)


def test_new_party_with_two_contact_persons():
    exact = package(**{"crm/Accounts": {"ID": PARTY}})
    assert exact.save_party(STAFFED, None).contacts_problem is None
    made = ["GET crm/Accounts", "POST crm/Accounts"]
    assert exact.client.made == [*made, *["POST crm/Contacts"] * 2]
    assert exact.client.calls[2][2] == {
        "Account": PARTY,
        "LastName": "An Claes",
        "Email": AN.email,
        "Phone": AN.phone,
        "JobTitleDescription": "Bookkeeper",
        "Language": "NL",
    }


def test_party_without_contact_persons_asks_for_none():
    exact = staffed()
    exact.save_party(replace(STAFFED, contacts=()), PARTY)
    assert exact.client.made == ["GET crm/Accounts"]


def test_contact_persons_that_are_there_are_not_written():
    """Also where the accountant filled in more, or split the name."""
    split = {"FirstName": "An", "LastName": "Claes"}
    elsewhere = {"Email": "private@an.example", "BusinessEmail": AN.email.upper()}
    mobile = {"Phone": None, "Mobile": "+3291234567", "Notes": "Not on Friday"}
    exact = staffed(
        person_row(AN, "c1", **split, **elsewhere, **mobile),
        person_row(BERT, "c2", Language="FR "),
        person_row(BERT, "c3", LastName="Somebody Else", Email="else@meulemans.example"),
    )
    assert exact.save_party(STAFFED, PARTY).contacts_problem is None
    assert exact.client.made == ["GET crm/Accounts", "GET crm/Contacts"]


def test_missing_and_changed_contact_persons():
    moved = replace(AN, email="an.claes@meulemans.example")
    exact = staffed(person_row(AN, "c1"))
    exact.save_party(replace(STAFFED, contacts=(moved, BERT)), PARTY)
    assert exact.client.calls[2:] == [
        ("PUT", "crm/Contacts", {"Email": moved.email}),
        ("POST", "crm/Contacts", {"Account": PARTY, "LastName": BERT.name, "Email": BERT.email}),
    ]


def test_contact_person_with_another_name():
    """Known by the e-mail address; first and last name apart where Odoo has them so."""
    married = replace(AN, name="An Peeters", first_name="An", last_name="Peeters")
    row = person_row(AN, "c1", FirstName="An", MiddleName="de", LastName="Claes")
    exact = staffed(row)
    exact.save_party(replace(STAFFED, contacts=(married,)), PARTY)
    assert exact.client.calls[2:] == [
        ("PUT", "crm/Contacts", {"MiddleName": "", "LastName": "Peeters"})
    ]
    exact = staffed(row)
    exact.save_party(replace(STAFFED, contacts=(replace(AN, name="An Peeters"),)), PARTY)
    assert exact.client.calls[2:] == [
        ("PUT", "crm/Contacts", {"FirstName": "", "MiddleName": "", "LastName": "An Peeters"})
    ]


def test_shared_address_renames_nobody():
    shared = [replace(person, email="info@meulemans.example") for person in (AN, BERT)]
    exact = staffed(person_row(shared[0], "c1"))
    exact.save_party(replace(STAFFED, contacts=tuple(shared)), PARTY)
    assert exact.client.made[2:] == ["POST crm/Contacts"]
    assert exact.client.calls[2][2]["LastName"] == BERT.name
    theirs = [
        person_row(BERT, "c1", Email="info@x.example"),
        person_row(BERT, "c2", LastName="Carl Wit", Email="info@x.example"),
    ]
    exact = staffed(*theirs)
    exact.save_party(replace(STAFFED, contacts=(replace(AN, email="info@x.example"),)), PARTY)
    assert exact.client.made[2:] == ["POST crm/Contacts"]


def test_contact_person_who_left_there_stays_so():
    exact = staffed(person_row(AN, "c1", EndDate="/Date(1767225600000)/", Phone="1"))
    exact.save_party(replace(STAFFED, contacts=(AN,)), PARTY)
    assert exact.client.made == ["GET crm/Accounts", "GET crm/Contacts"]


def test_refused_contact_person_holds_up_neither_the_party_nor_the_next_one():
    refusal = DataRefusedError("no", code="x")
    exact = staffed(errors={("POST", "crm/Contacts"): [refusal]})
    stored = exact.save_party(STAFFED, PARTY)
    assert (stored.key, stored.contacts_problem) == (PARTY, refusal)
    assert exact.client.made[2:] == ["POST crm/Contacts"] * 2


def test_whatever_happens_to_contact_persons_the_party_is_there():
    lost = OutcomeUnknownError("no answer")
    exact = staffed(errors={("POST", "crm/Contacts"): lost})
    assert exact.save_party(STAFFED, PARTY).contacts_problem is lost
    assert exact.client.made[2:] == ["POST crm/Contacts"]
    exact = staffed(errors={("GET", "crm/Contacts"): ConfigurationMissingError("no right")})
    assert exact.save_party(STAFFED, PARTY).key == PARTY
    exact = staffed({"ID": "c1", "FirstName": 7})
    assert isinstance(exact.save_party(STAFFED, PARTY).contacts_problem, TemporaryError)


def test_refused_bank_account_holds_up_neither_the_party_nor_its_contact_persons():
    refusal = DataRefusedError("no such bank", code="x")
    exact = package(
        errors={("POST", "crm/BankAccounts"): refusal}, **{"crm/Accounts": {"ID": PARTY}}
    )
    stored = exact.save_party(replace(STAFFED, iban=CUSTOMER.iban), None)
    assert (stored.key, stored.contacts_problem) == (PARTY, refusal)
    assert exact.client.made[2:] == ["POST crm/BankAccounts", *["POST crm/Contacts"] * 2]


def test_what_reaches_somebody_goes_whole_or_not_at_all():
    """Exact refuses an account with an e-mail address that is none, or is too long."""
    party = replace(
        CUSTOMER,
        email='"Boekhouding" <a@x.example>; b@x.example',
        phone="+32 9 123 45 67 (secretariat)",
        website="https://x.example/" + "a" * 60,
        postal_code="somewhere near 9000",
        vat_number="BE" + "1" * 40,
    )
    sent = parties.account_payload(party, CODES)
    assert (sent["Email"], sent["Phone"]) == ("a@x.example", "+32 9 123 45 67")
    assert not {"Website", "Postcode", "VATNumber"} & sent.keys()
    held = account_row()
    nothing_to_say = replace(CUSTOMER, email=f"{'a' * 120}@x.example.com", phone="1" * 30)
    assert parties.account_payload(nothing_to_say, CODES, held) == {}
    person = ContactPerson(
        key=1, name="An", email="An <an@x.example>", phone="09 123 45 67 / 0475 12 34 56"
    )
    values = contact_persons.wanted(person)
    assert (values["Email"], values["Phone"]) == ("an@x.example", "09 123 45 67")
