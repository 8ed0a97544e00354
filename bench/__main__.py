"""``./run bench``: measure, print a table, write RESULTS.md. Called by the tooling."""

import time
from dataclasses import replace
from pathlib import Path

from bench import machine, report, rows, throughput
from tooling import addons, console
from tooling.console import SetUpError
from tooling.databases import Databases
from tooling.packages import SERVICES, load

RESULTS = Path(__file__).with_name("RESULTS.md")
SCRIPT = Path(__file__).with_name("inside.py")
# In this order: each begins with what the one before left, and the copies that make the queue long
# cannot be sent. The last one takes the books of the sandbox for itself.
INSIDE = (
    "connect",
    "calls",
    "sending",
    "posting",
    "ledger_accounts",
    "new_party",
    "settlements",
    "stored_settlements",
    "open_items",
    "quota",
    "proposals",
    "steps",
    "proposals_quality",
    "decided_contacts",
    "hand_over",
    "entries",
    "waiting",
    "filters",
)
OUTSIDE = {"throughput": throughput.main}
# What does not depend on a package is measured with the first one.
ONCE = {
    "proposals",
    "proposals_quality",
    "steps",
    "decided_contacts",
    "new_party",
    "hand_over",
    "entries",
}
TASKS = (*INSIDE, *OUTSIDE)


def main(arguments, environment) -> int:
    """Run the tasks that ``arguments`` name, all without, for each package; returns 0 when every
    aim is met and no task failed."""
    chosen = chosen_tasks(arguments)
    begun, tables, failed = machine.load(), {}, []
    for name, sandbox in environment.sandboxes.items():
        package = load(name)
        left_out = set(ONCE) if tables else set()
        if package.aims.throughput is None:
            left_out.add("throughput")
        tasks = [task for task in chosen if task not in left_out]
        figures, not_measured = measure_all(environment, package, sandbox, tasks)
        tables[package.title] = rows.rows(figures, package.aims)
        failed += not_measured
    about = [machine.described(environment.odoo), machine.loaded(begun, machine.load())]
    console.say("\n".join(["", *about, report.as_text(tables)]))
    if failed:
        console.say(f"\n✗ Not measured: {', '.join(failed)}")
    elif not arguments and set(environment.sandboxes) == set(SERVICES):
        RESULTS.write_text(report.as_markdown(tables, about))
        console.say(f"\nWritten to bench/{RESULTS.name}")
    met = all(row.met is not False for table in tables.values() for row in table)
    return 0 if met and not failed else 1


def chosen_tasks(arguments) -> list[str]:
    """The tasks, in order; what is measured inside Odoo needs a company that is connected."""
    if unknown := set(arguments) - set(TASKS):
        raise SetUpError(
            f"No such task: {', '.join(sorted(unknown))}. There are: {', '.join(TASKS)}"
        )
    wanted = set(arguments) or set(TASKS)
    if wanted & set(INSIDE):
        wanted.add("connect")
    return [task for task in TASKS if task in wanted]


def measure_all(environment, package, sandbox, tasks) -> tuple[dict, list[str]]:
    """Figures by task, and the names of the tasks that failed."""
    # one for each package, so that none of them measures what is in it of another
    environment = replace(environment, database=f"bench_{package.name}")
    Databases(environment.odoo).ensure(environment.database, addons.discover(), anew=True)
    figures, failed = {}, []
    for task in tasks:
        try:
            figures[task] = _measure(environment, package, sandbox, task)
        except Exception as error:  # whatever it is, the figures of the others count all the same
            console.say(f"✗ {package.title}, {task}: {type(error).__name__}: {error}")
            failed.append(f"{package.title}: {task}")
            if task == "connect":
                break
    return figures, failed


def _measure(environment, package, sandbox, task):
    """The figures of one task; says how long it took."""
    begun = time.monotonic()
    if task in OUTSIDE:
        figures = OUTSIDE[task](environment, package, sandbox)
    else:
        given = {"task": task, "package": package.name, "sandbox": sandbox}
        figures = environment.run_script(SCRIPT, given)
    console.say(f"✓ {package.title}, {task}: {time.monotonic() - begun:.0f} s")
    return figures
