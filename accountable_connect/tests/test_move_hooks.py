from unittest.mock import patch

import psycopg2
from odoo import fields
from odoo.addons.accountable_connect.api import errors
from odoo.exceptions import AccessError, UserError

from .common import ConnectionCase


class TestPosting(ConnectionCase):
    def queries_of_posting(self, count):
        """Queries that posting so many invoices costs with and without a connection."""
        costs = []
        for state in ("connected", "not_connected"):
            self.connection.sudo().state = state
            for _warm_up in range(2):
                moves = self.env["account.move"].concat(
                    *(self.invoice(post=False) for _number in range(count))
                )
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                moves.action_post()
                self.env.flush_all()
                cost = self.env.cr.sql_log_count - before
            costs.append(cost)
        return costs[0] - costs[1]

    def test_at_most_six_queries_for_any_batch(self):
        self.assertLessEqual(self.queries_of_posting(1), 6)
        self.assertLessEqual(self.queries_of_posting(20), 6)

    def test_no_work_without_a_connection(self):
        self.connection.sudo().active = False
        model = self.registry["accountable.job"]
        with patch.object(model, "_enqueue", side_effect=AssertionError("worked")):
            move = self.invoice()
        self.assertEqual(move.accountable_state, "not_exported")

    def test_posting_calls_nobody(self):
        self.invoice()
        self.assertFalse(self.books.calls)

    def test_posting_never_fails_because_of_the_queue(self):
        model = self.registry["accountable.job"]

        def broken(jobs, rows):
            jobs.env.cr.execute("SELECT 1/0")

        with (
            patch.object(model, "_enqueue", broken),
            self.assertLogs("odoo.addons.accountable_connect", level="ERROR"),
            self.assertLogs("odoo.sql_db", level="ERROR"),
        ):
            move = self.invoice()
        self.assertEqual(move.state, "posted")
        self.assertEqual(move.accountable_state, "to_export")

    def test_a_conflict_is_left_to_odoo_to_repeat(self):
        model = self.registry["accountable.job"]
        conflict = psycopg2.errors.SerializationFailure()
        with (
            patch.object(model, "_enqueue", side_effect=conflict),
            self.assertRaises(psycopg2.errors.SerializationFailure),
        ):
            self.invoice()

    def test_only_what_the_connection_wants(self):
        self.connection.write({"send_purchases": False, "send_receipts": False})
        self.connection.start_date = self.today.replace(day=1)
        cases = {
            "bill": self.invoice(move_type="in_invoice", ref="F-1"),
            "receipt": self.invoice(move_type="out_receipt"),
            "before the start": self.invoice(invoice_date="2019-12-01"),
        }
        for name, move in cases.items():
            with self.subTest(name=name):
                self.assertEqual(move.state, "posted")
                self.assertFalse(self.jobs(move))
                self.assertEqual(move.accountable_state, "not_exported")

    def test_bills_stay_when_the_package_receives_them(self):
        self.connection.peppol_receiver = "package"
        self.assertFalse(self.jobs(self.invoice(move_type="in_invoice", ref="F-1")))
        self.assertTrue(self.jobs(self.invoice()))

    def test_bills_that_wait_stay_when_the_package_receives_them(self):
        bill = self.invoice(move_type="in_invoice", ref="F-1")
        self.assertEqual(self.jobs(bill).state, "pending")
        self.connection.peppol_receiver = "package"
        self.work()
        job = self.jobs(bill)
        self.assertEqual((job.state, job.skip_reason), ("skipped", "setting"))
        self.assertEqual(bill.accountable_state, "not_exported")
        self.assertFalse(self.books.calls["create_document"])
        self.connection.peppol_receiver = "odoo"
        bill.invalidate_recordset()
        self.assertEqual(bill.accountable_state, "to_export")
        self.connection.action_synchronise()
        self.work()
        self.assertEqual(bill.accountable_state, "exported")

    def test_journal_that_is_switched_off(self):
        waiting = self.invoice()
        row = self.env["accountable.mapping"].search(
            [("journal_id", "=", waiting.journal_id.id), ("document_kind", "=", "sale")]
        )
        row.enabled = False
        invoice, refund = self.invoice(), self.invoice(move_type="out_refund")
        self.assertFalse(self.jobs(invoice))
        domain = self.connection._documents_to_export_domain()
        self.assertEqual(self.env["account.move"].search(domain), refund)
        self.work()
        self.assertEqual(self.jobs(waiting).skip_reason, "setting")
        self.assertEqual(self.jobs(refund).state, "done")
        states = {move.accountable_state for move in waiting + invoice}
        self.assertEqual(states, {"not_exported"})
        row.enabled = True
        self.assertTrue(self.jobs(self.invoice()))

    def test_future_document_goes_when_it_is_posted(self):
        move = self.invoice(invoice_date=fields.Date.add(self.today, days=5), post=False)
        move._post(soft=True)
        self.assertEqual(move.state, "draft")
        self.assertFalse(self.jobs(move))

    def test_branch_goes_with_the_connection_of_its_root(self):
        branch = self.env["res.company"].create(
            {
                "name": "Branch",
                "parent_id": self.company.id,
                "country_id": self.company.country_id.id,
            }
        )
        self.env.cr.precommit.run()  # its chart of accounts
        self.env.user.company_ids += branch
        move = (
            self.env["account.move"]
            .with_context(allowed_company_ids=[self.company.id, branch.id])
            .create(
                {
                    "move_type": "out_invoice",
                    "company_id": branch.id,
                    "journal_id": self.company_data["default_journal_sale"].id,
                    "partner_id": self.partner_a.id,
                    "invoice_date": self.today,
                    "invoice_line_ids": [
                        (0, 0, {"name": "x", "price_unit": 100, "tax_ids": self.sale_tax.ids})
                    ],
                }
            )
        )
        move.action_post()
        job = self.jobs(move)
        self.assertEqual((job.connection_id, job.company_id), (self.connection, branch))
        self.work()
        self.assertEqual(self.jobs(move).state, "done", self.jobs(move).message)


class TestChangesAfterPosting(ConnectionCase):
    def key(self, number):
        return f"V1/{self.today.year}/{number}"

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

    def test_lost_answer_of_a_change(self):
        for fault in (errors.OutcomeUnknownError("x"), ("after", errors.OutcomeUnknownError("x"))):
            with self.subTest(fault=fault):
                move = self.sent()
                self.books.fail("update_document", fault)
                job = self.change(move)
                self.work()
                self.assertEqual(job.state, "unknown")
                self.later()
                self.work()
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
        other = self.env["accountable.master.data"].sudo().create(
            {
                "connection_id": self.connection.id,
                "kind": "ledger_account",
                "code": "700999",
                "name": "Other",
            }
        )
        self.env["accountable.mapping"].create(
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
                self.later()
                self.work()
                self.work()
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


class TestShown(ConnectionCase):
    def test_states_are_found(self):
        exported = self.invoice()
        self.work()
        failed = self.invoice()
        self.books.fail("create_document", errors.DataRefusedError("no"))
        self.work()
        waiting, excluded = self.invoice(), self.invoice()
        excluded.action_accountable_exclude()
        draft = self.invoice(post=False)
        self.connection.sudo().step = "start"
        missing = self.invoice()
        self.connection.sudo().step = "done"
        expected = {
            "exported": exported,
            "error": failed,
            "to_export": waiting + missing,
            "excluded": excluded,
            "not_exported": draft,
        }
        every = exported + failed + waiting + missing + excluded + draft
        for state, moves in expected.items():
            with self.subTest(state=state):
                self.assertEqual(set(moves.mapped("accountable_state")), {state})
                found = self.env["account.move"].search(
                    [("id", "in", every.ids), ("accountable_state", "=", state)]
                )
                self.assertEqual(set(found.ids), set(moves.ids))
                other = self.env["account.move"].search(
                    [("id", "in", every.ids), ("accountable_state", "!=", state)]
                )
                self.assertEqual(set(other.ids), set((every - moves).ids))
        number = exported.accountable_number
        search = self.env["account.move"].search
        self.assertEqual(search([("accountable_number", "=", number)]), exported)
        self.assertEqual(
            search([("accountable_error", "!=", False), ("id", "in", every.ids)]), failed
        )
        self.assertIn(exported, search([("accountable_date", ">=", self.today)]))
        self.assertNotIn(failed, search([("accountable_date", ">=", self.today)]))
        without_jobs = search([("accountable_job_count", "=", 0), ("id", "in", every.ids)])
        self.assertEqual(set(without_jobs.ids), set((missing + draft).ids))

    def test_a_list_costs_the_same_for_one_and_for_many(self):
        moves = self.env["account.move"].concat(*(self.invoice() for _number in range(5)))
        self.work()
        names = ["accountable_state", "accountable_number", "accountable_error", "state"]
        moves[:1].read(names)
        costs = []
        for selection in (moves[:1], moves):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            selection.read(names)
            costs.append(self.env.cr.sql_log_count - before)
        self.assertEqual(costs[0], costs[1])

    def test_excluded_document_is_not_sent_until_it_is_included(self):
        move = self.invoice()
        move.action_accountable_exclude()
        move.button_draft()
        move.action_post()
        self.connection.action_synchronise()
        self.work()
        self.assertFalse(self.books.calls)
        self.assertEqual(move.accountable_state, "excluded")
        move.action_accountable_include()
        self.work()
        self.assertEqual(move.accountable_state, "exported")

    def test_export_button_makes_it_due(self):
        self.connection.moment = "nightly"
        move = self.invoice()
        move.action_accountable_export()
        self.assertLessEqual(self.jobs(move).next_try, fields.Datetime.now())

    def test_check_names_what_is_missing_and_calls_nobody(self):
        account = self.company_data["default_account_revenue"]
        self.connection.mapping_ids.filtered(lambda row: row.account_id == account).unlink()
        move = self.invoice()
        action = move.action_accountable_check()
        self.assertEqual(action["params"]["type"], "warning")
        self.assertIn(move.name, action["params"]["message"])
        self.assertFalse(self.books.calls)

    def test_buttons_need_the_group(self):
        move = self.invoice()
        user = self.env["res.users"].create(
            {
                "name": "Clerk",
                "login": "clerk.of.accounts",
                "group_ids": [(6, 0, self.env.ref("account.group_account_invoice").ids)],
                "company_ids": [(6, 0, self.company.ids)],
                "company_id": self.company.id,
            }
        )
        with self.assertRaises(AccessError):
            move.with_user(user).action_accountable_exclude()
        with self.assertRaises(AccessError):
            move.with_user(user).read(["accountable_state"])
        posted = self.invoice(post=False)
        posted.with_user(user).action_post()
        self.assertEqual(self.jobs(posted).state, "pending")

    def test_partner_shows_its_number(self):
        self.invoice()
        self.work()
        contact = self.env["res.partner"].create({"name": "Jan", "parent_id": self.partner_a.id})
        self.assertEqual(self.partner_a.accountable_state, "exported")
        self.assertEqual(self.partner_a.accountable_number, "P1")
        self.assertEqual(contact.accountable_number, "P1")
        found = self.env["res.partner"].search([("accountable_state", "=", "exported")])
        self.assertIn(self.partner_a, found)
        self.assertNotIn(self.partner_b, found)
        self.assertIn(
            self.partner_a, self.env["res.partner"].search([("accountable_number", "=", "P1")])
        )

    def test_update_contact_on_request(self):
        self.invoice()
        self.work()
        self.partner_a.street = "Nieuwstraat 1"
        self.assertFalse(self.jobs(self.partner_a, "party"))
        self.partner_a.action_accountable_update()
        self.work()
        self.assertEqual(self.jobs(self.partner_a, "party").state, "done")
        self.assertEqual(self.books.parties["P1"].party.street, "Nieuwstraat 1")
