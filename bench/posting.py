"""What posting costs, with and without a connection; what sending costs beside it; calls."""

import statistics

from bench.filling import fill_queue
from bench.measure import Spread, middle

KINDS = ("invoices", "bills")
SENT = 40
# Of each round: so many of them are posted one by one, and so many go alone.
SINGLES = 8
ALONE = 3
ROUNDS = 12
# Size of a batch → rounds.
BATCHES = {1: 20, 10: 10, 100: 5}


def connect(bench):
    """The company, connected; nothing is in the queue."""
    bench.package.lift_limits(bench.control)
    sign_in = bench.package.sign_in(bench.root)
    with bench.transaction() as company:
        company.set_up.make(sign_in)
    with bench.transaction() as company:
        bench.package.let_in(company.connection.sign_in_id, bench.root)
    with bench.transaction() as company:
        connection = company.set_up.connect(sign_in)
        # the connection is in use since the year began: no document is older than it
        company.env.flush_all()
        company.env.cr.execute(
            "UPDATE accountable_connection SET create_date = '2026-01-01' WHERE id = %s",
            (connection.id,),
        )
    bench.post(bench.draft("invoices", 5))
    bench.post(bench.draft("bills", 5))
    bench.run()
    bench.refuse_left()
    return {}


def calls(bench):
    """Calls of a run: bills with their file, invoices, the same parties, PDF afterwards."""
    # every party is known from here on
    for kind in KINDS:
        bench.post(bench.draft(kind, SENT))
        bench.run()
    result = {"documents": SENT}
    for kind in KINDS:
        ids = bench.draft(kind, SENT)
        bench.post(ids)
        with bench.control.counted() as made:
            bench.run()
        result[kind] = made
    sent_at_once = bench.draft("invoices", SENT)
    bench.post(sent_at_once)
    with bench.transaction() as company:
        company.add_legal_pdf(company.env["account.move"].browse(sent_at_once))
    with bench.control.counted() as made:
        bench.run()
    result["invoices with pdf"] = made
    with bench.transaction() as company:
        company.add_legal_pdf(company.env["account.move"].browse(ids))
    with bench.control.counted() as made:
        bench.run()
    result["pdf"] = made
    for kind in KINDS:
        bench.post(bench.draft(kind, 1))
        with bench.control.counted() as made:
            bench.run()
        result[f"one of {kind}"] = made
    with bench.control.counted() as made:
        bench.run()
    result["nothing"] = made
    bench.refuse_left()
    return result


def sending(bench):
    """Posting one document, and sending it: in a batch, and alone. Without file and with. Each
    round does all of it in turn."""
    result = {}
    for kind in KINDS:
        bench.post(bench.draft(kind, SENT))
        bench.run()
        _round_of_sending(bench, kind)  # warms up
        rounds = [_round_of_sending(bench, kind) for _round in range(ROUNDS)]
        posts = [one["post"].cpu for one in rounds]
        result[kind] = {"post_cpu": Spread.of(posts).as_json()}
        for what in ("post", "batch", "alone", "empty"):
            result[kind][what] = {
                "share": Spread.of_ratios([one[what].cpu for one in rounds], posts).as_json(),
                "queries": statistics.median(one[what].queries for one in rounds),
            }
    bench.refuse_left()
    return result


def _round_of_sending(bench, kind):
    """What each costs once: posting a document, sending one of a batch, one alone, and a run with
    nothing to do."""
    post = middle([bench.post([id_]) for id_ in bench.draft(kind, SINGLES)])
    if kind == "invoices":
        fill_queue(bench, SENT - SINGLES)
    else:
        bench.post(bench.draft(kind, SENT - SINGLES))
    batch = bench.run().shared_by(SENT)
    alone, empty = [], []
    for id_ in bench.draft(kind, ALONE):
        bench.post([id_])
        alone.append(bench.run())
        empty.append(bench.run())
    return {"post": post, "batch": batch, "alone": middle(alone), "empty": middle(empty)}


def posting(bench):
    """Posting batches with and without a connection, in turn."""
    result = {}
    for size, rounds in BATCHES.items():
        found = {True: [], False: []}
        for number in range(-1, rounds):
            # first without and first with it in turn, so that neither profits from what was done
            for connected in ((False, True), (True, False))[number % 2]:
                figures = _post_batch(bench, size, connected)
                if connected:
                    bench.run()  # all of them together are more than a day's calls
                if number >= 0:  # the first round warms up
                    found[connected].append(figures)
        cpu = {connected: [one.cpu for one in found[connected]] for connected in found}
        queries = {
            connected: statistics.median(one.queries for one in found[connected])
            for connected in found
        }
        result[size] = {
            "queries": queries[True] - queries[False],
            "queries_of_posting": queries[False],
            "cpu": Spread.of_ratios(cpu[True], cpu[False]).as_json(),
        }
    with bench.transaction() as company:
        company.connection.active = True
    return result


def _post_batch(bench, size, connected):
    with bench.transaction() as company:
        company.connection.active = connected
    ids = bench.draft("invoices", size)
    with bench.transaction() as company:
        moves = company.env["account.move"].browse(ids)
        company.env["accountable.sending.plan"]._by_company()
        company.env.cr.flush()
        with bench.measured() as figures:
            moves.action_post()
            company.env.flush_all()
    return figures
