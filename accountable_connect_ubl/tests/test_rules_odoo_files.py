"""The e-invoices that Odoo's own tests expect or read: right, or against the rules for a reason."""

import re
from pathlib import Path

import pytest
from odoo.addons import account_edi_ubl_cii
from odoo.addons.accountable_connect_ubl.api.rules import UblFacts, findings, repaired
from odoo.addons.accountable_connect_ubl.api.rules.tree import BILLING, SELF_BILLING

ADDONS = Path(account_edi_ubl_cii.__file__).parent.parent
FOLDERS = (
    "account_edi_ubl_cii/tests/test_files/bis3",
    "account_edi_ubl_cii/tests/test_files/export/bis3/invoice/be",
    "account_edi_ubl_cii/tests/test_files/export/bis3/invoice_selfbilling/be",
    "l10n_account_edi_ubl_cii_tests/tests/test_files/from_odoo",
    "l10n_account_edi_ubl_cii_tests/tests/test_files/from_peppol-bis-invoice-3_doc",
)

FRAGMENTS = {"ubl_test_import_partner"}  # parties, and lines of nothing


def is_peppol(text):
    """Peppol BIS Billing 3.0 itself, not what another country makes of it."""
    found = re.search(r"CustomizationID>\s*([^<\s]*)", text)
    return bool(found) and found[1] in (BILLING, SELF_BILLING)


FILES = {
    path.stem: path
    for folder in FOLDERS
    for path in sorted((ADDONS / folder).glob("*.xml"))
    if is_peppol(path.read_text("utf-8")) and path.stem not in FRAGMENTS
}

# What is against the rules, and whether the right value is certain.
CURED = {
    # the list of commodity codes by its name, not by its code of UNCL 7143
    "test_invoice_product_commodity_code_cpv": {"BR-CL-13"},
    "test_invoice_product_commodity_code_unspsc": {"BR-CL-13"},
    # a supplier's bill with an empty description
    "test_vendor_bill_empty_description": {"PEPPOL-EN16931-R008"},
}
LEFT = {
    # bills with lines without price, which Odoo has to read all the same
    "bis3_out_invoice_no_prices": {"BR-26", "PEPPOL-EN16931-R120"},
    "bis3_out_invoice_quantity_and_or_unit_price_zero": {"PEPPOL-EN16931-R120"},
    # an older example of Peppol: the object with a scheme and without its type
    "bis3_allowance": {"UBL-SR-43"},
    # a supplier's bill without the customer's reference
    "test_vendor_bill_empty_description": {"PEPPOL-EN16931-R003"},
}


def content_of(path):
    """With a date, a type of file and a way to pay where Odoo's tests compare none."""
    text = path.read_text("utf-8")
    text = re.sub(r"((?:Issue|Due|ActualDelivery)Date)>___ignore___", r"\1>2026-01-01", text)
    text = text.replace('mimeCode="___ignore___"', 'mimeCode="application/pdf"')
    return text.encode()


def test_the_files_are_there():
    assert len(FILES) > 40
    assert set(CURED) | set(LEFT) <= set(FILES)


@pytest.mark.parametrize("name", FILES)
def test_a_file_of_odoo(name):
    xml = content_of(FILES[name])
    cured, left = CURED.get(name, set()), LEFT.get(name, set())
    assert {finding.rule for finding in findings(xml)} == cured | left
    right, rules = repaired(xml, UblFacts())
    assert set(rules) == cured
    assert {finding.rule for finding in findings(right)} == left
