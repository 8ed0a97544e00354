"""What the addon writes, imported in the sandbox: the accounts and boxes an accountant expects."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

import pytest
from odoo.addons.accountable_connect_winbooks.tests.case import amounts_of
from odoo.addons.accountable_connect_winbooks.tests.cases import CASES
from odoo.addons.accountable_connect_winbooks.tests.test_writer import files_of
from winbooks_files import FOLDER, QUARTERS
from winbooks_office import codes, execute, try_out

from sandbox.winbooks_desktop import inspection

# What WinBooks does itself in an office that chose so.
SWITCHES = {
    "second_leg": {"second_leg": "added"},
    "partly_deductible": {"share_on_fixed": True},
    "credit_note_base": {"credit_note_base": "negative"},
    "operation_code": {"without_operation_code": "keep"},
}
# The program books VAT that we owe on accounts of its own.
OWED = ("451055", "451056", "451057")


def booked(lines):
    sums = defaultdict(Decimal)
    for line in lines:
        account = "451000" if line["account"] in OWED else line["account"]
        sums[account] += Decimal(line["amount"])
    return {account: amount for account, amount in sums.items() if amount}


@pytest.mark.parametrize("name", CASES)
def test_the_books_are_those_of_an_accountant(office, name):
    case = CASES[name]()
    folder = QUARTERS if case.given.get("book_year") else FOLDER
    for option in case.options:
        office.winbooks.switches.set(SWITCHES.get(option, {}))
    known = {one["number"] for one in inspection.accounts(office.winbooks.administration(folder))}
    for account in set(case.entry) - known - {""}:
        office.winbooks.act(folder, "account", account=account, name=account)
    row = try_out(office, files_of(case), folder)
    late = {"OUT_DAT"} if case.given.get("late") else set()
    assert set(codes(row)) <= {"ACC_MISS", "SEQ_RUPT"} | late
    assert execute(office, row, dict.fromkeys(codes(row), 1)) == 0
    (found,) = office.documents(folder)
    assert booked(found["entry"]) == amounts_of(case.booked or case.entry)
    if case.boxes:
        assert " ".join(f"{box}={base}" for box, base in found["boxes"].items()) == case.boxes
