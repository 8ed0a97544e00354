"""E-mail addresses as a person types them. What stands before the @ is never changed: some
receivers tell capitals apart."""

import re

# RFC 5321, 4.5.3.1: octets before the @, and of all of it.
LONGEST_LOCAL, LONGEST = 64, 254
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", re.IGNORECASE)


def address_problem(text):
    """Whether a text is anything else than one plain address, as ``Box-PI@example.com``."""
    local, at, domain = (text or "").rpartition("@")
    if not at or len(local) > LONGEST_LOCAL or not _LOCAL.fullmatch(local):
        return True
    try:
        wire = wire_address(text)
    except UnicodeError:
        return True
    labels = wire.rpartition("@")[2].split(".")
    return (
        len(wire) > LONGEST
        or len(labels) < 2
        or not all(_LABEL.fullmatch(label) for label in labels)
    )


def wire_address(address):
    """An address as it travels: its domain in ASCII, the rest unchanged. Raises UnicodeError for a
    domain that is none."""
    local, _at, domain = address.rpartition("@")
    return f"{local}@{domain if domain.isascii() else domain.encode('idna').decode()}"
