"""The VAT codes that WinBooks gives most folders, by their internal code.

An office may have others and lack some: they are offered to whoever types the master data, and the
first digits of any internal code tell what it is for.
"""

from odoo.addons.accountable_connect.api.vat_families import (
    CO_CONTRACTOR,
    DOMESTIC,
    EXEMPT,
    EXPORT,
    GOODS_FOR_RESALE,
    INTRA_GOODS,
    INTRA_SERVICES,
    INVESTMENTS,
    SERVICES_AND_SUNDRY_GOODS,
    SERVICES_OUTSIDE_EU,
    recognise_vat_family,
)

SCOPES = {"1": "purchase", "2": "sale"}
_RATES = {"01": "0", "02": "6", "03": "12", "04": "21"}
_CLASSES = {"1": GOODS_FOR_RESALE, "2": SERVICES_AND_SUNDRY_GOODS, "3": INVESTMENTS}
_CLASS_NAMES = {"1": "goods for resale", "2": "services and sundry goods", "3": "investments"}
# Sales: a code has a family, and where it is domestic a rate.
_SALES = {
    "211100": (DOMESTIC, "0", "Sales 0 %"),
    "211200": (DOMESTIC, "6", "Sales 6 %"),
    "211300": (DOMESTIC, "12", "Sales 12 %"),
    "211400": (DOMESTIC, "21", "Sales 21 %"),
    "212000": (CO_CONTRACTOR, "0", "Sales, co-contractor"),
    "221000": (INTRA_GOODS, "0", "Intra-Community deliveries of goods"),
    "222000": (INTRA_SERVICES, "0", "Intra-Community services"),
    "231000": (EXPORT, "0", "Export of goods"),
    "232000": (SERVICES_OUTSIDE_EU, "0", "Services outside the European Union"),
    "244600": (EXEMPT, "0", "Exempt sales"),
}
# Purchases: the first three digits say where from and the class, the fourth the kind.
_PURCHASE_FORMS = {
    "111": (DOMESTIC, ("102", "103", "104")),
    "112": (DOMESTIC, ("102", "103", "104")),
    "113": (DOMESTIC, ("102", "103", "104", "302", "303", "304")),
    "121": (INTRA_GOODS, ("101", "102", "103", "104")),
    "122": (INTRA_SERVICES, ("102", "103", "104", "300")),
    "123": (INTRA_GOODS, ("100", "102", "103", "104")),
}
_FAMILY_NAMES = {
    DOMESTIC: "Purchases",
    INTRA_GOODS: "Intra-Community acquisitions",
    INTRA_SERVICES: "Intra-Community services",
    CO_CONTRACTOR: "Purchases, co-contractor",
}


def _purchase(code: str) -> dict:
    """What the digits of a usual purchase code say."""
    family, _tails = _PURCHASE_FORMS[code[:3]]
    if family == DOMESTIC and code[3] == "3":
        family = CO_CONTRACTOR
    return {
        "scope": "purchase",
        "family": family,
        "purchase_class": _CLASSES[code[2]],
        "rate": _RATES.get(code[4:], "0"),
    }


def _usual() -> dict[str, tuple[str, dict]]:
    codes = {
        code: (name, {"scope": "sale", "family": family, "rate": rate})
        for code, (family, rate, name) in _SALES.items()
    }
    for form, (_family, tails) in _PURCHASE_FORMS.items():
        for tail in tails:
            details = _purchase(form + tail)
            what, rate = _FAMILY_NAMES[details["family"]], details["rate"]
            name = f"{what}, {_CLASS_NAMES[form[2]]} {rate} %"
            codes[form + tail] = name, details
    return codes


# Internal code → (English name, details as documents/master_data.py has them).
USUAL = _usual()


def details_of(code: str, name: str) -> dict:
    """What is known of a VAT code by its internal code, else by its words; only what is certain.

    :param code: the internal code of six digits; any other tells nothing
    """
    if code in USUAL:
        return dict(USUAL[code][1])
    scope = SCOPES.get(code[:1]) if len(code) == 6 and code.isdigit() else None
    if not scope:
        return {}
    found = recognise_vat_family(code, name, scope)
    details = {"scope": scope, "family": found.family}
    if found.purchase_class:
        details["purchase_class"] = found.purchase_class
    return details
