"""The labelled pairs of the proposals' bench: what they name exists, nothing stands twice."""

import csv
import json
import re
from collections import Counter
from pathlib import Path

import pytest

from tooling.odoo_source import named_by_user, unpacked

LABELLED = Path(__file__).resolve().parent.parent / "bench" / "labelled"
ACCOUNTS, TAXES = sorted(LABELLED.glob("accounts-*.csv")), sorted(LABELLED.glob("vat-*.csv"))
FAMILIES = LABELLED.parent.parent / "accountable_connect" / "api" / "vat_families.py"
NATURES = {"", "income", "cost", "asset", "stock", "deferral", "advance_received", "balance"}
# A template with what it takes from the one below it.
TEMPLATES = {"be_comp": ("be", "be_comp"), "nl": ("nl",), "lu": ("lu",)}
CODE_DIGITS = 6


def table(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def chart(folder, name):
    return {row["code"]: row for row in table(LABELLED / folder / f"{name}.csv")}


def ids(paths):
    return [path.name for path in paths]


@pytest.fixture(scope="module")
def templates():
    """Accounts of each template by the id they have in its file."""
    source = named_by_user() or unpacked()
    here = [folder for folder in source.addons_folders if (folder / "l10n_be").is_dir()]
    if not here:
        pytest.skip("Odoo's charts are not here: any run with a database fetches them")
    addons = here[0]
    return {
        template: {
            row["id"]: row
            for part in parts
            for row in table(
                addons / f"l10n_{part[:2]}" / "data" / "template" / f"account.account-{part}.csv"
            )
        }
        for template, parts in TEMPLATES.items()
    }


@pytest.mark.parametrize("folder", ["charts", "vat_charts"])
def test_each_chart_names_each_code_once(folder):
    for path in (LABELLED / folder).glob("*.csv"):
        rows = table(path)
        assert len({row["code"] for row in rows}) == len(rows), path.name
        for row in rows:
            assert row["code"].strip() and row["name"].strip(), (path.name, row)
            assert row.get("nature", "") in NATURES, (path.name, row)
            assert row.get("scope", "") in {"", "sale", "purchase"}, (path.name, row)
            assert isinstance(json.loads(row.get("details") or "{}"), dict), (path.name, row)


@pytest.mark.parametrize(
    ("folder", "path"),
    [
        *(("charts", path) for path in ACCOUNTS),
        *(("vat_charts", path) for path in TAXES),
    ],
    ids=ids([*ACCOUNTS, *TAXES]),
)
def test_every_right_code_stands_in_its_chart(folder, path):
    for row in table(path):
        codes = row["right_codes"].split(";") if row["right_codes"] else []
        assert set(codes) <= set(chart(folder, row["chart"])), row
        assert len(set(codes)) == len(codes), row
        assert row["why"].strip(), row


@pytest.mark.parametrize("path", [*ACCOUNTS, *TAXES], ids=ids([*ACCOUNTS, *TAXES]))
def test_no_pair_stands_twice(path):
    of_pair = Counter(
        tuple(value for column, value in row.items() if column not in {"right_codes", "why"})
        for row in table(path)
    )
    assert not [pair for pair, times in of_pair.items() if times > 1]


@pytest.mark.parametrize("path", ACCOUNTS, ids=ids(ACCOUNTS))
def test_accounts_of_a_template_are_those_of_odoo(path, templates):
    for row in table(path):
        if not row["odoo_template"]:
            assert not row["odoo_xmlid"] and row["odoo_code"] and row["odoo_name"], row
            continue
        account = templates[row["odoo_template"]][row["odoo_xmlid"]]
        assert row["odoo_code"] == account["code"].ljust(CODE_DIGITS, "0"), row
        assert row["account_type"] == account["account_type"], row
        column = "name" if row["odoo_lang"] == "en" else f"name@{row['odoo_lang']}"
        assert row["odoo_name"] == account[column].strip(), row


@pytest.mark.parametrize("path", TAXES, ids=ids(TAXES))
def test_a_tax_says_what_is_compared(path):
    families = set(re.findall(r'^[A-Z_]+ = "([a-z_]+)"', FAMILIES.read_text(), re.MULTILINE))
    for row in table(path):
        assert row["family"] in families, row
        assert row["document"] in {"invoice", "refund"}, row
        assert (row["scope"] == "purchase") == bool(row["recoverable_share"]), row
        assert row["purchase_class"] in {"", "81", "82", "83"}, row


def test_a_chart_belongs_to_one_half():
    for kind in (ACCOUNTS, TAXES):
        charts = Counter(name for path in kind for name in {row["chart"] for row in table(path)})
        assert not [name for name, halves in charts.items() if halves > 1]
