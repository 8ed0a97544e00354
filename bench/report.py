"""The report: the table for a terminal, and RESULTS.md."""

from bench.rows import Row


def as_text(tables: dict[str, list[Row]]) -> str:
    """The tables for a terminal; package → rows."""
    lines = []
    for title, rows in tables.items():
        lines += ["", title, "=" * len(title)]
        subject = ""
        for row in rows:
            if row.subject != subject:
                subject = row.subject
                lines += ["", subject]
            mark = {True: "✓", False: "✗", None: " "}[row.met]
            aim = f"   aim {row.aim}" if row.aim else ""
            lines.append(f"  {mark} {row.measure}: {row.value}{aim}")
    return "\n".join(lines[1:])


def as_markdown(tables: dict[str, list[Row]], about: list[str]) -> str:
    """RESULTS.md; ``about``: sentences on the machine and the run."""
    words = {True: "yes", False: "**no**", None: ""}
    lines = [HEAD, *about, ""]
    for title, rows in tables.items():
        lines += [
            f"## {title}",
            "",
            "| what | measure | value | aim | met |",
            "|---|---|---|---|---|",
        ]
        lines += [
            f"| {row.subject} | {row.measure} | {row.value} | {row.aim} | {words[row.met]} |"
            for row in rows
        ]
        lines.append("")
    return "\n".join(lines) + FOOT


HEAD = """# What it costs

Written by `./run bench`. Figures are ratios of two measurements of one run, or counts, so that the
machine hardly matters; only the filters also tell milliseconds. Processor time is that of Odoo's
process: PostgreSQL and the sandbox are other processes.
"""

FOOT = """
* Documents have three lines at two VAT rates, bills a PDF of 30 KB. Posting is `action_post` in a
  transaction of its own, with a connection that wants the document; no PDF is made and no e-mail
  sent.
* Processor times are the lowest of several turns, because what else the machine does only ever
  adds; of the long queue the median of the turns. Queries are medians.
* The copies that make the database big have no lines; filters look at the documents only.
* Under real limits a worker looks for work every minute; each thousand has a day of its own. Its
  bills are of twenty suppliers on that one day, so that a look-up for several at once brings
  pages of equal ones and saves hardly a call.
* A document that is posted alone and sent at once pays for a whole run: opening it, reading
  the mapping, the first connection with the service. A queue shares that among its documents.
"""
