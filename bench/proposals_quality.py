"""How good proposals are, on labelled pairs: which counterpart an account or a tax of Odoo has in
the chart of an office, and why. Needs no database.

    .local/venv/bin/python -m bench.proposals_quality [FOLDER]

prints the table for the files of a folder, ``bench/labelled`` unless told otherwise, and with
``--wrong`` each pair that is not right; ``bench/labelled/README.md`` says what is in the files.
It is a task of ``./run bench`` too.
"""

import csv
import json
import sys
from collections import Counter, defaultdict
from dataclasses import asdict, replace
from decimal import Decimal
from pathlib import Path

from bench.row import Row

LABELLED = Path(__file__).with_name("labelled")
PARENTS = {"be_comp": ("be", "be_comp"), "be_asso": ("be", "be_asso")}
KINDS = {"accounts": "ledger accounts", "vat": "VAT codes"}
WAYS = ("numbers alone", "names alone", "both")
VAT_WAYS = ("names and rates alone", "all the package tells")
MAIN = (("accounts", "both"), ("vat", "all the package tells"))
FIRST = 3
# Per cent that are right, and among the first three.
AIMS = {("accounts", "names alone"): (75, 90), ("accounts", "both"): (90, None)}
AIM_OF_CERTAIN = 60


def main(arguments: list[str]) -> int:
    """Print the table of a folder; with ``--wrong`` also what is not right."""
    folder = Path(next((one for one in arguments if not one.startswith("--")), LABELLED))
    for (name, way), result in measured(folder).items():
        print(f"{name}, {way}: {result.in_words()}")
        if "--wrong" in arguments:
            for line in result.wrong:
                print(f"    {line}")
    return 0


def inside(_bench) -> list[dict]:
    """The rows of the report, for the task of the benchmarks."""
    return [asdict(row) for row in rows(LABELLED)]


def rows(folder: Path) -> list[Row]:
    """The rows of the report."""
    found = []
    for (name, way), result in measured(folder).items():
        kind, _, half = name.partition("-")
        subject = f"Proposals of {KINDS[kind]}, labelled pairs ({half})"
        first, among = AIMS.get((kind, way), (None, None))
        count = result.counts["with_answer"]
        found.append(_aimed(subject, f"right, {way}, of {count}", result.first, first))
        if kind == "accounts":
            found.append(_aimed(subject, f"among the first three, {way}", result.among, among))
        if (kind, way) not in MAIN:
            continue
        wrong, silent = result.certain_wrong, result.silent
        found += [
            _aimed(subject, "called certain", result.certain, AIM_OF_CERTAIN),
            Row(subject, "wrong among certain", str(wrong), "0", not wrong),
            Row(
                subject,
                "nothing proposed where nothing fits",
                f"{silent} of {result.without_answer}",
            ),
        ]
    return found


def _aimed(subject, measure, per_cent, aim):
    value = f"{per_cent:.0f} %"
    if aim is None:
        return Row(subject, measure, value)
    return Row(subject, measure, value, f"≥ {aim} %", per_cent >= aim)


class Result:
    """What came out for the pairs of one file, compared in one way."""

    def __init__(self):
        self.counts = Counter()
        self.wrong: list[str] = []

    def add(self, right: set[str], proposal, ranked: list[str], about: str):
        """One pair: acceptable codes (none: nothing is to be proposed), the proposal or None, codes
        in their order."""
        counts = self.counts
        chosen = proposal and proposal.code
        certain = bool(proposal and proposal.certain)
        is_right = chosen in right if right else chosen is None
        counts["certain_wrong"] += certain and not is_right
        if right:
            counts["with_answer"] += 1
            counts["first"] += is_right
            counts["among"] += bool(right & set(ranked[:FIRST]))
            counts["certain"] += certain
        else:
            counts["without_answer"] += 1
            counts["silent"] += is_right
        if not is_right or (right and not certain):
            mark = "CERTAIN " if certain and not is_right else "" if not is_right else "right, "
            self.wrong.append(
                f"{mark}{about} → {chosen} {proposal.reason if proposal else ''}"
                f" {proposal.score if proposal else ''}, not {sorted(right)}; {ranked[:FIRST]}"
            )

    def _share(self, name):
        return 100 * self.counts[name] / (self.counts["with_answer"] or 1)

    @property
    def first(self) -> float:
        """Per cent of those with an answer whose proposal is right."""
        return self._share("first")

    @property
    def among(self) -> float:
        """Per cent of those with an answer that is among the first three."""
        return self._share("among")

    @property
    def certain(self) -> float:
        """Per cent of those with an answer whose proposal needs no second look."""
        return self._share("certain")

    @property
    def certain_wrong(self) -> int:
        """Proposals that needed no second look and are wrong."""
        return self.counts["certain_wrong"]

    @property
    def silent(self) -> int:
        """Where nothing fits, how often nothing is proposed."""
        return self.counts["silent"]

    @property
    def without_answer(self) -> int:
        """Pairs where nothing fits."""
        return self.counts["without_answer"]

    def in_words(self) -> str:
        """One line."""
        return (
            f"{self.counts['with_answer']} pairs, right {self.first:.1f} %, among three"
            f" {self.among:.1f} %, certain {self.certain:.1f} %, wrong among certain"
            f" {self.certain_wrong}; nothing where nothing fits {self.silent} of"
            f" {self.without_answer}"
        )


def measured(folder: Path) -> dict[tuple[str, str], Result]:
    """What came out, by name of the file without ending and way of comparing."""
    results = {}
    for path in sorted(folder.glob("accounts-*.csv")):
        pairs = Accounts(folder, read(path))
        for way in WAYS:
            results[path.stem, way] = pairs.result(way)
    for path in sorted(folder.glob("vat-*.csv")):
        pairs = read(path)
        for way in VAT_WAYS:
            results[path.stem, way] = vat_result(folder, pairs, way != VAT_WAYS[0])
    return results


def read(path: Path) -> list[dict]:
    """The rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def template(name: str):
    """Odoo's template as it lies in the addons, None without a name."""
    import odoo.addons
    from odoo.addons.accountable_connect.api.account_template import AccountTemplate

    found = {}
    for part in PARENTS.get(name, (name,)) if name else ():
        for folder in odoo.addons.__path__:
            path = Path(
                folder, f"l10n_{part[:2]}", "data", "template", f"account.account-{part}.csv"
            )
            if path.exists():
                for row in read(path):
                    if row["id"]:
                        found.setdefault(row["id"], {}).update(
                            {key: value for key, value in row.items() if value}
                        )
    return AccountTemplate.of_rows(name, found) if found else None


class Accounts:
    """Labelled accounts, and the charts they have their counterparts in."""

    def __init__(self, folder: Path, pairs: list[dict]):
        from odoo.addons.accountable_connect.api.counterparts import Counterparts

        self.pairs = pairs
        self.templates = {name: template(name) for name in {row["odoo_template"] for row in pairs}}
        self.charts = {
            chart: Counterparts(chart_items(folder / "charts" / f"{chart}.csv"))
            for chart in {row["chart"] for row in pairs}
        }
        # a company has one chart, also for the accounts its user made
        used = defaultdict(Counter)
        for row in pairs:
            used[row["chart"]][row["odoo_template"]] += bool(row["odoo_template"])
        self.used = {chart: count.most_common(1)[0][0] for chart, count in used.items()}

    def result(self, way: str) -> Result:
        """What is proposed by numbers alone, names alone or both."""
        from odoo.addons.accountable_connect.api import account_proposals

        result = Result()
        for row in self.pairs:
            source = self.source(row)
            if way == "numbers alone":
                source = replace(source, name="", names=(), renamed=False)
            elif way == "names alone":
                used = replace(source.account, code="", belgian=False)
                source = replace(source, code="", account=used)
            chart = self.charts[row["chart"]]
            proposal = account_proposals.propose_ledger_account(source, chart)
            ranked = account_proposals.rank_ledger_accounts(source, chart)
            result.add(
                set(filter(None, row["right_codes"].split(";"))),
                proposal,
                [one.one.code for one in ranked],
                f"{row['chart']} {row['odoo_code']} {row['odoo_name']}",
            )
        return result

    def source(self, row):
        """The ``Source`` of a labelled account."""
        from odoo.addons.accountable_connect.api.account_template import source_names
        from odoo.addons.accountable_connect.api.account_use import NATURE_BY_TYPE, UsedAccount
        from odoo.addons.accountable_connect.api.proposals import Source

        used = self.templates.get(row["odoo_template"])
        of_chart = self.used[row["chart"]]
        country = of_chart[:2].upper()
        found = used and used.find(row["odoo_xmlid"], row["odoo_code"])
        return Source(
            code=row["odoo_code"],
            account=UsedAccount(
                code=row["odoo_code"],
                nature=NATURE_BY_TYPE.get(row["account_type"], ""),
                belgian=country == "BE",
            ),
            template=used or self.templates.get(of_chart),
            country=country,
            **source_names([row["odoo_name"]], found),
        )


def chart_items(path: Path):
    """The ledger accounts of an office's chart."""
    from odoo.addons.accountable_connect.documents import MasterItem

    return [
        MasterItem(
            kind="ledger_account",
            code=row["code"],
            name=row["name"],
            details={"nature": row["nature"]} if row.get("nature") else {},
        )
        for row in read(path)
    ]


def vat_result(folder: Path, pairs: list[dict], with_details: bool) -> Result:
    """What is proposed for labelled taxes, with what a package tells of its codes or by their names
    and rates alone."""
    from odoo.addons.accountable_connect.api.counterparts import Counterparts
    from odoo.addons.accountable_connect.api.proposals import propose_vat_code

    charts = {
        chart: Counterparts(vat_items(folder / "vat_charts" / f"{chart}.csv", with_details))
        for chart in {row["chart"] for row in pairs}
    }
    result = Result()
    for row in pairs:
        proposal = propose_vat_code(tax_profile(row), charts[row["chart"]])
        result.add(
            set(filter(None, row["right_codes"].split(";"))),
            proposal,
            [proposal.code] if proposal else [],
            f"{row['chart']} {row['tax_name']} ({row['scope']} {row['document']})",
        )
    return result


def vat_items(path: Path, with_details: bool):
    """The VAT codes of an office's administration."""
    from odoo.addons.accountable_connect.documents import MasterItem

    items = []
    for row in read(path):
        details = {name: row[name] for name in ("rate", "scope") if row.get(name)}
        if with_details:
            if row.get("refund"):
                details["refund"] = row["refund"].lower() in ("1", "true", "yes")
            if row.get("details"):
                details |= json.loads(row["details"])
        items.append(
            MasterItem(kind="vat_code", code=row["code"], name=row["name"], details=details)
        )
    return items


def tax_profile(row):
    """The ``TaxProfile`` of a labelled tax."""
    from odoo.addons.accountable_connect.api.proposals import TaxProfile

    return TaxProfile(
        name=row["tax_name"],
        code=row["tax_name"],
        scope=row["scope"],
        refund="refund" in row["document"],
        rate=Decimal(row["rate"]) if row["rate"] else None,
        family=row["family"],
        purchase_class=row["purchase_class"],
        recoverable_share=Decimal(row["recoverable_share"] or 100),
        has_classes=row["country"].upper() != "NL",
    )


if __name__ == "__main__":
    import conftest  # noqa: F401  makes the addons importable

    sys.exit(main(sys.argv[1:]))
