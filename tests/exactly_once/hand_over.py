"""Documents on their way to a receiver while workers are killed at every step, two of them work at
once, a copy of the database works too, and the folder or the server there fails. Who receives, and
over which channel, is a receiver of ``receivers.py``; what goes wrong is in ``rounds.py`` and the
modules beside it.

Run as a process of its own with ``python -m tests.exactly_once.hand_over``: ``--prepare`` makes the
connection in one database, which is copied then; without it the rounds of faults follow, and one
JSON object is printed. Rendering a PDF costs seconds: each document has a small one instead.
"""

import argparse
import configparser
import gc
import json
import random
import sys
import time
from collections import Counter
from pathlib import Path

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tools import config

from tests.exactly_once import workers
from tests.exactly_once.receivers import RECEIVERS, paper
from tests.exactly_once.workers import Database, fork, fresh_environment, wait_for, work

MOST_STEPS = 12
# The last rounds without faults, until everything has left.
MOST_ROUNDS = 80
VAT_NUMBERS = ("BE0799888130", "BE0805551247", "BE0812045002", "BE0833007195", "BE0845129920")


def use_folders(root: Path) -> None:
    """The configuration of this process names the folder below which documents are handed over."""
    from odoo.addons.accountable_connect.models.connection import server_configuration

    file = root.with_suffix(".conf")
    settings = configparser.RawConfigParser()
    settings["accountable_connect"] = {"hand_over_root": str(root), "allow_sandboxes": "True"}
    with file.open("w") as opened:
        settings.write(opened)
    server_configuration._path = lambda: str(file)


def use_small_pdfs(registry) -> None:
    """What the customer would get, without its second of rendering."""

    def rendered(_self, move):
        return f"{move.id}.pdf", b"%PDF-1.4 invoice " + str(move.id).encode()

    registry["accountable.delivery"]._rendered_pdf = rendered


def prepare(name: str, documents: int, receiver) -> None:
    """The company of a database is connected, and its documents wait."""
    registry = Registry(name)
    # Importable once Odoo knows its addons path.
    from tests.exactly_once.company import START, Books

    with registry.cursor() as cr:
        books = Books(api.Environment(cr, SUPERUSER_ID, {}))
        env, address = books.env, {"street": "Kaai 1", "zip": "9000", "city": "Gent"}
        books.company.write(address)
        for partner, number in zip(books.parties, VAT_NUMBERS, strict=True):
            partner.write({**address, "vat": number})
        for bill in books.documents("in_invoice"):
            bill.message_main_attachment_id = env["ir.attachment"].create(
                {
                    "name": f"{bill.id}.pdf",
                    "mimetype": "application/pdf",
                    "raw": paper(bill.id),
                    "res_model": "account.move",
                    "res_id": bill.id,
                }
            )
        connection = receiver.connect(env, books.company)
        connection.write(
            {
                "channel": "folder",
                "folder": receiver.folder,
                "batch_closes": "at_once",
                **receiver.settings,
            }
        )
        for _step in range(MOST_STEPS):
            if connection.step == "summary":
                break
            receiver.fill_step(connection)
            connection.start_date = START
            connection.action_next_step()
        connection.action_start()
        left = books.documents("out_invoice")[documents:]
        env["accountable.job"].search([("res_id", "in", left.ids)]).unlink()


class HandOverDatabase(Database):
    """A database whose documents are handed over."""

    def __init__(self, name):
        super().__init__(name)
        with self.registry.cursor() as cr:
            cr.execute("SELECT id FROM accountable_connection")
            [[self.connection_id]] = cr.fetchall()
            cr.execute("SELECT res_id FROM accountable_job WHERE operation = 'document'")
            self.move_ids = [move for [move] in cr.fetchall()]

    def make_due(self):
        """A new day begins; who finds a batch that did not go presses *Hand over now*."""
        super().make_due()
        with self.registry.cursor() as cr:
            cr.execute(
                """
                UPDATE accountable_hand_over
                   SET next_try = now() AT TIME ZONE 'UTC' - interval '1 minute', attempts = 0
                 WHERE state IN ('new', 'written', 'failed')
                   AND (done_at IS NULL OR next_try IS NOT NULL)
                """
            )
            cr.execute(
                "UPDATE accountable_batch SET closes_at = now() AT TIME ZONE 'UTC'"
                " - interval '1 minute' WHERE state = 'open' AND closes_at IS NOT NULL"
            )

    def close_at_night(self):
        """From here on a batch takes several documents."""
        with fresh_environment(self) as env:
            env["accountable.connection"].browse(self.connection_id).batch_closes = "nightly"

    def is_over(self):
        """Whether every document has left."""
        with self.registry.cursor() as cr:
            cr.execute("SELECT count(*) FROM accountable_batch WHERE state != 'handed_over'")
            [batches] = cr.fetchone()
        return not batches and not self.left()

    def documents(self):
        """Of each document: its type, its name, its id, how far its link says it is, and what it
        was given in the batch that it stands in."""
        with self.registry.cursor() as cr:
            cr.execute(
                """
                SELECT m.move_type, m.name, m.id, b.stage, i.given
                  FROM account_move m LEFT JOIN accountable_binding b
                    ON b.res_id = m.id AND b.res_model = 'account.move' AND b.kind = 'document'
                  LEFT JOIN accountable_batch_item i ON b.external_key = 'item,' || i.id
                 WHERE m.id = ANY(%s)
                """,
                (self.move_ids,),
            )
            return cr.fetchall()

    def states_of_batches(self):
        with self.registry.cursor() as cr:
            cr.execute("SELECT state, message FROM accountable_batch WHERE state != 'handed_over'")
            return [str(row) for row in cr.fetchall()]


def report(receiver, original, copy, rounds) -> dict:
    """What is missing, twice, or elsewhere than the database believes."""
    received = Counter(receiver.received())
    known = {receiver.name_of(*row): row[3] for row in original.documents()}
    return {
        "missing": sorted(known.keys() - received.keys()),
        "unknown": sorted(received.keys() - known.keys()),
        "twice": [name for name, count in received.items() if count > 1],
        "refused": receiver.refused(),
        "not_marked": sorted(name for name, stage in known.items() if stage != "handed_over"),
        "lying": receiver.lying(),
        "unsolved": original.unsolved(),
        "batches": original.states_of_batches(),
        "by_copy": [row[1] for row in copy.documents() if row[3] == "handed_over"],
        **receiver.more(original, copy),
        "expected": len(known),
        "received": sum(received.values()),
        "faults": dict(rounds.counts),
        "kinds": rounds.kinds(),
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--receiver", choices=RECEIVERS, required=True)
    parser.add_argument("--database", required=True)
    parser.add_argument("--prepare", action="store_true")
    parser.add_argument("--copy")
    parser.add_argument("--folders", required=True)
    parser.add_argument("--rounds", type=int, default=0)
    parser.add_argument("--documents", type=int, default=0, help="invoices; all bills go")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    config.parse_config(["--log-level=error"], setup_logging=True)
    random.seed(options.seed)
    folders = Path(options.folders)
    with RECEIVERS[options.receiver](folders) as receiver:
        use_folders(folders)
        if options.prepare:
            prepare(options.database, options.documents, receiver)
            return
        original, copy = HandOverDatabase(options.database), HandOverDatabase(options.copy)
        for database in (original, copy):
            use_small_pdfs(database.registry)
            receiver.reach(database)
        workers.WORKER_DOCUMENTS = receiver.rounds.documents
        receiver.begin(original)
        gc.collect()
        gc.freeze()
        rounds = receiver.rounds(receiver, original, copy, random.Random(options.seed))
        begun = time.monotonic()
        for number in range(options.rounds):
            if number == options.rounds // 2:
                original.close_at_night()
            rounds.round()
            for database in (original, copy):
                database.make_due()
        took, left = time.monotonic() - begun, original.left()
        for _round in range(MOST_ROUNDS):
            if original.is_over():
                break
            original.make_due()
            wait_for([fork(work, original, 10.0)])
            receiver.receive()
            receiver.look_after(original)
        receiver.receive()
        found = report(receiver, original, copy, rounds)
        print(json.dumps({**found, "seconds": round(took, 1), "left_after_faults": left}))


if __name__ == "__main__":
    sys.exit(main())
