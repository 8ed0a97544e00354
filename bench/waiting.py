"""Does a long queue make a document dearer, or a worker bigger?"""

import statistics

from bench.filling import copies, fill_queue, set_waiting, tidy
from bench.measure import Spread, allocated

SIZES = (100, 1_000, 10_000)
DOCUMENTS = 40
ROUNDS = 6


def main(bench):
    """Processor time, queries and peak memory for so many documents while more wait behind them.

    The sizes take turns, so that what slows the machine down meets all of them.
    """
    bench.post(bench.draft("invoices", 1))
    bench.run()
    with bench.transaction() as company:
        ids = copies(company)
    found = {size: [] for size in SIZES}
    memory = {}
    for number in range(ROUNDS + 1):
        for size in SIZES:
            _prepare(bench, ids[-size:])
            if not number:  # the first round warms up, and counts memory, which takes time
                with bench.at_most(DOCUMENTS), allocated() as most:
                    bench.run()
                [memory[size]] = most
                continue
            with bench.at_most(DOCUMENTS):
                found[size].append(bench.run().shared_by(DOCUMENTS))
    first = [one.cpu for one in found[SIZES[0]]]
    return {
        size: {
            "beside": Spread.of_ratios([one.cpu for one in found[size]], first).as_json(),
            "queries": statistics.median(one.queries for one in found[size]),
            "memory": memory[size],
        }
        for size in SIZES
    }


def _prepare(bench, ids):
    with bench.transaction() as company:
        set_waiting(company, ids)
    with bench.transaction() as company:
        tidy(company)
    fill_queue(bench, DOCUMENTS)
