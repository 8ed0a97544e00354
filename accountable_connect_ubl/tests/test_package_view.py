"""The tab of the company, and the block of the settings."""

from odoo.tests import Form, new_test_user, tagged

from .common import UblCase


@tagged("post_install", "-at_install")
class TestPackageView(UblCase):
    def test_the_tab_of_the_company_shows_its_connections(self):
        connection = self.connected()
        other = self.env["res.company"].create({"name": "Other"})
        self.assertEqual(self.company.ubl_connection_ids, connection)
        self.assertFalse(other.ubl_connection_ids)
        arch, _view = self.company._get_view(view_type="form")
        [tab] = arch.xpath("//page[@name='ubl']")
        self.assertEqual(tab.get("string"), "UBL")
        self.assertTrue(tab.xpath(".//field[@name='ubl_connection_ids']"))

    def test_the_settings_show_them_to_a_manager(self):
        connection = self.connected()
        settings = self.env["res.config.settings"].create({})
        self.assertEqual(settings.ubl_connection_ids, connection)
        arch, _view = settings._get_view(view_type="form")
        self.assertTrue(arch.xpath("//block[@name='ubl']"))

    def test_a_user_sees_the_state_and_no_settings(self):
        connection = self.connected()
        user = new_test_user(
            self.env,
            "ubl_user",
            "base.group_user,accountable_connect.group_user",
            company_id=self.company.id,
            company_ids=self.company.ids,
        )
        company = self.company.with_user(user)
        self.assertEqual(company.ubl_connection_ids, connection)
        self.assertEqual(company.ubl_connection_ids.state, "configuration_needed")

    def test_its_form_opens(self):
        connection = self.connected()
        self.walk_to_the_end(connection)
        with Form(connection) as form:
            form.ubl_wait_days = 5
        self.assertEqual(connection.ubl_wait_days, 5)
