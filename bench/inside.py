"""What the benchmarks do inside Odoo; run with ``environment.run_script``."""

from bench import filters, open_items, posting, quota, settlements, waiting
from bench.work import Bench
from tooling.packages import load

TASKS = {
    "connect": posting.connect,
    "calls": posting.calls,
    "sending": posting.sending,
    "posting": posting.posting,
    "settlements": settlements.main,
    "waiting": waiting.main,
    "filters": filters.main,
    "open_items": open_items.main,
    "quota": quota.main,
}


def main(env, arguments):
    """Do the task that ``arguments["task"]`` names; the result fits JSON."""
    bench = Bench(env, load(arguments["package"]), arguments["sandbox"])
    return TASKS[arguments["task"]](bench)
