"""The button of an error leads to the record where it is put right, whoever presses it."""

import ast
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

import odoo.addons.accountable_connect as addon
from odoo import fields
from odoo.addons.accountable_connect.api import errors, policy
from odoo.addons.accountable_connect.models.actionable import LEVELS
from odoo.addons.accountable_connect.models.problem import problem_of
from odoo.addons.accountable_connect.models.queue import account_move_check
from odoo.addons.accountable_connect.models.queue.cause import WHO
from odoo.tests import Form, new_test_user

from .common import ConnectionCase

# Every reason why a document does not go, and the record that its button opens. A new one is added
# here: think of whom it leads where.
CAUSES = {
    "account_class": "account.account",
    "account_without_class": "account.account",
    "before_start_date": "accountable.connection",
    "cash_rounding_on_tax": "account.cash.rounding",
    "contact_missing": "accountable.connection",
    "cost_centre_missing": "account.move",
    "cost_of_goods": "account.move",
    "cost_unit_missing": "account.move",
    "does_not_add_up": "account.move",
    "domestic_number_missing": "res.partner",
    "double_contact": "res.partner",
    "european_number_missing": "res.partner",
    "foreign_vat": "account.fiscal.position",
    "journal_not_sent": "accountable.mapping",
    "kind_not_sent": "accountable.connection",
    "listing_number_missing": "res.partner",
    "not_posted": "account.move",
    "opening_item": "accountable.connection",
    "other_company": "account.move",
    "given_already": "accountable.connection",
    # the row of book years that people type; else the document
    "period_closed": "accountable.master.data",
    "possible_duplicate": "account.move",
    "reverse_charge_differs": "account.move",
    "rounding_per_line": "res.company",
    "several_taxes": "account.move",
    "supplier_without_number": "res.partner",
    "tax_due_on_payment": "accountable.mapping",
    "tax_moved": "account.move",
    "tax_not_declared": "account.tax",
    "tax_without_account": "account.tax",
    "tax_without_base": "account.move",
    "typed_owed": "account.move",
    "typed_share": "account.move",
    "unknown_items": "account.move",
    "vat_country": "account.tax",
    "zero_total": "account.move",
    # the row of a journal, tax, account or analytic account
    "{kind}_{reason}": "accountable.mapping",
}
# How the code calls the record that is handed to ``problem_of``.
MODELS = {
    "account": "account.account",
    "cause": "accountable.mapping",
    "company": "res.company",
    "duplicate": "account.move",
    "connection": "accountable.connection",
    "item.move_id": "account.move",
    "leg.tax": "account.tax",
    "move": "account.move",
    "partner": "res.partner",
    "period or move": "accountable.master.data",
    "position": "account.fiscal.position",
    "rounding or move": "account.cash.rounding",
    "row": "accountable.mapping",
    "tax": "account.tax",
}

# What a person decides or is told: whether *Decide* answers it, else the record itself opens.
DECIDED = {
    "booked_otherwise": True,
    "booked_twice": False,
    "cancelled_adopted": False,
    "cancelled_handed_over": False,
    "changed_adopted": True,
    "changed_handed_over": False,
    "changed_in_package": True,
    "connection_archived": False,
    "deleted": False,
    "gone": True,
    "ours_otherwise": True,
    "party_taken": True,
    "party_twice": True,
    "second_processed": False,
    "sent_to_customer": True,
    "update_impossible": False,
}
# Asked again, not decided.
NOT_DECIDED = {"no_open_period", "opposite_period_closed", "unexpected"}
# Where the code stands among the arguments of what makes such an item.
CODE_PLACES = {"question": 0, "CannotGo": 1, "_add_failed": 2, "_copy_as_failed": 0}


def trees_of_the_code():
    files = sorted((Path(addon.__file__).parent).glob("**/*.py"))
    return [ast.parse(path.read_text()) for path in files if "tests" not in path.parts]


def constants_of(trees):
    """``{name: {value}}`` of what is named at the top of a module."""
    return {
        target.id: {node.value.value}
        for tree in trees
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def questions_in_the_code():
    """Codes of what the engine makes of an item itself, as far as they stand there by name."""
    trees, found = trees_of_the_code(), set()
    constants = constants_of(trees)
    for tree in trees:
        for call in ast.walk(tree):
            name = isinstance(call, ast.Call) and (
                getattr(call.func, "attr", "") or getattr(call.func, "id", "")
            )
            if name not in CODE_PLACES or len(call.args) <= CODE_PLACES[name]:
                continue
            for part in ast.walk(call.args[CODE_PLACES[name]]):
                if isinstance(part, ast.Constant) and isinstance(part.value, str):
                    found.add(part.value)
                elif isinstance(part, ast.Name) and part.id in constants:
                    found |= constants[part.id]
    return found


def reasons_in_the_code():
    """``{code: name of the record}`` of every call of ``problem_of``."""
    trees, found = trees_of_the_code(), {}
    constants = constants_of(trees)
    for tree in trees:
        for function in ast.walk(tree):
            if isinstance(function, ast.FunctionDef):
                found |= _reasons_in(function, constants)
    return found


def _reasons_in(function, constants):
    local = {}
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            texts = {one.value for one in ast.walk(node.value) if isinstance(one, ast.Constant)}
            local.setdefault(node.targets[0].id, set()).update(filter(None, texts))
    found = {}
    for call in ast.walk(function):
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "problem_of":
            cause, _kind, code = call.args[:3]
            if isinstance(code, ast.Constant):
                codes = {code.value}
            elif isinstance(code, ast.JoinedStr):
                codes = {ast.unparse(code)[2:-1]}
            elif code.id == "sort":
                codes = {"typed_owed", "typed_share"}
            else:
                codes = local.get(code.id) or constants[code.id]
            found |= dict.fromkeys(codes, ast.unparse(cause))
    return found


class TestWays(ConnectionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        groups = "base.group_user,accountable_connect.group_{}"
        cls.manager = new_test_user(cls.env, "way_manager", groups.format("manager"), name="Mia")
        cls.user = new_test_user(cls.env, "way_user", groups.format("user"), name="Ugo")

    def setUp(self):
        super().setUp()
        self.move = self.invoice()
        self.job = self.jobs(self.move)

    def cause(self, model):
        """A record of this model that an error may lead to."""
        if model == "accountable.mapping":
            return self.connection.mapping_ids.filtered(
                lambda row: row.tax_id == self.sale_tax and row.document_kind == "any"
            )[:1]
        known = {
            "account.account": self.move.invoice_line_ids.account_id,
            "account.journal": self.move.journal_id,
            "account.move": self.move,
            "account.tax": self.sale_tax,
            "accountable.connection": self.connection,
            "accountable.sign.in": self.sign_in,
            "res.company": self.company,
            "res.partner": self.partner_a,
        }
        if model == "accountable.master.data":
            return self.connection.master_data_ids[:1]
        if model in known:
            return known[model]
        values = {"name": "Of this test"}
        if model == "account.cash.rounding":
            values |= {
                "rounding": 0.05,
                "strategy": "biggest_tax",
                "rounding_method": "HALF-UP",
            }
        return self.env[model].create(values)

    def failed(self, kind, cause, state="failed", **values):
        self.job.write(
            {
                "state": state,
                "error_kind": kind,
                "error_code": "code",
                "message": "It is wrong.",
                "cause_model": cause._name,
                "cause_id": cause.id,
                "next_try": fields.Datetime.now() + timedelta(hours=1),
                **values,
            }
        )

    def alert(self, reader):
        [alert] = self.job.with_user(reader).alerts.values()
        self.assertIn(alert["level"], LEVELS)
        return alert

    def press(self, alert, reader):
        """What the button of an alert does for this reader."""
        action = alert["action"]
        if action["type"] != "ir.actions.server":
            return action
        server_action = self.env["ir.actions.server"].browse(action["id"]).with_user(reader)
        return server_action.with_context(**action["context"]).run()

    # Every reason

    def test_every_reason_of_the_code_is_in_the_table(self):
        reasons = {code: MODELS[name] for code, name in reasons_in_the_code().items()}
        self.assertEqual(reasons, CAUSES)

    def test_every_cause_opens_for_whoever_presses(self):
        models = {*CAUSES.values(), *WHO, "accountable.sign.in", "res.partner"}
        for model in sorted(models - {"res.company"}):
            cause = self.cause(model)
            self.failed(errors.DATA_REFUSED, cause)
            for reader in (self.manager, self.user):
                with self.subTest(model=model, reader=reader.name):
                    alert = self.alert(reader)
                    action = self.press(alert, reader)
                    self.assertEqual((action["res_model"], action["res_id"]), (model, cause.id))
                    form = Form(self.env[model].with_user(reader).browse(action["res_id"]))
                    self.assertEqual(form.record.id, cause.id)
                    self.assertTrue(alert["action_text"])
                    may = model not in WHO or reader.has_group(WHO[model])
                    self.assertEqual("Mia can correct it" in alert["message"], False)
                    self.assertEqual("can correct it" in alert["message"], not may)

    def test_the_settings_of_the_company_open_for_an_administrator_alone(self):
        self.failed(errors.DATA_REFUSED, self.company)
        self.assertNotIn("action", self.alert(self.user))
        self.assertIn("can correct it", self.alert(self.user)["message"])
        self.manager.group_ids += self.env.ref("base.group_system")
        action = self.alert(self.manager)["action"]
        self.assertEqual(action["res_model"], "res.config.settings")

    def test_a_cause_that_is_gone_leads_to_the_document(self):
        partner = self.env["res.partner"].create({"name": "Gone"})
        self.failed(errors.DATA_REFUSED, partner)
        partner.unlink()
        action = self.alert(self.user)["action"]
        self.assertEqual((action["res_model"], action["res_id"]), ("account.move", self.move.id))

    # Every kind of error

    def test_every_kind_of_error_and_its_button(self):
        row = self.cause("accountable.mapping")
        for kind, rule in policy.RULES.items():
            for reader in (self.manager, self.user):
                with self.subTest(kind=kind, reader=reader.name):
                    self.failed(kind, row, rule.state, candidates=[{"key": "K1"}])
                    alert = self.alert(reader)
                    self.assertIn("It is wrong.", alert["message"])
                    if kind == errors.LIMIT_REACHED:
                        # it goes on by itself when the limit is over
                        self.assertNotIn("action", alert)
                        continue
                    action = self.press(alert, reader)
                    if rule.button == policy.CAUSE:
                        opened = action["res_model"], action["res_id"]
                        self.assertEqual(opened, (row._name, row.id))
                    elif rule.button == policy.DECIDE:
                        self.assertEqual(action["res_model"], "accountable.decision")
                        decision = self.env["accountable.decision"].browse(action["res_id"])
                        self.assertEqual(decision.job_id, self.job)
                    else:
                        action = action["params"]["next"] if "params" in action else action
                        self.assertEqual(action["tag"], "soft_reload")
                        wanted = "unknown" if rule.state == "unknown" else "pending"
                        self.assertEqual(self.job.state, wanted)
                        self.assertLessEqual(self.job.next_try, fields.Datetime.now())

    def test_every_question_has_a_button_that_leads_on(self):
        codes = questions_in_the_code()
        self.assertEqual(codes - NOT_DECIDED - {"booked_twice"}, set(DECIDED) - {"booked_twice"})
        for code, is_decided in DECIDED.items():
            with self.subTest(code):
                candidates = [{"key": "K1", "number": "1"}]
                self.failed(errors.DECISION, self.move, error_code=code, candidates=candidates)
                action = self.press(self.alert(self.user), self.user)
                model = "accountable.decision" if is_decided else "account.move"
                self.assertEqual(action["res_model"], model)

    def test_a_question_without_answer_leads_to_its_record(self):
        self.failed(errors.DUPLICATE, self.partner_a, error_code="party_taken")
        self.job.error_code = "booked_twice"
        action = self.alert(self.user)["action"]
        self.assertEqual(
            (action["res_model"], action["res_id"]), ("res.partner", self.partner_a.id)
        )

    def test_the_button_of_the_list_needs_no_right_to_the_cause(self):
        self.failed(errors.DATA_REFUSED, self.cause("accountable.mapping"))
        action = self.job.with_user(self.user).action_open_cause()
        self.assertEqual(action["res_model"], "accountable.mapping")

    # On the forms of what it is about

    def test_the_document_shows_it_with_the_way(self):
        row = self.cause("accountable.mapping")
        self.failed(errors.CONFIGURATION_MISSING, row)
        [alert] = [
            one
            for one in self.move.with_user(self.user).alerts.values()
            if "It is wrong." in one["message"]
        ]
        self.assertEqual(alert["action"]["res_id"], row.id)
        self.failed(errors.DATA_REFUSED, self.move)
        self.env.invalidate_all()
        alerts = self.move.with_user(self.user).alerts.values()
        [action] = [one["action"] for one in alerts if "It is wrong." in one["message"]]
        self.assertEqual((action["res_model"], action["res_id"]), (self.job._name, self.job.id))

    def test_others_see_nothing_of_it_on_the_document(self):
        self.failed(errors.DATA_REFUSED, self.move)
        clerk = new_test_user(
            self.env, "way_clerk", "base.group_user,account.group_account_invoice"
        )
        self.assertNotIn("It is wrong.", str(self.move.with_user(clerk).alerts))

    def test_the_mapping_says_what_is_wrong_and_what_waits(self):
        row = self.cause("accountable.mapping")
        self.failed(errors.CONFIGURATION_MISSING, row)
        told = [one["message"] for one in row.with_user(self.user).alerts.values()]
        self.assertIn("It is wrong.", told, "the row is confirmed, and the package refused it")
        self.assertIn("One document waits", told[-1])
        row.sudo().write({"state": "proposed", "master_data_id": False})
        first, hint, last = row.with_user(self.user).alerts.values()
        self.assertIn("no counterpart", first["message"])
        self.assertIn("can correct it", hint["message"])
        self.assertEqual(last["action"]["domain"], [["id", "in", self.job.ids]])
        for alert in row.with_user(self.manager).alerts.values():
            self.assertNotIn("can correct it", alert["message"])

    def test_another_company_reads_nothing_of_it_on_the_contact(self):
        self.failed(errors.DATA_REFUSED, self.partner_a)
        other = self.env["res.company"].create({"name": "Other"})
        outsider = new_test_user(
            self.env,
            "way_outsider",
            "base.group_user,accountable_connect.group_user",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        self.assertFalse(self.partner_a.with_user(outsider).accountable_alerts)

    def test_the_contact_says_what_waits_for_it(self):
        self.failed(errors.DATA_REFUSED, self.partner_a)
        first, last = self.partner_a.with_user(self.user).accountable_alerts.values()
        self.assertEqual(first["message"], "It is wrong.")
        self.assertIn("One document waits", last["message"])

    def test_the_connection_leads_to_what_is_broken(self):
        rows = self.connection.mapping_ids.filtered("master_data_id")[:2]
        self.connection.sudo().step = "done"
        for broken in (rows, rows[0]):
            rows.sudo().write({"state": "confirmed"})
            broken.sudo().write({"state": "broken"})
            self.connection.sudo().state = "configuration_needed"
            self.connection.invalidate_recordset(["alerts"])
            for reader in (self.manager, self.user):
                [alert] = self.connection.with_user(reader).alerts.values()
                for row in broken:
                    self.assertIn(row.display_name, alert["message"])
                action = alert["action"]
                self.assertEqual(action["res_model"], rows._name)
                found = action["domain"][0][2] if len(broken) > 1 else [action["res_id"]]
                self.assertEqual(found, broken.ids)

    def test_the_contact_says_who_may_change_it(self):
        self.failed(errors.DATA_REFUSED, self.partner_a)
        clerk, editor = (
            new_test_user(
                self.env,
                login,
                f"base.group_user,accountable_connect.group_user{more}",
                company_id=self.company.id,
                company_ids=self.company.ids,
            )
            for login, more in (("way_reader", ""), ("way_editor", ",base.group_partner_manager"))
        )
        for reader, is_told in ((clerk, True), (editor, False)):
            alert = self.alert(reader)
            self.assertEqual("can correct it" in alert["message"], is_told, reader.login)
            *_first, last = self.partner_a.with_user(reader).accountable_alerts.values()
            self.assertEqual("can correct it" in last["message"], is_told, reader.login)

    def test_what_is_gone_is_not_offered_for_confirming(self):
        row = self.cause("accountable.mapping")
        row.sudo().write({"state": "broken"})
        for active, offered in ((True, True), (False, False)):
            row.master_data_id.sudo().active = active
            row.invalidate_recordset(["alerts"])
            first = row.with_user(self.manager).alerts["000"]["message"]
            self.assertEqual("confirm this one" in first, offered)

    def test_the_contact_leads_to_a_bank_account_that_nobody_trusts(self):
        account = self.env["res.partner.bank"].create(
            {"partner_id": self.partner_a.id, "acc_number": "BE71 0961 2345 6769"}
        )
        self.work()
        for reader in (self.manager, self.user):
            [alert] = self.partner_a.with_user(reader).accountable_alerts.values()
            self.assertEqual(alert["level"], "info")
            action = alert["action"]
            self.assertEqual((action["res_model"], action["res_id"]), (account._name, account.id))

    def test_the_connection_leads_to_the_sign_in(self):
        self.connection.write({"state": "reconnect", "wait_reason": "Refused."})
        self.sign_in.state = "lost"
        for reader in (self.manager, self.user):
            [alert] = self.connection.with_user(reader).alerts.values()
            self.assertIn("Refused.", alert["message"])
            action = alert["action"]
            self.assertEqual(
                (action["res_model"], action["res_id"]), (self.sign_in._name, self.sign_in.id)
            )
        self.assertEqual(
            self.connection.with_user(self.manager).alerts["000"]["action_text"],
            "Enter the password again",
        )

    def test_a_row_that_needs_no_counterpart_asks_for_none(self):
        rows = self.env["accountable.mapping"].sudo()
        values = {"connection_id": self.connection.id, "state": "proposed"}
        terms = self.env["account.payment.term"].create({"name": "Soon"})
        row = rows.create({**values, "kind": "payment_term", "payment_term_id": terms.id})
        self.assertFalse(row.alerts, "documents go without it")
        tax = self.env["account.tax"].create({"name": "Free of VAT", "amount": 0})
        row = rows.create({**values, "kind": "tax", "tax_id": tax.id, "without_code": True})
        row.state = "proposed"
        [alert] = row.alerts.values()
        self.assertEqual(alert["level"], "warning")
        self.assertIn("Nobody confirmed", alert["message"])

    # Check before export

    def test_check_before_export_leads_to_each_row(self):
        row = self.connection.mapping_ids.filtered(
            lambda one: one.account_id == self.move.invoice_line_ids.account_id
        )
        row.sudo().write({"state": "proposed", "master_data_id": False})
        other = self.invoice()
        for reader in (self.manager, self.user):
            moves = (self.move + other).with_user(reader)
            action = moves.action_accountable_check()
            check = self.env[action["res_model"]].with_user(reader).browse(action["res_id"])
            [alert] = [one for one in check.alerts.values() if "action" in one]
            self.assertEqual(alert["action"]["res_id"], row.id)
            self.assertIn(self.move.name, alert["message"])
            self.assertIn(other.name, alert["message"], "said once of both")

    def test_no_way_is_looked_up_for_what_is_not_shown(self):
        moves = self.move + self.invoice() + self.invoice()
        problems = {
            move.id: [problem_of(move, "data_refused", "x", f"Number {place}", blocking=place == 2)]
            for place, move in enumerate(moves)
        }
        ways = self.env.registry["accountable.cause"]
        with (
            patch.object(account_move_check, "MOST_SHOWN", 2),
            patch.object(type(self.connection), "_precheck", lambda *_args: problems),
            patch.object(ways, "_way_to", return_value=None) as looked_up,
        ):
            action = moves.with_user(self.manager).action_accountable_check()
        check = self.env[action["res_model"]].browse(action["res_id"])
        levels = [entry["level"] for entry in check.alerts.values()]
        self.assertEqual((levels, check.left_out), (["danger", "warning"], 1))
        self.assertEqual(looked_up.call_count, 2)

    def test_nobody_sees_the_check_of_another(self):
        self.cause("accountable.mapping").sudo().write({"state": "proposed"})
        action = self.move.with_user(self.manager).action_accountable_check()
        checks = self.env["accountable.check"].with_user(self.user)
        self.assertFalse(checks.search([("id", "=", action["res_id"])]))
