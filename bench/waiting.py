"""Does a long queue make a document dearer, or a worker bigger?"""

import statistics

from bench.company import BenchCompany
from bench.filling import copies, set_waiting, tidy
from bench.measure import allocated, measured, transaction, typical
from bench.work import at_most, draft, post, run

SIZES = (100, 1_000, 10_000)
DOCUMENTS = 40
ROUNDS = 6


def main(env, _arguments):
    """Processor time, queries and peak memory for so many documents while more wait behind them.

    The sizes take turns, so that what slows the machine down meets all of them; ``more`` is the
    median of the turns, in per cent of the first size.
    """
    post(env, draft(env, "invoices", 1))
    run(env)
    with transaction(env) as own:
        ids = copies(own, BenchCompany(own))
    found = {size: [] for size in SIZES}
    memory = {}
    for number in range(ROUNDS + 1):
        for size in SIZES:
            _prepare(env, ids[-size:])
            if not number:  # the first round warms up, and counts memory, which takes time
                with at_most(env, DOCUMENTS), allocated() as most:
                    run(env)
                [memory[size]] = most
                continue
            with at_most(env, DOCUMENTS), measured() as figures:
                run(env)
            found[size].append(figures.shared_by(DOCUMENTS))
    result = {}
    for size in SIZES:
        beside = [one.cpu / first.cpu for one, first in
                  zip(found[size], found[SIZES[0]], strict=True)]
        result[size] = {"more": 100 * (statistics.median(beside) - 1),
                        "queries": typical(found[size]).queries,
                        "memory": memory[size]}
    return result


def _prepare(env, ids):
    with transaction(env) as own:
        set_waiting(own, BenchCompany(own), ids)
    with transaction(env) as own:
        tidy(own)
    post(env, draft(env, "invoices", DOCUMENTS))
