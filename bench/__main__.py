"""``./run bench``: measure, print a table, write RESULTS.md. Called by the tooling."""

from pathlib import Path

from bench import report
from tooling import console

RESULTS = Path(__file__).with_name("RESULTS.md")
SCRIPT = Path(__file__).with_name("inside.py")
# In this order: each begins with what the one before left.
TASKS = ("connect", "calls", "sending", "posting", "settlements", "waiting", "filters")


def main(arguments, environment) -> int:
    """Run the tasks that ``arguments`` name, all without; returns 0 when every aim is met."""
    chosen = [task for task in TASKS if task in arguments or not arguments or task == "connect"]
    figures = {}
    for task in chosen:
        console.say(f"… {task}")
        figures[task] = environment.run_script(
            SCRIPT, {"task": task, "package": environment.package,
                     "sandbox": environment.sandbox_url})
    rows = report.rows(figures)
    console.say()
    console.say(report.as_text(rows))
    if not arguments:
        RESULTS.write_text(report.as_markdown(rows))
        console.say(f"\nWritten to bench/{RESULTS.name}")
    return 0 if all(row.met is not False for row in rows) else 1
