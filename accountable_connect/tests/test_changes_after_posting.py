"""Documents that are changed, cancelled or deleted after they were posted or exported."""

from odoo.addons.accountable_connect.api import errors
from odoo.exceptions import UserError

from .common import ConnectionCase
from .earlier_version import migrate


class TestChangesAfterPosting(ConnectionCase):
    def sent(self, **values):
        move = self.invoice(**values)
        self.work()
        self.assertEqual(self.jobs(move).state, "done", self.jobs(move).message)
        self.books.calls.clear()
        return move

    def change(self, move, price=200.0):
        move.button_draft()
        move.invoice_line_ids.price_unit = price
        move.action_post()
        return self.jobs(move)[-1]

    def test_back_to_draft_before_export_sends_nothing(self):
        move = self.invoice()
        move.button_draft()
        self.assertEqual((self.jobs(move).state, self.jobs(move).skip_reason), ("skipped", "draft"))
        self.work()
        self.assertFalse(self.books.calls)
        move.action_post()
        self.work()
        self.assertEqual(len(self.books.documents), 1)

    def test_posted_again_unchanged_costs_no_call(self):
        move = self.sent()
        move.button_draft()
        self.assertTrue(move.accountable_error)
        move.action_post()
        self.assertEqual(move.accountable_state, "to_export")
        self.work()
        self.assertEqual(move.accountable_state, "exported")
        self.assertFalse(self.books.calls)

    def test_change_is_sent_while_nobody_touched_the_booking(self):
        move = self.sent()
        self.change(move)
        self.work()
        self.assertEqual(self.jobs(move)[-1].state, "done")
        [entry] = self.books.documents.values()
        self.assertEqual(float(entry["stored"].total), 242.0)
        self.assertEqual(self.bindings(move).version, entry["stored"].version)
        self.assertEqual(dict(self.books.calls), {"read_document": 1, "update_document": 1})

    def test_accountants_work_is_never_overwritten(self):
        move = self.sent()
        self.books.recode(self.key(1))
        self.change(move)
        self.work()
        job = self.jobs(move)[-1]
        self.assertEqual((job.state, job.error_code), ("failed", "changed_in_package"))
        self.assertEqual([one["key"] for one in job.candidates], [self.key(1)])
        self.assertFalse(self.books.calls["update_document"])
        job.action_adopt()
        self.assertEqual(move.accountable_state, "exported")
        version = self.books.documents[self.key(1)]["stored"].version
        self.assertEqual(self.bindings(move).version, version)

    def test_a_person_may_overwrite(self):
        move = self.sent()
        self.books.recode(self.key(1))
        job = self.change(move)
        self.work()
        job.action_book_anyway()
        self.work()
        self.assertEqual(float(self.books.documents[self.key(1)]["stored"].total), 242.0)

    def test_document_the_customer_has_is_not_rewritten(self):
        move = self.sent()
        move.is_move_sent = True
        self.change(move)
        self.work()
        job = self.jobs(move)[-1]
        self.assertEqual((job.state, job.error_code), ("failed", "sent_to_customer"))
        self.assertFalse(self.books.calls)

    def test_what_an_earlier_version_asked_is_asked_on(self):
        move = self.sent()
        self.books.recode(self.key(1))
        job = self.change(move)
        self.work()
        shown = job.error_kind, job.question
        self.assertEqual(shown, ("decision", "replace"))
        twin = job.copy({"operation": "file", "error_code": False})
        (job + twin).error_kind = "duplicate"
        self.env.flush_all()
        migrate(self.env.cr, "19.0.1.3.0", "post-decision")
        self.env.invalidate_all()
        self.assertEqual((job.error_kind, job.question), shown)
        self.assertEqual(twin.error_kind, "duplicate")

    def test_deleted_by_the_accountant(self):
        move = self.sent()
        del self.books.documents[self.key(1)]
        job = self.change(move)
        self.work()
        self.assertEqual((job.state, job.error_code), ("failed", "gone"))
        job.action_book_anyway()
        self.work()
        self.assertEqual(job.state, "done")
        self.assertEqual(self.bindings(move).external_key, self.key(2))

    def test_what_is_wrong_is_said_in_the_language_of_who_reads(self):
        self.env["res.lang"]._activate_lang("nl_BE")
        self.connection.create_uid.lang = "nl_BE"
        move = self.sent()
        del self.books.documents[self.key(1)]
        job = self.change(move)
        self.work()
        self.assertIn("was deleted in the administration", job.message)
        dutch = job.with_context(lang="nl_BE").message
        self.assertIn("is verwijderd in het dossier", dutch)

    def test_lost_answer_of_a_change(self):
        for fault in (errors.OutcomeUnknownError("x"), ("after", errors.OutcomeUnknownError("x"))):
            with self.subTest(fault=fault):
                move = self.sent()
                self.books.fail("update_document", fault)
                job = self.change(move)
                self.work()
                self.assertEqual(job.state, "unknown")
                self.settle()
                self.assertEqual(job.state, "done", job.message)
                key = self.bindings(move).external_key
                self.assertEqual(float(self.books.documents[key]["stored"].total), 242.0)
                self.assertEqual(
                    self.bindings(move).version, self.books.documents[key]["stored"].version
                )

    def test_payment_reference_changed(self):
        move = self.sent()
        move.payment_reference = "+++090/9337/55493+++"
        self.work()
        [entry] = self.books.documents.values()
        self.assertEqual(entry["stored"].reference, "+++090/9337/55493+++")

    def test_posted_line_coded_anew_is_sent(self):
        move = self.sent()
        account = self.company_data["default_account_revenue"].copy({"code": "700999"})
        other = self.master_item("ledger_account", "700999")
        self.env["accountable.mapping"].sudo().create(
            {
                "connection_id": self.connection.id,
                "kind": "account",
                "account_id": account.id,
                "master_data_id": other.id,
                "state": "confirmed",
            }
        )
        move.invoice_line_ids.account_id = account
        self.work()
        self.assertEqual(self.books.calls["update_document"], 1)
        [entry] = self.books.documents.values()
        self.assertEqual(entry["document"].lines[0].ledger_account, "700999")

    def test_change_while_it_is_on_its_way_is_sent_afterwards(self):
        move = self.invoice()
        self.jobs(move).write({"state": "sending", "next_try": False})
        move.payment_reference = "+++000/0000/00097+++"
        self.assertEqual(set(self.jobs(move).mapped("state")), {"sending", "pending"})

    def test_cancelled_after_export_books_the_opposite(self):
        move = self.sent()
        move.button_cancel()
        self.work()
        self.assertEqual(
            self.jobs(move, "reverse").state, "done", self.jobs(move, "reverse").message
        )
        first, second = (entry["document"] for entry in self.books.documents.values())
        self.assertEqual((first.kind, second.kind), ("sale", "sale_refund"))
        self.assertEqual((second.total, second.origin_key), (first.total, self.key(1)))
        self.assertEqual(second.journal, "V2")
        self.assertNotEqual(second.own_reference, first.own_reference)
        self.assertFalse(self.bindings(move))
        self.assertEqual(move.accountable_state, "not_exported")

    def test_the_opposite_brings_no_old_address_back(self):
        move = self.sent()
        self.partner_a.street = "New street 2"
        self.invoice()
        self.work()
        self.books.calls.clear()
        move.button_cancel()
        self.work()
        self.assertEqual(self.jobs(move, "reverse").state, "done")
        [stored] = self.books.parties.values()
        self.assertEqual(stored.party.street, "New street 2")
        self.assertFalse({"save_party", "find_parties"} & set(self.books.calls))

    def test_lost_answer_of_the_opposite(self):
        move = self.sent()
        move.button_cancel()
        self.books.fail("create_document", ("after", errors.OutcomeUnknownError("x")))
        self.work()
        self.later()
        self.work()
        self.assertEqual(self.jobs(move, "reverse").state, "done")
        self.assertEqual(len(self.books.documents), 2)

    def test_cancelled_where_the_package_removes(self):
        self.books.capabilities = type(self.books)(remove_document=True).capabilities
        move = self.sent()
        move.button_cancel()
        self.work()
        self.assertFalse(self.books.documents)
        self.assertFalse(self.bindings(move))

    def test_cancelled_where_this_booking_can_no_longer_be_removed(self):
        self.books.capabilities = type(self.books)(remove_document=True).capabilities
        move = self.sent()
        self.books.processed.add(self.key(1))
        move.button_cancel()
        self.work()
        self.assertEqual(self.jobs(move, "reverse").state, "done")
        first, second = (entry["document"] for entry in self.books.documents.values())
        self.assertEqual((first.kind, second.kind), ("sale", "sale_refund"))
        self.assertEqual(second.total, first.total)
        self.assertFalse(self.bindings(move))

    def test_lost_answer_of_the_opposite_of_what_cannot_be_removed(self):
        self.books.capabilities = type(self.books)(remove_document=True).capabilities
        move = self.sent()
        self.books.processed.add(self.key(1))
        move.button_cancel()
        self.books.fail("create_document", ("after", errors.OutcomeUnknownError("x")))
        self.work()
        self.assertEqual(self.jobs(move, "reverse").state, "unknown")
        self.later()
        self.work()
        self.assertEqual(self.jobs(move, "reverse").state, "done")
        self.assertEqual(len(self.books.documents), 2)

    def test_lost_answer_of_a_removal(self):
        self.books.capabilities = type(self.books)(remove_document=True).capabilities
        for fault in (errors.OutcomeUnknownError("x"), ("after", errors.OutcomeUnknownError("x"))):
            with self.subTest(fault=fault):
                move = self.sent()
                move.button_cancel()
                self.books.fail("remove_document", fault)
                self.work()
                self.assertEqual(self.jobs(move, "reverse").state, "unknown")
                self.settle()
                self.assertEqual(self.jobs(move, "reverse").state, "done")
                self.assertFalse(self.books.documents)

    def test_a_change_the_package_cannot_make_is_no_choice(self):
        self.books.capabilities = type(self.books)(update_document=False).capabilities
        move = self.sent()
        move.button_draft()
        move.invoice_line_ids.price_unit = 150.0
        move.action_post()
        self.work()
        job = self.jobs(move).filtered(lambda one: one.state == "failed")
        self.assertEqual(job.error_code, "update_impossible")
        with self.assertRaises(UserError) as caught:
            job.action_book_anyway()
        self.assertIn("cannot change a booking", str(caught.exception))
        job.sudo().decision = "book_anyway"
        job.action_retry()
        self.work()
        self.assertEqual((job.state, job.error_code), ("failed", "update_impossible"))
        self.assertFalse(self.books.calls["update_document"])
        job.action_skip()
        self.assertEqual((job.state, job.skip_reason), ("skipped", "change"))

    def test_cancelled_after_the_accountant_changed_it_asks(self):
        move = self.sent()
        self.books.recode(self.key(1))
        move.button_cancel()
        self.work()
        self.assertEqual(self.jobs(move, "reverse").error_code, "changed_in_package")
        self.assertEqual(len(self.books.documents), 1)

    def test_cancelled_before_export_sends_nothing(self):
        move = self.invoice()
        move.button_cancel()
        self.work()
        self.assertFalse(self.books.calls)

    def test_cancelled_while_it_was_on_its_way(self):
        move = self.invoice()

        def cancel(operation, _subject):
            if operation == "create_document" and not self.books.documents:
                with self.registry.cursor() as cr:
                    move.with_env(self.env(cr=cr)).button_cancel()

        self.books.before.append(cancel)
        self.work()
        self.work()
        self.assertEqual(self.jobs(move, "reverse").state, "done")
        self.assertEqual(len(self.books.documents), 2)

    def test_deleted_after_export_is_visible(self):
        move = self.sent()
        name = move.name
        move.button_draft()
        move.with_context(force_delete=True).unlink()
        job = self.env["accountable.job"].sudo().search([("state", "=", "failed")])
        self.assertEqual((job.name, job.error_code), (name, "deleted"))
        self.assertIn(self.key(1), job.message)
        job.action_skip()
        self.work()
        self.assertFalse(self.books.calls)

    def test_deleted_before_export(self):
        move = self.invoice()
        job = self.jobs(move)
        move.button_draft()
        move.with_context(force_delete=True).unlink()
        self.work()
        self.assertEqual(job.state, "skipped")
        self.assertFalse(self.books.calls)

    def test_legal_document_made_later_follows(self):
        move = self.sent()
        pdf = self.env["ir.attachment"].create(
            {
                "name": "INV.pdf",
                "raw": b"%PDF-1.4 legal",
                "mimetype": "application/pdf",
                "res_model": "account.move",
                "res_id": move.id,
                "res_field": "invoice_pdf_report_file",
            }
        )
        move.invalidate_recordset(["invoice_pdf_report_id", "invoice_pdf_report_file"])
        self.assertEqual(move.invoice_pdf_report_id, pdf)
        self.env["account.move.send"]._hook_if_success(
            {move: {"sending_methods": [], "author_partner_id": self.env.user.partner_id.id}}
        )
        self.assertFalse(self.books.calls)
        self.work()
        self.assertEqual(self.books.documents[self.key(1)]["files"], ["INV.pdf"])
