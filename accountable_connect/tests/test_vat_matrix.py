"""Every tax of the Belgian and the Dutch chart, as invoice and as credit note.

The neutral lines must give back the posted entry account by account; the credit notes whose
template swaps or mixes VAT accounts differ among those accounts only, and by name.
"""

from decimal import Decimal

from odoo import Command
from odoo.addons.account.tests.common import AccountTestInvoicingCommon
from odoo.tests import tagged

from .common_documents import BelgianDocumentsCommon, DocumentsCommon
from .worked_documents import by_vat_group, posted_entry, rebuilt_entry

BASES = (1000.00, 333.37)
# Credit notes of the Belgian template that Odoo posts on other VAT accounts than an accountant.
NAMED_DIFFERENCES = {
    "attn_VAT-IN-V82-21-EU-G-D50": "D1",
    "attn_VAT-IN-V82-21-EU-G-D35": "D1",
    "attn_VAT-IN-V82-21-EU-S-D50": "D1",
    "attn_VAT-IN-V82-21-EU-G-D35-ALRD-IN-BE": "D1",
    "attn_VAT-IN-V82-CAR-EXC": "D2",
    "attn_VAT-IN-V82-D35": "D2",
    "attn_VAT-IN-V82-D85": "D2",
}


class VatMatrix:
    """Posts one document for each tax, sort of document and base."""

    @classmethod
    def post_matrix(cls, partner):
        taxes = (
            cls.env["account.tax"]
            .with_context(active_test=False)
            .search([("company_id", "=", cls.company.id)], order="id")
        )
        template_ids = taxes.get_external_id()
        cls.names = {
            tax.id: template_ids[tax.id].partition(".")[2].removeprefix(f"{cls.company.id}_")
            for tax in taxes
            # The common class of Odoo's tests makes copies of its own; they have no external id.
            if template_ids[tax.id] and tax.type_tax_use in ("sale", "purchase")
        }
        taxes = taxes.browse(cls.names)
        taxes.active = True
        cls.matrix_taxes = taxes
        cases = [
            (tax, move_type, base)
            for tax in taxes
            for move_type in (
                ("out_invoice", "out_refund")
                if tax.type_tax_use == "sale"
                else ("in_invoice", "in_refund")
            )
            for base in BASES
        ]
        moves = cls.env["account.move"].create(
            [cls.matrix_values(partner, *case) for case in cases]
        )
        cls.post(moves)
        cls.cases = [
            (cls.names[tax.id], base, move)
            for (tax, _type, base), move in zip(cases, moves, strict=True)
        ]
        cls.built = cls.build(moves)

    @classmethod
    def matrix_values(cls, partner, tax, move_type, base):
        account = (
            cls.company_data["default_account_revenue"]
            if move_type.startswith("out")
            else cls.company_data["default_account_expense"]
        )
        return {
            "move_type": move_type,
            "partner_id": partner.id,
            "invoice_date": "2026-03-10",
            "date": "2026-03-10",
            "fiscal_position_id": False,
            "invoice_payment_term_id": False,
            "invoice_line_ids": [
                Command.create(
                    {
                        "name": tax.name,
                        "quantity": 1,
                        "price_unit": base,
                        "account_id": account.id,
                        "tax_ids": [Command.set(tax.ids)],
                    }
                )
            ],
        }

    def vat_accounts(self):
        """``{account code: group}`` of the accounts the taxes' repartition lines name."""
        raise NotImplementedError

    def third(self, move):
        return move.line_ids.filtered(
            lambda item: item.display_type == "payment_term"
        ).account_id.code


@tagged("post_install", "post_install_l10n", "-at_install")
class TestBelgianVatMatrix(VatMatrix, BelgianDocumentsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.post_matrix(cls.customer)

    def test_every_tax_is_here(self):
        self.assertEqual(len(self.matrix_taxes), 88)
        self.assertEqual(len(self.cases), 88 * 2 * len(BASES))

    def test_rebuilt_entry(self):
        for name, base, move in self.cases:
            with self.subTest(name, type=move.move_type, base=base):
                posted = by_vat_group(posted_entry(move))
                rebuilt = by_vat_group(rebuilt_entry(self.built[move.id], self.third(move)))
                if name in NAMED_DIFFERENCES and move.move_type == "in_refund":
                    self.assertNotEqual(rebuilt, posted)
                    self.assertEqual(by_vat_group(rebuilt, ("4",)), by_vat_group(posted, ("4",)))
                else:
                    self.assertEqual(rebuilt, posted)

    def test_invoice_and_credit_note_mirror_each_other(self):
        """In the neutral form every credit note undoes its invoice, D1 and D2 included."""
        figures = {}
        for name, base, move in self.cases:
            document = self.built[move.id]
            (line,) = document.lines
            figures.setdefault((name, base), set()).add(
                (
                    line.base,
                    line.vat_invoiced,
                    line.vat_owed,
                    line.vat_deductible,
                    line.recoverable_share,
                    document.total,
                )
            )
        self.assertEqual({key for key, found in figures.items() if len(found) != 1}, set())

    def test_one_code_for_each_line(self):
        for name, _base, move in self.cases:
            self.assertEqual([line.vat_code for line in self.built[move.id].lines], [name])


@tagged("post_install", "post_install_l10n", "-at_install")
class TestDutchVatMatrix(VatMatrix, DocumentsCommon):
    @classmethod
    @AccountTestInvoicingCommon.setup_country("nl")
    def setUpClass(cls):
        super().setUpClass()
        cls.post_matrix(cls.partner_a)

    def test_rebuilt_entry(self):
        """Dutch VAT stands on an account for each rate: compared per sort of VAT as one."""
        accounts = self.matrix_taxes.invoice_repartition_line_ids.account_id
        accounts |= self.matrix_taxes.refund_repartition_line_ids.account_id
        vat_codes = set(accounts.mapped("code"))
        self.assertGreater(len(self.cases), 60)
        for name, base, move in self.cases:
            with self.subTest(name, type=move.move_type, base=base):
                posted = self.vat_as_one(posted_entry(move), vat_codes)
                rebuilt = rebuilt_entry(self.built[move.id], self.third(move), "VAT", "VAT")
                self.assertEqual(self.vat_as_one(rebuilt, vat_codes), posted)

    def vat_as_one(self, entry, vat_codes):
        total = Decimal(0)
        others = {}
        for account, amount in entry.items():
            if account in vat_codes or account == "VAT":
                total += amount
            else:
                others[account] = amount
        return {**others, "VAT": total} if total else others
