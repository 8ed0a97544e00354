"""States that nobody would ever leave, and one item that would stop all others."""

import dataclasses
from unittest.mock import patch

from odoo.addons.accountable_connect.api import errors

from .common import ConnectionCase


class TestNoDeadEnd(ConnectionCase):
    def unknown_change(self):
        """A document whose change had no answer, and was changed by the accountant meanwhile."""
        move = self.invoice()
        self.work()
        move.button_draft()
        move.invoice_line_ids.price_unit = 200.0
        move.action_post()
        self.books.fail("update_document", errors.OutcomeUnknownError("no answer"))
        self.work()
        job = self.jobs(move).filtered(lambda one: one.state == "unknown")
        self.assertEqual(len(job), 1)
        self.books.recode(self.bindings(move).external_key)
        return move, job

    def test_undecided_change_beside_a_newer_one_stops_nothing(self):
        move, job = self.unknown_change()
        move.button_draft()
        move.action_post()
        other = self.invoice()
        self.later()
        self.work()
        self.later()
        self.work()
        self.assertEqual(self.jobs(other).state, "done")
        self.assertEqual(job.state, "skipped")
        self.assertEqual(job.skip_reason, "replaced")
        newer = self.jobs(move).filtered(lambda one: one.state not in ("done", "skipped"))
        self.assertEqual((newer.state, newer.error_code), ("failed", "changed_in_package"))

    def test_unknown_file_beside_a_newer_one_stops_nothing(self):
        self.books.capabilities = self.books.capabilities.__class__(
            consecutive_numbers=True, files_with_document=False
        )
        move = self.invoice(move_type="in_invoice", ref="F-1", post=False)
        self.attach(move, "a.pdf")
        move.action_post()
        self.books.fail("attach_file", errors.OutcomeUnknownError("no answer"))
        self.work()
        self.work()
        job = self.jobs(move, "file")
        self.assertEqual(job.state, "unknown")
        move._accountable_enqueue_files()
        self.assertEqual(len(self.jobs(move, "file")), 2)
        other = self.invoice()
        self.settle()
        self.assertEqual(self.jobs(other).state, "done")
        self.assertNotIn("unknown", self.jobs(move, "file").mapped("state"))

    def test_party_that_is_gone_is_made_anew_when_a_person_asks(self):
        """An accountant merges two accounts: the key we know leads nowhere."""
        self.invoice()
        self.work()
        partner = self.partner_a
        key = self.bindings(partner, "party").external_key
        gone = errors.DataRefusedError(
            "gone", code=errors.DataRefusedError.PARTY_GONE, values={"concerns": "party"}
        )
        move = self.invoice()
        self.books.fail("create_document", gone)
        self.work()
        self.assertEqual(self.jobs(move).state, "failed")
        self.assertEqual(self.jobs(move).cause_id, partner.id)
        merged = dataclasses.replace(self.books.parties.pop(key), key="P7")
        self.books.parties["P7"] = merged
        partner.action_accountable_update()
        self.books.fail("save_party", gone)
        self.work()
        self.assertEqual(self.jobs(partner, "party").state, "done")
        self.assertEqual(self.bindings(partner, "party").external_key, "P7")
        self.work()
        self.assertEqual(self.jobs(move).state, "done", self.jobs(move).message)

    def test_item_that_cannot_be_looked_up_stops_no_other(self):
        move = self.invoice()
        self.books.fail("create_document", errors.OutcomeUnknownError("no answer"))
        self.work()
        job = self.jobs(move)
        job.content = {"strange": True}
        other = self.invoice(move_type="in_invoice", ref="F-1")
        self.later()
        self.work(unexpected=True)
        self.assertEqual(self.jobs(other).state, "done")
        self.assertEqual(job.state, "unknown")
        self.assertTrue(job.technical)

    def test_cause_of_a_missing_mapping_survives_the_failed_try(self):
        accounts = self.company_data["default_account_revenue"]
        self.env["accountable.mapping"].search(
            [("connection_id", "=", self.connection.id), ("account_id", "=", accounts.id)]
        ).unlink()
        first, second = self.invoice(), self.invoice()
        self.work()
        for job in self.jobs(first + second):
            self.assertEqual((job.state, job.cause_model), ("failed", "accountable.mapping"))
            self.assertTrue(self.env[job.cause_model].browse(job.cause_id).exists())

    def test_synchronise_makes_due_what_it_adds(self):
        self.connection.synchronisation = "manual"
        move = self.invoice()
        self.jobs(move).unlink()
        self.connection.action_synchronise()
        self.work()
        self.assertEqual(self.jobs(move).state, "done")

    def while_the_contact_is_saved(self, function):
        """Somebody else works while the worker waits for an answer about the contact."""

        def meanwhile(operation, subject):
            if operation == "save_party":
                self.books.before.clear()
                with self.registry.cursor() as cr:
                    function(self.env(cr=cr))

        self.books.before.append(meanwhile)
        self.work()

    def test_skipped_while_its_contact_is_saved(self):
        move = self.invoice()
        self.while_the_contact_is_saved(lambda env: self.jobs(move).with_env(env).action_skip())
        job = self.jobs(move)
        self.assertEqual((job.state, job.skip_reason), ("skipped", "person"))
        self.assertFalse(self.books.documents)
        after = self.invoice()
        self.work()
        self.assertEqual(self.bindings(after).external_key, f"V1/{self.today.year}/1")

    def test_back_in_draft_while_its_contact_is_saved(self):
        move = self.invoice()
        self.while_the_contact_is_saved(lambda env: move.with_env(env).button_draft())
        self.env.invalidate_all()
        self.assertFalse(self.books.documents)
        self.assertEqual(self.jobs(move).skip_reason, "draft")
        move.invoice_line_ids.price_unit = 200.0
        move.action_post()
        self.work()
        [entry] = self.books.documents.values()
        self.assertEqual(str(entry["document"].total), "242.00")

    def test_changed_while_its_contact_is_saved_goes_as_it_is_now(self):
        move = self.invoice()

        def change(env):
            move.with_env(env).payment_reference = "other"
            env.flush_all()
            env.cr.execute(
                "UPDATE account_move SET write_date = write_date + interval '1 second'"
                " WHERE id = %s",
                (move.id,),
            )

        self.while_the_contact_is_saved(change)
        [entry] = self.books.documents.values()
        self.assertEqual(entry["document"].reference, "other")
        self.assertEqual(self.jobs(move).state, "done")

    def test_unchanged_invoice_of_a_period_that_was_closed_since_is_no_failure(self):
        day = self.today.replace(month=1, day=10)
        period = self.master_item(
            "period",
            "1",
            date_from=day.replace(day=1).isoformat(),
            date_to=day.replace(day=31).isoformat(),
            book_year=str(day.year),
        )
        move = self.invoice(invoice_date=day)
        self.work()
        self.assertEqual(self.jobs(move).state, "done", self.jobs(move).message)
        period.details = {**period.details, "closed": True}
        self.books.calls.clear()
        move.action_accountable_export()
        self.work()
        self.assertEqual(set(self.jobs(move).mapped("state")), {"done"})
        self.assertFalse(self.books.calls)
        late = self.invoice(invoice_date=day)
        self.work()
        self.assertEqual(self.jobs(late).error_kind, "period_closed")

    def test_party_of_a_deleted_contact_is_free_again(self):
        partner = self.env["res.partner"].create({"name": "Old", "vat": "BE0477472701"})
        self.partner_a.vat = False
        self.partner_b.vat = False
        move = self.invoice(partner=partner)
        self.work()
        key = self.bindings(partner, "party").external_key
        new = self.env["res.partner"].create({"name": "New", "vat": "BE0477472701"})
        move.button_draft()
        move.partner_id = new
        self.jobs(move).unlink()
        self.bindings(move).unlink()
        partner.unlink()
        move.action_post()
        self.work()
        self.assertEqual(self.jobs(move).state, "done", self.jobs(move).message)
        self.assertEqual(self.bindings(new, "party").external_key, key)

    def test_a_document_that_cannot_be_built_tells_managers_why(self):
        bad, good = self.invoice(), self.invoice()
        model = type(self.env["accountable.document"])
        build = model._build_documents

        def failing(documents, connection, moves, facts=None):
            if bad.id in moves.ids:
                raise RuntimeError("the reason of this one")
            return build(documents, connection, moves, facts)

        with patch.object(model, "_build_documents", failing):
            self.work(unexpected=True)
        self.assertEqual(self.jobs(good).state, "done")
        self.assertEqual(self.jobs(bad).state, "failed")
        self.assertIn("the reason of this one", self.jobs(bad).technical)
