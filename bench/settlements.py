"""Payments coming back: what a reading costs for a thousand open items, ten of them changed."""

from bench.measure import measured

ITEMS = 1_000
CHANGED = 10
PORTION = 100


def main(bench):
    """Four readings: the first, one with ten changed, the daily comparison, one of nothing."""
    keys = _open_items(bench)
    read(bench, True)  # whatever is left from before
    result = {"items": len(keys), "changed": CHANGED}
    with bench.transaction() as company:
        ours = set(company.invoice_keys())
    invoices = [key for key in keys if key in ours]
    _pay(bench, invoices[:CHANGED])
    result["changed_reading"] = read(bench, False)
    _pay(bench, invoices[CHANGED : 2 * CHANGED])
    result["changed_and_comparison"] = read(bench, True)
    result["comparison"] = read(bench, True)
    result["nothing"] = read(bench, False)
    bench.refuse_left()
    with bench.transaction() as company:
        paid = company.env["account.move"].search_count(
            [("company_id", "=", company.company.id), ("payment_state", "=", "paid")]
        )
    if paid != 2 * CHANGED:
        raise RuntimeError(f"{paid} documents are paid instead of {2 * CHANGED}")
    return result


def _open_items(bench):
    """Keys of the documents that are open in the administration, at least a thousand."""
    while len(keys := bench.accountant.open_items()) < ITEMS:
        bench.post(bench.draft("invoices", PORTION))
        bench.run()
    return keys


def _pay(bench, keys):
    for key in keys:
        bench.accountant.pay([key])


def read(bench, compare):
    """One run in which settlements are due, with or without the daily comparison."""
    with bench.transaction() as company:
        company.connection.settlements_read_at = False
        if compare:
            company.connection.open_items_read_at = False
    with bench.control.counted() as made, measured() as figures:
        bench.run()
    return {"calls": made, "cpu": figures.cpu, "queries": figures.queries}
