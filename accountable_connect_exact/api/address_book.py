"""Customers and suppliers: looking them up, saving them, and what changed."""

from odoo.addons.accountable_connect.api.contract import PartyChanges, StoredParty
from odoo.addons.accountable_connect.api.creates_in_flight import CreatesInFlight
from odoo.addons.accountable_connect.api.errors import DataRefusedError
from odoo.addons.accountable_connect.api.party_book import PartyBook
from odoo.addons.accountable_connect.api.texts import bare
from odoo.addons.accountable_connect.documents import Party

from .. import const
from . import parties, wire
from .answers import documented_form
from .changes import Changes
from .client import ExactClient
from .codes import Codes
from .contact_persons import ContactPersons

ACCOUNTS = "crm/Accounts"
BANK_ACCOUNTS = "crm/BankAccounts"
CHANGED_ACCOUNTS = "sync/CRM/Accounts"


class AddressBook(PartyBook):
    """``crm/Accounts`` of a division, with the bank accounts and contact persons of each."""

    noun = "Account"
    name_length = const.NAME_LENGTH

    def __init__(self, client: ExactClient, codes: Codes):
        super().__init__()
        self.client = client
        self.codes = codes
        self._creates = CreatesInFlight(client, ExactClient.package)
        self._persons = ContactPersons(client, self._creates)
        self._changes = Changes(client, "accounts", const.DELETED_ACCOUNT)

    def stored(self, row):
        return parties.stored_party(row, self.codes, self.client.now().date())

    def our_number(self, row):
        return parties.external_number(row)

    def key_of(self, row):
        return row["ID"]

    def reading(self):
        return documented_form(ACCOUNTS)

    def rows_to_change(self, party, key):
        ours = f"SearchCode eq {wire.text(parties.search_code(party))}"
        if key and not wire.is_guid(key):
            return []
        return self._search(f"ID eq {wire.guid(key)} or {ours}" if key else ours)

    def find(self, party: Party) -> list[StoredParty]:
        """One search."""
        self.forget(party)
        rows = self._search(parties.find_filter(party))
        with documented_form(ACCOUNTS):
            return self.best_first(rows, party)

    def save(self, party: Party, key: str | None, sent: Party | None = None) -> StoredParty:
        """Create or change. One call to look (one more for bank accounts, one for contact persons,
        where there are any) and none to write when nothing differs."""
        values = {"concerns": "party", "party": party.name}
        if not party.name.strip():
            raise DataRefusedError("A party without a name", code="no_name", values=values)
        stored = self.row_to_change(party, key, sent if key else None)
        self.forget(party)
        payload = parties.account_payload(party, self.codes, stored)
        if stored is None:
            row = self._creates.post(str(party.external_number), ACCOUNTS, payload, values)
            with documented_form(ACCOUNTS, written=True):
                known = row["ID"]
        else:
            known = stored["ID"]
            if payload:
                self.client.put(ACCOUNTS, known, payload, values=values)
        problem = None
        if party.iban:
            try:
                self._save_bank_account(known, party, stored is None, values)
            except DataRefusedError as error:
                # the account is there: what is refused of its bank account holds up no document
                problem = error
        if party.contacts:
            problem = self._persons.save(known, party, stored is None) or problem
        return StoredParty(key=known, party=party, contacts_problem=problem)

    def _save_bank_account(self, account, party, is_new, values):
        """Add an IBAN that is not there yet; it becomes the main one only where there is none, so
        that nobody's payments change their course by themselves."""
        held = []
        if not is_new:
            with documented_form(BANK_ACCOUNTS):
                held = [
                    bare(row["BankAccount"])
                    for row in self.client.get_list(
                        BANK_ACCOUNTS,
                        select="BankAccount",
                        filter=f"Account eq {wire.guid(account)}",
                    )
                ]
        if bare(party.iban) in held:
            return
        body = {"Account": account, "BankAccount": party.iban, "Main": not held}
        if party.bic:
            body["BICCode"] = party.bic
        self._creates.post(account, BANK_ACCOUNTS, body, values)

    def changed_since(self, cursor: str) -> PartyChanges:
        """Every account that changed; 1 call per 1,000, and at most hourly one for those removed
        and one that shows whether the division moved."""
        reading = self._changes.begin(cursor)
        rows = reading.rows(CHANGED_ACCOUNTS, f"Timestamp,{parties.ACCOUNT_FIELDS}")
        with documented_form(CHANGED_ACCOUNTS):
            found = {row["ID"]: self.stored(row) for row in rows if parties.is_party(row)}
            removed = sorted(reading.removed() - found.keys())
            return PartyChanges(
                parties=tuple(found.values()), removed=tuple(removed), cursor=reading.cursor()
            )

    def _search(self, condition):
        rows = self.client.get_list(ACCOUNTS, select=parties.ACCOUNT_FIELDS, filter=condition)
        return [row for row in rows if parties.is_party(row)]
