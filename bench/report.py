"""The report: the table for a terminal, and RESULTS.md."""

from bench.row import Row


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

Written by `./run bench`. Figures are ratios of what was measured in one run, or counts, so that the
machine hardly matters; seconds, milliseconds and documents a second are those of this machine:
"""

FOOT = """
## How to read it

* `20.3 % ± 0.4 (19.6 … 21.2)`: everything that is compared takes its turn in each of several
  rounds, and each round gives a ratio. The first figure is the median of the rounds; it alone has
  to meet the aim. Between the last two lies the middle half of the rounds. `±` is by how much the
  median itself may be off: that distance over the square root of the number of rounds, which is
  about its standard error. A figure of another run that is further away than two of these comes
  from the code; one that is not says nothing.
* Processor time is that of Odoo's process. Where documents are compared beside what is stored
  (ledger accounts, contacts, settlements), that of PostgreSQL is in it too. That of the sandbox
  never is. Queries are medians. Rubbish of Python is collected before each measurement, so that
  what is collected in it is its own.

## What is measured

* Documents have three lines at two VAT rates, bills a PDF of 30 KB. Posting is `action_post` in a
  transaction of its own, with a connection that wants the document; no PDF is made and no e-mail
  sent.
* A document that is posted alone and sent at once pays for a whole run: opening it, reading
  the mapping, the first connection with the service. A queue shares that among its documents.
* The copies that make the database big have no lines; filters look at the documents only.
* Proposals: accounts of Odoo's Belgian chart with their names in four languages; no ledger account
  has the code of one, and their names are those of the chart with another word, so that names have
  to be compared.
* Labelled pairs: accounts and taxes of Odoo's templates and of users, and what an accountant says
  of each in the chart of an office (`bench/labelled/README.md`). Numbers alone: names are left out;
  names alone: numbers are. A proposal that is right is one of the codes an accountant would accept.
* Under real limits a worker looks for work every minute; each thousand has a day of its own. Its
  bills are of twenty suppliers on that one day, so that a look-up for several at once brings
  pages of equal ones and saves hardly a call.
* The real Odoo is a server of its own as `./run demo` starts it, with two workers and two cron
  threads, beside the sandbox and PostgreSQL on the same machine. What is sent are copies of posted
  invoices with their lines. The package's limits of a day are lifted. Memory is what each process
  holds (RSS), shared libraries included.
"""
