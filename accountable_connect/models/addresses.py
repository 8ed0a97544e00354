"""Addresses of a package's service that secrets may be sent to."""

from urllib.parse import urlsplit

LOOPBACK = ("127.0.0.1", "localhost", "::1")


def is_on_this_machine(address):
    """Whether it is ``http`` to this machine, as a sandbox listens: nothing travels in the open."""
    scheme, host = _scheme_and_host(address)
    return scheme == "http" and host in LOOPBACK


def may_take_secrets(address):
    """Whether what is sent there travels encrypted, or not at all."""
    scheme, host = _scheme_and_host(address)
    return (scheme == "https" and bool(host)) or is_on_this_machine(address)


def _scheme_and_host(address):
    try:
        parts = urlsplit(address or "")
    except ValueError:  # a bracket that is not closed, and other things no address begins with
        return "", ""
    return parts.scheme, parts.hostname
