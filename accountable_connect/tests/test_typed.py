"""Master data that people type, where nothing can be read of an administration."""

import base64
import dataclasses

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from ..documents import JOURNAL, LEDGER_ACCOUNT, PERIOD, VAT_CODE, MasterItem
from .common_setup import CAPABILITIES, SetUpCommon

JOURNALS = "VEN;Verkoop;sales\nNCV;Kredietnota's;sales credit notes\nACH;Aankoop;purchases\n"
JOURNALS += "NCA;Kredietnota's;purchase credit notes\n"


@tagged("post_install", "-at_install", "post_install_l10n")
class TestTyped(SetUpCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.typed = frozenset({JOURNAL, VAT_CODE, LEDGER_ACCOUNT, PERIOD})
        capabilities = dataclasses.replace(CAPABILITIES, types_master_data=cls.typed)
        connections = cls.env.registry["accountable.connection"]
        cls.classPatch(connections, "_get_capabilities", lambda self: capabilities)

    def setUp(self):
        super().setUp()
        self.package.items = []
        self.connection = self.new_connection().with_user(self.manager)

    def take(self, kind, text, **options):
        return self.connection._take_typed(kind, text, **options)

    def rows(self, kind, **context):
        rows = self.env["accountable.master.data"].with_user(self.manager)
        domain = [("connection_id", "=", self.connection.id), ("kind", "=", kind)]
        return rows.with_context(**context).search(domain)

    def row(self, kind, code):
        return self.rows(kind, active_test=False).filtered(lambda row: row.code == code)

    def test_what_is_typed_is_proposed(self):
        self.assertEqual(self.take(JOURNAL, JOURNALS), {"created": 4, "changed": 0, "read": 0})
        found = {
            (row.document_kind, row.master_data_id.code)
            for row in self.connection.journal_mapping_ids
        }
        self.assertLessEqual(
            {
                ("sale", "VEN"),
                ("sale_refund", "NCV"),
                ("purchase", "ACH"),
                ("purchase_refund", "NCA"),
            },
            found,
        )
        self.assertEqual(self.take(JOURNAL, JOURNALS)["changed"], 0)

    def test_a_reading_changes_and_removes_nothing_of_it(self):
        self.take(JOURNAL, "VEN;Mijn verkoop;sales\nACH;;purchases")
        items = [
            MasterItem(
                kind="journal",
                code="VEN",
                name="Ventes",
                details={"type": "sale", "currency": "EUR"},
            ),
            MasterItem(kind="journal", code="BNK", name="Bank", details={"type": "bank"}),
        ]
        counts = self.connection.master_data_ids._store(self.connection, items)
        self.assertEqual((counts["created"], counts["vanished"], counts["differing"]), (1, 0, 1))
        # what the package says of other kinds, each day, is nothing of these
        self.connection.sudo()._refresh_master_data(self.package)
        self.assertTrue(self.row(JOURNAL, "BNK").active)
        sale = self.row(JOURNAL, "VEN")
        self.assertEqual((sale.name, sale.origin, sale.active), ("Mijn verkoop", "typed", True))
        self.assertEqual(sale.details, {"type": "sale", "refund": False, "currency": "EUR"})
        self.assertTrue(self.row(JOURNAL, "ACH").active)
        self.assertEqual(self.take(JOURNAL, "BNK;Other;misc")["read"], 1)
        self.assertEqual(self.row(JOURNAL, "BNK").name, "Bank")

    def test_fields_of_a_row(self):
        self.take(VAT_CODE, "211400;Verkoop 21 %;21;sales;21;V21;full")
        row = self.row(VAT_CODE, "211400")
        self.assertEqual(
            row.details,
            {"rate": "21", "scope": "sale", "user_codes": ["21", "V21"], "deductible": "full"},
        )
        row.write({"rate": "5,50 %", "user_codes": "6", "deductible": False, "scope": "purchase"})
        self.assertEqual(row.details, {"rate": "5.5", "scope": "purchase", "user_codes": ["6"]})
        with self.assertRaises(UserError):
            row.rate = "many"
        new = row.create(
            {
                "connection_id": self.connection.id,
                "kind": VAT_CODE,
                "code": "6",
                "scope": "sale",
                "rate": "6",
            }
        )
        self.assertEqual((new.origin, new.details), ("typed", {"rate": "6", "scope": "sale"}))

    def test_book_years(self):
        self.take(PERIOD, "01/07/2025;31/12/2026")
        rows = self.rows(PERIOD)
        self.assertEqual(rows.mapped("rank"), [f"{number:02}" for number in range(1, 19)])
        rows[0].closed = True
        self.take(PERIOD, "2025-07-01;2026-12-31;1;2;\n2027-01-01;2027-12-31;3;3")
        self.assertEqual(len(self.rows(PERIOD)), 22)
        self.assertTrue(rows[0].closed, "found closed, and typed anew without a word of it")
        self.assertEqual(rows[0].details["book_year"], "2025-07-01")
        action = self.connection.with_context(typed_kind=PERIOD).action_typed_list()
        shown = action["views"][-1][1], action["mobile_view_mode"]
        self.assertEqual(shown, ("kanban", "kanban"), "cards on a telephone")
        self.assertEqual(rows[0].book_year, "07/01/2025", "shown as a date of the reader")
        self.assertEqual(rows[-1].year_rank, "2")
        self.take(PERIOD, "2027-01-01;2027-12-31;12")
        self.assertEqual(len(self.rows(PERIOD)), 19, "of the quarters one is left, a whole year")
        for wrong in ("2027-06-01;2028-05-31", "2029-01-01;2029-12-31"):
            with self.subTest(wrong=wrong), self.assertRaises(UserError):
                self.take(PERIOD, wrong)
        with self.assertRaises(ValidationError):
            rows[3].date_to = "2026-12-31"
        self.assertEqual(rows[0].display_name, "July 2025")

    def test_a_changed_meaning_breaks_its_mapping(self):
        self.take(JOURNAL, JOURNALS)
        row = self.row(JOURNAL, "NCV")
        mapping = self.connection.journal_mapping_ids.filtered(
            lambda one: one.master_data_id == row
        )
        mapping.action_confirm()
        row.journal_type = "sale"
        self.assertEqual(set(mapping.mapped("state")), {"broken"})
        row.journal_type = "sale_refund"
        self.assertEqual(set(mapping.mapped("state")), {"confirmed"})
        row.unlink()
        self.assertFalse(row.active, "a mapping uses it")
        self.assertIn("was taken out of its list", mapping[:1].reason)
        self.assertEqual(set(mapping.mapped("state")), {"broken"})
        self.take(JOURNAL, JOURNALS)
        self.assertEqual((row.active, set(mapping.mapped("state"))), (True, {"confirmed"}))
        free = row.create(
            {
                "connection_id": self.connection.id,
                "kind": JOURNAL,
                "code": "OD",
                "journal_type": "misc",
            }
        )
        free.unlink()
        self.assertFalse(free.exists())

    def test_credit_notes_go_to_no_journal_that_takes_none(self):
        self.take(JOURNAL, "VEN;Verkoop;sales")
        rows = self.connection.journal_mapping_ids
        refunds = rows.filtered(lambda row: row.document_kind == "sale_refund")
        self.assertTrue(refunds)
        self.assertFalse(refunds.master_data_id)
        self.assertTrue(rows.master_data_id)

    def test_a_journal_of_credit_notes_takes_nothing_else(self):
        self.take(JOURNAL, JOURNALS)
        mapping = self.connection.journal_mapping_ids.filtered(
            lambda row: row.document_kind == "sale"
        )[:1]
        with self.assertRaises(ValidationError):
            mapping.master_data_id = self.row(JOURNAL, "NCV")

    def test_who_may_type(self):
        self.take(JOURNAL, "VEN;Verkoop;sales")
        typed = self.row(JOURNAL, "VEN")
        read = typed.sudo().create(
            {"connection_id": self.connection.id, "kind": JOURNAL, "code": "R", "details": {}}
        )
        with self.assertRaises(AccessError):
            read.with_user(self.manager).name = "Other"
        with self.assertRaises(AccessError):
            read.with_user(self.manager).unlink()
        for name, value in (("details", {}), ("origin", "read"), ("kind", PERIOD)):
            with self.subTest(name=name), self.assertRaises(AccessError):
                typed[name] = value
        other = self.env["res.company"].create({"name": "Andere zaak"})
        branch = self.env["res.company"].create({"name": "Filiaal", "parent_id": self.company.id})
        values = {"connection_id": self.connection.id, "kind": JOURNAL, "code": "X"}
        for number, company in enumerate((other, branch)):
            user = self.new_user(
                f"typist{number}@example.com", "accountable_connect.group_manager", company=company
            )
            with self.subTest(company=company.name):
                with self.assertRaises(AccessError):
                    typed.with_user(user).name = "Other"
                with self.assertRaises(AccessError):
                    typed.with_user(user).create(values)
                with self.assertRaises(AccessError):
                    self.connection.with_user(user)._take_typed(JOURNAL, "X;;sales")
        with self.assertRaises(AccessError):
            typed.with_user(self.bookkeeper).name = "Other"

    def test_what_a_package_reads_is_not_typed(self):
        connections = self.env.registry["accountable.connection"]
        self.patch(connections, "_get_capabilities", lambda self: CAPABILITIES)
        with self.assertRaises(UserError):
            self.take(JOURNAL, JOURNALS)
        values = {"connection_id": self.connection.id, "kind": JOURNAL, "code": "X"}
        with self.assertRaises(UserError):
            self.rows(JOURNAL).create(values)

    def test_the_dialogue(self):
        action = self.connection.action_type_master_data()
        dialogue = self.env["accountable.typed"].with_user(self.manager).browse(action["res_id"])
        self.assertEqual(dialogue.kind, JOURNAL)
        with Form(dialogue) as form:
            form.text = "VEN;Verkoop <b>;sales\nACH;Aankoop;wrong\n;;sales"
            self.assertEqual(form.row_count, 1)
            self.assertIn("Line 2, Type: “wrong” is no type", form.findings)
            self.assertIn("Line 3, Code: it is empty", form.findings)
            self.assertIn("Verkoop &lt;b&gt;", str(form.preview))
            self.assertFalse(self.rows(JOURNAL), "nothing is taken before the person says so")
        dialogue.action_take_over()
        self.assertEqual(self.rows(JOURNAL).mapped("code"), ["VEN"])
        with self.assertRaisesRegex(UserError, "Line 1"):
            self.take(JOURNAL, "X;Y;Z")
        dialogue.write({"content": base64.b64encode(b"PK\x03\x04"), "text": False})
        self.assertIn("spreadsheet", dialogue.problem)

    def test_what_is_not_typed_keeps_the_start_closed(self):
        set_up = self.env["accountable.set.up"]
        self.assertTrue(set_up._needs_person(self.connection, "journals"))
        self.take(JOURNAL, JOURNALS)
        lines = set_up._mapping_lines(self.connection)
        missing = [line.sentence for line in lines if line.kind == "missing"]
        self.assertIn("book years", " ".join(missing))
        self.connection.sudo().step = "journals"
        self.assertIn("book years", self.connection.typed_sentence)
        self.take(PERIOD, "2026-01-01;2026-12-31")
        self.assertIn("Journals (4)", self.connection.typed_sentence)

    def test_update_records_reads_nothing(self):
        self.take(JOURNAL, JOURNALS)
        self.package.calls = []
        self.assertTrue(self.connection.action_update_records())
        self.assertFalse(self.package.calls)

    def test_the_usual_ones(self):
        usual = [MasterItem(kind=VAT_CODE, code="21", name="21 %", details={"rate": "21"})]
        connections = self.env.registry["accountable.connection"]
        self.patch(
            connections, "_usual_master_data", lambda self, kind: usual if kind == VAT_CODE else []
        )
        self.connection.sudo().step = "vat_codes"
        self.assertTrue(self.connection.offers_usual)
        self.connection.action_fill_in_usual()
        self.assertEqual(self.row(VAT_CODE, "21").origin, "typed")
        self.assertFalse(self.connection.offers_usual)
