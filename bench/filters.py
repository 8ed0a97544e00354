"""The filters on the list of invoices, in a big database: time beside a search without them."""

import statistics
import time

from bench.filling import WAITING, copies, set_failed, set_waiting, tidy

ROUNDS = 7
PAGE = 80
STATES = ("to_export", "error", "exported", "excluded", "not_exported")


def main(bench):
    """Milliseconds of a page of 80 and of the count, without and with each filter."""
    with bench.transaction() as company:
        set_waiting(company, copies(company)[-WAITING:])
        set_failed(company)
    with bench.transaction() as company:
        tidy(company)
    with bench.transaction() as company:
        moves = company.env["account.move"]
        plain = [("move_type", "=", "out_invoice")]
        searches = {"plain": plain}
        for state in STATES:
            searches[state] = [*plain, ("accountable_state", "=", state)]
        searches["number"] = [*plain, ("accountable_number", "ilike", "2026/4")]
        return {
            "moves": moves.search_count([]),
            **{name: _time(moves, domain) for name, domain in searches.items()},
        }


def _time(moves, domain):
    page, count = [], []
    for _round in range(ROUNDS):
        begun = time.perf_counter()
        moves.search(domain, limit=PAGE)
        between = time.perf_counter()
        found = moves.search_count(domain)
        page.append(between - begun)
        count.append(time.perf_counter() - between)
    return {
        "page": 1000 * statistics.median(page),
        "count": 1000 * statistics.median(count),
        "found": found,
    }
