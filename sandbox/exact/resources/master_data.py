"""What a division is set up with: chart, journals, VAT codes, conditions, periods, lists.

Choices where the reference is silent: codes are unique (payment conditions excepted: several rows
of one code with a percentage are instalments); a ledger account, journal, VAT code or cost centre
in use cannot be removed; the account of a VAT code must have type 24. The chart has one language:
the header ``CustomDescriptionLanguage`` changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from .. import chart
from ..division import Division
from ..resource import BusinessError, Hints, Row
from ..vat_codes import card_of
from .base import Computed, Empty, Records

ACCOUNTS, JOURNALS, VAT_CODES = "financial/GLAccounts", "financial/Journals", "vat/VATCodes"
CONDITIONS, PERCENTAGES = "cashflow/PaymentConditions", "vat/VatPercentages"
COST_CENTRES, COST_UNITS = "hrm/Costcenters", "hrm/Costunits"
JOURNAL_TYPES = {
    10: "Cash",
    12: "Bank",
    16: "Payment service",
    20: "Sales",
    21: "Return invoice",
    22: "Purchase",
    23: "Received return invoice",
    90: "General",
}


def _in_use(division: Division, column: str, value: str) -> bool:
    return (
        division.store.row(
            f"SELECT 1 FROM entry e JOIN document d ON d.id = e.document"
            f" WHERE d.administration = ? AND {column} = ?",
            division.code,
            value,
        )
        is not None
    )


class LedgerAccounts(Records):
    """The chart."""

    mandatory = (("Code", "code"), ("Description", "description"))
    unique_code = True
    codes = (
        ("VATCode", VAT_CODES, "vat_code"),
        ("Costcenter", COST_CENTRES, "cost_centre"),
        ("Costunit", COST_UNITS, "cost_unit"),
    )
    references = (("VATNonDeductibleGLAccount", ACCOUNTS, "ledger_account"),)
    defaults = {
        "Type": 90,
        "BalanceSide": "D",
        "BalanceType": "B",
        "IsBlocked": False,
        "UseCostcenter": 0,
        "UseCostunit": 0,
        "Matching": False,
        "Compress": False,
    }

    def check(self, division: Division, row: Row, old: Row | None) -> None:
        super().check(division, row, old)
        if row.get("Type") not in chart.TYPE_NAMES:
            raise BusinessError("invalid", "type")

    def prepared(self, division: Division, row: Row) -> Row:
        return {
            **row,
            "Code": str(row["Code"]).strip(),
            "TypeDescription": chart.TYPE_NAMES[row["Type"]],
        }

    def shown(self, division: Division, row: Row) -> Row:
        vat = division.by_code(VAT_CODES, row["VATCode"]) if row.get("VATCode") else None
        return {**row, "VATDescription": vat and vat["Description"]}

    def check_removal(self, division: Division, row: Row) -> None:
        if _in_use(division, "e.account", row["Code"]):
            raise BusinessError("has_transactions")


class Journals(Records):
    """Diaries; entries refer to them by code."""

    mandatory = (("Code", "code"), ("Description", "description"), ("Type", "type"))
    unique_code = True
    references = (("GLAccount", ACCOUNTS, "ledger_account"),)
    defaults = {
        "IsBlocked": False,
        "AllowVAT": False,
        "AllowVariableCurrency": True,
        "AllowVariableExchangeRate": True,
        "AutoSave": False,
    }

    def check(self, division: Division, row: Row, old: Row | None) -> None:
        super().check(division, row, old)
        if row.get("Type") not in JOURNAL_TYPES:
            raise BusinessError("invalid", "type")
        wanted = {20: (20,), 21: (20,), 22: (22,), 23: (22,), 10: (10,), 12: (12,)}.get(row["Type"])
        if wanted is None:
            return
        account = division.find(ACCOUNTS, row.get("GLAccount"))
        if account is None:
            raise BusinessError("mandatory", "ledger_account")
        if account["Type"] not in wanted:
            raise BusinessError("ledger_account_type")

    def prepared(self, division: Division, row: Row) -> Row:
        return {"Currency": division.currency, **row, "Code": str(row["Code"]).strip()}

    def shown(self, division: Division, row: Row) -> Row:
        account = division.find(ACCOUNTS, row.get("GLAccount")) or {}
        return {
            **row,
            "GLAccountCode": account.get("Code"),
            "GLAccountDescription": account.get("Description"),
            "GLAccountType": account.get("Type"),
        }

    def check_removal(self, division: Division, row: Row) -> None:
        if division.books.documents("journal = ?", row["Code"]):
            raise BusinessError("has_transactions")


class VatCodes(Records):
    """VAT codes; the boxes of the return are the sandbox's own knowledge and never shown."""

    mandatory = (("Code", "code"), ("Description", "description"))
    longest = (("Code", 3, "code"),)
    unique_code = True
    defaults = {
        "Type": "E",
        "VATTransactionType": "S",
        "Charged": False,
        "EUSalesListing": "N",
        "IntraStat": False,
        "IsBlocked": False,
        "CalculationBasis": 0,
        "VatMargin": 0,
    }
    references = (
        ("GLToPay", ACCOUNTS, "ledger_account"),
        ("GLToClaim", ACCOUNTS, "ledger_account"),
    )
    collections = {"VATPercentages": PERCENTAGES}

    def check(self, division: Division, row: Row, old: Row | None) -> None:
        super().check(division, row, old)
        if row.get("Type") not in ("E", "I", "B", "N"):
            raise BusinessError("invalid", "type")
        for name, refusal in (
            ("GLToPay", "vat_to_pay_account"),
            ("GLToClaim", "vat_to_claim_account"),
        ):
            account = division.find(ACCOUNTS, row.get(name))
            if account and account["Type"] != chart.VAT:
                raise BusinessError(refusal)

    def prepared(self, division: Division, row: Row) -> Row:
        row = {
            **row,
            "Code": str(row["Code"]).strip(),
            "Percentage": row.get("Percentage") or Decimal(0),
        }
        row.pop("VATPercentages", None)
        return row if row.get("boxes") else {**row, "boxes": card_of(row, division.country)}

    def create(self, division: Division, values: Row) -> Row:
        percentages = values.get("VATPercentages") or []
        valid = [row.get("Percentage") for row in percentages if row.get("Percentage") is not None]
        with division.store.transaction():
            row = super().create(division, {**values, "Percentage": valid[-1] if valid else None})
            for number, found in enumerate(percentages or [{}], 1):
                division.add(
                    PERCENTAGES,
                    {
                        "Percentage": Decimal(0),
                        "Type": 0,
                        **found,
                        "VATCodeID": row["ID"],
                        "LineNumber": number,
                    },
                )
        return row

    def shown(self, division: Division, row: Row) -> Row:
        shown = {name: value for name, value in row.items() if name != "boxes"}
        for name in ("GLToPay", "GLToClaim"):
            account = division.find(ACCOUNTS, row.get(name)) or {}
            shown.update(
                {
                    f"{name}Code": account.get("Code"),
                    f"{name}Description": account.get("Description"),
                }
            )
        return shown

    def check_removal(self, division: Division, row: Row) -> None:
        if _in_use(division, "e.vat_code", row["Code"]):
            raise BusinessError("has_transactions")
        for found in division.all(PERCENTAGES, parent=row["ID"]):
            division.remove(PERCENTAGES, found["ID"])


class Conditions(Records):
    """Payment conditions; no change and no removal."""

    mandatory = (("Code", "code"), ("Description", "description"))
    defaults = {"PaymentMethod": "B", "PaymentDays": 0, "PaymentEndOfMonths": 0}

    def check(self, division: Division, row: Row, old: Row | None) -> None:
        super().check(division, row, old)
        others = division.all(CONDITIONS, code=str(row["Code"]).strip())
        if others and not (
            row.get("Percentage") and all(other.get("Percentage") for other in others)
        ):
            raise BusinessError("exists")

    def prepared(self, division: Division, row: Row) -> Row:
        return {**row, "Code": str(row["Code"]).strip()}


class CostAxis(Records):
    """Cost centres or cost units."""

    mandatory = (("Code", "code"), ("Description", "description"))
    longest = (("Code", 8, "code"), ("Description", 60, "description"))
    unique_code = True

    def check_removal(self, division: Division, row: Row) -> None:
        column = "e.cost_centre" if self.entity == COST_CENTRES else "e.cost_unit"
        if _in_use(division, column, row["Code"]):
            raise BusinessError("has_transactions")


class Currencies(Records):
    """Currencies, by code."""

    def found(self, division: Division, hints: Hints) -> Iterable[Row]:
        return division.all(self.entity)


def _periods(division: Division) -> list[Row]:
    from ..division import as_day

    return [
        {
            "ID": division.guid(
                "financial/FinancialPeriods", f"{year['number']}/{period['number']}"
            ),
            "FinYear": year["number"],
            "FinPeriod": period["number"],
            "StartDate": as_day(period["start"]),
            "EndDate": as_day(period["finish"]),
            "Division": division.code,
        }
        for year in division.books.book_years()
        for period in division.books.periods(year["number"])
    ]


def _journal_statuses(division: Division) -> Iterable[Row]:
    closed = set(division.store.setting(f"closed.{division.code}", []))
    periods = [
        (year["number"], period["number"])
        for year in division.books.book_years()
        for period in division.books.periods(year["number"])
    ]
    for journal in sorted(division.all(JOURNALS), key=lambda row: row["Code"]):
        for year, period in periods:
            status = int(f"{journal['Code']}/{year}/{period}" in closed)
            yield {
                "Journal": journal["Code"],
                "Year": year,
                "Period": period,
                "JournalDescription": journal["Description"],
                "JournalType": journal["Type"],
                "JournalTypeDescription": JOURNAL_TYPES[journal["Type"]],
                "Status": status,
                "StatusDescription": "Closed" if status else "Open",
            }


TRANSACTION_TYPES = {
    10: "Opening balance",
    20: "Sales entry",
    21: "Sales credit note",
    30: "Purchase entry",
    31: "Purchase credit note",
    40: "Cash flow",
    50: "VAT return",
    80: "Revaluation",
    82: "Exchange rate difference",
    83: "Payment difference",
    84: "Deferred revenue",
    86: "Deferred cost",
    87: "VAT on prepayment",
    90: "Other",
    290: "Correction entry",
    310: "Period closing",
    320: "Year end reflection",
}
SOURCES = {1: "Manual entry", 3: "Purchase invoice", 11: "Import", 20: "Invoicing", 30: "API"}


def _named_list(names: dict[int, str]):
    def rows(division: Division) -> list[Row]:
        return [
            {"ID": number, "Description": name, "DescriptionSuffix": ""}
            for number, name in names.items()
        ]

    return rows


RESOURCES = (
    LedgerAccounts(ACCOUNTS),
    Journals(JOURNALS),
    VatCodes(VAT_CODES),
    Records(PERCENTAGES),
    Conditions(CONDITIONS),
    CostAxis(COST_CENTRES),
    CostAxis(COST_UNITS),
    Currencies("general/Currencies"),
    Records(
        "financial/ExchangeRates",
        mandatory=(("SourceCurrency", "currency"),),
        codes=(("SourceCurrency", "general/Currencies", "currency"),),
    ),
    Records("cashflow/Banks"),
    Computed("financial/FinancialPeriods", ("ID",), _periods),
    Computed("read/financial/JournalStatusList", ("Journal", "Period", "Year"), _journal_statuses),
    Computed("financial/GLTransactionTypes", ("ID",), _named_list(TRANSACTION_TYPES)),
    Computed("financial/GLTransactionSources", ("ID",), _named_list(SOURCES)),
    Records("financial/DeductibilityPercentages"),
    Empty("salesinvoice/SalesInvoices", ("not_allowed", "journal")),
    Empty("salesinvoice/SalesInvoiceLines", ("not_allowed", "journal")),
)
