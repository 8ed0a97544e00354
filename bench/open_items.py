"""Ten thousand open items in the administration, and one payment: what is read."""

from bench.settlements import read

ITEMS = 10_000


def main(bench):
    """Calls of the first reading, of one after a payment, and of one of nothing; nothing where the
    accountant cannot bring in open items of earlier books."""
    if not bench.accountant.bring_in(ITEMS):
        return {}
    result = {"items": len(bench.accountant.open_items()), "first": read(bench, False)}
    with bench.transaction() as company:
        ours = set(company.invoice_keys())
    bench.accountant.pay([next(key for key in bench.accountant.open_items() if key in ours)])
    result["paid"] = read(bench, False)
    result["nothing"] = read(bench, False)
    return result
