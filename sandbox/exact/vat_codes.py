"""The VAT codes of the divisions, with the boxes an accountant's books hold.

Belgium: one code per family and rate; the box of a purchase's base (81, 82, 83) comes from the
ledger account of the line, so a code says nothing about classes. Credit notes go to 48, 49, 62 to
64, 84 and 85. The Netherlands: boxes are the rubrieken with their two columns, ``1a (omzet)`` and
``1a (BTW)``; a credit note lowers them.

A code kept by a person gets boxes from its own properties (``card_of``): Exact's screens for the
return are not part of the interface.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from ..kit.vat import CLASS_BOX, BaseBox, Card, Leg, VatCode
from .resource import Row

DUTCH = "NL"
BELGIAN_RATE_BOX = {21: "03", 12: "02", 6: "01", 0: "00"}


@dataclass(frozen=True)
class Code:
    """A code of the seed: ``boxes`` name base, credit base, owed, deductible and their credits.

    ``kind`` is the Type E, I, B or N; ``side`` S or P; ``listing`` L, S, T or N.
    """

    code: str
    nl: str
    fr: str
    side: str
    kind: str
    rate: int
    boxes: Mapping
    to_pay: str | None = None
    to_claim: str | None = None
    listing: str = "N"

    @property
    def charged(self) -> bool:
        """Reverse charge: both VAT accounts."""
        return bool(self.to_pay and self.to_claim)


def _boxes(
    base=(), credit=(), owed="", owed_credit="", claim="", claim_credit="", sign: int = 1
) -> dict:
    """Boxes as kept with a code; a base is (box, sign, with cost)."""
    return {
        "base": [list(entry) for entry in base],
        "credit": [list(entry) for entry in credit],
        "owed": owed,
        "owed_credit": owed_credit,
        "claim": claim,
        "claim_credit": claim_credit,
        "credit_sign": sign,
    }


def _belgian_sale(box: str, credit: str, vat: bool = False) -> dict:
    return _boxes([(box, 1, False)], [(credit, 1, False)], *(("54", "64") if vat else ()))


def _belgian_purchase(base: str = "", credit: str = "85", owed: str = "", vat: bool = True) -> dict:
    """Class box, a further base box and its credit box, the box of the VAT owed."""
    more = [(base, 1, False)] if base else []
    less = [(base, -1, False)] if base else []
    # Own credit notes: 85 takes the base with the VAT that became cost, 84 and 85 of reverse
    # charge the base alone.
    return _boxes(
        [(CLASS_BOX, 1, True), *more],
        [(CLASS_BOX, -1, True), *less, (credit, 1, not base)],
        owed if vat else "",
        "62" if vat and owed else "",
        "59" if vat else "",
        "63" if vat else "",
    )


BELGIAN_FAMILIES = (
    (
        "M",
        "medecontractant, btw verlegd",
        "cocontractant, autoliquidation",
        "451056",
        ("87", "85", "56"),
        (21, 12, 6, 0),
    ),
    (
        "E",
        "intracommunautaire verwerving van goederen (EU)",
        "acquisition intracommunautaire de biens (UE)",
        "451055",
        ("86", "84", "55"),
        (21, 12, 6, 0),
    ),
    (
        "S",
        "intracommunautaire diensten (EU)",
        "services intracommunautaires (UE)",
        "451055",
        ("88", "84", "55"),
        (21, 12, 6, 0),
    ),
    (
        "V",
        "invoer met verlegging van de heffing (buiten EU)",
        "importation avec report de perception (hors UE)",
        "451057",
        ("87", "85", "57"),
        (21, 12, 6, 0),
    ),
    (
        "X",
        "diensten van buiten EU, btw verlegd",
        "services hors UE, autoliquidation",
        "451056",
        ("87", "85", "56"),
        (21, 12, 6, 0),
    ),
    (
        "B",
        "goederen van buitenlandse leverancier in België, btw verlegd",
        "biens d'un fournisseur étranger en Belgique, autoliquidation",
        "451056",
        ("87", "85", "56"),
        (21, 12, 6),
    ),
)


def belgian_codes() -> Iterator[Code]:
    """All codes of a Belgian division."""
    due, claim = "451000", "411000"
    for rate, box in BELGIAN_RATE_BOX.items():
        yield Code(
            str(rate),
            f"Verkoop binnenland {rate} %",
            f"Ventes en Belgique {rate} %",
            "S",
            "E" if rate else "B",
            rate,
            _belgian_sale(box, "49", bool(rate)),
            due if rate else None,
        )
    yield Code(
        "21I",
        "Verkoop binnenland 21 % inclusief",
        "Ventes en Belgique 21 % TVA incluse",
        "S",
        "I",
        21,
        _belgian_sale("03", "49", True),
        due,
    )
    for code, nl, fr, box, credit, listing in (
        ("MC", "Medecontractant, btw verlegd", "Cocontractant, autoliquidation", "45", "49", "N"),
        (
            "IG",
            "Intracommunautaire levering van goederen (EU)",
            "Livraison intracommunautaire de biens (UE)",
            "46L",
            "48s46L",
            "L",
        ),
        (
            "IDV",
            "Intracommunautaire diensten (EU)",
            "Services intracommunautaires (UE)",
            "44",
            "48s44",
            "S",
        ),
        (
            "IT",
            "Driehoeksverkeer (ABC), intracommunautair",
            "Opération triangulaire (ABC), intracommunautaire",
            "46T",
            "48s46T",
            "T",
        ),
        ("EXP", "Uitvoer van goederen buiten EU", "Exportation de biens hors UE", "47", "49", "N"),
        (
            "EXD",
            "Diensten aan klanten buiten EU",
            "Services à des clients hors UE",
            "47",
            "49",
            "N",
        ),
        ("VR", "Vrijgesteld (art. 44)", "Exempté (art. 44)", "00", "49", "N"),
    ):
        yield Code(
            code,
            f"Verkoop: {nl}",
            f"Ventes : {fr}",
            "S",
            "B",
            0,
            _belgian_sale(box, credit),
            listing=listing,
        )
    yield Code("GV", "Verkoop buiten btw-aangifte", "Ventes hors TVA", "S", "N", 0, _boxes())
    for rate in (21, 12, 6, 0):
        yield Code(
            f"A{rate}",
            f"Aankoop binnenland {rate} %",
            f"Achats en Belgique {rate} %",
            "P",
            "E" if rate else "B",
            rate,
            _belgian_purchase(vat=bool(rate)),
            to_claim=claim if rate else None,
        )
    for letter, nl, fr, account, boxes, rates in BELGIAN_FAMILIES:
        for rate in rates:
            yield Code(
                f"{letter}{rate}",
                f"Aankoop {rate} %, {nl}",
                f"Achats {rate} %, {fr}",
                "P",
                "E" if rate else "B",
                rate,
                _belgian_purchase(*boxes, vat=bool(rate)),
                account if rate else None,
                claim if rate else None,
            )
    yield Code("GA", "Aankoop buiten btw-aangifte", "Achats hors TVA", "P", "N", 0, _boxes())


def _dutch(rubric: str, owed: str = "", claim: bool = False) -> dict:
    base = [(f"{rubric} (omzet)", 1, False)] if rubric else []
    credit = [(f"{rubric} (omzet)", -1, False)] if rubric else []
    claimed = "5b (BTW)" if claim else ""
    return _boxes(base, credit, owed, owed, claimed, claimed, sign=-1)


def dutch_codes() -> Iterator[Code]:
    """All codes of a Dutch division."""

    def sale(code, name, rubric, rate=0, account=None, listing="N", kind=None):
        return Code(
            code,
            f"Verkoop: {name}",
            name,
            "S",
            kind or ("E" if rate else "B"),
            rate,
            _dutch(rubric, f"{rubric} (BTW)" if rate else ""),
            account,
            listing=listing,
        )

    def purchase(code, name, rubric, rate, to_pay, to_claim):
        return Code(
            code,
            f"Inkoop: {name}",
            name,
            "P",
            "E" if rate else "B",
            rate,
            _dutch(rubric, f"{rubric} (BTW)" if rubric and rate else "", bool(rate)),
            to_pay,
            to_claim,
        )

    yield sale("VH", "btw hoog 21 %", "1a", 21, "1500")
    yield sale("VL", "btw laag 9 %", "1b", 9, "1501")
    yield sale("VO", "overig tarief 13 % (sportkantine)", "1c", 13, "1502")
    yield sale("VP", "privégebruik 21 %", "1d", 21, "1503")
    yield sale("V0", "nultarief 0 %", "1e")
    yield sale("VV", "btw verlegd binnenland", "1e")
    yield sale("ICL", "intracommunautaire levering van goederen (EU)", "3bg", listing="L")
    yield sale("ICP", "intracommunautaire diensten (EU)", "3bs", listing="S")
    yield sale("ABC", "ABC-levering, intracommunautair (driehoek)", "3bt", listing="T")
    yield sale("INS", "installatie en afstandsverkopen binnen de EU", "3c")
    yield sale("EX", "export van goederen buiten de EU", "3a")
    yield sale("EXD", "diensten en installatie buiten de EU", "3a")
    yield sale("VR", "vrijgesteld van btw", "")
    yield sale("VHI", "btw hoog 21 % inclusief", "1a", 21, "1500", kind="I")
    yield Code("GV", "Verkoop: geen btw", "", "S", "N", 0, _boxes())
    yield purchase("KH", "btw hoog 21 %", "", 21, None, "1520")
    yield purchase("KL", "btw laag 9 %", "", 9, None, "1521")
    yield purchase("K0", "nultarief 0 %", "", 0, None, None)
    yield purchase("MH", "btw verlegd binnenland 21 %", "2a", 21, "1504", "1522")
    yield purchase("ML", "btw verlegd binnenland 9 %", "2a", 9, "1504", "1522")
    for letter, name, rubric, accounts in (
        (
            "E",
            "intracommunautaire verwerving van goederen binnen de EU",
            "4b",
            (("1516", "1524"), ("1517", "1525")),
        ),
        ("S", "intracommunautaire diensten uit de EU", "4b", (("1516", "1524"), ("1517", "1525"))),
        (
            "X",
            "invoer van goederen van buiten de EU, btw verlegd",
            "4a",
            (("1513", "1528"), ("1514", "1529")),
        ),
        ("Z", "diensten van buiten de EU, btw verlegd", "4a", (("1513", "1528"), ("1514", "1529"))),
    ):
        for suffix, rate, pair in (("H", 21, accounts[0]), ("L", 9, accounts[1])):
            yield purchase(f"{letter}{suffix}", f"{name} {rate} %", rubric, rate, *pair)
    yield Code("GK", "Inkoop: geen btw", "", "P", "N", 0, _boxes())


def properties(code: Code, language: str, account_guid) -> Row:
    """The record of a code; ``account_guid`` gives the guid of a ledger account's code."""
    return {
        "Code": code.code,
        "Description": code.fr if language == "fr" else code.nl,
        "Type": code.kind,
        "Percentage": Decimal(code.rate) / 100,
        "Charged": code.charged,
        "VATTransactionType": code.side,
        "EUSalesListing": code.listing,
        "IntraStat": code.listing == "L",
        "ExcludeVATListing": 0,
        "IsBlocked": False,
        "GLToPay": account_guid(code.to_pay),
        "GLToClaim": account_guid(code.to_claim),
        "CalculationBasis": 0,
        "VatMargin": 0,
        "TaxReturnType": 0,
        "VATPartialRatio": 0,
        "boxes": code.boxes,
    }


def card_of(row: Row, country: str) -> dict:
    """Boxes of a code that a person made, from its properties: the plain case of its family."""
    rate, charged = row.get("Percentage") or Decimal(0), bool(row.get("Charged"))
    if row.get("Type") == "N":
        return _boxes()
    sale = row.get("VATTransactionType") != "P"
    listing = row.get("EUSalesListing") or "N"
    if country == DUTCH:
        if sale:
            rubric = {"L": "3bg", "S": "3bs", "T": "3bt"}.get(
                listing, {21: "1a", 9: "1b", 0: "1e"}.get(int(rate * 100), "1c")
            )
            return _dutch(rubric, f"{rubric} (BTW)" if rate else "")
        return _dutch("2a" if charged else "", "2a (BTW)" if charged else "", bool(rate))
    if sale:
        box = {"L": "46L", "S": "44", "T": "46T"}.get(
            listing, BELGIAN_RATE_BOX.get(int(rate * 100), "03")
        )
        return _belgian_sale(box, "49" if listing == "N" else f"48s{box}", bool(rate))
    return _belgian_purchase(*(("87", "85", "56") if charged else ()), vat=bool(rate))


def neutral_code(row: Row, account_code, percentage: Decimal, class_box: str | None) -> VatCode:
    """The code as the neutral books book it.

    ``percentage`` is the fraction of the line; ``class_box`` the box of the ledger account (81, 82,
    83) or None, which leaves the base out of the three; ``account_code`` gives a guid's code.
    """
    boxes = row["boxes"]
    to_pay, to_claim = account_code(row.get("GLToPay")), account_code(row.get("GLToClaim"))
    charged = bool(row.get("Charged")) and bool(to_pay) and bool(to_claim)
    sale = row.get("VATTransactionType") != "P"

    def card(base: str, owed: str, claim: str, sign: int) -> Card:
        rated = percentage != 0
        return Card(
            tuple(BaseBox(*entry) for entry in boxes[base] if entry[0] != CLASS_BOX or class_box),
            Leg(to_claim, boxes[claim], sign=sign)
            if to_claim and rated and (charged or not sale)
            else None,
            Leg(to_pay, boxes[owed], sign=sign) if to_pay and rated and (charged or sale) else None,
        ).with_class(class_box or "")

    return VatCode(
        row["Code"],
        "sale" if sale else "purchase",
        percentage * 100,
        {},
        card("base", "owed", "claim", 1),
        card("credit", "owed_credit", "claim_credit", boxes["credit_sign"]),
    )
