"""The parts of the set-up that can be tried without a machine to set up."""

import configparser
import fcntl
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from tooling import (
    addons,
    apt,
    commands,
    databases,
    lint,
    locks,
    odoo,
    odoo_source,
    packages,
    paths,
    postgres,
    services,
)
from tooling import state as remembered
from tooling import tests as runner
from tooling.console import SetUpError, run_logged
from tooling.demo import people
from tooling.stamps import Stamp, digest, digest_files, write_whole

DEB822 = """\
# the machine's own archive
Types: deb
URIs: http://mirror.invalid/debian
Suites: bookworm bookworm-updates
Components: main contrib
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb
URIs: http://mirror.invalid/debian-security
Suites: bookworm-security
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb-src
URIs: http://sources.invalid/debian
Suites: bookworm
Components: main

Enabled: no
Types: deb
URIs: http://off.invalid/debian
Suites: bookworm
Components: main
"""
ONE_LINE = """\
# deb http://commented.invalid/debian bookworm main
deb [arch=amd64 signed-by=/k.gpg] http://other.invalid/packages bookworm main
deb http://mirror.invalid/debian/ bookworm main contrib # the archive
deb-src http://mirror.invalid/debian/ bookworm main
deb http://mirror.invalid/debian-security bookworm-security main
"""


@pytest.fixture
def local(tmp_path, monkeypatch):
    """A private ``.local`` for what would write into the clone's own."""
    for name in ("LOCKS", "STAMPS", "LOGS", "PROCESSES"):
        monkeypatch.setattr(paths, name, tmp_path / name.lower())
        (tmp_path / name.lower()).mkdir()
    monkeypatch.setattr(paths, "STATE", tmp_path / "state.json")
    return tmp_path


# Stamps


def test_stamp_is_fresh_only_for_the_same_inputs(local):
    Stamp("step", "one", b"two").write()
    assert Stamp("step", "one", b"two").is_fresh()
    assert not Stamp("step", "one", b"other").is_fresh()
    assert not Stamp("another step", "one", b"two").is_fresh()


def test_removed_stamp_is_not_fresh(local):
    stamp = Stamp("step", "one")
    stamp.write()
    stamp.remove()
    stamp.remove()
    assert not stamp.is_fresh()


def test_digest_knows_where_a_part_ends():
    assert digest("ab", "c") != digest("a", "bc")
    assert digest("ab") == digest(b"ab")


def test_digest_of_files_sees_names_and_contents(tmp_path):
    first, second = tmp_path / "a", tmp_path / "b"
    first.write_text("x")
    second.write_text("y")
    before = digest_files([first, second], tmp_path)
    assert digest_files([second, first], tmp_path) == before
    second.write_text("z")
    assert digest_files([first, second], tmp_path) != before
    second.write_text("y")
    second.rename(tmp_path / "c")
    assert digest_files([first, tmp_path / "c"], tmp_path) != before


def test_a_file_is_written_whole_or_not_at_all(tmp_path, monkeypatch):
    file = tmp_path / "folder" / "file"
    write_whole(file, "old")

    def disk_full(self, text):
        raise OSError("No space left on device")

    monkeypatch.setattr(Path, "write_text", disk_full)
    with pytest.raises(OSError):
        write_whole(file, "new")
    assert file.read_text() == "old"


# Debian's archive


def test_archive_of_deb822():
    archive = apt.debian_archive(apt.parse_deb822(DEB822), "bookworm")
    assert archive.uri == "http://mirror.invalid/debian"
    assert apt.with_suite(archive, "sid").as_deb822() == (
        "Types: deb\n"
        "URIs: http://mirror.invalid/debian\n"
        "Suites: sid\n"
        "Components: main\n"
        "Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg\n"
    )


def test_sources_that_are_off_or_hold_no_binaries_are_left():
    assert [source.uri for source in apt.parse_deb822(DEB822)] == [
        "http://mirror.invalid/debian",
        "http://mirror.invalid/debian-security",
    ]


def test_archive_of_one_line_entries():
    archive = apt.debian_archive(apt.parse_one_line(ONE_LINE), "bookworm")
    assert archive == apt.Source(
        "http://mirror.invalid/debian/", ("bookworm",), ("main", "contrib")
    )


def test_options_of_one_line_entries_are_kept():
    other = apt.parse_one_line(ONE_LINE)[0]
    assert other.options == (("Signed-By", "/k.gpg"),)


def test_key_written_into_the_source_is_kept():
    [source] = apt.parse_deb822(
        "Types: deb\nURIs: http://a.invalid/debian\nSuites: stable\nComponents: main\n"
        "Signed-By:\n -----BEGIN-----\n .\n abc\n"
    )
    assert source.as_deb822().endswith("Signed-By: \n -----BEGIN-----\n .\n abc\n")


def test_machine_without_archive():
    assert apt.debian_archive([], "bookworm") is None
    foreign = apt.Source("http://a.invalid/tools", ("nodistro",), ("main",))
    assert apt.debian_archive([foreign], "bookworm") is None


def test_both_forms_of_the_machine_are_read(tmp_path):
    (tmp_path / "sources.list.d").mkdir()
    (tmp_path / "sources.list").write_text(ONE_LINE)
    (tmp_path / "sources.list.d/debian.sources").write_text(DEB822)
    (tmp_path / "sources.list.d/old.sources.disabled").write_text(DEB822)
    assert len(apt.machine_sources(tmp_path)) == 5


def test_without_archive_the_person_is_told_of_odoo_path(tmp_path, monkeypatch):
    monkeypatch.setattr(apt, "machine_sources", lambda: [])
    monkeypatch.setattr(apt.shutil, "which", lambda name: f"/usr/bin/{name}")
    with pytest.raises(SetUpError, match="ODOO_PATH"):
        apt.PrivateApt(["sid"], tmp_path).prepare()


def test_without_apt_the_person_is_told_of_odoo_path(tmp_path, monkeypatch):
    monkeypatch.setattr(apt.shutil, "which", lambda name: None)
    with pytest.raises(SetUpError, match="ODOO_PATH"):
        apt.PrivateApt(["sid"], tmp_path).prepare()


# Odoo


def make_odoo(folder, version="(19, 0, 0, 'final', 0, '')"):
    (folder / "odoo" / "addons" / "base").mkdir(parents=True)
    (folder / "odoo" / "release.py").write_text(f"version_info = {version}\n")
    return folder / "odoo"


def test_odoo_named_by_the_user_wins(tmp_path, monkeypatch):
    package = make_odoo(tmp_path)
    (tmp_path / "addons" / "account").mkdir(parents=True)
    for named in (tmp_path, package):
        monkeypatch.setenv("ODOO_PATH", str(named))
        source = odoo_source.ensure()
        assert source.package == package
        assert source.import_folder == tmp_path
        assert source.addons_folders == [package / "addons", tmp_path / "addons"]


def test_installed_odoo_has_its_addons_inside(tmp_path):
    package = make_odoo(tmp_path)
    (package / "addons" / "account").mkdir()
    source = odoo_source.OdooSource(package, "")
    assert source.addons_folders == [package / "addons"]


def test_another_odoo_is_refused(tmp_path, monkeypatch):
    make_odoo(tmp_path, "(18, 0, 0, 'final', 0, '')")
    monkeypatch.setenv("ODOO_PATH", str(tmp_path))
    with pytest.raises(SetUpError, match="18.0"):
        odoo_source.named_by_user()
    monkeypatch.setenv("ODOO_PATH", str(tmp_path / "nowhere"))
    with pytest.raises(SetUpError, match="no Odoo there"):
        odoo_source.named_by_user()


def test_series_of_what_is_no_odoo(tmp_path):
    assert odoo_source.series_of(tmp_path) is None


def test_log_lines_that_are_problems():
    log = (
        "2026-01-01 10:00:00,000 12 INFO test odoo.modules.loading: fine\n"
        "2026-01-01 10:00:00,001 12 WARNING test odoo.models: not fine\n"
        "Traceback: WARNING in a text\n"
        "2026-01-01 10:00:00,002 12 ERROR ? odoo.sql_db: bad\n"
    )
    assert [line.split()[3] for line in odoo.problems_in(log)] == ["WARNING", "ERROR"]
    with pytest.raises(SetUpError, match="not fine"):
        odoo.refuse_problems(log, "It")
    odoo.refuse_problems(log.splitlines()[0], "It")


STOPPED = """
import os, pathlib, sys
from tooling import paths, tests
paths.VENV_PYTHON = pathlib.Path(sys.argv[1])
from tooling.__main__ import signal, stop
signal.signal(signal.SIGTERM, stop)
try:
    tests.pytest([], dict(os.environ), 1)
except KeyboardInterrupt:
    sys.exit(130)
"""


@pytest.mark.parametrize("ctrl_c", [True, False])
def test_pytest_has_time_for_its_summary_when_it_is_stopped(tmp_path, ctrl_c):
    program = tmp_path / "program"
    program.write_text(
        f"#!{sys.executable}\nimport time\ntry:\n    print('begun', flush=True)\n"
        "    time.sleep(60)\nexcept KeyboardInterrupt:\n    time.sleep(1)\n    print('summary')\n"
    )
    program.chmod(0o755)
    with subprocess.Popen(
        [sys.executable, "-c", STOPPED, str(program)],
        cwd=paths.ROOT,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
        # a shell may have started the tests with Ctrl-C switched off
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    ) as run:
        assert run.stdout.readline() == "begun\n"
        if ctrl_c:
            os.killpg(run.pid, signal.SIGINT)
        else:
            run.terminate()
        assert run.stdout.read() == "summary\n"
        assert run.wait() == 130


# What is said and made for people


class Quiet(services.Services):
    def wait(self):
        raise KeyboardInterrupt


def test_addresses_to_enter_are_printed_with_their_path(capsys):
    commands._stay(
        Quiet(),
        "http://127.0.0.1:1",
        {"octopus": "http://127.0.0.1:2", "exact": "http://127.0.0.1:3"},
    )
    printed = capsys.readouterr().out.split()
    assert "http://127.0.0.1:2/octopus-rest-api/v1" in printed
    assert "http://127.0.0.1:3" in printed
    for name in ("octopus", "exact"):
        root = f"http://127.0.0.1:{2 if name == 'octopus' else 3}"
        entered = packages.load(name).sign_in(root).values.values()
        assert packages.load(name).address(root) in entered


class MadeDatabases(databases.Databases):
    """Notes what would be done."""

    def __init__(self, there):
        self.there, self.done = there, []

    def exists(self, database):
        return self.there

    def ensure_template(self):
        return "hash"

    def ensure_addons_template(self, names):
        return "template", "hash"

    def stamp(self, database):
        return databases.digest("hash", "", addons.installed_digest([]))

    def copy(self, origin, database):
        self.done.append("copied")

    def mark(self, database, value):
        self.done.append("finished")


@pytest.mark.parametrize(
    ("there", "anew", "done"),
    [
        (False, False, ["copied", "prepared", "finished"]),
        (True, True, ["copied", "prepared", "finished"]),
        (True, False, []),
    ],
)
def test_a_database_for_people_is_finished_once_it_is_prepared(local, there, anew, done):
    made = MadeDatabases(there)
    made.ensure_updated("serve", [], anew, lambda: made.done.append("prepared"))
    assert made.done == done


@pytest.mark.parametrize("known", [True, False])
def test_an_older_database_gets_the_people_that_are_told(monkeypatch, known):
    """Else a person reads of users who cannot sign in."""
    logins = {"admin", *(person.login for person in people.PEOPLE[: None if known else 2])}
    ran = []
    databases = SimpleNamespace(
        ensure_updated=lambda *_arguments: None,
        logins=lambda _database: logins,
        odoo=SimpleNamespace(run_script=lambda _database, script: ran.append(script)),
    )
    commands._ensure_serve(databases)
    assert ran == ([] if known else [commands.MISSING_PEOPLE])
    assert (paths.ROOT / commands.MISSING_PEOPLE).is_file()


# Our addons


def make_addon(root, name, manifest="{}"):
    folder = root / name
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    (folder / "__manifest__.py").write_text(manifest)
    return folder


def test_addons_are_top_level_folders_with_a_manifest(tmp_path):
    make_addon(tmp_path, "b")
    make_addon(tmp_path, "a")
    make_addon(tmp_path, "off", "{'installable': False}")
    (tmp_path / "no_addon").mkdir()
    assert addons.discover(tmp_path) == ["a", "b"]
    assert addons.discover(tmp_path / "no_addon") == []


@pytest.mark.parametrize(
    ("file", "changes"),
    [
        ("models/a.py", True),
        ("views/a.xml", True),
        ("i18n/nl.po", True),
        ("security/a.csv", True),
        ("tests/test_a.py", False),
        ("static/src/a.js", False),
        ("documents/a.py", False),
        ("models/__pycache__/a.pyc", False),
    ],
)
def test_hash_of_addons_changes_with_what_a_database_holds(tmp_path, file, changes):
    addon = make_addon(tmp_path, "a")
    before = addons.installed_digest(["a"], tmp_path)
    (addon / file).parent.mkdir(parents=True)
    (addon / file).write_text("new")
    assert (addons.installed_digest(["a"], tmp_path) != before) is changes


# PostgreSQL


def test_socket_path_at_the_limit():
    name = f"/.s.PGSQL.{postgres.PORT}"
    longest = postgres.SOCKET_PATH_LIMIT - len(name)
    assert postgres.socket_folder_fits(Path("/" + "x" * (longest - 1)))
    assert not postgres.socket_folder_fits(Path("/" + "x" * longest))
    # Bytes count, not letters.
    assert not postgres.socket_folder_fits(Path("/" + "é" * (longest // 2 + 1)))


def test_the_system_has_the_limit_we_reckon_with(tmp_path_factory):
    folder = tmp_path_factory.mktemp("s")
    room = postgres.SOCKET_PATH_LIMIT - len(str(folder)) - 1
    if room < 1:
        pytest.skip("the folder for temporary files has too long a name to try it")
    with socket.socket(socket.AF_UNIX) as fits:
        fits.bind(str(folder / ("x" * room)))
    with socket.socket(socket.AF_UNIX) as too_long, pytest.raises(OSError):
        too_long.bind(str(folder / ("x" * (room + 1))))


class User:
    pw_uid, pw_gid = 4242, 4243


def test_folder_closed_to_the_server_user(tmp_path):
    closed = tmp_path / "closed"
    inner = closed / "inner"
    inner.mkdir(parents=True)
    for part in (inner, closed, tmp_path, *tmp_path.parents):
        if os.access(part, os.W_OK) and part.stat().st_uid == os.geteuid() and part != Path("/"):
            if tmp_path in (part, *part.parents):
                part.chmod(0o755)
    reachable = postgres.can_enter(tmp_path.parent, User)
    assert postgres.can_enter(inner, User) is reachable
    closed.chmod(0o700)
    assert not postgres.can_enter(inner, User)


def test_connection_string_names_socket_and_role():
    cluster = postgres.Cluster(Path("/b"), Path("/d"), Path("/s"))
    assert cluster.connection_string("test") == "host=/s port=5432 user=odoo dbname=test"


# Ports and locks


def test_port_is_remembered_while_it_is_free(local):
    first = remembered.port("odoo")
    assert remembered.port("odoo") == first
    assert remembered.port("sandbox") != first
    with socket.socket() as other:
        other.bind(("127.0.0.1", first))
        other.listen()
        assert remembered.port("odoo") != first


def test_wanted_port_that_is_taken(local):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        with pytest.raises(SetUpError, match=str(taken)):
            remembered.port("odoo", taken)
    assert remembered.port("odoo", taken) == taken


def test_unreadable_memory_counts_as_empty(local):
    paths.STATE.write_text("{half")
    assert remembered.read() == {}
    remembered.remember("key", 1)
    assert remembered.read() == {"key": 1}


def test_exclusive_lock_keeps_others_out(local):
    with locks.exclusive("subject", "a subject"):
        with (paths.LOCKS / "subject").open() as other, pytest.raises(BlockingIOError):
            fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
    with (paths.LOCKS / "subject").open() as other:
        fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_only_the_last_user_may_stop(local):
    first, second = locks.SharedUse("users"), locks.SharedUse("users")
    assert not first.leave()
    first.close()
    assert second.leave()
    second.close()


# Services


def test_service_that_ends_at_once_shows_its_log(local):
    service = services.Service(
        "short", [sys.executable, "-c", "print('why'); exit(3)"], "http://127.0.0.1:9"
    )
    with pytest.raises(SetUpError, match="why"):
        service.start(timeout=30)
    service.stop()
    assert not list(paths.PROCESSES.iterdir())


def test_service_starts_answers_and_ends(local):
    port = remembered.port("web")
    url = f"http://127.0.0.1:{port}"
    with services.Services() as running:
        service = running.start(
            services.Service(
                "web", [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1"], url
            )
        )
        assert services.answers(url)
        assert len(list(paths.PROCESSES.iterdir())) == 1
    assert service.has_ended()
    assert not services.answers(url)
    assert not list(paths.PROCESSES.iterdir())


def test_left_behind_server_is_ended_but_no_other_process(local):
    command = [sys.executable, "-c", "import time; time.sleep(60)"]
    with (
        subprocess.Popen(command, start_new_session=True) as ours,
        subprocess.Popen(command, start_new_session=True) as other,
    ):
        (paths.PROCESSES / "ours.json").write_text(
            f'{{"pid": {ours.pid}, "started": "{services.start_time(ours.pid)}"}}'
        )
        (paths.PROCESSES / "other.json").write_text(f'{{"pid": {other.pid}, "started": "1"}}')
        try:
            services.end_recorded()
            assert services.start_time(ours.pid) is None
            assert other.poll() is None
        finally:
            other.kill()
    assert not list(paths.PROCESSES.iterdir())


@pytest.mark.parametrize("name", packages.SERVICES)
def test_every_package_has_its_own(name):
    """A sandbox that begins, an accountant whose books become figures, and a way to sign in."""
    package = packages.load(name)
    assert package.name == name
    with package.serve() as server:
        root = package.root(server)
        sign_in = package.sign_in(root)
        accountant = package.accountant(root)
        books = accountant.books()
        assert (sign_in.package, sign_in.administration) == (name, package.administration)
        assert package.bookings(books) == []
        assert package.contents(books)[0] == "0"
        assert accountant.open_items() == []
        assert not accountant.has_worked()
        with pytest.raises(RuntimeError, match="nothing-like-it"):
            accountant.act("nothing-like-it")


@pytest.mark.parametrize("name", packages.ENTRIES)
def test_a_package_of_entries_has_books(name):
    """A folder, an operator who imports what lies there, and lists that a person pastes."""
    package = packages.load(name)
    assert package.name == name and package.hands_over and package.keeps_books
    assert package in packages.with_ledger() and package not in packages.with_books()
    with package.serve() as server:
        root = package.root(server)
        accountant = package.accountant(root)
        books = accountant.books()
        assert package.bookings(books) == []
        assert package.contents(books)[0] == "0"
        assert accountant.open_items() == [] and accountant.import_waiting() == []
        assert package.directory(server).name == package.folder
        typed = package.sign_in(root).typed
        assert set(typed) == {"journal", "vat_code", "ledger_account", "period"}
        assert all(text.count("\n") > 2 for text in typed.values())


def test_a_package_that_takes_files_has_a_box():
    """A folder, what came there as figures, and nothing to sign in to."""
    package = packages.load("ubl")
    assert package.name == "ubl" and package.of_country("BE") is None
    with package.serve() as server:
        accountant = package.accountant(package.root(server))
        assert server.folder(int(package.administration)).name == package.folder
        books = accountant.books()
        assert package.bookings(books) == []
        assert package.contents(books)[0] == "0"


@pytest.mark.parametrize(
    "chosen, names",
    [
        ([], ["octopus"]),
        (["--package", "exact"], ["exact"]),
        (["--package", "all"], list(packages.NAMES)),
    ],
)
def test_a_sandbox_for_each_package_that_is_asked_for(local, monkeypatch, chosen, names):
    class Running:
        def start(self, service):
            return service

    options = commands._parser("demo").parse_args([*chosen, "--sandbox-port", "8123"])
    sandboxes = commands._start_sandboxes(Running(), options)
    assert list(sandboxes) == names
    assert sandboxes[names[0]] == "http://127.0.0.1:8123"
    assert len(set(sandboxes.values())) == len(names)


def test_the_books_of_serve_are_kept_as_long_as_its_database(local, monkeypatch):
    """A connection would meet other bookings under its numbers."""
    monkeypatch.setattr(paths, "SERVE_BOOKS", local / "serve-books")
    monkeypatch.setattr(paths, "HAND_OVER", local / "hand-over")
    paths.SERVE_BOOKS.mkdir()
    handed_over = commands._folders("serve", anew=False) / "box" / "a.xml"
    handed_over.parent.mkdir()
    handed_over.write_text("left there")

    class Running:
        def start(self, service):
            self.command = service.command
            return service

    options = commands._parser("serve").parse_args(["--package", "exact"])
    running = Running()
    commands._start_sandboxes(running, options, keep=True)
    kept = paths.SERVE_BOOKS / "exact.db"
    assert running.command[-2:] == ["--state", str(kept)]
    kept.write_text("books")

    class ServeDatabases(MadeDatabases):
        odoo = SimpleNamespace(run_script=lambda *script: None)

        def logins(self, _database):
            return {person.login for person in people.PEOPLE}

    monkeypatch.setattr(addons, "discover", list)
    commands._ensure_serve(ServeDatabases(True))
    assert kept.exists()
    commands._ensure_serve(ServeDatabases(True), anew=True)
    assert not kept.exists() and not handed_over.exists()


def test_the_box_and_the_server_share_a_folder(local):
    class Running:
        def start(self, service):
            self.command = service.command
            return service

    running, options = Running(), commands._parser("demo").parse_args(["--package", "ubl"])
    sandboxes = commands._start_sandboxes(running, options, folders=local / "folders")
    place = running.command.index("--folders")
    assert running.command[place + 1] == str(local / "folders")
    assert "postbox" in running.command
    assert commands._addresses(sandboxes) == {}
    text = "\n".join(commands._where("http://127.0.0.1:1", sandboxes))
    assert "folder to choose   vandersmissen-octopus" in text
    for page in ("", "/mail", "/sftp"):
        assert f"{sandboxes['ubl']}/boxes/80001{page}" in text.split()


def test_the_server_knows_the_sandboxes_beside_it(local, monkeypatch):
    """Its own file: what another command writes meanwhile does not matter."""
    for name in ("LOCAL", "CONFIGURATION", "TEST_CONFIGURATION"):
        monkeypatch.setattr(paths, name, local / name.lower())
    paths.LOCAL.mkdir()
    made = odoo.Odoo(
        SimpleNamespace(addons_folders=[local]), SimpleNamespace(socket_folder=local / "socket")
    )
    sandboxes = commands._addresses(
        {"octopus": "http://127.0.0.1:8090", "exact": "http://127.0.0.1:8091"}
    )
    of_demo = made.write_configuration_of("demo", sandboxes, local / "folders")
    made.write_configurations()
    settings = configparser.RawConfigParser()
    settings.read(of_demo)
    assert dict(settings["accountable_connect"]) == {
        "allow_sandboxes": "True",
        "sandbox_octopus": "http://127.0.0.1:8090/octopus-rest-api/v1",
        "sandbox_exact": "http://127.0.0.1:8091",
        "hand_over_root": str(local / "folders"),
    }
    assert settings["options"]["max_cron_threads"] == "2"
    for file in (paths.CONFIGURATION, paths.TEST_CONFIGURATION):
        settings = configparser.RawConfigParser()
        settings.read(file)
        assert list(settings["accountable_connect"]) == ["allow_sandboxes"]


def test_a_stranger_is_told_where_to_begin_and_as_whom():
    sandboxes = {"octopus": "http://127.0.0.1:8090"}
    begin = "http://127.0.0.1:8069/odoo/customer-invoices"
    told = commands._where(begin, sandboxes, commands._connect_with(sandboxes))
    text = "\n".join(told)
    assert f"Begin here: {begin}" in text
    assert "Connect with Octopus" in text
    assert "http://127.0.0.1:8090/octopus-rest-api/v1" in text
    for person in (people.ADMINISTRATOR, *people.PEOPLE):
        assert [line for line in told if line.split()[:1] == [person.login]], person
        assert person.may in text
    # who is no administrator, who is no manager, and each language
    assert {person.group for person in people.PEOPLE} == {"group_manager", "group_user"}
    assert {person.language for person in people.PEOPLE} == {"", *people.LANGUAGES}


def test_the_pictures_of_the_docs_are_a_command(monkeypatch):
    given = []
    monkeypatch.setattr(commands, "_entry", lambda module: given.append)
    commands.COMMANDS["docs"](["--width", "390"])
    assert given == [["--width", "390"]]


def test_unknown_package_is_refused(capsys):
    with pytest.raises(SystemExit):
        commands._parser("demo").parse_args(["--package", "abacus"])
    assert "octopus" in capsys.readouterr().err


def test_failed_command_shows_problem_and_log(local):
    with pytest.raises(SetUpError) as raised:
        run_logged(
            [sys.executable, "-c", "print('the reason'); exit(2)"],
            "step",
            problem="It did not work.",
        )
    assert "It did not work." in str(raised.value)
    assert "the reason" in str(raised.value)
    with pytest.raises(SetUpError, match="is not there"):
        run_logged([local / "nothing"], "step", problem="It did not work.")


# Which tests need Odoo


@pytest.mark.parametrize(
    ("named", "plain"),
    [
        (["tests/test_tooling.py"], True),
        (["tests/test_tooling.py::test_x", "-k", "a"], True),
        (["tests/test_tooling.py", "tests"], False),
        (["-x"], False),
    ],
)
def test_plain_tests_are_known(named, plain):
    assert runner.needs_no_odoo(runner.named_paths(named)) is plain


def test_own_options_are_split_from_those_of_pytest():
    options, rest = runner.parse(["--database", "mine", "tests", "-k", "a", "--addons=b"])
    assert (options.database, options.addons, rest) == ("mine", "b", ["tests", "-k", "a"])


# Lint


def test_xml(tmp_path):
    broken, twice, fine = tmp_path / "1.xml", tmp_path / "2.xml", tmp_path / "3.xml"
    broken.write_text("<odoo>")
    twice.write_text('<odoo><record id="a" model="m"/><record id="a" model="m"/></odoo>')
    fine.write_text('<odoo><record id="a" model="m"/><record id="b" model="m"/></odoo>')
    problems = lint.check_xml([broken, twice, fine])
    assert len(problems) == 2
    assert problems[0].startswith(str(broken))
    assert "id a is used 2 times" in problems[1]


def test_csv(tmp_path):
    file = tmp_path / "ir.model.access.csv"
    file.write_text("id,name\na,x\nb,x\na,y\nc\n")
    assert lint.check_csv([file]) == [
        f"{file}:5: 1 columns instead of 2",
        f"{file}: id a is used 2 times",
    ]


def test_data_file_that_no_manifest_names(tmp_path):
    addon = make_addon(tmp_path, "a", "{'data': ['views/one.xml']}")
    (addon / "views").mkdir()
    (addon / "views/one.xml").write_text("<odoo/>")
    (addon / "views/two.xml").write_text("<odoo/>")
    assert lint.check_listed(addon) == [f"{addon / 'views/two.xml'}: not in the manifest"]


def entry(text, translation):
    return f'#. module: a\nmsgid "{text}"\nmsgstr "{translation}"\n\n'


def test_translations(tmp_path):
    assert lint.check_translations(tmp_path) == []
    (tmp_path / "a.pot").write_text(entry("One %(n)s", "") + entry("Two", ""))
    (tmp_path / "nl.po").write_text(entry("One %(n)s", "Een %(n)s") + entry("Two", "Twee"))
    assert ["each of nl, fr" in problem for problem in lint.check_translations(tmp_path)] == [True]
    (tmp_path / "fr.po").write_text(
        entry("One %(n)s", "Un %(m)s") + entry("Two", "") + entry("Old", "Vieux")
    )
    problems = "\n".join(lint.check_translations(tmp_path))
    assert "'Old' is no text of the addon" in problems
    assert "other placeholders than 'One %(n)s'" in problems
    assert "'Two' is not translated" in problems
    (tmp_path / "fr.po").write_text(entry("One %(n)s", "Un %(n)s"))
    assert lint.check_translations(tmp_path) == [f"{tmp_path / 'fr.po'}: 'Two' is missing"]
