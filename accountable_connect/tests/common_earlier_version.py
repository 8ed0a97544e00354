"""A database as an earlier version left it: its rows, stored and migrated."""

import json
from decimal import Decimal

from odoo.addons.accountable_connect.documents import Settlement
from odoo.tools import SQL

from ..api import contract
from ..documents.serial import document_from_values
from .common import ConnectionCase
from .earlier_version import earlier_rows, migrate

DAY = "2026-03-10"
BILL = {"invoice_date": DAY, "invoice_date_due": DAY}

# What a script gives a column that it adds, before Odoo asks for a value in each row.
ADDED_SINCE = {
    "accountable_binding": {"stage": "booked"},
    "accountable_master_data": {"origin": "read"},
}


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
        row = {**row, **ADDED_SINCE.get(table, {})}
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
