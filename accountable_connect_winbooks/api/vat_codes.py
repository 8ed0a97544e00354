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
# Sales: code → family and rate.
_SALES = {
    "211100": (DOMESTIC, "0"),
    "211200": (DOMESTIC, "6"),
    "211300": (DOMESTIC, "12"),
    "211400": (DOMESTIC, "21"),
    "212000": (CO_CONTRACTOR, "0"),
    "221000": (INTRA_GOODS, "0"),
    "222000": (INTRA_SERVICES, "0"),
    "231000": (EXPORT, "0"),
    "232000": (SERVICES_OUTSIDE_EU, "0"),
    "244600": (EXEMPT, "0"),
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


def _usual() -> dict[str, dict]:
    codes = {
        code: {"scope": "sale", "family": family, "rate": rate}
        for code, (family, rate) in _SALES.items()
    }
    for form, (_family, tails) in _PURCHASE_FORMS.items():
        codes |= {form + tail: _purchase(form + tail) for tail in tails}
    return codes


# Internal code → details as documents/master_data.py has them.
USUAL = _usual()


def details_of(code: str, name: str, scope: str = "") -> dict:
    """What is known of a VAT code by its internal code, else by its words.

    :param code: the internal code of six digits; any other tells nothing
    :param scope: ``sale`` or ``purchase``, as somebody typed it, or ""
    """
    told = SCOPES.get(code[:1], "") if len(code) == 6 and code.isdigit() else ""
    if code in USUAL and scope in ("", told):
        return dict(USUAL[code])
    scope = scope or told
    if not scope:
        return {}
    found = recognise_vat_family(code, name, scope)
    family = found.family
    if scope == told and family == INTRA_GOODS and _form(code) == INTRA_SERVICES:
        # the class in its words, services and sundry goods, tells neither
        family = INTRA_SERVICES
    details = {"scope": scope, "family": family}
    if found.purchase_class:
        details["purchase_class"] = found.purchase_class
    return details


def _form(code: str) -> str:
    """The family of purchases that the first three digits are for, "" where they tell none."""
    return _PURCHASE_FORMS.get(code[:3], ("",))[0]
