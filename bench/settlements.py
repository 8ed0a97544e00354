"""Payments coming back: what a reading costs for a thousand open items, ten of them changed, and
with thousands of settlements that were read before."""

import json

from bench.filling import fill_queue, tidy
from bench.measure import Spread, middle

ITEMS = 1_000
CHANGED = 10
PORTION = 100
STORED = (100, 10_000)
SETTLED = 100
ROUNDS = 6
PAID_AT_ONCE = 3


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
        fill_queue(bench, PORTION)
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
    with bench.control.counted() as made:
        figures = bench.run()
    return {"calls": made, "cpu": figures.cpu, "queries": figures.queries}


def stored(bench):
    """What a reading costs that brings a few payments, where few and where many settlements were
    read before, in turn."""
    open_items = set(_open_items(bench))
    with bench.transaction() as company:
        invoices = iter([key for key in company.invoice_keys() if key in open_items])
    read(bench, True)  # whatever is left from before
    found = {count: [] for count in STORED}
    for number in range(-1, ROUNDS):
        for count in STORED if number % 2 else STORED[::-1]:
            with bench.transaction() as company:
                _store_settlements(company, count)
            _pay(bench, [next(invoices) for _payment in range(PAID_AT_ONCE)])
            with bench.transaction() as company:
                company.connection.settlements_read_at = False
            figures = bench.run()
            if number >= 0:  # the first round warms up
                found[count].append(figures)
    with bench.transaction() as company:
        _store_settlements(company, 0)
    few, many = (found[count] for count in STORED)
    return {
        "stored": STORED,
        "paid": PAID_AT_ONCE,
        "beside": Spread.of_ratios([one.both for one in many], [one.both for one in few]).as_json(),
        "queries": middle(many).queries - middle(few).queries,
    }


def _store_settlements(company, count):
    """Links of so many payments of the hundred documents that were booked first, as if they had
    been read before; their entries in Odoo are not there. None is left with 0."""
    env, connection = company.env, company.connection
    env.flush_all()
    env.cr.execute(
        "DELETE FROM accountable_binding WHERE connection_id = %s AND external_key LIKE 'bench/%%'",
        [connection.id],
    )
    settlement = {
        "kind": "payment",
        "counterpart_key": "",
        "date": "2026-06-01",
        "amount": "10.00",
        "amount_company": "10.00",
        "currency": "EUR",
        "text": "",
    }
    env.cr.execute(
        """
        WITH documents AS (
            SELECT (array_agg(external_key ORDER BY id))[:%(settled)s] AS keys
              FROM accountable_binding
             WHERE connection_id = %(connection)s AND kind = 'document'
        )
        INSERT INTO accountable_binding (connection_id, company_id, kind, res_model, res_id,
                                         external_key, settlement_kind, details, stage, sent_at)
        SELECT %(connection)s, %(company)s, 'settlement', 'account.move.line', 2000000000 + one,
               'bench/' || one, 'payment',
               jsonb_build_object('settlement', %(settlement)s::jsonb || jsonb_build_object(
                   'key', 'bench/' || one, 'document_key', keys[1 + one %% %(settled)s])),
               'booked', now() AT TIME ZONE 'UTC'
          FROM documents, generate_series(1, %(count)s) one
        """,
        {
            "connection": connection.id,
            "company": company.company.id,
            "settlement": json.dumps(settlement),
            "count": count,
            "settled": SETTLED,
        },
    )
    tidy(company)
