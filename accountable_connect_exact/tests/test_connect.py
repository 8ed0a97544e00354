"""The first step at Exact Online: the consent in the browser, and into the set-up."""

import json
from unittest.mock import patch
from urllib.parse import parse_qs, urlsplit

from odoo.addons.accountable_connect.api.errors import AuthorisationLostError
from odoo.addons.accountable_connect.tests import common_consent
from odoo.addons.accountable_connect.tests.common_secrets import manager_and_user
from odoo.addons.accountable_connect.wizards import connect
from odoo.addons.accountable_connect_exact.models import accountable_sign_in
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged

from .common import CLIENT_ID, CLIENT_SECRET, FakeClient

SANDBOX = "http://127.0.0.1:8000"


@tagged("post_install", "-at_install")
class TestExactConnect(common_consent.FakesMixin, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager, _user = manager_and_user(cls.env)
        cls.company = cls.env.company._accountable_company()
        cls.sandbox = ""
        cls.startClassPatcher(patch.object(connect, "sandbox_address", lambda _p: cls.sandbox))
        model = cls.env.registry["accountable.connection"]
        cls.classPatch(model, "action_continue", lambda self: self.action_open())

    def setUp(self):
        super().setUp()
        self.patch(accountable_sign_in, "ExactClient", FakeClient)
        package = lambda _consent, client: common_consent.FakePackage(client)  # noqa: E731
        self.patch(accountable_sign_in.ExactConsent, "package", package)
        type(self).sandbox = ""

    def enter_app(self, site="BE"):
        self.env["res.config.settings"].create(
            {
                "exact_app_site": site,
                "exact_app_client_id_entry": CLIENT_ID,
                "exact_app_client_secret_entry": CLIENT_SECRET,
            }
        )

    def dialogue(self, user=None, **values):
        company = self.company.with_user(user or self.manager)
        action = company.with_context(accountable_package="exact").action_accountable_connect()
        self.assertEqual(action["res_model"], "accountable.connect")
        model = self.env["accountable.connect"].with_user(user or self.manager)
        return model.with_context(**action["context"]).create({"exact_site": "BE", **values})

    def consent(self, action):
        """Follow the button to Exact, and come back with a code."""
        self.assertEqual((action["type"], action["target"]), ("ir.actions.act_url", "self"))
        self.authenticate("keeper", "keeper")
        asked = self.url_open(action["url"], allow_redirects=False)
        state = parse_qs(urlsplit(asked.headers["Location"]).query)["state"][0]
        return self.url_open(
            f"/accountable_connect_exact/return?code=C1&state={state}", allow_redirects=False
        )

    def test_sign_in_consent_and_on_with_the_set_up(self):
        self.enter_app()
        dialogue = self.dialogue()
        self.assertTrue(dialogue.asks_consent)
        self.assertFalse(dialogue.asks_app or dialogue.app_is_missing or dialogue.asks_password)
        back = self.consent(dialogue.action_continue())
        self.assertFalse(self.env["accountable.connection"].search([("package", "=", "exact")]))
        there = self.url_open(back.headers["Location"], allow_redirects=False)
        self.env.invalidate_all()
        connection = self.env["accountable.connection"].search([("package", "=", "exact")])
        self.assertEqual(
            urlsplit(there.headers["Location"]).path,
            f"/odoo/accountable.connection/{connection.id}",
        )
        self.assertEqual((connection.company_id, connection.state), (self.company, "connecting"))
        sign_in = connection.sign_in_id
        self.assertEqual((sign_in.active, sign_in.state), (True, "valid"))
        self.assertEqual(sign_in.exact_client_id, CLIENT_ID)
        self.assertEqual(sign_in.company_ids, self.company)
        # loaded again, it is only a page
        again = self.url_open(back.headers["Location"], allow_redirects=False)
        self.assertEqual(again.status_code, 200)
        self.assertEqual(self.env["accountable.connection"].search([]), connection)

    def test_consent_to_another_sign_in_is_not_for_the_first_step(self):
        """Another user was asked for in the dialogue, then the office's own signed in on its
        form."""
        sign_in = self.sign_in_of_the_office()
        dialogue = self.dialogue(choice="other")
        self.assertEqual(dialogue.sign_in_id, sign_in)
        dialogue.action_continue()
        action = sign_in.with_user(self.manager).action_sign_in()
        back = self.consent({**action, "target": "self"})
        page = self.url_open(back.headers["Location"], allow_redirects=False)
        self.assertEqual(page.status_code, 200)
        self.assertFalse(self.env["accountable.connection"].search([]))
        self.env.invalidate_all()
        self.assertEqual((sign_in.state, dialogue.draft_id.state), ("valid", "new"))

    def test_a_consent_given_again_leads_to_the_connection_it_was_for(self):
        sign_in = self.sign_in_of_the_office()
        other = self.env["res.company"].create({"name": "Set up by somebody else"})
        self.manager.company_ids += other
        self.env["accountable.connection"].create(
            {"company_id": other.id, "sign_in_id": sign_in.id}
        )
        dialogue = self.dialogue()
        self.assertEqual(dialogue.sign_in_id, sign_in)
        back = self.consent(dialogue.action_continue())
        there = self.url_open(back.headers["Location"], allow_redirects=False)
        self.env.invalidate_all()
        connection = self.env["accountable.connection"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertEqual(
            urlsplit(there.headers["Location"]).path,
            f"/odoo/accountable.connection/{connection.id}",
        )

    def sign_in_of_the_office(self):
        """One that every company may use, with the app of the database."""
        self.enter_app()
        return self.env["accountable.sign.in"].create(
            {"name": "Office", "package": "exact", "exact_site": "BE", "company_ids": False}
        )

    def test_refused_consent_leads_back_to_the_first_step(self):
        self.enter_app()
        dialogue = self.dialogue()
        self.authenticate("keeper", "keeper")
        asked = self.url_open(dialogue.action_continue()["url"], allow_redirects=False)
        state = parse_qs(urlsplit(asked.headers["Location"]).query)["state"][0]
        page = self.url_open(f"/accountable_connect_exact/return?error=access_denied&state={state}")
        self.assertIn("You did not consent at Exact Online", page.text)
        path = "/odoo/action-accountable_connect_exact.accountable_connect_action"
        self.assertIn(f'href="{path}"', page.text)
        sign_ins = self.env["accountable.sign.in"]
        self.assertFalse(sign_ins.search([("package", "=", "exact")]))
        dialogue.sudo().unlink()
        self.assertFalse(sign_ins.with_context(active_test=False).search([]))

    def test_one_that_works_is_one_click(self):
        self.enter_app()
        sign_in = self.env["accountable.sign.in"].create(
            {"name": "Office", "package": "exact", "exact_site": "BE", "company_ids": False}
        )
        sign_in.sudo().write({"state": "valid", "signed_in_as": "An"})
        dialogue = self.dialogue()
        self.assertEqual(dialogue.sign_in_id, sign_in)
        self.assertFalse(dialogue.asks_consent)
        action = dialogue.action_continue()
        self.assertEqual(action["res_model"], "accountable.connection")
        self.assertEqual(
            self.env["accountable.connection"].browse(action["res_id"]).package, "exact"
        )

    def test_what_the_package_refuses_is_said(self):
        sign_in = self.env["accountable.sign.in"].create(
            {"name": "Office", "package": "exact", "exact_site": "BE", "company_ids": False}
        )
        sign_in.sudo().write({"state": "valid", "signed_in_as": "An"})
        dialogue = self.dialogue()
        error = AuthorisationLostError("gone")
        refuse = patch.object(common_consent.FakePackage, "list_administrations", side_effect=error)
        with refuse:
            dialogue.action_continue()
        self.assertTrue(dialogue.problem)
        self.assertFalse(dialogue.problem_at, "there is no field beside which it could stand")
        self.assertFalse(self.env["accountable.connection"].search([]))

    def test_the_app_is_asked_of_an_administrator_once_for_each_country(self):
        self.enter_app("NL")
        dialogue = self.dialogue()
        self.assertTrue(dialogue.app_is_missing)
        action = dialogue.action_continue()
        self.assertEqual(action["res_id"], dialogue.id)
        self.assertIn("administrator of your Odoo", dialogue.problem)
        with self.assertRaises(AccessError):
            dialogue.exact_client_id_entry = CLIENT_ID
        dialogue.exact_site = "NL"
        self.assertFalse(dialogue.app_is_missing)

        admin = self.env.ref("base.user_admin")
        dialogue = self.dialogue(admin)
        self.assertTrue(dialogue.asks_app)
        self.assertEqual(
            dialogue.redirect_uri, dialogue.get_base_url() + "/accountable_connect_exact/return"
        )
        for values in ({}, {"exact_client_id_entry": CLIENT_ID}):
            dialogue.write(values)
            dialogue.action_continue()
            self.assertEqual(dialogue.problem_at, "app")
        dialogue.exact_client_secret_entry = CLIENT_SECRET
        self.assertFalse(dialogue.asks_app)
        self.assertNotIn(CLIENT_SECRET, json.dumps(dialogue.read(), default=str))
        self.assertEqual(dialogue.action_continue()["type"], "ir.actions.act_url")
        self.assertEqual(dialogue.draft_id._secret("exact_client_secret"), CLIENT_SECRET)

    def test_the_sandbox_is_filled_in(self):
        with self.assertRaises(UserError):
            self.dialogue().action_try_sandbox()
        type(self).sandbox = SANDBOX
        with patch.object(type(self.env["accountable.sign.in"]), "_check_address"):
            dialogue = self.dialogue()
            dialogue.action_try_sandbox()
            self.assertFalse(dialogue.app_is_missing)
            action = dialogue.action_continue()
        self.assertEqual(action["type"], "ir.actions.act_url")
        self.assertEqual(dialogue.draft_id.exact_address, SANDBOX)
        self.assertEqual(dialogue.draft_id.exact_client_id, CLIENT_ID)

    def test_the_countries_in_the_language_of_the_reader(self):
        self.env["res.lang"]._activate_lang("fr_BE")
        name = "accountable_connect_exact.selection__accountable_sign_in__exact_site__be"
        self.env.ref(name).with_context(lang="fr_BE").name = "Belgique"
        for model, name in (
            ("accountable.connect", "exact_site"),
            ("res.config.settings", "exact_app_site"),
        ):
            found = self.env[model].with_context(lang="fr_BE").fields_get([name])[name]
            self.assertEqual(dict(found["selection"])["BE"], "Belgique", model)
