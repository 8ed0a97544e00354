"""``./run bench``: measure, print a table, write RESULTS.md. Called by the tooling."""

import time
from dataclasses import replace
from pathlib import Path

from bench import machine, report, rows, throughput
from tooling import addons, console
from tooling.console import SetUpError
from tooling.databases import Databases
from tooling.packages import NAMES, load

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
    "decided_contacts",
    "waiting",
    "filters",
)
OUTSIDE = {"throughput": throughput.main}
TASKS = (*INSIDE, *OUTSIDE)


def main(arguments, environment) -> int:
    """Run the tasks that ``arguments`` name, all without, for each package; returns 0 when every
    aim is met and no task failed."""
    if unknown := set(arguments) - set(TASKS):
        raise SetUpError(
            f"No such task: {', '.join(sorted(unknown))}. There are: {', '.join(TASKS)}"
        )
    chosen = [task for task in TASKS if task in arguments or not arguments]
    if set(chosen) & set(INSIDE):
        chosen = ["connect", *(task for task in chosen if task != "connect")]
    begun, tables, failed = machine.load(), {}, []
    databases = Databases(environment.odoo)
    for name, sandbox in environment.sandboxes.items():
        package, figures = load(name), {}
        # one for each package, so that none of them measures what is in it of another
        environment = replace(environment, database=f"bench_{name}")
        databases.ensure(environment.database, addons.discover(), anew=True)
        for task in chosen:
            try:
                figures[task] = _measure(environment, package, sandbox, task)
            except (SetUpError, RuntimeError, OSError) as error:
                # the figures of the others count all the same
                console.say(f"✗ {package.title}, {task}: {error}")
                failed.append(f"{package.title}: {task}")
                if task == "connect":
                    break
        tables[package.title] = rows.rows(figures, package.aims)
    about = [machine.described(environment.odoo), machine.loaded(begun, machine.load())]
    console.say("\n".join(["", *about, report.as_text(tables)]))
    if failed:
        console.say(f"\n✗ Not measured: {', '.join(failed)}")
    elif not arguments and set(environment.sandboxes) == set(NAMES):
        RESULTS.write_text(report.as_markdown(tables, about))
        console.say(f"\nWritten to bench/{RESULTS.name}")
    met = all(row.met is not False for table in tables.values() for row in table)
    return 0 if met and not failed else 1


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
