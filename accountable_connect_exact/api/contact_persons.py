"""Contact persons of an account (``crm/Contacts``).

A person is known again by name, else by an e-mail address nobody else there has. Nobody is removed,
nothing the accountant filled in is emptied, and who has left there (``EndDate``) stays as he is.
"""

from collections import Counter
from datetime import date

from odoo.addons.accountable_connect.api.contact_details import email_address, phone_number
from odoo.addons.accountable_connect.api.errors import DataRefusedError, PackageError
from odoo.addons.accountable_connect.api.texts import comparable, cut, digits
from odoo.addons.accountable_connect.documents import ContactPerson, Party

from .. import const
from . import wire
from .answers import documented_form
from .client import ExactClient
from .on_their_way import OnTheirWay

CONTACTS = "crm/Contacts"
NAMES = ("FirstName", "MiddleName", "LastName")
EMAILS = ("Email", "BusinessEmail")
PHONES = ("Phone", "BusinessPhone", "Mobile", "BusinessMobile")
FIELDS = ",".join(("ID", *NAMES, *EMAILS, *PHONES, "JobTitleDescription", "Language", "EndDate"))


class ContactPersons:
    """Saves the contact persons of a party."""

    def __init__(self, client: ExactClient, on_their_way: OnTheirWay):
        self.client = client
        self._on_their_way = on_their_way

    def save(self, account: str, party: Party, is_new: bool) -> PackageError | None:
        """One call to look, unless the account is new, and one for each person who is missing or
        differs. The account is there whatever happens to its persons: an error is given back, not
        raised, and a person Exact refuses does not hold up the next one."""
        refused = None
        try:
            rows = [] if is_new else self._rows(account)
            with documented_form(CONTACTS):
                pairs = matched(party.contacts, rows)
            for person, row in pairs:
                try:
                    self._save(account, party, person, row)
                except DataRefusedError as error:
                    refused = refused or error
        except PackageError as error:
            return error
        return refused

    def _rows(self, account):
        condition = f"Account eq {wire.guid(account)}"
        return list(self.client.get_list(CONTACTS, select=FIELDS, filter=condition))

    def _save(self, account, party, person, row):
        values = {"concerns": "party", "party": f"{party.name}, {person.name}"}
        if row is None:
            body = {"Account": account, **wanted(person)}
            self._on_their_way.post(account, CONTACTS, body, values)
            return
        with documented_form(CONTACTS):
            body = changes(person, row, self.client.now().date())
        if body:
            self.client.put(CONTACTS, row["ID"], body, values=values)


def matched(persons: tuple[ContactPerson, ...], rows: list[dict]) -> list:
    """``(person, row or None)`` of each person; no row twice. Of namesakes the one with the same
    e-mail address."""
    persons = list(persons)
    ours = Counter(comparable(person.email) for person in persons)
    theirs = Counter(email for row in rows for email in _emails(row))

    def same_name(person, row):
        return _name(row) == comparable(_name_text(wanted(person)))

    def same_email(person, row):
        return comparable(person.email) in _emails(row)

    def own_email(person, row):
        email = comparable(person.email)
        return same_email(person, row) and ours[email] == theirs[email] == 1

    found: dict[int, dict] = {}
    left = list(rows)
    for is_same in (
        lambda person, row: same_name(person, row) and same_email(person, row),
        same_name,
        own_email,
    ):
        for person in persons:
            if person.key in found:
                continue
            row = next((row for row in left if is_same(person, row)), None)
            if row is not None:
                found[person.key] = row
                left.remove(row)
    return [(person, found.get(person.key)) for person in persons]


def wanted(person: ContactPerson) -> dict:
    """The values of a new contact, without the account. The whole name stands in ``LastName`` where
    it is known in one piece."""
    apart = bool(person.first_name or person.last_name)
    values = {
        "FirstName": cut(person.first_name, const.NAME_LENGTH),
        "LastName": cut(person.last_name if apart else person.name, const.NAME_LENGTH),
        "Email": email_address(person.email, const.EMAIL_LENGTH),
        "Phone": phone_number(person.phone, const.PHONE_LENGTH),
        "JobTitleDescription": cut(person.function, const.JOB_TITLE_LENGTH),
        "Language": person.language.upper(),
    }
    return {name: text for name, text in values.items() if text}


def changes(person: ContactPerson, row: dict, today: date) -> dict:
    """What has to be sent of a person who is there; empty when nothing differs."""
    end = wire.read_date(row.get("EndDate"))
    if end is not None and end < today:
        return {}
    values = wanted(person)
    if _name(row) == comparable(_name_text(values)):
        # split otherwise, perhaps, but the same
        values = {name: value for name, value in values.items() if name not in NAMES}
    elif row.get("FirstName") or row.get("MiddleName"):
        values = {"FirstName": "", "MiddleName": "", **values}
    if comparable(values.get("Email")) in _emails(row):
        del values["Email"]
    if digits(values.get("Phone")) in {digits(row.get(name)) for name in PHONES}:
        values.pop("Phone", None)
    return {name: value for name, value in values.items() if (row.get(name) or "").strip() != value}


def _name_text(values):
    return " ".join(values[name] for name in NAMES if values.get(name))


def _name(row):
    return comparable(_name_text(row))


def _emails(row):
    return {comparable(row.get(name)) for name in EMAILS if row.get(name)}
