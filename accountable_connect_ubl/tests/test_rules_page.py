"""docs/ubl-rules.md has a row for each rule, with what it says and what happens."""

import re
from pathlib import Path

from odoo.addons.accountable_connect_ubl.api.rules.check import BUYER_ADDRESS
from odoo.addons.accountable_connect_ubl.api.rules.repair import DECIMALS, REPAIRED
from odoo.addons.accountable_connect_ubl.api.rules.table import RULES, SUBJECTS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "ubl-rules.md"


def what_happens(id):
    if id in REPAIRED:
        return f"repaired where it is certain: {REPAIRED[id]}"
    if id.startswith(DECIMALS):
        return "repaired where it is certain: a tail of digits goes"
    return "a remark" if id == BUYER_ADDRESS else "refused"


def tables():
    """Headings and rows as the page has them."""
    for subject, rules in SUBJECTS.items():
        yield f"## {subject}"
        yield from (f"| {rule.id} | {rule.says} | {what_happens(rule.id)} |" for rule in rules)


def test_the_page_has_each_rule_once_and_no_other():
    lines = PAGE.read_text("utf-8").splitlines()
    rows = [line for line in lines if re.match(r"\| (BR|PEPPOL|NL|UBL)-", line)]
    headings = [line for line in lines if line.removeprefix("## ") in SUBJECTS]
    assert rows == [line for line in tables() if line.startswith("|")]
    assert headings == [line for line in tables() if line.startswith("#")]


def test_repairs_are_of_rules_that_there_are():
    assert set(REPAIRED) <= {rule.id for rule in RULES}
