"""The ids of the addons' data follow one scheme; what an earlier version stored is renamed."""

from pathlib import Path

from odoo.tests import TransactionCase, tagged

from .earlier_version import migrate

VERSION, SCRIPT = "19.0.1.3.0", "pre-xml-ids"
# What an id consists of: the model and what it is there.
PARTS = {
    "ir.actions.act_window": "_action",
    "ir.actions.server": "_action",
    "ir.rule": "_rule_",
    "ir.ui.menu": "_menu",
}


@tagged("post_install", "-at_install")
class TestXmlIds(TransactionCase):
    def setUp(self):
        super().setUp()
        beside = Path(__file__).parents[2].glob(f"*/migrations/{VERSION}/{SCRIPT}.py")
        installed = self.env["ir.module.module"].search([("state", "=", "installed")])
        self.addons = {path.parents[2].name for path in beside} & set(installed.mapped("name"))

    def ids(self, addon):
        """``{id: (model, record)}`` of an addon."""
        rows = self.env["ir.model.data"].search([("module", "=", addon)])
        return {row.name: (row.model, row.res_id) for row in rows}

    def run_script(self, addon):
        self.env.flush_all()
        renamed = migrate(self.env.cr, VERSION, SCRIPT, addon)["RENAMED"]
        self.env.invalidate_all()
        return renamed

    def test_a_fresh_database_has_only_the_new_ids(self):
        self.assertIn("accountable_connect", self.addons)
        for addon in self.addons:
            before = self.ids(addon)
            renamed = self.run_script(addon)
            self.assertEqual(self.ids(addon), before, "nothing is left to do")
            self.assertFalse(before.keys() & renamed.keys())
            self.assertLessEqual(set(renamed.values()), before.keys())

    def test_the_records_keep_what_people_changed(self):
        menu = self.env.ref("accountable_connect.accountable_job_menu")
        menu.name = "Our queue"
        for addon in self.addons:
            now = self.ids(addon)
            renamed = self.run_script(addon)
            for old, new in renamed.items():
                row = self.env["ir.model.data"].search([("module", "=", addon), ("name", "=", new)])
                row.name = old
            self.assertFalse(self.ids(addon).keys() & set(renamed.values()))
            for _time in range(2):
                self.run_script(addon)
                self.assertEqual(self.ids(addon), now)
        self.assertEqual(self.env.ref("accountable_connect.accountable_job_menu").name, "Our queue")

    def test_an_id_that_is_there_already_is_left_alone(self):
        addon = "accountable_connect"
        old = next(iter(self.run_script(addon)))
        row = {"module": addon, "name": old, "model": "ir.ui.view", "res_id": 0}
        self.env["ir.model.data"].create(row)
        before = self.ids(addon)
        self.run_script(addon)
        self.assertEqual(self.ids(addon), before)

    def test_one_scheme(self):
        for addon in self.addons:
            for name, (model, record) in self.ids(addon).items():
                with self.subTest(addon=addon, id=name):
                    if model == "ir.ui.view":
                        view = self.env["ir.ui.view"].browse(record)
                        if view.type != "qweb":
                            form = f"{view.model.replace('.', '_')}_view_{view.type}"
                            self.assertTrue(name.startswith(form), form)
                    elif model == "ir.model.access":
                        self.assertTrue(name.startswith("access_accountable_"))
                    elif model in PARTS:
                        self.assertIn(PARTS[model], name)
