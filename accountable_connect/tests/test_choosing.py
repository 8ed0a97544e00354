import re

from odoo.tests import Form, TransactionCase, tagged

from ..api.account_proposals import propose_ledger_account
from ..api.account_use import (
    ADVANCE_RECEIVED,
    ASSET,
    BALANCE,
    COST,
    DEFERRAL,
    INCOME,
    MONEY,
    STOCK,
    UsedAccount,
    fits,
)
from ..api.proposals import Source
from ..documents import MasterItem
from ..models.master_data.mapping_rows import MappingRows
from .common import ConnectionCase
from .common_setup import SetUpCommon

CHART = (
    ("168700", "Leningen"),
    ("170000", "Achtergestelde leningen"),
    ("270000", "Leasing"),
    ("609700", "Ristourno's"),
    ("610000", "Loyer et charges: œuvres"),
    ("700", "Omzet"),
    ("700000", "Verkopen handelsgoederen"),
    ("700100", "Verkopen diensten"),
    ("744000", "Doorrekening 700 per maand"),
)


@tagged("post_install", "-at_install", "post_install_l10n")
class TestChoosing(SetUpCommon):
    """Journals, codes and accounts are found as Odoo's own account search finds accounts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.package.items += [
            MasterItem(kind="ledger_account", code=code, name=name)
            for code, name in CHART
            if code != "700000"
        ]
        cls.package.items.append(
            MasterItem(
                kind="ledger_account", code="700900", name="Btw", details={"bookable": False}
            )
        )
        cls.package.items.append(
            MasterItem(kind="ledger_account", code="700800", name="Weg", active=False)
        )
        cls.connection = cls.mapped_connection()
        cls.master_data = cls.env["accountable.master.data"].with_user(cls.manager)
        cls.accounts = [("connection_id", "=", cls.connection.id), ("kind", "=", "ledger_account")]

    def codes(self, typed, domain=None, **options):
        domain = self.accounts if domain is None else domain
        found = self.master_data.name_search(typed, domain, **options)
        return [self.master_data.browse(id_).code for id_, _name in found]

    def test_the_beginning_of_the_number_then_the_name(self):
        found = ["700", "700000", "700100", "700900", "744000"]
        self.assertEqual(self.codes("700"), found)
        self.assertEqual(self.codes("700", limit=2), found[:2])
        self.assertEqual(self.codes("700", limit=5), found)
        self.assertEqual(self.codes("7001"), ["700100"])
        self.assertEqual(self.codes("700 diensten"), ["700100"])
        self.assertEqual(self.codes("700100 Verkopen diensten"), ["700100"])
        self.assertEqual(self.codes("700100 Sales of services"), ["700100"], "of Odoo's chart")
        self.assertEqual(self.codes("Sales of services"), [])
        self.assertEqual(self.codes("%"), [])

    def test_words_without_case_and_accents_in_any_order(self):
        self.assertEqual(self.codes("DIENSTEN verk"), ["700100"])
        self.assertEqual(self.codes("oeuvres"), ["610000"])
        self.assertEqual(self.codes("ŒUVRES loyer"), ["610000"])
        self.assertEqual(self.codes("ristourno's"), ["609700"])

    def test_codes_and_journals(self):
        codes = [("connection_id", "=", self.connection.id), ("kind", "=", "vat_code")]
        self.assertEqual(self.codes("21", codes)[0], "21")
        self.assertIn("D21", self.codes("21", codes))
        self.assertEqual(self.codes("d21", codes)[0], "D21")
        journals = [("connection_id", "=", self.connection.id), ("kind", "=", "journal")]
        self.assertEqual(self.codes("v", journals)[:2], ["V1", "V2"])
        self.assertEqual(self.codes("creditnota", journals), ["V2"])

    def test_filters_of_lists_find_the_same(self):
        found = self.master_data.search([*self.accounts, ("display_name", "ilike", "700")])
        self.assertEqual(set(found.mapped("code")), {"700", "700000", "700100", "700900", "744000"})
        row = self.connection.mapping_ids.filtered("account_id")[0]
        row.master_data_id = found.filtered(lambda item: item.code == "700000")
        rows = self.env["accountable.mapping"].with_user(self.bookkeeper)
        self.assertIn(row, rows.search([("master_data_id", "ilike", "7000")]))
        self.assertNotIn(row, rows.search([("master_data_id", "ilike", "0000")]))
        code = row.account_id.code
        self.assertIn(row, rows.search([("source_name", "ilike", code[:4])]))
        self.assertNotIn(row, rows.search([("source_name", "ilike", code[1:])]))
        self.assertIn(row, rows.search([("source_name", "ilike", row.account_id.name.upper())]))

    def test_what_cannot_be_booked_on_is_not_offered(self):
        offered = [*self.accounts, ("takes_lines", "=", True)]
        self.assertEqual(self.codes("7009", offered), [])
        self.assertEqual(self.codes("7008", offered), [])
        for view in (
            "accountable_mapping_view_list",
            "accountable_mapping_view_form",
            "accountable_connection_view_form_mappings",
        ):
            arch = self.env.ref(f"accountable_connect.{view}").arch
            pickers = re.findall('name="master_data_id"[^>]* options', arch)
            self.assertTrue(pickers, view)
            self.assertEqual(len(pickers), arch.count("'takes_lines'"), view)

    def test_an_archived_counterpart_keeps_its_name(self):
        row = self.connection.mapping_ids.filtered("account_id")[0]
        row.master_data_id = self.master_data.search([*self.accounts, ("code", "=", "700100")])
        self.package.items = [item for item in self.package.items if item.code != "700100"]
        self.connection._refresh_master_data(self.package)
        self.assertEqual(row.state, "broken")
        with Form(row.with_user(self.manager)) as form:
            self.assertEqual(form.master_data_id.display_name, "700100 Verkopen diensten")

    # Odoo's side

    def test_numbers_and_names_for_whoever_looks(self):
        self.assertFalse(self.bookkeeper.has_group("account.group_account_readonly"))
        row = self.connection.mapping_ids.filtered("account_id")[0].with_user(self.bookkeeper)
        self.assertEqual(row.source_name, f"{row.account_id.code} {row.account_id.name}")
        problems = []
        account = self.env["account.account"].create(
            {"code": "799999", "name": "Elders", "account_type": "income"}
        )
        rows = MappingRows(self.connection.with_user(self.bookkeeper))
        resolver = self.env["accountable.code.resolver"].with_user(self.bookkeeper)
        resolver._resolve_account(rows, account.with_user(self.bookkeeper), problems)
        self.assertIn("799999 Elders", problems[0].message)

    # What does not fit

    def account_row(self, beginning):
        account = self.env["account.account"].search(
            [("code", "=like", f"{beginning}%"), ("company_ids", "in", self.company.ids)], limit=1
        )
        return self.connection._ensure_mapping_rows("account", account)

    def item(self, code, **details):
        master_data = self.env["accountable.master.data"].sudo()
        return master_data.search([*self.accounts, ("code", "=", code)]) or master_data.create(
            {
                "connection_id": self.connection.id,
                "kind": "ledger_account",
                "code": code,
                "name": code,
                "details": details,
            }
        )

    def test_a_remark_by_class(self):
        sales, costs, bank = (self.account_row(code) for code in ("70", "61", "55"))
        for row, code, remark in (
            (sales, "700100", False),
            (sales, "744000", False),
            (sales, "262000", False),
            (sales, "460000", False),
            (sales, "493000", False),
            (sales, "168700", True),
            (sales, "270000", True),
            (sales, "612000", True),
            (sales, "440000", True),
            (costs, "612000", False),
            (costs, "240000", False),
            (costs, "340000", False),
            (costs, "490000", False),
            (costs, "406000", False),
            (costs, "700100", True),
            (costs, "460000", True),
            (costs, "550000", True),
            (bank, "550000", False),
            (bank, "570000", False),
            (bank, "700100", True),
            (bank, "612000", True),
            (bank, "490000", True),
        ):
            with self.subTest(row=row.source_name, code=code):
                row.master_data_id = self.item(code)
                said = "Check whether this is intended" in (row.note or "")
                self.assertEqual(said, remark, row.note)

    def test_the_type_of_the_package_counts_first(self):
        row = self.account_row("70")
        item = self.item("799100", nature="cost")
        row.master_data_id = item
        self.assertIn("799100", row.warning)
        item.details = {"nature": "income"}
        self.assertFalse(row.warning)
        self.company.account_fiscal_country_id = self.env.ref("base.nl")
        row.master_data_id = self.item("168700")
        self.assertFalse(row.warning, "no Belgian chart, and no type")

    def test_a_journal_or_code_of_the_other_side(self):
        items = self.connection.master_data_ids.grouped("code")
        for kind, fitting, other in (("journal", "V1", "A1"), ("tax", "21", "D21")):
            row = self.connection.mapping_ids.filtered(
                lambda row, kind=kind: row.kind == kind and row.document_kind == "sale"
            )[0]
            row.master_data_id = items[fitting]
            self.assertFalse(row.warning)
            row.master_data_id = items[other]
            self.assertIn("not meant for this kind of document", row.warning)

    def test_the_clearing_account_of_payments(self):
        connection = self.connection.with_user(self.manager)
        connection.action_create_settlement_journal()
        self.assertFalse(connection.settlement_journal_remark)
        journal = connection.settlement_journal_id
        journal.sudo().default_account_id = self.account_row("61").account_id
        self.assertIn(journal.default_account_id.code, connection.settlement_journal_remark)


@tagged("post_install", "-at_install")
class TestChecked(ConnectionCase):
    """Every account is mapped to 700000 here."""

    def test_a_check_of_documents_says_it_once_and_they_go(self):
        bills = self.bill(ref="1") | self.bill(ref="2")
        message = self.check_text(bills)
        self.assertEqual(message.count("700000 700000 is not an account for bills"), 1, message)
        invoice = self.invoice()
        self.assertIn("ready to be sent", self.check_text(invoice))
        self.work()
        self.assertEqual(set(self.jobs(bills).mapped("state")), {"done"})


@tagged("post_install", "-at_install")
class TestUse(TransactionCase):
    def test_by_nature(self):
        sales = UsedAccount("8000", INCOME)
        bills = UsedAccount("4000", COST)
        machine = UsedAccount("0100", ASSET)
        waiting = UsedAccount("1999")
        bank = UsedAccount("1100", MONEY)
        for nature, fitting in (
            (INCOME, {sales, waiting}),
            (COST, {bills, machine, waiting}),
            (ASSET, {sales, bills, machine, waiting}),
            (STOCK, {bills, machine, waiting}),
            (DEFERRAL, {sales, bills, machine, waiting}),
            (ADVANCE_RECEIVED, {sales, waiting}),
            (BALANCE, {waiting, bank}),
        ):
            found = {
                account
                for account in (sales, bills, machine, waiting, bank)
                if fits(account, "1", nature)
            }
            self.assertEqual(found, fitting, nature)

    def test_assets_in_a_belgian_chart(self):
        sales = UsedAccount("700000", INCOME, True)
        self.assertTrue(fits(sales, "260000", ASSET))
        self.assertFalse(fits(sales, "270000", ASSET))
        self.assertTrue(fits(UsedAccount("550000", MONEY, True), "551000", BALANCE))
        self.assertFalse(fits(UsedAccount("550000", MONEY, True), "700000", INCOME))
        self.assertTrue(fits(UsedAccount("499000", "", True), "499100", BALANCE))
        self.assertFalse(fits(UsedAccount("499000", "", True), "170000", BALANCE))
        self.assertTrue(fits(UsedAccount("416000", "", True), "416000"))
        self.assertTrue(fits(sales, "OMZET"), "no number of a chart")

    def test_never_proposed(self):
        items = [
            MasterItem(kind="ledger_account", code="700000", name="X", details={"nature": COST}),
            MasterItem(kind="ledger_account", code="700500", name="X", details={"nature": INCOME}),
        ]
        source = Source(name="X", code="700000", account=UsedAccount("700000", INCOME, True))
        self.assertEqual(propose_ledger_account(source, items).code, "700500")
        self.assertIsNone(propose_ledger_account(source, items[:1]))
