"""Documents of a few lines each, and what a package would book of them."""

from odoo import Command

from .common_documents import BelgianDocumentsCommon
from .worked_documents import by_vat_group, posted_entry, rebuilt_entry


class CasesCommon(BelgianDocumentsCommon):
    def post_one(self, kind, *lines, **values):
        """Post a document; a line is ``(price, tax or "", account, other values)``."""
        is_sale = kind.startswith("out")
        move = self.env["account.move"].create(
            {
                "move_type": kind,
                "partner_id": (self.customer if is_sale else self.supplier).id,
                "invoice_date": "2026-03-10",
                "date": "2026-03-10",
                "fiscal_position_id": False,
                "invoice_payment_term_id": False,
                "invoice_line_ids": [Command.create(self.line(is_sale, *line)) for line in lines],
                **values,
            }
        )
        move.action_post()
        return move

    def line(self, is_sale, price, tax, account, more=None):
        if tax is None:
            return {"display_type": account, "name": price}
        taxes = tax
        if isinstance(tax, str):
            kind = "sale" if is_sale else "purchase"
            taxes = self.env["account.tax"].union(
                *(self.books.tax(name, kind) for name in tax.split("+") if name)
            )
        return {
            "name": f"Line of {price}",
            "price_unit": price,
            "quantity": 1,
            "account_id": self.books.account(account).id,
            "tax_ids": [Command.set(taxes.ids)],
            **(more or {}),
        }

    def amounts(self, document):
        return [
            (line.ledger_account, line.vat_code, line.base, line.vat_invoiced)
            for line in document.lines
        ]

    def assert_rebuilt(self, document, move):
        third = "400000" if document.is_sale else "440000"
        self.assertEqual(
            by_vat_group(rebuilt_entry(document, third)), by_vat_group(posted_entry(move))
        )
