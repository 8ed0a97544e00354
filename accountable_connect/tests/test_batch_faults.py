"""A worker that dies at any commit, two that work at once, a copied database: nothing missing,
nothing twice."""

from datetime import timedelta
from unittest.mock import patch

import psycopg2
from odoo import fields
from odoo.addons.accountable_connect.models.engine import hand_over_document
from odoo.addons.accountable_connect.models.hand_over.batch import AccountableBatch
from odoo.exceptions import UserError
from odoo.tools import mute_logger

from .common_hand_over import DELIVERED, ENTRIES, HandOverCase


class Died(BaseException):
    """No ``except Exception`` holds it, as none holds a kill."""


class FaultCase(HandOverCase):
    def work_until(self, commit):
        """One run that dies before one of its commits, counted from 1; that is as if it died right
        after the last one.

        :return: whether it got that far
        """
        model, done = type(self.connection), 0
        original = model._commit

        def _commit(connection):
            nonlocal done
            done += 1
            if done == commit:
                raise Died
            original(connection)

        with patch.object(model, "_commit", _commit):
            try:
                self.work()
            except Died:
                self.env.invalidate_all()
                return True
        return False

    def check(self, moves):
        """Each document stands in one batch, is linked with it, and waits nowhere; numbers have no
        gaps, and each closed batch has the files of its documents."""
        for move in moves:
            standing = self.items(move).filtered(lambda one: one.state == "in_batch")
            self.assertEqual(len(standing), 1, move.name)
            self.assertEqual(self.bindings(move).external_key, f"item,{standing.id}")
            self.assertEqual(set(self.jobs(move).mapped("state")), {"done"})
        closed = self.batches().filtered(lambda one: one.state == "closed")
        self.assertEqual(closed.mapped("number"), list(range(1, len(closed) + 1)))
        for batch in closed:
            self.assertEqual(batch.document_count, len(batch._standing()))
            self.assertEqual(batch._checksum(), batch.checksum)

    def die_everywhere(self, closes):
        self.connection.batch_closes = closes
        moves, commit, died = self.env["account.move"], 0, True
        while died:
            commit += 1
            new = self.invoice(commit) | self.bill(ref=f"F/{commit}")
            if closes == "nightly":
                self.make_due()
            died = self.work_until(commit)
            if closes == "nightly":
                self.make_due()
            self.work()
            self.check(new)
            moves |= new
        self.assertGreater(commit, 3)
        self.check(moves)
        return moves

    def make_due(self):
        self.batches().filtered(lambda one: one.state == "open").closes_at = (
            fields.Datetime.now() - timedelta(hours=1)
        )


class TestFaultsOfDelivered(FaultCase):
    capabilities = DELIVERED

    def test_dead_at_each_commit(self):
        self.die_everywhere("manual")

    def test_dead_at_each_commit_one_batch_each(self):
        moves = self.die_everywhere("at_once")
        self.assertEqual(len(self.batches()), len(moves))

    def test_dead_at_each_commit_while_it_closes(self):
        moves = self.die_everywhere("nightly")
        self.assertFalse(self.batches().filtered(lambda one: one.state == "open"))
        self.assertEqual(sum(self.batches().mapped("document_count")), len(moves))

    def test_locked_by_somebody_else_it_waits_a_minute(self):
        first = self.invoice()
        self.work()
        second = self.invoice()
        with patch.object(AccountableBatch, "_lock", side_effect=psycopg2.errors.LockNotAvailable):
            self.work()
        job = self.jobs(second)
        self.assertEqual((job.state, bool(self.items(second))), ("pending", False))
        self.assertGreater(job.next_try, fields.Datetime.now())
        self.later()
        self.work()
        self.check(first | second)

    def test_changed_between_building_and_entering(self):
        move = self.invoice(100)
        store = type(self.env["accountable.job"])._write_at_once
        changed = []

        def change_first(jobs, values, **options):
            if not changed and "held_by_id" in values:
                changed.append(True)
                jobs.env.cr.execute(
                    "UPDATE account_move SET ref = 'late', write_date = write_date"
                    " + interval '1 second' WHERE id = %s",
                    (move.id,),
                )
                jobs.env.cr.execute("SAVEPOINT kept")
            return store(jobs, values, **options)

        with patch.object(type(self.env["accountable.job"]), "_write_at_once", change_first):
            self.work()
        self.assertTrue(changed)
        self.check(move)

    def test_withdrawn_between_building_and_entering(self):
        move = self.invoice(100)
        store = type(self.env["accountable.batch"])._add_item
        entered = []

        def skip_first(batch, *arguments, **values):
            entered.append(True)
            return store(batch, *arguments, **values)

        job = self.jobs(move)
        deliveries = type(self.env["accountable.delivery"])
        built = deliveries._fingerprint

        def skip(self_, move_, delivery):
            job.with_env(self_.env)._end("skipped", skip_reason="person")
            return built(self_, move_, delivery)

        with (
            patch.object(type(self.env["accountable.batch"]), "_add_item", skip_first),
            patch.object(deliveries, "_fingerprint", skip),
        ):
            self.work()
        self.assertFalse(entered)
        self.assertFalse(self.items(move))
        self.assertEqual(job.state, "skipped")

    @mute_logger("odoo.sql_db")
    def test_an_index_refuses_a_second_one(self):
        move = self.invoice()
        self.work()
        item = self.items(move)
        with self.assertRaises(psycopg2.errors.UniqueViolation), self.env.cr.savepoint():
            item.copy({"state": "in_batch"})
        with self.assertRaises(psycopg2.errors.UniqueViolation), self.env.cr.savepoint():
            self.env["accountable.batch"].sudo().create({"connection_id": self.connection.id})

    # A copy

    def check_nothing_happens(self):
        move = self.invoice()
        self.connection.batch_closes = "at_once"
        batch = self.batches()
        self.work()
        self.assertFalse(self.items(move))
        self.assertEqual(self.jobs(move).state, "pending")
        self.assertEqual(batch.state, "open")
        with self.assertRaises(UserError):
            batch.action_close()
        self.assertEqual(batch.state, "open")

    def test_a_copied_database_puts_nothing_in_a_batch_and_closes_none(self):
        self.invoice()
        self.work()
        uuid, oid, cluster = self.sign_in.sudo().database_identity.split("/")[:3]
        other = f"{uuid}/{int(oid) + 1}/{cluster}"
        self.sign_in.sudo().database_identity = other
        self.connection.sudo().database_identity = other
        self.assertEqual(self.connection.copy_state, "copied")
        self.check_nothing_happens()

    def test_a_neutralised_database_neither(self):
        self.invoice()
        self.work()
        self.env["ir.config_parameter"].sudo().set_param("database.is_neutralized", "True")
        self.check_nothing_happens()


class TestFaultsOfEntries(FaultCase):
    capabilities = ENTRIES

    def test_dead_at_each_commit_while_it_closes(self):
        self.die_everywhere("nightly")
        for batch in self.batches():
            [content] = self.contents(batch).values()
            self.assertEqual(len(content.splitlines()), batch.document_count)

    def test_posted_again_while_its_opposite_is_made(self):
        move = self.invoice(100)
        self.work()
        self.hand_over()
        move.button_draft()
        move.button_cancel()
        job = self.jobs(move, "reverse")
        operation = hand_over_document.HandOverReverse
        original = operation.opposite_of

        def withdraw(reverse, binding):
            job.with_env(reverse.env)._end("skipped", skip_reason="draft")
            return original(reverse, binding)

        with patch.object(operation, "opposite_of", withdraw):
            self.work()
        self.assertEqual(len(self.items(move)), 1)
        self.assertFalse(self.items(move).undone)
        self.assertTrue(self.bindings(move))

    def test_dead_at_each_commit_of_a_change(self):
        bill = self.bill(amount=100)
        self.work()
        self.hand_over()
        amount, commit, died = 100, 0, True
        while died:
            commit += 1
            amount += 100
            before = len(self.items(bill))
            self.change(bill, amount)
            died = self.work_until(commit)
            self.work()
            self.close()
            documents = self.items(bill).filtered(lambda one: one.operation == "document")
            standing = documents.filtered(lambda one: not one.undone)
            self.assertEqual(standing.amount_total, round(amount * 1.21, 2))
            self.assertEqual(len(self.items(bill)), before + 2)
