"""Odoo and the sandbox as running servers; whatever happens, they end with the command."""

import json
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path

from tooling import paths, state
from tooling.console import SetUpError, say, step
from tooling.odoo import ODOO_BIN, Odoo
from tooling.processes import end_with_parent
from tooling.stamps import write_whole

HOST = "127.0.0.1"


def start_time(pid: int) -> str | None:
    """Return when a process began, in the system's ticks; None when it is gone.

    With the number alone a later process could be taken for ours.
    """
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return stat.rpartition(")")[2].split()[19]


class Service:
    """A server process with its log in ``.local/log`` and its number in ``.local/processes``."""

    def __init__(
        self,
        name: str,
        command: list[str | Path],
        url: str,
        health: str = "",
        environment: dict[str, str] | None = None,
    ):
        self.name, self.url, self.health = name, url, url + health
        self.command = [str(part) for part in command]
        self.environment = environment
        self.log = paths.LOGS / f"{name}.log"
        self.record = paths.PROCESSES / f"{name}-{os.getpid()}.json"
        self.process: subprocess.Popen | None = None

    def start(self, timeout: float = 120) -> None:
        """Start the server and wait until it answers.

        Raises :class:`SetUpError` with the end of its log when it ends or stays silent.
        """
        with step(f"{self.name} at {self.url}"), self.log.open("wb") as log:
            # A session of its own: Ctrl-C reaches only ./run, which then stops it in order.
            self.process = subprocess.Popen(
                self.command,
                cwd=paths.ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=end_with_parent,
            )
            write_whole(
                self.record,
                json.dumps({"pid": self.process.pid, "started": start_time(self.process.pid)}),
            )
            until = time.monotonic() + timeout
            while not answers(self.health):
                if self.process.poll() is not None:
                    raise SetUpError(f"{self.name} ended at once.\n{self.log_tail()}")
                if time.monotonic() > until:
                    raise SetUpError(
                        f"{self.name} does not answer after {timeout:.0f} s.\n{self.log_tail()}"
                    )
                time.sleep(0.2)

    def log_tail(self) -> str:
        """Return the last lines of the server's log."""
        lines = self.log.read_text(errors="replace").splitlines()[-25:]
        return "\n".join(f"    {line}" for line in [*lines, f"(whole log: {self.log})"])

    def has_ended(self) -> bool:
        """True when the process is not there any more."""
        return self.process is None or self.process.poll() is not None

    def stop(self) -> None:
        """Ask the server to end, and end it when it does not."""
        if self.process:
            end(self.process.pid)
            self.process.wait(timeout=30)
        self.record.unlink(missing_ok=True)


def answers(url: str) -> bool:
    """True when a server answers at this address, whatever it says."""
    # No proxy between a machine and itself.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=20):
            return True
    except urllib.error.HTTPError as error:
        return error.code < 500
    except OSError:
        return False


def end(pid: int, patience: float = 15) -> None:
    """End a process and the group it leads: politely, then for good."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(pid, number)
        except ProcessLookupError:
            return
        until = time.monotonic() + patience
        while time.monotonic() < until:
            try:
                if os.waitpid(pid, os.WNOHANG)[0]:
                    return
            except ChildProcessError:  # not our child, or already collected
                if start_time(pid) is None:
                    return
            time.sleep(0.05)


def end_recorded() -> None:
    """End the servers an earlier ``./run`` left behind, if they still are the same processes."""
    for record in sorted(paths.PROCESSES.glob("*.json")):
        try:
            known = json.loads(record.read_text())
        except json.JSONDecodeError:
            known = {}
        if known.get("pid") and start_time(known["pid"]) == known.get("started"):
            say(f"  ending {record.stem} (process {known['pid']})")
            end(known["pid"])
        record.unlink(missing_ok=True)


class Services:
    """Several servers for the time of a ``with`` block, stopped in reverse order."""

    def __init__(self) -> None:
        self.started: list[Service] = []

    def __enter__(self) -> "Services":
        return self

    def __exit__(self, *error: object) -> None:
        for service in reversed(self.started):
            service.stop()

    def start(self, service: Service) -> Service:
        """Start one more server."""
        self.started.append(service)
        service.start()
        return service

    def wait(self) -> None:
        """Stay until Ctrl-C; raise :class:`SetUpError` when a server ends by itself."""
        while True:
            for service in self.started:
                if service.has_ended():
                    raise SetUpError(f"{service.name} has ended.\n{service.log_tail()}")
            time.sleep(1)


def odoo_service(
    odoo: Odoo,
    database: str,
    port: int | None = None,
    options: Sequence[str] = (),
    sandboxes: Mapping[str, str] | None = None,
    folders: Path | None = None,
) -> Service:
    """Return Odoo with web client and crons for one database; ``options`` are further ones of its
    command line, ``sandboxes`` are the addresses to enter of those that run beside it, ``folders``
    is where documents are handed over."""
    number = state.port("odoo", port)
    url = f"http://{HOST}:{number}"
    return Service(
        "odoo",
        [
            paths.VENV_PYTHON,
            ODOO_BIN,
            "-c",
            odoo.write_configuration_of(database, sandboxes or {}, folders),
            "-d",
            database,
            "--http-port",
            str(number),
            "--no-database-list",
            *options,
        ],
        url,
        "/web/login",
        odoo.environment(),
    )


def sandbox_service(name: str, port: int | None = None, options: Sequence[str] = ()) -> Service:
    """Return the sandbox with this name; ``options`` go to ``python -m sandbox``."""
    number = state.port(f"sandbox-{name}", port)
    if not (paths.ROOT / "sandbox").is_dir():
        raise SetUpError("There is no folder sandbox in this clone.")
    return Service(
        f"sandbox-{name}",
        [paths.VENV_PYTHON, "-m", "sandbox", name, "--port", str(number), *options],
        f"http://{HOST}:{number}",
        environment={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
