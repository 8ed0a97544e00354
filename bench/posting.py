"""What posting costs, with and without a connection; what sending costs beside it; calls."""

from bench.measure import measured, typical

SINGLES = 30
SENT = 40
ROUNDS = 5
BATCHES = {1: 15, 10: 5, 100: 3}


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
    for kind in ("bills", "invoices"):
        bench.post(bench.draft(kind, SENT))
        bench.run()
    result = {"documents": SENT}
    for kind in ("bills", "invoices"):
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
    for kind in ("bills", "invoices"):
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
    """Posting one document, and sending: in batches, and one alone. Without file and with."""
    result = {}
    for kind in ("invoices", "bills"):
        single, batch, alone, empty = [], [], [], []
        bench.post(bench.draft(kind, SENT))
        bench.run()
        for _round in range(ROUNDS):
            ids = bench.draft(kind, SINGLES // ROUNDS)
            with measured() as figures:
                for id_ in ids:
                    bench.post([id_])
            single.append(figures.shared_by(len(ids)))
            bench.post(bench.draft(kind, SENT - SINGLES // ROUNDS))
            with measured() as figures:
                bench.run()
            batch.append(figures.shared_by(SENT))
            for id_ in bench.draft(kind, 2):
                bench.post([id_])
                with measured() as figures:
                    bench.run()
                alone.append(figures)
            with measured() as figures:
                bench.run()
            empty.append(figures)
        single, batch, alone, empty = map(typical, (single, batch, alone, empty))
        result[kind] = {
            "post_cpu": single.cpu,
            "post_queries": single.queries,
            "batch_cpu": batch.cpu,
            "batch_queries": batch.queries,
            "alone_cpu": alone.cpu,
            "alone_queries": alone.queries,
            "empty_cpu": empty.cpu,
            "empty_queries": empty.queries,
        }
    bench.refuse_left()
    return result


def posting(bench):
    """Posting batches with and without a connection, in turn."""
    result = {}
    for size, rounds in BATCHES.items():
        found = {True: [], False: []}
        for number in range(2 * rounds):
            connected = bool(number % 2)
            with bench.transaction() as company:
                company.connection.active = connected
            ids = bench.draft("invoices", size)
            with bench.transaction() as company:
                moves = company.env["account.move"].browse(ids)
                company.env["accountable.sending.plan"]._by_company()
                company.env.cr.flush()
                with measured() as figures:
                    moves.action_post()
                    company.env.flush_all()
            found[connected].append(figures)
        result[size] = {
            "queries": typical(found[True]).queries - typical(found[False]).queries,
            "queries_of_posting": typical(found[False]).queries,
            "cpu": typical(found[True]).cpu / typical(found[False]).cpu,
        }
    bench.run()
    return result
