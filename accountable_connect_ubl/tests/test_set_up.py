"""The set-up of a package with nothing to sign in to: from the first step to the start."""

from decimal import Decimal
from unittest.mock import patch

from odoo.addons import accountable_connect_ubl
from odoo.addons.accountable_connect.documents import Delivery, File
from odoo.addons.accountable_connect.models.problem import problem_of
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import UblCase


@tagged("post_install", "-at_install")
class TestSetUp(UblCase):
    def test_the_first_step_asks_the_receiver_only(self):
        action = self.company.with_context(accountable_package="ubl").action_accountable_connect()
        self.assertEqual(action["res_model"], "accountable.connect")
        dialogue = self.dialogue()
        self.assertFalse(dialogue.signs_in)
        self.assertFalse(dialogue.asks_password or dialogue.asks_consent or dialogue.has_choice)
        dialogue.action_continue()
        self.assertEqual(dialogue.problem_at, "receiver")
        self.assertFalse(self.connections())

    def test_continue_makes_the_connection(self):
        connection = self.connected()
        self.assertEqual(connection.ubl_profile_id, self.profile)
        self.assertEqual(connection.administration_key, f"tried/{self.company.id}")
        self.assertEqual(connection.administration_name, "Tried")
        self.assertFalse(connection.books_remark)
        self.assertFalse(connection.books_doubted)
        self.assertEqual(connection.sign_in_id.state, "valid")
        self.assertEqual(connection.state, "configuration_needed")
        self.assertEqual(connection.step, "hand_over")

    def test_whether_the_receiver_takes_a_pdf(self):
        connection = self.connected()
        self.assertTrue(connection.ubl_takes_pdf)
        self.profile.pdf_alone = False
        self.assertFalse(connection.ubl_takes_pdf, "nobody is asked for PDF instead")

    def test_nobody_meets_the_sign_in(self):
        connection = self.connected()
        self.assertTrue(connection.sign_in_id.is_placeholder)
        self.assertFalse(self.env["accountable.connect"]._offered(self.company, "ubl"))

    def test_only_its_steps(self):
        connection = self.connected()
        self.assertEqual(connection._steps(), ["checklist", "hand_over", "start", "summary"])
        self.assertEqual(connection.steps_shown, "checklist,hand_over,start,summary")

    def test_through_to_the_start(self):
        connection = self.connected()
        connection.action_next_step()
        self.assertEqual(connection.step, "start")
        connection.action_next_step()
        self.assertEqual(connection.step, "summary")
        self.assertTrue(connection.can_start, connection.summary)
        connection.action_start()
        self.assertEqual((connection.step, connection.state), ("done", "connected"))

    def test_a_run_is_told_without_bookings(self):
        """Nothing is booked or read, and who pressed the button is not told so."""
        connection = self.connected()
        run = self.env["accountable.run"].sudo()._begin(connection, left_open=False)
        run.documents_sent = 2
        with patch.object(type(self.env.user), "_bus_send", autospec=True) as sent:
            run._notify(self.env.user)
        [told] = [call.args[2] for call in sent.call_args_list]
        self.assertEqual(told["message"], "Documents put in a batch: 2.")

    def test_back_and_forth(self):
        connection = self.connected()
        connection.action_previous_step()
        self.assertEqual(connection.step, "checklist")
        connection.action_next_step()
        self.assertEqual(connection.step, "hand_over")

    def test_another_receiver(self):
        other = self.profile.copy({"name": "Other", "code": "other"})
        connection = self.connected()
        connection.ubl_profile_id = other
        self.assertEqual(connection.administration_key, f"other/{self.company.id}")
        self.walk_to_the_end(connection)
        with self.assertRaisesRegex(UserError, "keeps its receiver"):
            connection.ubl_profile_id = self.profile

    def test_a_receiver_that_forwards_gets_no_sales(self):
        self.profile.forwards_to_customer = True
        connection = self.connected()
        kinds = self.env["accountable.sending.plan"]._kinds(connection)
        self.assertEqual(kinds, {"purchase", "purchase_refund"})
        self.walk_to_the_end(connection, start=False)
        lines = self.env["accountable.set.up"]._summary(connection)
        self.assertTrue([line for line in lines if "on to the customers" in str(line[1])])
        connection.action_start()
        invoice = self.init_invoice("out_invoice", products=self.product_a, post=True)
        self.assertIn("on to the customers", invoice.accountable_withheld)
        self.assertEqual(invoice.accountable_state, "not_exported")
        self.profile.forwards_to_customer = False
        invoice.invalidate_recordset()
        self.assertFalse(invoice.accountable_withheld)

    def test_the_last_step_shows_what_would_go(self):
        invoice = self.init_invoice("out_invoice", products=self.product_a, post=True)
        file = File(key="x", name="INV.xml", media_type="application/xml", content=b"<x/>")
        delivery = Delivery(
            kind="sale",
            number=invoice.name,
            journal="INV",
            party_name="Somebody",
            document_date=invoice.invoice_date,
            accounting_date=invoice.date,
            currency="EUR",
            total=Decimal(1),
            files=(file,),
        )
        problem = problem_of(invoice, "data_refused", "tried", "No file.")
        connection = self.connected()
        connection.start_date = invoice.date
        self.walk_to_the_end(connection, start=False)
        model = self.env.registry["accountable.delivery"]
        for given, state in (((delivery, []), "waits"), ((None, [problem]), "blocked")):
            answer = {invoice.id: given}
            with patch.object(model, "_deliveries", lambda *_args, answer=answer, **_kw: answer):
                connection.invalidate_recordset(["preview"])
                self.assertTrue(connection.preview["asked"])
                [entry] = connection.read_examples()
            self.assertEqual(entry["state"], state)
            self.assertEqual(
                [one["name"] for one in entry["delivered"]], ["INV.xml"][: not given[1]]
            )
        self.assertIn("No file.", str(entry["errors"]))
        invoice.button_draft()
        connection.invalidate_recordset(["preview"])
        self.assertTrue(connection.has_examples)
        self.assertFalse(connection.read_examples())

    def test_a_folder_has_to_be_chosen(self):
        connection = self.connected()
        connection.channel = "folder"
        self.walk_to_the_end(connection, start=False)
        self.assertFalse(connection.can_start)
        with self.assertRaisesRegex(UserError, "Choose the folder"):
            connection.action_start()

    def test_a_copy_answers_for_it_too(self):
        """The identity is stored at the start, and what was copied hands nothing over."""
        connection = self.connected()
        self.assertFalse(connection.sudo().database_identity)
        self.walk_to_the_end(connection)
        current = self.env["accountable.identity"]._current()
        self.assertEqual(connection.sudo().database_identity, current)
        self.assertEqual(connection.sudo().sign_in_id.database_identity, current)
        self.env["ir.config_parameter"].sudo().set_param("database.uuid", "copied")
        self.env.registry.clear_all_caches()
        connection.invalidate_recordset()
        self.assertEqual(connection.copy_state, "copied")
        connection.action_is_copy()
        connection.invalidate_recordset()
        self.assertEqual(connection.state, "paused")
        self.assertEqual(connection.copy_state, "copied")
        connection.action_is_move()
        self.assertEqual(connection.copy_state, "original")

    def test_receivers_can_be_removed_with_the_addon(self):
        connection = self.connected()
        module = self.env["ir.module.module"]
        hook = module.get_module_info("accountable_connect_ubl")["uninstall_hook"]
        getattr(accountable_connect_ubl, hook)(self.env)
        connection.invalidate_recordset()
        self.assertFalse(connection.ubl_profile_id)
        self.profile.unlink()
        self.assertTrue(connection.exists())
