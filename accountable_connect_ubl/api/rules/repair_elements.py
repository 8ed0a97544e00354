"""Elements and codes that say nothing or say it in a way that the rules do not have."""

from decimal import Decimal

from . import code_lists as lists
from .peppol import SLACK, adjustments, empty_elements
from .tree import (
    CAC,
    CBC,
    all_found,
    decimal_at,
    decimal_of,
    found,
    is_allowance,
    is_charge,
    text_at,
    text_of,
)
from .vat_categories import parts_under

# Names that Odoo gives to lists of commodity codes, and their codes in UNCL 7143.
CLASS_LISTS = {"CPV": "STI", "UNSPSC": "TST"}

# How the VAT numbers of those begin to whom a supply is one within the Union: Northern Ireland for
# goods; Monaco has French ones.
SUPPLIED = set(
    "AT BE BG CY CZ DE DK EE EL ES FI FR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK XI".split()
)


def no_empty_elements(ubl, facts):
    """They say nothing: they go, and what is empty without them."""
    changed = False
    while empty := [one for one in empty_elements(ubl.root) if one is not ubl.root]:
        for element in empty:
            remove(element)
        changed = True
    return ["PEPPOL-EN16931-R008"] if changed else []


def remove(element):
    """With the white space behind it."""
    element.getparent().remove(element)


def no_half_tax_numbers(ubl, facts):
    """Odoo writes the scheme of a tax number for a party that has none."""
    changed = False
    for scheme in ubl.named("cac:PartyTaxScheme"):
        if found(scheme, "cbc:CompanyID") is None or found(scheme, "cac:TaxScheme/cbc:ID") is None:
            remove(scheme)
            changed = True
    return ["UBL-SR-53"] if changed else []


def no_wrong_reason_codes(ubl, facts):
    """What a fixed tax (Recupel, excise) gives back on a returned item is an allowance, but Odoo
    gives it the reason code of a charge. The reason stands beside it as text, so the code goes."""
    cured = set()
    for one in ubl.named("cac:AllowanceCharge"):
        code = found(one, "cbc:AllowanceChargeReasonCode")
        if code is None or not text_at(one, "cbc:AllowanceChargeReason"):
            continue
        if is_allowance(one) and text_of(code) not in lists.ALLOWANCE_REASONS:
            cured |= {"BR-CL-19", "PEPPOL-EN16931-CL002"}
            remove(code)
        elif is_charge(one) and text_of(code) not in lists.CHARGE_REASONS:
            cured |= {"BR-CL-20", "PEPPOL-EN16931-CL003"}
            remove(code)
    return sorted(cured)


def right_class_lists(ubl, facts):
    """Odoo calls two lists of commodity codes by their names; UNCL 7143 has codes for them."""
    changed = False
    for one in ubl.named("cbc:ItemClassificationCode"):
        if one.get("listID") in CLASS_LISTS:
            one.set("listID", CLASS_LISTS[one.get("listID")])
            changed = True
    return ["BR-CL-13"] if changed else []


def no_codes_in_notes(ubl, facts):
    """Three letters between two # are read as a code: spaces keep them a text."""
    changed = False
    for note in ubl.all("cbc:Note"):
        before, _, rest = (note.text or "").partition("#")
        subject, end, after = rest.partition("#")
        if end and len(subject) == 3 and subject not in lists.NOTE_SUBJECTS:
            note.text = f"{before}# {subject} #{after}"
            changed = True
    return ["BR-CL-08"] if changed else []


def no_negative_prices(ubl, facts):
    """Twice minus is plus: the sign of a price goes to the quantity, the amount stays."""
    changed = False
    for line in ubl.lines:
        price, quantity = found(line, "cac:Price/cbc:PriceAmount"), found(line, ubl.quantity_name)
        if (
            price is None
            or quantity is None
            or found(line, "cac:Price/cac:AllowanceCharge") is not None
        ):
            continue
        amount, count = decimal_of(price), decimal_of(quantity)
        if amount is not None and count is not None and amount < 0:
            price.text, quantity.text = f"{-amount:f}", f"{-count:f}"
            changed = True
    return ["BR-27"] if changed else []


def no_zero_adjustments(ubl, facts):
    """A discount or charge of the document of 0.00 says nothing, but asks for a total."""
    changed = False
    for one in ubl.allowances + ubl.charges:
        if decimal_at(one, "cbc:Amount") == 0:
            name = "AllowanceTotalAmount" if is_allowance(one) else "ChargeTotalAmount"
            if ubl.total(name) is None:
                remove(one)
                changed = True
    return ["BR-CO-11"] if changed else []


def no_wrong_percentages(ubl, facts):
    """The amount of a discount counts; base and percentage explain it, and go where they do not."""
    changed = False
    for one, _place in adjustments(ubl):
        percent = found(one, "cbc:MultiplierFactorNumeric")
        base = found(one, "cbc:BaseAmount")
        if percent is None or base is None or None in (decimal_of(percent), decimal_of(base)):
            continue
        amount = decimal_at(one, "cbc:Amount") or Decimal(0)
        if abs(amount - decimal_of(base) * decimal_of(percent) / 100) > SLACK:
            remove(percent)
            remove(base)
            changed = True
    return ["PEPPOL-EN16931-R040"] if changed else []


def buyer_has_country(ubl, facts):
    """Of an address a country is enough, and Odoo knows it."""
    if ubl.buyer is None or not facts.buyer_country:
        return []
    address = found(ubl.buyer, "cac:PostalAddress")
    if address is not None and text_at(address, "cac:Country/cbc:IdentificationCode"):
        return []
    cured = "BR-11"
    if address is None:
        cured = "BR-10"
        address = ubl.root.makeelement(f"{{{CAC}}}PostalAddress")
        previous = [
            one
            for name in ("cbc:EndpointID", "cac:PartyIdentification", "cac:PartyName")
            for one in all_found(ubl.buyer, name)
        ]
        ubl.buyer.insert(ubl.buyer.index(previous[-1]) + 1 if previous else 0, address)
    country = found(address, "cac:Country")
    if country is None:
        country = address.makeelement(f"{{{CAC}}}Country")
        address.append(country)
    code = country.makeelement(f"{{{CBC}}}IdentificationCode")
    code.text = facts.buyer_country
    country.insert(0, code)
    return [cured]


def supply_has_day(ubl, facts):
    """Odoo writes the date of the invoice as the day of an intra-Community supply, but only to
    countries of Europe on its list: Northern Ireland and Monaco have a VAT number of the Union."""
    number = text_at(ubl.buyer, "cac:PartyTaxScheme/cbc:CompanyID").upper()
    delivery = ubl.find("cac:Delivery")
    if (
        delivery is None
        or number[:2] not in SUPPLIED
        or not parts_under(ubl, "K")
        or text_at(delivery, "cbc:ActualDeliveryDate")
        or ubl.find("cac:InvoicePeriod/*") is not None
    ):
        return []
    day = delivery.makeelement(f"{{{CBC}}}ActualDeliveryDate")
    day.text = ubl.text("cbc:IssueDate")
    identifier = found(delivery, "cbc:ID")
    delivery.insert(0 if identifier is None else 1, day)
    return ["BR-IC-11"]
