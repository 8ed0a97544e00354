"""Contact persons of an account (``crm/Contacts``).

Nobody is removed, nothing the accountant filled in is emptied, and who has left there
(``EndDate``) stays unchanged.
"""

from datetime import date

from odoo.addons.accountable_connect.api.contact_details import email_address, phone_number
from odoo.addons.accountable_connect.api.creates_in_flight import CreatesInFlight
from odoo.addons.accountable_connect.api.errors import DataRefusedError, PackageError
from odoo.addons.accountable_connect.api.person_matching import match_persons
from odoo.addons.accountable_connect.api.texts import comparable, cut, digits
from odoo.addons.accountable_connect.documents import ContactPerson, Party

from .. import const
from . import wire
from .answers import documented_form
from .client import ExactClient

CONTACTS = "crm/Contacts"
NAMES = ("FirstName", "MiddleName", "LastName")
EMAILS = ("Email", "BusinessEmail")
PHONES = ("Phone", "BusinessPhone", "Mobile", "BusinessMobile")
FIELDS = ",".join(("ID", *NAMES, *EMAILS, *PHONES, "JobTitleDescription", "Language", "EndDate"))


class ContactPersons:
    """Saves the contact persons of a party."""

    def __init__(self, client: ExactClient, creates: CreatesInFlight):
        self.client = client
        self._creates = creates

    def save(self, account: str, party: Party, is_new: bool) -> PackageError | None:
        """One call to look, unless the account is new, and one for each person who is missing or
        differs. The account is there whatever happens to its persons: an error is given back, not
        raised, and a person Exact refuses does not hold up the next one."""
        refused = None
        try:
            rows = [] if is_new else self._rows(account)
            with documented_form(CONTACTS):
                pairs = match_persons(party.contacts, rows, has_name=_has_name, emails=_emails)
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
            self._creates.post(account, CONTACTS, body, values)
            return
        with documented_form(CONTACTS):
            body = changes(person, row, self.client.now().date())
        if body:
            self.client.put(CONTACTS, row["ID"], body, values=values)


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
    if _has_name(row, person):
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


def _has_name(row, person):
    return comparable(_name_text(row)) == comparable(_name_text(wanted(person)))


def _emails(row):
    return {comparable(row.get(name)) for name in EMAILS if row.get(name)}
