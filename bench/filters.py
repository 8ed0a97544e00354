"""The filters on the list of invoices, in a big database: time beside a search without them."""

import time

from bench.filling import WAITING, copies, set_failed, set_waiting, tidy
from bench.measure import Spread

ROUNDS = 15
PAGE = 80
# The web client asks for no more than one document above the 10,000 that a list can show.
COUNT = 10_001
STATES = ("to_export", "error", "exported", "excluded", "not_exported")
PLAIN = "plain"


def main(bench):
    """Milliseconds of a page of 80 and of the count, without and with each filter in turn; and each
    beside the search without, in the same round."""
    with bench.transaction() as company:
        set_waiting(company, copies(company)[-WAITING:])
        set_failed(company)
    with bench.transaction() as company:
        tidy(company)
    with bench.transaction() as company:
        moves = company.env["account.move"]
        # what Odoo's own rules add for a person of this company
        of_company = [("company_id", "in", company.company.ids)]
        plain = [*of_company, ("move_type", "=", "out_invoice")]
        domains = {PLAIN: plain}
        for state in STATES:
            domains[state] = [*plain, ("accountable_state", "=", state)]
        domains["number"] = [*plain, ("accountable_number", "ilike", "2026/4")]
        found = {name: moves.search_count(domain) for name, domain in domains.items()}
        rounds = [
            {name: _time(moves, domain) for name, domain in domains.items()}
            for _round in range(ROUNDS)
        ]
        count = moves.search_count(of_company)
    return {
        "moves": count,
        "searches": {name: {"found": found[name], **_spreads(rounds, name)} for name in domains},
    }


def _spreads(rounds, name):
    """Of the page and of the count: milliseconds, and beside those of the search without."""
    result = {}
    for number, what in enumerate(("page", "count")):
        times = [one[name][number] for one in rounds]
        plain = [one[PLAIN][number] for one in rounds]
        result[what] = Spread.of(1000 * one for one in times).as_json()
        result[f"{what}_beside"] = Spread.of_ratios(times, plain).as_json()
    return result


def _time(moves, domain):
    """Seconds of a page, and of the count, as the web client asks for them."""
    begun = time.perf_counter()
    moves.search(domain, limit=PAGE)
    between = time.perf_counter()
    moves.search_count(domain, limit=COUNT)
    return between - begun, time.perf_counter() - between
