"""What is put right in an e-invoice, and what is not; never the amount to pay."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from odoo.addons.accountable_connect_ubl.api.rules import TaxFact, UblFacts, findings, repaired
from odoo.addons.accountable_connect_ubl.api.rules.repair import DECIMALS, REPAIRED
from odoo.addons.accountable_connect_ubl.api.rules.repair_categories import UNKNOWN_CATEGORY
from odoo.addons.accountable_connect_ubl.api.rules.tree import NAMESPACES, parsed

from .e_invoice_changes import (
    LINE,
    after,
    before,
    both,
    drop,
    inside,
    text,
    totals,
)
from .e_invoices import VALID, DocumentOf, LineOf, bytes_of, one, tree

BUYER = "cac:AccountingCustomerParty/cac:Party"
PART = "cac:TaxTotal/cac:TaxSubtotal"
NO_FACTS = UblFacts()


def changed(document, *changes):
    root = tree(document)
    both(*changes)(root)
    return bytes_of(root)


def texts(xml, path):
    return [found.text for found in parsed(xml).xpath(path, namespaces=NAMESPACES)]


def payable(xml):
    return texts(xml, "cac:LegalMonetaryTotal/cbc:PayableAmount")


def cured(xml, facts=NO_FACTS):
    """The repaired document, which is right and asks for the same amount, and what was cured."""
    right, rules = repaired(xml, facts)
    assert set(rules) <= {*REPAIRED, DECIMALS, UNKNOWN_CATEGORY}
    assert findings(right, facts) == []
    assert payable(right) == payable(xml)
    return right, rules


@pytest.mark.parametrize("name", VALID)
def test_what_is_right_stays_as_it_is(name):
    xml = bytes_of(tree(VALID[name]))
    assert repaired(xml, NO_FACTS) == (xml, [])


def test_what_cannot_be_read_stays_as_it_is():
    assert repaired(b"%PDF", NO_FACTS) == (b"%PDF", [])


def test_empty_elements_go_with_what_is_empty_without_them():
    xml = changed(
        VALID["plain"],
        text("cbc:Note", " "),
        inside(BUYER, "<cac:Contact><cbc:Name/><cbc:Telephone> </cbc:Telephone></cac:Contact>"),
    )
    right, rules = cured(xml)
    assert rules == ["PEPPOL-EN16931-R008"]
    assert not texts(right, "cbc:Note") and not texts(right, f"{BUYER}/cac:Contact")


def test_an_empty_element_that_is_needed_stays_a_finding():
    xml = changed(VALID["plain"], text(f"{BUYER}/cac:PartyLegalEntity/cbc:RegistrationName", ""))
    right, rules = repaired(xml, NO_FACTS)
    assert rules == ["PEPPOL-EN16931-R008"]
    assert [finding.rule for finding in findings(right)] == ["BR-07"]


def test_a_buyer_without_a_number_has_no_tax_scheme():
    xml = changed(VALID["plain"], drop(f"{BUYER}/cac:PartyTaxScheme/cbc:CompanyID"))
    right, rules = cured(xml)
    assert rules == ["UBL-SR-53"]
    assert not texts(right, f"{BUYER}/cac:PartyTaxScheme")


def test_an_empty_company_id_goes():
    xml = changed(VALID["plain"], text(f"{BUYER}/cac:PartyTaxScheme/cbc:CompanyID", ""))
    _right, rules = cured(xml)
    assert rules == ["PEPPOL-EN16931-R008", "UBL-SR-53"]


def test_a_buyer_without_address_gets_the_country_that_odoo_knows():
    xml = changed(VALID["plain"], drop(f"{BUYER}/cac:PostalAddress"))
    right, rules = cured(xml, UblFacts(buyer_country="BE"))
    assert rules == ["BR-10"]
    elements = parsed(right).xpath(f"{BUYER}/*", namespaces=NAMESPACES)
    order = [etree.QName(element).localname for element in elements]
    assert order.index("PartyName") + 1 == order.index("PostalAddress")
    assert [finding.rule for finding in findings(repaired(xml, NO_FACTS)[0])] == ["BR-10"]


def test_an_address_without_country_gets_the_one_that_odoo_knows():
    xml = changed(VALID["plain"], drop(f"{BUYER}/cac:PostalAddress/cac:Country"))
    assert cured(xml, UblFacts(buyer_country="NL"))[1] == ["BR-11"]


@pytest.mark.parametrize("number", ["FR53000004605", "XI123456782"])
def test_a_supply_within_the_union_gets_its_day(number):
    """Northern Ireland and Monaco are no countries of Europe in Odoo, which leaves it out."""
    xml = changed(
        VALID["intra-community"],
        drop("cac:Delivery/cbc:ActualDeliveryDate"),
        text(f"{BUYER}/cac:PartyTaxScheme/cbc:CompanyID", number),
    )
    right, rules = cured(xml)
    assert rules == ["BR-IC-11"]
    assert texts(right, "cac:Delivery/cbc:ActualDeliveryDate") == ["2026-11-30"]


def test_a_supply_to_the_rest_of_the_world_gets_none():
    xml = changed(
        VALID["intra-community"],
        drop("cac:Delivery/cbc:ActualDeliveryDate"),
        text(f"{BUYER}/cac:PartyTaxScheme/cbc:CompanyID", "GB123456782"),
    )
    assert repaired(xml, NO_FACTS) == (xml, [])
    assert "BR-IC-11" in {one.rule for one in findings(xml, NO_FACTS)}


def test_what_a_fixed_tax_gives_back_has_no_code_of_a_charge():
    returned = LineOf(quantity="-1", extra=(("-0.07", "AEO", "Recupel"),))
    xml = bytes_of(tree(DocumentOf(lines=[LineOf(), returned])))
    right, rules = cured(xml)
    assert rules == ["BR-CL-19", "PEPPOL-EN16931-CL002"]
    assert texts(right, "cac:InvoiceLine[2]//cbc:AllowanceChargeReason") == ["Recupel"]


def test_a_list_of_commodity_codes_gets_its_code():
    item = (
        '<cac:CommodityClassification><cbc:ItemClassificationCode listID="CPV">39121200'
        "</cbc:ItemClassificationCode></cac:CommodityClassification>"
    )
    xml = changed(VALID["plain"], before(f"{LINE}/cac:Item/cac:ClassifiedTaxCategory", item))
    assert cured(xml)[1] == ["BR-CL-13"]


def test_a_note_is_not_read_as_a_code():
    xml = changed(VALID["plain"], text("cbc:Note", "Box #AB1# and #2#"))
    assert texts(cured(xml)[0], "cbc:Note") == ["Box # AB1 # and #2#"]


def test_the_sign_of_a_price_goes_to_the_quantity():
    xml = bytes_of(tree(DocumentOf(lines=[LineOf(), LineOf(price="-5", quantity="2")])))
    right, rules = cured(xml)
    assert rules == ["BR-27"]
    assert texts(right, "cac:InvoiceLine[2]/cbc:InvoicedQuantity") == ["-2"]


def test_sums_of_floats_lose_their_tail():
    xml = changed(one("Z"), totals(TaxExclusiveAmount="100.00000000000001"))
    assert cured(xml)[1] == ["BR-DEC"]


def test_a_real_third_decimal_is_no_tail_of_a_float():
    xml = changed(VALID["plain"], text(f"{LINE}[1]/cbc:LineExtensionAmount", "100.004"))
    assert "BR-DEC-23" in {finding.rule for finding in findings(repaired(xml, NO_FACTS)[0])}


def test_a_discount_of_nothing_goes():
    xml = bytes_of(tree(DocumentOf(adjustments=(("0.00", "64", "S", "21"),))))
    right, rules = cured(xml)
    assert rules == ["BR-CO-11"]
    assert not texts(right, "cac:AllowanceCharge")


def test_a_percentage_that_does_not_explain_its_amount_goes():
    amount = f"{LINE}/cac:AllowanceCharge[cbc:ChargeIndicator='false']/cbc:Amount"
    xml = changed(
        VALID["allowance and charge on a line"],
        before(amount, "<cbc:MultiplierFactorNumeric>10</cbc:MultiplierFactorNumeric>"),
        after(amount, '<cbc:BaseAmount currencyID="EUR">101.00</cbc:BaseAmount>'),
    )
    assert cured(xml)[1] == ["PEPPOL-EN16931-R040"]


def split_exempt(first, second, code=""):
    """An exempt document whose breakdown has two parts."""
    reason = (
        f"<cbc:TaxExemptionReasonCode>{code}</cbc:TaxExemptionReasonCode>"
        if code
        else ("<cbc:TaxExemptionReason>Exempt from tax</cbc:TaxExemptionReason>")
    )
    part = (
        f'<cac:TaxSubtotal><cbc:TaxableAmount currencyID="EUR">{second}</cbc:TaxableAmount>'
        '<cbc:TaxAmount currencyID="EUR">0.00</cbc:TaxAmount><cac:TaxCategory><cbc:ID>E</cbc:ID>'
        f"<cbc:Percent>0</cbc:Percent>{reason}<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>"
        "</cac:TaxCategory></cac:TaxSubtotal>"
    )
    return changed(one("E"), text(f"{PART}/cbc:TaxableAmount", first), after(PART, part))


def test_two_parts_of_one_category_become_one():
    """A discount for early payment of what is exempt: Odoo writes a part for each reason."""
    right, rules = cured(split_exempt("98.00", "2.00"))
    assert rules == ["BR-E-01"]
    assert texts(right, f"{PART}/cbc:TaxableAmount") == ["100.00"]
    assert texts(right, f"{PART}//cbc:TaxExemptionReasonCode") == ["VATEX-EU-132"]


def test_two_parts_with_different_codes_stay_two():
    xml = split_exempt("98.00", "2.00", "VATEX-EU-135")
    assert "BR-E-01" in {finding.rule for finding in findings(repaired(xml, NO_FACTS)[0])}


def test_a_base_that_was_rounded_as_a_whole_is_the_sum_of_its_lines():
    xml = changed(one("AE"), text(f"{PART}/cbc:TaxableAmount", "100.01"))
    assert cured(xml)[1] == ["BR-AE-08"]


def test_a_base_that_lacks_a_line_stays_a_finding():
    xml = changed(one("AE"), text(f"{PART}/cbc:TaxableAmount", "90.00"))
    assert repaired(xml, NO_FACTS) == (xml, [])


PER_LINE = DocumentOf(lines=[LineOf("9.42453", rate="6") for _line in range(3)])


def of_a_company_that_rounds_per_line():
    """Three lines of 9.99 with 6 % in it: 28.26 and 1.71 were posted."""
    return changed(
        PER_LINE,
        text("cac:InvoiceLine[1]/cbc:LineExtensionAmount", "9.43"),
        text("cac:TaxTotal//cbc:TaxAmount", "1.71"),
        text(f"{PART}/cbc:TaxableAmount", "28.27"),
        totals(
            LineExtensionAmount="28.27",
            TaxExclusiveAmount="28.27",
            TaxInclusiveAmount="29.98",
            PayableAmount="29.97",
        ),
    )


def test_lines_are_those_that_were_posted_where_the_amount_to_pay_asks_for_it():
    xml = of_a_company_that_rounds_per_line()
    right, rules = cured(xml, UblFacts(amounts=(Decimal("9.42"),) * 3))
    assert set(rules) == {"BR-CO-16", "BR-CO-10", "BR-CO-13", "BR-CO-15"}
    assert texts(right, f"{PART}/cbc:TaxableAmount") == ["28.26"]


@pytest.mark.parametrize(
    "amounts",
    [(), (Decimal("9.42"),) * 2, (Decimal("9.42"), None, Decimal("9.42")), (Decimal("9.43"),) * 3],
    ids=["not known", "another line", "a fixed tax", "another sum"],
)
def test_lines_that_do_not_lead_to_the_amount_to_pay_stay(amounts):
    xml = of_a_company_that_rounds_per_line()
    assert repaired(xml, UblFacts(amounts=amounts)) == (xml, [])
    assert [finding.rule for finding in findings(xml)] == ["BR-CO-16"]


def test_what_is_invoiced_with_vat_has_the_standard_category():
    """A tax of another Member State that was copied from the one of exports."""
    document = DocumentOf(lines=[LineOf(category="G", rate="20"), LineOf(category="S", rate="21")])
    right, rules = cured(bytes_of(tree(document)))
    assert rules == ["BR-G-05", "BR-G-09"]
    assert texts(right, "//cac:ClassifiedTaxCategory/cbc:ID") == ["S", "S"]
    assert texts(right, f"{PART}/cac:TaxCategory/cbc:ID") == ["S", "S"]
    assert not texts(right, "//cbc:TaxExemptionReasonCode")


def test_totals_follow_their_parts_where_the_amount_to_pay_stays():
    """Odoo leaves the discounts and charges of a document out of the total without VAT."""
    xml = changed(VALID["allowance and charge"], totals(TaxExclusiveAmount="100.00"))
    assert set(cured(xml)[1]) == {"BR-CO-13"}


@given(
    st.sampled_from(
        ["LineExtensionAmount", "TaxExclusiveAmount", "TaxInclusiveAmount", "AllowanceTotalAmount"]
    ),
    st.integers(-500, 500).map(lambda number: Decimal(number) / 100),
)
def test_no_repair_changes_the_amount_to_pay(name, difference):
    document = VALID["allowance and charge"]
    said = Decimal(texts(bytes_of(tree(document)), f"cac:LegalMonetaryTotal/cbc:{name}")[0])
    xml = changed(document, totals(**{name: str(said + difference)}))
    cured(xml)


@given(st.integers(-500, 500).filter(bool).map(lambda number: Decimal(number) / 100))
def test_another_amount_to_pay_is_never_made_right(difference):
    document = VALID["allowance and charge"]
    said = Decimal(payable(bytes_of(tree(document)))[0])
    xml = changed(document, totals(PayableAmount=str(said + difference)))
    assert repaired(xml, NO_FACTS) == (xml, [])
    assert [finding.rule for finding in findings(xml)] == ["BR-CO-16"]


# ---------------------------------------------------------------------------
# VAT categories that nobody filled in
# ---------------------------------------------------------------------------


def booked_in(*boxes, **values):
    return TaxFact(boxes=frozenset(boxes), **values)


@pytest.mark.parametrize(
    "box, category, reason",
    [
        ("45", "AE", "VATEX-EU-AE"),
        ("46L", "K", "VATEX-EU-IC"),
        ("44", "K", "VATEX-EU-IC"),
    ],
)
def test_a_line_gets_the_category_in_which_it_was_booked(box, category, reason):
    xml = bytes_of(tree(one("E", buyer_country="FR" if category == "K" else "BE")))
    right, rules = cured(xml, UblFacts(lines=(booked_in(box),)))
    assert rules == [UNKNOWN_CATEGORY]
    assert texts(right, "//cac:ClassifiedTaxCategory/cbc:ID") == [category]
    assert texts(right, f"{PART}/cac:TaxCategory/cbc:ID") == [category]
    assert texts(right, "//cbc:TaxExemptionReasonCode") == [reason]


def test_only_the_lines_that_were_booked_otherwise_move():
    document = DocumentOf(
        lines=[LineOf(category="E", rate="0"), LineOf(), LineOf("50", category="E", rate="0")]
    )
    facts = UblFacts(lines=(booked_in("00"), booked_in("03"), booked_in("45")))
    right, _rules = cured(bytes_of(tree(document)), facts)
    assert texts(right, "//cac:ClassifiedTaxCategory/cbc:ID") == ["E", "S", "AE"]
    bases = zip(
        texts(right, f"{PART}/cac:TaxCategory/cbc:ID"),
        texts(right, f"{PART}/cbc:TaxableAmount"),
        strict=True,
    )
    assert dict(bases) == {"E": "100.00", "S": "100.00", "AE": "50.00"}


def test_a_category_that_was_filled_in_stays():
    xml = bytes_of(tree(one("E")))
    facts = UblFacts(lines=(booked_in("45", filled_in="E"),))
    assert repaired(xml, facts) == (xml, [])
    assert findings(xml, facts) == []


@pytest.mark.parametrize(
    "facts",
    [
        UblFacts(lines=(booked_in(),)),
        UblFacts(lines=(booked_in("44", "45"),)),
        UblFacts(lines=(booked_in("47"),)),
        UblFacts(lines=(booked_in("45"),), country="FR"),
    ],
    ids=["no box", "two kinds of boxes", "a box of several kinds", "another country's boxes"],
)
def test_a_category_that_nobody_knows_is_refused(facts):
    xml = bytes_of(tree(one("E")))
    assert repaired(xml, facts) == (xml, [])
    (finding,) = findings(xml, facts)
    assert (finding.rule, finding.place) == (UNKNOWN_CATEGORY, "line 1")
    assert finding.refuses


def test_an_export_that_odoo_guessed_is_one():
    xml = bytes_of(tree(one("G", buyer_country="US")))
    facts = UblFacts(lines=(booked_in("47"),))
    assert repaired(xml, facts) == (xml, [])
    assert findings(xml, facts) == []


def test_a_self_billed_reverse_charge_is_no_guess():
    xml = bytes_of(tree(one("AE", self_billed=True)))
    facts = UblFacts(lines=(booked_in("82", "87", owed_by_buyer=True),))
    assert repaired(xml, facts) == (xml, [])
    assert findings(xml, facts) == []


def test_a_guess_beside_a_discount_of_the_document_is_refused():
    document = one("E", adjustments=(("-2", "64", "E", "0"), ("2", "ZZZ", "E", "0")))
    xml = bytes_of(tree(document))
    facts = UblFacts(lines=(booked_in("45"),))
    assert repaired(xml, facts) == (xml, [])
    assert [finding.rule for finding in findings(xml, facts)] == [UNKNOWN_CATEGORY]


def test_lines_that_nobody_told_of_are_left_alone():
    xml = bytes_of(tree(one("E")))
    assert findings(xml, UblFacts(lines=(None,))) == []
    assert findings(xml, UblFacts()) == []
