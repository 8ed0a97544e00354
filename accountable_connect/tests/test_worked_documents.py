"""The worked documents: Odoo's entry as expected, the neutral form to the cent, and back again."""

from decimal import Decimal

from odoo.tests import tagged

from ..documents.serial import document_from_values
from .common_documents import BelgianDocumentsCommon
from .earlier_version import comparable, earlier_documents
from .worked_documents import (
    OSS_TAX,
    OWNER_TAX,
    by_vat_group,
    load,
    neutral_lines,
    posted_entry,
    rebuilt_entry,
    tax_external_id,
)

# Copies of a tax with another price setting are the same tax to an accountant.
SAME_TAX = {"21 incl": "21-L", "6 incl": "06-L"}


def found_lines(document):
    return sorted(
        (
            (
                line.ledger_account,
                tax_external_id(SAME_TAX[line.vat_code], document.kind)
                if line.vat_code in SAME_TAX
                else line.vat_code,
                line.base,
                line.vat_invoiced,
                line.vat_owed,
                line.vat_deductible,
            )
            for line in document.lines
        ),
        key=str,
    )


@tagged("post_install", "post_install_l10n", "-at_install")
class TestWorkedDocuments(BelgianDocumentsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.table, cls.control = load()
        cls.moves = cls.books.post_all(cls.table)
        everything = cls.env["account.move"].concat(*cls.moves.values())
        cls.built = cls.build(everything)

    def document(self, row):
        return self.built[self.moves[row["id"]].id]

    def test_odoo_posts_what_the_table_says(self):
        for row in self.table:
            with self.subTest(row["id"], what=row["what"]):
                expected = {
                    code: Decimal(amount)
                    for code, amount in row["entry"].items()
                    if Decimal(amount)
                }
                self.assertEqual(posted_entry(self.moves[row["id"]]), expected)

    def test_totals(self):
        for row in self.table:
            with self.subTest(row["id"], what=row["what"]):
                document = self.document(row)
                self.assertEqual(document.kind, row["kind"])
                self.assertEqual(document.total, Decimal(row["total"]))
                self.assertEqual(document.currency, row.get("currency", "EUR"))

    def test_neutral_lines(self):
        """To the cent, as an accountant writes them; the swapped credit notes (D1) included."""
        rows = [row for row in self.table if "neutral" in row]
        self.assertGreater(len(rows), 40)
        for row in rows:
            with self.subTest(row["id"], what=row["what"]):
                expected = [
                    (account, self.tax_code(tax, row["kind"]), *amounts)
                    for account, tax, *amounts in neutral_lines(row)
                ]
                self.assertEqual(found_lines(self.document(row)), expected)

    def tax_code(self, name, kind):
        """What ``OdooCodes`` calls a tax of the table."""
        if name in (None, OSS_TAX, OWNER_TAX):
            return name
        return tax_external_id(name, kind)

    def test_rebuilt_entry(self):
        """Back from neutral lines to Odoo's entry; D1 and D2 differ among VAT accounts only."""
        for row in self.table:
            with self.subTest(row["id"], what=row["what"]):
                posted = posted_entry(self.moves[row["id"]])
                third = "400000" if row["kind"].startswith("sale") else "440000"
                rebuilt = by_vat_group(rebuilt_entry(self.document(row), third))
                if "named_difference" in row:
                    self.assertNotEqual(rebuilt, by_vat_group(posted))
                    rebuilt = by_vat_group(rebuilt, ("4",))
                    self.assertEqual(rebuilt, by_vat_group(posted, ("4",)))
                else:
                    self.assertEqual(rebuilt, by_vat_group(posted))

    def test_two_currencies(self):
        document = self.built[self.moves["S42"].id]
        self.assertEqual(document.rate, Decimal("1.085"))
        self.assertEqual(document.total, Decimal("1262.89"))
        self.assertEqual(document.total_company, Decimal("1163.96"))
        self.assertEqual(
            sorted(
                (line.base, line.vat_invoiced, line.base_company, line.vat_invoiced_company)
                for line in document.lines
            ),
            [
                (Decimal("49.90"), Decimal("2.99"), Decimal("45.99"), Decimal("2.76")),
                (Decimal("1000.00"), Decimal("210.00"), Decimal("921.66"), Decimal("193.55")),
            ],
        )

    def test_shares_come_from_the_repartition(self):
        shares = {
            identifier: {
                line.recoverable_share for line in self.built[self.moves[identifier].id].lines
            }
            for identifier in ("S01", "P01", "P13", "P16", "P17", "P19", "P22", "P26", "P52")
        }
        self.assertEqual(
            shares,
            {
                "S01": {None},
                "P01": {Decimal(100)},
                "P13": {Decimal(50)},
                "P16": {Decimal(35)},
                "P17": {Decimal(85)},
                "P19": {Decimal(0)},
                "P22": {Decimal(50)},
                "P26": {None},
                "P52": {Decimal(50)},
            },
        )

    def test_instalments(self):
        document = self.built[self.moves["S49"].id]
        self.assertEqual(
            [instalment.amount for instalment in document.instalments],
            [Decimal("363.00"), Decimal("847.01")],
        )
        self.assertEqual(document.due_date, max(part.due_date for part in document.instalments))

    def test_reversal_names_its_origin(self):
        document = self.built[self.moves["S18"].id]
        self.assertEqual(document.origin_number, self.moves["S01"].name)
        self.assertIn(self.moves["S01"].name, document.text)

    def test_zero_total_keeps_its_lines(self):
        document = self.built[self.moves["S45"].id]
        self.assertEqual([line.base for line in document.lines], [Decimal(100), Decimal(-100)])

    def test_fingerprints_of_the_version_before(self):
        """What was sent before the addons were updated is no change after it."""
        earlier = earlier_documents()
        self.assertGreater(len(earlier), 50)
        for identifier, stored in earlier.items():
            with self.subTest(identifier):
                now = comparable(
                    self.built[self.moves[identifier].id], stored["content"]["own_reference"]
                )
                self.assertEqual(now.fingerprint(), stored["fingerprint"])
                self.assertEqual(now.party.fingerprint(), stored["party"])
                read = document_from_values(stored["content"])
                self.assertEqual(read.fingerprint(), stored["fingerprint"])
                self.assertEqual(read, now)

    def test_control_totals(self):
        """All documents together: every account but those of VAT, from the neutral form."""
        entry = {}
        for row in self.table:
            if row["id"] in self.control["without"]:
                continue
            third = "400000" if row["kind"].startswith("sale") else "440000"
            for account, amount in rebuilt_entry(self.document(row), third).items():
                entry[account] = entry.get(account, Decimal(0)) + amount
        expected = {code: Decimal(amount) for code, amount in self.control["accounts"].items()}
        vat = ("411", "451")
        self.assertEqual(
            by_vat_group({code: amount for code, amount in entry.items() if code[:3] not in vat}),
            {code: amount for code, amount in expected.items() if code[:3] not in vat},
        )
        self.assertEqual(
            sum(amount for code, amount in entry.items() if code[:3] in vat),
            sum(amount for code, amount in expected.items() if code[:3] in vat),
        )
