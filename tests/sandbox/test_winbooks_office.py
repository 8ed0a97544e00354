"""The office around the import: directories that are received, faults, the accountant, the control
endpoint, pages, restarts."""

from __future__ import annotations

import base64
import io
import signal
import zipfile
from pathlib import Path

import pytest
import requests
import winbooks_files as wf
from sandbox_program import Program
from winbooks_files import FOLDER
from winbooks_office import document, import_files

from sandbox.winbooks_desktop import serve
from sandbox.winbooks_desktop.pages import Pages
from sandbox.winbooks_desktop.switches import SWITCHES

TIMEOUT = 20
PAGE = f"/folders/{FOLDER}"


def put(office, name, files, folder=FOLDER):
    """A batch in the directory of a folder."""
    place = office.directory(folder) / name
    place.mkdir()
    for file, content in files.items():
        (place / file).write_bytes(content)


def zipped(files):
    """A ZIP of them."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def received(office):
    """What came of receiving, for the first folder."""
    return [(row["source"], row["status"]) for row in office.receive()[str(FOLDER)]]


def control(office, path, method="POST", **body):
    address = f"{office.control_url}/{path}"
    answer = requests.request(method, address, json=body, timeout=TIMEOUT)
    assert answer.ok, answer.text
    return answer.json()


def page(office, path, **values):
    return requests.request(
        "POST" if values else "GET", f"{office.root}{path}", timeout=TIMEOUT, **values
    )


# Receiving ----------------------------------------------------------------------------------------


def test_each_once_in_the_order_of_the_names(office):
    put(office, "batch-2", wf.files(wf.sale(2)))
    put(office, "batch-1", wf.files(wf.sale(1)))
    (office.directory(FOLDER) / "batch-3.zip").write_bytes(zipped(wf.files(wf.sale(3))))
    (office.directory(FOLDER) / ".batch-4").mkdir()
    assert received(office) == [
        ("batch-1", "executed"),
        ("batch-2", "executed"),
        ("batch-3.zip", "executed"),
    ]
    assert received(office) == []
    assert [row["number"] for row in office.documents(FOLDER)] == [1, 2, 3]


def test_the_same_batch_under_another_name_is_ignored(office):
    put(office, "batch-1", wf.files(wf.sale()))
    put(office, "copy", wf.files(wf.sale()))
    assert received(office) == [("batch-1", "executed"), ("copy", "executed")]
    assert office.trial_balance(FOLDER)["400000"] == "1210.00"


def test_what_is_refused_is_told_with_code_file_and_line(office):
    sale = wf.sale()
    sale[1][wf.PLACES["ACCOUNTGL"]] = "799999"
    put(office, "batch-1", wf.files(sale))
    assert received(office) == [("batch-1", "refused")]
    [refused] = control(office, f"folders/{FOLDER}/refused", "GET")
    [finding] = refused["findings"]
    assert (finding["code"], finding["file"], finding["line"]) == ("ACN_MIS", "ACT", 2)


def test_files_in_the_directory_itself(office):
    for name, content in wf.files(wf.sale()).items():
        (office.directory(FOLDER) / name).write_bytes(content)
    assert received(office) == [("vandersmissen-winbooks", "executed")]


def test_other_answers_than_the_usual_ones(office):
    put(office, "batch-1", wf.files(wf.sale()))
    put(office, "batch-2", wf.files(wf.sale(base=500, tax=105)))
    control(office, "receive", answers={"DOC_NUM": 2})
    assert office.trial_balance(FOLDER)["400000"] == "605.00"


def test_a_sandbox_that_watches():
    with serve(watching=True) as office:
        put(office, ".batch", wf.files(wf.sale()))
        place = office.directory(FOLDER)
        (place / ".batch").rename(place / "batch")
        for _try in range(200):
            if office.documents(FOLDER):
                break
            office._ended.wait(0.05)
        assert office.documents(FOLDER)[0]["key"] == "2/VEN/2026/1"


@pytest.mark.parametrize(
    ("kind", "status"), [("locked", "unread"), ("read_error", "unread"), ("half", "refused")]
)
def test_faults(office, kind, status):
    put(office, "batch-1", wf.files(wf.sale(), wf.sale(2)))
    control(office, "faults", folder=FOLDER, kind=kind)
    assert received(office) == [("batch-1", status)]
    assert office.documents(FOLDER) == []
    control(office, f"folders/{FOLDER}/faults", "DELETE")
    assert received(office) == [("batch-1", "executed")]


def test_an_operator_who_is_slow_or_away(office):
    put(office, "batch-1", wf.files(wf.sale()))
    for kind in ("slow", "off"):
        office.winbooks.faults.add(FOLDER, kind)
        assert received(office) == []
        office.winbooks.faults.clear()
    office.winbooks.faults.add(FOLDER, "slow")
    office.winbooks.clock.advance(10)
    assert received(office) == [("batch-1", "executed")]


# The accountant -----------------------------------------------------------------------------------


def test_the_accountant_at_work(office):
    assert import_files(office, wf.files(wf.sale(), wf.purchase())) == 0
    paid = office.act(FOLDER, "pay", invoices=["2/VEN/2026/1"], date="2026-04-02")
    assert paid["key"] == "4/FIN/2026/1"
    assert [row["key"] for row in office.open_items(FOLDER)] == ["0/ACH/2026/1"]
    office.act(FOLDER, "recode", key="0/ACH/2026/1", sequence=1, account="612000")
    assert document(office, "0/ACH/2026/1")["entry"][1]["account"] == "612000"
    made = office.act(
        FOLDER, "book-by-hand", journal="ACH", third="2/SUPP", amount=50, account="610000"
    )
    assert made["key"] == "0/ACH/2026/2"
    office.act(FOLDER, "third", type="2", number="SUPP", CITY="Aalst")
    assert office.books(FOLDER)["thirds"][1]["CITY"] == "Aalst"
    office.act(FOLDER, "delete-booking", key=made["key"])
    assert len(office.documents(FOLDER)) == 3
    assert sum(map(float, office.trial_balance(FOLDER).values())) == pytest.approx(0)


# The control endpoint -----------------------------------------------------------------------------


def test_an_import_over_the_control_endpoint(office):
    files = {
        name: base64.b64encode(content).decode()
        for name, content in wf.files(wf.sale(), wf.sale(3)).items()
    }
    place = f"folders/{FOLDER}"
    row = control(office, f"{place}/test", files_in_base64=files, book_year="2026", period=3)
    assert row["status"] == "waiting"
    assert control(office, f"{place}/execute", number=row["import"])["result"] == 2
    control(office, f"{place}/resolve", number=row["import"], answers={"SEQ_RUPT": 1})
    assert control(office, f"{place}/execute", number=row["import"])["words"] == "executed"


@pytest.mark.parametrize(
    "what",
    "books documents thirds trial-balance boxes open-items matches attachments journals vat-codes"
    " accounts periods imports refused waiting".split(),
)
def test_what_can_be_read(office, what):
    assert import_files(office, wf.files(wf.sale())) == 0
    control(office, f"folders/{FOLDER}/{what}", "GET")


def test_the_readme_names_every_switch_and_action(office):
    text = (Path(__file__).resolve().parents[2] / "sandbox" / "README.md").read_text()
    for name, (default, meaning) in SWITCHES.items():
        assert f"| `{name}` | `{default}` | {meaning} |" in text, name
    for name in control(office, "", "GET")["actions"]:
        assert f"`{name}`" in text, name


# Pages --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("tab", ["", *(f"/{name}" for name in Pages.tabs)])
@pytest.mark.parametrize("filled", [False, True])
def test_pages(office, tab, filled):
    if filled:
        assert import_files(office, wf.files(wf.sale(), wf.purchase())) == 0
    answer = page(office, f"{PAGE}{tab}")
    assert answer.status_code == 200
    assert answer.text.count("class=here") == 1


def test_a_person_imports_a_directory(office):
    put(office, "batch-1", wf.files(wf.sale(), wf.sale(3)))
    assert "1 to import" in page(office, "/").text
    assert "batch-1" in page(office, f"{PAGE}/import").text
    shown = page(office, f"{PAGE}/import", data={"name": "batch-1", "period": "2026/03"})
    assert "give every warning a resolution" in shown.text
    place = shown.url.removeprefix(office.root)
    assert (
        "warnings without a resolution" in page(office, place, data={"answer-SEQ_RUPT": "0"}).text
    )
    assert "are in the books" in page(office, place, data={"answer-SEQ_RUPT": "1"}).text
    assert len(office.documents(FOLDER)) == 2


def test_a_person_uploads_a_zip(office):
    sale = wf.sale(COMMENT="<b>bold</b>")
    sale[0][wf.PLACES["DATEDOC"]] = "<b>"
    files = {"file": ("batch.zip", zipped(wf.files(sale)), "application/zip")}
    shown = page(office, f"{PAGE}/import", data={"name": "", "period": ""}, files=files)
    assert "Refused" in shown.text
    assert "BAD_DATE" in shown.text
    assert "<b>bold" not in shown.text


@pytest.mark.parametrize(
    ("data", "files", "words"),
    [
        ({"name": ""}, None, "Choose a directory"),
        ({"name": "../lambert-winbooks"}, None, "there is nothing to import"),
        ({}, {"file": ("a.zip", b"PKnothing")}, "The ZIP cannot be read"),
        ({}, {"file": ("a.pdf", b"%PDF")}, "neither ACT.TXT nor CSF.TXT"),
    ],
)
def test_what_cannot_be_imported_is_said(office, data, files, words):
    answer = page(office, f"{PAGE}/import", data={**data, "period": ""}, files=files)
    assert answer.status_code == 400
    assert words in answer.text


def test_a_person_closes_a_period(office):
    data = {"period": "2026/03", "state": "validated"}
    assert "validated" in page(office, f"{PAGE}/periods", data=data).text
    put(office, "batch-1", wf.files(wf.sale()))
    assert received(office) == [("batch-1", "refused")]


def test_a_form_of_another_site(office):
    other = {"Origin": "http://evil.example"}
    data = {"period": "2026/03", "state": "locked"}
    assert page(office, f"{PAGE}/periods", data=data, headers=other).status_code == 403


@pytest.mark.parametrize("path", ["/folders/1", f"{PAGE}/weather", f"{PAGE}/imports/99"])
def test_pages_that_do_not_exist(office, path):
    assert page(office, path).status_code == 404


# Restarts -----------------------------------------------------------------------------------------


def test_a_kill_loses_nothing(tmp_path):
    state, folders = tmp_path / "winbooks.db", tmp_path / "folders"
    batch = folders / "vandersmissen-winbooks" / "batch-1"
    batch.mkdir(parents=True)
    for name, content in wf.files(wf.sale()).items():
        (batch / name).write_bytes(content)
    program = Program("winbooks", state, "--folders", str(folders))
    answer = requests.post(f"{program.control}/receive", json={}, timeout=TIMEOUT)
    assert answer.json()[str(FOLDER)][0]["status"] == "executed"
    program.stop(signal.SIGKILL)
    program = Program("winbooks_desktop", state, "--folders", str(folders))
    books = requests.get(f"{program.control}/folders/{FOLDER}/books", timeout=TIMEOUT).json()
    assert [row["key"] for row in books["documents"]] == ["2/VEN/2026/1"]
    again = requests.post(f"{program.control}/receive", json={}, timeout=TIMEOUT).json()
    assert again[str(FOLDER)] == []
    assert program.stop(signal.SIGTERM) == 0
