"""Workers that put documents in batches and are killed at any moment, while people change, reset
and post documents and close batches at the same time.

Run as a process of its own with ``python -m tests.exactly_once.batches``; prints one JSON object.
"""

import argparse
import json
import os
import random
import signal
import time
from collections import Counter
from contextlib import suppress

import psycopg2
from odoo.tools import config

from tests.exactly_once.people import in_request
from tests.exactly_once.workers import Database, fork, fresh_environment, wait_for, work

DOCUMENTS = 12
LONGEST_LIFE = 0.4  # seconds of a worker that is killed


def deliver_plainly():
    """Documents as a line of text each: what Odoo makes of an e-invoice is tested elsewhere."""
    from decimal import Decimal

    from odoo.addons.accountable_connect.documents import Delivery, File
    from odoo.addons.accountable_connect_ubl.models.delivery import AccountableDelivery

    def _deliveries(self, connection, moves, with_files=True):
        return {move.id: (delivery(move), []) for move in moves}

    def delivery(move):
        name = move.name.replace("/", "_") + ".txt"
        content = f"{move.name} {move.amount_total:.2f} {move.payment_reference}".encode()
        return Delivery(
            kind="sale",
            number=move.name,
            journal=move.journal_id.code,
            party_name=move.partner_id.name,
            document_date=move.invoice_date,
            accounting_date=move.date,
            currency=move.currency_id.name,
            total=Decimal(f"{move.amount_total:.2f}"),
            files=(File(key=name, name=name, media_type="text/plain", content=content),),
        )

    AccountableDelivery._deliveries = _deliveries
    # the core's, whatever an addon knows better
    if "_fingerprint" in vars(AccountableDelivery):
        del AccountableDelivery._fingerprint


def prepare(database: Database) -> None:
    """A company with posted documents that wait, and its connection."""
    from tests.exactly_once.company import Books

    with fresh_environment(database) as env:
        books = Books(env)
        books.make(DOCUMENTS, 0)
        env = books.env
        sign_in = env["accountable.sign.in"].create({"name": "Batches", "package": "ubl"})
        current = env["accountable.identity"]._current()
        sign_in.write({"state": "valid", "database_identity": current})
        connection = env["accountable.connection"].create(
            {
                "sign_in_id": sign_in.id,
                "company_id": books.company.id,
                "administration_key": "batches",
                "administration_name": "Batches",
                "start_date": "2026-01-01",
                "batch_closes": "manual",
                "channel": "download",
                "ubl_sales_moment": "posting",
            }
        )
        connection.write({"state": "connected", "step": "done"})
        moves = books.documents("out_invoice")
        database.connection_id, database.move_ids = connection.id, moves.ids
        env["accountable.enqueueing"]._enqueue_for(connection, moves)


# What people do


def change(env, move_id, number):
    move = env["account.move"].browse(move_id)
    if move.state == "posted":
        move.payment_reference = f"Reference {number}"


def reset(env, move_id, number):
    move = env["account.move"].browse(move_id)
    if move.state == "posted":
        move.button_draft()
    elif number % 2:
        move.invoice_line_ids[:1].price_unit += 1
        move.action_post()
    else:
        move.action_post()


def close(env, _move_id, _number):
    batch = env["accountable.batch"].search([("state", "=", "open"), ("document_count", ">", 0)])
    if batch:
        batch._close_for_person()


def refuse(env, _move_id, number):
    batch = env["accountable.batch"].search([("state", "=", "closed")], limit=1)
    if batch:
        batch._go("handed_over")
        items = batch._standing()
        items[number % len(items)]._refuse("no")


ACTIONS = (change, change, reset, reset, close, refuse)


def people(database: Database) -> None:
    """One of them does something."""
    action, move_id = random.choice(ACTIONS), random.choice(database.move_ids)
    in_request(database, action, move_id, random.randrange(1000))


def retry(database: Database) -> None:
    """What a worker could not do at that moment, and what was refused, is due now."""
    with fresh_environment(database) as env:
        jobs = env["accountable.job"]
        for job in jobs.search([("state", "in", ("pending", "failed"))]):
            job._make_pending()


def run_rounds(database: Database, rounds: int) -> None:
    for _round in range(rounds):
        retry(database)
        workers = [fork(work, database, 5.0) for _worker in range(2)]
        others = [fork(people, database) for _person in range(2)]
        time.sleep(random.random() * LONGEST_LIFE)
        if random.random() < 0.6:
            for pid in workers:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        wait_for([*workers, *others])


# One after the other, in transactions that began before


def interleaved(database: Database) -> list[str]:
    """A person's transaction began before a worker committed: which of these were not repeated."""
    wrong = []
    for action in (change, reset, close):
        move_id = database.move_ids[0]
        in_request(database, post_and_wait, move_id)
        with database.registry.cursor() as cr:
            from odoo import SUPERUSER_ID, api

            env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
            company = env["accountable.connection"].browse(database.connection_id).company_id
            env = env(context={**env.context, "allowed_company_ids": company.ids})
            open_batches = env["accountable.batch"].search_count([("state", "=", "open")])
            if action is close and not open_batches:
                wrong.append("there is no open batch")
            work(database)
            try:
                action(env, move_id, 2)
                cr.flush()
                wrong.append(action.__name__)
            except psycopg2.errors.SerializationFailure:
                pass
            cr.rollback()
    return wrong


def post_and_wait(env, move_id):
    """The document is posted and waits, beside others in an open batch."""
    move = env["account.move"].browse(move_id)
    if move.state != "posted":
        move.action_post()
    move.payment_reference = f"{move.payment_reference}+"
    connection = env["accountable.connection"].search([("administration_key", "=", "batches")])
    env["accountable.enqueueing"]._enqueue_for(connection, move)


def compare(database: Database) -> dict:
    """What is missing, twice, or not as it is in Odoo."""
    wrong, counts = [], Counter()
    with fresh_environment(database) as env:
        connection = env["accountable.connection"].browse(database.connection_id)
        env = env(context={"allowed_company_ids": connection.company_id.ids})
        deliveries = env["accountable.delivery"]
        for move in env["account.move"].browse(database.move_ids):
            items = env["accountable.batch.item"].search(
                [("res_id", "=", move.id), ("state", "in", ("in_batch", "confirmed"))]
            )
            jobs = env["accountable.job"].search([("res_id", "=", move.id)])
            asked = jobs.filtered(lambda job: job.state == "failed").mapped("error_code")
            links = env["accountable.binding"].search(
                [("res_id", "=", move.id), ("kind", "=", "document")]
            )
            counts["standing"] += len(items)
            counts.update(asked)
            if len(items) > 1:
                wrong.append(f"{move.name} twice")
            if links.mapped("external_key") != [f"item,{item.id}" for item in items]:
                wrong.append(f"{move.name} linked otherwise")
            if jobs.filtered(lambda job: job.state in ("pending", "sending", "unknown")):
                wrong.append(f"{move.name} still waits")
            if move.state != "posted":
                if items.filtered(lambda item: item.batch_id.state == "open"):
                    wrong.append(f"{move.name} is no longer posted and in an open batch")
                continue
            if not items and not asked:
                wrong.append(f"{move.name} missing")
            built = deliveries._deliveries(connection, move)[move.id][0]
            same = items.fingerprint == deliveries._fingerprint(move, built)
            if items and not same and "changed_handed_over" not in asked:
                wrong.append(f"{move.name} changed, and nobody hears of it")
        closed = env["accountable.batch"].search([("state", "!=", "open")], order="number")
        counts["closed"] = len(closed)
        if closed.mapped("number") != list(range(1, len(closed) + 1)):
            wrong.append(f"numbers {closed.mapped('number')}")
        for batch in closed:
            stood = batch.item_ids.filtered(lambda item: item.state != "taken_out")
            if len(stood) != batch.document_count or len(batch._files()) != len(stood):
                wrong.append(f"batch {batch.name}: {batch.document_count} documents")
            if batch.checksum != batch._checksum():
                wrong.append(f"batch {batch.name}: its bytes changed")
    return {"wrong": wrong, "counts": counts}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--database", required=True)
    parser.add_argument("--rounds", type=int, required=True)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    config.parse_config(["--log-level=critical"], setup_logging=True)
    random.seed(options.seed)
    database = Database(options.database)
    deliver_plainly()
    prepare(database)
    work(database)
    not_repeated = interleaved(database)
    run_rounds(database, options.rounds)
    for _time in range(3):
        retry(database)
        work(database)
    print(json.dumps({"not_repeated": not_repeated, **compare(database)}))


if __name__ == "__main__":
    main()
