"""The ledger accounts of a demo dossier: the Belgian chart, and what Octopus keeps with an account.

``chart.csv`` holds what is on record of a live dossier: default VAT codes, the deductible share of
car and reception costs, cost centre types. Its names are ours; an empty one is that of the chart.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path

from ..kit.charts import chart_of, csv_rows

CONTROL_ACCOUNTS = (400000, 440000)
NO_COST_CENTRE, COST_CENTRE_MANDATORY, COST_CENTRE_OPTIONAL = 0, 1, 2
DEFAULTS = {"sales_code": str, "purchase_code": str, "cost_centre_type": int}


@dataclass
class Account:
    """One account: names by language, its deductible share in percent (None: all), and its data as
    the books keep it."""

    number: int
    names: dict[str, str]
    share: Decimal | None = None
    data: dict[str, str | int | bool] = field(default_factory=dict)


@cache
def chart() -> list[Account]:
    """Every account in order, numbers of six digits."""
    accounts = {
        int(row["number"]): Account(int(row["number"]), {"nl": row["nl"], "fr": row["fr"]})
        for row in chart_of("belgian")
    }
    for number in CONTROL_ACCOUNTS:
        accounts[number].data["control"] = True
    for row in csv_rows(Path(__file__).with_suffix(".csv")):
        account = accounts.setdefault(int(row["number"]), Account(int(row["number"]), {}))
        account.names.update(
            {language: row[language] for language in ("nl", "fr") if row[language]}
        )
        account.share = Decimal(row["share"]) if row["share"] else None
        account.data.update({name: kind(row[name]) for name, kind in DEFAULTS.items() if row[name]})
    return [accounts[number] for number in sorted(accounts)]
