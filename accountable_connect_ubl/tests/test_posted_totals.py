"""The e-invoice asks for what was posted, to the cent, whatever the document."""

from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from odoo import Command
from odoo.addons.accountable_connect.tests.worked_documents import WorkedBooks, load
from odoo.tests import tagged

from ..api.reading import amount_at, head_of, tree_of
from .common_documents import DeliveryCase

# Worked documents that we wrote and of which there is no e-invoice, with what is said of them.
NO_E_INVOICE = {
    # deposits and advanced costs without any tax
    "S38": "Each invoice line should have at least one tax. It is about: S38 line 2.",
    "S47": "Each invoice line should have at least one tax. It is about: S47 line 2.",
    "S48": "is a receipt",
}
EU_TAXES = {"00-EU-L", "00-EU-S", "00-EU-T"}
TAXES = ("21-L", "12-L", "06-L", "00-L", "00-CC", "21-S", "06-S")


class TotalsCase(DeliveryCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.connection.ubl_pdf_allowed = False

    def assert_asks_for_what_was_posted(self, move):
        delivery = self.delivery(move)
        root = tree_of(delivery.files[0].content)
        total = Decimal(f"{move.amount_total:.2f}")
        self.assertEqual(delivery.total, total)
        self.assertEqual(amount_at(root, "{*}LegalMonetaryTotal/{*}PayableAmount"), total)
        self.assertEqual(amount_at(root, "{*}LegalMonetaryTotal/{*}PrepaidAmount"), 0)
        self.assertEqual(head_of(root).total, total)
        rounding = amount_at(root, "{*}LegalMonetaryTotal/{*}PayableRoundingAmount") or 0
        self.assertEqual(sum(one.base + one.vat for one in delivery.vat_totals), total - rounding)


class BooksWithAbroad(WorkedBooks):
    """The same documents; what goes to another Member State has a customer there."""

    abroad = None

    def _values(self, document):
        values = super()._values(document)
        if any(EU_TAXES & set(line["taxes"]) for line in document["lines"]):
            values["partner_id"] = self.abroad.id
        return values


class TestWorkedDocuments(TotalsCase):
    def test_worked_documents(self):
        worked = BooksWithAbroad(self.company, self.partner_a, self.partner_b)
        worked.abroad = self.env["res.partner"].create(
            {
                "name": "Klant in Nederland",
                "is_company": True,
                "street": "Damrak 1",
                "zip": "1012 LG",
                "city": "Amsterdam",
                "country_id": self.env.ref("base.nl").id,
                "vat": "NL123456782B90",
                "company_registry": "12345678",
            }
        )
        documents, _control = load()
        moves = worked.post_all(documents)
        refused = {}
        for id_, move in moves.items():
            own = move.is_sale_document(include_receipts=True) or move.journal_id.is_self_billing
            if not own:
                continue
            with self.subTest(id_):
                _delivery, problems = self.delivered(move)
                blocking = [one for one in problems if one.blocking]
                if blocking:
                    refused[id_] = " / ".join(f"{one.code} {one.message}" for one in blocking)
                else:
                    self.assert_asks_for_what_was_posted(move)
        self.assertEqual(set(refused), set(NO_E_INVOICE), refused)
        for id_, message in refused.items():
            self.assertIn(NO_E_INVOICE[id_], message)

    def test_originals_of_worked_documents(self):
        """Base and VAT of a scan, by category, are those of the posted entry."""
        worked = WorkedBooks(self.company, self.partner_a, self.partner_b)
        documents, _control = load()
        bills = [one for one in documents if one["kind"].startswith("purchase")]
        for id_, move in worked.post_all(bills).items():
            if move.journal_id.is_self_billing:
                continue
            self.attach(move)
            with self.subTest(id_):
                delivery = self.delivery(move)
                total = sum(one.base + one.vat for one in delivery.vat_totals)
                self.assertEqual(total, delivery.total)


@tagged("post_install", "post_install_l10n", "-at_install")
class TestRandomDocuments(TotalsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        template = cls.env["account.chart.template"].with_company(cls.company)
        cls.taxes = [template.ref(f"attn_VAT-OUT-{name}") for name in TAXES]
        for tax in cls.taxes:
            tax.active = True
        cls.discount = cls.env["account.payment.term"].create(
            {
                "name": "2 % in 8 days",
                "early_discount": True,
                "discount_percentage": 2,
                "discount_days": 8,
                "early_pay_discount_computation": "mixed",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 100, "nb_days": 30})
                ],
            }
        )

    amounts = st.decimals(min_value=Decimal("0.01"), max_value=Decimal(5000), places=2)
    lines = st.lists(
        st.tuples(
            amounts,
            st.sampled_from([1, 2, 3, 7, 0.5, 1.25, 12]),
            st.sampled_from([0, 0, 0, 5, 10, 33.33]),
            st.sampled_from(range(len(TAXES))),
            st.booleans(),
        ),
        min_size=1,
        max_size=6,
    )

    @settings(
        max_examples=40,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(
        lines=lines,
        move_type=st.sampled_from(["out_invoice", "out_refund"]),
        rounding=st.sampled_from(["round_globally", "round_per_line"]),
        discount=st.booleans(),
    )
    def test_random_documents(self, lines, move_type, rounding, discount):
        self.company.tax_calculation_rounding_method = rounding
        # the first line is never taken back, so that something is owed
        move = self.env["account.move"].create(
            {
                "move_type": move_type,
                "partner_id": self.partner_a.id,
                "invoice_date": self.today,
                "invoice_payment_term_id": self.discount.id if discount else False,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": f"Line {place}",
                            "quantity": -quantity if back and place else quantity,
                            "price_unit": float(price),
                            "discount": percent,
                            "tax_ids": [Command.set(self.taxes[tax].ids)],
                        }
                    )
                    for place, (price, quantity, percent, tax, back) in enumerate(lines)
                ],
            }
        )
        if move.amount_total <= 0:
            return
        move.action_post()
        self.assert_asks_for_what_was_posted(move)
