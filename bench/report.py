"""The table out of the figures: what was measured, the aim, and whether it is met."""

from dataclasses import dataclass

AIM_OF_POSTING = 25  # per cent of posting one document
AIM_QUERIES = 6
AIM_FLAT = 10  # per cent


@dataclass(frozen=True)
class Row:
    """``aim`` "" and ``met`` None: told for information."""

    subject: str
    measure: str
    value: str
    aim: str = ""
    met: bool | None = None


def rows(figures: dict, aims) -> list[Row]:
    """A row for each figure of the tasks that ran; ``aims`` are the package's
    (:class:`tooling.packages.package.CallAims`)."""
    found = _calls(figures["calls"], aims) if "calls" in figures else []
    for task, make in (
        ("sending", _sending),
        ("posting", _posting),
        ("waiting", _waiting),
        ("filters", _filters),
    ):
        if task in figures:
            found += make(figures[task])
    if "settlements" in figures:
        found += _settlements(figures["settlements"], figures.get("sending"))
    for task, make in (("open_items", _open_items), ("quota", _quota)):
        if figures.get(task):
            found += make(figures[task])
    return found


def _calls(figures, aims):
    subject, count = "API calls after warm-up", figures["documents"]
    bills, invoices = sum(figures["bills"].values()), sum(figures["invoices"].values())
    pdf = sum(figures["pdf"].values())
    parties = sum(
        number
        for kind in ("bills", "invoices")
        for name, number in figures[kind].items()
        if aims.party in name
    )
    names = {"bills": "bill", "invoices": "invoice"}
    with_pdf = sum(figures["invoices with pdf"].values())
    sent, numbers = aims.invoice + aims.pdf_afterwards, aims.numbers
    more = f", and {numbers} a run" if numbers else ""
    result = [
        Row(
            subject,
            f"bill with its file, {count} in one run; {aims.looked_up}",
            f"{bills / count:.3f}",
            f"{aims.bill_with_file}, and {aims.look_ups + numbers} a run",
            bills <= aims.bill_with_file * count + aims.look_ups + numbers,
        ),
        Row(
            subject,
            "invoice with its PDF",
            f"{with_pdf / count:.3f}",
            f"{aims.invoice_with_pdf}{more}",
            with_pdf == aims.invoice_with_pdf * count + numbers,
        ),
        Row(
            subject,
            f"invoice, {count} in one run",
            f"{invoices / count:.3f}",
            f"{aims.invoice}{more}",
            invoices == aims.invoice * count + numbers,
        ),
        Row(
            subject,
            "invoice with its PDF sent afterwards",
            f"{(invoices + pdf) / count:.3f}",
            f"{sent}{more}",
            invoices + pdf == sent * count + numbers,
        ),
        Row(subject, "unchanged party", str(parties), "0", parties == 0),
    ]
    result += [
        Row(
            subject,
            f"one {names[kind]} alone in a run",
            str(sum(figures[f"one of {kind}"].values())),
        )
        for kind in names
    ]
    return [*result, Row(subject, "run with nothing to do", str(sum(figures["nothing"].values())))]


def _sending(figures):
    result = []
    for kind, name in (("invoices", "invoice"), ("bills", "bill with its file")):
        one = figures[kind]
        subject = f"Sending one {name}, beside posting one"
        share = 100 * one["batch_cpu"] / one["post_cpu"]
        queries = 100 * one["batch_queries"] / one["post_queries"]
        aim = f"≤ {AIM_OF_POSTING} %"
        result += [
            Row(
                subject,
                "processor time, in a run of 40",
                f"{share:.0f} %",
                aim,
                share <= AIM_OF_POSTING,
            ),
            Row(
                subject,
                "SQL queries, in a run of 40",
                f"{queries:.0f} % ({one['batch_queries']:.1f} of {one['post_queries']:.0f})",
                aim,
                queries <= AIM_OF_POSTING,
            ),
            Row(
                subject,
                "processor time, alone in a run",
                f"{100 * one['alone_cpu'] / one['post_cpu']:.0f} %",
            ),
            Row(subject, "SQL queries, alone in a run", f"{one['alone_queries']:.0f}"),
            Row(
                subject,
                "a run with nothing to do",
                f"{100 * one['empty_cpu'] / one['post_cpu']:.0f} %,"
                f" {one['empty_queries']:.0f} queries",
            ),
        ]
    return result


def _posting(figures):
    result = []
    for size, one in figures.items():
        subject = "What posting pays for the job"
        result += [
            Row(
                subject,
                f"more queries for a batch of {size}",
                f"{one['queries']:.0f} (of {one['queries_of_posting']:.0f})",
                f"≤ {AIM_QUERIES}",
                one["queries"] <= AIM_QUERIES,
            ),
            Row(subject, f"processor time of a batch of {size}", f"× {one['cpu']:.2f}"),
        ]
    return result


def _waiting(figures):
    subject = "A document of a long queue, beside one with 100 waiting"
    first = next(iter(figures.values()))
    result = []
    for size, one in figures.items():
        if one is first:
            continue
        more = one["more"]
        result += [
            Row(
                subject,
                f"processor time with {int(size):,} waiting",
                f"{more:+.0f} %",
                f"within {AIM_FLAT} %",
                more <= AIM_FLAT,
            ),
            Row(
                subject,
                f"SQL queries with {int(size):,} waiting",
                f"{one['queries'] - first['queries']:+.1f}",
                "+0",
                one["queries"] - first["queries"] < 1,
            ),
        ]
    for size, one in figures.items():
        result.append(
            Row(
                "Memory a run of 40 needs at its peak",
                f"{int(size):,} waiting",
                f"{one['memory'] / 2**20:.1f} MB",
            )
        )
    return result


def _filters(figures):
    subject = f"Filters on {figures['moves']:,} documents, beside a search without"
    plain = figures["plain"]
    return [
        Row(
            subject,
            f"{name} ({one['found']:,} found)",
            f"page {one['page']:.0f} ms (× {one['page'] / plain['page']:.0f}),"
            f" count {one['count']:.0f} ms (× {one['count'] / plain['count']:.0f})",
        )
        for name, one in figures.items()
        if name != "moves"
    ]


def _settlements(figures, sending):
    subject = f"Payments back, {figures['items']:,} open items"
    names = {
        "changed_reading": f"{figures['changed']} changed",
        "changed_and_comparison": f"{figures['changed']} changed, and the daily comparison",
        "comparison": "the daily comparison alone",
        "nothing": "nothing changed",
    }
    result = []
    for key, name in names.items():
        one = figures[key]
        text = f"{sum(one['calls'].values())} calls, {one['queries']:,} queries"
        if sending:
            posts = one["cpu"] / sending["invoices"]["post_cpu"]
            text += f", processor time of posting {posts:.1f} invoices"
        result.append(Row(subject, name, text))
    return result


def _open_items(figures):
    subject = f"Payments back, {figures['items']:,} open items of earlier books"
    calls = {name: sum(figures[name]["calls"].values()) for name in ("first", "paid", "nothing")}
    return [
        Row(subject, "the first reading", f"{calls['first']} calls"),
        Row(subject, "one payment", f"{calls['paid']} calls", "1", calls["paid"] == 1),
        Row(subject, "nothing changed", f"{calls['nothing']} calls"),
    ]


def _quota(figures):
    subject = "Real limits, by simulation with a virtual clock"
    names = {"invoices": "invoices", "bills": "bills with their file"}
    result = []
    for kind, one in figures.items():
        name = f"{one['documents']:,} {names[kind]}"
        result += [
            Row(
                subject,
                f"time to work off {name}",
                f"{one['minutes']:.0f} min, {one['calls']:,} calls",
            ),
            Row(
                subject,
                f"calls refused meanwhile, {name}",
                str(one["refused"]),
                "0",
                one["refused"] == 0,
            ),
        ]
    return result


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


def as_markdown(tables: dict[str, list[Row]]) -> str:
    """RESULTS.md: no dates and no machine, so that it changes when the code did."""
    words = {True: "yes", False: "**no**", None: ""}
    lines = [HEAD]
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
