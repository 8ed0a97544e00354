"""Reading settlements and open items: which calls, and when."""

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
# So many conditions on Guids fit an address.
BATCH = 20


class Settling:
    """Payment terms of a division."""

    def __init__(self, client: ExactClient, codes: Codes):
        self.client = client
        self.codes = codes
        self._changes = Changes(client, "terms", const.DELETED_TERM)

    def since(self, cursor: str) -> SettlementChanges:
        """1 call per 1,000 changed terms; at most hourly one for removed terms and one that tells
        whether the division moved; 1 per twenty settlements that terms alone do not explain.

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
        """Look for the counterpart among the ledger lines of the party on the day it ended."""
        days = sorted({(term.account, term.end) for term in unexplained if term.end})
        for some in _batches(days):
            conditions = [
                f"(Account eq {wire.guid(account)} and Date eq {wire.day(day)})"
                for account, day in some
            ]
            rows = list(
                self.client.get_list(
                    LEDGER_LINES, select=terms.LEDGER_FIELDS, filter=" or ".join(conditions)
                )
            )
            with documented_form(LEDGER_LINES):
                terms.explain(
                    [term for term in unexplained if (term.account, term.end) in some], rows
                )

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


def _batches(values):
    return [values[start : start + BATCH] for start in range(0, len(values), BATCH)]
