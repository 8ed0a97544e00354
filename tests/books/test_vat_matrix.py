"""Every tax of the Belgian chart through each package: booked right, or refused in words."""

from odoo import Command
from odoo.tests import tagged

from tests.books.case import BooksCase
from tooling.packages import with_ledger

BASES = (250.00, 333.37)  # half a cent at 85 %, an odd cent at 35 and 50 %
TYPES = {"sale": ("out_invoice", "out_refund"), "purchase": ("in_invoice", "in_refund")}
ACCOUNTS = {"V81": "604000", "V82": "613310", "V83": "240000"}
# Which names the comparison may use, and for which taxes: nothing else may differ.
NAMES = {
    "D1": {
        "IN-V82-21-EU-G-D50",
        "IN-V82-21-EU-G-D35",
        "IN-V82-21-EU-S-D50",
        "IN-V82-21-EU-G-D35-ALRD-IN-BE",
    },
    "D4": {"IN-V82-21-ROW-CC", "IN-V82-12-ROW-CC", "IN-V82-06-ROW-CC"},
    "D6": {"IN-V82-21-EU-S-D50"},
    "D7": {"IN-V83-277-ROW-CC"},
}


@tagged("post_install", "post_install_l10n", "-at_install")
class TestVatMatrix(BooksCase):
    packages = with_ledger()

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.taxes = cls._belgian_taxes()

    @classmethod
    def by_hand(cls, package):
        by_hand = package.chosen_by_hand
        return {tax: by_hand[name] for tax, name in cls.taxes.items() if name in by_hand}

    @classmethod
    def after_connecting(cls, books):
        cls.confirm_accounts(
            books.connection,
            cls.env["account.account"].concat(*(cls.account(code) for code in ACCOUNTS.values())),
        )

    @classmethod
    def _belgian_taxes(cls):
        """``{tax: end of its external id}`` of all 88, switched on."""
        prefix = f"{cls.company.id}_attn_"
        names = (
            cls.env["ir.model.data"]
            .sudo()
            .search([("model", "=", "account.tax"), ("name", "=like", f"{prefix}%")])
        )
        taxes = {
            cls.env["account.tax"].browse(name.res_id): name.name.removeprefix(prefix).removeprefix(
                "VAT-"
            )
            for name in names
        }
        cls.env["account.tax"].concat(*taxes).active = True
        return taxes

    @classmethod
    def _account(cls, tax, name):
        """An account of the class that the tax is for: packages may take box 81, 82 or 83 of it."""
        if tax.type_tax_use == "sale":
            return cls.company_data["default_account_revenue"]
        # One tax names no class, and posts in box 82.
        return cls.account(
            next(
                (code for box, code in ACCOUNTS.items() if f"-{box}-" in f"-{name}-"),
                ACCOUNTS["V82"],
            )
        )

    @classmethod
    def post_every_tax(cls):
        cases = [
            (tax, name, type_, base)
            for tax, name in cls.taxes.items()
            for type_ in TYPES[tax.type_tax_use]
            for base in BASES
        ]
        moves = cls.env["account.move"].create(
            [
                {
                    "move_type": type_,
                    "invoice_date": "2026-03-10",
                    "date": "2026-03-10",
                    "partner_id": cls._partner(name, type_).id,
                    "ref": f"{name} {type_} {base}",
                    "fiscal_position_id": False,
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "name": name,
                                "price_unit": base,
                                "tax_ids": [Command.set(tax.ids)],
                                "account_id": cls._account(tax, name).id,
                            }
                        )
                    ],
                }
                for tax, name, type_, base in cases
            ]
        )
        moves.action_post()
        return moves

    @classmethod
    def _partner(cls, name, type_):
        if name.startswith("OUT-00-EU"):
            return cls.abroad
        return cls.customer if type_.startswith("out") else cls.supplier

    def test_every_tax(self):
        self.assertEqual(len(self.taxes), 88)
        moves = self.posted
        self.assertEqual(len(moves), 352)
        self.export_all(moves)
        comparison = self.comparison(moves)
        self.assert_agrees(comparison)
        names = {move.name: move.ref.split()[0] for move in moves}
        for difference in comparison.differences:
            with self.subTest(difference.name, document=difference.document):
                if difference.name in NAMES:
                    self.assertIn(names[difference.document], NAMES[difference.name])
        self.assertEqual(self.assert_names(comparison), self.expected.matrix_names)
