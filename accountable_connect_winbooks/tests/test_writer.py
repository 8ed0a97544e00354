"""Entries as files, byte for byte.

``sale_two_rates``, ``purchase`` and ``sale_zero_rate`` were typed by hand from published examples
of real exports, before there was a writer. The others were written by it and read line by line
against the entry an accountant makes of the document, which the cases have in figures.
"""

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from odoo.addons.accountable_connect.api.errors import DataRefusedError
from odoo.addons.accountable_connect.documents import PURCHASE, PURCHASE_REFUND
from odoo.addons.accountable_connect_winbooks.api.entry import act_lines
from odoo.addons.accountable_connect_winbooks.api.folder import Folder, VatCode
from odoo.addons.accountable_connect_winbooks.api.layout import ACT
from odoo.addons.accountable_connect_winbooks.api.options import DEDUCTIBLE_PART, WHOLE_VAT, Options
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


def test_a_credit_note_names_what_it_corrects_where_nothing_is_cut():
    case = CASES["sale_credit_note"]()
    text = "RINV/2026/00005 / Terugname van de stoelen / INV/2026/00043 10-02-2026"
    document = replace(case.document, text=text, reference="", origin_number="INV/2026/00043")
    third = rows(files_of(replace(case, document=document))["ACT.TXT"])[0]
    assert "INV/2026/00043" not in third["COMMENT"]
    assert third["COMMENTEXT"] == "INV/2026/00043"


def test_an_opposite_does_not_ask_for_the_payment():
    """What is paid with the communication is matched with an entry that has it."""
    case = CASES["sale_credit_note"]()
    communication = "+++202/6000/04236+++"
    document = replace(case.document, number="INV/2026/00043", communication=communication)
    of_its_own = rows(files_of(replace(case, document=document))["ACT.TXT"])[0]
    opposite = replace(document, origin_number=document.number)
    third = rows(files_of(replace(case, document=opposite))["ACT.TXT"])[0]
    assert of_its_own["COMMENTEXT"] == communication
    assert third["COMMENTEXT"] == "INV/2026/00043"


def test_a_missing_opposite_line_is_a_fault_where_it_should_be_there():
    files = files_of(CASES["purchase_co_contractor_one_leg"]())
    found = findings(files["ACT.TXT"].splitlines(keepends=True), (), Folder(), Options())
    assert [one.code for one in found if one.fatal] == ["DOC_BAL"]


def lines_of(kind, deductible, vat, owed=0, **options):
    """Of a bill of 100 whose VAT is deducted for half; what is known of its code."""
    code = VatCode(code="112104", rate=Decimal(21), deductible=deductible)
    built = document(kind, 1, bought("613310", "112104", 100, vat, owed=owed, share=50))
    folder = Folder(vat_codes={"112104": code})
    return rows(b"".join(act_lines(built, given_to(built, "1"), Options(**options), folder)))


@pytest.mark.parametrize("kind", [PURCHASE, PURCHASE_REFUND])
@pytest.mark.parametrize("written_as", [DEDUCTIBLE_PART, WHOLE_VAT])
def test_vat_that_became_cost_is_in_the_base_of_a_code_deducted_in_full(kind, written_as):
    lines = lines_of(kind, "full", 21, partly_deductible=written_as)
    assert [row["VATBASE"] for row in lines if row["VATCODE"]] == ["110.50"]
    assert [abs(Decimal(row["AMOUNTEUR"])) for row in lines if row["VATIMPUT"]] == [
        Decimal("110.50")
    ]


@pytest.mark.parametrize("deductible", ["part", "none", ""])
def test_any_other_code_adds_it_to_the_base_itself(deductible):
    lines = lines_of(PURCHASE, deductible, 21)
    assert [row["VATBASE"] for row in lines if row["VATCODE"]] == ["100.00"]


def test_owed_vat_that_is_not_deducted_is_refused_under_a_code_deducted_in_full():
    with pytest.raises(DataRefusedError) as caught:
        lines_of(PURCHASE, "full", 0, 21)
    assert caught.value.code == "owed_vat_not_deducted"
    assert caught.value.values["value"] == Decimal("10.50")
    assert lines_of(PURCHASE, "part", 0, 21)
