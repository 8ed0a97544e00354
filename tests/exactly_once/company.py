"""A small company in an Odoo database with posted documents, and its connection with the books of a
package's sandbox."""

import base64
from dataclasses import dataclass

from odoo import Command
from odoo.addons.accountable_connect.documents import PURCHASE, SALE

from tooling.demo.connect import SetUp

NAME = "Fault runs"
START = "2026-01-01"
TAXES = {"21": "attn_VAT-OUT-21-L", "06": "attn_VAT-OUT-06-L"}
PURCHASE_TAX = "attn_VAT-IN-V81-21"
PARTIES = 5
# Every so many documents is a bill, every so many has a file, where the package is to have them.
BILL_EVERY = 4
FILE_EVERY = 5


@dataclass(frozen=True)
class Bills:
    """Where bills and files go with the invoices: journal of purchases and VAT code of 21 %."""

    journal: str
    vat_code: str


class Books:
    """The company with its chart, journals and taxes; ``make`` makes it, else it is there."""

    def __init__(self, env):
        env = env(context={**env.context, "tracking_disable": True})
        self.company = env["res.company"].search([("name", "=", NAME)])
        self._work_in_it(env)

    def _work_in_it(self, env):
        self.env = env(context={**env.context, "allowed_company_ids": self.company.ids})
        self.company = self.company.with_env(self.env)

    def make(self, invoices: int, bills: int) -> None:
        """Make the company and post so many documents of different amounts. Every third invoice has
        lines of two rates."""
        self.company = self.env["res.company"].create(
            {"name": NAME, "country_id": self.env.ref("base.be").id, "vat": "BE0999999031"}
        )
        self.env.user.company_ids += self.company
        self._work_in_it(self.env)
        self.env["account.chart.template"].try_loading("be_comp", self.company, install_demo=False)
        self.env["res.partner"].create(
            [
                {
                    "name": f"{NAME} customer {number} BV",
                    "ref": f"{NAME} {number}",
                    "is_company": True,
                    "country_id": self.env.ref("base.be").id,
                }
                for number in range(PARTIES)
            ]
        )
        values = [self._invoice(number) for number in range(invoices)]
        values += [self._bill(number) for number in range(bills)]
        self.env["account.move"].create(values).action_post()

    @property
    def parties(self):
        """The customers, who are the suppliers too."""
        return self.env["res.partner"].search([("ref", "=like", f"{NAME} %")], order="ref")

    def documents(self, move_type: str):
        """The posted documents of a type, the first posted first."""
        return self.env["account.move"].search(
            [("company_id", "=", self.company.id), ("move_type", "=", move_type)], order="id"
        )

    def journal(self, kind):
        return self.env["account.journal"].search(
            [("company_id", "=", self.company.id), ("type", "=", kind)], limit=1
        )

    def tax(self, name):
        return self.env["account.chart.template"].with_company(self.company).ref(name)

    def _invoice(self, number):
        rates = ("21", "06") if number % 3 == 0 else ("21",)
        journal = self.journal("sale")
        return {
            "move_type": "out_invoice",
            "journal_id": journal.id,
            "partner_id": self.parties[number % PARTIES].id,
            "invoice_date": f"2026-{1 + number % 6:02}-{1 + number % 28:02}",
            "invoice_line_ids": [
                self._line(
                    f"Line {number} at {rate} %",
                    10 + number * 1.01 + float(rate),
                    journal.default_account_id,
                    self.tax(TAXES[rate]),
                )
                for rate in rates
            ],
        }

    def _bill(self, number):
        day = f"2026-{1 + number % 6:02}-{1 + number % 28:02}"
        journal = self.journal("purchase")
        return {
            "move_type": "in_invoice",
            "journal_id": journal.id,
            "partner_id": self.parties[number % PARTIES].id,
            "invoice_date": day,
            "date": day,
            "ref": f"{NAME}-{number}",
            "invoice_line_ids": [
                self._line(
                    f"Goods {number}",
                    20 + number * 1.01,
                    journal.default_account_id,
                    self.tax(PURCHASE_TAX),
                )
            ],
        }

    @staticmethod
    def _line(text, amount, account, tax):
        return Command.create(
            {"name": text, "price_unit": amount, "account_id": account.id, "tax_ids": tax.ids}
        )


class Company(Books):
    """The company in one of the databases, which are copies: ``name`` tells them apart, ``offset``
    keeps their external numbers on one administration apart."""

    def __init__(self, env, name: str, package, offset: int = 0, bills: Bills | None = None):
        super().__init__(env)
        self.name = name
        self.package = package
        self.offset = offset
        self.bills = bills

    def make_connection(self, root: str) -> int:
        """Make sign-in and connection; returns the connection's id. ``let_in`` and ``go_into_use``
        come in transactions of their own, as the tokens are stored in one."""
        return SetUp(self.company).make(self.package.sign_in(root)).id

    def go_into_use(self, connection, root: str):
        """Map; the connection is in use afterwards."""
        connection = connection.with_env(self.env)
        connection.write(
            {
                "administration_key": self.package.sign_in(root).administration,
                "administration_name": "Vandersmissen",
                "settlements_back": False,
                "external_number_offset": self.offset,
            }
        )
        with connection._open_package() as package:
            connection._refresh_master_data(package)
        self._map(connection)
        connection.write({"state": "connected", "step": "done", "start_date": START})

    def queue_documents(self, connection, count: int):
        """Put the first so many documents of the company in the queue, with their files; gives
        them."""
        for number, partner in enumerate(self.parties):
            partner.name = f"{self.name} customer {number} BV"
        bills = self.env["account.move"]
        if self.bills:
            bills = self.documents("in_invoice")[: number_of_bills(count)]
            for number, bill in enumerate(bills):
                bill.ref = f"{self.name}-{number}"
        moves = self.documents("out_invoice")[: count - len(bills)] + bills
        if len(moves) != count:
            raise RuntimeError(f"{len(moves)} documents instead of {count}")
        if self.bills:
            self.env["ir.attachment"].create(
                [self._file(move) for number, move in enumerate(moves) if number % FILE_EVERY == 0]
            )
        self.env["accountable.enqueueing"]._enqueue_for(connection.with_env(self.env), moves)
        return moves

    def _map(self, connection):
        """Only what the documents of this test need, confirmed."""
        journal = self.journal("sale")
        self._confirm(
            connection,
            SALE,
            journal,
            self.package.sales_journal,
            {self.package.vat_codes[code]: self.tax(name) for code, name in TAXES.items()},
        )
        if self.bills:
            self._confirm(
                connection,
                PURCHASE,
                self.journal("purchase"),
                self.bills.journal,
                {self.bills.vat_code: self.tax(PURCHASE_TAX)},
            )

    def _confirm(self, connection, kind, journal, journal_code, taxes):
        codes = {(row.kind, row.code): row.id for row in connection.master_data_ids}
        account = journal.default_account_id
        ledger_account = account.with_company(self.company).code
        rows = [
            {
                "kind": "journal",
                "source_key": f"account.journal,{journal.id}",
                "journal_id": journal.id,
                "document_kind": kind,
                "master_data_id": codes["journal", journal_code],
            },
            {
                "kind": "account",
                "source_key": f"account.account,{account.id}",
                "account_id": account.id,
                "document_kind": "any",
                "master_data_id": codes["ledger_account", ledger_account],
            },
        ]
        rows += [
            {
                "kind": "tax",
                "source_key": f"account.tax,{tax.id}",
                "tax_id": tax.id,
                "document_kind": kind,
                "master_data_id": codes["vat_code", code],
            }
            for code, tax in taxes.items()
        ]
        for row in rows:
            known = connection.mapping_ids.filtered(
                lambda each, row=row: (
                    (each.source_key, each.document_kind)
                    == (row["source_key"], row["document_kind"])
                )
            )
            values = {**row, "state": "confirmed"}
            if known:
                known.write(values)
            else:
                self.env["accountable.mapping"].create({"connection_id": connection.id, **values})

    @staticmethod
    def _file(move):
        """The PDF of an invoice, or what the supplier sent."""
        values = {
            "name": f"{move.id}.pdf",
            "mimetype": "application/pdf",
            "res_model": "account.move",
            "res_id": move.id,
            "datas": base64.b64encode(b"%PDF-1.4 " + str(move.id).encode()),
        }
        if move.is_sale_document():
            values["res_field"] = "invoice_pdf_report_file"
        return values


def number_of_bills(count: int) -> int:
    """How many of so many documents are bills, where the package is to have them."""
    return -(-count // BILL_EVERY)
