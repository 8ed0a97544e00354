"""Files that come by SFTP: who sees what, names as OpenSSH gives them, what goes wrong."""

from __future__ import annotations

import io
import json
import os
import sqlite3
import urllib.error
import urllib.parse
import urllib.request

import paramiko
import pytest
from e_invoices import e_invoice

from sandbox.postbox import serve
from sandbox.postbox.seed import number_of
from sandbox.postbox.sftp_faults import BEFORE
from sandbox.postbox.sftp_faults import KINDS as SFTP_KINDS

FOLDER, BOX = "vandersmissen-octopus", number_of("octopus")
SWITCHES = {"sftp_posix_rename": True, "sftp_rename_replaces": False}
PASSWORD = "password"


@pytest.fixture(scope="module")
def running():
    with serve(watching=False) as server:
        yield server


@pytest.fixture
def boxes(running):
    """The sandbox, with an empty folder and no faults."""
    running.postbox.faults.clear()
    running.postbox.switches.set(SWITCHES)
    running.postbox.sftp.forget()
    for left in running.folder(BOX).iterdir():
        left.unlink() if left.is_file() else left.rmdir()
    return running


class Caller:
    """A client of the server, which sees the key and signs in."""

    def __init__(self, boxes, user=None, password=None, key=None):
        self.transport = paramiko.Transport(("127.0.0.1", boxes.sftp_port))
        self.transport.start_client(timeout=20)
        shown = self.transport.get_remote_server_key()
        self.host_key = f"{shown.get_name()} {shown.get_base64()}"
        user = user or boxes.sftp_user
        if key:
            key = paramiko.Ed25519Key.from_private_key(io.StringIO(key))
            self.transport.auth_publickey(user, key)
        else:
            self.transport.auth_password(user, password or boxes.sftp_password)
        self.files = paramiko.SFTPClient.from_transport(self.transport)

    def put(self, path, content=b"abc"):
        """Upload, as a file that is not there yet."""
        with self.files.open(path, "wx") as file:
            file.write(content)

    def close(self):
        self.transport.close()


@pytest.fixture
def calling(boxes, request):
    """Sign in; what signs in is ended with the test."""

    def call(**values):
        caller = Caller(boxes, **values)
        request.addfinalizer(caller.close)
        return caller

    return call


@pytest.fixture
def caller(calling):
    """Somebody of the first company."""
    return calling()


def happened(boxes, what):
    """What the log has of a kind."""
    return [row for row in boxes.sftp_log() if row["what"] == what]


# Who


def test_a_company_sees_its_own_folders_only(boxes, caller, calling):
    seen = caller.files.listdir("/")
    assert FOLDER in seen
    assert set(seen) < set(os.listdir(boxes.folders))
    assert not [name for name in seen if not name.startswith("vandersmissen-")]
    assert caller.files.normalize(".") == "/"
    assert caller.files.listdir("../../..") == seen
    for other in ("lambert-octopus", "/etc/passwd", f"{FOLDER}/../lambert-octopus"):
        with pytest.raises(FileNotFoundError):
            caller.files.stat(other)
    lambert = calling(user="lambert", password="lambert-sftp")
    assert lambert.files.listdir(".") == ["lambert-octopus"]


def test_a_link_leads_out_of_no_folder(boxes, caller, tmp_path):
    (boxes.folder(BOX) / "out").symlink_to(tmp_path)
    try:
        with pytest.raises(FileNotFoundError):
            caller.put(f"{FOLDER}/out/a.xml")
        with pytest.raises(OSError, match="unsupported"):
            caller.files.symlink("/etc", f"{FOLDER}/etc")
    finally:
        (boxes.folder(BOX) / "out").unlink()
    assert not list(tmp_path.iterdir())


def test_the_folders_themselves_stay(caller):
    for change in (
        lambda: caller.files.mkdir("another"),
        lambda: caller.files.rmdir(FOLDER),
        lambda: caller.files.rename(FOLDER, "another"),
        lambda: caller.put("a.xml"),
    ):
        with pytest.raises(PermissionError):
            change()


def test_a_user_signs_in_by_password_or_by_key(boxes, calling):
    assert calling(key=boxes.sftp_key).host_key == boxes.sftp_host_key
    with pytest.raises(paramiko.AuthenticationException):
        calling(password="wrong")
    with pytest.raises(paramiko.AuthenticationException):
        calling(user="somebody")
    with pytest.raises(paramiko.AuthenticationException):
        calling(user="lambert", key=boxes.sftp_key)
    refused = [(row["user"], row["by"]) for row in happened(boxes, "refused")]
    assert refused == [
        ("vandersmissen", PASSWORD),
        ("somebody", PASSWORD),
        ("lambert", "key"),
    ]
    assert [row["user"] for row in happened(boxes, "session")] == ["vandersmissen"]


def test_it_serves_files_and_nothing_else(caller):
    with pytest.raises(paramiko.SSHException):
        caller.transport.open_session().exec_command("true")
    with pytest.raises(paramiko.SSHException):
        caller.transport.open_session().invoke_shell()
    with pytest.raises(paramiko.ChannelException):
        caller.transport.open_channel("direct-tcpip", ("127.0.0.1", 1), ("127.0.0.1", 1))


# Files


def test_what_is_uploaded_and_renamed_is_taken(boxes, caller):
    before = len(boxes.received(BOX))
    caller.put(f"{FOLDER}/.m1-0.part", e_invoice())
    assert boxes.receive() == 0
    caller.files.rename(f"{FOLDER}/.m1-0.part", f"{FOLDER}/Ünd ein Bläñk.XML")
    assert caller.files.listdir(FOLDER) == ["Ünd ein Bläñk.XML"]
    assert boxes.receive() == 1
    assert boxes.received(BOX)[before:][0]["name"] == "Ünd ein Bläñk.XML"
    assert caller.files.listdir(FOLDER) == []
    [upload], [rename] = happened(boxes, "upload"), happened(boxes, "rename")
    assert (upload["path"], upload["size"]) == (f"/{FOLDER}/.m1-0.part", len(e_invoice()))
    assert rename["name"] == f"/{FOLDER}/Ünd ein Bläñk.XML"


def test_a_name_is_given_once(caller):
    """As OpenSSH: a failure that says no more."""
    caller.put(f"{FOLDER}/a", b"first")
    caller.put(f"{FOLDER}/b")
    with pytest.raises(OSError, match="Failure"):
        caller.put(f"{FOLDER}/a")
    with pytest.raises(OSError, match="Failure") as caught:
        caller.files.rename(f"{FOLDER}/b", f"{FOLDER}/a")
    assert caught.value.errno is None
    caller.files.mkdir(f"{FOLDER}/d")
    with pytest.raises(OSError, match="Failure"):
        caller.files.mkdir(f"{FOLDER}/d")
    with pytest.raises(OSError, match="Failure"):
        caller.files.rename(f"{FOLDER}/b", f"{FOLDER}/d")
    caller.files.mkdir(f"{FOLDER}/e")
    with pytest.raises(OSError, match="Failure"):
        caller.files.rename(f"{FOLDER}/e", f"{FOLDER}/d")
    with pytest.raises(FileNotFoundError):
        caller.files.rename(f"{FOLDER}/none", f"{FOLDER}/c")
    assert sorted(caller.files.listdir(FOLDER)) == ["a", "b", "d", "e"]
    assert caller.files.open(f"{FOLDER}/a").read() == b"first"


def test_the_rename_of_openssh_replaces_where_it_is_offered(boxes, caller):
    caller.put(f"{FOLDER}/a", b"first")
    caller.put(f"{FOLDER}/b", b"second")
    boxes.postbox.switches.set({"sftp_posix_rename": False})
    with pytest.raises(OSError, match="unsupported"):
        caller.files.posix_rename(f"{FOLDER}/b", f"{FOLDER}/a")
    boxes.postbox.switches.set({"sftp_posix_rename": True})
    caller.files.posix_rename(f"{FOLDER}/b", f"{FOLDER}/a")
    assert caller.files.open(f"{FOLDER}/a").read() == b"second"


def test_a_server_whose_plain_rename_replaces(boxes, caller):
    boxes.postbox.switches.set({"sftp_rename_replaces": True})
    caller.put(f"{FOLDER}/a", b"first")
    caller.put(f"{FOLDER}/b", b"second")
    caller.files.rename(f"{FOLDER}/b", f"{FOLDER}/a")
    assert caller.files.open(f"{FOLDER}/a").read() == b"second"


# What goes wrong


def test_a_full_disk_takes_so_many_bytes(boxes, caller):
    boxes.fail_sftp(BOX, "full", count=1, size=5)
    with pytest.raises(OSError, match="No space left on device"):
        caller.put(f"{FOLDER}/a", b"1234567")
    assert caller.files.open(f"{FOLDER}/a").read() == b"12345"
    caller.put(f"{FOLDER}/b", b"1234567")


def test_a_connection_breaks_during_an_upload(boxes, calling):
    boxes.fail_sftp(None, "lost_during_upload", count=1, size=2)
    with pytest.raises((paramiko.SSHException, OSError, EOFError)):
        calling().put(f"{FOLDER}/a")
    assert calling().files.open(f"{FOLDER}/a").read() == b"ab"
    assert [row["path"] for row in happened(boxes, "lost")] == [f"/{FOLDER}/a"]


@pytest.mark.parametrize("kind, left", [("lost_before_rename", "a"), ("lost_after_rename", "b")])
def test_a_connection_breaks_around_a_rename(boxes, calling, kind, left):
    boxes.fail_sftp(BOX, kind, count=1)
    caller = calling()
    caller.put(f"{FOLDER}/a")
    with pytest.raises((paramiko.SSHException, OSError, EOFError)):
        caller.files.rename(f"{FOLDER}/a", f"{FOLDER}/b")
    assert calling().files.listdir(FOLDER) == [left]


def test_nothing_may_be_changed_or_the_folder_is_gone(boxes, caller):
    caller.put(f"{FOLDER}/a")
    boxes.fail_sftp(BOX, "no_permission")
    for change in (
        lambda: caller.put(f"{FOLDER}/b"),
        lambda: caller.files.rename(f"{FOLDER}/a", f"{FOLDER}/b"),
        lambda: caller.files.remove(f"{FOLDER}/a"),
        lambda: caller.files.mkdir(f"{FOLDER}/d"),
        lambda: caller.files.chmod(f"{FOLDER}/a", 0o600),
    ):
        with pytest.raises(PermissionError):
            change()
    assert caller.files.open(f"{FOLDER}/a").read() == b"abc"
    boxes.postbox.faults.clear(BOX)
    boxes.fail_sftp(BOX, "folder_gone")
    assert FOLDER not in caller.files.listdir("/")
    for path in (FOLDER, f"{FOLDER}/a"):
        with pytest.raises(FileNotFoundError):
            caller.files.stat(path)
    boxes.postbox.faults.clear()
    assert caller.files.listdir(FOLDER) == ["a"]


def test_another_host_key_or_nobody_signs_in(boxes, calling):
    boxes.fail_sftp(None, "wrong_host_key", count=1)
    assert calling().host_key != boxes.sftp_host_key
    assert calling().host_key == boxes.sftp_host_key
    boxes.fail_sftp(None, "refuse_password")
    boxes.fail_sftp(None, "refuse_key", count=1)
    with pytest.raises(paramiko.AuthenticationException):
        calling(key=boxes.sftp_key)
    calling(key=boxes.sftp_key)
    with pytest.raises(paramiko.AuthenticationException):
        calling()
    boxes.postbox.faults.clear()
    boxes.fail_sftp(None, "off", count=1)
    with pytest.raises((paramiko.SSHException, OSError, EOFError)):
        calling()
    calling()


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "slow"},
        {"kind": "off", "box": BOX},
        {"kind": "folder_gone", "count": 1},
        {"kind": "full", "size": -1},
        {"kind": "unheard_of"},
    ],
)
def test_orders_that_mean_nothing(boxes, wrong):
    with pytest.raises(ValueError):
        boxes.postbox.faults.add(**{"way": "sftp", "box": None} | wrong)
    assert boxes.postbox.faults.all() == []


def test_a_slow_server_is_ordered_so_often(boxes, caller):
    boxes.fail_sftp(BOX, "slow", count=2, seconds=0.01)
    caller.put(f"{FOLDER}/a")
    caller.files.rename(f"{FOLDER}/a", f"{FOLDER}/b")
    assert boxes.postbox.faults.all() == []


# What is kept


def test_keys_outlive_a_restart_and_a_reset(tmp_path):
    state = str(tmp_path / "state")
    with serve(state=state, watching=False) as server:
        first = server.sftp_host_key, server.sftp_key
        server.postbox.reset()
        assert (server.sftp_host_key, server.sftp_key) == first
    with serve(state=state, watching=False) as server:
        assert (server.sftp_host_key, server.sftp_key) == first
    with sqlite3.connect(state) as database:
        database.execute("DROP TABLE sftp_log")  # a state of before there was SFTP
    database.close()
    with serve(state=state, watching=False) as server:
        assert server.sftp_log() == []


# Pages and control


def page(boxes, path, **form):
    """What a browser shows; a form's fields are posted."""
    data = urllib.parse.urlencode(form).encode() if form else None
    with urllib.request.urlopen(boxes.root + path, data, timeout=20) as answer:
        return answer.read().decode()


def test_the_page_shows_the_way_to_the_folder_and_what_happened(boxes, caller):
    caller.put(f"{FOLDER}/<b>.xml")
    shown = page(boxes, f"/boxes/{BOX}/sftp")
    fingerprint = boxes.postbox.sftp.fingerprint
    assert fingerprint.startswith("ssh-ed25519 SHA256:")
    for part in ("127.0.0.1", boxes.sftp_port, "vandersmissen-sftp", fingerprint, f"/{FOLDER}"):
        assert f"<code>{part}</code>" in shown
    assert "/&lt;b&gt;.xml" in shown
    assert fingerprint in page(boxes, "/")
    assert "vandersmissen-sftp" not in page(boxes, "/boxes/80101/sftp")


def test_the_page_orders_what_goes_wrong(boxes):
    for kind in SFTP_KINDS:
        ordered = page(boxes, f"/boxes/{BOX}/sftp", kind=kind, count=2, seconds=1, size=3)
        assert "What goes wrong" in ordered
    orders = boxes.postbox.sftp.faults.all()
    assert [order["kind"] for order in orders] == list(SFTP_KINDS)
    assert {order["kind"] for order in orders if order["box"] is None} == set(BEFORE)
    page(boxes, f"/boxes/{BOX}/sftp", do="clear")
    assert boxes.postbox.sftp.faults.all() == []
    with pytest.raises(urllib.error.HTTPError) as caught:
        page(boxes, f"/boxes/{BOX}/sftp", kind="full", size=-1)
    assert caught.value.code == 400
    assert "0 or more" in caught.value.read().decode()


def test_the_control_tells_how_to_sign_in_and_what_happened(boxes, caller):
    with urllib.request.urlopen(f"{boxes.control_url}/state", timeout=20) as answer:
        state = json.load(answer)
    assert state["sftp_server"] == f"127.0.0.1:{boxes.sftp_port}"
    assert state["sftp_host_key"] == caller.host_key
    assert state["sftp_users"][state["sftp_user"]] == state["sftp_password"]
    assert state["sftp_key"] == boxes.sftp_key
    caller.put(f"{FOLDER}/a")
    with urllib.request.urlopen(f"{boxes.control_url}/boxes/{BOX}/sftp_log", timeout=20) as answer:
        assert [row["what"] for row in json.load(answer)] == ["upload"]
