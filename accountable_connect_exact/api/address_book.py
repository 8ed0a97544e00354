"""Customers and suppliers: looking them up, saving them, and what changed."""

from odoo.addons.accountable_connect.api.contact_matching import is_somebody_else, likeness
from odoo.addons.accountable_connect.api.contract import PartyChanges, StoredParty
from odoo.addons.accountable_connect.api.errors import DataRefusedError, DuplicateError
from odoo.addons.accountable_connect.api.identity import is_other_company
from odoo.addons.accountable_connect.api.texts import bare
from odoo.addons.accountable_connect.documents import Party

from .. import const
from . import parties, wire
from .answers import documented_form
from .changes import Changes
from .client import ExactClient
from .codes import Codes
from .contact_persons import ContactPersons
from .on_their_way import OnTheirWay

ACCOUNTS = "crm/Accounts"
BANK_ACCOUNTS = "crm/BankAccounts"
CHANGED_ACCOUNTS = "sync/CRM/Accounts"


class AddressBook:
    """``crm/Accounts`` of a division, with the bank accounts and contact persons of each."""

    def __init__(self, client: ExactClient, codes: Codes):
        self.client = client
        self.codes = codes
        self._on_their_way = OnTheirWay(client)
        self._persons = ContactPersons(client, self._on_their_way)
        self._changes = Changes(client, "accounts", const.DELETED_ACCOUNT)
        # Who carries our number, when a search of this run has told.
        self._holders: dict[int, dict | None] = {}

    def find(self, party: Party) -> list[StoredParty]:
        """One search; every hit is looked at again, because a name may be anybody's."""
        self._holders.pop(party.external_number, None)
        rows = self._search(parties.find_filter(party))
        ranked = []
        holder = None
        with documented_form(ACCOUNTS):
            for row in rows:
                stored = self._stored(row)
                rank = likeness(stored.party, party, const.NAME_LENGTH)
                if rank is not None:
                    ranked.append((rank, not stored.active, row["ID"], stored))
                if rank == 0:
                    holder = row
        self._holders[party.external_number] = holder
        return [stored for *_order, stored in sorted(ranked, key=lambda entry: entry[:3])]

    def save(self, party: Party, key: str | None, sent: Party | None = None) -> StoredParty:
        """Create or change. One call to look (one more for bank accounts, one for contact persons,
        where there are any) and none to write when nothing differs."""
        values = {"concerns": "party", "party": party.name}
        if not party.name.strip():
            raise DataRefusedError("A party without a name", code="no_name", values=values)
        stored = self._account_to_change(party, key, values)
        if stored and key and sent:
            self._check_company(stored, party, sent, values)
        self._holders.pop(party.external_number, None)
        payload = parties.account_payload(party, self.codes, stored)
        if stored is None:
            number = str(party.external_number)
            row = self._on_their_way.post(number, ACCOUNTS, payload, values)
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

    def _account_to_change(self, party, key, values):
        """The account that is to be changed, None for a new one. Raises DuplicateError when our
        number stands on somebody else's."""
        number = party.external_number
        if key is None and number in self._holders:
            holder, target = self._holders[number], None
        else:
            ours = f"SearchCode eq {wire.text(parties.search_code(party))}"
            if key and not wire.is_guid(key):
                raise self._gone(key, values)
            rows = self._search(f"ID eq {wire.guid(key)} or {ours}" if key else ours)
            with documented_form(ACCOUNTS):
                target = next((row for row in rows if row["ID"] == key), None)
                holders = [row for row in rows if parties.external_number(row) == number]
            holder = holders[0] if holders else None
            if key and not target:
                raise self._gone(key, values)
        if target is not None and (holder is None or holder["ID"] == target["ID"]):
            return target
        if holder is None:
            return None
        with documented_form(ACCOUNTS):
            held = self._stored(holder)
        if target is not None or is_somebody_else(held.party, party):
            raise DuplicateError(
                f"SearchCode {parties.search_code(party)} belongs to account {held.key}",
                code="external_number",
                values=values | {"number": number},
                candidates=[held],
            )
        return holder

    def _check_company(self, row, party, sent, values):
        with documented_form(ACCOUNTS):
            held = self._stored(row)
        if is_other_company(held.party, party, sent):
            raise DuplicateError(
                f"Account {held.key} is another company now",
                code=DuplicateError.OTHER_COMPANY,
                values=values | {"held": held.party.name},
                candidates=[held],
            )

    @staticmethod
    def _gone(key, values):
        return DataRefusedError(
            f"Account {key} does not exist any more",
            code=DataRefusedError.PARTY_GONE,
            values=values,
        )

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
        self._on_their_way.post(account, BANK_ACCOUNTS, body, values)

    def changed_since(self, cursor: str) -> PartyChanges:
        """Every account that changed; 1 call per 1,000, and at most hourly one for those removed
        and one that tells whether the division moved."""
        reading = self._changes.begin(cursor)
        rows = reading.rows(CHANGED_ACCOUNTS, f"Timestamp,{parties.ACCOUNT_FIELDS}")
        with documented_form(CHANGED_ACCOUNTS):
            found = {row["ID"]: self._stored(row) for row in rows if parties.is_party(row)}
            removed = sorted(reading.removed() - found.keys())
            return PartyChanges(
                parties=tuple(found.values()), removed=tuple(removed), cursor=reading.cursor()
            )

    def _search(self, condition):
        rows = self.client.get_list(ACCOUNTS, select=parties.ACCOUNT_FIELDS, filter=condition)
        return [row for row in rows if parties.is_party(row)]

    def _stored(self, row):
        return parties.stored_party(row, self.codes, self.client.now().date())
