"""What the precheck says about a document, rule by rule, without any call."""

from datetime import date

from odoo import Command
from odoo.tests import tagged

from ..api.contract import Capabilities
from ..models.document.periods import Periods
from ..models.document.precheck_facts import TYPES_WITH_TAXES
from ..models.sentence import in_language
from .common import ConnectionCase


@tagged("post_install", "post_install_l10n", "-at_install")
class TestPrecheck(ConnectionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template = cls.env["account.chart.template"].with_company(cls.company)
        cls.company.vat = "BE0999999031"
        cls.dutch = cls.env["res.partner"].create(
            {
                "name": "Klant uit Nederland",
                "is_company": True,
                "country_id": cls.env.ref("base.nl").id,
            }
        )

    def tax(self, name):
        tax = self.template.ref(f"attn_VAT-{name}")
        if not tax.active:
            tax.active = True
            self.env["accountable.mapping"].sudo().create(
                {
                    "connection_id": self.connection.id,
                    "kind": "tax",
                    "tax_id": tax.id,
                    "master_data_id": self.mapping("tax", self.sale_tax).master_data_id.id,
                    "state": "confirmed",
                }
            )
        return tax

    def check(self, move, capabilities=None):
        """``({blocking codes}, {warning codes})``."""
        if capabilities:
            type(self).books.capabilities = capabilities
        problems = self.connection._precheck(move)[move.id]
        for problem in problems:
            self.assertTrue(problem.message)
            self.assertTrue(self.env[problem.cause_model].browse(problem.cause_id).exists())
        blocking = {problem.code for problem in problems if problem.blocking}
        return blocking, {problem.code for problem in problems if not problem.blocking}

    def mapping(self, kind, record, document_kind="any"):
        return self.env["accountable.mapping"].search(
            [
                ("connection_id", "=", self.connection.id),
                ("kind", "=", kind),
                ("source_key", "=", f"{record._name},{record.id or 0}"),
                ("document_kind", "=", document_kind),
            ]
        )

    def period(self, month, closed=False, year="2026", journals=()):
        self.master_item(
            "period",
            f"{year}-{month}",
            date_from=f"{year}-{month:02}-01",
            date_to=f"{year}-{month:02}-28",
            closed=closed,
            book_year=year,
            closed_journals=list(journals),
        )

    # Nothing to say

    def test_good_document(self):
        self.assertEqual(self.check(self.invoice()), (set(), set()))
        self.assertEqual(self.check(self.invoice(move_type="in_invoice")), (set(), set()))

    def test_lines_with_taxes_are_those_that_people_enter(self):
        lines = self.env["account.move"]._fields["invoice_line_ids"]
        self.assertEqual(lines.domain, [("display_type", "in", TYPES_WITH_TAXES)])

    def test_draft(self):
        blocking, _warnings = self.check(self.invoice(post=False))
        self.assertEqual(blocking, {"not_posted"})

    def test_what_is_closed_is_not_said_to_be_open(self):
        for month, last, closed in ((1, 31, 0), (2, 28, 0), (3, 31, 1), (4, 30, 0), (5, 31, 1)):
            self.master_item(
                "period",
                f"2026-{month}",
                date_from=f"2026-{month:02}-01",
                date_to=f"2026-{month:02}-{last}",
                closed=bool(closed),
                book_year="2026",
            )
        sentence = Periods(self.connection).sentence_closed(date(2026, 3, 10), "")
        self.assertEqual(
            in_language(self.env, sentence),
            "The period of March 2026 is closed in the administration. Open periods are in:"
            " January 2026 – February 2026, April 2026.",
        )

    # Mappings

    def test_mappings(self):
        """Not mapped, to confirm and broken, for each kind of mapping, all at once."""
        move = self.invoice()
        account = move.invoice_line_ids.account_id
        for state, reason in (("proposed", "not_confirmed"), ("broken", "broken")):
            rows = (
                self.mapping("journal", move.journal_id, "sale")
                | self.mapping("tax", self.sale_tax)
                | self.mapping("account", account)
            )
            self.assertEqual(len(rows), 3)
            rows.sudo().write({"state": state})
            blocking, _warnings = self.check(move)
            self.assertEqual(blocking, {f"journal_{reason}", f"tax_{reason}", f"account_{reason}"})
        causes = {
            (problem.cause_model, problem.cause_id)
            for problem in self.connection._precheck(move)[move.id]
        }
        self.assertEqual(causes, {("accountable.mapping", row.id) for row in rows})
        rows.unlink()
        blocking, _warnings = self.check(move)
        self.assertEqual(blocking, {"journal_not_mapped", "tax_not_mapped", "account_not_mapped"})

    def test_account_that_may_not_be_booked_on_says_so_before_anybody_confirmed(self):
        """Its row has nothing to confirm, or an account of the same group: neither helps."""
        move = self.invoice()
        account = move.invoice_line_ids.account_id
        row = self.mapping("account", account)
        other = self.master_item("ledger_account", "451199")
        row.sudo().master_data_id.details = {"bookable": False}
        for counterpart in (False, other.id):
            row.sudo().write({"master_data_id": counterpart, "state": "proposed"})
            with self.subTest(counterpart=counterpart):
                [problem] = self.connection._precheck(move)[move.id]
                self.assertEqual((problem.code, problem.cause_id), ("account_unusable", row.id))
                self.assertIn("no line of a document may be booked on it", problem.message)
        row.master_data_id = other
        self.assertEqual(self.check(move), (set(), set()))
        row.unlink()
        [problem] = self.connection._precheck(move)[move.id]
        self.assertEqual(problem.code, "account_unusable")
        self.assertEqual(problem.cause_id, self.mapping("account", account).id)

    def test_no_tax_is_mapped_like_a_tax(self):
        move = self.invoice(tax=[])
        self.assertEqual(self.check(move)[0], {"tax_not_mapped"})
        # the check added the row; choosing "no code" in it confirms it
        row = self.env["accountable.mapping"].search(
            [("connection_id", "=", self.connection.id), ("source_key", "=", "account.tax,0")]
        )
        self.assertEqual((row.document_kind, row.state), ("sale", "proposed"))
        row.without_code = True
        self.assertEqual(self.check(move), (set(), set()))
        document = self.env["accountable.precheck"]._build_and_check(self.connection, move)[
            move.id
        ][0]
        self.assertIsNone(document.lines[0].vat_code)

    def test_journal_switched_off(self):
        move = self.invoice()
        self.mapping("journal", move.journal_id, "sale").enabled = False
        self.assertEqual(self.check(move)[0], {"journal_not_sent"})

    # Does it go?

    def test_kinds_switched_off(self):
        sale, bill = self.invoice(), self.invoice(move_type="in_invoice")
        refund = self.invoice(move_type="out_refund")
        receipt = self.invoice(move_type="out_receipt")
        self.connection.write({"send_sale_refunds": False, "send_receipts": False})
        self.assertEqual(self.check(refund)[0], {"kind_not_sent"})
        self.assertEqual(self.check(receipt)[0], {"kind_not_sent"})
        self.assertEqual(self.check(sale)[0], set())
        self.connection.send_purchases = False
        self.assertEqual(self.check(bill)[0], {"kind_not_sent"})

    def test_start_date_and_opening_items(self):
        move = self.invoice(invoice_date="2026-03-10")
        self.connection.start_date = "2026-03-11"
        self.assertEqual(self.check(move)[0], {"before_start_date"})
        self.connection.start_date = "2026-03-10"
        self.assertEqual(self.check(move)[0], set())
        self.connection.opening_items_until = "2026-03-10"
        self.assertEqual(self.check(move)[0], {"opening_item"})

    def test_other_company(self):
        other = self.setup_other_company()["company"]
        move = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "company_id": other.id,
                "partner_id": self.partner_b.id,
                "invoice_date": "2026-03-10",
                "invoice_line_ids": [
                    Command.create({"name": "x", "price_unit": 5, "tax_ids": [Command.clear()]})
                ],
            }
        )
        move.action_post()
        self.assertIn("other_company", self.check(move)[0])

    # Periods

    def test_closed_period(self):
        self.period(3, closed=True)
        self.period(4)
        sale = self.invoice(invoice_date="2026-03-10")
        self.assertEqual(self.check(sale)[0], {"period_closed"})
        self.assertEqual(self.check(self.invoice(invoice_date="2026-04-10"))[0], set())

    def test_closed_period_in_the_language_of_who_looks(self):
        self.env["res.lang"]._activate_lang("nl_BE")
        self.period(3, closed=True)
        move = self.invoice(invoice_date="2026-03-10")
        connection = self.connection.with_context(lang="nl_BE")
        messages = [problem.message for problem in connection._precheck(move)[move.id]]
        self.assertIn("is afgesloten in het dossier", messages[0])

    def test_no_period(self):
        self.period(3)
        self.period(4)
        move = self.invoice(invoice_date="2025-03-10")
        self.assertEqual(self.check(move)[0], {"period_closed"})
        [problem] = self.connection._precheck(move)[move.id]
        self.assertIn("03/01/2026 – 04/28/2026", problem.message)

    def test_late_bill_goes_to_the_first_open_period(self):
        self.period(3, closed=True)
        self.period(4, closed=True)
        self.period(5)
        bill = self.invoice(move_type="in_invoice", invoice_date="2026-03-10")
        bill_date = bill.date
        document, problems = self.env["accountable.precheck"]._build_and_check(
            self.connection, bill
        )[bill.id]
        self.assertEqual(problems, [])
        self.assertEqual(document.document_date.isoformat(), "2026-03-10")
        self.assertEqual(document.accounting_date.isoformat(), "2026-05-01")
        self.assertEqual(bill.date, bill_date)
        self.connection.late_bills_to_open_period = False
        self.assertEqual(self.check(bill)[0], {"period_closed"})

    def test_late_bill_is_not_shifted_over_a_year_end(self):
        self.period(12, closed=True, year="2025")
        self.period(1, year="2026")
        bill = self.invoice(move_type="in_invoice", invoice_date="2025-12-10")
        self.assertEqual(self.check(bill)[0], {"period_closed"})

    def test_period_closed_for_one_journal(self):
        self.period(3, journals=["V1"])
        self.assertEqual(self.check(self.invoice(invoice_date="2026-03-10"))[0], {"period_closed"})
        refund = self.invoice(move_type="out_refund", invoice_date="2026-03-10")
        self.assertEqual(self.check(refund)[0], set())

    # Rounding

    def test_cash_rounding_on_the_biggest_tax(self):
        rounding = self.env["account.cash.rounding"].create(
            {
                "name": "5 cents",
                "rounding": 0.05,
                "rounding_method": "HALF-UP",
                "strategy": "biggest_tax",
            }
        )
        move = self.invoice(9.98, invoice_cash_rounding_id=rounding)
        self.assertEqual(self.check(move)[0], {"cash_rounding_on_tax"})

    def test_rounding_per_line(self):
        self.company.tax_calculation_rounding_method = "round_per_line"
        self.assertEqual(self.check(self.invoice()), (set(), {"rounding_per_line"}))
        bill = self.invoice(move_type="in_invoice")
        self.assertEqual(self.check(bill), (set(), set()))

    # VAT

    def test_collective_party_for_private_customers(self):
        """One relation stands for all who have no number; a company keeps its own."""
        sundry = self.env["res.partner"].create({"name": "Diverse klanten"})
        self.connection.write(
            {"collective_private_party": True, "collective_partner_id": sundry.id}
        )
        private = self.env["res.partner"].create({"name": "An", "is_company": False})
        for partner, expected in ((private, sundry), (self.partner_a, self.partner_a)):
            move = self.invoice(partner=partner)
            document = self.env["accountable.precheck"]._build_and_check(self.connection, move)[
                move.id
            ][0]
            self.assertEqual(document.party.external_number, expected.id)
        self.connection.external_number_offset = 1000
        document = self.env["accountable.precheck"]._build_and_check(self.connection, move)[
            move.id
        ][0]
        self.assertEqual(document.party.external_number, self.partner_a.id + 1000)

    def test_country_of_the_vat(self):
        move = self.invoice()
        dutch = Capabilities(consecutive_numbers=True, vat_countries=frozenset({"NL"}))
        self.assertEqual(self.check(move, dutch)[0], {"vat_country"})

    def test_intra_community_sale_wants_a_number(self):
        for name in ("OUT-00-EU-L", "OUT-00-EU-S", "OUT-00-EU-T"):
            move = self.invoice(tax=self.tax(name), partner=self.dutch)
            self.dutch.vat = False
            self.assertEqual(self.check(move)[0], {"european_number_missing"}, name)
            self.dutch.vat = "NL123456782B90"
            self.assertEqual(self.check(move)[0], set(), name)
        domestic = self.invoice(tax=self.tax("OUT-00-EU-L"))
        self.assertEqual(self.check(domestic)[0], {"european_number_missing"})

    def test_co_contractor_wants_a_domestic_number(self):
        move = self.invoice(tax=self.tax("OUT-00-CC"))
        self.assertEqual(self.check(move)[0], set())
        self.partner_a.vat = False
        self.assertEqual(self.check(move)[0], {"domestic_number_missing"})
        refund = self.invoice(tax=self.tax("OUT-00-CC"), move_type="out_refund")
        self.assertEqual(self.check(refund)[0], {"domestic_number_missing"})

    def test_export_wants_no_number(self):
        move = self.invoice(tax=self.tax("OUT-00-ROW"), partner=self.dutch)
        self.assertEqual(self.check(move), (set(), set()))

    def test_business_without_number_is_missing_in_the_listing(self):
        self.partner_a.write({"vat": False, "is_company": True})
        self.assertEqual(self.check(self.invoice()), (set(), {"listing_number_missing"}))
        self.partner_a.is_company = False
        self.assertEqual(self.check(self.invoice()), (set(), set()))

    def test_supplier_without_number(self):
        self.partner_a.vat = False
        bill = self.invoice(move_type="in_invoice")
        self.assertEqual(self.check(bill), (set(), {"supplier_without_number"}))

    def test_code_family_counts_before_the_boxes(self):
        """A Dutch tax has other boxes; the family of the mapped code says what it is."""
        code = (
            self.env["accountable.master.data"]
            .sudo()
            .search([("connection_id", "=", self.connection.id), ("code", "=", "21")])
        )
        code.details = {"family": "intra_goods"}
        self.assertEqual(self.check(self.invoice())[0], {"european_number_missing"})

    # Accounts and the document itself

    def test_class_of_the_account(self):
        bill = self.invoice(move_type="in_invoice", tax=self.tax("IN-V83-21"))
        row = self.mapping("account", bill.invoice_line_ids.account_id).sudo()
        row.master_data_id = self.master_item("ledger_account", "613000", vat_box="82")
        row.state = "confirmed"
        self.assertEqual(self.check(bill), (set(), {"account_class"}))
        row.master_data_id.details = {"vat_box": "83"}
        self.assertEqual(self.check(bill), (set(), set()))

    def test_cost_centre_required(self):
        move = self.invoice()
        account = self.mapping("account", move.invoice_line_ids.account_id).sudo().master_data_id
        account.details = {"cost_centre_required": True}
        self.assertEqual(self.check(move)[0], {"cost_centre_missing"})

    def test_zero_total(self):
        move = self.invoice(0)
        self.assertEqual(self.check(move)[0], set())
        refuses = Capabilities(consecutive_numbers=True, zero_total=False)
        self.assertEqual(self.check(move, refuses)[0], {"zero_total"})

    def test_possible_duplicate(self):
        first = self.invoice(move_type="in_invoice", ref="2026/17", invoice_date="2026-03-10")
        second = self.invoice(
            move_type="in_invoice", ref="2026/17", invoice_date="2026-03-10", post=False
        )
        self.assertEqual(self.check(first)[1], {"possible_duplicate"})
        second.unlink()
        first.invalidate_recordset()
        self.assertEqual(self.check(first)[1], set())

    def test_tax_typed_over_on_one_side_of_a_reverse_charge(self):
        bill = self.invoice(move_type="in_invoice", tax=self.tax("IN-V82-21-CC"), post=False)
        owed = bill.line_ids.filtered(lambda item: item.tax_repartition_line_id.factor_percent < 0)
        bill.write({"line_ids": [Command.update(owed.id, {"amount_currency": -25})]})
        bill.action_post()
        self.assertEqual(self.check(bill)[0], {"reverse_charge_differs"})

    def test_many_documents_few_queries(self):
        """The queries of a batch do not grow with its documents."""
        moves = self.env["account.move"]
        for _number in range(12):
            moves |= self.invoice()
        few, many = moves[:2], moves[2:]
        self.connection._precheck(moves)
        counts = []
        for batch in (few, many):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.connection._precheck(batch)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0], counts)
