"""A database of an earlier version: what it holds is read, changed, cancelled and settled, and
nothing is sent by itself."""

import json
from contextlib import contextmanager
from decimal import Decimal
from unittest.mock import patch

from odoo.addons.accountable_connect.documents import Settlement
from odoo.tools import SQL

from ..api import contract
from ..documents.serial import document_from_values
from .common import ConnectionCase
from .earlier_version import earlier_rows, migrate

DAY = "2026-03-10"
BILL = {"invoice_date": DAY, "invoice_date_due": DAY}


class EarlierVersionCase(ConnectionCase):
    version = "19.0.1.0.0"
    # label, key in the administration, version there
    stored = (
        ("booked", "V1/2026/1", "v1"),
        ("bill", "A1/2026/1", "v2"),
        ("adopted", "A1/2026/2", "v3"),
        ("unknown", "V1/2026/2", "v4"),
    )
    not_ours = ("adopted",)

    def setUp(self):
        super().setUp()
        self.connection.settlements_back = True
        self.connection.action_create_settlement_journal()
        self.moves = self.make_moves()
        self.env["accountable.job"].sudo().search([]).unlink()
        for table, rows in earlier_rows(self.version).items():
            for row in (
                rows if table not in ("accountable_sign_in", "accountable_connection") else ()
            ):
                if row.get("res_id") in (None, "partner", "settlement", *self.moves):
                    self.insert(table, self.of_this_database(row))
        for script in ("post-settlement-state", "post-decision", "post-tried-files"):
            migrate(self.env.cr, "19.0.1.3.0", script)
        self.env.invalidate_all()
        self.fill_books()

    def make_moves(self):
        return {
            "booked": self.invoice(100.0, invoice_date=DAY),
            "bill": self.bill(ref="F-1", **BILL),
            "adopted": self.bill(ref="F-2", amount=200.0, **BILL),
            "unknown": self.invoice(300.0, invoice_date=DAY),
            "refused": self.bill(ref="F-3", amount=400.0, **BILL),
            "waiting": self.bill(ref="F-4", amount=500.0, **BILL),
        }

    def of_this_database(self, row):
        """The row with the ids of this database; what was sent has its names and numbers."""
        row = dict(row)
        for name in ("res_id", "cause_id"):
            if isinstance(row.get(name), str):
                row[name] = self.record(row[name])
        if "held_by_id" in row:  # 0 for none: pre-held-by, see test_migration_of_the_queue
            holder = row["held_by_id"] and self.jobs(self.moves[row["held_by_id"]])
            row["held_by_id"] = holder.id if holder else None
        row |= {"connection_id": self.connection.id, "company_id": self.company.id}
        if "amount_total" in row:
            row["currency_id"] = self.company.currency_id.id
        if row.get("kind") == "party":
            party = self.env["accountable.party"]._build(self.connection, self.partner_a)
            row["fingerprint"] = party.fingerprint()
        if row.get("operation") == "file":
            return row
        content = row.get("content") or (row.get("details") or {}).get("content")
        if row.get("sought"):
            row["sought"]["content"] = content
        if content:
            self.adapt(content, self.env["account.move"].browse(row["res_id"]))
            plain = {name: value for name, value in content.items() if name != "files"}
            row["fingerprint"] = document_from_values(plain).fingerprint()
            if row.get("failed_fingerprint"):
                row["failed_fingerprint"] = row["fingerprint"]
        return row

    def record(self, label):
        if label == "partner":
            return self.partner_a.id
        if label == "settlement":
            return self.payment_line().id
        return self.moves[label].id

    def payment_line(self):
        """The line that the version before booked for the payment of 21.00."""
        journal = self.connection.settlement_journal_id
        receivable = self.moves["booked"].line_ids.filtered(
            lambda line: line.display_type == "payment_term"
        )
        entry = self.env["account.move"].create(
            {
                "journal_id": journal.id,
                "date": "2026-03-20",
                "line_ids": [
                    (0, 0, {"account_id": journal.default_account_id.id, "debit": 21.0}),
                    (
                        0,
                        0,
                        {
                            "account_id": receivable.account_id.id,
                            "partner_id": self.partner_a.id,
                            "credit": 21.0,
                        },
                    ),
                ],
            }
        )
        entry.action_post()
        line = entry.line_ids.filtered("credit")
        (line | receivable).reconcile()
        return line

    def adapt(self, content, move):
        documents = self.env["accountable.document"]
        party = self.env["accountable.party"]._build(self.connection, self.partner_a)
        content["party"]["external_number"] = party.external_number
        content |= {
            "own_reference": documents._own_reference(move),
            "address": documents._address(move),
            "number": move.name,
            "sequence_number": move.sequence_number,
            "text": documents._text(move, content["kind"] == "sale"),
            "due_date": move.invoice_date_due.isoformat(),
        }
        if content["kind"] == "sale":
            content |= {
                "reference": move.payment_reference or "",
                "communication": documents._communication(move),
            }
        for part in content["instalments"]:
            part["due_date"] = move.invoice_date_due.isoformat()

    def insert(self, table, row):
        """With the columns the version before had; others are as adding them left them."""
        self.env.cr.execute(
            SQL(
                "INSERT INTO %(table)s (%(columns)s)"
                " SELECT %(columns)s FROM jsonb_populate_record(NULL::%(table)s, %(row)s)",
                table=SQL.identifier(table),
                columns=SQL(", ").join(SQL.identifier(name) for name in row),
                row=json.dumps(row),
            )
        )

    def fill_books(self):
        """The administration as the version before left it."""
        party = self.env["accountable.party"]._build(self.connection, self.partner_a)
        self.books.parties["P1"] = contract.StoredParty(key="P1", party=party)
        for label, key, version in self.stored:
            move = self.moves[label]
            own = self.env["accountable.document"]._own_reference(move)
            series, _slash, number = key.rpartition("/")
            self.books.last_numbers[series] = int(number)
            self.books.documents[key] = {
                "stored": contract.StoredDocument(
                    key=key,
                    number=key,
                    version=version,
                    kind="sale" if move.is_sale_document() else "purchase",
                    own_reference="" if label in self.not_ours else own,
                    party_key="P1",
                    document_date=move.invoice_date,
                    reference=move.payment_reference if move.is_sale_document() else move.ref,
                    total=Decimal(f"{move.amount_total:.2f}"),
                    currency=move.currency_id.name,
                ),
                "files": [],
                "number": int(number),
                "series": series,
            }
        self.books.versions = len(self.stored)
        self.books.settlements.append(self.payment("S1", "21.00"))

    def payment(self, key, amount):
        move = self.moves["booked"]
        return Settlement(
            key=key,
            kind="payment",
            document_key="V1/2026/1",
            date=move.invoice_date,
            amount=Decimal(amount),
            amount_company=Decimal(amount),
            currency=move.currency_id.name,
        )

    def states(self):
        return {label: self.jobs(move)[-1].state for label, move in self.moves.items()}


class TestEarlierVersion(EarlierVersionCase):
    def test_only_what_waited_is_sent(self):
        self.work()
        changing = {"update_document", "remove_document", "save_party", "attach_file"}
        self.assertFalse(changing & set(self.books.calls))
        own = self.env["accountable.document"]._own_reference(self.moves["waiting"])
        self.assertEqual(self.books.booked[4:], [own])
        self.assertEqual(
            self.states(),
            {
                "booked": "done",
                "bill": "done",
                "adopted": "done",
                "unknown": "done",
                "refused": "failed",
                "waiting": "done",
            },
        )
        self.assertEqual(self.moves["booked"].amount_residual, 100.0)

    def test_posted_again_unchanged_sends_nothing(self):
        self.work()
        self.books.calls.clear()
        again = ("booked", "bill", "unknown")
        for label in again:
            self.moves[label].button_draft()
            self.moves[label].action_post()
        self.work()
        self.assertFalse(self.books.calls["update_document"], self.states())
        self.assertEqual({self.states()[label] for label in again}, {"done"})

    def test_changed(self):
        move = self.moves["bill"]
        move.button_draft()
        move.invoice_line_ids.price_unit = 110.0
        move.action_post()
        self.work()
        self.assertEqual(self.jobs(move)[-1].state, "done", self.jobs(move)[-1].message)
        self.assertEqual(self.books.documents["A1/2026/1"]["stored"].total, Decimal("133.10"))

    def test_cancelled(self):
        move = self.moves["bill"]
        move.button_draft()
        move.button_cancel()
        self.work()
        [job] = self.jobs(move, "reverse")
        self.assertEqual(job.state, "done", job.message)
        kinds = [entry["stored"].kind for entry in self.books.documents.values()]
        self.assertIn("purchase_refund", kinds)

    def test_what_was_adopted_stays_the_accountants(self):
        move = self.moves["adopted"]
        untouched = self.books.documents["A1/2026/2"]["stored"]
        move.button_draft()
        move.invoice_line_ids.price_unit = 210.0
        move.action_post()
        self.work()
        job = self.jobs(move)[-1]
        self.assertEqual((job.state, job.error_code), ("failed", "changed_adopted"))
        self.assertEqual([one["total"] for one in job.candidates], ["242.00"])
        move.button_draft()
        move.button_cancel()
        self.work()
        [job] = self.jobs(move, "reverse")
        self.assertEqual((job.state, job.error_code), ("failed", "cancelled_adopted"))
        move.button_draft()
        move.invoice_line_ids.price_unit = 200.0
        move.action_post()
        move.invoice_date_due = "2026-05-31"
        self.work()
        self.assertEqual(self.jobs(move)[-1].state, "done", self.jobs(move)[-1].message)
        self.assertIn("2026-05-31", move.accountable_notes)
        self.assertEqual(move.accountable_state, "exported")
        self.assertEqual(self.books.documents["A1/2026/2"]["stored"], untouched)
        self.assertFalse({"update_document", "remove_document"} & set(self.books.calls))
        own = self.env["accountable.document"]._own_reference(move)
        self.assertNotIn(own, self.books.booked)

    def test_settled(self):
        self.books.settlements.append(self.payment("S2", "100.00"))
        self.connection.sudo().write({"settlements_read_at": False})
        self.work()
        self.assertEqual(self.moves["booked"].amount_residual, 0.0)
        self.books.settlements = []
        self.books.removed_settlements = ["S1", "S2"]
        self.connection.sudo().write({"settlements_read_at": False})
        self.work()
        self.assertEqual(self.moves["booked"].amount_residual, 121.0)

    def stored_settlement(self, key):
        """A payment as this version stored it, of a document that is booked."""
        [row] = [
            row
            for row in earlier_rows(self.version)["accountable_binding"]
            if row["kind"] == "settlement"
        ]
        settlement = {**row["details"]["settlement"], "key": key}
        return {**row, "external_key": key, "details": {"settlement": settlement}}

    def test_settlements_say_what_they_are_and_what_is_to_do(self):
        line = self.payment_line()
        message = self.moves["booked"].message_post(body="A payment waits")
        self.insert(
            "accountable_binding",
            self.of_this_database(
                {**self.stored_settlement("S2"), "number": "to_undo", "res_id": line.id}
            ),
        )
        self.insert(
            "accountable_binding",
            self.of_this_database(
                {
                    **self.stored_settlement("S3"),
                    "number": "failed",
                    "res_model": "mail.message",
                    "res_id": message.id,
                }
            ),
        )
        for _time in range(2):
            migrate(self.env.cr, "19.0.1.3.0", "post-settlement-state")
        self.env.invalidate_all()
        bindings = self.env["accountable.binding"].search([("kind", "=", "settlement")])
        self.assertEqual(
            {
                one.external_key: (one.number, one.settlement_kind, one.settlement_to_do)
                for one in bindings
            },
            {
                "S1": (False, "payment", False),
                "S2": (False, "payment", "undo"),
                "S3": (False, "payment", "book"),
            },
        )
        documents = self.env["accountable.binding"].search([("kind", "=", "document")])
        self.assertTrue(all(documents.mapped("number")))
        states = {one.external_key: one.settlement_state for one in bindings}
        self.assertEqual(states, {"S1": "booked", "S2": "to_undo", "S3": "waiting"})
        # the first reading undoes the one and books the other
        self.books.settlements = [self.payment("S1", "21.00")]
        self.connection.sudo().write({"settlements_read_at": False})
        self.work()
        states = {
            one.external_key: one.settlement_state
            for one in bindings.search([("kind", "=", "settlement")])
        }
        self.assertEqual(states, {"S1": "booked", "S3": "booked"})


class TestVersionBefore(TestEarlierVersion):
    """19.0.1.1.0 worked the mark of its bookings out of the identity of its database each time."""

    version = "19.0.1.1.0"

    def setUp(self):
        [sign_in] = earlier_rows(self.version)["accountable_sign_in"]
        self.identity = sign_in["database_identity"]
        living_there = self.living_in(self.identity)
        living_there.__enter__()
        self.addCleanup(living_there.__exit__, None, None, None)
        self.sign_in.sudo().database_identity = self.identity
        self.marks = set()
        super().setUp()
        migrate(self.env.cr, "19.0.1.2.0", "post-mark")
        self.env.invalidate_all()

    @contextmanager
    def living_in(self, database):
        """As if the database had this identity."""
        with patch.object(
            self.registry["accountable.identity"], "_database", lambda _self: database
        ):
            self.env.invalidate_all()
            yield
        self.env.invalidate_all()

    def of_this_database(self, row):
        content = row.get("content") or (row.get("details") or {}).get("content")
        if content:
            self.marks.add(content["own_reference"].rpartition("-")[0] + "-")
        return super().of_this_database(row)

    def test_the_mark_of_every_booking_is_kept(self):
        documents = self.env["accountable.document"]
        self.assertEqual(self.marks, {documents._own_prefix()})
        self.assertEqual(self.connection.sudo().database_identity, self.identity)
        self.assertEqual(self.connection.copy_state, "original")
        with self.living_in("another/1/2"):
            self.assertEqual(self.connection.copy_state, "copied")
            self.connection.action_is_move()
            self.assertEqual(self.marks, {documents._own_prefix()})
            self.test_only_what_waited_is_sent()

    def test_an_upgrade_of_a_copy_keeps_the_mark_of_the_original(self):
        self.env["ir.config_parameter"].search([("key", "=like", "accountable_connect.%")]).unlink()
        self.connection.sudo().database_identity = False
        with self.living_in("another/1/2"):
            migrate(self.env.cr, "19.0.1.2.0", "post-mark")
            self.env.invalidate_all()
            self.assertEqual(self.connection.copy_state, "copied")
            self.assertEqual(self.marks, {self.env["accountable.document"]._own_prefix()})
            self.connection.action_is_copy()
            self.assertNotEqual(self.marks, {self.env["accountable.document"]._own_prefix()})

    def test_an_upgrade_of_a_copy_without_passwords_asks_and_keeps_the_mark(self):
        """The version before took it for the original: what it sent tells that it is not."""
        self.env["ir.config_parameter"].search([("key", "=like", "accountable_connect.%")]).unlink()
        self.connection.sudo().database_identity = False
        self.sign_in.sudo().database_identity = False
        with self.living_in("another/1/2"):
            migrate(self.env.cr, "19.0.1.2.0", "post-mark")
            self.env.invalidate_all()
            self.assertEqual(self.connection.copy_state, "copied")
            self.connection.action_is_move()
            self.assertEqual(self.connection.copy_state, "original")
            self.assertEqual(self.marks, {self.env["accountable.document"]._own_prefix()})
            self.test_only_what_waited_is_sent()

    def test_an_upgrade_without_passwords_goes_on(self):
        self.env["ir.config_parameter"].search([("key", "=like", "accountable_connect.%")]).unlink()
        self.connection.sudo().database_identity = False
        self.sign_in.sudo().database_identity = False
        migrate(self.env.cr, "19.0.1.2.0", "post-mark")
        self.env.invalidate_all()
        self.assertEqual(self.connection.copy_state, "original")
        self.assertEqual(self.marks, {self.env["accountable.document"]._own_prefix()})

    def test_an_upgrade_twice_changes_nothing(self):
        before = self.env["accountable.document"]._own_prefix()
        migrate(self.env.cr, "19.0.1.2.0", "post-mark")
        self.assertEqual(self.env["accountable.document"]._own_prefix(), before)


class TestItemsOfVersionBefore(EarlierVersionCase):
    """19.0.1.2.0 left an item in every state, some of them said in another way."""

    version = "19.0.1.2.0"
    stored = (
        *EarlierVersionCase.stored,
        ("twice", "A1/2026/3", "v5"),
        ("otherwise", "A1/2026/4", "v7"),
        ("sending", "A1/2026/6", "v9"),
    )
    not_ours = ("adopted", "twice")

    def make_moves(self):
        return super().make_moves() | {
            "twice": self.bill(ref="F-8", amount=900.0, **BILL),
            "otherwise": self.bill(ref="F-6", amount=801.0, **BILL),
            "gone": self.bill(ref="F-7", amount=811.0, **BILL),
            "excluded": self.invoice(620.0, invoice_date=DAY),
            "held": self.invoice(600.0, invoice_date=DAY),
            "sending": self.bill(ref="F-5", amount=700.0, **BILL),
        }

    def job(self, label, operation="document"):
        return self.jobs(self.moves[label], operation)[-1]

    def work_on(self):
        """Several runs, with time between them."""
        self.work()
        for _time in range(2):
            self.settle()

    def test_only_what_waited_is_sent(self):
        self.assertEqual(self.job("held").held_by_id, self.job("unknown"))
        self.work_on()
        own = self.env["accountable.document"]._own_reference
        waited = {own(self.moves[label]) for label in ("waiting", "held")}
        self.assertEqual(len(self.books.booked), len(self.stored) + 2)
        self.assertEqual(set(self.books.booked[len(self.stored) :]), waited)
        changing = {"update_document", "remove_document", "save_party", "attach_file"}
        self.assertFalse(changing & set(self.books.calls))
        waits = {"refused", "twice", "otherwise", "gone"}
        self.assertEqual(
            self.states(),
            dict.fromkeys(self.moves, "done")
            | dict.fromkeys(waits, "failed")
            | {"excluded": "skipped"},
        )

    def test_what_a_person_decides_is_asked_as_before(self):
        questions = {
            label: (
                self.job(label).error_kind,
                self.job(label).error_code,
                self.job(label).question,
            )
            for label in ("twice", "otherwise", "gone", "refused")
        }
        self.assertEqual(
            questions,
            {
                "twice": ("duplicate", "", "same"),
                "otherwise": ("decision", "changed_in_package", "replace"),
                "gone": ("decision", "gone", "anyway"),
                "refused": ("data_refused", "", False),
            },
        )
        self.job("twice").action_adopt()
        self.job("otherwise").action_book_anyway()
        self.job("gone").action_book_anyway()
        self.work_on()
        self.assertEqual({self.job(one).state for one in ("twice", "otherwise", "gone")}, {"done"})
        self.assertTrue(self.bindings(self.moves["twice"]).adopted)
        self.assertEqual(self.books.documents["A1/2026/4"]["stored"].total, Decimal("969.21"))

    def test_a_file_that_was_refused_is_sent_again_only_by_a_person(self):
        job = self.job("bill", "file")
        self.assertEqual(job.tried_files, ["ir.attachment,7"])
        self.assertEqual(list(job.refused_files), ["ir.attachment,7"])
        self.assertFalse(job.content)
        self.assertTrue(self.job("unknown").content and self.job("sending").content)
        self.work_on()
        self.assertFalse(self.books.calls["attach_file"])
        self.assertEqual((job.state, job.error_code), ("failed", "too_large"))
