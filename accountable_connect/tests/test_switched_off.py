"""Booked documents that change while the connection does not want them: followed all the same."""

from datetime import timedelta

from .common import ConnectionCase


class TestSwitchedOff(ConnectionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.journal_rows = cls.connection.mapping_ids.filtered(lambda row: row.kind == "journal")

    def booked(self, **values):
        move = self.invoice(**values)
        self.work()
        self.assertEqual(self.jobs(move).state, "done", self.jobs(move).message)
        return move

    def change(self, move, price=150.0):
        move.button_draft()
        move.invoice_line_ids.price_unit = price
        move.action_post()

    def total_there(self, number=1, journal="V1"):
        return float(self.books.documents[self.key(number, journal)]["stored"].total)

    def switch(self, name, is_on):
        """Switch something off, or on again, that keeps these documents back."""
        if name == "journal":
            self.journal_rows.enabled = is_on
        elif name == "peppol":
            self.connection.bills_given = "everything" if is_on else "nothing"
        else:
            self.connection[name] = is_on

    def check_differs(self, move):
        self.assertEqual(move.accountable_state, "differs")
        self.assertIn("is not sent", move.accountable_notes)
        found = self.env["account.move"].search(
            [("accountable_state", "=", "differs"), ("id", "=", move.id)]
        )
        self.assertEqual(found, move)
        self.assertNotIn(
            move, self.env["account.move"].search([("accountable_state", "=", "exported")])
        )
        connection = self.connection
        connection.invalidate_recordset(["unsent_count"])
        self.assertEqual(connection.unsent_count, 1)
        self.assertEqual(
            self.env["account.move"].search(connection.action_unsent()["domain"]), move
        )

    def check_sent(self, move):
        self.assertEqual(move.accountable_state, "exported")
        self.assertFalse(move.accountable_notes)
        self.connection.invalidate_recordset(["unsent_count"])
        self.assertFalse(self.connection.unsent_count)

    def test_changed_while_switched_off(self):
        for name, values, journal in (
            ("send_sales", {}, "V1"),
            ("journal", {}, "V1"),
            ("send_receipts", {"move_type": "out_receipt"}, "V1"),
            ("peppol", {"move_type": "in_invoice", "ref": "F1"}, "A1"),
            ("send_sale_refunds", {"move_type": "out_refund"}, "V2"),
        ):
            with self.subTest(name):
                self.setUp()
                move = self.booked(**values)
                self.switch(name, False)
                self.change(move)
                self.check_differs(move)
                self.connection.action_synchronise()
                self.work()
                self.assertEqual(self.total_there(journal=journal), 121.0)
                self.check_differs(move)
                self.switch(name, True)
                self.assertEqual(move.accountable_state, "to_export")
                self.work()
                self.assertEqual(self.total_there(journal=journal), 181.5)
                self.check_sent(move)

    def test_synchronised_by_hand(self):
        move = self.booked()
        self.connection.write({"synchronisation": "manual", "send_sales": False})
        self.change(move)
        self.connection.send_sales = True
        self.work()
        self.assertEqual(self.total_there(), 121.0)
        self.connection.action_synchronise()
        self.work()
        self.assertEqual(self.total_there(), 181.5)

    def test_switched_off_while_the_change_waited(self):
        move = self.booked()
        self.change(move)
        self.connection.send_sales = False
        self.work()
        self.check_differs(move)
        move.action_accountable_export()
        self.work()
        self.check_differs(move)
        self.connection.send_sales = True
        self.work()
        self.assertEqual(self.total_there(), 181.5)

    def test_only_the_account_changed(self):
        move = self.booked()
        self.connection.send_sales = False
        self.master_item("ledger_account", "700999")
        account = self.company_data["default_account_revenue"].copy({"code": "700999"})
        self.connection._ensure_mapping_rows("account", account)
        row = self.connection.mapping_ids.filtered(lambda one: one.account_id == account)
        row.master_data_id = self.connection.master_data_ids.filtered(
            lambda one: one.code == "700999"
        )
        move.invoice_line_ids.account_id = account
        self.check_differs(move)
        self.connection.send_sales = True
        self.work()
        [entry] = self.books.documents.values()
        self.assertEqual(entry["document"].lines[0].ledger_account, "700999")
        self.check_sent(move)

    def test_posted_again_unchanged_is_as_booked(self):
        move = self.booked()
        self.connection.send_sales = False
        self.books.calls.clear()
        move.button_draft()
        move.action_post()
        self.assertEqual(move.accountable_state, "exported")
        self.assertFalse(move.accountable_notes)
        self.change(move)
        self.check_differs(move)
        self.change(move, 100.0)
        self.check_sent(move)
        self.connection.send_sales = True
        self.work()
        self.assertFalse(self.books.calls)

    def test_never_booked_stays_away(self):
        self.connection.send_sales = False
        move = self.invoice()
        self.change(move)
        self.work()
        self.assertEqual(move.accountable_state, "not_exported")
        self.assertFalse(self.books.documents)

    def test_accounting_date_before_the_start_date_is_sent_as_any_change(self):
        move = self.booked()
        self.connection.start_date = self.today + timedelta(days=30)
        self.change(move)
        self.assertEqual(move.accountable_state, "to_export")
        self.work()
        self.assertEqual(self.total_there(), 181.5)
        self.check_sent(move)
        self.connection.write({"start_date": "2020-01-01", "opening_items_until": self.today})
        self.change(move, 200.0)
        self.work()
        self.assertEqual(self.total_there(), 242.0)
        self.connection.start_date = self.today
        self.connection.opening_items_until = False
        move.button_draft()
        move.invoice_date = move.date = self.today - timedelta(days=1)
        move.action_post()
        self.work()
        self.assertEqual(self.jobs(move)[-1].state, "done", self.jobs(move)[-1].message)

    def test_cancelled_while_switched_off(self):
        move = self.booked()
        self.connection.send_sales = False
        move.button_draft()
        move.button_cancel()
        self.check_differs(move)
        self.connection.action_synchronise()
        self.work()
        self.assertEqual(len(self.books.documents), 1)
        self.connection.send_sales = True
        self.work()
        self.assertEqual(len(self.books.documents), 2)
        self.assertEqual(move.accountable_state, "not_exported")
        self.check_nothing_unsent(self.connection)

    def check_nothing_unsent(self, connection):
        connection.invalidate_recordset(["unsent_count"])
        self.assertFalse(connection.unsent_count)
        self.assertFalse(self.env["account.move"].search(connection.action_unsent()["domain"]))

    def connect_anew(self):
        """The administration of the archived connection, connected once more."""
        other = self._connect(self.company, self.sign_in)
        other.administration_key = self.connection.administration_key
        other.start_date = self.connection.start_date
        return other

    def test_changed_then_cancelled_while_archived(self):
        for name, comes_back in (("the same connection", True), ("a new one", False)):
            with self.subTest(name):
                self.setUp()
                move = self.booked()
                self.connection.active = False
                self.change(move)
                move.button_draft()
                move.button_cancel()
                [told] = self.jobs(move).filtered(lambda job: job.state == "failed")
                self.assertEqual((told.error_code, told.question), ("connection_archived", False))
                other = self.connection
                if comes_back:
                    other.active = True
                else:
                    other = self.connect_anew()
                other.action_synchronise()
                self.work(other)
                self.assertEqual(len(self.books.documents), 2)
                self.assertEqual(told.state, "skipped")
                self.assertEqual(move.accountable_state, "not_exported", move.accountable_error)
                for connection in self.connection | other:
                    self.check_nothing_unsent(connection)

    def test_cancelled_and_settled_while_archived_stays_so(self):
        move = self.booked()
        self.connection.active = False
        move.button_draft()
        move.button_cancel()
        self.jobs(move).filtered(lambda job: job.state == "failed").action_skip()
        self.connection.active = True
        self.connection.action_synchronise()
        self.work()
        self.assertEqual(len(self.books.documents), 1)

    def test_cancelled_through_a_connection_made_anew(self):
        """Both links of the booking end."""
        move = self.booked()
        self.connection.active = False
        other = self.connect_anew()
        other.action_synchronise()
        self.work(other)
        self.assertEqual(len(self.bindings(move)), 2)
        move.button_draft()
        move.button_cancel()
        self.work(other)
        self.assertFalse(self.bindings(move))
        self.assertEqual(move.accountable_state, "not_exported")

    def test_undone_before_its_administration_was_connected_anew(self):
        """What carries our mark there has its opposite beside it: posted again it is booked."""
        bill = self.booked(move_type="in_invoice", ref="F9")
        bill.button_draft()
        bill.button_cancel()
        self.work()
        self.connection.active = False
        other = self.connect_anew()
        bill.button_draft()
        bill.action_post()
        self.work(other)
        self.assertEqual(self.jobs(bill)[-1].state, "done", self.jobs(bill)[-1].message)
        kinds = [entry["stored"].kind for entry in self.books.documents.values()]
        self.assertEqual(sorted(kinds), ["purchase", "purchase", "purchase_refund"])

    def test_switched_off_while_the_cancellation_waited(self):
        move = self.booked()
        move.button_draft()
        move.button_cancel()
        self.connection.send_sales = False
        self.work()
        self.assertEqual(len(self.books.documents), 1)
        self.check_differs(move)
        self.connection.send_sales = True
        self.work()
        self.assertEqual(len(self.books.documents), 2)

    def test_a_person_settles_it(self):
        move = self.booked()
        self.connection.send_sales = False
        self.change(move)
        move.action_accountable_settle_unsent()
        self.check_sent(move)

    def test_changed_while_archived_and_connected_again(self):
        move = self.booked()
        self.connection.active = False
        self.change(move)
        self.check_differs(move)
        self.connection.active = True
        self.work()
        self.assertEqual(self.total_there(), 181.5)
        self.check_sent(move)

    def test_a_change_that_waited_when_it_was_archived(self):
        move = self.booked()
        self.change(move)
        self.connection.active = False
        self.check_differs(move)

    def test_deleted_while_archived_is_told(self):
        move = self.booked()
        self.connection.active = False
        move.button_draft()
        move.with_context(force_delete=True).unlink()
        job = self.env["accountable.job"].sudo().search([("state", "=", "failed")])
        self.assertEqual(job.error_code, "deleted")

    def test_cancelled_after_the_same_administration_was_connected_anew(self):
        alone = self.booked(invoice_date=self.today - timedelta(days=40))
        both = self.booked(invoice_date=self.today - timedelta(days=1))
        self.connection.active = False
        other = self._connect(self.company, self.sign_in)
        other.administration_key = self.connection.administration_key
        other.start_date = self.today - timedelta(days=5)
        other.action_synchronise()
        self.work(other)
        self.assertEqual(self.bindings(both).connection_id, self.connection | other)
        for move in (alone, both):
            move.button_draft()
            move.button_cancel()
            self.assertEqual(self.jobs(move, "reverse").connection_id, other)
            self.assertFalse(self.jobs(move).filtered(lambda job: job.state == "failed"))
        self.work(other)
        self.assertEqual(self.jobs(alone, "reverse").state, "done")

    def test_the_same_administration_connected_anew(self):
        old = self.booked(invoice_date=self.today - timedelta(days=40))
        new = self.booked()
        self.connection.active = False
        self.change(old)
        other = self._connect(self.company, self.sign_in)
        other.administration_key = self.connection.administration_key
        other.start_date = self.today
        self.env["accountable.enqueueing"]._enqueue_unsent(other)
        self.change(new)
        for move in (old, new):
            self.assertEqual(move.accountable_state, "to_export")
        self.work(other)
        for move in (old, new):
            self.assertIn(self.jobs(move)[-1].state, ("done", "failed"))
            self.assertEqual(self.jobs(move)[-1].connection_id, other)
        self.assertEqual(len(self.books.documents), 2)
