"""The boxes themselves: receivers that are quick, slow or away, folders that nobody can write to,
the control endpoint, pages, restarts."""

from __future__ import annotations

import base64
import errno
import signal
import time

import pytest
import requests
from e_invoices import e_invoice
from sandbox_program import Program

from sandbox.postbox import serve
from sandbox.postbox.receivers import RECEIVERS
from sandbox.postbox.seed import number_of

TIMEOUT = 20
BOX = number_of("octopus")


@pytest.fixture
def boxes():
    with serve(watching=False) as running:
        yield running


def control(boxes, path, method="POST", **body):
    address = f"{getattr(boxes, 'control_url', boxes)}/{path}"
    return requests.request(method, address, json=body, timeout=TIMEOUT)


def until(found):
    """What a look finds, once it finds anything."""
    ends = time.monotonic() + TIMEOUT
    while not (result := found()):
        assert time.monotonic() < ends
        time.sleep(0.02)
    return result


def test_a_folder_is_watched():
    with serve() as boxes:
        (boxes.folder(BOX) / "a.xml").write_bytes(e_invoice())
        assert until(lambda: boxes.received(BOX))[0]["name"] == "a.xml"
        until(lambda: not list(boxes.folder(BOX).iterdir()))


def test_a_slow_receiver_waits_until_a_file_lies_still(boxes):
    boxes.postbox.faults.add(BOX, "slow")
    (boxes.folder(BOX) / "a.xml").write_bytes(e_invoice())
    assert boxes.receive() == 0
    boxes.postbox.clock.advance(10)
    assert boxes.receive() == 1


def test_a_receiver_that_leaves_files_takes_each_once(boxes):
    boxes.postbox.faults.add(BOX, "leaves")
    path = boxes.folder(BOX) / "a.xml"
    path.write_bytes(e_invoice())
    for _look in range(3):
        boxes.receive()
    assert path.exists() and len(boxes.received(BOX)) == 1 and not boxes.refused(BOX)
    # the same bytes put there once more are another file
    path.unlink()
    path.write_bytes(e_invoice())
    boxes.receive()
    assert [row["code"] for row in boxes.refused(BOX)] == ["duplicate"]


def test_a_receiver_that_is_away(boxes):
    boxes.postbox.faults.add(BOX, "off")
    (boxes.folder(BOX) / "a.xml").write_bytes(e_invoice())
    assert boxes.receive() == 0
    boxes.postbox.faults.clear()
    assert boxes.receive() == 1


@pytest.mark.parametrize(
    ("fault", "number"),
    [
        ("read_only", {errno.EACCES, errno.EPERM}),
        ("full", {errno.ENOSPC}),
        ("gone", {errno.ENOENT}),
    ],
)
def test_a_folder_that_cannot_be_written_to(boxes, fault, number):
    path = boxes.folder(BOX) / ".a.tmp"
    try:
        boxes.postbox.faults.add(BOX, fault)
    except ValueError as error:
        pytest.skip(str(error))
    with pytest.raises(OSError) as caught:
        path.write_bytes(bytes(100_000))
    assert caught.value.errno in number
    boxes.receive()
    boxes.postbox.faults.clear(BOX)
    path.write_bytes(bytes(100_000))


def test_nobody_is_read_only_without_a_word(boxes):
    with pytest.raises(ValueError, match="kind is one of"):
        boxes.postbox.faults.add(BOX, "tired")
    boxes.postbox.faults.add(BOX, "gone")
    with pytest.raises(ValueError, match="has a fault already"):
        boxes.postbox.faults.add(BOX, "read_only")


def test_the_control_endpoint(boxes):
    state = control(boxes, "state", "GET").json()
    assert [box["receiver"] for box in state["boxes"]][: len(RECEIVERS)] == list(RECEIVERS)
    content = base64.b64encode(e_invoice()).decode()
    control(boxes, f"boxes/{BOX}/drop", name="a.xml", content=content)
    assert control(boxes, f"boxes/{BOX}/waiting", "GET").json()[0]["looked_at"]
    assert control(boxes, f"boxes/{BOX}/receive").json() == {"files": 1}
    [found] = control(boxes, f"boxes/{BOX}/received", "GET").json()
    file = control(boxes, f"boxes/{BOX}/files/{found['id']}", "GET")
    assert file.content == e_invoice()
    assert control(boxes, f"boxes/{BOX}/totals", "GET").json()[0]["vat"] == "210.00"
    assert control(boxes, "calls", "GET").json()["total"] == {"received": 1, "refused": 0}
    assert control(boxes, f"boxes/{BOX}/delete", document=found["id"]).json() == {"removed": 1}
    control(boxes, "faults", box=BOX, kind="off")
    assert control(boxes, "state", "GET").json()["faults"] == [{"box": BOX, "kind": "off"}]
    assert control(boxes, f"boxes/{BOX}/faults", "DELETE").json() == []
    for path, body in (
        (f"boxes/{BOX}/drop", {"name": "../a.xml", "text": "x"}),
        (f"boxes/{BOX}/fly", {}),
        ("boxes/1/receive", {}),
        ("faults", {"box": BOX, "kind": "tired"}),
    ):
        assert control(boxes, path, **body).status_code == 400


def test_a_box_is_added(boxes):
    values = {"number": 9, "name": "Ander BV", "folder": "ander", "receiver": "horus"}
    added = control(boxes, "boxes", vat="BE 0712.345.630", **values).json()
    assert added["vat"] == "BE0712345630"
    buyer = ("Ander BV", "BE0712345630")
    (boxes.folder(9) / "a.xml").write_bytes(e_invoice(buyer=buyer))
    boxes.receive()
    assert len(boxes.received(9)) == 1
    for change in ({}, {"number": 10, "receiver": "nobody"}, {"number": 11, "folder": "../x"}):
        answer = control(boxes, "boxes", **{**values, "vat": "", **change})
        assert answer.status_code == 400


def test_pages_escape_what_they_show(boxes):
    seller = ("&lt;script&gt; BV", "BE0866773093")
    (boxes.folder(BOX) / "a.xml").write_bytes(e_invoice(seller=seller))
    (boxes.folder(BOX) / "b.xml").write_bytes(b"<")
    boxes.receive()
    (boxes.folder(BOX) / "c.txt").write_bytes(b"left")
    index = requests.get(boxes.root, timeout=TIMEOUT).text
    assert "Octopus" in index and "vandersmissen-octopus" in index
    texts = {
        tab: requests.get(f"{boxes.root}/boxes/{BOX}/{tab}", timeout=TIMEOUT)
        for tab in ("", "received", "totals", "refused", "waiting")
    }
    assert {answer.status_code for answer in texts.values()} == {200}
    assert "&lt;script&gt; BV" in texts["received"].text and "1.210,00" in texts[""].text
    assert "1.000,00" in texts["totals"].text
    assert "cannot be read" in texts["refused"].text
    assert "not looked at" in texts["waiting"].text
    document = boxes.received(BOX)[0]["id"]
    file = requests.get(f"{boxes.root}/boxes/{BOX}/files/{document}", timeout=TIMEOUT)
    assert file.headers["Content-Disposition"] == "attachment; filename=a.xml"
    for path in ("boxes/1", f"boxes/{BOX}/files/99", f"boxes/{BOX}/nothing"):
        assert requests.get(f"{boxes.root}/{path}", timeout=TIMEOUT).status_code == 404


def test_a_reset_mends_and_forgets(boxes):
    (boxes.folder(BOX) / "a.xml").write_bytes(e_invoice())
    boxes.receive()
    boxes.postbox.faults.add(BOX, "gone")
    control(boxes, "reset")
    assert boxes.folder(BOX).is_dir() and not boxes.received(BOX)


def test_what_was_taken_outlives_a_kill(tmp_path):
    """And a file that was booked, but not taken away yet, is not booked twice."""
    state, folders = tmp_path / "state.sqlite", tmp_path / "folders"
    program = Program("postbox", state, "--folders", str(folders))
    control(program.control, "faults", box=BOX, kind="leaves")
    path = folders / "vandersmissen-octopus" / "a.xml"
    path.write_bytes(e_invoice())
    received = f"boxes/{BOX}/received"
    until(lambda: control(program.control, received, "GET").json())
    program.stop(signal.SIGKILL)
    program = Program("postbox", state, "--folders", str(folders))
    try:
        control(program.control, "faults", "DELETE")
        until(lambda: not path.exists())
        assert len(control(program.control, received, "GET").json()) == 1
        assert control(program.control, f"boxes/{BOX}/refused", "GET").json() == []
    finally:
        assert program.stop(signal.SIGTERM) == 0
