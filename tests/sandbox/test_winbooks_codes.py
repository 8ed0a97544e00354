"""Every code that the test of an import gives, on one broken file each."""

from __future__ import annotations

import pytest
import winbooks_files as wf
from winbooks_files import ALICE, FOLDER, SUPP
from winbooks_office import codes, import_files, notes, try_out

from sandbox.winbooks_desktop.codes import FATAL, WARNINGS

SALE = wf.sale()
SECOND = wf.sale(2)
FIELDS = [*wf.PLACES]
# About analytical entries, or about what is kept in a folder that nobody here looks at.
NEVER = {
    "ANA_BAL",
    "ANT_ST1",
    "ANT_ST2",
    "ANT_ZON",
    "DBK_ANT",
    "DBT_ANT",
}


def changed(lines, number, **values):
    """The lines with other values in one of them."""
    found = [list(fields) for fields in lines]
    for name, value in values.items():
        found[number][wf.PLACES[name]] = value
    return found


def of_third(**values):
    """Files whose customer has other values."""
    known = dict(zip(wf.THIRD_PLACES, ALICE, strict=True))
    return wf.files(thirds=[wf.third(**{**known, **values})])


BROKEN = {
    "ACC_FLD": wf.files([SALE[0], SALE[1][:30], SALE[2]]),
    "ACC_FLD of a third": wf.files(SALE, thirds=[ALICE[:20]]),
    "ACC_FLD of a short file": wf.files([fields[:18] for fields in SALE]),
    "ACC_MISS": wf.files(SALE, thirds=[]),
    "ACC_MOD": wf.files(thirds=[ALICE, wf.third(NUMBER="ALICE", TYPE=1, NAME1="Other")]),
    "ACN_MIS": wf.files(changed(SALE, 1, ACCOUNTGL="799999")),
    "ACN_MIS of a third": of_third(DEFLTPOST="799999"),
    "BAD_DATE": wf.files(changed(SALE, 0, DATEDOC="20260231")),
    "BAD_DATE with points": wf.files(changed(SALE, 0, DATE="15.03.26")),
    "BKC_ERR": of_third(BNKACCNT="BE68539007547034"),
    "BKC_ERR of digits": of_third(BNKACCNT="539-0075470-35"),
    "CAR_ERR": of_third(NUMBER="AL*CE"),
    "CAR_ERR of a number": wf.files(wf.sale("12/3")),
    "CAR_SPA": of_third(NUMBER=" ALICE"),
    "CID_ERR": wf.files(changed(SALE, 0, ACCOUNTGL="440000")),
    "CID_ERR of a supplier": wf.files(changed(SALE, 0, DOCTYPE="2", ACCOUNTRP="SUPP")),
    "CID_ERR of a third": of_third(CENTRAL="440000"),
    "CUR_ERR": wf.files(
        changed([SALE[0]], 0, CURRCODE="USD", CURRAMOUNT="1210.00", CURRATE="1.08500"), SALE[1:]
    ),
    "DBK_EMP": wf.files(SALE, wf.sale(2, DBKTYPE="3")),
    "DBK_ERR": wf.files(wf.sale(journal="REOPEN")),
    "DBK_MISS": wf.files(wf.sale(journal="VENTES")),
    "DBK_TYP": wf.files(wf.sale(journal="ACH")),
    "DBK_TYP2": wf.files(wf.sale(DBKTYPE="7")),
    "DEC_ERR": wf.files(changed(SALE, 0, AMOUNTEUR="1210.005")),
    "DEC_ERR of a text": wf.files(changed(SALE, 0, AMOUNTEUR="1 210.00")),
    "DOC_BAL": wf.files(changed(SALE, 1, AMOUNTEUR="-999.99")),
    "DOC_BAL of a base": wf.files(changed(SALE, 2, DOCTYPE="4")),
    "DOC_EXI": wf.files(wf.sale(PERIOD="03"), wf.sale(PERIOD="04", DATEDOC="20260415")),
    "DOC_SIM": wf.files([*SALE[:2], [*SALE[2][:32], "T", *SALE[2][33:]]]),
    "FLD_MISS": wf.files(changed(SALE, 1, DOCTYPE="9")),
    "FLD_MISS of a VAT code": wf.files(changed(SALE, 2, VATCODE="999999")),
    "FLD_MISS of a third": of_third(TYPE="3"),
    "LANG_ERR": of_third(LANG="X"),
    "LEN_ACCO": wf.files(changed(SALE, 1, ACCOUNTGL="7000")),
    "LOCKPER": wf.files(wf.sale(BOOKYEAR="C")),
    "LOCKPER of another year": wf.files(SALE, wf.sale(2, BOOKYEAR="9", day="20250315")),
    "LOCKPER of a period": wf.files(wf.sale(PERIOD="13")),
    "LOCKPER of the opening": wf.files(wf.sale(PERIOD="00")),
    "MAT_ERR": wf.files([[*fields[:26], "7", "", "T", *fields[29:]] for fields in SALE]),
    "NAM_ERR": of_third(NAME1=""),
    "NOT_FILL": wf.files(changed(SALE, 0, DATEDOC="")),
    "NOT_FILL of a third": wf.files(changed(SALE, 0, ACCOUNTRP="")),
    "NOT_FILL of an account": wf.files(changed(SALE, 1, ACCOUNTGL="")),
    "NOT_FILL of an amount": wf.files(SALE, wf.sale(2, base=0, tax=0)),
    "NOT_FILL of a number": of_third(NUMBER=""),
    "OPE_MIS": wf.files([SALE[0]]),
    "OPE_MIS without a third": wf.files(SALE[1:]),
    "OPE_MIS of two thirds": wf.files([SALE[0], SALE[0], *SALE[1:]]),
    "OUT_DAT": wf.files(wf.sale(PERIOD="04")),
    "SEQ_RUPT": wf.files(SALE, wf.sale(3)),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file(office, name):
    code = name.partition(" ")[0]
    row = try_out(office, BROKEN[name])
    assert code in codes(row)
    found = next(one for one in row["findings"] if one["code"] == code)
    assert found["file"] in ("ACT", "CSF")
    assert found["line"] > 0
    assert found["text"]
    assert found["severity"] == ("fatal" if code in FATAL else "warning")
    assert found["answers"] == list(WARNINGS.get(code, ()))
    if code in WARNINGS:
        assert row["status"] == "waiting"
    else:
        assert row["status"] == "refused"
        assert import_files(office, BROKEN[name]) == 3
        assert office.documents(FOLDER) == []


def test_every_code_has_a_broken_file():
    with_books = {"DOC_LCK", "DOC_NUM"}
    shown = {name.partition(" ")[0] for name in BROKEN} | with_books
    assert shown == (FATAL | set(WARNINGS)) - NEVER


@pytest.mark.parametrize(
    "name", ["BAD_DATE", "DEC_ERR", "DEC_ERR of a text", "CAR_SPA", "LEN_ACCO", "DBK_MISS"]
)
def test_one_mistake_is_told_once(office, name):
    assert codes(try_out(office, BROKEN[name])) == [name.partition(" ")[0]]


def test_one_fatal_code_stops_all_of_it(office):
    sent = wf.files(SALE, changed(SECOND, 1, AMOUNTEUR="-999.00"))
    assert import_files(office, sent) == 3
    assert office.books(FOLDER)["thirds"] == []
    assert office.documents(FOLDER) == []


@pytest.mark.parametrize(("state", "code"), [("locked", "LOCKPER"), ("validated", "DOC_LCK")])
def test_a_period_that_the_accountant_closed(office, state, code):
    office.act(FOLDER, "close-period", book_year="2026", period=3, state=state)
    assert codes(try_out(office, wf.files(SALE))) == [code]
    office.act(FOLDER, "close-period", book_year="A", period=3, state="open")
    assert import_files(office, wf.files(SALE)) == 0


def test_a_book_year_that_is_closed(office):
    office.act(FOLDER, "close-book-year", book_year="2025")
    assert codes(try_out(office, wf.files(wf.sale(day="20250315")))) == ["LOCKPER"]


def test_the_opening(office):
    lines = wf.document(
        5,
        [
            (1, {"ACCOUNTRP": "ALICE", "AMOUNTEUR": "10"}),
            (3, {"ACCOUNTGL": "588888", "AMOUNTEUR": "-10"}),
        ],
        journal="OUV",
        PERIOD="00",
        day="20260101",
    )
    assert import_files(office, wf.files(lines)) == 0


@pytest.mark.parametrize(
    ("values", "kept"),
    [
        ({"VATCAT": "1", "VATNUMBER": "0999.999.031"}, "0999.999.031"),
        ({"VATCAT": "1", "VATNUMBER": "0999999031"}, "0999999031"),
        ({"VATCAT": "1", "VATNUMBER": "0999.999.032"}, None),
        ({"VATCAT": "3", "VATNUMBER": "0999.999.031"}, None),
        ({"VATCAT": "1", "COUNTRY": "DE", "VATNUMBER": "123456788"}, "123456788"),
    ],
)
def test_the_vat_number_of_a_third(office, values, kept):
    sent = of_third(**values)
    row = try_out(office, sent)
    assert codes(row) == []
    assert bool(notes(row)) == (kept is None)
    assert import_files(office, sent) == 0
    assert office.books(FOLDER)["thirds"][0].get("VATNUMBER") == kept


def test_a_belgian_bank_account(office):
    assert codes(try_out(office, of_third(BNKACCNT="539-0075470-34"))) == []
    assert codes(try_out(office, of_third(COUNTRY="DE", BNKACCNT="DE89370400440532013000"))) == []


def test_rates_either_way(office):
    for rate in ("1.08500", "0.92166"):
        lines = wf.document(
            2,
            [
                (1, {"ACCOUNTRP": "ALICE", "AMOUNTEUR": "921.66", "CURRAMOUNT": "1000"}),
                (3, {"ACCOUNTGL": "700700", "AMOUNTEUR": "-921.66", "CURRAMOUNT": "-1000"}),
            ],
            CURRCODE="USD",
            CURRATE=rate,
        )
        assert codes(try_out(office, wf.files(lines))) == []


def test_an_absent_account_as_a_warning(office):
    office.winbooks.switches.set({"absent_account": "warning"})
    sent = BROKEN["ACN_MIS"]
    assert codes(try_out(office, sent)) == ["ACC_MISS"]
    assert import_files(office, sent, {"ACC_MISS": 3}) == 0
    assert office.trial_balance(FOLDER)["799999"] == "-1000.00"


def test_symbols_that_are_allowed(office):
    sent = wf.files(wf.sale(third="A-1"), thirds=[wf.third(NUMBER="A-1", TYPE=1, NAME1="A")])
    assert codes(try_out(office, sent)) == ["CAR_ERR"]
    office.winbooks.switches.set({"symbols": "_-"})
    assert codes(try_out(office, sent)) == []


def test_supp_is_a_supplier(office):
    assert codes(try_out(office, wf.files(wf.sale(third="SUPP"), thirds=[SUPP]))) == ["ACC_MISS"]


def test_a_chart_without_accounts(office):
    office.act(FOLDER, "empty-chart")
    lines = wf.document(
        2, [(1, {"ACCOUNTRP": "ALICE", "AMOUNTEUR": "1"}), wf.vat("-1", "5", "211400")]
    )
    assert codes(try_out(office, wf.files(lines))) == ["ACN_MIS"]
    assert codes(try_out(office, wf.files(SALE))) == ["ACN_MIS"]
