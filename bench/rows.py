"""Rows out of the figures: what was measured, the aim, and whether it is met."""

from bench.measure import Spread
from bench.row import Row, in_words, more_row, share_row, times

AIM_OF_POSTING = 20  # per cent of posting one document, for sending it in a run of many
AIM_ALONE = 70  # per cent of posting one document, for sending it in a run of its own
AIM_QUERIES = 6
AIM_FLAT = 10  # per cent
AIM_OF_FILTER = 40  # milliseconds, for a page and for the count
SCREENS = {
    "journals": "step Journals",
    "vat_codes": "step VAT codes",
    "ledger_accounts": "step Ledger accounts",
    "summary": "step Summary",
    "list": "list of mappings",
    "picker": "choosing a ledger account",
}
FILTERS_WITH_AIM = ("to_export", "not_exported")
AIM_OF_PROPOSALS = 1  # second
AIM_OF_DECIDED = 3  # seconds
AIM_OF_SCREENS = 2  # times what Odoo's own chart of accounts takes
AIM_OF_HAND_OVER = 25  # per cent more, for the last tenth of the documents
AIM_OF_MEMORY = 20  # per cent of the bytes handed over
AIM_OF_MAIL = 500  # the same, of one file that goes by e-mail
AIM_OF_WRITING = 100  # per cent of a minute, for ten thousand entries
AIM_OF_NEW_PARTY = 2  # times what it costs beside few contacts
LINEAR = 0.25  # so much more than its share is taken for noise


def rows(figures: dict, aims) -> list[Row]:
    """A row for each figure of the tasks that ran; ``aims`` are the package's
    (:class:`tooling.packages.package.Aims`)."""
    found = _calls(figures["calls"], aims) if "calls" in figures else []
    for task, make in ROWS.items():
        # nothing: the task means nothing to this package
        if figures.get(task):
            found += make(figures[task])
    if "settlements" in figures:
        found += _settlements(figures["settlements"], figures.get("sending"))
    if "throughput" in figures:
        found += _throughput(figures["throughput"], aims.throughput)
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
        queries = 100 * one["batch"]["queries"] / one["post"]["queries"]
        result += [
            share_row(
                subject, "processor time, in a run of 40", one["batch"]["share"], AIM_OF_POSTING
            ),
            Row(
                subject,
                "SQL queries, in a run of 40",
                f"{queries:.0f} % ({one['batch']['queries']:.1f} of {one['post']['queries']:.0f})",
                f"≤ {AIM_OF_POSTING} %",
                queries <= AIM_OF_POSTING,
            ),
            share_row(subject, "processor time, alone in a run", one["alone"]["share"], AIM_ALONE),
            Row(subject, "SQL queries, alone in a run", f"{one['alone']['queries']:.0f}"),
            share_row(subject, "processor time of a run with nothing to do", one["empty"]["share"]),
            Row(
                subject, "SQL queries of a run with nothing to do", f"{one['empty']['queries']:.0f}"
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
            Row(subject, f"processor time of a batch of {size}", times(one["cpu"])),
        ]
    return result


def _waiting(figures):
    subject = "A document of a long queue, beside one with 100 waiting"
    first = next(iter(figures.values()))
    result = []
    for size, one in figures.items():
        if one is first:
            continue
        result += [
            more_row(
                subject, f"processor time with {int(size):,} waiting", one["beside"], AIM_FLAT
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
    result = []
    for name, one in figures["searches"].items():
        for what in ("page", "count"):
            time = Spread(**one[what])
            beside = Spread(**one[f"{what}_beside"])
            has_aim = name in FILTERS_WITH_AIM
            result.append(
                Row(
                    subject,
                    f"{name} ({one['found']:,} found), {what}",
                    f"{in_words(time, 1, ' ms')}, × {beside.median:.0f}",
                    f"≤ {AIM_OF_FILTER} ms" if has_aim else "",
                    time.median <= AIM_OF_FILTER if has_aim else None,
                )
            )
    return result


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
            posts = one["cpu"] / sending["invoices"]["post_cpu"]["median"]
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


def _throughput(figures, aim_of_known):
    subject = "A real Odoo with two workers and two cron threads"
    result = []
    names = {"known": "known contacts", "new": "a new contact each"}
    for kind, aim in (("known", aim_of_known), ("new", None)):
        one = figures[kind]
        rate = Spread(**one["rate"])
        result += [
            Row(
                subject,
                f"{one['documents']:,} invoices, {names[kind]}",
                in_words(rate, 1, " documents/s"),
                f"≥ {aim}" if aim else "",
                rate.median >= aim if aim else None,
            ),
            Row(
                subject,
                f"processor time for one of them, {names[kind]}",
                f"{in_words(Spread(**one['cron_cpu']).scaled(1000), 1, ' ms')} of the crons, "
                f"{in_words(Spread(**one['postgres_cpu']).scaled(1000), 1, ' ms')} of PostgreSQL",
            ),
        ]
    return result + _memory(subject, figures["known"]["memory"])


def _memory(subject, memory):
    (_size, begin), (size, end) = memory.items()
    result = []
    for who, name in (("crons", "cron workers"), ("workers", "workers")):
        more = 100 * (sum(end[who]) / sum(begin[who]) - 1)
        result.append(
            Row(
                subject,
                f"memory of the {name} after {int(size):,} documents, beside {int(_size):,}",
                f"{more:+.0f} % ({_megabytes(begin[who])}, then {_megabytes(end[who])})",
                f"within {AIM_FLAT} %",
                more <= AIM_FLAT,
            )
        )
    return result


def _megabytes(sizes):
    return " + ".join(f"{size / 2**20:.0f}" for size in sizes) + " MB"


def _ledger_accounts(figures):
    small, large = figures["sizes"]
    subject = f"A document of {figures['documents']} beside {large:,} ledger accounts"
    return [
        more_row(
            subject,
            f"processor time, beside {small:,} ledger accounts",
            figures["beside"],
            AIM_FLAT,
        ),
        Row(
            subject,
            f"SQL queries of the run, beside {small:,} ledger accounts",
            f"{figures['queries']:+.0f}",
            "+0",
            figures["queries"] <= 0,
        ),
    ]


def _proposals(figures):
    subject = (
        f"Proposals for {figures['accounts']:,} accounts among"
        f" {figures['ledger_accounts']:,} ledger accounts"
    )
    seconds = Spread(**figures["seconds"])
    return [
        Row(
            subject,
            "time of the button",
            in_words(seconds, 2, " s"),
            f"≤ {AIM_OF_PROPOSALS} s",
            seconds.median <= AIM_OF_PROPOSALS,
        ),
        Row(
            subject,
            "processor time, beside rapidfuzz alone comparing as many names",
            f"{times(figures['beside'])}, {figures['queries']:.0f} queries",
        ),
    ]


def _steps(figures):
    subject = f"Screens with {figures['mappings']:,} mappings"
    result = []
    for name, found in figures["screens"].items():
        spread = Spread(**found["beside"])
        measure = f"{SCREENS[name]}, beside Odoo's chart of accounts"
        value, aim = in_words(spread, 2, " times"), f"≤ {AIM_OF_SCREENS} times"
        # the summary counts the documents of the database, not mappings
        held = name != "summary"
        met = spread.median <= AIM_OF_SCREENS if held else None
        result.append(Row(subject, measure, value, aim if held else "", met))
    return result


def _proposals_quality(figures):
    return [Row(**row) for row in figures]


def _decided_contacts(figures):
    subject = "Update records, with contacts that were decided"
    counts = [int(count) for count in figures]
    few, many = (Spread(**one["both"]) for one in figures.values())
    seconds = [Spread(**one["seconds"]) for one in figures.values()]
    share, growth = counts[1] / counts[0], many.median / few.median
    result = [
        Row(
            subject,
            f"{count:,} of them",
            in_words(spread, 2, " s"),
            f"≤ {AIM_OF_DECIDED} s" if count == counts[1] else "",
            spread.median <= AIM_OF_DECIDED if count == counts[1] else None,
        )
        for count, spread in zip(counts, seconds, strict=True)
    ]
    return [
        *result,
        Row(
            subject,
            f"processor time of {counts[1]:,}, beside {counts[0]:,}",
            f"× {growth:.1f}",
            f"≤ {share:.1f} and {100 * LINEAR:.0f} %",
            growth <= share * (1 + LINEAR),
        ),
    ]


def _new_party(figures):
    few, many = figures["contacts"]
    subject = f"A new party of the administration, {many:,} contacts in Odoo"
    beside = Spread(**figures["beside_few"])
    return [
        Row(
            subject,
            f"processor time, beside {few:,} contacts",
            times(figures["beside_few"]),
            f"≤ {AIM_OF_NEW_PARTY}",
            beside.median <= AIM_OF_NEW_PARTY,
        ),
        Row(
            subject,
            "processor time, beside a known party that changed",
            f"{times(figures['beside_known'])}, {figures['queries']:.0f} queries",
        ),
    ]


def _stored_settlements(figures):
    few, many = figures["stored"]
    subject = f"{figures['paid']} payments back, {many:,} settlements stored"
    return [
        more_row(subject, f"processor time, beside {few:,}", figures["beside"], AIM_FLAT),
        Row(
            subject,
            f"SQL queries, beside {few:,}",
            f"{figures['queries']:+.0f}",
            "+0",
            figures["queries"] <= 0,
        ),
    ]


def _hand_over(figures):
    subject = f"Handing over {figures['documents']:,} documents"
    ways = {"entering": "a document enters the batch", "folder": "folder", "zip": "ZIP"}
    result = [
        more_row(
            subject,
            f"{ways[way]}: processor time of the last tenth",
            figures[way],
            AIM_OF_HAND_OVER,
        )
        for way in ways
    ]
    for way in ("folder", "zip"):
        share = Spread.of([figures[f"{way}_memory"]]).as_json()
        measure = f"{ways[way]}: memory at once, beside the bytes handed over"
        result.append(share_row(subject, measure, share, AIM_OF_MEMORY))
    return [*result, *_channels(figures["channels"])]


def _channels(figures):
    """Each document by itself; a mail is put together in memory, twice as long as its file is."""
    aims = {"mail": ("e-mail", AIM_OF_MAIL), "sftp": ("SFTP", AIM_OF_MEMORY)}
    result = []
    for way, (name, aim) in aims.items():
        subject = f"Handing over {figures['many']} documents by {name}"
        measure = f"processor time of each, beside {figures['few']}"
        result += [
            more_row(subject, measure, figures[way]["each"], AIM_OF_HAND_OVER),
            share_row(
                subject, "memory at once, beside a file of 7 MB", figures[way]["memory"], aim
            ),
        ]
    return result


def _entries(figures):
    subject = f"Closing a batch of {figures['documents']:,} entries"
    return [
        more_row(
            subject,
            "processor time of each, beside a batch with a tenth of them",
            figures["flat"],
            AIM_OF_HAND_OVER,
        ),
        share_row(
            subject,
            "processor time on top of reading them, of a minute",
            figures["on_top"],
            AIM_OF_WRITING,
        ),
        share_row(
            subject,
            "memory at once, beside the bytes of the files",
            figures["memory"],
            AIM_OF_MEMORY,
        ),
    ]


# Task → what makes its rows, in the order of the table.
ROWS = {
    "sending": _sending,
    "posting": _posting,
    "waiting": _waiting,
    "ledger_accounts": _ledger_accounts,
    "filters": _filters,
    "proposals": _proposals,
    "steps": _steps,
    "proposals_quality": _proposals_quality,
    "decided_contacts": _decided_contacts,
    "hand_over": _hand_over,
    "entries": _entries,
    "new_party": _new_party,
    "stored_settlements": _stored_settlements,
    "open_items": _open_items,
    "quota": _quota,
}
