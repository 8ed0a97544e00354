"""What people do meanwhile: change and cancel documents, decide, sign in. While workers are at
work, each runs in a fork, as a person's request is a process beside theirs."""

import hashlib
import random
from contextlib import suppress

import psycopg2
from odoo.exceptions import UserError
from odoo.fields import Command

from tests.exactly_once.workers import Database, fresh_environment

TRIES = 10


def in_request(database: Database, function, *arguments):
    """Run ``function(env, …)`` as Odoo runs a request: again when another transaction was in the
    way, and committed."""
    for attempt in range(TRIES):
        try:
            with fresh_environment(database, tracking_disable=True) as env:
                connection = env["accountable.connection"].browse(database.connection_id)
                companies = connection.company_id.ids
                env = env(context={**env.context, "allowed_company_ids": companies})
                return function(env, *arguments)
        except (
            psycopg2.errors.SerializationFailure,
            psycopg2.errors.DeadlockDetected,
            psycopg2.errors.LockNotAvailable,
        ):
            if attempt == TRIES - 1:
                raise
    return None


def change(database: Database, move_id: int, way: str, number: int) -> None:
    """Change a posted document. ``way`` is *price* (the total changes), *swap* (the total stays,
    its lines do not) or *header*; ``number`` makes every change another one."""
    in_request(database, _change, move_id, way, number)


def _change(env, move_id, way, number):
    move = env["account.move"].browse(move_id)
    if move.state != "posted":
        return
    if way == "header":
        if move.is_sale_document():
            move.payment_reference = f"Reference {number}"
        else:
            move.invoice_date_due = f"2026-12-{1 + number % 28:02}"
        return
    move.button_draft()
    lines = move.invoice_line_ids
    if way == "price":
        amounts = [line.price_unit + 1 + number % 7 for line in lines]
    else:
        amounts = [line.price_unit for line in reversed(lines)]
    move.write(
        {
            "invoice_line_ids": [
                Command.update(
                    line.id, {"price_unit": amount, "name": f"Changed {number} {position}"}
                )
                for position, (line, amount) in enumerate(zip(lines, amounts, strict=True))
            ]
        }
    )
    move.action_post()


def cancel(database: Database, move_id: int) -> None:
    """Cancel a posted document."""
    in_request(database, _cancel, move_id)


def _cancel(env, move_id):
    move = env["account.move"].browse(move_id)
    if move.state == "posted":
        move.button_draft()
        move.button_cancel()


def add_file(database: Database, move_id: int) -> None:
    """A supplier sends another page: a second file, after the bill was posted."""
    in_request(database, _add_file, move_id)


def _add_file(env, move_id):
    move = env["account.move"].browse(move_id)
    if move.state == "posted":
        number = len(move.attachment_ids)
        env["ir.attachment"].create(
            {
                "name": f"{move_id} page {number}.pdf",
                "mimetype": "application/pdf",
                "res_model": "account.move",
                "res_id": move_id,
                "raw": b"%PDF-1.4 " + f"{move_id} {number} {random.random()}".encode(),
            }
        )
        move._accountable_enqueue_files()


def decide(database: Database) -> None:
    """Send what Odoo has where a change was broken off half way, or answered otherwise."""
    in_request(database, _decide)


def _decide(env):
    env["accountable.job"].search(
        [("state", "=", "failed"), ("error_code", "=", "changed_in_package")]
    ).action_book_anyway()


def retry(database: Database) -> None:
    """Press Retry on all whose outcome is not known; it may be too early."""
    in_request(database, _retry)


def _retry(env):
    with suppress(UserError):
        env["accountable.job"].search([("state", "=", "unknown")]).action_retry()


def ask(database: Database) -> None:
    """Ask the package who signed in: every lost sign-in shows."""
    in_request(database, _ask)


def _ask(env):
    [connection] = env["accountable.connection"].search([])
    connection.action_test_sign_in()


def press_reconnect(database: Database) -> None:
    """What a manager does whose password is the right one."""
    with fresh_environment(database) as env:
        env["accountable.connection"].browse(database.connection_id).action_reconnect()


def let_in_again(database: Database, package, root: str) -> None:
    """A manager walks through the consent; the connection goes on by itself."""
    with fresh_environment(database) as env:
        connection = env["accountable.connection"].browse(database.connection_id)
        package.let_in(connection.sign_in_id, root)
    with fresh_environment(database) as env:
        connection = env["accountable.connection"].browse(database.connection_id)
        if connection.state != "connected" or connection.activity_ids:
            raise RuntimeError(f"{database.name}: signed in again, and {connection.state}")


def booked(database: Database) -> list[int]:
    """Ids of the posted documents that are booked."""
    with database.registry.cursor() as cr:
        cr.execute(
            """
            SELECT m.id FROM account_move m JOIN accountable_binding b
                ON b.res_model = 'account.move' AND b.res_id = m.id AND b.kind = 'document'
             WHERE m.state = 'posted' AND b.connection_id = %s ORDER BY m.id
            """,
            (database.connection_id,),
        )
        return [id_ for [id_] in cr.fetchall()]


def refresh_token(database: Database) -> str:
    """The refresh token of the chain as stored, "" without one."""
    with database.registry.cursor() as cr:
        cr.execute("SELECT tokens -> 'oauth' ->> 'refresh_token' FROM accountable_sign_in")
        return cr.fetchone()[0] or ""


def age_token(database: Database, seconds: int) -> None:
    """The clock of this server is ahead: the token seems older than it is."""
    with database.registry.cursor() as cr:
        cr.execute(
            """
            UPDATE accountable_sign_in SET tokens = jsonb_set(tokens, '{oauth}', (
                (tokens -> 'oauth') - 'kept_until' || jsonb_build_object(
                    'issued_at',
                    (tokens -> 'oauth' ->> 'issued_at')::timestamptz - %(age)s::interval,
                    'answered_at',
                    (tokens -> 'oauth' ->> 'issued_at')::timestamptz - %(age)s::interval)))
             WHERE tokens -> 'oauth' ->> 'issued_at' IS NOT NULL
            """,
            {"age": f"{seconds} seconds"},
        )


def figures(database: Database) -> dict[str, dict]:
    """Name of each posted document → its lines as ``[amount, text]``, payment reference, and its
    files as ``(name, checksum)``."""

    def read(env):
        found = {}
        for move in env["account.move"].browse(database.move_ids):
            if move.state == "posted":
                files, _notes = env["accountable.document"]._files(move)
                found[move.name] = {
                    "lines": sorted(
                        [f"{line.price_subtotal:.2f}", line.name] for line in move.invoice_line_ids
                    ),
                    "payment_reference": move.payment_reference or ""
                    if move.is_sale_document()
                    else "",
                    "files": [
                        (file.name, hashlib.sha256(file.content).hexdigest()) for file in files
                    ],
                }
        return found

    return in_request(database, read)
