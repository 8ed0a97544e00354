"""Cost centres and cost units: what an analytic account stands for, and what goes."""

from decimal import Decimal

from odoo.exceptions import ValidationError

from ..models.master_data.mapping_sources import MappingSources
from .common import ConnectionCase


class TestCostAxes(ConnectionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plans = cls.env["account.analytic.plan"].create(
            [{"name": "Departments"}, {"name": "Vehicles"}]
        )
        cls.north, cls.van = cls.env["account.analytic.account"].create(
            [
                {"name": "North", "code": "N", "plan_id": cls.plans[0].id},
                {"name": "Van", "code": "VAN", "plan_id": cls.plans[1].id},
            ]
        )
        cls.env["accountable.master.data"].sudo().create(
            [
                {"connection_id": cls.connection.id, "kind": kind, "code": code, "name": name}
                for kind, code, name in (
                    ("cost_centre", "N", "North"),
                    ("cost_centre", "X", "Van"),
                    ("cost_unit", "VAN", "Van"),
                    ("cost_unit", "N2", "North"),
                )
            ]
        )

    def setUp(self):
        super().setUp()
        self.books.capabilities = type(self.books)(cost_centre_axes=2).capabilities

    def rows(self):
        for kind, records, document_kind in MappingSources(self.connection).all():
            if kind == "analytic_account":
                self.connection._ensure_mapping_rows(kind, records, document_kind)
        rows = self.connection.mapping_ids.filtered(lambda row: row.kind == "analytic_account")
        return {row.analytic_account_id: row for row in rows}

    def confirmed(self):
        rows = self.rows()
        for row in rows.values():
            if row.analytic_account_id in self.north | self.van:
                row.action_confirm()
        return rows

    def sent_centres(self):
        move = self.invoice(post=False)
        move.invoice_line_ids.analytic_distribution = {f"{self.van.id},{self.north.id}": 100}
        move.action_post()
        self.work()
        self.assertEqual(self.jobs(move).state, "done", self.jobs(move).message)
        document = list(self.books.documents.values())[-1]["document"]
        return [line.cost_centres for line in document.lines]

    def test_the_better_fitting_axis_is_proposed(self):
        rows = self.rows()
        proposed = {
            account.code: (row.master_data_id.kind, row.master_data_id.code)
            for account, row in rows.items()
            if account in self.north | self.van
        }
        self.assertEqual(proposed, {"N": ("cost_centre", "N"), "VAN": ("cost_unit", "VAN")})
        row = rows[self.van]
        self.assertEqual(
            (row.counterpart_kind, row.other_counterpart_kind), ("cost_centre", "cost_unit")
        )
        self.assertIn("Cost unit", row.master_data_id.display_name)

    def test_the_plan_of_an_axis_is_a_choice(self):
        self.connection.write(
            {"cost_centre_plan_id": self.plans[1].id, "cost_unit_plan_id": self.plans[0].id}
        )
        rows = self.rows()
        self.assertEqual(set(rows), {self.north, self.van})
        self.assertEqual(rows[self.van].master_data_id.code, "X")
        self.assertEqual(rows[self.north].master_data_id.code, "N2")
        self.assertEqual(rows[self.north].counterpart_kind, "cost_unit")
        self.assertEqual(rows[self.north].other_counterpart_kind, "cost_unit")

    def test_another_plan_asks_again(self):
        rows = self.confirmed()
        self.connection.cost_unit_plan_id = self.plans[0]
        row = rows[self.north]
        self.assertEqual((row.state, row.master_data_id.code), ("proposed", "N2"))
        # its own plan feeds nothing but cost centres now
        self.assertEqual(
            (rows[self.van].state, rows[self.van].master_data_id.code), ("proposed", "X")
        )
        row.action_confirm()
        rows[self.van].action_confirm()
        self.assertEqual(self.sent_centres(), [("X", "N2")])
        self.connection.cost_centre_plan_id = self.plans[0]
        self.assertEqual(rows[self.van].state, "confirmed")
        self.assertEqual(self.sent_centres(), [("", "N2")])

    def test_each_code_stands_on_its_axis(self):
        self.confirmed()
        self.assertEqual(self.sent_centres(), [("N", "VAN")])

    def test_an_axis_that_is_switched_off_stays_here(self):
        self.confirmed()
        self.connection.send_cost_centres = False
        self.assertEqual(self.sent_centres(), [("", "VAN")])
        self.connection.write({"send_cost_centres": True, "send_cost_units": False})
        self.assertEqual(self.sent_centres(), [("N",)])
        self.connection.send_cost_centres = False
        self.assertEqual(self.sent_centres(), [()])

    def test_an_open_row_of_an_axis_that_does_not_go_holds_nothing(self):
        rows = self.rows()
        rows[self.north].action_confirm()
        self.connection.send_cost_units = False
        self.assertEqual(self.sent_centres(), [("N",)])

    def test_a_package_with_one_axis_gets_no_cost_units(self):
        self.confirmed()
        self.books.capabilities = type(self.books)(cost_centre_axes=1).capabilities
        self.connection.invalidate_recordset()
        self.assertEqual(self.connection.cost_centre_axes, 1)
        self.assertEqual(self.sent_centres(), [("N",)])

    def test_a_counterpart_of_another_kind_is_refused(self):
        row = self.rows()[self.north]
        journal = self.connection.master_data_ids.filtered(lambda one: one.kind == "journal")[0]
        with self.assertRaises(ValidationError):
            row.master_data_id = journal

    def test_an_account_may_want_both(self):
        self.confirmed()
        account = self.connection.sudo().master_data_ids.filtered(
            lambda one: one.kind == "ledger_account"
        )
        account.details = {"cost_centre_required": True, "cost_unit_required": True}
        for accounts, expected in (
            ("", {"cost_centre_missing", "cost_unit_missing"}),
            (f"{self.north.id}", {"cost_unit_missing"}),
            (f"{self.van.id}", {"cost_centre_missing"}),
            (f"{self.van.id},{self.north.id}", set()),
        ):
            with self.subTest(accounts=accounts):
                move = self.invoice(post=False)
                move.invoice_line_ids.analytic_distribution = {accounts: 100} if accounts else False
                move.action_post()
                problems = self.connection._precheck(move)[move.id]
                self.assertEqual({problem.code for problem in problems}, expected)

    def test_shares_on_one_axis_beside_the_whole_on_the_other(self):
        south = self.north.copy({"name": "South", "code": "S"})
        self.env["accountable.master.data"].sudo().create(
            {"connection_id": self.connection.id, "kind": "cost_centre", "code": "S", "name": "S"}
        )
        rows = self.confirmed()
        self.rows()[south].action_confirm()
        self.assertIn(self.north, rows)
        move = self.invoice(post=False)
        move.invoice_line_ids.analytic_distribution = {
            f"{self.north.id}": 30,
            f"{south.id}": 70,
            f"{self.van.id}": 100,
        }
        move.action_post()
        document = self.env["accountable.document"]._build_documents(self.connection, move)[
            move.id
        ][0]
        self.assertEqual(
            {line.cost_centres: line.base for line in document.lines},
            {("N", "VAN"): Decimal("30.00"), ("S", "VAN"): Decimal("70.00")},
        )


class TestUnusableCounterparts(ConnectionCase):
    """Codes and accounts that no line may name."""

    def counterpart(self, kind):
        rows = self.connection.sudo().master_data_ids.filtered(lambda one: one.kind == kind)
        return rows.ensure_one()

    def spoil(self, kind):
        details = {"inclusive": True} if kind == "vat_code" else {"bookable": False}
        self.counterpart(kind).details = details

    def test_it_cannot_be_confirmed(self):
        for kind, words in (("vat_code", "include VAT"), ("ledger_account", "by itself")):
            with self.subTest(kind):
                row = self.connection.mapping_ids.filtered(
                    lambda one, kind=kind: one.master_data_id == self.counterpart(kind)
                )[0]
                target = row.master_data_id
                row.master_data_id = False
                self.spoil(kind)
                with self.assertRaises(ValidationError) as caught:
                    row.master_data_id = target
                self.assertRegex(str(caught.exception), words)
                row.sudo().write({"master_data_id": target.id, "state": "proposed"})
                self.assertRegex(row.warning, words)
                with self.assertRaises(ValidationError) as caught:
                    row.action_confirm()
                self.assertRegex(str(caught.exception), words)
                row.action_propose()
                self.assertEqual(row.state, "proposed")

    def test_a_row_breaks_and_mends_with_the_master_data(self):
        for kind, words in (("vat_code", "include VAT"), ("ledger_account", "by itself")):
            with self.subTest(kind):
                rows = self.connection.mapping_ids.filtered(
                    lambda one, kind=kind: one.master_data_id == self.counterpart(kind)
                )
                self.spoil(kind)
                self.assertEqual(
                    self.env["accountable.mapping"]._check_counterparts(self.connection), len(rows)
                )
                self.assertEqual(set(rows.mapped("state")), {"broken"})
                self.assertRegex(rows[0].reason, words)
                self.assertEqual(self.connection.state, "configuration_needed")
                move = self.invoice()
                [problem] = [
                    one
                    for one in self.connection._precheck(move)[move.id]
                    if one.code.endswith("_unusable")
                ]
                self.assertTrue(problem.blocking)
                self.assertRegex(problem.message, words)
                self.counterpart(kind).details = {}
                self.env["accountable.mapping"]._check_counterparts(self.connection)
                self.assertEqual(set(rows.mapped("state")), {"confirmed"})
                self.assertFalse(self.connection._precheck(move)[move.id])

    def test_said_before_the_mapping_was_looked_at_again(self):
        move = self.invoice()
        self.spoil("ledger_account")
        [problem] = self.connection._precheck(move)[move.id]
        self.assertEqual((problem.code, problem.blocking), ("account_unusable", True))


class TestBoxesOfAccounts(ConnectionCase):
    """A package whose ledger account decides the box of a purchase."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tax_82 = (
            cls.env["account.chart.template"].with_company(cls.company).ref("attn_VAT-IN-V82-21-S")
        )
        cls.expense = cls.env["account.account"].search(
            [("code", "=like", "61%"), ("company_ids", "in", cls.company.ids)], limit=1
        )
        cls.row = cls.connection.mapping_ids.filtered(lambda one: one.account_id == cls.expense)
        cls.items = (
            cls.env["accountable.master.data"]
            .sudo()
            .create(
                [
                    {
                        "connection_id": cls.connection.id,
                        "kind": "ledger_account",
                        "code": code,
                        "name": code,
                        "details": details,
                    }
                    for code, details in (
                        ("612000", {"vat_box": "82"}),
                        ("600000", {"vat_box": "81"}),
                        ("613000", {}),
                    )
                ]
            )
        )

    def on(self, code):
        """Warnings about a bill of services whose account is mapped to this one."""
        self.row.master_data_id = self.items.filtered(lambda one: one.code == code)
        bill = self.invoice(move_type="in_invoice", ref=f"F-{code}", tax=self.tax_82, post=False)
        bill.invoice_line_ids.account_id = self.expense
        bill.action_post()
        return {one.code: one for one in self.connection._precheck(bill)[bill.id]}

    def test_right_wrong_and_missing_box(self):
        self.assertFalse(self.on("612000"))
        self.assertFalse(self.row.warning)
        problems = self.on("600000")
        self.assertIn("box 81", problems["account_class"].message)
        self.assertIn("81", self.row.warning)
        problems = self.on("613000")
        self.assertIn("has no box", problems["account_without_class"].message)
        self.assertIn("82", problems["account_without_class"].message)
        self.assertIn("has no box", self.row.warning)

    def test_no_word_of_it_where_the_vat_code_decides(self):
        self.connection.sudo().master_data_ids.filtered(
            lambda one: one.kind == "vat_code"
        ).details = {"purchase_class": "82"}
        self.assertNotIn("account_without_class", self.on("613000"))
        self.assertFalse(self.row.warning)
