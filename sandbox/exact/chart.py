"""The charts of accounts: Belgian in six digits, Dutch as its decimal chart.

Each account has the package's type (10 cash, 12 bank, 20 receivable, 22 payable, 24 VAT, 30 fixed
assets, 110 revenue, 111 cost of goods, 121 general expenses …), its side, whether it belongs to the
balance sheet, and for Belgium the class of purchases: G goods (box 81), D services and sundry goods
(82), I investments (83).
"""

from __future__ import annotations

from ..kit.charts import chart_of
from .resource import Row

RECEIVABLE, PAYABLE, VAT, BANK, CASH = 20, 22, 24, 12, 10
CONTROL_TYPES = (RECEIVABLE, PAYABLE, VAT)
CLASS_BOXES = {"G": "81", "D": "82", "I": "83"}

TYPE_NAMES = {
    10: "Cash",
    12: "Bank",
    14: "Credit card",
    16: "Payment services",
    20: "Accounts receivable",
    21: "Prepayment accounts receivable",
    22: "Accounts payable",
    24: "VAT",
    25: "Employees payable",
    26: "Prepaid expenses",
    27: "Accrued expenses",
    29: "Income taxes payable",
    30: "Fixed assets",
    32: "Other assets",
    35: "Accumulated depreciation",
    40: "Inventory",
    50: "Capital stock",
    52: "Retained earnings",
    55: "Long term debt",
    60: "Current portion of debt",
    90: "General",
    100: "Tax payable",
    110: "Revenue",
    111: "Cost of goods",
    120: "Other costs",
    121: "Sales, general and administrative expenses",
    122: "Depreciation costs",
    123: "Research and development",
    125: "Employee costs",
    126: "Employment costs",
    130: "Exceptional costs",
    140: "Exceptional income",
    150: "Income taxes",
    160: "Interest income",
    300: "Year end reflection",
    301: "Indirect year end costing",
    302: "Direct year end costing",
}

# The longest beginning of a code decides.
BELGIAN_TYPES = {
    "1": 50,
    "14": 52,
    "16": 55,
    "17": 55,
    "2": 30,
    "3": 40,
    "4": 90,
    "40": 32,
    "400000": 20,
    "400100": 20,
    "406": 26,
    "411": 24,
    "41": 32,
    "412": 29,
    "42": 60,
    "440000": 22,
    "451": 24,
    "450": 100,
    "452": 29,
    "453": 100,
    "455": 25,
    "49": 90,
    "490": 26,
    "492": 27,
    "5": 32,
    "55": 12,
    "57": 10,
    "58": 90,
    "60": 111,
    "61": 121,
    "62": 125,
    "63": 122,
    "64": 120,
    "65": 120,
    "66": 130,
    "67": 150,
    "68": 130,
    "69": 130,
    "70": 110,
    "71": 110,
    "72": 110,
    "74": 110,
    "75": 160,
    "76": 140,
    "77": 150,
    "78": 140,
    "79": 140,
}
BELGIAN_CLASSES = {
    "2": "I",
    "3": "G",
    "60": "G",
    "61": "D",
    "62": "D",
    "64": "D",
    "65": "D",
    "66": "D",
}
LIABILITIES = (22, 25, 27, 29, 35, 50, 52, 55, 60, 100, 110, 140, 160)


def _longest(table: dict, code: str):
    """The value for the longest beginning of a code that the table knows."""
    return next(
        (table[code[:length]] for length in range(len(code), 0, -1) if code[:length] in table), None
    )


def _account(code: str, description: str, kind: int, purchase_class: str | None) -> Row:
    return {
        "Code": code,
        "Description": description,
        "Type": kind,
        "TypeDescription": TYPE_NAMES[kind],
        "BalanceSide": "C" if kind in LIABILITIES else "D",
        "BalanceType": "W" if kind >= 110 else "B",
        "Matching": kind in (20, 22, 90),
        "VATGLAccountType": purchase_class,
        "UseCostcenter": 0,
        "UseCostunit": 0,
        "IsBlocked": False,
        "Compress": False,
        "RevalueCurrency": False,
        "AllowCostsInSales": 0,
        "ExcludeVATListing": 0,
        "ReportingCode": code,
        "SearchCode": description[:20].upper(),
    }


def belgian_chart(language: str) -> list[Row]:
    """The chart of 500001 and 500002, in ``nl`` or ``fr``."""
    return [
        _account(
            row["number"],
            row[language],
            35
            if row["number"][0] == "2" and row["number"][3:4] == "9"
            else _longest(BELGIAN_TYPES, row["number"]) or 90,
            _longest(BELGIAN_CLASSES, row["number"]),
        )
        for row in chart_of("belgian")
    ]


def dutch_chart() -> list[Row]:
    """The chart of 600001."""
    return [_account(row["number"], row["nl"], int(row["type"]), None) for row in chart_of("dutch")]
