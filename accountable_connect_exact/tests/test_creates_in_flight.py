"""An answer that was lost while Exact still works: what is looked for at once is not there yet."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from odoo.addons.accountable_connect.api.errors import MayArriveError, OutcomeUnknownError
from odoo.addons.accountable_connect.documents import ContactPerson
from odoo.addons.accountable_connect_exact.api.package import ExactPackage

from .books import CUSTOMER, ENTRY, MASTER, PARTY, PLACE, SUPPLIER
from .prepared_package import KEY, OTHER, PDF, account_row, package

PERSON = ContactPerson(key="res.partner,7", name="An Peeters", email="an@meulemans.example")
SURE = datetime(2026, 3, 10, 11, 10)
TEN_MINUTES = timedelta(minutes=10)


def lost(entity, lists=None):
    """A package that gets no answer to the first row it makes of this."""
    errors = {("POST", entity): [OutcomeUnknownError("no answer")]}
    return package(lists, errors=errors, **{"crm/Accounts": {"ID": PARTY}})


def next_run(exact):
    """Another package with what is kept beyond a run."""
    return ExactPackage(exact.client, master=MASTER)


def test_account_is_not_made_a_second_time():
    exact = lost("crm/Accounts")
    with pytest.raises(OutcomeUnknownError):
        exact.save_party(CUSTOMER, None)
    for again in (exact, next_run(exact)):
        with pytest.raises(MayArriveError) as caught:
            again.save_party(CUSTOMER, None)
        assert (caught.value.not_before, caught.value.whole) == (SURE, False)
    assert exact.client.made.count("POST crm/Accounts") == 1


def test_others_go_on():
    exact = lost("crm/Accounts")
    with pytest.raises(OutcomeUnknownError):
        exact.save_party(CUSTOMER, None)
    assert exact.save_party(SUPPLIER, None).key == PARTY


def test_account_that_is_there_by_now_is_taken():
    exact = lost("crm/Accounts")
    with pytest.raises(OutcomeUnknownError):
        exact.save_party(replace(CUSTOMER, iban=""), None)
    exact.client.lists["crm/Accounts"] = [account_row()]
    assert next_run(exact).save_party(replace(CUSTOMER, iban=""), None).key == PARTY


def test_made_ten_minutes_later_when_two_looks_did_not_find_it():
    exact = lost("crm/Accounts")
    with pytest.raises(OutcomeUnknownError):
        exact.save_party(CUSTOMER, None)
    for minutes in (1, 8):
        exact.client.moment += timedelta(minutes=minutes)
        with pytest.raises(MayArriveError):
            exact.save_party(CUSTOMER, None)
    exact.client.moment += timedelta(minutes=1)
    assert exact.save_party(CUSTOMER, None).key == PARTY
    # it arrived: the next one of the name is another one
    assert next_run(exact).save_party(CUSTOMER, None).key == PARTY


def test_one_look_is_not_enough():
    exact = lost("crm/Accounts")
    with pytest.raises(OutcomeUnknownError):
        exact.save_party(CUSTOMER, None)
    exact.client.moment += TEN_MINUTES
    with pytest.raises(MayArriveError) as caught:
        exact.save_party(CUSTOMER, None)
    assert caught.value.not_before == datetime(2026, 3, 10, 11, 11)
    assert next_run(exact).save_party(CUSTOMER, None).key == PARTY


def test_what_the_version_before_remembered_is_waited_for():
    exact = lost("crm/Accounts")
    moment = datetime(2026, 3, 10, 11, 0).isoformat()
    exact.client.known["on their way"] = {f"crm/Accounts {CUSTOMER.external_number}": moment}
    with pytest.raises(MayArriveError) as caught:
        exact.save_party(CUSTOMER, None)
    assert caught.value.not_before == SURE


def test_file_and_its_place_are_not_made_a_second_time():
    entity = "documents/Documents"
    exact = lost(entity, {"salesentry/SalesEntries": [{"EntryID": ENTRY}]})
    for error in (OutcomeUnknownError, MayArriveError):
        with pytest.raises(error):
            exact.attach_file(KEY, PDF, again=error is MayArriveError)
    assert exact.client.made.count(f"POST {entity}") == 1
    exact = lost("documents/DocumentAttachments")
    for error in (OutcomeUnknownError, MayArriveError, MayArriveError):
        with pytest.raises(error):
            exact.attach_file(KEY, PDF, place=PLACE, again=error is MayArriveError)
        exact.client.moment += timedelta(minutes=4)
    assert exact.client.made.count("POST documents/DocumentAttachments") == 1
    exact.client.moment += timedelta(minutes=4)
    assert exact.attach_file(KEY, PDF, place=PLACE, again=True) == PLACE
    assert exact.client.made.count("POST documents/DocumentAttachments") == 2


def test_bank_account_is_not_added_a_second_time():
    exact = lost("crm/BankAccounts", {"crm/Accounts": [account_row()]})
    with pytest.raises(OutcomeUnknownError):
        exact.save_party(CUSTOMER, PARTY)
    with pytest.raises(MayArriveError):
        exact.save_party(CUSTOMER, PARTY)
    assert exact.client.made.count("POST crm/BankAccounts") == 1


def test_contact_person_is_not_added_a_second_time():
    party = replace(CUSTOMER, iban="", contacts=(PERSON,))
    exact = lost("crm/Contacts", {"crm/Accounts": [account_row()]})
    problems = [exact.save_party(party, PARTY).contacts_problem for _try in range(2)]
    assert [type(problem) for problem in problems] == [OutcomeUnknownError, MayArriveError]
    assert exact.client.made.count("POST crm/Contacts") == 1


def test_two_accounts_know_nothing_of_each_other():
    exact = lost("crm/BankAccounts", {"crm/Accounts": [account_row(), account_row(ID=OTHER)]})
    with pytest.raises(OutcomeUnknownError):
        exact.save_party(CUSTOMER, PARTY)
    exact.client.lists["crm/Accounts"] = [account_row(ID=OTHER)]
    assert exact.save_party(CUSTOMER, OTHER).key == OTHER
