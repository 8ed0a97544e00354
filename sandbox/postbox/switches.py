"""What the references leave open, as switches with a default."""

from __future__ import annotations

from typing import Any

from ..kit import switches
from ..kit.storage import Store

SWITCHES: dict[str, tuple[Any, str]] = {
    "patience": (5, "Seconds a file lies unchanged before a slow receiver takes it."),
    "own_domains": (
        "*.example,*.test,example.com,*.example.com",
        "Domains whose addresses take any mail, as those of the sender's own people.",
    ),
    "largest_mail": (35 * 1024 * 1024, "Bytes of the largest mail that the server takes."),
    "smtp_utf8": (True, "The mail server takes addresses and headers that are not ASCII."),
    "smtp_login": ("", "name:password that the mail server asks for; empty: none."),
    "smtp_tls": (False, "The mail server offers STARTTLS, with a certificate nobody vouches for."),
    "bounces_to": ("", "host:port of the mail server that reports of bounces are sent to."),
    "sftp_posix_rename": (True, "The SFTP server offers the rename of OpenSSH that replaces."),
    "sftp_rename_replaces": (False, "Its plain RENAME replaces too, as some servers do."),
    "sales_key": ("", "What the subject must hold at an address for sales that sends them on."),
}


class Switches(switches.Switches):
    """The switches of one sandbox."""

    def __init__(self, store: Store):
        super().__init__(store, SWITCHES)
