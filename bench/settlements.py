"""Payments coming back: what a reading costs for a thousand open items, ten of them changed."""

from bench.company import BenchCompany
from bench.measure import Sandbox, measured, transaction
from bench.work import draft, post, refuse_left, run

ITEMS = 1_000
CHANGED = 10
PORTION = 100
DOSSIER = 70123


def main(env, arguments):
    """Four readings: the first, one with ten changed, the daily comparison, one of nothing."""
    sandbox = Sandbox(arguments["sandbox"])
    keys = _open_items(env, sandbox)
    read(env, sandbox, True)  # whatever is left from before
    result = {"items": len(keys), "changed": CHANGED}
    invoices = [key for key in keys if key["journalKey"] == "V1"]
    _pay(sandbox, invoices[:CHANGED])
    result["changed_reading"] = read(env, sandbox, False)
    _pay(sandbox, invoices[CHANGED:2 * CHANGED])
    result["changed_and_comparison"] = read(env, sandbox, True)
    result["comparison"] = read(env, sandbox, True)
    result["nothing"] = read(env, sandbox, False)
    refuse_left(env)
    with transaction(env) as own:
        paid = own["account.move"].search_count(
            [("company_id", "=", BenchCompany(own).company.id), ("payment_state", "=", "paid")])
    if paid != 2 * CHANGED:
        raise RuntimeError(f"{paid} documents are paid instead of {2 * CHANGED}")
    return result


def _open_items(env, sandbox):
    """Keys of the documents that are open in the administration, at least a thousand."""
    while len(keys := _read_keys(sandbox)) < ITEMS:
        post(env, draft(env, "invoices", PORTION))
        run(env)
    return keys


def _read_keys(sandbox):
    return [{"bookyearId": item["bookyearKey"]["id"], "journalKey": item["journalKey"],
             "documentSequenceNr": item["documentSequenceNr"]}
            for item in sandbox.get(f"dossiers/{DOSSIER}/open-items")]


def _pay(sandbox, keys):
    for key in keys:
        sandbox.post(f"dossiers/{DOSSIER}/pay", invoices=[key])


def read(env, sandbox, compare):
    """One run in which settlements are due, with or without the daily comparison."""
    with transaction(env) as own:
        connection = BenchCompany(own).connection
        connection.settlements_read_at = False
        if compare:
            connection.open_items_read_at = False
    with sandbox.counted() as made, measured() as figures:
        run(env)
    return {"calls": made, "cpu": figures.cpu, "queries": figures.queries}
