"""Sign-in and connection of Octopus in Odoo: secrets, address, sentences, opening the package."""

from odoo.addons.accountable_connect.api.contract import Capabilities
from odoo.addons.accountable_connect.api.errors import (
    AuthorisationLostError,
    ConfigurationMissingError,
    DataRefusedError,
    NumberTakenError,
    PeriodClosedError,
    TemporaryError,
)
from odoo.addons.accountable_connect.models.connection import server_configuration
from odoo.addons.accountable_connect.models.sign_in import sign_in as accountable_sign_in
from odoo.addons.accountable_connect_octopus.api.package import OctopusPackage
from odoo.addons.accountable_connect_octopus.api.refusals import ERROR_BY_CODE
from odoo.addons.accountable_connect_octopus.sentences import SENTENCES
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, TransactionCase, new_test_user, tagged
from odoo.tools import file_open

SECRETS = {"octopus_password": "s3cret", "octopus_software_house_uuid": "0000-1111"}


@tagged("post_install", "-at_install")
class TestOctopusConnection(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = new_test_user(
            cls.env, "octopus_manager", "accountable_connect.group_manager,base.group_user"
        )
        cls.sign_in = cls.env["accountable.sign.in"].create(
            {"name": "Office", "package": "octopus", "octopus_user": "U99999999"}
        )
        cls.sign_in.set_secrets(SECRETS)
        cls.connection = cls.env["accountable.connection"].create(
            {"sign_in_id": cls.sign_in.id, "administration_key": "70123"}
        )

    def test_opens_the_package_of_the_dossier(self):
        with self.connection._open_package() as package:
            self.assertIsInstance(package, OctopusPackage)
            self.assertEqual(package.client.dossier, "70123")
            self.assertEqual(package.client.user, "U99999999")
            self.assertEqual(package.client.password, "s3cret")
            self.assertEqual(package.client.software_house, "0000-1111")
            self.assertTrue(package.client.site.startswith("https://"))

    def test_capabilities_cost_no_call(self):
        self.assertIs(self.connection._get_capabilities(), OctopusPackage.capabilities)
        self.assertIsInstance(self.connection._get_capabilities(), Capabilities)
        self.assertTrue(self.connection._get_capabilities().consecutive_numbers)

    def test_a_document_knows_its_book_year_without_a_call(self):
        self.env["accountable.master.data"].create(
            {
                "connection_id": self.connection.id,
                "kind": "period",
                "code": "9/202603",
                "name": "March",
                "details": {
                    "date_from": "2026-03-01",
                    "date_to": "2026-03-31",
                    "book_year": "9",
                    "closed": False,
                },
            }
        )
        with self.connection._open_package() as package:
            self.assertEqual(package._book_years.period_around("2026-03-10")["code"], "9/202603")

    def test_manager_enters_secrets_and_cannot_read_them(self):
        sign_in = self.sign_in.with_user(self.manager)
        sign_in.octopus_software_house_entry = "2222-3333"
        self.assertEqual(self.sign_in._secret("octopus_software_house_uuid"), "2222-3333")
        self.assertEqual(self.sign_in._secret("octopus_password"), "s3cret")
        self.assertFalse(sign_in.octopus_software_house_entry)
        for name in SECRETS:
            with self.assertRaises(AccessError):
                sign_in.read([name])
            with self.assertRaises(AccessError):
                sign_in.write({name: "stolen"})

    def test_secrets_are_not_copied(self):
        copy = self.sign_in.copy()
        self.assertFalse(copy.octopus_password or copy.octopus_software_house_uuid)

    def test_another_address_forgets_the_password(self):
        """Else a manager could have it sent to a machine of his own."""
        self.sign_in.with_user(self.manager).octopus_url = "https://octopus.example/api"
        self.assertEqual(self.sign_in._secret("octopus_password"), "")
        self.assertEqual(self.sign_in._secret("octopus_software_house_uuid"), "")

    def test_a_wrong_address_is_corrected_on_the_form(self):
        with Form(self.sign_in.with_user(self.manager)) as form:
            form.octopus_url = "https://octopus.example/api"
        self.assertEqual(self.sign_in.octopus_url, "https://octopus.example/api")
        self.assertFalse(self.sign_in.has_secrets)

    def test_the_same_address_keeps_the_password(self):
        self.sign_in.write({"octopus_url": self.sign_in.octopus_url, "name": "Our office"})
        self.assertEqual(self.sign_in._secret("octopus_password"), "s3cret")

    def test_password_travels_encrypted_or_stays_on_the_machine(self):
        self.sign_in.octopus_url = "http://127.0.0.1:8090/octopus-rest-api/v1"
        refused = ("http://octopus.example/api", "ftp://127.0.0.1/x", "octopus", "https://")
        for address in (*refused, "https://["):
            with self.assertRaises(ValidationError):
                self.sign_in.octopus_url = address

    def test_address_that_is_read_in_two_ways(self):
        with self.assertRaises(ValidationError):
            self.sign_in.octopus_url = r"http://192.0.2.2:9802\@127.0.0.1/x"

    def test_sandbox_needs_the_server_configuration(self):
        self.patch(accountable_sign_in, "sandboxes_allowed", lambda: False)
        with self.assertRaisesRegex(ValidationError, "allow_sandboxes = True"):
            self.sign_in.octopus_url = "http://127.0.0.1:8090/octopus-rest-api/v1"
        self.sign_in.octopus_url = "https://octopus.example/api"

    def test_stored_sandbox_is_not_called_where_the_server_does_not_allow_it(self):
        """It may have been entered while the server allowed it, or by an older version."""
        self.sign_in.octopus_url = "http://127.0.0.1:9/octopus-rest-api/v1"
        self.sign_in.with_user(self.manager).set_secrets({"octopus_password": "s3cret"})
        self.patch(server_configuration, "sandboxes_allowed", lambda: False)
        self.connection.with_user(self.manager).action_test_sign_in()
        self.assertIn("allow_sandboxes = True", self.connection.problem)

    def test_every_code_has_a_sentence(self):
        # -4 and -6 (the dossier cannot be opened) read as a package that cannot be reached
        missing = {str(code) for code in ERROR_BY_CODE} - set(SENTENCES) - {"-4", "-6"}
        self.assertFalse(missing)

    def test_sentences_name_what_is_meant(self):
        sentence = self.connection._error_sentence
        self.assertIn(
            "V1",
            sentence(ConfigurationMissingError("x", code=-10, values={"journal": "V1"})),
        )
        self.assertIn(
            "Rekening 799999",
            sentence(
                ConfigurationMissingError("x", code=-21, values={"detail": "Rekening 799999"})
            ),
        )
        self.assertIn("43", sentence(NumberTakenError("x", code=-13, values={"number": 43})))

    def test_sentence_without_its_values(self):
        for code, sentence in SENTENCES.items():
            text = self.connection._error_sentence(DataRefusedError("x", code=code))
            self.assertNotIn("%(", text, sentence)

    def test_unknown_code_shows_what_octopus_says(self):
        error = DataRefusedError("x", code=-999, values={"detail": "Vreemd geval"})
        self.assertIn("Vreemd geval", self.connection._error_sentence(error))

    def test_a_sentence_is_read_in_each_language(self):
        """Stored as data; its period is a month, and what only Octopus says is quoted."""
        for lang in ("nl_BE", "fr_BE"):
            self.env["res.lang"]._activate_lang(lang)
        self.env["accountable.master.data"].create(
            {
                "connection_id": self.connection.id,
                "kind": "period",
                "code": "9/202611",
                "name": "9/202611",
                "details": {"date_from": "2026-11-01", "date_to": "2026-11-30"},
            }
        )
        connection = self.connection.with_context(lang=None)
        connection.problem = connection._error_sentence(
            PeriodClosedError("x", code="-15", values={"period": "9/202611", "journal": "V1"})
        )
        for lang, words in (
            ("en_US", "Period November 2026 of journal V1"),
            ("nl_BE", "Periode november 2026 van dagboek V1"),
            ("fr_BE", "La période novembre 2026 du journal V1"),
        ):
            self.assertIn(words, self.connection.with_context(lang=lang).problem)
        connection.problem = connection._error_sentence(
            DataRefusedError("x", code="?", values={"detail": "Vreemd geval, 5 %", "secret": "s"})
        )
        texts = [
            self.connection.with_context(lang=lang).problem for lang in ("en_US", "nl_BE", "fr_BE")
        ]
        self.assertEqual(len(set(texts)), 3)
        self.assertIn("“Vreemd geval, 5 %”", texts[0])
        self.assertNotIn("secret", str(connection.problem.data))

    def test_unknown_code_of_another_kind_reads_as_its_kind(self):
        for error in (TemporaryError("x", code=-999), AuthorisationLostError("x", code=-998)):
            text = self.connection._error_sentence(error)
            self.assertTrue(text.endswith("."))

    def test_neutralised(self):
        with file_open("accountable_connect_octopus/data/neutralize.sql") as file:
            self.env.cr.execute(file.read())
        self.env.invalidate_all()
        self.assertFalse(self.sign_in.octopus_password)
        self.assertFalse(self.sign_in.octopus_software_house_uuid)
        self.assertFalse(self.sign_in.octopus_user)
        self.assertFalse(self.sign_in.tokens)
