"""A mapping that changed rebooks nothing by itself: only what a person changed goes."""

from .common import ConnectionCase


class TestUnasked(ConnectionCase):
    def booked(self, **values):
        move = self.invoice(**values)
        self.work()
        self.assertEqual(self.jobs(move).state, "done", self.jobs(move).message)
        return move

    def map_otherwise(self, move):
        """Account, VAT code, journal and contact of a document are others in the administration."""
        line = move.invoice_line_ids
        for kind, record in (
            ("ledger_account", line.account_id),
            ("vat_code", line.tax_ids),
            ("journal", move.journal_id),
        ):
            details = {"type": move.journal_id.type} if kind == "journal" else {}
            other = self.master_item(kind, f"O{kind[:2]}{move.id}", **details)
            rows = self.connection.mapping_ids.filtered(
                lambda row, record=record: row.source_key == f"{record._name},{record.id}"
            )
            self.assertTrue(rows)
            rows.master_data_id = other
        move.partner_id.vat = "BE0403170701"
        self.work()  # the contact itself follows
        self.books.calls.clear()

    def assert_rebooks_nothing(self):
        self.work()
        self.assertFalse(self.books.calls["update_document"])
        self.assertFalse(self.books.calls["create_document"])

    def test_export(self):
        move = self.booked()
        self.map_otherwise(move)
        move.action_accountable_export()
        self.assert_rebooks_nothing()
        self.assertEqual(move.accountable_state, "exported")

    def test_export_of_many_sends_what_waits_or_failed(self):
        moves = self.booked() + self.booked()
        self.map_otherwise(moves[:1])
        new = self.invoice()
        moves += new
        moves.action_accountable_export()
        self.work()
        self.assertEqual(self.books.calls["create_document"], 1)
        self.assertFalse(self.books.calls["update_document"])
        self.assertEqual(self.jobs(new).state, "done")

    def test_export_of_one_booked_before_this_was_kept(self):
        move = self.booked()
        binding = self.bindings(move)
        binding.details = {name: one for name, one in binding.details.items() if name != "in_odoo"}
        self.map_otherwise(move)
        move.action_accountable_export()
        self.assert_rebooks_nothing()

    def test_posted_again(self):
        for values in ({}, {"move_type": "in_invoice", "ref": "F-1"}):
            move = self.booked(**values)
            self.map_otherwise(move)
            move.button_draft()
            move.action_post()
            self.assert_rebooks_nothing()
            self.assertEqual(self.jobs(move)[-1].state, "done")

    def test_retry_of_an_old_item(self):
        move = self.booked()
        move.button_draft()
        move.action_post()
        job = self.jobs(move)[-1]
        job._end("skipped", skip_reason="replaced")
        self.map_otherwise(move)
        job.action_retry()
        self.assert_rebooks_nothing()

    def test_words_go_without_the_rest(self):
        move = self.booked()
        self.map_otherwise(move)
        move.payment_reference = "+++090/9337/55493+++"
        self.work()
        self.assertEqual(self.books.calls["update_document"], 1)
        [entry] = self.books.documents.values()
        self.assertEqual(entry["stored"].reference, "+++090/9337/55493+++")
        self.assertEqual(entry["document"].lines[0].ledger_account, "700000")
        self.assertEqual(entry["document"].lines[0].vat_code, "21")

    def test_what_a_person_changed_goes_as_it_is_mapped_now(self):
        move = self.booked()
        self.map_otherwise(move)
        move.button_draft()
        move.invoice_line_ids.price_unit = 200.0
        move.action_post()
        self.work()
        self.assertEqual(self.books.calls["update_document"], 1)
        [entry] = self.books.documents.values()
        self.assertEqual(entry["document"].lines[0].ledger_account, f"Ole{move.id}")
        self.assertEqual(entry["stored"].total, 242)

    def test_tax_grids_are_part_of_the_bookkeeping(self):
        """Where tax stands on an account of another sort, they say what can be followed."""
        move = self.booked()
        before = move._accountable_bookkeeping()
        self.assertEqual(move._accountable_bookkeeping(), before)
        grid = self.env["account.account.tag"].create(
            {"name": "A grid", "applicability": "taxes", "country_id": self.env.ref("base.be").id}
        )
        move.line_ids.filtered("tax_line_id").tax_tag_ids = grid
        self.assertNotEqual(move._accountable_bookkeeping(), before)

    def test_cancelled_and_posted_is_mapped_anew(self):
        move = self.booked()
        self.map_otherwise(move)
        move.button_cancel()
        self.work()
        move.button_draft()
        move.action_post()
        self.work()
        self.assertEqual(self.jobs(move)[-1].state, "done", self.jobs(move)[-1].message)
        last = list(self.books.documents.values())[-1]
        self.assertEqual(last["document"].lines[0].ledger_account, f"Ole{move.id}")

    def test_change_that_was_left_out_goes_with_an_export(self):
        move = self.booked()
        move.button_draft()
        move.invoice_line_ids.price_unit = 200.0
        move.action_post()
        self.jobs(move)[-1].action_skip()
        move.action_accountable_export()
        self.work()
        [entry] = self.books.documents.values()
        self.assertEqual(entry["stored"].total, 242)
