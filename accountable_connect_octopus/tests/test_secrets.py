import json

from odoo.addons.accountable_connect.tests.common_secrets import SecretsMixin, manager_and_user
from odoo.tests import Form, TransactionCase, tagged

PASSWORD = "Zeer-geheim-7"
SOFTWARE_HOUSE = "00000000-1111-2222-3333-444444444444"


@tagged("post_install", "-at_install")
class TestSecrets(SecretsMixin, TransactionCase):
    package = "octopus"
    secrets = {"octopus_password": PASSWORD, "octopus_software_house_uuid": SOFTWARE_HOUSE}
    hidden = tuple(secrets)
    tab = ("octopus_connection_ids", "Do the initial synchronisation")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager, cls.user = manager_and_user(cls.env)
        cls.sign_in = cls.env["accountable.sign.in"].create(
            {
                "name": "Kantoor",
                "package": "octopus",
                "octopus_user": "U1",
                "company_ids": False,
            }
        )

    def test_the_form_forgets_what_was_typed(self):
        form = Form(self.env["accountable.sign.in"].with_user(self.manager))
        form.name = "Nieuw"
        form.package = "octopus"
        form.octopus_user = "U2"
        form.password_entry = PASSWORD
        form.octopus_software_house_entry = SOFTWARE_HOUSE
        sign_in = form.save()
        self.assertFalse(sign_in.password_entry)
        self.assertEqual(sign_in._secret("octopus_password"), PASSWORD)
        answer = sign_in.web_save(
            {"password_entry": "Ander-geheim-8"}, {"name": {}, "password_entry": {}}
        )
        self.assertNotIn("Ander-geheim-8", json.dumps(answer))
        self.assertEqual(sign_in._secret("octopus_password"), "Ander-geheim-8")

    def test_new_secrets_forget_the_tokens_and_know_their_database(self):
        self.sign_in.write({"tokens": {"1": "eyJ"}})
        self.sign_in.with_user(self.manager).set_secrets({"octopus_password": "Nieuw-9"})
        self.assertFalse(self.sign_in.tokens)
        self.assertEqual(
            self.sign_in.database_identity, self.env["accountable.identity"]._current()
        )
        self.assertEqual(self.sign_in.state, "new")

    def test_the_tab_leads_to_the_connection(self):
        company = self.env.company.root_id
        action = company.with_context(accountable_package="octopus").action_accountable_connect()
        self.assertEqual(action["res_model"], "accountable.connect")
        self.assertEqual(action["context"]["default_sign_in_id"], self.sign_in.id)
        connection = self.env["accountable.connection"].create({"sign_in_id": self.sign_in.id})
        action = company.with_context(accountable_package="octopus").action_accountable_connect()
        self.assertEqual(action["res_id"], connection.id)
        self.assertEqual(company.octopus_connection_ids, connection)
