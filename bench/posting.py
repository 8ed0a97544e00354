"""What posting costs, with and without a connection; what sending costs beside it; calls."""

from bench.company import BenchCompany
from bench.measure import Sandbox, measured, transaction, typical
from bench.work import draft, post, refuse_left, run

SINGLES = 30
SENT = 40
ROUNDS = 5
BATCHES = {1: 15, 10: 5, 100: 3}


def connect(env, arguments):
    """The company, connected; nothing is in the queue."""
    Sandbox(arguments["sandbox"]).post("switches", daily_limits=False)
    with transaction(env) as own:
        connection = BenchCompany(own).connect(arguments["package"], arguments["sandbox"])
        # the connection is in use since the year began: no document is older than it
        own.flush_all()
        own.cr.execute("UPDATE accountable_connection SET create_date = '2026-01-01'"
                       " WHERE id = %s", (connection.id,))
    post(env, draft(env, "invoices", 5))
    post(env, draft(env, "bills", 5))
    run(env)
    refuse_left(env)
    return {}


def calls(env, arguments):
    """Calls of a run: bills with their file, invoices, the same parties, PDF afterwards."""
    sandbox = Sandbox(arguments["sandbox"])
    # every party is known from here on
    for kind in ("bills", "invoices"):
        post(env, draft(env, kind, SENT))
        run(env)
    result = {"documents": SENT}
    for kind in ("bills", "invoices"):
        ids = draft(env, kind, SENT)
        post(env, ids)
        with sandbox.counted() as made:
            run(env)
        result[kind] = made
    with transaction(env) as own:
        company = BenchCompany(own)
        company.add_legal_pdf(company.env["account.move"].browse(ids))
    with sandbox.counted() as made:
        run(env)
    result["pdf"] = made
    for kind in ("bills", "invoices"):
        post(env, draft(env, kind, 1))
        with sandbox.counted() as made:
            run(env)
        result[f"one of {kind}"] = made
    with sandbox.counted() as made:
        run(env)
    result["nothing"] = made
    refuse_left(env)
    return result


def sending(env, _arguments):
    """Posting one document, and sending: in batches, and one alone. Without file and with."""
    result = {}
    for kind in ("invoices", "bills"):
        single, batch, alone, empty = [], [], [], []
        post(env, draft(env, kind, SENT))
        run(env)
        for _round in range(ROUNDS):
            ids = draft(env, kind, SINGLES // ROUNDS)
            with measured() as figures:
                for id_ in ids:
                    post(env, [id_])
            single.append(figures.shared_by(len(ids)))
            post(env, draft(env, kind, SENT - SINGLES // ROUNDS))
            with measured() as figures:
                run(env)
            batch.append(figures.shared_by(SENT))
            for id_ in draft(env, kind, 2):
                post(env, [id_])
                with measured() as figures:
                    run(env)
                alone.append(figures)
            with measured() as figures:
                run(env)
            empty.append(figures)
        single, batch, alone, empty = map(typical, (single, batch, alone, empty))
        result[kind] = {
            "post_cpu": single.cpu, "post_queries": single.queries,
            "batch_cpu": batch.cpu, "batch_queries": batch.queries,
            "alone_cpu": alone.cpu, "alone_queries": alone.queries,
            "empty_cpu": empty.cpu, "empty_queries": empty.queries,
        }
    refuse_left(env)
    return result


def posting(env, _arguments):
    """Posting batches with and without a connection, in turn."""
    result = {}
    for size, rounds in BATCHES.items():
        found = {True: [], False: []}
        for number in range(2 * rounds):
            connected = bool(number % 2)
            with transaction(env) as own:
                BenchCompany(own).connection.active = connected
            ids = draft(env, "invoices", size)
            with transaction(env) as own:
                company = BenchCompany(own)
                moves = company.env["account.move"].browse(ids)
                own["accountable.connection"]._sending_plans()
                own.cr.flush()
                with measured() as figures:
                    moves.action_post()
                    own.flush_all()
            found[connected].append(figures)
        result[size] = {
            "queries": typical(found[True]).queries - typical(found[False]).queries,
            "queries_of_posting": typical(found[False]).queries,
            "cpu": typical(found[True]).cpu / typical(found[False]).cpu,
        }
    run(env)
    return result
