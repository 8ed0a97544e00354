"""Reading settlements and open items: which calls, and when."""

import logging
from datetime import timedelta

from odoo.addons.accountable_connect.api.errors import LimitReachedError
from odoo.addons.accountable_connect.documents import OpenItem, SettlementChanges

from .. import const
from . import terms, wire
from .answers import documented_form
from .changes import Changes
from .client import ExactClient
from .codes import Codes
from .mapping import PURCHASES, SALES

_logger = logging.getLogger(__name__)

CHANGED_TERMS = "sync/Cashflow/PaymentTerms"
LEDGER_LINES = "financialtransaction/TransactionLines"
OPEN_TERMS = {SALES: "bulk/Cashflow/Receivables", PURCHASES: "bulk/Cashflow/Payments"}
# So many Guids, and so many conditions on a party, account and day, fit an address.
BATCH = 20
PLACES = 8
# A reading looks up so many times, and at so many lines each time: documents need calls too.
MOST_LOOKS = 20
MOST_LINES = 300
YEAR = timedelta(days=366)


class Settling:
    """Payment terms of a division."""

    def __init__(self, client: ExactClient, codes: Codes):
        self.client = client
        self.codes = codes
        self._changes = Changes(client, "terms", const.DELETED_TERM)

    def since(self, cursor: str) -> SettlementChanges:
        """1 call per 1,000 changed terms; at most hourly one for removed terms and one that shows
        whether the division moved; 1 or 2 per eight settlements that terms alone do not explain, 1
        per twenty general entries.

        When a month is closed hundreds of settled terms may come back without their counterparts.
        Those that a reading cannot look up are neither reported nor undone, and the next reading
        begins with them.

        ``removed`` holds every key a term that is open, or gone, could have had before; the caller
        knows which of them it has."""
        reading = self._changes.begin(cursor)
        rows = reading.rows(CHANGED_TERMS, terms.FIELDS)
        with documented_form(CHANGED_TERMS):
            changed = terms.read(rows)
            terms.pair(changed)
        postponed = self._explain(terms.unexplained(changed))
        if postponed:
            _logger.info("%s settlements are looked up by the next reading", len(postponed))
            reading.stop_before(min(term.order for term in postponed))
        reported = [term for term in changed if term not in postponed]
        kinds = self._kinds(reported)
        with documented_form(CHANGED_TERMS):
            settlements = terms.settlements(reported, kinds)
            undone = {term.id for term in reported if term.is_document} | reading.removed()
            read = {key for term in changed for key in terms.settlement_keys(term.id)}
        present = {settlement.key for settlement in settlements}
        removed = {key for term in undone for key in terms.settlement_keys(term)} - present
        return SettlementChanges(
            settlements=tuple(settlements),
            removed=tuple(sorted(removed)),
            cursor=reading.cursor(),
            all_keys=frozenset(read) if reading.is_whole else None,
            complete=not postponed,
        )

    def _explain(self, unexplained):
        """Look for counterparts among the ledger lines of the party: on the day a term ended, which
        is the later one of both, then in the year before it. Gives the terms that were not looked
        up, because there were too many or a limit was reached."""
        places: dict[tuple, list] = {}
        for term in unexplained:
            if term.end and wire.is_guid(term.account) and wire.is_guid(term.ledger):
                places.setdefault((term.account, term.ledger, term.end), []).append(term)
        calls = 0
        for some in _batches(list(places), PLACES):
            sought = [term for place in some for term in places[place]]
            if calls >= MOST_LOOKS:
                return _of_places(places, some)
            try:
                self._look_at(some, sought, _on_the_day)
                calls += 1
                left = [term for term in sought if term.left]
                if left:
                    rest = [place for place in some if any(one in left for one in places[place])]
                    self._look_at(rest, left, _in_the_year_before)
                    calls += 1
            except LimitReachedError as error:
                _logger.info("Settlements are not looked up: %s", error)
                return _of_places(places, some)
        return []

    def _look_at(self, places, sought, condition):
        rows = list(
            self.client.get_list(
                LEDGER_LINES,
                select=terms.LEDGER_FIELDS,
                filter=" or ".join(condition(*place) for place in places),
                order_by="Date desc",
                top=MOST_LINES,
            )
        )
        with documented_form(LEDGER_LINES):
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


def _on_the_day(account, ledger, end):
    return f"({_of_party(account, ledger)} and Date eq {wire.day(end)})"


def _in_the_year_before(account, ledger, end):
    days = f"Date ge {wire.day(end - YEAR)} and Date lt {wire.day(end)}"
    return f"({_of_party(account, ledger)} and {days})"


def _of_party(account, ledger):
    return f"Account eq {wire.guid(account)} and GLAccount eq {wire.guid(ledger)}"


def _of_places(places, first):
    """The terms of these places and all that follow."""
    names = list(places)
    return [term for name in names[names.index(first[0]) :] for term in places[name]]


def _batches(values, size=BATCH):
    return [values[start : start + size] for start in range(0, len(values), size)]
