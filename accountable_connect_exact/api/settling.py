"""Reading settlements and open items: which calls, and when."""

from datetime import timedelta

from odoo.addons.accountable_connect.documents import OpenItem, SettlementChanges

from .. import const
from . import terms, wire
from .answers import documented_form
from .changes import Changes
from .client import ExactClient
from .codes import Codes
from .mapping import PURCHASES, SALES

CHANGED_TERMS = "sync/Cashflow/PaymentTerms"
LEDGER_LINES = "financialtransaction/TransactionLines"
OPEN_TERMS = {SALES: "bulk/Cashflow/Receivables", PURCHASES: "bulk/Cashflow/Payments"}
# So many Guids, and so many conditions on a party, account and day, fit an address.
BATCH = 20
PLACES = 8
YEAR = timedelta(days=366)


class Settling:
    """Payment terms of a division."""

    def __init__(self, client: ExactClient, codes: Codes):
        self.client = client
        self.codes = codes
        self._changes = Changes(client, "terms", const.DELETED_TERM)

    def since(self, cursor: str) -> SettlementChanges:
        """1 call per 1,000 changed terms; at most hourly one for removed terms and one that tells
        whether the division moved; 1 or 2 per eight settlements that terms alone do not explain, 1
        per twenty general entries.

        ``removed`` holds every key a term that is open, or gone, could have had before; the caller
        knows which of them he has."""
        reading = self._changes.begin(cursor)
        rows = reading.rows(CHANGED_TERMS, terms.FIELDS)
        with documented_form(CHANGED_TERMS):
            changed = terms.read(rows)
            terms.pair(changed)
        self._explain(terms.unexplained(changed))
        kinds = self._kinds(changed)
        with documented_form(CHANGED_TERMS):
            settlements = terms.settlements(changed, kinds)
            undone = {term.id for term in changed if term.is_document} | reading.removed()
        present = {settlement.key for settlement in settlements}
        removed = {key for term in undone for key in terms.settlement_keys(term)} - present
        return SettlementChanges(
            settlements=tuple(settlements),
            removed=tuple(sorted(removed)),
            cursor=reading.cursor(),
        )

    def _explain(self, unexplained):
        """Look for counterparts among the ledger lines of the party: on the day a term ended, which
        is the later one of both, then in the year before it."""
        self._look_at(
            unexplained,
            lambda account, ledger, end: f"(Account eq {wire.guid(account)} and GLAccount eq"
            f" {wire.guid(ledger)} and Date eq {wire.day(end)})",
        )
        self._look_at(
            [term for term in unexplained if term.left],
            lambda account, ledger, end: f"(Account eq {wire.guid(account)} and GLAccount eq"
            f" {wire.guid(ledger)} and Date ge {wire.day(end - YEAR)} and Date lt {wire.day(end)})",
        )

    def _look_at(self, unexplained, condition):
        places = sorted(
            {
                (term.account, term.ledger, term.end)
                for term in unexplained
                if term.end and wire.is_guid(term.account) and wire.is_guid(term.ledger)
            }
        )
        for some in _batches(places, PLACES):
            rows = list(
                self.client.get_list(
                    LEDGER_LINES,
                    select=terms.LEDGER_FIELDS,
                    filter=" or ".join(condition(*place) for place in some),
                )
            )
            with documented_form(LEDGER_LINES):
                sought = [
                    term for term in unexplained if (term.account, term.ledger, term.end) in some
                ]
                terms.explain(sought, rows)

    def _kinds(self, changed):
        """By entry, what general entries among the counterparts are."""
        entries = sorted(terms.entries_to_look_at(changed))
        ledgers = {term.ledger for term in changed}
        kinds = {}
        for some in _batches(entries):
            rows = self.client.get_list(
                LEDGER_LINES,
                select=terms.LEDGER_FIELDS,
                filter=wire.any_of("EntryID", [wire.guid(entry) for entry in some]),
            )
            with documented_form(LEDGER_LINES):
                kinds |= terms.kinds_of_entries(list(rows), ledgers, self.codes)
        return kinds

    def open_items(self) -> list[OpenItem]:
        """One call per 1,000 open terms of each side."""
        items: list[OpenItem] = []
        for side, entity in OPEN_TERMS.items():
            rows = list(
                self.client.get_list(
                    entity,
                    select=terms.OPEN_FIELDS,
                    filter=f"Status lt {const.TERM_MATCHED}",
                )
            )
            with documented_form(entity):
                items += terms.open_items(rows, side)
        return items


def _batches(values, size=BATCH):
    return [values[start : start + size] for start in range(0, len(values), size)]
