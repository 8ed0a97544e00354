"""Entries as files, byte for byte.

``sale_two_rates``, ``purchase`` and ``sale_zero_rate`` were typed by hand from published examples
of real exports, before there was a writer. The others were written by it and read line by line
against the entry an accountant makes of the document, which the cases have in figures.
"""

from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest
from odoo.addons.accountable_connect.documents import PURCHASE, PURCHASE_REFUND
from odoo.addons.accountable_connect_winbooks.api.entry import act_lines
from odoo.addons.accountable_connect_winbooks.api.folder import Folder, VatCode
from odoo.addons.accountable_connect_winbooks.api.layout import ACT
from odoo.addons.accountable_connect_winbooks.api.options import Options
from odoo.addons.accountable_connect_winbooks.api.validator import findings
from odoo.addons.accountable_connect_winbooks.tests.case import amounts_of
from odoo.addons.accountable_connect_winbooks.tests.cases import CASES
from odoo.addons.accountable_connect_winbooks.tests.entries import (
    bought,
    delivery,
    document,
    given_to,
    written,
)

DATA = Path(__file__).parent / "data"


def files_of(case):
    given = given_to(case.document, case.number, **case.given)
    return written(delivery(case.document, given), **case.options)


def rows(content, fields=ACT):
    """The lines of a file as dictionaries."""
    names = [field.name for field in fields]
    lines = content.decode("cp1252").removesuffix("\r\n").split("\r\n")
    return [dict(zip(names, line[1:-1].split('","'), strict=True)) for line in lines]


@pytest.mark.parametrize("name", CASES)
def test_the_entry_byte_for_byte(name):
    content = files_of(CASES[name]())["ACT.TXT"]
    expected = (DATA / f"{name}.act.txt").read_bytes()
    # lines first: how they differ can be read
    assert content.decode("cp1252").split("\r\n") == expected.decode("cp1252").split("\r\n")
    assert content == expected


@pytest.mark.parametrize("name", CASES)
def test_the_file_adds_up_to_the_entry_of_the_document(name):
    case, sums = CASES[name](), defaultdict(Decimal)
    for row in rows((DATA / f"{name}.act.txt").read_bytes()):
        sums[row["ACCOUNTGL"]] += Decimal(row["AMOUNTEUR"])
    assert {account: amount for account, amount in sums.items() if amount} == amounts_of(case.entry)


def test_every_file_belongs_to_a_document():
    assert {path.name for path in DATA.glob("*.act.txt")} == {f"{name}.act.txt" for name in CASES}


@pytest.mark.parametrize("name", CASES)
def test_the_check_finds_nothing_in_it(name):
    case = CASES[name]()
    files = files_of(case)
    lines = (files[file].splitlines(keepends=True) for file in ("ACT.TXT", "CSF.TXT"))
    assert findings(*lines, Folder(), Options(**case.options)) == []


def test_a_missing_opposite_line_is_a_fault_where_it_should_be_there():
    files = files_of(CASES["purchase_co_contractor_one_leg"]())
    found = findings(files["ACT.TXT"].splitlines(keepends=True), (), Folder(), Options())
    assert [one.code for one in found if one.fatal] == ["DOC_BAL"]


@pytest.mark.parametrize("kind", [PURCHASE, PURCHASE_REFUND])
@pytest.mark.parametrize(
    ("deductible", "owed", "base"),
    [("full", 0, "110.50"), ("part", 0, "100.00"), ("", 0, "100.00"), ("full", 21, "100.00")],
)
def test_vat_that_became_cost_is_in_the_base_of_a_code_deducted_in_full(
    kind, deductible, owed, base
):
    """But where we owe it: another box has the bare base."""
    code = VatCode(code="112104", rate=Decimal(21), deductible=deductible)
    built = document(kind, 1, bought("613310", "112104", 100, 21 - owed, owed=owed, share=50))
    lines = act_lines(built, given_to(built, "1"), Options(), Folder(vat_codes={"112104": code}))
    found = {row["VATCODE"]: row["VATBASE"] for row in rows(b"".join(lines)) if row["VATCODE"]}
    assert found == {"112104": base}
