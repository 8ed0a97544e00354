"""The last step of the set-up: documents as the entries to come, one first, then the rest."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import ConnectionCase


class LastStepCase(ConnectionCase):
    """A connection on its last step: nothing went yet, and every journal, tax and account has its
    counterpart."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.vat = "BE0999999031"
        cls.connection.write({"step": "summary", "state": "configuration_needed"})
        cls.manager = cls.new_user("manager@example.com", "accountable_connect.group_manager")
        cls.bookkeeper = cls.new_user("user@example.com", "accountable_connect.group_user")
        cls.env.flush_all()

    @classmethod
    def new_user(cls, login, group):
        groups = cls.env.ref("base.group_user") + cls.env.ref(group)
        return cls.env["res.users"].create(
            {
                "name": login,
                "login": login,
                "company_id": cls.company.id,
                "company_ids": [(6, 0, cls.company.ids)],
                "group_ids": [(6, 0, groups.ids)],
            }
        )

    def setUp(self):
        super().setUp()
        self.form = self.connection.with_user(self.manager).sudo(False)

    def entries(self):
        self.env.invalidate_all()
        return self.form.preview["entries"]

    def entry(self, move):
        [entry] = [one for one in self.entries() if one["id"] == move.id]
        return entry

    def states_of(self, *moves):
        return [self.jobs(move).mapped("state") for move in moves]

    def booked(self):
        return sorted(one["document"].number for one in self.books.documents.values())


@tagged("post_install", "-at_install", "post_install_l10n")
class TestPreview(LastStepCase):
    def test_one_document_of_each_kind_as_an_entry(self):
        first, _second = self.invoice(100), self.invoice(200)
        bill = self.bill(amount=50)
        refund = self.invoice(30, move_type="out_refund")
        entries = self.entries()
        self.assertFalse(self.form.has_examples)
        self.assertEqual([one["id"] for one in entries], [first.id, bill.id, refund.id])
        self.assertEqual([one["journal"] for one in entries], ["V1 V1", "A1 A1", "V2 V2"])
        [line] = entries[0]["lines"]
        self.assertEqual(line["account"], "700000 700000")
        self.assertEqual(line["vat_code"], "21 21")
        self.assertEqual((line["base"], line["vat"], line["total"]), ("100.00", "21.00", "121.00"))
        self.assertIn("121.00", entries[0]["total"])
        self.assertEqual(entries[0]["party"], self.partner_a.name)
        self.assertEqual({one["state"] for one in entries}, {"waits"})
        self.assertFalse(self.books.calls, "no call is spent")
        self.assertFalse(self.env["accountable.job"].sudo().search([]), "nothing is stored")

    def test_amounts_and_periods_as_the_reader_writes_them(self):
        self.env["res.lang"]._activate_lang("nl_NL")
        self.invoice(1000, invoice_date="2026-03-15")
        [entry] = self.form.with_context(lang="nl_NL").preview["entries"]
        self.assertEqual(entry["period"], "maart 2026")
        self.assertEqual(entry["lines"][0]["base"], "1.000,00")

    def test_a_certain_proposal_counts_and_sending_confirms_it(self):
        invoice = self.invoice()
        row = self.connection.mapping_ids.filtered(lambda one: one.tax_id == self.sale_tax)
        row.write({"state": "proposed", "certain": True})
        self.assertEqual(self.entry(invoice)["state"], "waits")
        self.form.action_send_first(invoice.id)
        self.assertEqual(row.state, "confirmed")

    def test_why_a_document_does_not_go_and_where_that_is_cured(self):
        invoice = self.invoice()
        row = self.connection.mapping_ids.filtered(lambda one: one.tax_id == self.sale_tax)
        row.write({"state": "proposed", "certain": False})
        entry = self.entry(invoice)
        self.assertEqual((entry["state"], entry["lines"]), ("blocked", []))
        [error] = entry["errors"].values()
        self.assertEqual(error["level"], "danger")
        self.assertIn("is not confirmed yet", error["message"])
        self.assertEqual(
            (error["action"]["res_model"], error["action"]["res_id"]), (row._name, row.id)
        )
        row.unlink()
        rows = self.connection.mapping_ids
        self.assertEqual(self.entry(invoice)["state"], "blocked")
        self.assertEqual(self.connection.mapping_ids, rows, "looking adds no row")

    def test_a_party_that_is_there(self):
        invoice = self.invoice()
        self.assertFalse(self.entry(invoice)["party_known"])
        match = self.env["accountable.contact.match"].sudo()
        match._store_matches(self.connection, ())
        match.create(
            {
                "connection_id": self.connection.id,
                "external_key": "K1",
                "partner_id": self.partner_a.id,
                "party_name": "A",
                "party": {"name": "A"},
                "state": "matched",
            }
        )
        self.assertTrue(self.entry(invoice)["party_known"])

    def test_an_example_when_there_is_none_is_not_kept(self):
        counts = {name: self.env[name].search_count([]) for name in ("account.move", "res.partner")}
        self.assertEqual(self.form.preview, {"example": True, "entries": []})
        self.assertTrue(self.form.has_examples)
        entries = self.form.read_examples()
        self.assertEqual(
            [one["kind"] for one in entries],
            ["Customer invoice", "Vendor bill", "Customer credit note"],
        )
        self.assertEqual({(one["id"], one["name"]) for one in entries}, {(False, "")})
        self.assertEqual([one["errors"] for one in entries], [{}] * 3)
        self.assertEqual({one["lines"][0]["total"] for one in entries}, {"121.00"})
        after = {name: self.env[name].search_count([]) for name in counts}
        self.assertEqual(counts, after)

    def test_who_works_for_a_branch_reads_no_figure_of_the_company(self):
        self.invoice()
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.company.id})
        reader = self.new_user("branch@example.com", "accountable_connect.group_user")
        reader.write({"company_ids": [(6, 0, branch.ids)], "company_id": branch.id})
        self.env.flush_all()
        for user, count in ((self.manager, 1), (reader, 0)):
            connection = self.connection.with_user(user).sudo(False)
            self.assertEqual(connection.past_document_count, count)
            self.assertEqual(bool(connection.past_document_total), bool(count))
            said = " ".join(entry["message"] for entry in connection.decisions.values())
            self.assertEqual("121.00" in said, bool(count))
            self.env.invalidate_all()

    def test_who_works_for_a_branch_reads_the_mappings(self):
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.company.id})
        reader = self.new_user("branch@example.com", "accountable_connect.group_user")
        reader.write({"company_ids": [(6, 0, branch.ids)], "company_id": branch.id})
        row = self.connection.mapping_ids.filtered(lambda one: one.kind == "account")[:1]
        row.sudo().state = "proposed"
        self.env.flush_all()
        self.env.invalidate_all()
        row = row.with_user(reader).with_context(allowed_company_ids=branch.ids).sudo(False)
        [values] = row.read(["display_name", "warning", "alerts"])
        self.assertIn("can correct it", str(values["alerts"]))

    def test_only_on_the_last_step_and_only_what_one_may_see(self):
        self.connection.step = "start"
        self.assertFalse(self.form.preview)
        self.connection.step = "summary"
        self.invoice()
        other = self.env["res.company"].create({"name": "Other"})
        stranger = self.new_user("stranger@example.com", "accountable_connect.group_manager")
        stranger.write({"company_id": other.id, "company_ids": [(6, 0, other.ids)]})
        with self.assertRaises(AccessError):
            self.connection.with_user(stranger).sudo(False).preview  # noqa: B018
        reader = self.connection.with_user(self.bookkeeper).sudo(False)
        self.assertEqual(len(reader.preview["entries"]), 1)
        self.assertFalse(reader.may_send_first)


@tagged("post_install", "-at_install", "post_install_l10n")
class TestSendFirst(LastStepCase):
    def test_a_later_number_does_not_go_before_the_one_before_it(self):
        """On a page that is still open its button may be pressed."""
        first, second = self.invoice(100), self.invoice(200)
        with self.assertRaises(UserError):
            self.form.action_send_first(second.id)
        self.form.action_send_first(first.id)
        self.work()
        self.form.action_send_first(second.id)
        self.assertEqual(self.entry(second)["state"], "under_way")

    def test_one_first_and_then_the_rest(self):
        first, second, third = self.invoice(100), self.invoice(200), self.bill()
        self.assertTrue(self.form.may_send_first, self.form.summary)
        self.form.action_send_first(first.id)
        self.assertEqual((self.form.step, self.form.state), ("summary", "connected"))
        self.assertTrue(self.form.is_running, "the screen asks until it is booked")
        self.assertEqual(self.entry(first)["state"], "under_way")
        posted_meanwhile = self.invoice(400)
        self.assertEqual(self.states_of(second, third, posted_meanwhile), [[], [], []])
        self.assertIn(self.connection, self.env["accountable.connection"].sudo()._due_connections())

        self.work()
        self.assertEqual(self.states_of(first), [["done"]])
        self.assertFalse(self.form.is_running)
        self.assertEqual(self.booked(), [first.name])
        entry = self.entry(first)
        self.assertEqual((entry["state"], entry["number"]), ("booked", self.bindings(first).number))
        self.work()
        self.assertEqual(self.booked(), [first.name], "nothing else goes")

        self.form.action_send_rest()
        self.assertEqual((self.form.step, self.form.rest_waits), ("done", False))
        self.assertEqual(self.states_of(first, second), [["done"], ["pending"]])
        self.work()
        names = [first.name, second.name, third.name, posted_meanwhile.name]
        self.assertEqual(self.booked(), sorted(names))

    def test_it_goes_at_once_whatever_moment_was_chosen(self):
        for values in ({"synchronisation": "manual"}, {"moment": "nightly"}):
            with self.subTest(values):
                invoice = self.invoice()
                self.connection.write(values)
                self.form.action_send_first(invoice.id)
                self.work()
                self.assertEqual(self.states_of(invoice), [["done"]])

    def test_nothing_is_read_back_before_the_rest(self):
        self.connection.settlements_back = True
        self.form.action_send_first(self.invoice().id)
        self.work()
        self.assertEqual(self.books.calls["settlements_since"], 0)
        self.assertFalse(self.env["accountable.connection"].sudo()._due_connections())
        self.form.action_send_rest()
        self.assertIn(self.connection, self.env["accountable.connection"].sudo()._due_connections())

    def test_a_mapping_that_was_wrong(self):
        """Back, another counterpart, another document first; the first one stays as it is."""
        wrong, right = self.invoice(100), self.invoice(200)
        self.form.action_send_first(wrong.id)
        self.work()
        for _step in range(4):
            self.form.action_previous_step()
        self.assertEqual((self.form.step, self.form.state), ("vat_codes", "connected"))
        code = self.master_item("vat_code", "22")
        row = self.form.mapping_ids.filtered(lambda one: one.tax_id == self.sale_tax)
        row.master_data_id = code.id
        self.assertEqual(self.states_of(wrong, right), [["done"], []])
        self.form.action_next_step()
        self.assertEqual(self.form.step, "summary", "nothing else is to decide")
        self.assertEqual(self.entry(right)["lines"][0]["vat_code"], "22 22")
        self.form.action_send_first(right.id)
        self.work()
        codes = {
            one["document"].number: one["document"].lines[0].vat_code
            for one in self.books.documents.values()
        }
        self.assertEqual(codes, {wrong.name: "21", right.name: "22"})

    def test_one_that_fails_says_why_and_goes_once_that_is_cured(self):
        invoice = self.invoice()
        self.form.action_send_first(invoice.id)
        row = self.connection.mapping_ids.filtered(lambda one: one.tax_id == self.sale_tax)
        counterpart = row.master_data_id
        row.write({"master_data_id": False, "state": "proposed"})
        self.work()
        entry = self.entry(invoice)
        self.assertEqual(entry["state"], "failed")
        [error] = entry["errors"].values()
        self.assertEqual(error["action"]["res_id"], row.id)
        row.with_user(self.manager).sudo(False).master_data_id = counterpart.id
        self.work()
        self.assertEqual(self.entry(invoice)["state"], "booked")

    def test_what_cannot_be_sent_first(self):
        draft = self.invoice(post=False)
        sent = self.invoice()
        self.form.action_send_first(sent.id)
        early = self.invoice(invoice_date="2019-12-31")
        for move in (draft, sent, early, self.env["account.move"]):
            with self.subTest(move.name), self.assertRaises(UserError):
                self.form.action_send_first(move.id)
        self.assertEqual(len(self.jobs(draft + sent + early)), 1)
        with self.assertRaises(AccessError):
            self.connection.with_user(self.bookkeeper).sudo(False).action_send_first(sent.id)

    def test_on_a_page_that_is_still_open_after_the_start(self):
        """Another manager started: everything goes by its plan, and a second start changes
        nothing."""
        invoice = self.invoice()
        self.form.action_start()
        self.jobs(invoice).sudo().write({"state": "failed", "error_kind": "temporary"})
        with self.assertRaises(UserError):
            self.form.action_send_first(invoice.id)
        self.assertFalse(self.form.rest_waits)
        self.connection.sudo().state = "reconnect"
        self.form.action_start()
        self.assertEqual((self.form.step, self.form.state), ("done", "reconnect"))

    def test_numbers_stay_in_order_where_they_have_to_be_consecutive(self):
        self.invoice(100)
        self.invoice(200)
        self.assertEqual([one["comes_later"] for one in self.entries()], [False, True])
        self.books.capabilities = type(self.books.capabilities)(consecutive_numbers=False)
        self.assertEqual([one["comes_later"] for one in self.entries()], [False, False])

    def test_it_says_that_the_rest_waits(self):
        self.assertFalse(self.form.wait_sentence)
        self.form.action_send_first(self.invoice().id)
        self.assertIn("Send the rest", self.form.wait_sentence)
        self.form.action_send_rest()
        self.assertFalse(self.form.wait_sentence)

    def test_the_button_that_synchronises_sends_nothing_more(self):
        first, second = self.invoice(), self.invoice()
        self.form.action_send_first(first.id)
        self.form.action_synchronise()
        second.with_user(self.manager).action_accountable_export()
        self.assertEqual(self.states_of(second), [[]])

    def test_paused_and_resumed(self):
        first, second = self.invoice(), self.invoice()
        self.form.action_send_first(first.id)
        self.form.action_pause()
        self.env.invalidate_all()
        self.assertFalse(self.form.may_send_first)
        for press in (self.form.action_send_rest, lambda: self.form.action_send_first(second.id)):
            with self.assertRaisesRegex(UserError, "paused"):
                press()
        self.work()
        self.assertFalse(self.books.documents)
        self.form.action_resume()
        self.work()
        self.assertEqual(self.booked(), [first.name])

    def test_archived_what_waits_ends(self):
        first, second = self.invoice(), self.invoice()
        self.form.action_send_first(first.id)
        self.form.active = False
        self.assertEqual(self.states_of(first), [["skipped"]])
        self.form.active = True
        self.assertEqual(self.entry(first)["state"], "waits")
        self.form.action_send_first(first.id)
        self.work()
        self.assertEqual(self.booked(), [first.name])
        self.assertEqual(self.states_of(second), [[]])

    def test_a_copy_stops(self):
        first = self.invoice()
        self.form.action_send_first(first.id)
        self.connection.sign_in_id.database_identity = "another database"
        self.assertEqual(self.connection.copy_state, "copied")
        self.work()
        self.assertFalse(self.books.documents)
        self.form.action_is_copy()
        self.assertEqual(self.connection.state, "paused")

    def test_the_administration_stays(self):
        self.form.action_send_first(self.invoice().id)
        listed = self.env["accountable.administration"].sudo()
        other = listed.create({"sign_in_id": self.sign_in.id, "key": "B", "name": "Other books"})
        with self.assertRaisesRegex(UserError, "keeps its administration"):
            self.form.administration_id = other
        self.assertEqual(self.connection.administration_key, f"A{self.company.id}")

    def test_after_a_lost_sign_in_it_goes_on(self):
        first = self.invoice()
        self.form.action_send_first(first.id)
        self.connection.state = "reconnect"
        self.form.action_reconnect()
        self.assertEqual(self.connection.state, "connected")
        self.work()
        self.assertEqual(self.booked(), [first.name])

    def test_after_the_password_was_entered_again_it_goes_on(self):
        first = self.invoice()
        self.form.action_send_first(first.id)
        self.connection.state = "reconnect"
        self.sign_in._try_again_with_secrets()
        self.assertEqual(self.connection.state, "connected")
        self.work()
        self.assertEqual(self.booked(), [first.name])

    def test_a_change_meanwhile_goes_with_the_rest(self):
        first = self.invoice()
        self.form.action_send_first(first.id)
        self.work()
        first.button_draft()
        first.invoice_line_ids.price_unit = 150
        first.action_post()
        self.assertEqual(self.states_of(first), [["done"]])
        self.form.action_send_rest()
        self.work()
        [booked] = self.books.documents.values()
        self.assertEqual(float(booked["document"].lines[0].base), 150)

    def test_files_follow(self):
        """Those that the booking cannot take go at once, what comes later goes with the rest."""
        self.books.capabilities = type(self.books.capabilities)(
            consecutive_numbers=True, files_with_document=False, files_afterwards=True
        )
        bill = self.bill()
        self.attach(bill)
        self.assertEqual(self.entry(bill)["files"], ["bill.pdf"])
        self.form.action_send_first(bill.id)
        self.work()
        [booking] = self.books.documents.values()
        self.assertEqual(len(booking["files"]), 1)
        self.attach(bill, "later.pdf")
        self.work()
        self.assertEqual(len(booking["files"]), 1)
        self.form.action_send_rest()
        self.work()
        self.assertEqual(len(booking["files"]), 2)

    def test_two_companies_wait_by_themselves(self):
        """Another company's connection goes on as it is."""
        other = self.setup_other_company()["company"]
        connection = self._connect(other, self.sign_in)
        self.assertEqual(connection.step, "done")
        self.form.action_send_first(self.invoice().id)
        self.assertFalse(connection.rest_waits)
        self.assertIn(other.id, self.env["accountable.sending.plan"]._by_company())
        self.assertNotIn(self.company.id, self.env["accountable.sending.plan"]._by_company())
