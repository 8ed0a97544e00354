"""``./run bench``: measure, print a table, write RESULTS.md. Called by the tooling."""

from pathlib import Path

from bench import report
from tooling import console
from tooling.packages import NAMES, load

RESULTS = Path(__file__).with_name("RESULTS.md")
SCRIPT = Path(__file__).with_name("inside.py")
# In this order: each begins with what the one before left, and the copies that make the queue long
# cannot be sent.
TASKS = (
    "connect",
    "calls",
    "sending",
    "posting",
    "settlements",
    "open_items",
    "quota",
    "waiting",
    "filters",
)


def main(arguments, environment) -> int:
    """Run the tasks that ``arguments`` name, all without, for each package; returns 0 when every
    aim is met."""
    chosen = [task for task in TASKS if task in arguments or not arguments or task == "connect"]
    tables = {}
    for name, sandbox in environment.sandboxes.items():
        package, figures = load(name), {}
        for task in chosen:
            console.say(f"… {package.title}: {task}")
            figures[task] = environment.run_script(
                SCRIPT, {"task": task, "package": name, "sandbox": sandbox}
            )
        tables[package.title] = report.rows(figures, package.aims)
    console.say()
    console.say(report.as_text(tables))
    if not arguments and set(environment.sandboxes) == set(NAMES):
        RESULTS.write_text(report.as_markdown(tables))
        console.say(f"\nWritten to bench/{RESULTS.name}")
    return 0 if all(row.met is not False for rows in tables.values() for row in rows) else 1
