"""One template on the company and in the settings, copied for each package."""

from lxml import etree
from odoo.tests import TransactionCase, tagged

MODELS = ("res.company", "res.config.settings")


@tagged("post_install", "-at_install")
class TestPackageView(TransactionCase):
    def template(self, model):
        studio = self.env[model].with_context(studio=True)
        [template] = studio._get_view(view_type="form")[0].xpath("//*[@name='accountable_package']")
        return template

    def test_people_see_copies_and_studio_the_template(self):
        for model in MODELS:
            with self.subTest(model=model):
                packages = self.env[model]._accountable_packages()
                arch, _view = self.env[model]._get_view(view_type="form")
                self.assertFalse(arch.xpath("//*[@name='accountable_package']"))
                siblings = self.template(model).getparent()
                for package, label in packages:
                    [copy] = arch.xpath(f"//*[@name='{package}']")
                    self.assertEqual(copy.getparent().tag, siblings.tag)
                    self.assertIn(label, (copy.get("string"), copy.get("title")))

    def test_what_studio_loads_is_not_kept_for_people(self):
        for model in MODELS:
            with self.subTest(model=model):
                self.env.registry.clear_cache("templates")
                for is_studio in (True, False):
                    shown = self.env[model].with_context(studio=is_studio).get_view()["arch"]
                    self.assertEqual("$label" in shown, is_studio)

    def test_the_copy_is_of_its_package(self):
        for model in MODELS:
            with self.subTest(model=model):
                template = self.template(model)
                copy = self.env[model]._accountable_copy(template, "ledgers", "Ledgers & Co")
                text = etree.tostring(copy, encoding="unicode")
                for word in ("$", "accountable_connection_ids", "accountable_package'\""):
                    self.assertNotIn(word, text)
                self.assertTrue(copy.xpath("//field[@name='ledgers_connection_ids']"))
                contexts = {button.get("context") for button in copy.xpath("//button")}
                self.assertEqual(contexts, {"{'accountable_package': 'ledgers'}"})
                self.assertTrue(copy.xpath("//button[@string='Connect with Ledgers & Co']"))

    def test_payments_are_named_where_they_come_back(self):
        settings = self.env["res.config.settings"]
        arch, _view = settings._get_view(view_type="form")
        for package, _label in settings._accountable_packages():
            connection = self.env["accountable.connection"].new({"package": package})
            said = arch.xpath(f"//*[@name='{package}']//*[@name='payments_come_back']")
            self.assertEqual(bool(said), connection._get_capabilities().settlements, package)

    def test_the_template_is_translated(self):
        self.env["res.lang"]._activate_lang("nl_NL")
        view = self.env.ref("accountable_connect.res_company_view_form")
        translated = {"nl_NL": {"Connect with $label": "Koppelen met $label"}}
        view.update_field_translations("arch_db", translated)
        companies = self.env["res.company"].with_context(lang="nl_NL", studio=True)
        arch, _view = companies._get_view(view_type="form")
        [template] = arch.xpath("//*[@name='accountable_package']")
        copy = companies._accountable_copy(template, "ledgers", "Ledgers")
        self.assertTrue(copy.xpath("//button[@string='Koppelen met Ledgers']"))

    def test_a_package_without_the_field_has_no_place(self):
        for model in MODELS:
            for package, _label in self.env[model]._accountable_packages():
                self.assertIn(f"{package}_connection_ids", self.env[model]._fields)
