"""What is checked before the first file of a batch is given, with a writer that writes anything."""

import sys
from decimal import Decimal

import pytest
from odoo.addons.accountable_connect.api.errors import BatchRefusedError, DataRefusedError
from odoo.addons.accountable_connect.documents import File
from odoo.addons.accountable_connect_winbooks.api import checked
from odoo.addons.accountable_connect_winbooks.api.package import WinBooksPackage
from odoo.addons.accountable_connect_winbooks.remarks import remarks_in_words

from .act_csf import FOLDER, THIRDS, changed, entry, third
from .entries import SALE, delivery, document, given_to, line, parcel

PDF = File(key="ir.attachment,1", name="a.pdf", media_type="application/pdf", content=b"%PDF-1.4")


def sale(number, third="CLIENT"):
    built = document(SALE, number, line("700000", None, 100))
    return delivery(built, given_to(built, third))


def lines_of(number, amount="-100.00", **values):
    return [
        entry("1", "VEN/2", str(number), "100.00", ACCOUNTRP="CLIENT", **values),
        entry("3", "VEN/2", str(number), amount, ACCOUNTGL="700000"),
    ]


@pytest.fixture(name="writes")
def fixture_writes(monkeypatch):
    """Sets what the writer writes for each document, by its number; an error is raised for those
    that have one."""

    def setter(by_number, csf=THIRDS):
        def write(parcel, _options, _folder):
            deliveries = list(parcel.deliveries)
            texts = [by_number[int(one.given["number"])] for one in deliveries]
            refused = {
                place: error for place, error in enumerate(texts) if isinstance(error, Exception)
            }
            if refused:
                raise BatchRefusedError(refused)
            for name, rows in (
                ("CSF.TXT", csf),
                ("ACT.TXT", [row for one in texts for row in one]),
            ):
                yield File(key=name, name=name, media_type="text/plain", content=b"".join(rows))
            yield PDF

        monkeypatch.setattr(checked, "write", write)

    return setter


def refused(*deliveries):
    package = WinBooksPackage(folder=FOLDER)
    with pytest.raises(BatchRefusedError) as caught:
        package.write(parcel(*deliveries))
    return {
        place: (error.code, error.values["document"])
        for place, error in caught.value.refusals.items()
    }


def test_files_come_in_their_order(writes):
    writes({1: lines_of(1), 2: lines_of(2)})
    package = WinBooksPackage(folder=FOLDER)
    batch = parcel(sale(1), sale(2))
    files = list(package.write(batch))
    assert [one.name for one in files] == ["CSF.TXT", "ACT.TXT", "a.pdf"]
    assert package.remarks(batch) == []


def test_a_document_is_refused_and_the_others_are_not(writes):
    writes({1: lines_of(1), 2: lines_of(2, "-99.00"), 3: lines_of(3)})
    assert refused(sale(1), sale(2), sale(3)) == {1: ("DOC_BAL", "INV/2026/00002")}


def test_a_third_that_is_refused_takes_its_documents_along(writes):
    rows = [third("CLIENT", "1"), third("BAD*", "1")]
    writes({1: lines_of(1), 2: lines_of(2), 3: lines_of(3)}, csf=rows)
    found = refused(sale(1), sale(2, "BAD*"), sale(3, "BAD*"))
    assert found == {1: ("CAR_ERR", "INV/2026/00002"), 2: ("CAR_ERR", "INV/2026/00003")}


def test_what_the_writer_refuses_hides_nothing_else(writes):
    error = DataRefusedError("zero", code="zero_total", values={"document": "INV/2026/00001"})
    writes({1: error, 2: lines_of(2), 3: lines_of(3, "-99.00"), 4: error})
    assert refused(sale(1), sale(2), sale(3), sale(4)) == {
        0: ("zero_total", "INV/2026/00001"),
        2: ("DOC_BAL", "INV/2026/00003"),
        3: ("zero_total", "INV/2026/00001"),
    }


def test_when_the_writer_refuses_all_nothing_is_read(writes):
    error = DataRefusedError("zero", code="zero_total", values={"document": "INV/2026/00001"})
    writes({1: error})
    assert refused(sale(1)) == {0: ("zero_total", "INV/2026/00001")}


def test_a_fault_of_no_document_refuses_all(writes):
    writes({1: lines_of(1), 2: [*lines_of(2), b"\r\n"]})
    assert refused(sale(1), sale(2)) == {
        0: ("empty_line", "INV/2026/00001"),
        1: ("empty_line", "INV/2026/00002"),
    }


def test_an_entry_of_another_document_refuses_all(writes):
    writes({1: lines_of(1), 2: lines_of(3, "-99.00")})
    assert refused(sale(1), sale(2)) == {
        0: ("DOC_BAL", "INV/2026/00001"),
        1: ("DOC_BAL", "INV/2026/00002"),
    }


def test_what_the_operator_is_asked_is_told(writes):
    late = changed(lines_of(2), DATEDOC="20261005")
    writes({1: lines_of(1), 2: late}, csf=[third("CLIENT", "1", "")])
    package = WinBooksPackage(folder=FOLDER)
    batch = parcel(sale(1), sale(2))
    list(package.write(batch))
    told = package.remarks(batch)
    assert [str(one) for one in told] == [
        # of a customer once, whatever number of documents it has
        "INV/2026/00001: customer or supplier CLIENT has no name. The office is asked.",
        "INV/2026/00002: its date, 2026-10-05, lies outside the period it is booked in, which"
        " begins on 2026-11-01. The office is asked: accept it.",
    ]
    assert WinBooksPackage(folder=FOLDER).remarks(batch) == told


def test_of_many_remarks_of_one_sort_the_first_are_told():
    remarks = [
        checked.Remark(place=place, code="utf_8", values={"document": f"S/{place}"})
        for place in range(25)
    ]
    told = remarks_in_words(remarks)
    assert len(told) == 21
    assert str(told[-1]) == "5 more of this sort (utf_8)."


def test_values_name_the_place_and_the_field(writes):
    writes({1: lines_of(1, ACCOUNTGL="440000")})
    with pytest.raises(BatchRefusedError) as caught:
        WinBooksPackage(folder=FOLDER).write(parcel(sale(1)))
    error = caught.value.refusals[0]
    assert error.values == {
        "document": "INV/2026/00001", "journal": "VEN", "number": "1", "third": "CLIENT",
        "file": "ACT", "line": 1, "field": "ACCOUNTGL", "value": "440000", "expected": "40",
    }  # fmt: skip
    assert str(error) == "ACT line 1: CID_ERR ACCOUNTGL"


def test_amounts_stay_numbers(writes):
    writes({1: lines_of(1, "-99.00")})
    with pytest.raises(BatchRefusedError) as caught:
        WinBooksPackage(folder=FOLDER).write(parcel(sale(1)))
    assert caught.value.refusals[0].values["value"] == Decimal("1.00")


def test_a_file_is_let_go_of_when_it_is_given(writes):
    writes({1: lines_of(1)})
    files = iter(WinBooksPackage(folder=FOLDER).write(parcel(sale(1))))
    first = next(files)
    assert first.name == "CSF.TXT"
    # the name above, and what asks
    assert sys.getrefcount(first) == 2
