"""Branches with a VAT number of their own, and fiscal positions with a foreign one."""

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import new_test_user

from ..models.master_data.mapping_sources import MappingSources
from .common import ConnectionCase

ROOT = "BE0477472701"
OWN = "BE0403170701"


class BranchCase(ConnectionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.vat = ROOT
        cls.branch = cls.new_branch("Branch", cls.company)
        cls.env.flush_all()

    @classmethod
    def new_branch(cls, name, parent, **values):
        branch = cls.env["res.company"].create(
            {
                "name": name,
                "parent_id": parent.id,
                "country_id": parent.country_id.id,
                **values,
            }
        )
        cls.env.cr.precommit.run()  # its chart of accounts
        cls.env.user.company_ids += branch
        return branch

    def document(self, company, post=True, **values):
        """An invoice of a branch: journal and taxes are those of its root."""
        companies = self.company | company
        moves = self.env["account.move"].with_context(allowed_company_ids=companies.ids)
        move = moves.create(
            {
                "move_type": "out_invoice",
                "company_id": company.id,
                "journal_id": self.company_data["default_journal_sale"].id,
                "partner_id": self.partner_a.id,
                "invoice_date": self.today,
                "invoice_line_ids": [
                    (0, 0, {"name": "x", "price_unit": 100, "tax_ids": self.sale_tax.ids})
                ],
                **values,
            }
        )
        if post:
            move.action_post()
        return move


class TestBranches(BranchCase):
    def test_whose_books(self):
        below = self.new_branch("Below", self.branch)
        same = ("", "/", "0477.472.701", "BE 0477 472 701", "be477472701", "BTW BE 0477.472.701")
        for number in same:
            self.branch.partner_id.with_context(no_vat_validation=True).vat = number
            with self.subTest(number=number):
                self.assertEqual(self.branch._accountable_company(), self.company)
                self.assertEqual(below._accountable_company(), self.company)
                self.assertFalse(self.branch.accountable_own_books)
        self.branch.vat = OWN
        self.assertEqual(below._accountable_company(), self.branch)
        self.assertEqual(self.branch._accountable_branches(), self.branch + below)
        self.assertEqual(self.company._accountable_branches(), self.company)
        self.assertEqual(self.company._accountable_branches_apart(), self.branch)
        below.vat = ROOT
        self.assertEqual(below._accountable_company(), below)

    def test_numbers_are_compared_as_people_write_them(self):
        for root, branch, country in (
            ("NL123456782B90", "NL1234.56.782.B90", "be"),
            ("EL094259216", "GR 094259216", "gr"),
            ("CHE530781296", "CHE-530.781.296 TVA", "ch"),
            ("NO995525828MVA", "NO 995 525 828", "no"),
            ("GB980780684", "XI980780684", "uk"),
        ):
            for company, number in ((self.company, root), (self.branch, branch)):
                company.account_fiscal_country_id = self.env.ref(f"base.{country}")
                company.partner_id.with_context(no_vat_validation=True).vat = number
            with self.subTest(number=branch):
                self.assertFalse(self.branch.accountable_own_books)

    def test_its_documents_do_not_go_with_those_of_the_root(self):
        self.assertTrue(self.jobs(self.document(self.branch)), "without a number they do")
        self.branch.vat = OWN
        move = self.document(self.branch)
        self.assertFalse(self.jobs(move))
        self.assertEqual(move.accountable_state, "not_exported")
        self.assertIn("a VAT number of its own", move.accountable_notes)
        untouched = [("accountable_state", "=", "not_exported")]
        self.assertIn(move, self.env["account.move"].search(untouched))
        checked = self.check_text(move)
        self.assertIn("a VAT number of its own", checked)
        [problem] = [
            one for one in self.connection._precheck(move)[move.id] if one.code == "other_company"
        ]
        self.assertTrue(problem.blocking)
        self.assertIn(OWN, problem.message)
        self.connection.action_synchronise()
        self.assertFalse(self.jobs(move))
        self.assertTrue(self.jobs(self.invoice()))

    def test_its_own_people_check_it(self):
        """They do not see the company of the connection."""
        user = new_test_user(
            self.env,
            "of_the_branch",
            "accountable_connect.group_user",
            company_id=self.branch.id,
            company_ids=[(6, 0, self.branch.ids)],
        )
        move = self.document(self.branch).with_user(user)
        move = move.with_context(allowed_company_ids=self.branch.ids)
        self.assertIn("One document is ready", self.check_text(move))
        user.group_ids = self.env.ref("account.group_account_invoice")
        with self.assertRaises(AccessError):
            move.action_accountable_check()

    def test_one_that_waited_does_not_go_either(self):
        move = self.document(self.branch)
        self.branch.vat = OWN
        self.work()
        self.assertEqual(self.jobs(move).state, "failed")
        self.assertFalse(self.books.documents)

    def test_the_set_up_names_it(self):
        self.connection.step = "checklist"
        self.assertNotIn("Branch", str(self.connection.checklist))
        self.branch.vat = OWN
        self.connection.invalidate_recordset(["checklist"])
        self.assertIn("Branch has a VAT number of its own", str(self.connection.checklist))
        journal = self.env["account.journal"].create(
            {"name": "Own", "code": "OWN", "type": "sale", "company_id": self.branch.id}
        )
        self.assertNotIn(journal, MappingSources(self.connection).journals("sale"))

    def test_it_may_have_a_connection_of_its_own(self):
        with self.assertRaises(ValidationError):
            self._connect(self.branch, self.sign_in)
        self.branch.vat = OWN
        own = self._connect(self.branch, self.sign_in)
        self.assertIn(
            self.company_data["default_journal_sale"], MappingSources(own).journals("sale")
        )
        self.assertIn(self.sale_tax, MappingSources(own).taxes("sale"))
        self.copy_mappings(own)
        move, of_root = self.document(self.branch), self.invoice()
        self.assertEqual(self.jobs(move).connection_id, own)
        self.assertEqual(self.jobs(of_root).connection_id, self.connection)
        self.assertFalse(move.accountable_notes)
        action = self.branch.with_context(accountable_package="fake").action_accountable_connect()
        self.assertEqual(action["res_id"], own.id)
        self.work(own)
        self.assertEqual(self.jobs(move).state, "done", self.jobs(move).message)
        user = new_test_user(
            self.env,
            "of_the_branch",
            "accountable_connect.group_user",
            company_id=self.branch.id,
            company_ids=[(6, 0, self.branch.ids)],
        )
        self.assertIn(own, self.env["accountable.connection"].with_user(user).search([]))
        # a branch that loses its number keeps the books it has: nothing is booked again elsewhere
        self.branch.vat = False
        self.assertEqual(self.jobs(self.document(self.branch)).connection_id, own)
        self.assert_not_to_export(self.connection, move)

    def assert_not_to_export(self, connection, move):
        moves = self.env["account.move"].search(
            self.env["accountable.sending.plan"]._domain_to_export(connection)
        )
        self.assertNotIn(move, moves)

    def copy_mappings(self, connection):
        """What the branch shares with its root, mapped to the same codes."""
        codes = {(one.kind, one.code): one.id for one in connection.sudo().master_data_ids}
        for row in self.connection.sudo().mapping_ids:
            target = codes[row.master_data_id.kind, row.master_data_id.code]
            known = connection.sudo().mapping_ids.filtered(
                lambda one, row=row: (
                    (one.source_key, one.document_kind) == (row.source_key, row.document_kind)
                )
            )
            if not known:
                row.copy(
                    {"connection_id": connection.id, "master_data_id": target, "state": "confirmed"}
                )

    def test_what_was_booked_before_is_followed_where_it_is(self):
        move = self.document(self.branch)
        self.work()
        self.assertEqual(self.jobs(move).state, "done", self.jobs(move).message)
        self.branch.vat = OWN
        own = self._connect(self.branch, self.sign_in)
        self.copy_mappings(own)
        move.button_draft()
        move.invoice_line_ids.price_unit = 150
        move.action_post()
        jobs = self.jobs(move).filtered(lambda job: job.state == "pending")
        self.assertEqual(jobs.connection_id, self.connection, "there, and nowhere else")
        self.assertFalse(move.accountable_notes)
        self.work()
        self.assertEqual(len(self.books.documents), 1)
        self.assert_not_to_export(own, move)
        move.button_draft()
        move.button_cancel()
        self.assertEqual(self.jobs(move, "reverse").connection_id, self.connection)


class TestForeignVat(BranchCase):
    def position(self, **values):
        return self.env["account.fiscal.position"].create(
            {"name": "Abroad", "country_id": self.env.ref("base.fr").id, **values}
        )

    def test_a_document_with_a_foreign_number_is_held(self):
        position = self.position(foreign_vat="FR23334175221")
        line = {"name": "x", "price_unit": 100, "tax_ids": [(5,)]}
        move = self.document(
            self.company, fiscal_position_id=position.id, invoice_line_ids=[(0, 0, line)]
        )
        self.work()
        job = self.jobs(move)
        self.assertEqual((job.state, job.error_code), ("failed", "foreign_vat"))
        self.assertIn("FR23334175221", job.message)
        self.assertIn("France", job.message)
        self.assertFalse(self.books.documents)
        self.assertIn("France", self.check_text(move))

    def test_the_one_stop_shop_is_declared_at_home(self):
        move = self.document(self.company, fiscal_position_id=self.position().id)
        own = self.position(
            country_id=self.company.country_id.id,
            state_ids=self.company.country_id.state_ids[:1].ids,
            foreign_vat="BE 0477.472.701",
        )
        other = self.document(self.company, fiscal_position_id=own.id)
        self.work()
        for one in (move, other):
            self.assertEqual(self.jobs(one).state, "done", self.jobs(one).message)

    def test_the_mapping_says_so(self):
        position = self.position(foreign_vat="FR23334175221")
        tax = self.sale_tax.copy({"name": "FR 20", "fiscal_position_ids": position.ids})
        [row] = self.connection._ensure_mapping_rows("tax", tax, "sale")
        self.assertFalse(row.master_data_id)
        self.assertIn("FR23334175221", row.warning)
        self.assertIn("FR23334175221", row.note)
        tax.fiscal_position_ids += self.position(country_id=self.env.ref("base.de").id)
        row.invalidate_recordset(["warning"])
        self.assertNotIn("FR23334175221", row.warning or "")
