"""Small things to remember between two commands: ports, private folders."""

import json
import socket

from tooling import paths
from tooling.console import SetUpError
from tooling.stamps import write_whole


def read() -> dict:
    """Return what is remembered; an unreadable file counts as empty."""
    try:
        return json.loads(paths.STATE.read_text())
    except (FileNotFoundError, json.JSONDecodeError):
        return {}


def remember(key: str, value: object) -> None:
    """Keep one value for the next command."""
    known = read()
    known[key] = value
    write_whole(paths.STATE, json.dumps(known, indent=2, sort_keys=True) + "\n")


def is_free(port: int) -> bool:
    """True when a server could listen on this port of the machine itself."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def any_free_port() -> int:
    """Let the system name a port nobody uses."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def port(name: str, wanted: int | None = None) -> int:
    """Return the port of a service: the wanted one, else the remembered one, else a free one.

    Raises :class:`SetUpError` when the wanted port is taken.
    """
    if wanted:
        if not is_free(wanted):
            raise SetUpError(f"Port {wanted} is taken by another program: choose another port.")
        return wanted
    remembered = read().get("ports", {}).get(name)
    if remembered and is_free(remembered):
        return remembered
    chosen = any_free_port()
    remember("ports", {**read().get("ports", {}), name: chosen})
    return chosen
