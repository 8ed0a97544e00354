"""A small company in an Odoo database, connected with the books of a package's sandbox."""

import base64
from dataclasses import dataclass

from odoo import Command
from odoo.addons.accountable_connect.documents import PURCHASE, SALE

from tooling.demo.connect import SetUp

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


class Company:
    """``offset`` keeps the external numbers of two databases on one administration apart."""

    def __init__(self, env, name: str, package, offset: int = 0, bills: Bills | None = None):
        self.package = package
        self.bills = bills
        self.env = env(context={**env.context, "tracking_disable": True})
        self.name = name
        self.offset = offset

    def build(self, root: str) -> int:
        """Make company, sign-in and connection; returns the connection's id. ``let_in`` and
        ``go_into_use`` come in transactions of their own, as the tokens are stored in one."""
        company = self.env["res.company"].create(
            {"name": self.name, "country_id": self.env.ref("base.be").id, "vat": "BE0999999031"}
        )
        self.env.user.company_ids += company
        self.env = self.env(context={**self.env.context, "allowed_company_ids": company.ids})
        self.company = company.with_env(self.env)
        self.env["account.chart.template"].try_loading("be_comp", company, install_demo=False)
        return SetUp(self.company).make(self.package.sign_in(root)).id

    def go_into_use(self, connection, root: str):
        """Map; the connection is in use afterwards."""
        self.company = connection.company_id
        self.env = self.env(context={**self.env.context, "allowed_company_ids": self.company.ids})
        self.company, connection = self.company.with_env(self.env), connection.with_env(self.env)
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

    def _map(self, connection):
        """Only what the documents of this test need, confirmed."""
        self.journal = self._journal("sale")
        self.taxes = {code: self._tax(name) for code, name in TAXES.items()}
        self.account = self.journal.default_account_id
        self._confirm(
            connection,
            SALE,
            self.journal,
            self.package.sales_journal,
            self.account,
            {self.package.vat_codes[code]: tax for code, tax in self.taxes.items()},
        )
        if self.bills:
            self.purchases, self.purchase_tax = self._journal("purchase"), self._tax(PURCHASE_TAX)
            self._confirm(
                connection,
                PURCHASE,
                self.purchases,
                self.bills.journal,
                self.purchases.default_account_id,
                {self.bills.vat_code: self.purchase_tax},
            )

    def _journal(self, kind):
        return self.env["account.journal"].search(
            [("company_id", "=", self.company.id), ("type", "=", kind)], limit=1
        )

    def _tax(self, name):
        return self.env["account.chart.template"].with_company(self.company).ref(name)

    def _confirm(self, connection, kind, journal, journal_code, account, taxes):
        codes = {(row.kind, row.code): row.id for row in connection.master_data_ids}
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

    def post_documents(self, count: int) -> list[int]:
        """Post so many documents of different amounts; returns their ids. Every third invoice has
        lines of two rates."""
        partners = self.env["res.partner"].create(
            [
                {
                    "name": f"{self.name} customer {number} BV",
                    "is_company": True,
                    "country_id": self.env.ref("base.be").id,
                }
                for number in range(PARTIES)
            ]
        )
        moves = self.env["account.move"].create(
            [
                self._bill(number, partners[number % PARTIES])
                if self.bills and number % BILL_EVERY == 0
                else self._invoice(number, partners[number % PARTIES])
                for number in range(count)
            ]
        )
        if self.bills:
            self.env["ir.attachment"].create(
                [self._file(move) for number, move in enumerate(moves) if number % FILE_EVERY == 0]
            )
        moves.action_post()
        return moves.ids

    def _invoice(self, number, partner):
        rates = ("21", "06") if number % 3 == 0 else ("21",)
        return {
            "move_type": "out_invoice",
            "journal_id": self.journal.id,
            "partner_id": partner.id,
            "invoice_date": f"2026-{1 + number % 6:02}-{1 + number % 28:02}",
            "invoice_line_ids": [
                self._line(
                    f"Line {number} at {rate} %",
                    10 + number * 1.01 + float(rate),
                    self.account,
                    self.taxes[rate],
                )
                for rate in rates
            ],
        }

    def _bill(self, number, partner):
        day = f"2026-{1 + number % 6:02}-{1 + number % 28:02}"
        return {
            "move_type": "in_invoice",
            "journal_id": self.purchases.id,
            "partner_id": partner.id,
            "invoice_date": day,
            "date": day,
            "ref": f"{self.name}-{number}",
            "invoice_line_ids": [
                self._line(
                    f"Goods {number}",
                    20 + number * 1.01,
                    self.purchases.default_account_id,
                    self.purchase_tax,
                )
            ],
        }

    @staticmethod
    def _line(text, amount, account, tax):
        return Command.create(
            {"name": text, "price_unit": amount, "account_id": account.id, "tax_ids": tax.ids}
        )

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
