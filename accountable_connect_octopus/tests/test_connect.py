"""The first step: user and password in one dialogue, until the sign-in works."""

import json
from unittest.mock import patch

from odoo.addons.accountable_connect.api.contract import Administration
from odoo.addons.accountable_connect.api.errors import (
    AuthorisationLostError,
    ConfigurationMissingError,
    DataRefusedError,
    TemporaryError,
)
from odoo.addons.accountable_connect.wizards import connect
from odoo.addons.accountable_connect_octopus.api.package import OctopusPackage
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, TransactionCase, new_test_user, tagged

from ..api.client import BASE_ADDRESS

USER, PASSWORD = "U1", "Zeer-geheim-7"
SOFTWARE_HOUSE = "1111-2222"
SANDBOX = "http://127.0.0.1:8090/octopus-rest-api/v1"
MANAGER = "base.group_user,base.group_allow_export,accountable_connect.group_manager"


@tagged("post_install", "-at_install")
class TestConnect(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company, cls.other = cls.env["res.company"].create([{"name": "A"}, {"name": "B"}])
        cls.manager = cls.new_manager("door", cls.company)
        cls.admin = cls.new_manager("admin_of_a", cls.company)
        cls.admin.group_ids += cls.env.ref("base.group_system")
        cls.asked = []
        cls.error = None
        cls.sandbox = ""

        def list_administrations(package):
            client = package.client
            cls.asked.append((client.site, client.user, client.password, client.software_house))
            if cls.error:
                raise cls.error
            if client.password not in (PASSWORD, "secret"):
                raise AuthorisationLostError("401", code="401")
            return [Administration(key="70123", name="A")]

        cls.classPatch(OctopusPackage, "list_administrations", list_administrations)
        model = cls.env.registry["accountable.connection"]
        cls.classPatch(model, "action_continue", lambda self: self.action_open())
        cls.startClassPatcher(patch.object(connect, "sandbox_address", lambda _p: cls.sandbox))

    def setUp(self):
        super().setUp()
        type(self).asked, type(self).error, type(self).sandbox = [], None, ""
        self.enter_app()

    @classmethod
    def new_manager(cls, login, companies, groups=MANAGER):
        return new_test_user(
            cls.env, login, groups, company_id=companies[0].id, company_ids=companies.ids
        )

    def enter_app(self):
        settings = self.env["res.config.settings"].with_user(self.admin)
        settings.create({"octopus_software_house_entry": SOFTWARE_HOUSE})

    def door(self, user=None, company=None):
        company = (company or self.company).with_user(user or self.manager)
        return company.with_context(accountable_package="octopus").action_accountable_connect()

    def dialogue(self, user=None, **values):
        """The form of the first step, as it opens."""
        action = self.door(user)
        self.assertEqual((action["res_model"], action["target"]), ("accountable.connect", "new"))
        model = self.env["accountable.connect"].with_user(user or self.manager)
        form = Form(model.with_context(**action["context"]))
        for name, value in values.items():
            form[name] = value
        return form

    def typed(self, password=PASSWORD, user=None, **values):
        values |= {"octopus_user": USER, "password_entry": password}
        return self.dialogue(user, **values).save()

    def assert_nothing_left(self):
        every = {"active_test": False}
        for model in ("accountable.sign.in", "accountable.connection"):
            self.assertFalse(self.env[model].with_context(**every).search([]), model)

    def assert_again(self, dialogue, action, at, text):
        self.assertEqual(
            (action["res_model"], action["res_id"], action["target"]),
            ("accountable.connect", dialogue.id, "new"),
        )
        self.assertEqual(dialogue.problem_at or "", at)
        self.assertIn(text, dialogue.problem)

    # The right password

    def test_user_and_password_lead_into_the_set_up(self):
        dialogue = self.typed()
        self.assertFalse(self.env["accountable.sign.in"].search([]), "offered before it worked")
        action = dialogue.action_continue()
        connection = self.env["accountable.connection"].search([])
        sign_in = connection.sign_in_id
        self.assertEqual(
            (action["res_model"], action["res_id"]), ("accountable.connection", connection.id)
        )
        self.assertEqual((connection.company_id, connection.state), (self.company, "connecting"))
        self.assertEqual((sign_in.active, sign_in.state), (True, "valid"))
        self.assertEqual(sign_in.company_ids, self.company)
        self.assertEqual((sign_in.octopus_user, sign_in.octopus_url), (USER, BASE_ADDRESS))
        self.assertEqual(sign_in.administration_ids.mapped("key"), ["70123"])
        self.assertEqual(self.asked, [(BASE_ADDRESS, USER, PASSWORD, SOFTWARE_HOUSE)])

    def test_company_and_package_are_not_asked(self):
        view = self.env["accountable.connect"].get_view(view_type="form")["arch"]
        for name in ("company_id", "package"):
            self.assertIn(f'<field name="{name}" invisible="1"', view)
        form = self.dialogue()
        self.assertEqual((form.company_id, form.package), (self.company, "octopus"))
        self.assertIn("A go to Octopus", form.introduction)

    def test_everything_is_asked_for_first(self):
        dialogue = self.dialogue().save()
        self.assert_again(dialogue, dialogue.action_continue(), "user", "Enter the user")
        dialogue.octopus_user = USER
        self.assert_again(dialogue, dialogue.action_continue(), "password", "Enter the password")
        self.assertFalse(self.asked)

    # What goes wrong

    def test_a_wrong_password_is_said_beside_it_and_typed_again(self):
        dialogue = self.typed("wrong")
        action = dialogue.action_continue()
        self.assert_again(dialogue, action, "password", "Octopus refuses the user or password")
        self.assertEqual(dialogue.octopus_user, USER)
        self.assertTrue(dialogue.asks_password)
        self.assert_nothing_left()
        # pressed again with nothing typed, nothing is tried again: Octopus counts wrong ones
        dialogue.action_continue()
        self.assertEqual(len(self.asked), 1)
        dialogue.password_entry = PASSWORD
        self.assertFalse(dialogue.problem)
        dialogue.action_continue()
        self.assertEqual(self.env["accountable.connection"].search_count([]), 1)
        self.assertEqual(self.env["accountable.sign.in"].search_count([]), 1)

    def test_no_answer_is_said_and_the_password_kept(self):
        dialogue = self.typed()
        type(self).error = TemporaryError("gone", code="no_connection")
        self.assert_again(dialogue, dialogue.action_continue(), "", "cannot be reached")
        self.assertFalse(dialogue.asks_password)
        self.assertFalse(self.env["accountable.sign.in"].search([]))
        type(self).error = None
        self.assertEqual(dialogue.action_continue()["res_model"], "accountable.connection")

    def test_a_wrong_address_is_corrected_and_the_secret_asked_again(self):
        dialogue = self.typed()
        self.assertFalse(dialogue.show_address)
        type(self).error = ConfigurationMissingError("404", code="address")
        self.assert_again(dialogue, dialogue.action_continue(), "address", "no Octopus at the")
        self.assertTrue(dialogue.show_address)
        type(self).error = None
        dialogue.octopus_url = "https://elsewhere.example.com"
        self.assert_again(dialogue, dialogue.action_continue(), "address", "is not sent there")
        dialogue.octopus_url = BASE_ADDRESS
        self.assert_again(dialogue, dialogue.action_continue(), "password", "Enter the password")
        self.assertEqual(len(self.asked), 1)
        dialogue.password_entry = PASSWORD
        dialogue.action_continue()
        self.assertEqual(self.asked[1:], [(BASE_ADDRESS, USER, PASSWORD, SOFTWARE_HOUSE)])

    def test_no_secret_is_quoted(self):
        """Whatever echoes it: the software house id is not the manager's to read."""
        detail = f"user {USER}, password {PASSWORD}, id {SOFTWARE_HOUSE}"
        type(self).error = DataRefusedError("x", code="-99", values={"detail": detail})
        dialogue = self.typed()
        dialogue.action_continue()
        self.assertIn(f"user {USER}", dialogue.problem)
        for secret in (PASSWORD, SOFTWARE_HOUSE):
            self.assertNotIn(secret, dialogue.problem)

    def test_an_address_that_is_none_is_refused(self):
        dialogue = self.typed()
        with self.assertRaisesRegex(UserError, "not a web service address"):
            dialogue.write({"octopus_url": "http://example.com", "password_entry": PASSWORD})

    def test_what_did_not_work_goes_with_the_dialogue(self):
        dialogue = self.typed()
        self.assertTrue(dialogue.draft_id)
        dialogue.sudo().unlink()  # as Odoo clears dialogues away
        self.assert_nothing_left()

    # A sign-in that exists

    def existing(self, state="valid", **values):
        sign_in = self.env["accountable.sign.in"].create(
            {
                "name": "Our office",
                "package": "octopus",
                "octopus_user": "U5",
                "company_ids": False,
                **values,
            }
        )
        sign_in.set_secrets({"octopus_password": PASSWORD})
        sign_in.sudo().state = state
        return sign_in

    def test_one_that_works_is_chosen_and_nothing_typed(self):
        sign_in = self.existing()
        dialogue = self.dialogue().save()
        self.assertEqual((dialogue.choice, dialogue.sign_in_id), ("known", sign_in))
        self.assertFalse(dialogue.asks_password)
        dialogue.action_continue()
        self.assertEqual(self.env["accountable.connection"].search([]).sign_in_id, sign_in)
        self.assertFalse(dialogue.draft_id)

    def test_none_is_chosen(self):
        self.env["accountable.sign.in"].create(
            {"name": "Office", "package": "octopus", "company_ids": self.company.ids}
        )
        form = self.dialogue()
        form.sign_in_id = self.env["accountable.sign.in"]
        self.assertFalse(form.asks_password, "of whom?")
        dialogue = form.save()
        dialogue.password_entry = PASSWORD
        self.assert_again(dialogue, dialogue.action_continue(), "", "Choose a sign-in")

    def test_one_that_is_lost_asks_for_its_password_only(self):
        sign_in = self.existing("lost")
        dialogue = self.dialogue().save()
        self.assertTrue(dialogue.asks_password)
        self.assert_again(dialogue, dialogue.action_continue(), "password", "Enter the password")
        dialogue.password_entry = "wrong"
        self.assert_again(dialogue, dialogue.action_continue(), "password", "refuses")
        self.assertEqual(sign_in.state, "lost")
        self.assertFalse(self.env["accountable.connection"].search([]))
        dialogue.password_entry = PASSWORD
        dialogue.action_continue()
        self.assertEqual(self.env["accountable.connection"].search([]).sign_in_id, sign_in)

    def test_one_of_another_company_is_not_offered(self):
        theirs = self.existing(company_ids=[(6, 0, self.other.ids)])
        form = self.dialogue()
        self.assertEqual(form.choice, "other")
        self.assertFalse(form.has_choice)
        with self.assertRaises(AccessError):
            self.env["accountable.connect"].with_user(self.manager).create(
                {
                    "company_id": self.company.id,
                    "package": "octopus",
                    "choice": "known",
                    "sign_in_id": theirs.id,
                }
            )

    def test_one_of_another_company_or_put_away_is_asked_nothing(self):
        """Whoever works for both companies may name it; what it reaches is the other one's."""
        both = self.new_manager("of_both", self.company + self.other)
        theirs = self.existing(company_ids=[(6, 0, self.other.ids)])
        put_away = self.existing()
        put_away.active = False
        dialogue = self.dialogue(both).save()
        dialogue = dialogue.with_context(allowed_company_ids=both.company_ids.ids)
        for sign_in in (theirs, put_away):
            dialogue.write({"choice": "known", "sign_in_id": sign_in.id})
            self.assert_again(dialogue, dialogue.action_continue(), "", "may not be used for A")
        self.assertFalse(self.asked)
        self.assertFalse(put_away.active)

    def test_a_password_without_a_sign_in_is_not_kept(self):
        self.existing()
        dialogue = self.dialogue(sign_in_id=self.env["accountable.sign.in"]).save()
        dialogue.password_entry = PASSWORD
        self.assert_again(dialogue, dialogue.action_continue(), "", "Choose a sign-in")

    def test_another_user_beside_it(self):
        sign_in = self.existing()
        self.typed(choice="other").action_continue()
        used = self.env["accountable.connection"].search([]).sign_in_id
        self.assertNotEqual(used, sign_in)
        self.assertEqual(used.name, f"Octopus – {USER}")

    # What is there already

    def test_a_connection_in_the_set_up_is_opened_where_it_stands(self):
        dialogue = self.typed()
        connection = self.env["accountable.connection"].create(
            {"sign_in_id": self.existing().id, "company_id": self.company.id}
        )
        connection.sudo().step = "vat_codes"
        for action in (dialogue.action_continue(), self.door()):
            self.assertEqual(
                (action["res_model"], action["res_id"]), ("accountable.connection", connection.id)
            )
        self.assertFalse(self.asked)
        self.assertEqual(connection.step, "vat_codes")

    def test_an_archived_one_does_not_count(self):
        sign_in = self.existing()
        archived = self.env["accountable.connection"].create(
            {"sign_in_id": sign_in.id, "company_id": self.company.id, "active": False}
        )
        self.dialogue().save().action_continue()
        connection = self.env["accountable.connection"].search([])
        self.assertEqual(len(connection), 1)
        self.assertNotEqual(connection, archived)

    # Who may

    def test_a_plain_user_does_not_connect(self):
        user = self.new_manager(
            "plain", self.company, "base.group_user,accountable_connect.group_user"
        )
        with self.assertRaises(AccessError):
            self.env["accountable.connect"].with_user(user).create(
                {"company_id": self.company.id, "package": "octopus"}
            )

    def test_nobody_connects_a_company_of_others(self):
        for company in (self.other, self.company | self.other):
            dialogues = self.env["accountable.connect"].with_user(self.manager)
            with self.assertRaises(AccessError):
                dialogues.create(
                    {"company_id": company[-1:].id, "package": "octopus"}
                ).action_continue()

    def test_the_dialogue_of_another_manager_is_not_seen(self):
        dialogue = self.typed()
        colleague = self.new_manager("colleague", self.company)
        with self.assertRaises(AccessError):
            dialogue.with_user(colleague).action_continue()

    def test_nobody_reads_what_was_typed(self):
        dialogue = self.typed()
        self.env.flush_all()
        self.env.cr.execute("SELECT * FROM accountable_connect WHERE id = %s", [dialogue.id])
        answers = [self.env.cr.fetchall(), dialogue.read(), dialogue.draft_id.read()]
        answers.append(dialogue.web_save({"octopus_user": "U2"}, {"password_entry": {}}))
        answers.append(self.env["accountable.connect"].with_user(self.admin).search([]).read())
        answers.append(dialogue.export_data(["password_entry"]))
        for secret in (PASSWORD, SOFTWARE_HOUSE):
            self.assertNotIn(secret, json.dumps(answers, default=str))
        for name in ("problem", "draft_id", "is_sandbox", "consent_asked"):
            with self.assertRaises(AccessError):
                dialogue.write({name: False})

    # The software house id

    def forget_app(self):
        self.env["accountable.app"].sudo().search([]).unlink()

    def test_an_administrator_enters_it_once(self):
        self.forget_app()
        dialogue = self.dialogue(self.admin, octopus_user=USER, password_entry=PASSWORD).save()
        self.assertTrue(dialogue.asks_app)
        self.assert_again(dialogue, dialogue.action_continue(), "app", "software house id")
        dialogue.octopus_software_house_entry = SOFTWARE_HOUSE
        self.assertFalse(dialogue.asks_app)
        dialogue.action_continue()
        self.assertEqual(self.asked, [(BASE_ADDRESS, USER, PASSWORD, SOFTWARE_HOUSE)])
        self.env["accountable.connection"].search([]).unlink()
        dialogue = self.dialogue(choice="other").save()
        self.assertFalse(dialogue.asks_app or dialogue.app_is_missing)

    def test_a_manager_reads_whom_to_ask(self):
        self.forget_app()
        dialogue = self.typed()
        self.assertTrue(dialogue.app_is_missing)
        self.assertFalse(dialogue.asks_app)
        self.assertIn("administrator of your Odoo", dialogue.app_sentence)
        dialogue.action_continue()
        self.assertFalse(self.asked)
        with self.assertRaises(AccessError):
            dialogue.octopus_software_house_entry = SOFTWARE_HOUSE

    def test_nobody_reads_it_back(self):
        apps = self.env["accountable.app"]
        for user in (self.manager, self.admin):
            with self.assertRaises(AccessError):
                apps.with_user(user).search([])
        settings = self.env["res.config.settings"].with_user(self.admin)
        read = settings.create({"octopus_software_house_entry": SOFTWARE_HOUSE}).read()
        self.assertNotIn(SOFTWARE_HOUSE, json.dumps(read, default=str))

    def test_a_sign_in_keeps_its_own(self):
        sign_in = self.existing()
        self.assertEqual(sign_in._secret("octopus_software_house_uuid"), SOFTWARE_HOUSE)
        sign_in.set_secrets({"octopus_software_house_uuid": "own"})
        self.enter_app()
        sign_in.name = "Other name"
        self.assertEqual(sign_in._secret("octopus_software_house_uuid"), "own")

    def test_it_goes_to_no_other_address(self):
        sign_in = self.existing(octopus_url="https://elsewhere.example.com")
        self.assertEqual(sign_in._secret("octopus_software_house_uuid"), "")
        sign_in.octopus_url = BASE_ADDRESS
        self.assertEqual(sign_in._secret("octopus_software_house_uuid"), SOFTWARE_HOUSE)
        sign_in.octopus_url = "https://elsewhere.example.com"
        self.assertEqual(sign_in._secret("octopus_software_house_uuid"), "")

    def other_package(self):
        packages = self.env["accountable.sign.in"]._fields["package"].get_values(self.env)
        other = next((name for name in packages if name != "octopus"), None)
        return other or self.skipTest("there is no other package")

    def test_nor_by_way_of_another_package(self):
        """Whose address it is says the package: while it is another one nobody looks at ours."""
        sign_in = self.existing().with_user(self.manager)
        sign_in.package = self.other_package()
        sign_in.octopus_url = "https://elsewhere.example.com"
        sign_in.package = "octopus"
        for name in ("octopus_password", "octopus_software_house_uuid"):
            self.assertEqual(sign_in._secret(name), "", name)

    def test_a_sign_in_with_connections_keeps_its_package(self):
        self.typed().action_continue()
        sign_in = self.env["accountable.sign.in"].search([])
        sign_in.connection_ids.active = False
        with self.assertRaisesRegex(UserError, "keeps its package"):
            sign_in.with_user(self.manager).package = self.other_package()

    def test_another_address_asks_for_the_password_again(self):
        sign_in = self.existing()
        self.assertTrue(sign_in.has_secrets)
        for address in ("https://elsewhere.example.com", BASE_ADDRESS):
            sign_in.octopus_url = address
            sign_in.invalidate_recordset(["has_secrets"])
            self.assertFalse(sign_in.has_secrets, "the software house id is no password")

    def test_one_that_is_refused_is_asked_of_the_administrator(self):
        error = AuthorisationLostError("-68", code=-68)
        for user, asks in ((self.manager, False), (self.admin, True)):
            dialogue = self.typed(user=user)
            type(self).error = error
            self.assert_again(dialogue, dialogue.action_continue(), "app", "software house id")
            self.assertEqual(dialogue.asks_app, asks)

    # The sandbox

    def test_the_sandbox_is_filled_in(self):
        self.forget_app()
        self.assertFalse(self.dialogue().has_sandbox)
        type(self).sandbox = SANDBOX
        dialogue = self.dialogue().save()
        self.assertTrue(dialogue.has_sandbox)
        with patch.object(type(self.env["accountable.sign.in"]), "_check_address"):
            dialogue.action_try_sandbox()
            self.assertEqual((dialogue.octopus_user, dialogue.octopus_url), ("U99999999", SANDBOX))
            self.assertTrue(dialogue.show_address)
            self.assertFalse(dialogue.asks_password or dialogue.app_is_missing)
            dialogue.action_continue()
        [(address, user, password, software_house)] = self.asked
        self.assertEqual((address, user, password), (SANDBOX, "U99999999", "secret"))
        self.assertTrue(software_house)

    def test_the_way_back_to_the_sandbox(self):
        self.forget_app()
        type(self).sandbox = SANDBOX
        dialogue = self.dialogue().save()
        with patch.object(type(self.env["accountable.sign.in"]), "_check_address"):
            dialogue.action_try_sandbox()
            dialogue.password_entry = "wrong"
            self.assert_again(dialogue, dialogue.action_continue(), "password", "password")
            self.assertFalse(dialogue.app_is_missing or dialogue.has_sandbox)
            with Form(dialogue) as form:
                form.octopus_url = f"{SANDBOX}/elsewhere"
                self.assertFalse(form.at_sandbox)
                self.assertTrue(form.has_sandbox)
            self.assert_again(dialogue, dialogue.action_continue(), "address", "was not entered")
            with Form(dialogue) as form:
                form.octopus_url = SANDBOX
                form.password_entry = "secret"
            self.assertEqual(dialogue.action_continue()["res_model"], "accountable.connection")
        [(*_first, wrong, of_first), (address, _user, right, of_second)] = self.asked
        self.assertEqual((wrong, right, address), ("wrong", "secret", SANDBOX))
        self.assertTrue(of_first)
        self.assertEqual(of_first, of_second)

    def test_no_sandbox_where_none_is_allowed(self):
        dialogue = self.dialogue().save()
        with self.assertRaises(UserError):
            dialogue.action_try_sandbox()

    # Testing a sign-in

    def test_the_sign_in_is_tested_without_a_connection(self):
        sign_in = self.existing("new").with_user(self.manager)
        self.assertIn("reaches 1 admin", sign_in.action_test()["params"]["message"])
        self.assertEqual(sign_in.state, "valid")
        type(self).error = AuthorisationLostError("401", code="401")
        said = sign_in.action_test()["params"]
        self.assertIn("refuses the user or password", said["message"])
        self.assertEqual((said["type"], sign_in.state), ("danger", "lost"))

    # The ways to it

    def test_menu_and_dashboard_lead_to_it(self):
        journal = self.env["account.journal"].create(
            {"name": "Sales", "type": "sale", "code": "S", "company_id": self.company.id}
        )
        menu = self.env.ref("accountable_connect_octopus.accountable_connect_menu")
        run = menu.action.with_user(self.manager).run
        self.assertEqual(run()["res_model"], "accountable.connect")

        def is_offered(user):
            shown = journal.with_user(user)
            shown.invalidate_recordset(["kanban_dashboard"])
            return json.loads(shown.kanban_dashboard).get("accountable_connect", False)

        user = self.new_manager(
            "bookkeeper", self.company, "base.group_user,accountable_connect.group_user"
        )
        self.assertTrue(is_offered(self.manager))
        self.assertFalse(is_offered(user))
        action = journal.with_user(self.manager).with_context(accountable_package="octopus")
        self.assertEqual(action.action_accountable_connect()["res_model"], "accountable.connect")
        self.typed().action_continue()
        self.assertFalse(is_offered(self.manager))
        view = self.env.ref("account.account_journal_dashboard_kanban_view")
        arch = self.env["account.journal"].get_view(view.id, "kanban")["arch"]
        self.assertIn("Connect with Octopus", arch)
