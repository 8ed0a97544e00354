"""A batch of WinBooks that an operator imports a second time, or before it is whole: nothing is
booked twice, and nothing in part."""

import pytest
from odoo.addons.accountable_connect.api.channels.contract import Shipment
from odoo.addons.accountable_connect.api.channels.folder import FolderChannel

from sandbox.winbooks_desktop.codes import USUAL

from .builder import Builder
from .winbooks_case import PACKAGE, WinBooksCase, WinBooksOtherwiseCase


@pytest.fixture(params=[WinBooksCase, WinBooksOtherwiseCase], ids=lambda case: case.name)
def office(request):
    """A folder with the documents of one batch, its files, and what was booked of them."""
    case = request.param()
    build = Builder(case)
    documents = (build.sale(), build.purchase(), build.sale_refund(), build.purchase_refund())
    case.files_of_batch = case.written([case.delivery(one) for one in documents])
    case.hand_over(case.files_of_batch)
    case.booked = case.accountant.books()["trial_balance"]
    assert len(case.keys()) == len(documents) and not case.told
    yield case
    case.close()


def again(case, **values):
    """The operator tests the same files once more; gives the import."""
    [row] = [one for one in case.accountant.read("waiting") if one["tested"]]
    return case.accountant.act("test", name=row["name"], **values)


def codes_of(imported):
    return {one["code"] for one in imported["findings"] if one["severity"] != "note"}


def test_in_the_same_period_the_operator_is_asked_and_ignores(office):
    imported = again(office)
    assert codes_of(imported) == {"DOC_NUM"}
    assert len(imported["findings"]) == len(office.keys())
    unanswered = office.accountant.act("execute", number=imported["import"])
    assert not unanswered["booked"]
    done = office.accountant.act(
        "execute", number=imported["import"], answers={"DOC_NUM": USUAL["DOC_NUM"]}
    )
    assert done["booked"]
    assert office.accountant.books()["trial_balance"] == office.booked


def test_in_another_period_nothing_is_booked(office):
    """Where the file names its periods, that of the operator does not count."""
    imported = again(office, period=4)
    if office.ranks_told:
        assert codes_of(imported) == {"DOC_NUM"}
        return
    assert "DOC_EXI" in codes_of(imported)
    done = office.accountant.act("execute", number=imported["import"])
    assert not done["booked"]
    assert office.accountant.books()["trial_balance"] == office.booked


def test_what_is_not_whole_yet_is_not_looked_at(office):
    """Written and not published: the directory is hidden, whatever is in it by then."""
    known = office.accountant.read("waiting")
    shipment = Shipment(
        name="00009", mark="9", files=tuple(map(office.shipped, office.files_of_batch))
    )
    folder = PACKAGE.directory(office.server)
    channel = FolderChannel(str(folder.parent), folder.name)
    channel.write(shipment)
    assert any(path.name.startswith(".") for path in folder.iterdir())
    assert office.accountant.read("waiting") == known
    assert office.accountant.import_waiting() == []
    channel.discard(shipment)
    assert not any(path.name.startswith(".") for path in folder.iterdir())


def test_the_first_half_of_a_file_is_refused():
    case = WinBooksCase()
    try:
        build = Builder(case)
        case.server.winbooks.faults.add(int(PACKAGE.administration), "half")
        assert case.receive(build.sale(), build.sale("50.00")) == []
        assert case.told and not case.keys()
    finally:
        case.close()
