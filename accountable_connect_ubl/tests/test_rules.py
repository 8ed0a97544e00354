"""The table of rules: valid documents pass, and each rule finds the document that breaks it."""

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.accountable_connect_ubl.api.rules import RULES, UblFacts, findings
from odoo.addons.accountable_connect_ubl.api.rules.check import AMOUNT_DUE
from odoo.addons.accountable_connect_ubl.api.rules.identifiers import is_belgian, is_gln
from odoo.addons.accountable_connect_ubl.api.rules.peppol import SLACK
from odoo.addons.accountable_connect_ubl.api.rules.tree import rounded

from . import broken_codes, broken_e_invoices, broken_vat
from .e_invoice_changes import LINE, both, drop, text, totals
from .e_invoices import VALID, DocumentOf, LineOf, bytes_of, one, tree

BROKEN = {
    **broken_e_invoices.MANDATORY,
    **broken_e_invoices.TOTALS,
    **broken_vat.VAT_CATEGORIES,
    **broken_codes.CODES,
    **broken_codes.PEPPOL,
    **broken_codes.IDENTIFIERS,
    **broken_codes.NETHERLANDS,
    **broken_codes.SYNTAX,
}


def changed(document, change):
    root = tree(document)
    change(root)
    return bytes_of(root)


def rules_of(xml, facts=None):
    return {finding.rule for finding in findings(xml, facts)}


@pytest.mark.parametrize("name", VALID)
def test_a_valid_document_passes(name):
    assert findings(bytes_of(tree(VALID[name]))) == []


def test_each_rule_stands_in_the_table_once():
    ids = [rule.id for rule in RULES]
    assert len(ids) == len(set(ids))
    assert all(rule.says.endswith(".") for rule in RULES)


def test_each_rule_has_a_document_that_breaks_it():
    assert set(BROKEN) == {rule.id for rule in RULES}


@pytest.mark.parametrize("rule", BROKEN)
def test_a_rule_finds_the_document_that_breaks_it(rule):
    row = BROKEN[rule]
    assert rules_of(changed(row.document, row.change)) == {rule} | row.also


def placeholders(data):
    """(names in the text, values) of a sentence and of those in it."""
    if isinstance(data, dict) and "source" in data:
        yield set(re.findall(r"%\((\w+)\)s", data["source"])), set(data.get("values") or ())
        for value in (data.get("values") or {}).values():
            yield from placeholders(value)


@pytest.mark.parametrize("rule", BROKEN)
def test_a_message_has_the_values_that_it_names(rule):
    row = BROKEN[rule]
    for finding in findings(changed(row.document, row.change)):
        assert finding.message.data["module"] == "accountable_connect_ubl"
        for named, given_values in placeholders(finding.message.data):
            assert named == given_values
        assert "%(" not in finding.message


def test_a_finding_says_its_line():
    document = DocumentOf(lines=[LineOf(), LineOf(), LineOf()])
    (finding,) = findings(changed(document, drop(f"{LINE}[3]/cac:Item/cbc:Name")))
    assert finding.place == "line 3"
    assert finding.message == "Line 3: Neither a product nor a label is filled in."


def test_a_finding_has_both_figures():
    (finding,) = findings(changed(VALID["prepaid"], totals(PayableAmount="121.00")))
    assert finding.values == {
        "said": {"amount": "121.00", "currency": "EUR"},
        "calculated": {"amount": "100.00", "currency": "EUR"},
    }


@pytest.mark.parametrize(
    "document, missing",
    [
        (VALID["plain"], "cac:AccountingCustomerParty/cac:Party/cbc:EndpointID"),
        (VALID["self-billed"], "cac:AccountingSupplierParty/cac:Party/cbc:EndpointID"),
    ],
    ids=["buyer", "seller of a self-billed invoice"],
)
def test_the_other_party_may_have_no_electronic_address(document, missing):
    (finding,) = findings(changed(document, drop(missing)))
    assert not finding.refuses


@pytest.mark.parametrize(
    "document, missing",
    [
        (VALID["plain"], "cac:AccountingSupplierParty/cac:Party/cbc:EndpointID"),
        (VALID["self-billed"], "cac:AccountingCustomerParty/cac:Party/cbc:EndpointID"),
    ],
    ids=["seller", "buyer of a self-billed invoice"],
)
def test_we_need_an_electronic_address(document, missing):
    (finding,) = findings(changed(document, drop(missing)))
    assert finding.refuses


@pytest.mark.parametrize(
    "xml",
    [
        b"",
        b"%PDF-1.7",
        b"<Invoice/>",
        b"<!DOCTYPE Invoice SYSTEM 'http://127.0.0.1:9/x.dtd'><Invoice/>",
        b"<!DOCTYPE x [<!ENTITY a 'b'>]>"
        b'<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2">&a;</Invoice>',
        b'<Order xmlns="urn:oasis:names:specification:ubl:schema:xsd:Order-2"/>',
    ],
    ids=["nothing", "PDF", "no namespace", "DTD", "entity", "order"],
)
def test_what_is_no_e_invoice_is_refused(xml):
    assert rules_of(xml) == {"UBL"}


def test_an_external_entity_is_not_read(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("secret")
    xml = (
        f"<!DOCTYPE x [<!ENTITY a SYSTEM '{secret.as_uri()}'>]>"
        '<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2">&a;</Invoice>'
    )
    (finding,) = findings(xml.encode())
    assert "secret" not in str(finding)


@pytest.mark.parametrize("figure", ["a hundred", "NaN", "Infinity", "1,00", "1E2", "1_0"])
def test_a_figure_that_is_no_number_is_said_alone(figure):
    xml = changed(VALID["plain"], totals(PayableAmount=figure))
    assert rules_of(xml) == {"UBL-DT"}


def test_another_amount_than_the_one_in_odoo_is_found():
    xml = bytes_of(tree(VALID["plain"]))
    assert rules_of(xml, UblFacts(payable=Decimal("160.27"))) == {AMOUNT_DUE}
    assert rules_of(xml, UblFacts(payable=Decimal("160.26"))) == set()


# ---------------------------------------------------------------------------
# Edges of the tolerances
# ---------------------------------------------------------------------------

hundredths = st.integers(-400, 400).map(lambda number: Decimal(number) / 100)


@given(hundredths)
def test_vat_may_differ_by_less_than_one(difference):
    vat = Decimal("21.00") + difference
    xml = changed(
        one("S", "21"),
        both(
            text("cac:TaxTotal//cbc:TaxAmount", str(vat)),
            totals(TaxInclusiveAmount=str(100 + vat), PayableAmount=str(100 + vat)),
        ),
    )
    wrong = set() if abs(difference) < 1 else {"BR-CO-17", "BR-S-09"}
    assert rules_of(xml) == wrong


@given(hundredths)
def test_the_base_of_a_standard_rate_may_differ_by_less_than_one(difference):
    xml = changed(
        one("S", "0.5"),
        text("cac:TaxTotal/cac:TaxSubtotal/cbc:TaxableAmount", str(100 + difference)),
    )
    assert rules_of(xml) == (set() if abs(difference) < 1 else {"BR-S-08"})


@given(hundredths)
def test_the_base_without_vat_does_not_differ(difference):
    xml = changed(
        one("Z"), text("cac:TaxTotal/cac:TaxSubtotal/cbc:TaxableAmount", str(100 + difference))
    )
    assert rules_of(xml) == ({"BR-Z-08"} if difference else set())


@given(st.integers(-60, 60).map(lambda number: Decimal(number) / 1000))
def test_the_amount_of_a_line_may_differ_by_two_cents(difference):
    xml = changed(one("Z"), text(f"{LINE}/cac:Price/cbc:PriceAmount", str(100 + difference)))
    assert rules_of(xml) == ({"PEPPOL-EN16931-R120"} if abs(difference) > SLACK else set())


@pytest.mark.parametrize(
    "amount, expected",
    [("0.005", "0.01"), ("-0.005", "0.00"), ("-0.006", "-0.01"), ("2.675", "2.68")],
)
def test_halves_are_rounded_up(amount, expected):
    """As the function ``round`` of XPath does, also below zero."""
    assert rounded(Decimal(amount)) == Decimal(expected)


@given(st.integers(0, 99999999))
def test_a_belgian_number_has_one_pair_of_check_digits(body):
    numbers = [f"{body:08d}{check:02d}" for check in range(100)]
    assert [number for number in numbers if is_belgian(number)] == [
        f"{body:08d}{97 - body % 97:02d}"
    ]


def test_a_location_number_has_its_check_digit():
    assert is_gln("5412345000013")
    assert not is_gln("5412345000014") and not is_gln("") and not is_gln("541234500001x")
