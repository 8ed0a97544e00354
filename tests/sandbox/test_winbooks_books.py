"""The entries and VAT boxes of what is imported, and the switches for what is not on record."""

from __future__ import annotations

from decimal import Decimal

import pytest
import winbooks_files as wf
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from winbooks_files import FOLDER
from winbooks_office import boxes, codes, document, entry, import_files, try_out

from sandbox.winbooks_desktop.vat_codes import vat_codes


def bill(total, account, *lines, kind=0, number=1):
    """A bill or credit note of a supplier; ``lines`` come after its cost."""
    return wf.document(
        kind, [(2, {"ACCOUNTRP": "SUPP", "AMOUNTEUR": total}), account, *lines], number
    )


def cost(account, amount, code=""):
    return 3, {"ACCOUNTGL": account, "AMOUNTEUR": amount, "VATIMPUT": code}


def base_of(base, code):
    return 4, {"AMOUNTEUR": "0.00", "VATBASE": base, "VATCODE": code}


def owed(amount, account="451000"):
    return 3, {"DOCORDER": "VAT", "ACCOUNTGL": account, "AMOUNTEUR": amount}


CO_CONTRACTOR = bill(
    "-1000", cost("611000", "1000", "112304"), wf.vat("210", "1000", "112304"), owed("-210")
)
ONE_LEG = CO_CONTRACTOR[:-1]
HALF = bill("-121", cost("610200", "110.50", "112504"), wf.vat("10.50", "100", "112504"))
WHOLE = bill("-121", cost("610200", "100", "112504"), wf.vat("21", "100", "112504"))
REFUND = wf.document(
    3,
    [
        (1, {"ACCOUNTRP": "ALICE", "AMOUNTEUR": "-121"}),
        cost("700000", "100", "211400"),
        wf.vat("21", "100", "211400"),
    ],
)

CASES = {
    "sale at 0 %": (
        wf.document(
            2,
            [
                (1, {"ACCOUNTRP": "ALICE", "AMOUNTEUR": "50"}),
                cost("700600", "-50", "221000"),
                base_of("50", "221000"),
            ],
        ),
        {"400000": "50.00", "700600": "-50.00"},
        {"46L": "50.00"},
    ),
    "credit note on a sale": (
        REFUND,
        {"400000": "-121.00", "700000": "100.00", "451000": "21.00"},
        {"49": "100.00", "64": "21.00"},
    ),
    "purchase": (
        wf.purchase(),
        {"440000": "-605.00", "604000": "500.00", "411000": "105.00"},
        {"59": "105.00", "82": "500.00"},
    ),
    "credit note on a purchase": (
        bill("121", cost("604000", "-100", "111104"), wf.vat("-21", "100", "111104"), kind=1),
        {"440000": "121.00", "604000": "-100.00", "411000": "-21.00"},
        {"63": "21.00", "81": "-100.00", "85": "100.00"},
    ),
    "co-contractor": (
        CO_CONTRACTOR,
        {"440000": "-1000.00", "611000": "1000.00", "411000": "210.00", "451000": "-210.00"},
        {"56": "210.00", "59": "210.00", "82": "1000.00", "87": "1000.00"},
    ),
    "goods from another Member State": (
        bill(
            "-1000",
            cost("604000", "1000", "121104"),
            wf.vat("210", "1000", "121104"),
            owed("-210", "451055"),
        ),
        {"440000": "-1000.00", "604000": "1000.00", "411000": "210.00", "451055": "-210.00"},
        {"55": "210.00", "59": "210.00", "81": "1000.00", "86": "1000.00"},
    ),
    "half deductible": (
        HALF,
        {"440000": "-121.00", "610200": "110.50", "411000": "10.50"},
        {"59": "10.50", "82": "110.50"},
    ),
    "half deductible, and we owe the VAT": (
        bill(
            "-100",
            cost("610200", "110.50", "122504"),
            wf.vat("10.50", "100", "122504"),
            owed("-21", "451055"),
        ),
        {"440000": "-100.00", "610200": "110.50", "411000": "10.50", "451055": "-21.00"},
        {"55": "21.00", "59": "10.50", "82": "110.50", "88": "100.00"},
    ),
    "not deductible": (
        bill("-121", cost("616580", "121", "112904"), base_of("100", "112904")),
        {"440000": "-121.00", "616580": "121.00"},
        {"82": "121.00"},
    ),
    "not deductible, without a code on the cost": (
        bill("-121", cost("616580", "121"), base_of("100", "112904")),
        {"440000": "-121.00", "616580": "121.00"},
        {"82": "121.00"},
    ),
    "both lines of VAT that we owe bear the code": (
        bill(
            "-1000",
            cost("611000", "1000"),
            wf.vat("210", "1000", "112304", ACCOUNTGL="411000"),
            wf.vat("-210", "1000", "112304", ACCOUNTGL="451000"),
        ),
        {"440000": "-1000.00", "611000": "1000.00", "411000": "210.00", "451000": "-210.00"},
        {"56": "210.00", "59": "210.00", "82": "1000.00", "87": "1000.00"},
    ),
    "both bear the code and no account": (
        bill(
            "-1000",
            cost("611000", "1000"),
            wf.vat("210", "1000", "112304"),
            wf.vat("-210", "0", "112304"),
        ),
        {"440000": "-1000.00", "611000": "1000.00", "411000": "210.00", "451056": "-210.00"},
        {"56": "210.00", "59": "210.00", "82": "1000.00", "87": "1000.00"},
    ),
    "VAT without a base, without an order": (
        bill(
            "-121",
            cost("612000", "100", "112104"),
            wf.vat("21", "", "112104", ACCOUNTGL="411000", DOCORDER=""),
        ),
        {"440000": "-121.00", "612000": "100.00", "411000": "21.00"},
        {"59": "21.00", "82": "100.00"},
    ),
    "a cost that names its code as VATCODE": (
        bill(
            "-121",
            (3, {"ACCOUNTGL": "612000", "AMOUNTEUR": "100", "VATCODE": "112104"}),
            wf.vat("21", "100", "112104", ACCOUNTGL="411000"),
        ),
        {"440000": "-121.00", "612000": "100.00", "411000": "21.00"},
        {"59": "21.00", "82": "100.00"},
    ),
    "outside the return": (
        bill("-80", cost("614000", "80")),
        {"440000": "-80.00", "614000": "80.00"},
        {},
    ),
    "a sale below zero in a journal of sales": (
        wf.document(
            2,
            [
                (1, {"ACCOUNTRP": "ALICE", "AMOUNTEUR": "-121"}),
                cost("700000", "100", "211400"),
                wf.vat("21", "-100", "211400"),
            ],
        ),
        {"400000": "-121.00", "700000": "100.00", "451000": "21.00"},
        {"03": "-100.00", "54": "-21.00"},
    ),
    "money from a customer": (
        wf.document(
            4,
            [
                (3, {"ACCOUNTGL": "550001", "AMOUNTEUR": "100", "DOCORDER": "001"}),
                (1, {"ACCOUNTRP": "ALICE", "AMOUNTEUR": "-100", "DOCORDER": "002"}),
            ],
        ),
        {"550001": "100.00", "400000": "-100.00"},
        {},
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_booked(office, case):
    lines, accounts, in_boxes = CASES[case]
    assert import_files(office, wf.files(lines)) == 0
    [found] = office.documents(FOLDER)
    assert entry(office, found["key"]) == accounts
    assert found["boxes"] == in_boxes


def test_user_codes_are_different_and_short():
    for side in ("sale", "purchase"):
        for language in "FN":
            found = [code.data["users"][language] for code in vat_codes() if code.side == side]
            assert len(set(found)) == len(found)
            assert max(map(len, found)) <= 6
    assert len({code.code for code in vat_codes()}) == len(vat_codes())


# What is inferred ---------------------------------------------------------------------------------


def switched(office, **switches):
    office.winbooks.switches.set(switches)


def test_vat_a_cent_beside_its_base(office):
    lines = bill("-121.01", cost("612000", "100", "112104"), wf.vat("21.01", "100", "112104"))
    assert import_files(office, wf.files(lines)) == 0
    assert entry(office, "0/ACH/2026/1")["411000"] == "21.01"
    switched(office, operation_code="ignored")
    assert import_files(office, wf.files(lines), {"DOC_NUM": 2}) == 0
    assert entry(office, "0/ACH/2026/1") == {
        "440000": "-121.01",
        "612000": "100.01",
        "411000": "21.00",
    }
    assert boxes(office, "0/ACH/2026/1") == {"59": "21.00", "82": "100.00"}


def test_vat_without_an_operation_code(office):
    lines = bill(
        "-121.01", cost("612000", "100", "112104"), wf.vat("21.01", "100", "112104", OPCODE="")
    )
    assert import_files(office, wf.files(lines)) == 0
    assert entry(office, "0/ACH/2026/1")["411000"] == "21.00"
    switched(office, without_operation_code="keep")
    assert import_files(office, wf.files(lines), {"DOC_NUM": 2}) == 0
    assert entry(office, "0/ACH/2026/1")["411000"] == "21.01"


def test_recomputed_vat_that_we_owe(office):
    lines = bill(
        "-100",
        cost("611000", "100", "112304"),
        wf.vat("21.01", "100", "112304", OPCODE=""),
        owed("-21.01"),
    )
    assert import_files(office, wf.files(lines)) == 0
    assert entry(office, "0/ACH/2026/1") == {
        "440000": "-100.00",
        "611000": "100.00",
        "411000": "21.00",
        "451000": "-21.00",
    }


def test_one_line_where_we_owe_the_vat(office):
    assert codes(try_out(office, wf.files(ONE_LEG))) == ["DOC_BAL"]
    switched(office, second_leg="added")
    assert import_files(office, wf.files(ONE_LEG)) == 0
    assert entry(office, "0/ACH/2026/1") == {
        "440000": "-1000.00",
        "611000": "1000.00",
        "411000": "210.00",
        "451056": "-210.00",
    }
    assert boxes(office, "0/ACH/2026/1")["56"] == "210.00"


def test_both_lines_where_the_program_adds_one(office):
    """It is booked twice."""
    switched(office, second_leg="added")
    assert import_files(office, wf.files(CO_CONTRACTOR)) == 0
    assert entry(office, "0/ACH/2026/1") == {
        "440000": "-1000.00",
        "611000": "1000.00",
        "411000": "210.00 210.00",
        "451000": "-210.00",
        "451056": "-210.00",
    }
    assert boxes(office, "0/ACH/2026/1") == {
        "56": "420.00",
        "59": "420.00",
        "82": "1000.00",
        "87": "1000.00",
    }


def test_the_deductible_share_of_vat_that_is_fixed(office):
    """What is reduced already is reduced again; the whole VAT comes out right."""
    switched(office, share_on_fixed=True)
    assert import_files(office, wf.files(HALF)) == 0
    assert entry(office, "0/ACH/2026/1") == {
        "440000": "-121.00",
        "610200": "115.75",
        "411000": "5.25",
    }
    assert import_files(office, wf.files(WHOLE), {"DOC_NUM": 2}) == 0
    assert entry(office, "0/ACH/2026/1") == {
        "440000": "-121.00",
        "610200": "110.50",
        "411000": "10.50",
    }
    assert boxes(office, "0/ACH/2026/1") == {"59": "10.50", "82": "110.50"}


def test_the_sign_of_the_base_in_credit_notes(office):
    switched(office, credit_note_base="negative")
    assert import_files(office, wf.files(REFUND)) == 0
    assert boxes(office, "3/NCV/2026/1") == {"49": "-100.00", "64": "21.00"}


def test_a_foreign_currency(office):
    lines = wf.document(
        2,
        [
            (1, {"ACCOUNTRP": "ALICE", "AMOUNTEUR": "921.66", "CURRAMOUNT": "1000.00"}),
            (3, {"ACCOUNTGL": "700700", "AMOUNTEUR": "-921.66", "CURRAMOUNT": "-1000.00"}),
            base_of("921.66", "231000"),
        ],
        CURRCODE="USD",
        CURRATE="1.08500",
    )
    assert import_files(office, wf.files(lines)) == 0
    found = document(office, "2/VEN/2026/1")
    assert (found["currency"], found["rate"]) == ("USD", "1.08500")
    assert found["entry"][0]["document_amount"] == "1000.00"
    assert found["boxes"] == {"47": "921.66"}


# Whatever comes, the ledger balances --------------------------------------------------------------

PURCHASES = {code.code: code for code in vat_codes() if code.side == "purchase" and code.rate}
AMOUNT = st.decimals(Decimal("0.01"), Decimal("99999.99"), places=2)


@st.composite
def bills(draw):
    """A bill or credit note with a line or two of any code, VAT given as it may be."""
    refund = draw(st.booleans())
    sign = -1 if refund else 1
    lines, third = [], Decimal(0)
    names = st.lists(st.sampled_from(sorted(PURCHASES)), min_size=1, max_size=2, unique=True)
    for name in draw(names):
        code = PURCHASES[name]
        base, tax = draw(AMOUNT), draw(AMOUNT)
        lines.append(cost("612000", f"{sign * base}", draw(st.sampled_from(["", code.code]))))
        fixed = draw(st.sampled_from(["FIXED", ""]))
        lines.append(wf.vat(f"{sign * tax}", f"{base}", code.code, OPCODE=fixed))
        third += base + tax
        if code.card(refund).reverse_charge:
            lines.append(owed(f"{-sign * tax}"))
            third -= tax
    return bill(f"{-sign * third}", lines[0], *lines[1:], kind=1 if refund else 0)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    lines=bills(),
    second_leg=st.sampled_from(["given", "added"]),
    operation_code=st.sampled_from(["obeyed", "ignored"]),
    share=st.booleans(),
)
def test_the_ledger_balances(office, lines, second_leg, operation_code, share):
    switched(office, second_leg=second_leg, operation_code=operation_code, share_on_fixed=share)
    row = try_out(office, wf.files(lines))
    answers = {"DOC_NUM": 2} if "DOC_NUM" in codes(row) else {}
    assert import_files(office, wf.files(lines), answers) == 0
    assert sum(map(Decimal, office.trial_balance(FOLDER).values())) == 0
