"""The decision table and the matching rules; no Odoo."""

import dataclasses
import unittest
from datetime import date, datetime, timedelta
from decimal import Decimal

from odoo.addons.accountable_connect.api import contact_matching, errors, matching, policy
from odoo.addons.accountable_connect.api.contract import StoredDocument, StoredLine, StoredParty
from odoo.addons.accountable_connect.documents import Document, Instalment, Line, Party
from odoo.addons.accountable_connect.documents.serial import (
    document_from_values,
    document_to_values,
)

NOW = datetime(2026, 11, 20, 12, 0)
PARTY = Party(external_number=7, name="Klant", vat_number="BE0477472701", postal_code="9000")
DOCUMENT = Document(
    kind="purchase",
    own_reference="odoo-1-9",
    number="BILL/2026/11/0001",
    journal="A1",
    document_date=date(2026, 11, 2),
    accounting_date=date(2026, 11, 2),
    due_date=date(2026, 12, 2),
    party=PARTY,
    currency="EUR",
    company_currency="EUR",
    reference="2026/0012",
    lines=(
        Line(
            ledger_account="604000",
            vat_code="21",
            recoverable_share=Decimal("50"),
            cost_centres=("K1",),
            base=Decimal("100.00"),
            vat_invoiced=Decimal("21.00"),
            vat_deductible=Decimal("10.50"),
            base_company=Decimal("100.00"),
            vat_invoiced_company=Decimal("21.00"),
            vat_deductible_company=Decimal("10.50"),
        ),
    ),
    instalments=(Instalment(due_date=date(2026, 12, 2), amount=Decimal("121.00")),),
    total=Decimal("121.00"),
    total_company=Decimal("121.00"),
)
STORED = StoredDocument(
    key="A1/1",
    number="A1/1",
    kind="purchase",
    party_key="P1",
    document_date=date(2026, 11, 2),
    reference="2026-12",
    total=Decimal("121.00"),
    currency="EUR",
)


class TestPolicy(unittest.TestCase):
    def test_every_error_kind_has_a_rule(self):
        kinds = {
            value
            for name, value in vars(errors).items()
            if name.isupper() and isinstance(value, str)
        }
        self.assertEqual(set(policy.RULES), kinds)

    def test_table(self):
        table = {
            # kind: state, attempts after the first, is it tried again, owner, button
            errors.TEMPORARY: ("pending", 1, True, policy.NOBODY, policy.RETRY),
            errors.LIMIT_REACHED: ("pending", 0, True, policy.NOBODY, policy.RETRY),
            errors.AUTHORISATION_LOST: ("pending", 0, True, policy.MANAGER, policy.CAUSE),
            errors.CONFIGURATION_MISSING: ("failed", 1, False, policy.MANAGER, policy.CAUSE),
            errors.DATA_REFUSED: ("failed", 1, False, policy.USER, policy.CAUSE),
            errors.PERIOD_CLOSED: ("failed", 1, False, policy.USER, policy.RETRY),
            errors.DUPLICATE: ("failed", 1, False, policy.USER, policy.DECIDE),
            errors.DECISION: ("failed", 1, False, policy.USER, policy.DECIDE),
            errors.OUTCOME_UNKNOWN: ("unknown", 0, True, policy.NOBODY, policy.RETRY),
        }
        for kind, (state, attempts, again, owner, button) in table.items():
            with self.subTest(kind=kind):
                decision = policy.decide(kind, 0, NOW)
                self.assertEqual(decision.state, state)
                self.assertEqual(decision.attempts, attempts)
                self.assertEqual(decision.next_try is not None, again)
                self.assertEqual((decision.rule.owner, decision.rule.button), (owner, button))

    def test_waits_grow_and_end(self):
        waits = [policy.wait_time(attempt, 0.5) for attempt in range(1, 12)]
        self.assertEqual(waits[:3], [timedelta(minutes=minutes) for minutes in (1, 2, 4)])
        self.assertEqual(waits, sorted(waits))
        self.assertEqual(waits[-1], policy.LONGEST_WAIT)
        self.assertEqual(policy.wait_time(1, 0.0), timedelta(seconds=48))
        self.assertEqual(policy.wait_time(1, 1.0), timedelta(seconds=72))

    def test_temporary_ends_with_a_person(self):
        self.assertEqual(policy.decide(errors.TEMPORARY, policy.TRIES - 2, NOW).state, "pending")
        last = policy.decide(errors.TEMPORARY, policy.TRIES - 1, NOW)
        self.assertEqual((last.state, last.next_try), ("failed", None))

    def test_limit_waits_for_its_moment_however_often(self):
        moment = NOW + timedelta(hours=5)
        decision = policy.decide(errors.LIMIT_REACHED, 99, NOW, not_before=moment)
        self.assertEqual(
            (decision.state, decision.attempts, decision.next_try), ("pending", 99, moment)
        )


class TestMatching(unittest.TestCase):
    def compare(self, **changes):
        return matching.compare(dataclasses.replace(STORED, **changes), DOCUMENT, "P1")

    def test_same(self):
        self.assertEqual(self.compare(), matching.SAME)
        self.assertEqual(self.compare(reference=""), matching.SAME)
        self.assertEqual(self.compare(own_reference="odoo-1-9", total=None), matching.OURS)

    def test_our_mark_with_other_figures(self):
        """It says which document it is, not that it is right."""
        for name, changes in {
            "total": {"total": Decimal("120.00")},
            "date": {"document_date": date(2026, 11, 3)},
            "party": {"party_key": "P2"},
            "currency": {"currency": "USD"},
            "kind": {"kind": "purchase_refund"},
        }.items():
            with self.subTest(name=name):
                changes["own_reference"] = "odoo-1-9"
                self.assertEqual(self.compare(**changes), matching.OURS_OTHERWISE)
                stored = dataclasses.replace(STORED, **changes)
                self.assertEqual(matching.contradictions(stored, DOCUMENT, "P1"), [name])
        nothing = {"document_date": None, "party_key": "", "currency": "", "total": None}
        stored = dataclasses.replace(STORED, **nothing)
        self.assertEqual(matching.contradictions(stored, DOCUMENT, "P1"), [])

    def test_another_currency_is_not_the_same(self):
        self.assertEqual(self.compare(currency="USD"), matching.DOUBTFUL)
        self.assertEqual(self.compare(currency="USD", reference=""), matching.OTHER)
        self.assertEqual(matching.could_be(STORED, DOCUMENT, "P1"), matching.SAME_FIGURES)
        dollars = dataclasses.replace(STORED, currency="USD", reference="")
        self.assertEqual(matching.could_be(dollars, DOCUMENT, "P1"), 0)

    def test_lines_booked_alike_count_together(self):
        def line(account="613310", base="60.00", **values):
            return StoredLine(ledger_account=account, vat_code="D21", base=Decimal(base), **values)

        whole = [line(base="100.00", vat=Decimal("21.00"))]
        parts = [line(vat=Decimal("12.60")), line(base="40.00", vat=Decimal("8.40"))]
        self.assertTrue(matching.same_lines(whole, parts))
        for other in (
            [line("604000", "100.00", vat=Decimal("21.00"))],
            [line(base="100.00", vat=Decimal("21.01"))],
            [line(base="100.00", vat=Decimal("21.00"), share="50")],
            [line(base="100.00", vat=Decimal("21.00"), cost=("2",))],
        ):
            self.assertFalse(matching.same_lines(whole, other), other)

    def test_doubtful(self):
        self.assertEqual(self.compare(total=Decimal("120.00")), matching.DOUBTFUL)
        self.assertEqual(self.compare(document_date=date(2026, 11, 3)), matching.DOUBTFUL)

    def test_other(self):
        for changes in (
            {"reference": "2026/0013"},
            {"party_key": "P2"},
            {"kind": "purchase_refund"},
            {"own_reference": "odoo-1-8"},
            {"total": Decimal("120.00"), "reference": ""},
        ):
            with self.subTest(changes=changes):
                self.assertEqual(self.compare(**changes), matching.OTHER)

    def test_printed_differently_is_the_same_number(self):
        for printed in ("2026/0012", "2026-12", " 2026.012", "2026 12"):
            self.assertEqual(matching.plain_reference(printed), "2026.12")
        self.assertNotEqual(matching.plain_reference("202612"), matching.plain_reference("2026/12"))

    def choose(self, *found, party=PARTY, taken=()):
        return contact_matching.choose_party(
            [
                StoredParty(key=key, party=dataclasses.replace(PARTY, **values))
                for key, values in found
            ],
            party,
            set(taken),
        )

    def test_external_number_decides(self):
        found = self.choose(("A", {"external_number": 1}), ("B", {"external_number": 7}))
        self.assertEqual(found.key, "B")

    def test_external_number_of_somebody_else_decides_nothing(self):
        """Two databases that feed one administration both have a contact with this number."""
        self.assertIsNone(self.choose(("B", {"external_number": 7, "vat_number": "BE0999999229"})))
        without = {"external_number": 7, "vat_number": ""}
        self.assertIsNone(self.choose(("B", {**without, "name": "Somebody else"})))
        self.assertEqual(self.choose(("B", without)).key, "B")
        self.assertEqual(self.choose(("B", {"external_number": 7, "name": "New name"})).key, "B")
        long = dataclasses.replace(PARTY, name="Vereniging zonder winstoogmerk De Lange Naam")
        cut = {**without, "name": "vereniging zonder winstoogmerk"}
        self.assertEqual(self.choose(("B", cut), party=long).key, "B")

    def test_vat_number_decides_when_one_has_it(self):
        self.assertEqual(self.choose(("A", {"external_number": 0, "name": "Other"})).key, "A")
        two = (("A", {"external_number": 0}), ("B", {"external_number": 0}))
        self.assertIsNone(self.choose(*two))
        self.assertEqual(self.choose(*two, taken={"A"}).key, "B")

    def test_a_name_alone_is_not_enough(self):
        person = dataclasses.replace(PARTY, vat_number="")
        same_name = {"external_number": 0, "vat_number": "", "postal_code": "1000"}
        self.assertIsNone(self.choose(("A", same_name), party=person))
        self.assertEqual(
            self.choose(("A", {**same_name, "postal_code": "9000"}), party=person).key, "A"
        )


class TestSerial(unittest.TestCase):
    def test_there_and_back(self):
        self.assertEqual(document_from_values(document_to_values(DOCUMENT)), DOCUMENT)
        self.assertEqual(
            document_from_values(document_to_values(DOCUMENT)).fingerprint(),
            DOCUMENT.fingerprint(),
        )
