from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, new_test_user

from .common import WinBooksCase


class TestSetUp(WinBooksCase):
    def lines(self, *kinds):
        """The sentences that the set-up says of numbers, journals, accounts and book years."""
        lines = self.env["accountable.set.up"]._number_lines(self.connection)
        return [line.sentence for line in lines if not kinds or line.kind in kinds]

    def journal(self, code):
        return self.env["accountable.master.data"].search(
            [("connection_id", "=", self.connection.id), ("code", "=", code)]
        )

    def details(self, code, **details):
        row = self.journal(code).sudo()
        row.details = {**row.details, **details}

    def setUp(self):
        super().setUp()
        self.connection.start_date = "2026-01-01"
        for code in ("V2", "A2"):
            self.details(code, refund=True)
        self.bare = self.lines()

    def test_what_is_in_order_says_nothing(self):
        # Odoo's own two sales journals of the test company share those of WinBooks
        self.assertEqual([one for one in self.bare if "several number sequences" not in one], [])

    def test_a_journal_takes_invoices_or_credit_notes(self):
        self.details("V2", refund=False)
        [sentence] = set(self.lines("missing")) - set(self.bare)
        self.assertIn("V2", sentence)

    def test_two_sequences_in_one_journal_hold_up_the_start(self):
        rows = self.connection.mapping_ids.filtered(
            lambda row: row.kind == "journal" and row.document_kind == "sale"
        )
        rows[1:].enabled = False
        self.assertNotIn("V1", " ".join(self.lines()))
        twin = rows[0].journal_id.copy({"code": "TWIN"})
        rows[0].copy(
            {"journal_id": twin.id, "source_key": f"account.journal,{twin.id}", "enabled": True}
        )
        [sentence] = [one for one in self.lines("missing") if "V1" in one]
        self.assertIn("number sequences", sentence)

    def test_numbers_that_begin_anew_are_said(self):
        move = self.invoice(post=False)
        move.name = f"FAC/{self.today:%Y/%m}/0001"
        move.action_post()
        found = set(self.lines("missing")) - set(self.bare)
        self.assertTrue(any("every month" in one for one in found), found)
        self.assertFalse(self.lines("warning"))

    def test_a_book_year_within_two_of_the_calendar_is_said(self):
        periods = self.env["accountable.master.data"].sudo().search([("kind", "=", "period")])
        periods[6:].unlink()
        periods[0].details = {**periods[0].details, "date_from": "2024-07-01"}
        self.connection.start_date = "2025-01-01"
        self.assertFalse(set(self.lines()) - set(self.bare))
        self.invoice(invoice_date=self.today)
        [warning] = self.lines("warning")
        self.assertIn("January", warning)

    def test_the_start_lies_in_a_book_year(self):
        self.connection.start_date = "2024-01-01"
        [line] = [
            line
            for line in self.env["accountable.set.up"]._number_lines(self.connection)
            if line.sentence not in self.bare
        ]
        self.assertEqual(
            (line.kind, line.action["res_model"]), ("missing", "accountable.master.data")
        )

    def test_accounts_have_one_length(self):
        self.connection.winbooks_customer_account = "40000000"
        [sentence] = set(self.lines("missing")) - set(self.bare)
        self.assertIn("40000000", sentence)
        names = ("customer", "supplier", "owed_vat", "deductible_vat")
        self.connection.write({f"winbooks_{name}_account": False for name in names})
        self.assertFalse(set(self.lines()) - set(self.bare))

    def test_codes_that_are_too_long_are_refused_as_they_are_typed(self):
        manager = new_test_user(
            self.env,
            "winbooks_typist",
            groups="accountable_connect.group_manager,base.group_user",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        connection = self.connection.with_user(manager)
        for kind, text in (
            ("journal", "VERKOOP;Verkoop;sales"),
            ("vat_code", "2114000;Verkoop;21;sales"),
            ("ledger_account", "700000000;Verkoop"),
        ):
            with self.subTest(kind=kind):
                with self.assertRaisesRegex(UserError, "Line 1, Code: it is longer than [68] "):
                    connection._take_typed(kind, text)
                values = {"connection_id": connection.id, "kind": kind}
                with self.assertRaisesRegex(ValidationError, "is longer than [68] "):
                    connection.master_data_ids.create({**values, "code": text.split(";")[0]})

    def test_codes_that_are_too_long_hold_up_the_start(self):
        self.journal("V1").sudo().code = "VERKOOP"
        self.assertTrue(any("more than 6" in one for one in self.lines("missing")))

    def test_books_in_another_currency_hold_up_the_start(self):
        set_up = self.env["accountable.set.up"]
        self.assertEqual(set_up._country_line(self.connection, self.company).kind, "good")
        other = self.env["res.company"].new({"name": "Ailleurs", "currency_id": 1})
        other.currency_id = self.env.ref("base.USD")
        self.assertEqual(set_up._country_line(self.connection, other).kind, "missing")

    def test_the_first_step_asks_nothing(self):
        self.connection.active = False
        dialogue = self.env["accountable.connect"].create(
            {"company_id": self.company.id, "package": "winbooks"}
        )
        self.assertIn("WinBooks on Web", dialogue.introduction)
        with Form(dialogue) as form:
            form.winbooks_folder = "VDSM"
            form.winbooks_language = "N"
        dialogue.action_continue()
        connection = self.env["accountable.connection"].search(
            [("company_id", "=", self.company.id), ("package", "=", "winbooks")]
        )
        self.assertEqual(connection.administration_name, "VDSM")
        self.assertEqual(connection.winbooks_language, "N")
        self.assertEqual(connection.state, "connecting")
