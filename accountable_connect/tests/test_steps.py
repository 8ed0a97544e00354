"""The steps of the set-up: which are skipped, where Continue, Back and Change lead."""

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..api.contract import Administration
from ..api.errors import TemporaryError
from ..documents import MasterItem
from ..models.master_data.mapping_attention import CERTAIN, CHECK, CHOOSE, DECIDED, OPTIONAL, REMARK
from .common_setup import SetUpCommon, stored_party
from .earlier_version import migrate


class StepsCommon(SetUpCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.tax_calculation_rounding_method = "round_globally"
        cls.sign_in.sudo().state = "valid"

    def setUp(self):
        super().setUp()
        self.connection = self.new_connection(
            administration_key=False, administration_name=False
        ).with_user(self.manager)

    def make_certain(self, rows):
        """As a proposal that needs no second look."""
        rows = rows.sudo().filtered(lambda row: row.state == "proposed")
        code = {"tax": "21", "journal": "V1", "account": "700000", "payment_term": "30"}
        for row in rows.filtered(lambda row: not row._is_answered()):
            counterpart = row.connection_id.master_data_ids.filtered(
                lambda item, row=row: item.code == code[row.kind]
            )
            row.write({"master_data_id": counterpart.id, "state": "proposed"})
        rows.write({"certain": True, "state": "proposed"})
        # what is said of these counterparts is no matter here
        self.patch(
            type(self.env["accountable.mapping.remark"]), "_find", lambda self, row, decide: ""
        )
        rows._look_again()

    def decide_all(self, but=()):
        """Propose everything, and leave nothing to decide except in these kinds."""
        connection = self.connection
        connection.action_choose_administration()
        connection.action_refresh_master_data()
        connection.action_propose_mappings()
        self.make_certain(connection.mapping_ids.filtered(lambda row: row.kind not in but))
        # what is proposed stays so while the steps are walked
        proposals = type(self.env["accountable.proposal"])
        self.patch(proposals, "_propose", lambda self, rows: None)

    def row(self, kind, number=0):
        return self.connection.mapping_ids.filtered(lambda row: row.kind == kind)[number]


@tagged("post_install", "-at_install", "post_install_l10n")
class TestSteps(StepsCommon):
    def test_only_the_start_date_is_asked_where_nothing_else_is_to_decide(self):
        self.decide_all()
        action = self.connection.action_continue()
        self.assertEqual(
            (action["res_model"], action["res_id"]),
            (
                "accountable.connection",
                self.connection.id,
            ),
        )
        self.assertEqual(self.connection.step, "start")
        self.assertTrue(self.connection.start_date)
        self.assertEqual(self.connection.action_next_step(), True)
        self.assertEqual(self.connection.step, "summary")
        self.assertTrue(self.connection.can_start, self.connection.summary)

    def test_it_is_left_and_taken_up_where_a_person_is_needed(self):
        self.decide_all(but=("tax",))
        self.connection.action_continue()
        self.assertEqual(self.connection.step, "vat_codes")
        self.connection.action_continue()
        self.assertEqual(self.connection.step, "vat_codes", "somebody has to decide here")
        self.make_certain(self.connection.mapping_ids)
        self.connection.action_continue()
        self.assertEqual(self.connection.step, "start")

    def test_continue_leaves_what_is_not_decided(self):
        self.decide_all(but=("tax",))
        self.connection.action_continue()
        self.connection.action_next_step()
        self.assertEqual(self.connection.step, "start")
        self.connection.action_next_step()
        self.assertIn("VAT codes", str(self.connection.summary))
        self.assertTrue(self.connection.can_start, "documents that use them wait")

    def test_a_yellow_checklist_is_read_once(self):
        self.company.tax_calculation_rounding_method = "round_per_line"
        self.decide_all()
        self.connection.action_continue()
        self.assertEqual(self.connection.step, "checklist")
        self.connection.action_next_step()
        self.assertEqual(self.connection.step, "start")

    def test_a_red_checklist_stays_in_front(self):
        self.company.account_fiscal_country_id = self.env.ref("base.us")
        self.decide_all()
        self.connection.action_next_step()
        self.assertEqual(self.connection.step, "checklist")
        [entry] = self.connection.checklist.values()
        self.assertEqual(entry["level"], "danger")
        action = entry["action"]
        self.assertEqual((action["res_model"], action["res_id"]), ("res.company", self.company.id))
        self.company.account_fiscal_country_id = self.env.ref("base.be")
        self.connection.action_next_step()
        self.assertEqual(self.connection.step, "start")

    def test_continue_tests_the_sign_in(self):
        self.sign_in.sudo().state = "new"
        self.package.error = TemporaryError("timeout")
        self.connection.action_next_step()
        self.assertEqual(self.connection.step, "checklist")
        self.assertIn("cannot be reached", self.connection.problem)
        self.package.error = None
        self.connection.action_next_step()
        self.assertEqual(self.sign_in.state, "valid")
        self.assertNotEqual(self.connection.step, "checklist")

    def test_administrations_to_choose_from(self):
        self.package.administrations = [Administration(key="1", name="Andere")]
        self.connection.action_continue()
        self.assertEqual(self.connection.step, "administration")
        self.connection.action_next_step()
        self.assertEqual(self.connection.step, "administration")
        self.assertIn("Choose an administration", self.connection.problem)

    def test_another_company_of_the_office_finds_its_administration(self):
        """Though the administrations of the sign-in were listed before."""
        self.connection.action_choose_administration()
        self.connection.administration_id = False
        self.connection.action_next_step()
        self.assertEqual(self.connection.administration_key, "70123")

    def test_doubtful_contacts_are_decided(self):
        self.env["res.partner"].create({"name": "Jan Peeters", "customer_rank": 1})
        self.package.parties = [stored_party("2", "jan  péeters")]
        self.decide_all()
        self.connection.action_continue()
        self.assertEqual(self.connection.step, "contacts")
        self.connection.doubtful_contact_ids.action_refuse()
        self.connection.action_continue()
        self.assertEqual(self.connection.step, "start")

    def test_contacts_that_could_not_be_read_are_no_contacts_to_skip(self):
        self.decide_all()
        self.walk_to(self.connection, "administration")
        self.package.error = TemporaryError("timeout")
        self.connection.action_next_step()
        self.assertEqual(self.connection.step, "contacts")
        self.assertTrue(self.connection.problem)

    def test_change_leads_back_and_continue_to_the_summary(self):
        self.decide_all()
        self.walk_to(self.connection, "summary")
        changes = [
            entry["action_call"]
            for entry in self.connection.decisions.values()
            if "action_call" in entry
        ]
        steps = {choice[1] for model, method, choice in changes}
        self.assertEqual(
            steps,
            {"checklist", "administration", "journals", "vat_codes", "ledger_accounts"}
            | {"contacts", "start"},
        )
        for model, method, choice in changes:
            with self.subTest(step=choice[1]):
                getattr(self.env[model].with_user(self.manager), method)(choice)
                self.assertEqual(self.connection.step, choice[1], "it stays open")
                self.connection.action_next_step()
                self.assertEqual(self.connection.step, "summary")

    def test_change_leads_to_no_step_that_was_not_reached(self):
        connections = self.env["accountable.connection"].with_user(self.manager)
        connections.change_step([self.connection.id, "summary"])
        connections.change_step([self.connection.id, "done"])
        self.assertEqual(self.connection.step, "checklist")

    def test_back_leads_to_a_step_that_was_skipped(self):
        self.decide_all()
        self.connection.action_continue()
        self.connection.action_previous_step()
        self.assertEqual(self.connection.step, "contacts")
        self.connection.action_previous_step()
        self.assertEqual(self.connection.step, "ledger_accounts")
        self.connection.action_next_step()
        self.assertEqual(self.connection.step, "summary", "the start date was seen")

    def test_the_start_confirms_what_is_certain_and_nothing_else(self):
        self.decide_all()
        unsure = self.row("tax")
        unsure.sudo().write({"certain": False, "state": "proposed"})
        self.walk_to(self.connection, "summary")
        self.connection.action_start()
        self.assertEqual(unsure.state, "proposed")
        others = self.connection.mapping_ids - unsure
        self.assertEqual(set(others.mapped("state")), {"confirmed"})

    def test_who_may(self):
        other = self.env["res.company"].create({"name": "Ander"})
        stranger = self.new_user(
            "s@example.com", "accountable_connect.group_manager", company=other
        )
        self.decide_all()
        self.walk_to(self.connection, "summary")
        for user in (self.bookkeeper, stranger):
            connection = self.connection.with_user(user)
            for press in (
                connection.action_continue,
                connection.action_next_step,
                connection.action_previous_step,
                connection.action_confirm_certain,
                lambda connection=connection: connection.change_step([connection.id, "journals"]),
            ):
                with self.subTest(user=user.login), self.assertRaises(AccessError):
                    press()
        self.assertEqual(self.connection.step, "summary")
        entries = self.connection.with_user(self.bookkeeper).decisions
        self.assertFalse(any("action_call" in entry for entry in entries.values()))


@tagged("post_install", "-at_install", "post_install_l10n")
class TestMappingSteps(StepsCommon):
    def setUp(self):
        super().setUp()
        self.decide_all()
        self.connection.sudo().step = "vat_codes"

    def test_what_needs_a_decision_stands_first(self):
        rows = self.connection.tax_mapping_ids.sorted("id")
        missing, unsure, sure, decided = rows[0], rows[1], rows[2], rows[3]
        missing.sudo().write({"master_data_id": False, "without_code": False, "state": "proposed"})
        unsure.sudo().write({"certain": False, "state": "proposed"})
        decided.action_confirm()
        order = self.env["accountable.mapping"].search(
            [("id", "in", (missing | unsure | sure | decided).ids)], order="attention, id"
        )
        self.assertEqual(list(order), [missing, unsure, sure, decided])
        self.assertEqual(order.mapped("attention"), [CHOOSE, CHECK, CERTAIN, DECIDED])

    def test_a_proposal_to_check_says_what_to_look_at(self):
        """Its reason alone reads like that of a certain one."""
        for kind, document_kind, hint in (
            ("account", False, "compare the names"),
            ("tax", "purchase", "compare class and deductible share"),
            ("tax", "sale", False),
        ):
            rows = self.connection.mapping_ids.filtered(lambda one, kind=kind: one.kind == kind)
            if document_kind:
                rows = rows.filtered(lambda one, kind=document_kind: one.document_kind == kind)
            row = rows.filtered("master_data_id")[:1]
            said = {}
            for certain in (True, False):
                row.sudo().write({"certain": certain, "state": "proposed", "reason": "Same code"})
                said[certain] = row.note
            with self.subTest(kind=kind, document_kind=document_kind):
                self.assertEqual(said[True], "Same code")
                self.assertEqual(said[False], f"Same code – {hint}" if hint else "Same code")

    def test_a_remark_is_to_be_looked_at_though_the_proposal_is_certain(self):
        row = self.row("tax")
        self.assertEqual(row.attention, CERTAIN)
        remarks = type(self.env["accountable.mapping.remark"])
        self.patch(remarks, "_find", lambda self, row, decide: "Another box")
        self.walk_to(self.connection, "summary")
        self.connection.change_step([self.connection.id, "vat_codes"])
        self.assertEqual(row.attention, REMARK, "it is looked at when the step is entered")

    def test_a_broken_one_is_chosen_again(self):
        row = self.row("tax")
        row.action_confirm()
        row.sudo().write({"state": "broken", "reason": "21 is gone"})
        self.assertEqual(row.attention, CHOOSE)
        self.assertEqual(self.connection.missing_count, 1)

    def test_a_payment_term_without_counterpart_needs_nobody(self):
        row = self.row("payment_term")
        row.sudo().write({"master_data_id": False, "state": "proposed"})
        self.assertEqual(row.attention, OPTIONAL)
        self.assertFalse(self.connection._has_open_mappings("ledger_accounts"))

    def test_all_certain_are_confirmed_with_one_click(self):
        count = len(self.connection.tax_mapping_ids)
        self.assertEqual(self.connection.mapping_sentence, f"{count} proposals, all certain")
        self.assertEqual(self.connection.confirm_certain_label, f"Confirm all {count}")
        self.connection.action_confirm_certain()
        self.assertEqual(set(self.connection.tax_mapping_ids.mapped("state")), {"confirmed"})
        self.assertEqual(
            set(self.connection.journal_mapping_ids.mapped("state")),
            {"proposed"},
            "of this step only",
        )
        self.assertEqual(self.connection.mapping_sentence, f"{count} confirmed, nothing to decide")

    def test_the_certain_ones_of_several(self):
        unsure = self.connection.tax_mapping_ids[:2]
        unsure.sudo().write({"certain": False, "state": "proposed"})
        others = len(self.connection.tax_mapping_ids - unsure)
        self.assertEqual(self.connection.mapping_sentence, f"2 to look at, {others} certain")
        self.assertEqual(
            self.connection.confirm_certain_label, f"Confirm the {others} that are certain"
        )
        self.assertEqual(self.connection.confirm_all_label, "Confirm all, 2 of them not certain")
        self.connection.action_confirm_certain()
        self.assertEqual(set(unsure.mapped("state")), {"proposed"})
        self.connection.action_confirm_mappings()
        self.assertEqual(set(unsure.mapped("state")), {"confirmed"})

    def test_an_upgrade_gives_each_row_what_it_wants(self):
        rows = self.connection.mapping_ids
        missing, broken, decided, proposed = rows.filtered(lambda row: row.kind == "tax")[:4]
        missing.sudo().write({"master_data_id": False, "without_code": False, "state": "proposed"})
        decided.action_confirm()
        broken.sudo().write({"state": "broken"})
        optional = self.row("payment_term")
        optional.sudo().write({"master_data_id": False, "state": "proposed"})
        self.env.flush_all()
        self.env.cr.execute("UPDATE accountable_mapping SET attention = NULL")
        migrate(self.env.cr, "19.0.1.5.0", "pre-attention")
        self.env.invalidate_all()
        self.assertEqual(
            (missing | broken | decided | proposed | optional).mapped("attention"),
            [CHOOSE, CHOOSE, DECIDED, CHECK, OPTIONAL],
        )

    def test_only_the_list_that_is_shown_is_read(self):
        names = ("tax_mapping_ids", "account_mapping_ids", "matched_contact_ids")
        lists = {name: {"fields": {"display_name": {}}, "limit": 2} for name in names}
        [found] = self.connection.web_read({"step": {}, **lists})
        self.assertTrue(found["tax_mapping_ids"][0]["display_name"])
        self.assertEqual((found["account_mapping_ids"], found["matched_contact_ids"]), ([], []))
        [ids] = self.connection.web_read({"account_mapping_ids": {}})
        self.assertTrue(ids["account_mapping_ids"], "whoever asks for ids gets them")

    def test_a_step_costs_as_many_queries_with_more_rows(self):
        """Entering it, and counting what is to do."""
        counts = []
        for number in (30, 300):
            self.package.items += [
                MasterItem(kind="ledger_account", code=f"61{number}{one:03}", name="K", details={})
                for one in range(number)
            ]
            accounts = self.env["account.account"].create(
                [
                    {"name": f"K {one}", "code": f"61{number}{one:03}", "account_type": "expense"}
                    for one in range(number)
                ]
            )
            self.env["accountable.mapping"].sudo().create(
                [
                    {
                        "connection_id": self.connection.id,
                        "kind": "account",
                        "account_id": account.id,
                    }
                    for account in accounts
                ]
            )
            self.connection.sudo().step = "summary"
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.connection.change_step([self.connection.id, "ledger_accounts"])
            self.connection.web_read({"mapping_sentence": {}, "step": {}})
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLess(counts[1], counts[0] + 5)
