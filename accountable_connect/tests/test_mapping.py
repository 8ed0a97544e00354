from unittest.mock import patch

import psycopg2
from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..api.counterparts import Counterparts
from ..documents import MasterItem
from ..models.master_data import proposal
from ..models.master_data.mapping_rows import MappingRows
from .common_setup import SetUpCommon


@tagged("post_install", "-at_install", "post_install_l10n")
class TestMapping(SetUpCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.connection = cls.mapped_connection()
        cls.rows = cls.connection.mapping_ids

    def row(self, name, document_kind):
        return self.rows.filtered(
            lambda row: row.tax_id == self.tax(name) and row.document_kind == document_kind
        )

    def counterpart(self, code):
        return self.connection.master_data_ids.filtered(lambda item: item.code == code)

    def test_one_row_for_each_tax_and_kind(self):
        taxes = self.env["account.tax"].search(
            [
                ("company_id", "=", self.company.id),
                ("type_tax_use", "in", ("sale", "purchase")),
                ("amount_type", "!=", "group"),
            ]
        )
        rows = self.rows.filtered(lambda row: row.kind == "tax" and row.tax_id)
        self.assertEqual(len(rows), 2 * len(taxes))
        without_tax = self.rows.filtered(lambda row: row.source_key == "account.tax,0")
        self.assertEqual(
            set(without_tax.mapped("document_kind")),
            {"sale", "sale_refund", "purchase", "purchase_refund"},
        )
        self.assertTrue(all(without_tax.mapped("without_code")))
        self.assertEqual(set(without_tax.mapped("state")), {"proposed"})

    def test_proposing_twice_adds_nothing_and_keeps_what_is_confirmed(self):
        row = self.row("OUT-21-L", "sale")
        row.master_data_id = self.counterpart("12")
        count = len(self.rows)
        self.connection.action_propose_mappings()
        self.assertEqual(len(self.connection.mapping_ids), count)
        self.assertEqual((row.state, row.master_data_id.code), ("confirmed", "12"))

    def test_master_data_is_prepared_once_for_all_rows(self):
        for rows in (self.rows.filtered(lambda row: row.kind == "account")[:1], self.rows):
            with patch.object(proposal, "Counterparts", wraps=Counterparts) as prepared:
                self.env["accountable.proposal"]._propose(rows)
            self.assertEqual(prepared.call_count, len(set(rows.mapped("counterpart_kind"))))

    def queries_of_screens(self):
        """What each step of the form, the list and the picker cost a manager, by name."""
        connection = self.connection.with_user(self.manager)
        shown = {"display_name": {}}
        columns = {
            **dict.fromkeys(
                (
                    *(
                        "boxes",
                        "certain",
                        "counterpart_kind",
                        "declared_on_payment",
                        "document_kind",
                    ),
                    *("due_on_payment", "enabled", "hold_later", "kind", "note", "reason"),
                    *("other_counterpart_kind", "recoverable_share", "score", "source_name"),
                    *("attention", "state", "warning", "without_code"),
                ),
                {},
            ),
            "connection_id": {"fields": shown},
            "master_data_id": {"fields": shown},
        }
        order = "attention, kind, tax_id, account_id, source_key, id"
        rows = {"fields": columns, "limit": 100, "order": order}
        counts = ("mapping_sentence", "invalid_count", "has_tax_due_on_payment")
        of_step = {
            "journals": {"journal_mapping_ids": rows},
            "vat_codes": {"tax_mapping_ids": rows},
            "ledger_accounts": {"account_mapping_ids": rows},
            "summary": {"summary": {}, "decisions": {}},
        }
        screens = {
            step: (step, lambda lists=lists: connection.web_read(dict.fromkeys(counts, {}) | lists))
            for step, lists in of_step.items()
        }
        mappings = connection.env["accountable.mapping"]
        taxes = [("kind", "=", "tax")]
        screens["list"] = "done", lambda: mappings.web_search_read(taxes, columns, limit=80)
        master_data = connection.env["accountable.master.data"]
        of_accounts = [("kind", "=", "ledger_account"), ("connection_id", "=", connection.id)]
        screens["picker"] = "done", lambda: master_data.name_search("61", of_accounts, limit=8)
        found = {}
        for name, (step, show) in screens.items():
            self.connection.sudo().step = step
            show()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            show()
            found[name] = self.env.cr.sql_log_count - before
        return found

    def test_screens_cost_no_more_queries_with_more_rows(self):
        self.rows.filtered(lambda row: row.kind in ("account", "tax") and row._is_answered())[
            ::2
        ].action_confirm()
        few = self.queries_of_screens()
        numbers = range(40)
        self.package.items += [
            MasterItem(kind="ledger_account", code=f"6190{one}", name=f"Kosten {one}", details={})
            for one in numbers
        ]
        self.connection._refresh_master_data(self.package)
        accounts = self.env["account.account"].create(
            [
                {"name": f"Kosten {one}", "code": f"6191{one}", "account_type": "expense"}
                for one in numbers
            ]
        )
        rows = self.connection._ensure_mapping_rows("account", accounts)
        rows[:20].action_confirm()
        taxes = self.tax("IN-V81-21").browse()
        for number in numbers:
            taxes |= self.tax("IN-V81-21").copy({"name": f"Other {number}"})
        self.connection._ensure_mapping_rows("tax", taxes, "purchase")
        for screen, queries in self.queries_of_screens().items():
            # another page has other records beside its rows; one query each would be forty
            self.assertLess(queries, few[screen] + 5, screen)

    def test_a_proposal_says_why_and_waits_for_a_yes(self):
        row = self.row("OUT-21-L", "sale")
        self.assertEqual((row.master_data_id.code, row.state), ("21", "proposed"))
        self.assertEqual(row.reason, "Same code 21")
        self.assertIn("Same rate 21 %", self.row("IN-V81-21", "purchase").reason)
        self.assertGreater(row.score, 60)
        row.action_confirm()
        self.assertEqual(row.state, "confirmed")
        self.assertFalse(row.reason)

    def test_what_a_person_chose_or_is_gone_is_no_certain_proposal(self):
        row, other = self.row("OUT-21-L", "sale"), self.row("OUT-12-L", "sale")
        self.assertTrue(row.certain)
        self.assertTrue(other.certain)
        row.with_user(self.manager).master_data_id = other.master_data_id
        self.assertFalse(row.certain)
        self.package.replace(other.master_data_id.code, gone=True)
        self.connection._refresh_master_data(self.package)
        self.assertFalse(other.master_data_id)
        self.assertFalse(other.certain)

    def test_a_proposal_that_is_none_any_more_goes(self):
        row = self.row("OUT-21-L", "sale")
        self.assertTrue(row.certain)
        with patch.object(type(self.env["accountable.proposal"]), "_find", lambda *_args: None):
            row.action_propose()
        self.assertFalse(row.master_data_id or row.reason or row.certain)
        self.assertEqual((row.state, row.attention), ("proposed", "1_choose"))

    def test_choosing_by_hand_confirms(self):
        row = self.row("OUT-00-ROW", "sale")
        row.master_data_id = self.counterpart("00")
        self.assertEqual(row.state, "confirmed")
        row.master_data_id = False
        self.assertEqual(row.state, "proposed")
        row.without_code = True
        self.assertEqual(row.state, "confirmed")
        row.master_data_id = self.counterpart("EXP")
        self.assertFalse(row.without_code)

    def test_nothing_is_confirmed_without_an_answer(self):
        row = self.row("OUT-21-L", "sale")
        row.write({"master_data_id": False, "state": "proposed"})
        with self.assertRaises(UserError):
            row.action_confirm()
        with self.assertRaises(ValidationError):
            row.state = "confirmed"

    def test_a_counterpart_of_another_kind_is_refused(self):
        with self.assertRaises(ValidationError):
            self.row("OUT-21-L", "sale").master_data_id = self.counterpart("V1")

    def test_a_payment_term_without_counterpart_is_not_to_be_confirmed(self):
        connection = self.connection
        connection.step = "done"
        before = connection.invalid_count
        term = self.env["account.payment.term"].create({"name": "Barter"})
        row = self.env["accountable.mapping"].create(
            {
                "connection_id": connection.id,
                "kind": "payment_term",
                "payment_term_id": term.id,
                "document_kind": "any",
            }
        )
        self.assertEqual(connection.invalid_count, before)
        row.sudo().write({"state": "broken"})
        self.assertEqual(connection.invalid_count, before + 1)

    def test_a_confirmed_row_frees_what_waited_for_it(self):
        freed = []
        connections = self.env.registry["accountable.connection"]
        with patch.object(connections, "_cause_removed", lambda self, cause: freed.append(cause)):
            row = self.row("OUT-21-L", "sale")
            row.action_confirm()
        self.assertEqual(freed, [row])

    def test_a_journal_that_is_off_is_valid(self):
        row = self.rows.filtered(
            lambda row: row.kind == "journal" and row.document_kind == "purchase"
        )[0]
        row.master_data_id = False
        self.assertFalse(row._is_valid())
        row.enabled = False
        self.assertTrue(row._is_valid())

    def test_invoices_and_credit_notes_each_have_their_journal(self):
        codes = {
            row.document_kind: row.master_data_id.code
            for row in self.rows
            if row.kind == "journal" and row.journal_id.code == "INV"
        }
        self.assertEqual(codes, {"sale": "V1", "sale_refund": "V2"})

    def test_boxes_and_share_beside_the_code(self):
        row = self.row("IN-V81-21-CC", "purchase")
        self.assertEqual(row.boxes, "81 87 | 56 59")
        self.assertEqual(self.row("IN-V82-CAR-EXC", "purchase").recoverable_share, 50)

    def test_warning_when_class_and_account_do_not_fit(self):
        expense = self.env["account.account"].search(
            [("code", "=like", "61%"), ("company_ids", "in", self.company.ids)], limit=1
        )
        [row] = self.connection._ensure_mapping_rows("account", expense)
        row.master_data_id = self.counterpart("612000")
        self.assertFalse(row.warning)
        row.master_data_id = self.counterpart("600000")
        self.assertIn("81", row.warning)
        tax_row = self.row("IN-V81-21", "purchase")
        tax_row.master_data_id = self.counterpart("D21")
        self.assertIn("82", tax_row.warning)

    def test_a_missing_row_is_added_once(self):
        inactive = self.tax("OUT-21-S")
        self.assertFalse(self.row("OUT-21-S", "sale"))
        rows = self.connection._ensure_mapping_rows("tax", inactive, "sale")
        self.assertEqual((rows.source_key, rows.state), (f"account.tax,{inactive.id}", "proposed"))
        self.assertEqual(rows.master_data_id.code, "21")
        self.assertEqual(self.connection._ensure_mapping_rows("tax", inactive, "sale"), rows)

    def test_the_precheck_leads_to_a_row_that_was_missing(self):
        expense = self.env["account.account"].search(
            [("code", "=like", "61%"), ("company_ids", "in", self.company.ids)], limit=1
        )
        problems = []
        rows = MappingRows(self.connection)
        self.env["accountable.code.resolver"]._resolve_account(rows, expense, problems)
        row = self.env["accountable.mapping"].browse(problems[0].cause_id)
        self.assertEqual((problems[0].cause_model, row.account_id), (row._name, expense))
        self.assertEqual((problems[0].code, row.state), ("account_not_mapped", "proposed"))

    def test_accounts_of_journals_and_discounts_are_there(self):
        rows = self.rows.filtered(lambda row: row.kind == "account").sorted("id")
        accounts = rows.account_id
        self.assertIn(self.company_data["default_journal_sale"].default_account_id, accounts)
        self.assertIn(self.company.account_journal_early_pay_discount_loss_account_id, accounts)
        self.assertNotIn(self.company_data["default_account_receivable"], accounts)
        codes = accounts.mapped("code")
        self.assertEqual(codes, sorted(codes), "they are listed by number")

    def test_accounts_of_roundings_and_of_what_is_sold_first_are_there(self):
        """Accounts that no document has yet, and Odoo puts on the first one."""
        company = self.company
        names = ("profit", "loss", "discount", "default", "product", "cost", "abroad", "unused")
        made = self.env["account.account"].create(
            [
                {"name": name, "code": f"79910{number}", "account_type": "income"}
                for number, name in enumerate(names)
            ]
        )
        by_name = dict(zip(names, made, strict=True))
        self.env["account.cash.rounding"].create(
            {
                "name": "Cash",
                "rounding": 0.05,
                "strategy": "add_invoice_line",
                "profit_account_id": by_name["profit"].id,
                "loss_account_id": by_name["loss"].id,
            }
        )
        company.account_discount_income_allocation_id = by_name["discount"]
        company.income_account_id = by_name["default"]
        self.env["product.product"].create(
            {
                "name": "Chair",
                "property_account_income_id": by_name["product"].id,
                "property_account_expense_id": by_name["cost"].id,
            }
        )
        self.env["account.fiscal.position"].create(
            {
                "name": "Abroad",
                "company_id": company.id,
                "account_ids": [
                    Command.create(
                        {
                            "account_src_id": by_name["product"].id,
                            "account_dest_id": by_name["abroad"].id,
                        }
                    )
                ],
            }
        )
        self.connection.action_propose_mappings()
        rows = self.connection.account_mapping_ids
        self.assertEqual(rows.account_id & made, made - by_name["unused"])

    def test_no_cost_centres_no_analytic_rows(self):
        self.assertNotIn("analytic_account", self.rows.mapped("kind"))
        self.assertIn("payment_term", self.rows.mapped("kind"))

    def test_terms_that_count_otherwise_are_not_those_with_as_many_days(self):
        rows = {}
        next_month, on_the = "days_after_end_of_next_month", "days_end_of_month_on_the"
        for delay_type in ("days_after", next_month, on_the):
            line = {"value": "percent", "value_amount": 100, "nb_days": 30}
            term = self.env["account.payment.term"].create(
                {
                    "name": "Barter",
                    "line_ids": [Command.create({**line, "delay_type": delay_type})],
                }
            )
            row = self.connection._ensure_mapping_rows("payment_term", term)
            rows[delay_type] = row.master_data_id.code, row.certain
        self.assertEqual(
            rows,
            {
                "days_after": ("30", True),
                next_month: (False, False),
                on_the: (False, False),
            },
        )

    def test_confirming_all_proposals_of_a_step(self):
        self.connection.step = "vat_codes"
        ready = self.connection.ready_count
        self.assertGreater(ready, 20)
        self.connection.action_confirm_mappings()
        self.assertEqual((self.connection.ready_count, self.connection.valid_count), (0, ready))
        journals = self.rows.filtered(lambda row: row.kind == "journal")
        self.assertNotIn("confirmed", journals.mapped("state"))

    @mute_logger("odoo.sql_db")
    def test_the_database_keeps_one_row(self):
        values = {
            "connection_id": self.connection.id,
            "kind": "tax",
            "tax_id": self.tax("OUT-21-L").id,
            "document_kind": "sale",
        }
        with self.assertRaises(psycopg2.errors.UniqueViolation), self.cr.savepoint():
            self.env["accountable.mapping"].create(values)

    def test_rows_of_one_counterpart_are_confirmed_in_one_write(self):
        taxes = self.rows.filtered(lambda row: row.kind == "tax" and row.tax_id)[:9]
        codes = self.connection.master_data_ids.filtered(lambda item: item.kind == "vat_code")
        taxes.write({"master_data_id": codes[0].id})
        self.assertEqual(len(taxes), 9)
        model = self.registry["accountable.mapping"]
        with patch.object(model, "write", autospec=True, side_effect=model.write) as write:
            taxes._keep_meaning()
        self.assertEqual(write.call_count, 1)
