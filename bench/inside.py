"""What the benchmarks do inside Odoo; run with ``environment.run_script``."""

from bench import filters, posting, settlements, waiting

TASKS = {
    "connect": posting.connect,
    "calls": posting.calls,
    "sending": posting.sending,
    "posting": posting.posting,
    "settlements": settlements.main,
    "waiting": waiting.main,
    "filters": filters.main,
}


def main(env, arguments):
    """Do the task that ``arguments["task"]`` names; the result fits JSON."""
    return TASKS[arguments["task"]](env, arguments)
