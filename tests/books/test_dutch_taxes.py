"""Every tax of the Dutch chart: booked right by a package with Dutch books, refused in words by one
that books Belgian VAT only."""

from odoo import Command
from odoo.addons.account.tests.common import AccountTestInvoicingCommon
from odoo.tests import tagged

from tests.books.case import BooksCase, PerPackage
from tests.books.direct import Direct
from tooling.packages import SERVICES, load

BASES = (100.00, 333.37)
TYPES = {"sale": ("out_invoice", "out_refund"), "purchase": ("in_invoice", "in_refund")}


class DutchTaxes:
    """A document for each tax, kind and base."""

    @classmethod
    def switched_on(cls):
        """All that the chart has, switched on."""
        names = (
            cls.env["ir.model.data"]
            .sudo()
            .search(
                [
                    ("model", "=", "account.tax"),
                    ("name", "=like", f"{cls.env.company.id}\\_btw\\_%"),
                ]
            )
        )
        taxes = (
            cls.env["account.tax"]
            .with_context(active_test=False)
            .search(
                [("id", "in", names.mapped("res_id")), ("type_tax_use", "in", ("sale", "purchase"))]
            )
        )
        assert len(taxes) > 30
        taxes.active = True
        return taxes

    @classmethod
    def post(cls, taxes, bases, partner):
        accounts = {
            "sale": cls.company_data["default_account_revenue"],
            "purchase": cls.company_data["default_account_expense"],
        }
        moves = cls.env["account.move"].create(
            [
                {
                    "move_type": type_,
                    "invoice_date": "2026-03-10",
                    "date": "2026-03-10",
                    "partner_id": partner(tax).id,
                    "fiscal_position_id": False,
                    "ref": f"{tax.name} {type_} {tax.id} {base}",
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "name": tax.name,
                                "price_unit": base,
                                "tax_ids": [Command.set(tax.ids)],
                                "account_id": accounts[tax.type_tax_use].id,
                            }
                        )
                    ],
                }
                for tax in taxes
                for type_ in TYPES[tax.type_tax_use]
                for base in bases
            ]
        )
        moves.action_post()
        return moves


@tagged("post_install", "post_install_l10n", "-at_install")
class TestDutchTaxesRefused(PerPackage, DutchTaxes, AccountTestInvoicingCommon):
    """By a package without Dutch books."""

    country_code = "NL"
    packages = [package for package in map(load, SERVICES) if not package.of_country("NL")]

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids += cls.env.ref("accountable_connect.group_manager")
        cls.moves = cls.post(cls.switched_on(), BASES[:1], lambda _tax: cls.partner_a)

    def connection(self):
        """Nothing listens at this address: a single call would fail."""
        wanted = self.package.sign_in("http://127.0.0.1:9")
        sign_in = self.env["accountable.sign.in"].create(
            {"name": self.package.title, **wanted.values, "package": self.package.name}
        )
        connections = self.env["accountable.connection"].sudo()
        return connections.create(
            {
                "sign_in_id": sign_in.id,
                "company_id": self.env.company.id,
                "administration_key": wanted.administration,
                "start_date": "2026-01-01",
            }
        )

    def test_every_tax_is_refused_in_words(self):
        refused = Direct(self.connection()).check(self.moves)
        self.assertEqual(set(refused), set(self.moves))
        for move, problems in refused.items():
            with self.subTest(move.ref, package=self.package.name):
                self.assertIn("Netherlands", " ".join(problem.message for problem in problems))


@tagged("post_install", "post_install_l10n", "-at_install")
class TestDutchTaxes(DutchTaxes, BooksCase):
    """By a package with Dutch books."""

    country_code = "NL"

    @classmethod
    def post_every_tax(cls):
        return cls.post(cls.switched_on(), BASES, cls._partner)

    @classmethod
    def _partner(cls, tax):
        if tax.type_tax_use == "purchase":
            return cls.supplier
        return cls.abroad if "EU" in tax.name else cls.customer

    def test_every_tax(self):
        self.export_all(self.posted)
        comparison = self.comparison(self.posted)
        self.assert_agrees(comparison)
        self.assert_names(comparison)
