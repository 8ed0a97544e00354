"""The VAT codes of the demo dossiers: a Belgian office's set, one per family, class and rate.

``ON_RECORD`` are names seen in live dossiers. The others are invented in the same manner, because a
Belgian company needs a code for them too, and carry ``"invented": True`` in their data.

Letters: H trade goods (box 81), D services and sundry goods (82), I investments (83). Boxes are
those an accountant's books hold: services from outside the EU in 56, credit notes under reverse
charge in 62 and 63, boxes 84 to 88 without the VAT that became cost.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from ..kit.vat import BaseBox, Card, Leg, VatCode

ON_RECORD = frozenset(
    (
        "00",
        "06",
        "12",
        "21",
        "MC",
        "CM",
        "EX",
        "H00",
        "H06",
        "H12",
        "H21",
        "D00",
        "D06",
        "D21",
        "I21",
        "DMC21",
        "DVR",
    )
)
# Only this code of its family is on record, for repairs of land and buildings; its siblings are
# DM12, HM21 …
CO_CONTRACTOR = "DM21"
CO_CONTRACTOR_ON_RECORD = ("DMC21", "herstelling van onroerend goed", "réparation d'immeubles")
# Where a code's sales go by default, as the chart has it.
SALES_ACCOUNTS = {
    "00": 700000,
    "06": 700100,
    "12": 700200,
    "21": 700300,
    "MC": 700500,
    "CM": 700600,
    "EX": 700700,
}

DUE, DEDUCTIBLE = 451000, 411000
DUE_EU, DUE_CO_CONTRACTOR, DUE_IMPORT = 451055, 451056, 451057
RATES = (21, 12, 6, 0)
RATE_BOX = {21: "03", 12: "02", 6: "01", 0: "00"}
CLASSES = {
    "H": ("81", "handelsgoederen en grondstoffen", "marchandises et matières premières"),
    "D": ("82", "diensten en diverse goederen", "services et biens divers"),
    "I": ("83", "investeringen (bedrijfsmiddelen)", "investissements"),
}

SALES_WITHOUT_VAT = (
    ("MC", "45", "49", "Medecontractant, btw verlegd", "Cocontractant, autoliquidation"),
    ("ICD", "44", "48s44", "Intracommunautaire diensten (EU)", "Services intracommunautaires (UE)"),
    (
        "CM",
        "46L",
        "48s46L",
        "Intracommunautaire levering van goederen (EU)",
        "Livraison intracommunautaire de biens (UE)",
    ),
    (
        "ICT",
        "46T",
        "48s46T",
        "Driehoeksverkeer (ABC), intracommunautair",
        "Opération triangulaire (ABC), intracommunautaire",
    ),
    ("EX", "47", "49", "Uitvoer van goederen buiten EU", "Exportation de biens hors UE"),
    ("EXD", "47", "49", "Diensten aan klanten buiten EU", "Services à des clients hors UE"),
    ("VR", "00", "49", "Vrijgesteld (art. 44)", "Exempté (art. 44)"),
)

# Letters after the class: (nl, fr, box of the base, box of the VAT due, account, box of credit
# notes). The words are those by which a person finds the family.
REVERSE = {
    "M": (
        "medecontractant, btw verlegd",
        "cocontractant, autoliquidation",
        "87",
        "56",
        DUE_CO_CONTRACTOR,
        "85",
    ),
    "E": (
        "intracommunautaire verwerving van goederen (EU)",
        "acquisition intracommunautaire de biens (UE)",
        "86",
        "55",
        DUE_EU,
        "84",
    ),
    "ED": (
        "intracommunautaire diensten (EU)",
        "services intracommunautaires (UE)",
        "88",
        "55",
        DUE_EU,
        "84",
    ),
    "V": (
        "invoer met verlegging van de heffing (buiten EU)",
        "importation avec report de perception (hors UE)",
        "87",
        "57",
        DUE_IMPORT,
        "85",
    ),
    "XD": (
        "diensten van buiten EU, btw verlegd",
        "services hors UE, autoliquidation",
        "87",
        "56",
        DUE_CO_CONTRACTOR,
        "85",
    ),
    "B": (
        "goederen van buitenlandse leverancier in België, btw verlegd",
        "biens d'un fournisseur étranger en Belgique, autoliquidation",
        "87",
        "56",
        DUE_CO_CONTRACTOR,
        "85",
    ),
}
# What class D says where a family is about goods only, or services only.
COSTS_OF_GOODS = ("kosten en diverse goederen", "frais et biens divers")
COSTS_OF_SERVICES = ("kosten en diensten", "frais et services")
FAMILIES = {
    "H": ("M", "E", "V", "B"),
    "D": ("M", "E", "ED", "V", "XD", "B"),
    "I": ("M", "E", "V", "B"),
}


def _names(nl: str, fr: str) -> dict[str, str]:
    return {"nl": nl, "fr": fr}


def _sales() -> Iterator[VatCode]:
    for rate in RATES:
        owed = (Leg(DUE, "54"), Leg(DUE, "64")) if rate else (None, None)
        yield VatCode(
            f"{rate:02}",
            "sale",
            Decimal(rate),
            _names(f"Verkoop binnenland {rate} %", f"Ventes en Belgique {rate} %"),
            Card((BaseBox(RATE_BOX[rate]),), owed=owed[0]),
            Card((BaseBox("49"),), owed=owed[1]),
        )
    for code, box, credit_box, nl, fr in SALES_WITHOUT_VAT:
        yield VatCode(
            code,
            "sale",
            Decimal(0),
            _names(f"Verkoop: {nl}", f"Ventes : {fr}"),
            Card((BaseBox(box),)),
            Card((BaseBox(credit_box),)),
        )
    yield VatCode(
        "GEEN",
        "sale",
        Decimal(0),
        _names("Verkoop buiten btw-aangifte", "Ventes hors TVA"),
        Card(),
        Card(),
    )


def _domestic_purchases() -> Iterator[VatCode]:
    for letter, (box, nl, fr) in CLASSES.items():
        for rate in RATES:
            legs = (Leg(DEDUCTIBLE, "59"), Leg(DEDUCTIBLE, "63")) if rate else (None, None)
            yield VatCode(
                f"{letter}{rate:02}",
                "purchase",
                Decimal(rate),
                _names(f"Aankoop {nl} {rate} %", f"Achats {fr} {rate} %"),
                Card((BaseBox(box, 1, True),), legs[0]),
                Card((BaseBox(box, -1, True), BaseBox("85", 1, True)), legs[1]),
            )
    yield VatCode(
        "DVR",
        "purchase",
        Decimal(0),
        _names(
            "Aankoop buiten btw-aangifte (verzekering, huur, erelonen)",
            "Achats hors TVA (assurance, loyer, honoraires)",
        ),
        Card(),
        Card(),
    )


def _reverse_purchases() -> Iterator[VatCode]:
    for letter, (box, nl, fr) in CLASSES.items():
        for family in FAMILIES[letter]:
            family_nl, family_fr, base_box, due_box, account, credit_box = REVERSE[family]
            class_nl, class_fr = nl, fr
            if letter == "D" and family != "M":
                class_nl, class_fr = COSTS_OF_SERVICES if family in ("ED", "XD") else COSTS_OF_GOODS
            for rate in RATES:
                code, names = (
                    f"{letter}{family}{rate:02}",
                    _names(
                        f"Aankoop {class_nl} {rate} %, {family_nl}",
                        f"Achats {class_fr} {rate} %, {family_fr}",
                    ),
                )
                if code == CO_CONTRACTOR:
                    code, use_nl, use_fr = CO_CONTRACTOR_ON_RECORD
                    names = _names(f"{names['nl']} ({use_nl})", f"{names['fr']} ({use_fr})")
                yield VatCode(
                    code,
                    "purchase",
                    Decimal(rate),
                    names,
                    _reverse_card(
                        rate, account, "59", due_box, (BaseBox(box, 1, True), BaseBox(base_box))
                    ),
                    _reverse_card(
                        rate,
                        account,
                        "63",
                        "62",
                        (BaseBox(box, -1, True), BaseBox(base_box, -1), BaseBox(credit_box)),
                    ),
                )


def _reverse_card(
    rate: int, account: int, recoverable_box: str, owed_box: str, bases: tuple[BaseBox, ...]
) -> Card:
    if not rate:
        return Card(bases)
    return Card(bases, Leg(DEDUCTIBLE, recoverable_box), Leg(account, owed_box))


def vat_codes() -> list[VatCode]:
    """All codes."""
    return [_with_data(code) for code in (*_sales(), *_domestic_purchases(), *_reverse_purchases())]


def _with_data(code: VatCode) -> VatCode:
    data: dict = {} if code.code in ON_RECORD else {"invented": True}
    if code.code in SALES_ACCOUNTS:
        data["account"] = SALES_ACCOUNTS[code.code]
    return replace(code, data=data)
