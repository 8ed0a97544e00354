"""A small company in an Odoo database, connected with the books of a package's sandbox."""

from odoo import Command
from odoo.addons.accountable_connect.documents import SALE

from tooling.demo.connect import SetUp

START = "2026-01-01"
TAXES = {"21": "attn_VAT-OUT-21-L", "06": "attn_VAT-OUT-06-L"}


class Company:
    """``offset`` keeps the external numbers of two databases on one administration apart."""

    def __init__(self, env, name: str, package, offset: int = 0):
        self.package = package
        self.env = env(context={**env.context, "tracking_disable": True})
        self.name = name
        self.offset = offset

    def build(self, root: str) -> int:
        """Make company, sign-in and connection; returns the connection's id. ``go_into_use`` comes
        in a transaction of its own, as the tokens are stored in one."""
        company = self.env["res.company"].create(
            {"name": self.name, "country_id": self.env.ref("base.be").id, "vat": "BE0999999031"}
        )
        self.env.user.company_ids += company
        self.env = self.env(
            context={**self.env.context, "allowed_company_ids": company.ids}
        )
        self.company = company.with_env(self.env)
        self.env["account.chart.template"].try_loading("be_comp", company, install_demo=False)
        return SetUp(self.company).make(self.package.sign_in(root)).id

    def go_into_use(self, connection, root: str):
        """Sign in and map; the connection is in use afterwards."""
        self.company = connection.company_id
        self.env = self.env(context={**self.env.context, "allowed_company_ids": self.company.ids})
        self.company, connection = self.company.with_env(self.env), connection.with_env(self.env)
        self.package.let_in(connection.sign_in_id, root)
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
        codes = {
            (row.kind, row.code): row.id for row in connection.master_data_ids
        }
        self.journal = self.env["account.journal"].search(
            [("company_id", "=", self.company.id), ("type", "=", "sale")], limit=1
        )
        self.taxes = {
            code: self.env["account.chart.template"].with_company(self.company).ref(name)
            for code, name in TAXES.items()
        }
        self.account = self.journal.default_account_id
        ledger_account = self.account.with_company(self.company).code
        rows = [
            {"kind": "journal", "source_key": f"account.journal,{self.journal.id}",
             "journal_id": self.journal.id, "document_kind": SALE,
             "master_data_id": codes["journal", self.package.sales_journal]},
            {"kind": "account", "source_key": f"account.account,{self.account.id}",
             "account_id": self.account.id, "document_kind": "any",
             "master_data_id": codes["ledger_account", ledger_account]},
        ]
        rows += [
            {"kind": "tax", "source_key": f"account.tax,{tax.id}", "tax_id": tax.id,
             "document_kind": SALE, "master_data_id": codes["vat_code", code]}
            for code, tax in ((self.package.vat_codes[name], tax)
                              for name, tax in self.taxes.items())
        ]
        for row in rows:
            known = connection.mapping_ids.filtered(
                lambda each, row=row: (each.source_key, each.document_kind)
                == (row["source_key"], row["document_kind"])
            )
            values = {**row, "state": "confirmed"}
            if known:
                known.write(values)
            else:
                self.env["accountable.mapping"].create({"connection_id": connection.id, **values})

    def post_invoices(self, count: int, parties: int = 5) -> list[int]:
        """Post so many sales invoices of different amounts; returns their ids."""
        partners = self.env["res.partner"].create(
            [
                {"name": f"{self.name} customer {number} BV", "is_company": True,
                 "country_id": self.env.ref("base.be").id}
                for number in range(parties)
            ]
        )
        moves = self.env["account.move"].create(
            [
                {
                    "move_type": "out_invoice",
                    "journal_id": self.journal.id,
                    "partner_id": partners[number % parties].id,
                    "invoice_date": f"2026-{1 + number % 6:02}-{1 + number % 28:02}",
                    "invoice_line_ids": [
                        Command.create(
                            {"name": f"Line {number}", "price_unit": 10 + number * 1.01,
                             "account_id": self.account.id,
                             "tax_ids": self.taxes["21" if number % 3 else "06"].ids}
                        )
                    ],
                }
                for number in range(count)
            ]
        )
        moves.action_post()
        return moves.ids
