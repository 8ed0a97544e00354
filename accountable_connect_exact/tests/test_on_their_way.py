"""An answer that was lost while Exact still works: what is looked for at once is not there yet."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from odoo.addons.accountable_connect.api.errors import LimitReachedError, OutcomeUnknownError
from odoo.addons.accountable_connect.documents import ContactPerson
from odoo.addons.accountable_connect_exact.api.package import ExactPackage

from .books import CUSTOMER, MASTER, PARTY, SUPPLIER
from .prepared_package import OTHER, account_row, package

PERSON = ContactPerson(key="res.partner,7", name="An Peeters", email="an@meulemans.example")
SOON = datetime(2026, 3, 10, 11, 1)


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
        with pytest.raises(LimitReachedError) as caught:
            again.save_party(CUSTOMER, None)
        assert (caught.value.not_before, caught.value.whole) == (SOON, False)
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


def test_made_after_a_minute():
    exact = lost("crm/Accounts")
    with pytest.raises(OutcomeUnknownError):
        exact.save_party(CUSTOMER, None)
    exact.client.moment += timedelta(minutes=1)
    assert exact.save_party(CUSTOMER, None).key == PARTY


def test_bank_account_is_not_added_a_second_time():
    exact = lost("crm/BankAccounts", {"crm/Accounts": [account_row()]})
    with pytest.raises(OutcomeUnknownError):
        exact.save_party(CUSTOMER, PARTY)
    with pytest.raises(LimitReachedError):
        exact.save_party(CUSTOMER, PARTY)
    assert exact.client.made.count("POST crm/BankAccounts") == 1


def test_contact_person_is_not_added_a_second_time():
    party = replace(CUSTOMER, iban="", contacts=(PERSON,))
    exact = lost("crm/Contacts", {"crm/Accounts": [account_row()]})
    problems = [exact.save_party(party, PARTY).contacts_problem for _try in range(2)]
    assert [type(problem) for problem in problems] == [OutcomeUnknownError, LimitReachedError]
    assert exact.client.made.count("POST crm/Contacts") == 1


def test_two_accounts_know_nothing_of_each_other():
    exact = lost("crm/BankAccounts", {"crm/Accounts": [account_row(), account_row(ID=OTHER)]})
    with pytest.raises(OutcomeUnknownError):
        exact.save_party(CUSTOMER, PARTY)
    exact.client.lists["crm/Accounts"] = [account_row(ID=OTHER)]
    assert exact.save_party(CUSTOMER, OTHER).key == OTHER
