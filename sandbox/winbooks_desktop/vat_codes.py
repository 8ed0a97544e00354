"""The VAT codes of a demo folder, as its table ``codevat`` has them.

The internal codes of ``ON_RECORD`` are used by other programs; the rest is invented in the same
manner (first digit 1 purchase, 2 sale; the last two the rate) and carries ``"invented": True``. So
are all user codes, which differ between French and Dutch folders. Legs name central accounts
(``V01`` …), not ledger accounts: the folder says which account that is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from ..kit.vat import BaseBox, Card, Leg, VatCode

DEDUCTIBLE, DUE, DUE_EU, DUE_CO_CONTRACTOR, DUE_IMPORT = "V01", "V03", "V55", "V56", "V57"
RATES = {"01": 0, "02": 6, "03": 12, "04": 21}
ALL, NOT, PARTLY = 0, 1, 2  # TYPDED

ON_RECORD = frozenset(
    "211100 211200 211300 211400 212000 221000 222000 231000 232000 244600 111102 111103 111104"
    " 112102 112103 112104 113102 113103 113104 113302 113303 113304 121101 121102 121103 121104"
    " 122102 122103 122104 122300 123100 123102 123103 123104".split()
)

# Code, box, box of credit notes, rate, user code in French and Dutch folders, French, Dutch.
SALES = (
    ("211100", "00", "49", 0, "0", "0", "Ventes 0 %", "Verkoop 0 %"),
    ("211200", "01", "49", 6, "6", "6", "Ventes 6 %", "Verkoop 6 %"),
    ("211300", "02", "49", 12, "12", "12", "Ventes 12 %", "Verkoop 12 %"),
    ("211400", "03", "49", 21, "21", "21", "Ventes 21 %", "Verkoop 21 %"),
    ("212000", "45", "49", 0, "COCO", "MEDECO", "Cocontractant", "Medecontractant"),
    (
        "221000",
        "46L",
        "48s46L",
        0,
        "LIVIC",
        "ICLEV",
        "Livraisons intracommunautaires de biens",
        "Intracommunautaire leveringen van goederen",
    ),
    (
        "221300",
        "46T",
        "48s46T",
        0,
        "TRIANG",
        "ABC",
        "Opérations triangulaires, intracommunautaires",
        "Driehoeksverkeer (ABC), intracommunautair",
    ),
    (
        "222000",
        "44",
        "48s44",
        0,
        "SERIC",
        "ICDIE",
        "Services intracommunautaires (UE)",
        "Intracommunautaire diensten (EU)",
    ),
    ("231000", "47", "49", 0, "EXPORT", "UITV", "Exportation de biens", "Uitvoer van goederen"),
    (
        "232000",
        "47",
        "49",
        0,
        "SERHUE",
        "DIEBEU",
        "Services hors UE",
        "Diensten buiten de EU",
    ),
    ("244600", "00", "49", 0, "EXO", "VRIJ", "Exempté (art. 44)", "Vrijgesteld (art. 44)"),
)

# Class: digit, box, letters of the user codes (French, Dutch), French, Dutch.
CLASSES = {
    "1": ("81", "M", "H", "marchandises", "handelsgoederen"),
    "2": ("82", "S", "D", "services et biens divers", "diensten en diverse goederen"),
    "3": ("83", "I", "I", "investissements", "investeringen"),
    "4": ("82", "G", "K", "biens divers", "diverse goederen"),
}
# The fourth digit where the VAT is deductible in part or not at all: share, user code, words.
SHARES = {
    "1": (100, "", "", "", ""),
    "5": (50, "P50", "P50", ", déductible 50 %", ", aftrekbaar 50 %"),
    "6": (35, "P35", "P35", ", déductible 35 %", ", aftrekbaar 35 %"),
    "8": (85, "P85", "P85", ", déductible 85 %", ", aftrekbaar 85 %"),
    "9": (0, "ND", "NA", ", non déductible", ", niet aftrekbaar"),
}
# First two digits, the class they are for, the fourth digit, its share, box of the base, box of the
# VAT we owe, central account, box of credit notes, user codes, words.
_EU = ("86", "55", DUE_EU, "84")
_EU_SERVICES = ("88", "55", DUE_EU, "84")
_CO_CONTRACTOR = ("87", "56", DUE_CO_CONTRACTOR, "85")
_IMPORT = ("87", "57", DUE_IMPORT, "85")
_NAMES = {
    "eu": ("UE", "EU", "acquisition intracommunautaire (UE)", "intracommunautair (EU)"),
    "co": ("CO", "MC", "cocontractant, autoliquidation", "medecontractant, btw verlegd"),
    "im": ("IM", "IN", "importation avec report de perception", "invoer met verlegging"),
    "hu": ("HU", "BU", "services hors UE, autoliquidation", "diensten buiten EU, btw verlegd"),
}
REVERSE = (
    *(("11", digit, "3", 100, _CO_CONTRACTOR, "co") for digit in "123"),
    ("11", "2", "7", 50, _CO_CONTRACTOR, "co"),
    ("11", "2", "4", 35, _CO_CONTRACTOR, "co"),
    ("12", "1", "1", 100, _EU, "eu"),
    ("12", "2", "1", 100, _EU_SERVICES, "eu"),
    ("12", "2", "5", 50, _EU_SERVICES, "eu"),
    ("12", "2", "6", 35, _EU_SERVICES, "eu"),
    ("12", "3", "1", 100, _EU, "eu"),
    ("12", "3", "5", 50, _EU, "eu"),
    ("12", "4", "1", 100, _EU, "eu"),
    ("12", "4", "5", 50, _EU, "eu"),
    ("12", "4", "6", 35, _EU, "eu"),
    ("13", "1", "1", 100, _IMPORT, "im"),
    ("13", "2", "1", 100, _CO_CONTRACTOR, "hu"),
    ("13", "3", "1", 100, _IMPORT, "im"),
    ("13", "4", "1", 100, _IMPORT, "im"),
)
# At 0 % these stand apart.
AT_ZERO = {"122101": "122300", "123101": "123100"}


def _sales() -> Iterator[VatCode]:
    for code, box, credit_box, rate, french, dutch, fr, nl in SALES:
        yield VatCode(
            code,
            "sale",
            Decimal(rate),
            {"fr": fr, "nl": nl},
            Card((BaseBox(box),), owed=Leg(DUE, "54") if rate else None),
            Card((BaseBox(credit_box),), owed=Leg(DUE, "64") if rate else None),
            data={"users": {"F": french, "N": dutch}, "typded": ALL},
        )


def _domestic() -> Iterator[VatCode]:
    for digit in "123":
        box, french, dutch, fr, nl = CLASSES[digit]
        for fourth, (share, user_fr, user_nl, words_fr, words_nl) in SHARES.items():
            for last, rate in RATES.items():
                if fourth != "1" and not rate:
                    continue
                leg = Leg(DEDUCTIBLE, "59", Decimal(share)) if rate and share else None
                yield VatCode(
                    f"11{digit}{fourth}{last}",
                    "purchase",
                    Decimal(rate),
                    {
                        "fr": f"Achats {fr} {rate} %{words_fr}",
                        "nl": f"Aankoop {nl} {rate} %{words_nl}",
                    },
                    Card((BaseBox(box, 1, True),), leg),
                    Card(
                        (BaseBox(box, -1, True), BaseBox("85", 1, True)),
                        leg and replace(leg, box="63"),
                    ),
                    data={
                        "users": {"F": f"{french}{rate}{user_fr}", "N": f"{dutch}{rate}{user_nl}"},
                        "typded": {100: ALL, 0: NOT}.get(share, PARTLY),
                    },
                )


def _reverse() -> Iterator[VatCode]:
    for start, digit, fourth, share, boxes, name in REVERSE:
        class_box, french, dutch, fr, nl = CLASSES[digit]
        base_box, due_box, due, credit_box = boxes
        user_fr, user_nl, words_fr, words_nl = _NAMES[name]
        part_fr, part_nl = (
            (f", déductible {share} %", f", aftrekbaar {share} %") if share < 100 else ("", "")
        )
        for last, rate in RATES.items():
            if share < 100:
                if not rate:
                    continue
                user_fr, user_nl = f"{_NAMES[name][0][0]}{share}", f"{_NAMES[name][1][0]}{share}"
            code = f"{start}{digit}{fourth}{last}"
            yield VatCode(
                AT_ZERO.get(code, code),
                "purchase",
                Decimal(rate),
                {
                    "fr": f"Achats {fr} {rate} %, {words_fr}{part_fr}",
                    "nl": f"Aankoop {nl} {rate} %, {words_nl}{part_nl}",
                },
                _card(rate, share, ("59", due_box), due, (class_box, base_box, "")),
                _card(rate, share, ("63", "62"), due, (class_box, base_box, credit_box)),
                data={
                    "users": {"F": f"{french}{rate}{user_fr}", "N": f"{dutch}{rate}{user_nl}"},
                    "typded": ALL if share == 100 else PARTLY,
                },
            )


def _card(
    rate: int, share: int, vat_boxes: tuple[str, str], due: str, bases: tuple[str, str, str]
) -> Card:
    """``bases``: box of the class, of the base, and of credit notes ("" for invoices)."""
    class_box, base_box, credit_box = bases
    sign = -1 if credit_box else 1
    boxes = [BaseBox(class_box, sign, True), BaseBox(base_box, sign)]
    if credit_box:
        boxes.append(BaseBox(credit_box))
    if not rate:
        return Card(tuple(boxes))
    box, due_box = vat_boxes
    return Card(tuple(boxes), Leg(DEDUCTIBLE, box, Decimal(share)), Leg(due, due_box))


def vat_codes() -> list[VatCode]:
    """All codes."""
    return [
        replace(code, data={**code.data, "invented": code.code not in ON_RECORD})
        for code in (*_sales(), *_domestic(), *_reverse())
    ]
