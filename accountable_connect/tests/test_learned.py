"""What a manager chose is proposed for the next company of the same sign-in."""

from odoo.tests import tagged

from ..documents import MasterItem
from .common_setup import SetUpCommon


@tagged("post_install", "-at_install", "post_install_l10n")
class TestLearned(SetUpCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        other = cls.setup_other_company(name="Tweede zaak")["company"]
        cls.sign_in.company_ids |= other
        cls.of_one = cls.mapped_connection()
        cls.of_other = cls.new_connection(company_id=other.id, administration_key="70124")
        cls.of_other._refresh_master_data(cls.package)

    def account(self, connection, xml_id):
        account = self.env.ref(f"account.{connection.company_id.id}_{xml_id}")
        return connection._ensure_mapping_rows("account", account)

    def tax(self, connection, name, document_kind="purchase"):
        tax = self.env.ref(f"account.{connection.company_id.id}_attn_VAT-{name}")
        return connection._ensure_mapping_rows("tax", tax, document_kind)

    def item(self, connection, code):
        return connection.sudo().master_data_ids.filtered(lambda item: item.code == code)

    def choose(self, row, code):
        row.with_user(self.manager).master_data_id = self.item(row.connection_id, code)

    @property
    def learned(self):
        return self.env["accountable.learned.counterpart"].sudo().search([])

    def test_another_account_is_proposed_for_the_next_company(self):
        row = self.account(self.of_one, "a61652")
        self.assertFalse(row.master_data_id)
        self.choose(row, "612000")
        self.assertEqual(
            (self.learned.source, self.learned.code, self.learned.instead_of),
            ("be_comp:a61652", "612000", ""),
        )
        again = self.account(self.of_other, "a61652")
        self.assertEqual(again.master_data_id, self.item(self.of_other, "612000"))
        self.assertEqual((again.state, again.certain), ("proposed", True))
        self.assertEqual(again.reason, "Chosen before for this sign-in: 612000")

    def test_what_was_proposed_is_not_learned(self):
        row = self.account(self.of_one, "a604")
        self.choose(row, row.master_data_id.code or "600000")
        count = len(self.learned)
        row.action_confirm()
        self.assertEqual(len(self.learned), count)
        tax = self.tax(self.of_one, "IN-V81-21")
        tax.action_confirm()
        self.assertEqual(len(self.learned), count)

    def test_going_back_to_the_proposal_forgets(self):
        row = self.account(self.of_one, "a657000")
        self.assertEqual(row.master_data_id.code, "657000")
        self.choose(row, "612000")
        self.choose(row, "600000")
        self.assertEqual((self.learned.code, self.learned.instead_of), ("600000", "657000"))
        self.choose(row, "657000")
        self.assertFalse(self.learned)

    def test_an_account_of_another_type_is_not_proposed(self):
        self.choose(self.account(self.of_one, "a61652"), "612000")
        self.package.replace("612000", details={"nature": "income"})
        self.of_other._refresh_master_data(self.package)
        again = self.account(self.of_other, "a61652")
        self.assertNotEqual(again.master_data_id.code, "612000")

    def test_a_tax_goes_by_the_record_of_the_chart(self):
        row = self.tax(self.of_one, "IN-V81-21")
        proposed, other = row.master_data_id.code, self.tax(self.of_one, "IN-V81-12")
        self.choose(row, other.master_data_id.code)
        again = self.tax(self.of_other, "IN-V81-21")
        # another rate is another code, whatever was chosen
        self.assertEqual(again.master_data_id.code, proposed)

    def test_what_a_user_made_is_not_learned(self):
        account = self.env["account.account"].create(
            {"name": "Google Ads", "code": "615099", "account_type": "expense"}
        )
        row = self.of_one._ensure_mapping_rows("account", account)
        self.choose(row, "612000")
        self.assertFalse(self.learned)

    def test_another_sign_in_learns_nothing(self):
        self.choose(self.account(self.of_one, "a61652"), "612000")
        elsewhere = self.sign_in.copy({"name": "Other office"})
        self.of_other.sign_in_id = elsewhere
        again = self.account(self.of_other, "a61652")
        self.assertNotEqual(again.master_data_id.code, "612000")

    def test_at_another_address_it_is_forgotten(self):
        self.choose(self.account(self.of_one, "a61652"), "612000")
        target = self.sign_in._target()
        self.sign_in._ask_connections({**target, "user": "somebody else"})
        self.assertTrue(self.learned)
        self.sign_in._ask_connections({**target, "package": "another"})
        self.assertFalse(self.learned)

    def test_it_goes_with_the_sign_in(self):
        self.choose(self.account(self.of_one, "a61652"), "612000")
        (self.of_one | self.of_other).unlink()
        self.sign_in.unlink()
        self.assertFalse(self.learned)

    def test_many_rows_read_it_once(self):
        self.choose(self.account(self.of_one, "a61652"), "612000")
        accounts = self.env["account.account"].search(
            [("company_ids", "in", self.of_other.company_id.ids), ("code", "=like", "61%")]
        )
        rows = self.of_other._ensure_mapping_rows("account", accounts)
        self.env.flush_all()
        counts = []
        for some in (rows[:5], rows[:40]):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            for row in some:
                self.assertTrue(row.template_key)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)


@tagged("post_install", "-at_install", "post_install_l10n")
class TestNamesOfTemplates(SetUpCommon):
    """An account is compared by what it is called in its template, in any language."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.connection = cls.mapped_connection()

    def offer(self, *accounts):
        self.package.items += [
            MasterItem(kind="ledger_account", code=code, name=name, details={})
            for code, name in accounts
        ]
        self.connection._refresh_master_data(self.package)

    def row(self, account):
        row = self.connection._ensure_mapping_rows("account", account)
        row.action_propose()
        return row

    def ref(self, xml_id):
        return self.env.ref(f"account.{self.company.id}_{xml_id}")

    def test_in_a_language_that_is_not_installed(self):
        self.assertNotIn("de_DE", dict(self.env["res.lang"].get_installed()))
        self.offer(("619000", "Werbung und Anzeigen"), ("618500", "Verschiedenes"))
        row = self.row(self.ref("a61652"))
        self.assertEqual(row.template_key, "be_comp:a61652")
        self.assertEqual(row.master_data_id.code, "619000")

    def test_by_its_number_where_the_xml_id_is_gone(self):
        account = self.ref("a61652")
        self.offer(("619000", "Werbung und Anzeigen"))
        self.env["ir.model.data"].sudo().search(
            [("model", "=", "account.account"), ("res_id", "=", account.id)]
        ).unlink()
        row = self.row(account)
        self.assertEqual(row.template_key, "")
        self.assertEqual(row.master_data_id.code, "619000")

    def test_a_name_of_the_user_counts_first(self):
        account = self.ref("a61652")
        self.offer(("619000", "Reclame"), ("619500", "Schoonmaak kantoor"))
        account.name = "Schoonmaak"
        row = self.row(account)
        self.assertEqual(row.master_data_id.code, "619500")
        self.assertFalse(row.certain)

    def test_files_of_a_template_are_read_once(self):
        templates = self.env["account.chart.template"]
        first = templates._accountable_template("be_comp")
        self.assertIs(templates._accountable_template("be_comp"), first)
        # the chart of a company has those of the one below it
        self.assertTrue(first.find("a100", "") and first.find("a61652", ""))
        self.assertIsNone(templates._accountable_template("no_such_chart"))
        self.assertIsNone(templates._accountable_template(False))
