"""What the benchmarks do inside Odoo; run with ``environment.run_script``."""

from bench import (
    contacts,
    entries,
    filling,
    filters,
    hand_over,
    mapping,
    open_items,
    posting,
    proposals_quality,
    quota,
    settlements,
    steps,
    waiting,
)
from bench.work import Bench
from tooling.packages import load

TASKS = {
    "connect": posting.connect,
    "calls": posting.calls,
    "sending": posting.sending,
    "posting": posting.posting,
    "ledger_accounts": mapping.ledger_accounts,
    "new_party": contacts.new_party,
    "settlements": settlements.main,
    "stored_settlements": settlements.stored,
    "waiting": waiting.main,
    "filters": filters.main,
    "open_items": open_items.main,
    "quota": quota.main,
    "proposals": mapping.proposals,
    "steps": steps.main,
    "proposals_quality": proposals_quality.inside,
    "decided_contacts": contacts.decided,
    "hand_over": hand_over.main,
    "entries": entries.main,
}
# What tasks that work from outside want to have done inside.
STEPS = {"fill": filling.fill_queue, "lift": filling.lift_own_limits}


def main(env, arguments):
    """Do the task that ``arguments["task"]`` names, with its ``values``; the result fits JSON."""
    bench = Bench(env, load(arguments["package"]), arguments["sandbox"])
    task = {**TASKS, **STEPS}[arguments["task"]]
    return task(bench, **arguments.get("values", {}))
