"""The program's states and numbers, and what the answers to its warnings do."""

from __future__ import annotations

import pytest
import winbooks_files as wf
from winbooks_files import FOLDER
from winbooks_office import codes, entry, execute, import_files, try_out

from sandbox.winbooks_desktop import linker
from sandbox.winbooks_desktop.folder import UnknownFolder
from sandbox.winbooks_desktop.linker import Linker
from sandbox.winbooks_desktop.seed import PASSWORD, USER

ACCEPT, REPLACE, BLANK, IGNORE = 1, 2, 3, 4


@pytest.fixture
def program(office):
    """The program at its start."""
    service = office.winbooks

    def folders(short):
        for number in service.numbers():
            if service.administration(number).short == short:
                return service.administration(number)
        raise UnknownFolder(short)

    return Linker(folders, service.switches.all(), lambda n: "locked" in service.faults.of(n))


def test_the_numbers_of_its_calls(office, program):
    assert program.open_book_year("2026") == linker.NO_FOLDER
    assert program.open_folder("VANDERS") == linker.NOT_LOGGED_IN
    assert program.log_in(USER, "wrong") == linker.WRONG_PASSWORD
    assert program.log_in(USER, PASSWORD) == 0
    assert program.open_folder("NOBODY") == linker.NO_SUCH_FOLDER
    office.winbooks.faults.add(FOLDER, "locked")
    assert program.open_folder("VANDERS") == linker.FOLDER_LOCKED
    office.winbooks.faults.clear()
    assert program.open_folder("VANDERS") == 0
    assert program.open_book_year("") == linker.NO_BOOK_YEAR
    assert program.open_book_year("1999") == linker.NO_SUCH_BOOK_YEAR
    assert program.open_book_year("2026") == 0
    program.set(wf.files(wf.sale(), wf.sale(3)), 3)
    assert program.execute() == linker.NOT_TESTED
    program.test()
    assert program.execute() == linker.UNRESOLVED
    program.resolve({"SEQ_RUPT": 0})
    assert program.execute() == linker.UNRESOLVED
    program.resolve({"SEQ_RUPT": 1})
    assert program.execute() == 0
    program.set(wf.files([wf.sale(4)[0]]), 3)
    program.test()
    assert program.execute() == linker.FATAL_ERRORS


@pytest.mark.parametrize("answers", [{"DOC_NUM": 1}, {"SEQ_RUPT": 4}, {"SEQ_RUPT": 9}, {"77": 1}])
def test_answers_that_do_not_fit_the_test(office, answers):
    row = try_out(office, wf.files(wf.sale(), wf.sale(3)))
    assert execute(office, row, answers) == linker.OUT_OF_STEP
    assert office.documents(FOLDER) == []


def test_a_folder_that_is_no_more_as_it_was_tested(office):
    row = try_out(office, wf.files(wf.sale()))
    office.act(FOLDER, "close-period", book_year="2026", period=3)
    assert execute(office, row) == linker.OUT_OF_STEP
    [again] = office.imports(FOLDER)
    assert (again["status"], again["findings"][0]["code"]) == ("refused", "LOCKPER")


@pytest.mark.parametrize(
    ("answer", "balance", "documents"),
    [(IGNORE, "1210.00", 1), (REPLACE, "605.00", 1), (ACCEPT, "1815.00", 1)],
)
def test_a_document_that_is_there(office, answer, balance, documents):
    assert import_files(office, wf.files(wf.sale())) == 0
    again = wf.files(wf.sale(base=500, tax=105))
    row = try_out(office, again)
    assert codes(row) == ["DOC_NUM"]
    assert execute(office, row) == linker.UNRESOLVED
    assert execute(office, row, {"DOC_NUM": answer}) == 0
    assert office.trial_balance(FOLDER)["400000"] == balance
    assert len(office.documents(FOLDER)) == documents


def test_an_answer_for_one_finding(office):
    assert import_files(office, wf.files(wf.sale(), wf.sale(2))) == 0
    row = try_out(office, wf.files(wf.sale(base=500, tax=105), wf.sale(2, base=100, tax=21)))
    [first, second] = row["findings"]
    given = {"DOC_NUM": IGNORE, str(second["number"]): REPLACE}
    assert execute(office, row, given) == 0
    assert first["line"] < second["line"]
    assert entry(office, "2/VEN/2026/1")["400000"] == "1210.00"
    assert entry(office, "2/VEN/2026/2")["400000"] == "121.00"


def test_the_same_number_in_another_period_is_fatal(office):
    assert import_files(office, wf.files(wf.sale())) == 0
    row = try_out(office, wf.files(wf.sale(day="20260410")))
    assert codes(row) == ["DOC_EXI"]
    assert execute(office, row) == linker.FATAL_ERRORS


def test_the_same_number_in_another_journal_or_year(office):
    assert import_files(office, wf.files(wf.sale())) == 0
    assert import_files(office, wf.files(wf.sale(journal="VERK"))) == 0
    assert import_files(office, wf.files(wf.sale(day="20250310"))) == 0
    assert [row["key"] for row in office.documents(FOLDER)] == [
        "2/VEN/2025/1",
        "2/VEN/2026/1",
        "2/VERK/2026/1",
    ]


@pytest.mark.parametrize(
    ("answer", "name", "terms"),
    [(IGNORE, "Alice BV", "30E"), (REPLACE, "Alice NV", None), (5, "Alice BV", "30E")],
)
def test_a_third_that_differs(office, answer, name, terms):
    """A record replaces the whole one that is there: what it leaves blank is lost."""
    assert import_files(office, wf.files()) == 0
    office.act(FOLDER, "third", type="1", number="ALICE", PAYCODE="30E")
    sent = wf.files(thirds=[wf.third(NUMBER="ALICE", TYPE=1, NAME1="Alice NV", COUNTRY="BE")])
    row = try_out(office, sent)
    assert codes(row) == ["ACC_MOD"]
    assert execute(office, row, {"ACC_MOD": answer}) == 0
    alice = office.books(FOLDER)["thirds"][0]
    assert (alice["NAME1"], alice.get("PAYCODE")) == (name, terms)


def test_the_same_record_again_asks_nothing(office):
    assert import_files(office, wf.files()) == 0
    assert codes(try_out(office, wf.files())) == []


def test_a_third_that_is_not_there(office):
    row = try_out(office, wf.files(wf.sale(), wf.sale(2), thirds=[]))
    assert len(row["findings"]) == 1
    assert execute(office, row, {"ACC_MISS": BLANK}) == 0
    [third] = office.books(FOLDER)["thirds"]
    assert (third["NUMBER"], third.get("NAME1")) == ("ALICE", None)


def test_what_is_blanked(office):
    wrong = wf.third(NUMBER="A", TYPE=1, NAME1="A", BNKACCNT="BE1", LANG="X", CITY="Gent")
    answers = {"BKC_ERR": BLANK, "LANG_ERR": BLANK}
    assert import_files(office, wf.files(thirds=[wrong]), answers) == 0
    [third] = office.books(FOLDER)["thirds"]
    assert {"BNKACCNT", "LANG", "CITY"} & set(third) == {"CITY"}


def test_a_sequence_that_breaks(office):
    assert import_files(office, wf.files(wf.sale(100))) == 0
    assert import_files(office, wf.files(wf.sale(101))) == 0
    assert codes(try_out(office, wf.files(wf.sale(103)))) == ["SEQ_RUPT"]
    assert codes(try_out(office, wf.files(wf.sale(1, journal="VERK")))) == []


def test_nothing_is_executed_twice(office):
    row = try_out(office, wf.files(wf.sale()))
    assert execute(office, row) == 0
    with pytest.raises(ValueError, match="executed already"):
        execute(office, row)
