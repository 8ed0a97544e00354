"""What an error of a package concerns: the record it leads to, and that it goes once that is put
right."""

from unittest.mock import patch

from odoo import fields
from odoo.addons.accountable_connect.api import errors
from odoo.addons.accountable_connect.api.concerns import CONCERNS, names_code

from .common import ConnectionCase

# What an error concerns: the model of the record that its button opens.
MODELS = {
    "connection": "accountable.connection",
    "cost_centre": "accountable.mapping",
    "cost_unit": "accountable.mapping",
    "journal": "accountable.mapping",
    "ledger_account": "accountable.mapping",
    "party": "res.partner",
    "payment_term": "accountable.mapping",
    "record": "account.move",
    "sign_in": "accountable.sign.in",
    "vat_code": "accountable.mapping",
}


class TestCauses(ConnectionCase):
    def setUp(self):
        super().setUp()
        model = type(self.connection)
        # each code concerns what it is called
        concerns = patch.object(model, "_get_concerns", lambda self: {one: one for one in CONCERNS})
        self.enterContext(concerns)
        self.move = self.invoice(post=False)
        self.move.invoice_payment_term_id = self.env["account.payment.term"].search([], limit=1)
        self.move.action_post()

    def refuse(self, code, error=errors.ConfigurationMissingError, **values):
        """The item of the document after the package refused it."""
        self.books.fail("create_document", error("no", code=code, values=values))
        job = self.jobs(self.move)
        job._make_pending()
        self.work()
        self.assertEqual(job.error_code, code, job.message)
        return job

    def row(self, kind):
        source = {
            "journal": self.move.journal_id,
            "vat_code": self.move.invoice_line_ids.tax_ids,
            "ledger_account": self.move.invoice_line_ids.account_id,
            "payment_term": self.move.invoice_payment_term_id,
        }[kind]
        return self.env["accountable.mapping"].search(
            [
                ("connection_id", "=", self.connection.id),
                ("source_key", "=", f"{source._name},{source.id}"),
                ("document_kind", "in", ("any", "sale")),
            ]
        )

    def test_every_concern_leads_to_its_record(self):
        self.assertEqual(set(MODELS), set(CONCERNS))
        values = {"journal": "V1", "vat_code": "21", "detail": "Rekening 700000 bestaat niet."}
        for concern, model in MODELS.items():
            with self.subTest(concern):
                job = self.refuse(concern, **values)
                cause = self.env[job.cause_model].browse(job.cause_id)
                if concern.startswith("cost_"):
                    # nothing of the document has one
                    self.assertEqual(cause, self.connection)
                    continue
                self.assertEqual(cause._name, model)
                if model == "accountable.mapping" and concern != "ledger_account":
                    self.assertEqual(cause, self.row(concern))

    def test_the_account_that_the_package_names(self):
        """Customer and revenue are mapped to different accounts; the text names one of them."""
        row = self.row("ledger_account")
        row.master_data_id = self.master_item("ledger_account", "700100")
        job = self.refuse("ledger_account", detail="Account 700100 does not exist in bookyear 12")
        self.assertEqual((job.cause_model, job.cause_id), (row._name, row.id))
        job = self.refuse("ledger_account", account="700100")
        self.assertEqual((job.cause_model, job.cause_id), (row._name, row.id))

    def test_an_account_that_nobody_names_leads_to_the_connection(self):
        self.row("ledger_account").master_data_id = self.master_item("ledger_account", "700100")
        job = self.refuse("ledger_account", detail="An account is unknown")
        self.assertEqual(job.cause_model, "accountable.connection")

    def test_a_line_without_a_code_leads_to_the_row_that_has_none(self):
        row = self.row("vat_code")
        row.without_code = True
        job = self.refuse("vat_code", vat_code="")
        self.assertEqual((job.cause_model, job.cause_id), (row._name, row.id))

    def test_a_code_is_named_as_a_word(self):
        self.assertTrue(names_code("Account 700000 is unknown", "700000"))
        self.assertTrue(names_code("Rekening [700000]: onbekend.", "700000"))
        for text in ("Account 7000001", "Account 1700000", "700000-1", ""):
            self.assertFalse(names_code(text, "700000"), text)
        self.assertFalse(names_code("any", ""))

    # After the cure it goes by itself

    def assert_due(self, job):
        self.assertEqual((job.state, job.error_code), ("pending", False))
        self.assertLessEqual(job.next_try, fields.Datetime.now())

    def test_a_mapping_that_is_chosen_anew_makes_it_due(self):
        for kind, code, details in (
            ("journal", "V9", {"type": "sale"}),
            ("vat_code", "21N", {}),
            ("ledger_account", "700200", {}),
            ("payment_term", "60", {"days": 60}),
        ):
            with self.subTest(kind):
                names = {"ledger_account": "account"}
                values = {names.get(kind, kind): self.row(kind).master_data_id.code}
                job = self.refuse(kind, **values)
                self.assertEqual(job.cause_id, self.row(kind).id)
                self.row(kind).master_data_id = self.master_item(kind, code, **details)
                self.assert_due(job)

    def test_a_contact_that_is_corrected_makes_it_due(self):
        for error in (errors.DataRefusedError, errors.ConfigurationMissingError):
            job = self.refuse("party", error)
            self.move.partner_id.street = f"Other street {error.__name__}"
            self.assert_due(job)

    def test_a_sign_in_that_works_again_makes_it_due(self):
        self.refuse("sign_in", errors.ConfigurationMissingError)
        job = self.jobs(self.move)
        self.connection.sudo().write({"state": "reconnect"})
        self.connection.action_reconnect()
        self.assertEqual(self.connection.state, "connected")
        self.assert_due(job)
