"""Addresses of a package's service: one reading of them, for the check and for the call.

Libraries disagree about unusual addresses: what one takes for a user name is a host to the other.
So only plain ones are read at all, which mean the same to everybody.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import ip_address
from urllib.parse import unquote, urljoin

# Why secrets may not be sent to an address; codes of an error.
NO_ADDRESS = "address"
SANDBOX_NOT_ALLOWED = "sandbox_not_allowed"
_PORTS = {"http": 80, "https": 443}
_NAME = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
# Names in ASCII letters (also those that begin with xn--) and numbers, nothing before the host.
_ADDRESS = re.compile(
    rf"(?P<scheme>https?)://(?P<host>{_NAME}(?:\.{_NAME})*|\[[0-9a-f:.]+\])"
    r"(?::(?P<port>[0-9]{1,5}))?(?P<path>/[^?#]*)?(?P<query>\?[^#]*)?",
    re.IGNORECASE | re.ASCII,
)
_ODD = re.compile(r"[\x00-\x1f\x7f-\xa0\\\ud800-\udfff]")
_NUMBER = re.compile(r"(?:[0-9]+|0x[0-9a-f]*)")


@dataclass(frozen=True, slots=True)
class Address:
    """``host`` in small letters, an IPv6 address without brackets; ``path`` and ``query`` as they
    are written."""

    scheme: str
    host: str
    port: int
    path: str
    query: str

    @property
    def origin(self) -> tuple[str, str, int]:
        """Who answers there: secrets for one origin go to no other one."""
        return self.scheme, self.host, self.port

    @property
    def is_on_this_machine(self) -> bool:
        """Whether it is ``http`` to this machine, as a sandbox listens."""
        if self.scheme != "http":
            return False
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"


def read_address(text: str | None) -> Address | None:
    """The address, None for what is none, or is not as plain as every address we need."""
    text = text or ""
    found = _ADDRESS.fullmatch(text)
    if not found or _ODD.search(text):
        return None
    host = _plain_host(found["host"].lower())
    scheme = found["scheme"].lower()
    port = int(found["port"] or _PORTS[scheme])
    path = found["path"] or ""
    climbs = any(unquote(part) in (".", "..") for part in path.split("/"))
    if not host or climbs or not 0 < port < 65536:
        return None
    return Address(scheme, host, port, path, found["query"] or "")


def _plain_host(host):
    """Empty for a number written in another way than usual, which some read as an address."""
    numeric = host.startswith("[") or _NUMBER.fullmatch(host.rpartition(".")[2])
    if not numeric:
        return host if len(host) <= 253 else ""
    try:
        return str(ip_address(host.strip("[]")))
    except ValueError:
        return ""


def linked_address(link: str, page: str) -> str:
    """Where a link of a page leads, "" for what is no plain address."""
    # joining drops some of the odd characters, silently
    try:
        target = "" if _ODD.search(link) else urljoin(page, link)
    except ValueError:
        return ""
    return target if read_address(target) else ""


@lru_cache(maxsize=64)
def site_problem(text: str | None, allow_sandboxes: bool) -> str:
    """Why this is no root of a service that secrets may be sent to: "", ``SANDBOX_NOT_ALLOWED`` or
    ``NO_ADDRESS``."""
    address = read_address(text)
    return target_problem(address, allow_sandboxes) if is_site(address) else NO_ADDRESS


def target_problem(address: Address | None, allow_sandboxes: bool) -> str:
    """The same for an address of which only the way there counts."""
    if may_take_secrets(address, allow_sandboxes):
        return ""
    is_sandbox = address is not None and address.is_on_this_machine
    return SANDBOX_NOT_ALLOWED if is_sandbox else NO_ADDRESS


def may_take_secrets(address: Address | None, allow_sandboxes: bool) -> bool:
    """Whether what is sent there travels encrypted, or not at all: plain ``http`` is for sandboxes
    on this machine, where they are allowed."""
    return address is not None and (
        address.scheme == "https" or (allow_sandboxes and address.is_on_this_machine)
    )


def is_site(address: Address | None) -> bool:
    """Whether it is the root of a service: nothing after its path, and no blank in it."""
    return address is not None and not address.query and " " not in address.path
