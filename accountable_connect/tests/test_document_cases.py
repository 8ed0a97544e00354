"""Cases beside the worked documents: cost centres, typed VAT, fixed taxes, files."""

from decimal import Decimal

from odoo import Command
from odoo.tests import tagged

from .common_document_cases import CasesCommon


@tagged("post_install", "post_install_l10n", "-at_install")
class TestDocumentCases(CasesCommon):
    # Cost centres

    def analytic(self, plan, code):
        return self.env["account.analytic.account"].create(
            {"name": code or "Not mapped", "code": code, "plan_id": plan.id}
        )

    def centres(self, distribution, price=100.01, axes=1):
        distribution = {
            ",".join(str(account.id) for account in accounts): share
            for accounts, share in distribution.items()
        }
        move = self.post_one(
            "out_invoice", (price, "21-L", "700000", {"analytic_distribution": distribution})
        )
        document = self.build_one(move, axes=axes)
        self.assert_rebuilt(document, move)
        return {line.cost_centres: (line.base, line.vat_invoiced) for line in document.lines}

    def test_cost_centres(self):
        plans = self.env["account.analytic.plan"].create(
            [{"name": "Departments"}, {"name": "Projects"}]
        )
        north, south = (self.analytic(plans[0], code) for code in ("NORTH", "SOUTH"))
        project, unmapped = self.analytic(plans[1], "P1"), self.analytic(plans[1], False)
        whole = (Decimal("100.01"), Decimal("21.00"))
        with self.subTest("one"):
            self.assertEqual(self.centres({(north,): 100}), {("NORTH",): whole})
        with self.subTest("shares, the rest with the last one"):
            self.assertEqual(
                self.centres({(north,): 33.33, (south,): 66.67}),
                {
                    ("NORTH",): (Decimal("33.33"), Decimal("7.00")),
                    ("SOUTH",): (Decimal("66.68"), Decimal("14.00")),
                },
            )
        with self.subTest("less than everything"):
            self.assertEqual(
                self.centres({(north,): 40}),
                {
                    ("NORTH",): (Decimal("40.00"), Decimal("8.40")),
                    (): (Decimal("60.01"), Decimal("12.60")),
                },
            )
        with self.subTest("two plans in one key, two axes"):
            self.assertEqual(
                self.centres({(north, project): 100}, axes=2), {("NORTH", "P1"): whole}
            )
        with self.subTest("the other way round in the key, and a unit alone"):
            self.assertEqual(
                self.centres({(project, north): 100}, axes=2), {("NORTH", "P1"): whole}
            )
            self.assertEqual(self.centres({(project,): 100}, axes=2), {("", "P1"): whole})
        with self.subTest("two plans in one key, one axis"):
            self.assertEqual(self.centres({(north, project): 100}), {("NORTH",): whole})
        with self.subTest("each plan for itself, two axes"):
            self.assertEqual(
                self.centres({(north,): 50, (south,): 50, (project,): 100}, axes=2),
                {
                    ("NORTH", "P1"): (Decimal("50.01"), Decimal("10.50")),
                    ("SOUTH", "P1"): (Decimal("50.00"), Decimal("10.50")),
                },
            )
        with self.subTest("not mapped, or no axis in the package"):
            self.assertEqual(self.centres({(unmapped,): 100}), {(): whole})
            self.assertEqual(self.centres({(north,): 100}, axes=0), {(): whole})

    # Lines

    def test_lines_are_grouped_or_not(self):
        """Without grouping every line stands for itself, its private part taken away."""
        private = {"deductible_amount": 75}
        move = self.post_one(
            "in_invoice",
            (100, "V82-21-S", "616200", private),
            (60, "V82-21-S", "610220"),
            (50, "V82-21-S", "610220"),
        )
        grouped = self.build_one(move)
        self.assertEqual(
            self.amounts(grouped),
            [
                ("616200", "attn_VAT-IN-V82-21-S", Decimal("75.00"), Decimal("15.75")),
                ("610220", "attn_VAT-IN-V82-21-S", Decimal("110.00"), Decimal("23.10")),
                ("416000", None, Decimal("30.25"), Decimal("0")),
            ],
        )
        self.connection.group_lines = False
        lines = self.build_one(move).lines
        self.assertEqual(
            [(line.ledger_account, line.base) for line in lines],
            [
                ("616200", Decimal("75.00")),
                ("610220", Decimal("60.00")),
                ("610220", Decimal("50.00")),
                ("416000", Decimal("30.25")),
            ],
        )

    def test_texts_of_grouped_lines(self):
        move = self.post_one("out_invoice", (10, "21-L", "700000"), (20, "21-L", "700000"))
        (line,) = self.build_one(move).lines
        self.assertEqual(line.text, "Line of 10, Line of 20")

    def test_cents_of_both_signs_stay_apart(self):
        """Rounded line by line, together they would have a base of 0.01 and a VAT of -0.01."""
        self.company.tax_calculation_rounding_method = "round_per_line"
        usd = self.env["res.currency"].search([("name", "=", "USD")])
        for kind, tax, account, values in (
            ("out_invoice", "21-L", "700000", {}),
            ("out_refund", "21-L", "700000", {}),
            ("in_invoice", "V81-21", "604000", {}),
            ("in_refund", "V81-21-CC", "604000", {}),
            ("out_invoice", "21-L", "700000", {"currency_id": usd.id}),
        ):
            with self.subTest(kind, tax=tax, values=values):
                lines = [*[(0.02, tax, account)] * 3, (-0.05, tax, account)]
                other = "700100" if kind.startswith("out") else "613310"
                move = self.post_one(kind, *lines, (100, tax, other), (50, tax, other), **values)
                document = self.build_one(move)
                self.assert_rebuilt(document, move)
                self.assertEqual(
                    [(line.ledger_account, str(line.base)) for line in document.lines],
                    [*[(account, "0.02")] * 3, (account, "-0.05"), (other, "150.00")],
                )

    def test_vat_without_base_is_no_line(self):
        """The bases of a group add up to nothing, its VAT does not."""
        self.company.tax_calculation_rounding_method = "round_per_line"
        move = self.post_one(
            "out_invoice",
            *[(0.03, "21-L", "700000")] * 3,
            (-0.09, "21-L", "700000"),
            (100, "21-L", "700100"),
        )
        document = self.build_one(move)
        self.assert_rebuilt(document, move)
        self.assertEqual(
            [(str(line.base), str(line.vat_invoiced)) for line in document.lines],
            [*[("0.03", "0.01")] * 3, ("-0.09", "-0.02"), ("100.00", "21.00")],
        )

    def test_sections_notes_and_empty_lines_stay_out(self):
        move = self.post_one(
            "out_invoice",
            ("Chapter", None, "line_section"),
            ("Paragraph", None, "line_subsection"),
            (100, "21-L", "700000"),
            (0, "06-L", "700100"),
            ("Small print", None, "line_note"),
        )
        self.assertEqual(
            self.amounts(self.build_one(move)),
            [("700000", "attn_VAT-OUT-21-L", Decimal("100.00"), Decimal("21.00"))],
        )

    def test_fixed_taxes(self):
        """In the VAT base or not: it decides about the code of the line the fixed tax becomes."""
        outside = self.books.tax("Recupel 10", "sale").copy(
            {"name": "Deposit", "include_base_amount": False}
        )
        vat = self.books.tax("21-L", "sale")
        move = self.post_one(
            "out_invoice",
            (400, "Recupel 10+21-L", "700000", {"quantity": 3}),
            (50, outside | vat, "700000"),
            (7, outside, "700100"),
        )
        document = self.build_one(move)
        self.assertEqual(
            self.amounts(document),
            [
                ("700000", "attn_VAT-OUT-21-L", Decimal("1250.00"), Decimal("262.50")),
                ("743000", "attn_VAT-OUT-21-L", Decimal("30.00"), Decimal("6.30")),
                ("743000", None, Decimal("20.00"), Decimal("0")),
                ("700100", None, Decimal("7.00"), Decimal("0")),
            ],
        )
        self.assert_rebuilt(document, move)

    def test_fixed_tax_before_partly_deductible_vat(self):
        """Odoo charges the VAT that is not deducted to the account of the line, also that on the
        fixed tax; what is deducted whole needs no other line."""
        recupel = self.books.tax("Recupel 10", "sale").copy(
            {"name": "Recupel", "type_tax_use": "purchase", "include_base_amount": True}
        )
        for kind in ("in_invoice", "in_refund"):
            for name, found in (
                (
                    "V82-CAR-EXC",
                    [("610220", "100.00"), ("610220", "-10.00"), ("743000", "10.00")],
                ),
                ("V82-21-S", [("610220", "90.00"), ("743000", "10.00")]),
            ):
                taxes = recupel | self.books.tax(name, "purchase")
                move = self.post_one(kind, (90, taxes, "610220"))
                document = self.build_one(move)
                if kind == "in_invoice":  # half deductible credit notes are in another VAT group
                    self.assert_rebuilt(document, move)
                self.assertEqual(
                    [(line.ledger_account, str(line.base)) for line in document.lines], found
                )
                self.assertEqual(sum(line.vat_invoiced for line in document.lines), 21)

    def test_two_percentages_on_one_line(self):
        taxes = self.books.tax("21-L", "sale") | self.books.tax("06-L", "sale")
        first = (50, self.books.tax("21-L", "sale"), "700000")
        move = self.post_one("out_invoice", first, (100, taxes, "700000"))
        [problem] = self.build_or_refuse(move)[move.id][1]
        self.assertEqual(problem.code, "several_taxes")
        self.assertIn("Line 2 “", problem.message)

    def test_group_of_taxes(self):
        """A group with one percentage and a fixed tax is what stands in it."""
        group = self.env["account.tax"].create(
            {
                "name": "21 % with Recupel",
                "amount_type": "group",
                "type_tax_use": "sale",
                "company_id": self.company.id,
                "children_tax_ids": [
                    Command.set(
                        (self.books.tax("Recupel 10", "sale") | self.books.tax("21-L", "sale")).ids
                    )
                ],
            }
        )
        move = self.post_one("out_invoice", (90, group, "700000"))
        self.assertEqual(
            self.amounts(self.build_one(move)),
            [
                ("700000", "attn_VAT-OUT-21-L", Decimal("90.00"), Decimal("18.90")),
                ("743000", "attn_VAT-OUT-21-L", Decimal("10.00"), Decimal("2.10")),
            ],
        )

    def test_sales_tax_without_account(self):
        tax = self.books.tax("21-L", "sale").copy({"name": "no account"})
        tax.invoice_repartition_line_ids.account_id = False
        move = self.post_one("out_invoice", (100, tax, "700000"))
        self.assertEqual(self.problem_codes(move), ["tax_without_account"])

    def test_vat_charged_to_another_account(self):
        """VAT that cannot be deducted and has a cost account of its own in the tax."""
        tax = self.books.tax("V82-CAR-EXC", "purchase").copy({"name": "other account"})
        cost = tax.invoice_repartition_line_ids.filtered(
            lambda line: line.repartition_type == "tax" and not line.account_id
        )
        cost.account_id = self.books.account("640800")
        move = self.post_one("in_invoice", (100, tax, "610220"))
        document = self.build_one(move)
        self.assert_rebuilt(document, move)
        self.assertEqual(document.lines[0].recoverable_share, Decimal(50))
        self.assertEqual(
            [(line.ledger_account, line.vat_code, line.base) for line in document.lines[1:]],
            [("610220", None, Decimal("-10.50")), ("640800", None, Decimal("10.50"))],
        )

    # VAT typed over

    def type_over(self, move, amounts):
        """Change the amounts of the tax items in a draft, ``{account code: amount}``."""
        items = move.line_ids.filtered(lambda item: item.account_id.code in amounts)
        move.write(
            {
                "line_ids": [
                    Command.update(item.id, {"amount_currency": amounts[item.account_id.code]})
                    for item in items
                ]
            }
        )

    def test_reverse_charge_typed_over_on_both_sides(self):
        """Odoo's own computation ignores it; the document says what was posted."""
        move = self.post_one(
            "in_invoice", (600, "V82-21-CC", "611000"), (11, "V82-21-CC", "610220")
        )
        move.button_draft()
        self.type_over(move, {"411000": 128.35, "451056": -128.35})
        move.action_post()
        document = self.build_one(move)
        self.assertEqual(sum(line.vat_owed for line in document.lines), Decimal("128.35"))
        self.assertEqual(sum(line.vat_deductible for line in document.lines), Decimal("128.35"))
        self.assertEqual(sum(line.vat_invoiced for line in document.lines), 0)
        self.assert_rebuilt(document, move)

    def test_reverse_charge_typed_over_on_one_side(self):
        move = self.post_one("in_invoice", (600, "V82-21-CC", "611000"))
        move.button_draft()
        self.type_over(move, {"451056": -125})
        move.action_post()
        self.assertEqual(self.problem_codes(move), ["reverse_charge_differs"])

    def test_partly_deductible_typed_over(self):
        move = self.post_one("in_invoice", (600, "V82-CAR-EXC", "610220"))
        move.button_draft()
        self.type_over(move, {"411000": 63.05})
        move.action_post()
        document = self.build_one(move)
        self.assertEqual(document.lines[0].vat_deductible, Decimal("63.05"))
        self.assert_rebuilt(document, move)

    def test_reset_and_posted_again_keeps_its_marks(self):
        move = self.post_one("out_invoice", (100, "21-L", "700000"))
        before = self.build_one(move)
        move.button_draft()
        move.action_post()
        after = self.build_one(move)
        self.assertEqual(after.own_reference, before.own_reference)
        self.assertTrue(after.address.endswith(f"/odoo/account.move/{move.id}"), after.address)
        self.assertTrue(after.address.startswith(move.get_base_url()))
        self.assertEqual(after.fingerprint(), before.fingerprint())
        move.button_draft()
        move.invoice_line_ids.price_unit = 101
        move.action_post()
        self.assertNotEqual(self.build_one(move).fingerprint(), before.fingerprint())

    # Other sorts of items

    def test_line_discounts_on_an_account_of_their_own(self):
        self.company.account_discount_expense_allocation_id = self.books.account("657100")
        move = self.post_one("out_invoice", (100, "21-L", "700000", {"discount": 10}))
        self.assertIn("discount", move.line_ids.mapped("display_type"))
        document = self.build_one(move)
        self.assert_rebuilt(document, move)
        self.assertEqual(document.total, Decimal("108.90"))

    def test_cost_of_goods_stays_out(self):
        move = self.post_one("out_invoice", (100, "21-L", "700000"))
        without = self.build_one(move)
        for account, balance in (("604000", 40), ("340000", -40)):
            self.env["account.move.line"].with_context(
                check_move_validity=False, skip_readonly_check=True
            ).create(
                {
                    "move_id": move.id,
                    "name": "cost of goods",
                    "display_type": "cogs",
                    "account_id": self.books.account(account).id,
                    "balance": balance,
                    "tax_ids": [Command.clear()],
                }
            )
        self.assertEqual(len(move.line_ids.filtered(lambda i: i.display_type == "cogs")), 2)
        self.assertEqual(self.build_one(move).fingerprint(), without.fingerprint())

    def test_late_bill_keeps_its_document_date(self):
        self.company.tax_lock_date = "2026-03-31"
        move = self.post_one("in_invoice", (100, "V81-21", "604000"), ref="LATE")
        document = self.build_one(move)
        self.assertEqual(document.document_date.isoformat(), "2026-03-10")
        self.assertEqual(document.accounting_date, move.date)
        self.assertGreater(document.accounting_date.isoformat(), "2026-03-31")

    def test_references(self):
        sale = self.post_one("out_invoice", (100, "21-L", "700000"))
        document = self.build_one(sale)
        self.assertEqual(document.reference, sale.payment_reference)
        self.assertEqual(document.communication, sale.payment_reference)
        self.assertTrue(document.communication.startswith("+++"))
        self.assertEqual(document.sequence_number, sale.sequence_number)
        bill = self.post_one(
            "in_invoice", (100, "V81-21", "604000"), ref="F 17/2026", payment_reference="thanks"
        )
        document = self.build_one(bill)
        self.assertEqual((document.reference, document.communication), ("F 17/2026", ""))

    def test_miscellaneous_entry_is_no_document(self):
        entry = self.env["account.move"].create({"move_type": "entry", "date": "2026-03-10"})
        self.assertEqual(self.problem_codes(entry), ["not_posted"])

    # Files

    def attach(self, move, name, media_type, content, **values):
        return self.env["ir.attachment"].create(
            {
                "name": name,
                "mimetype": media_type,
                "raw": content,
                "res_model": "account.move",
                "res_id": move.id,
                **values,
            }
        )

    def test_files_of_a_bill(self):
        move = self.post_one("in_invoice", (100, "V81-21", "604000"))
        xml = self.attach(move, "bill.xml", "text/plain", b"<Invoice/>")
        pdf = self.attach(move, "bill.pdf", "application/pdf", b"%PDF-1.4 bill")
        self.attach(move, "empty.pdf", "application/pdf", b"")
        self.attach(move, "notes.txt", "text/plain", b"call them")
        move.message_main_attachment_id = pdf
        files, notes = self.documents._files(move)
        self.assertEqual(
            [(file.key, file.media_type, file.content) for file in files],
            [
                (f"ir.attachment,{pdf.id}", "application/pdf", b"%PDF-1.4 bill"),
                (f"ir.attachment,{xml.id}", "application/xml", b"<Invoice/>"),
            ],
        )
        self.assertEqual(len(notes), 1)
        self.assertIn("empty.pdf", notes[0])

    def test_files_of_a_sale(self):
        """The legal PDF when it exists; a picture somebody dropped on the invoice is none."""
        move = self.post_one("out_invoice", (100, "21-L", "700000"))
        self.attach(move, "picture.pdf", "application/pdf", b"%PDF picture")
        self.assertEqual(self.documents._files(move), ((), []))
        self.attach(
            move,
            "INV.pdf",
            "application/pdf",
            b"%PDF legal",
            res_field="invoice_pdf_report_file",
        )
        move.invalidate_recordset(["invoice_pdf_report_id", "invoice_pdf_report_file"])
        files, notes = self.documents._files(move)
        self.assertEqual([file.content for file in files], [b"%PDF legal"])
        self.assertFalse(move.is_move_sent)
