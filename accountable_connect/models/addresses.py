"""Addresses of a package's service that secrets may be sent to."""

from urllib.parse import urlsplit

LOOPBACK = ("127.0.0.1", "localhost", "::1")


def is_on_this_machine(address):
    """Whether it is ``http`` to this machine, as a sandbox listens: nothing travels in the open."""
    parts = urlsplit(address or "")
    return parts.scheme == "http" and parts.hostname in LOOPBACK


def may_take_secrets(address):
    """Whether what is sent there travels encrypted, or not at all."""
    parts = urlsplit(address or "")
    return (parts.scheme == "https" and bool(parts.hostname)) or is_on_this_machine(address)
