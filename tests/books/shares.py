"""Documents with VAT that is divided in unusual ways, booked and compared account by account."""

from decimal import Decimal

from odoo import Command
from odoo.addons.accountable_connect.tests.worked_documents import posted_entry

from tests.books.case import BooksCase
from tooling.books import compare
from tooling.books.figures import SUPPLIERS, VAT_ACCOUNTS, is_vat_account
from tooling.books.odoo_side import OdooSide


class SharesCase(BooksCase):
    """Taxes of a test are made where its documents are posted, before any package is connected, so
    that they get a code as any other."""

    @classmethod
    def tax(cls, name):
        tax = cls.env.ref(f"account.{cls.company.id}_{name}")
        tax.active = True
        return tax

    @classmethod
    def split(cls, name, *parts):
        """A copy of a tax whose VAT is divided, ``(percentage, account code or None)``; None keeps
        account and tags of the line, "" is the cost."""
        tax = cls.tax(name).copy({"name": f"{name} {parts}"})
        for lines in (tax.invoice_repartition_line_ids, tax.refund_repartition_line_ids):
            line = lines.filtered(
                lambda one: one.repartition_type == "tax" and one.factor_percent > 0
            )
            base = lines.filtered(lambda one: one.repartition_type == "base")
            for percentage, code in parts[1:]:
                line.copy(
                    {
                        "factor_percent": percentage,
                        "tag_ids": [Command.set([] if code else base.tag_ids.ids)],
                        "account_id": code and cls.account(code).id,
                    }
                )
            line.factor_percent = parts[0][0]
        return tax

    @classmethod
    def bill(cls, *lines, type_="in_invoice", typed=None, **values):
        """A posted bill. Lines: ``(price, tax, account, deductible percentage)``; ``typed``: VAT of
        the draft's items, ``{account code: amount of debit}``."""
        move = cls.env["account.move"].create(
            {
                "move_type": type_,
                "invoice_date": "2026-03-10",
                "date": "2026-03-10",
                "partner_id": cls.supplier.id,
                "fiscal_position_id": False,
                "invoice_payment_term_id": False,
                "ref": f"{type_} {len(lines)} {values}",
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": f"Line of {price}",
                            "price_unit": price,
                            "deductible_amount": share,
                            "account_id": cls.account(account).id,
                            "tax_ids": [Command.set(tax.ids)],
                        }
                    )
                    for price, tax, account, share in lines
                ],
                **values,
            }
        )
        for code, amount in (typed or {}).items():
            item = move.line_ids.filtered(
                lambda one, code=code: one.tax_line_id and one.account_id.code == code
            )
            move.write({"line_ids": [Command.update(item.id, {"amount_currency": amount})]})
        move.action_post()
        return move

    def book(self, moves):
        """Book documents and compare; ``(comparison, {move: booking})``."""
        self.confirm_accounts_of(moves)
        self.export_all(moves)
        comparison = self.compare(moves)
        self.assert_agrees(comparison)
        self.assert_names(comparison)
        return comparison, self.booked(moves)

    def confirm_accounts_of(self, moves):
        self.confirm_accounts(
            self.connection,
            moves.line_ids.account_id.filtered(
                lambda one: (
                    one.account_type not in ("asset_receivable", "liability_payable")
                    and not is_vat_account(one.code, self.country_code)
                )
            ),
        )

    def booked(self, moves):
        """``{move: booking}``; the sandbox holds those of the other tests as well."""
        bindings = self.env["accountable.binding"].search(
            [("kind", "=", "document"), ("res_id", "in", moves.ids)]
        )
        keys = {binding.external_key: moves.browse(binding.res_id) for binding in bindings}
        return {keys[one.key]: one for one in self.bookings() if one.key in keys}

    def compare(self, moves):
        return compare.compare(
            OdooSide(self.connection).bookings(moves), self.booked(moves).values()
        )

    def named(self, comparison, move):
        return {
            one.name: {box: amount for box, amount in one.boxes.items() if amount}
            for one in comparison.differences
            if one.document == move.name
        }

    def assert_accounts_equal(self, move, booking):
        """Account by account as in Odoo, VAT accounts as a group."""
        expected = {}
        for code, amount in posted_entry(move).items():
            name = (
                SUPPLIERS if code == "440000" else (VAT_ACCOUNTS if is_vat_account(code) else code)
            )
            expected[name] = expected.get(name, Decimal(0)) + amount
        found = {name: amount for name, amount in booking.accounts.items() if amount}
        self.assertEqual(found, {name: amount for name, amount in expected.items() if amount})
