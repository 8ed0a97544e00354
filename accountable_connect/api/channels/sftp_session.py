"""A session with an SFTP server that is known by its key. Plain Python, no Odoo."""

import base64
import hashlib
import io
import ipaddress
import logging
import socket
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import paramiko

from .contract import ChannelError

# Seconds for a connection, and for each answer.
PATIENCE = 30
RSA = "ssh-rsa"
# One RSA key signs in several ways (RFC 8332); the old one with SHA-1 is not among them.
SIGNATURES = {RSA: ("rsa-sha2-512", "rsa-sha2-256")}
# What it logs of a connection that broke, it raises too.
logging.getLogger("paramiko").setLevel(logging.CRITICAL)
KEY_CLASSES = (paramiko.Ed25519Key, paramiko.ECDSAKey, paramiko.RSAKey)


@dataclass(frozen=True, slots=True, kw_only=True)
class SftpAccess:
    """``private_key``: text of a PEM or OpenSSH key, used instead of a password where there is one.
    ``host_key``: ``type base64``, as in a known_hosts file; "" before somebody confirmed it.
    ``local_allowed``: this machine may be the server, as a sandbox is."""

    host: str
    user: str
    port: int = 22
    password: str = ""
    private_key: str = ""
    passphrase: str = ""
    host_key: str = ""
    local_allowed: bool = False

    @property
    def values(self):
        """What sentences name."""
        return {"host": self.host, "user": self.user}


def fingerprint(host_key):
    """What people compare: the type, and SHA-256 as OpenSSH shows it."""
    kind, _blank, data = host_key.partition(" ")
    digest = hashlib.sha256(base64.b64decode(data)).digest()
    return f"{kind} SHA256:{base64.b64encode(digest).decode().rstrip('=')}"


def read_private_key(text, passphrase=""):
    """A private key. Raises ChannelError: no key, or one that needs (another) passphrase."""
    for kind in KEY_CLASSES:
        try:
            return kind.from_private_key(io.StringIO(text), passphrase or None)
        except paramiko.PasswordRequiredException as error:
            raise ChannelError("Passphrase needed", code="sftp_passphrase_missing") from error
        except (paramiko.SSHException, ValueError, IndexError, TypeError) as error:
            if passphrase and _is_locked(text) and _says_password(error):
                raise ChannelError("Wrong passphrase", code="sftp_passphrase_wrong") from error
    raise ChannelError("No private key", code="sftp_key_format")


def host_key_of(access):
    """The key the server shows now, ``type base64``; nobody signs in. Raises ChannelError."""
    with _greeted(access, None) as transport:
        return _text_of(transport.get_remote_server_key())


@contextmanager
def signed_in(access):
    """A ``paramiko.SFTPClient``, which ends with the block. Raises ChannelError."""
    if not access.host_key:
        raise ChannelError("No host key", code="sftp_host_key_missing", values=access.values)
    with _greeted(access, access.host_key) as transport:
        with _named(access):
            _sign_in(transport, access)
            client = paramiko.SFTPClient.from_transport(transport)
            client.get_channel().settimeout(PATIENCE)
        yield client


@contextmanager
def _greeted(access, host_key):
    """An encrypted connection, with the server of this key where one is given."""
    with _named(access):
        transport = paramiko.Transport(_connected(access))
    try:
        with _named(access):
            transport.banner_timeout = transport.auth_timeout = PATIENCE
            if host_key:
                # it shows the key of the type that was confirmed, not another one of its own
                kind = host_key.partition(" ")[0]
                transport.get_security_options().key_types = SIGNATURES.get(kind, (kind,))
            try:
                transport.start_client(timeout=PATIENCE)
            except paramiko.IncompatiblePeer as error:
                if host_key:
                    raise _changed(access, "") from error
                raise
            if host_key and _text_of(transport.get_remote_server_key()) != host_key:
                raise _changed(access, _text_of(transport.get_remote_server_key()))
        yield transport
    finally:
        with suppress(Exception):
            transport.close()


def _connected(access):
    """A socket to an address that was looked at: a name may mean another one a moment later."""
    try:
        found = socket.getaddrinfo(access.host, access.port, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError) as error:
        raise ChannelError(
            f"{access.host}: {error}", code="sftp_host", values=access.values, temporary=True
        ) from error
    last = None
    for family, kind, protocol, _name, address in found:
        if not access.local_allowed and _is_ours(address[0]):
            raise ChannelError(
                f"{access.host} is this machine", code="sftp_local", values=access.values
            )
        opened = socket.socket(family, kind, protocol)
        try:
            opened.settimeout(PATIENCE)
            opened.connect(address)
        except OSError as error:
            opened.close()
            last = error
        else:
            return opened
    raise last


def _is_ours(text):
    """Whether an address is of this machine or its own link, or of no single machine."""
    address = ipaddress.ip_address(text.partition("%")[0])
    address = getattr(address, "ipv4_mapped", None) or address
    return (
        address.is_loopback
        or address.is_link_local
        or address.is_unspecified
        or address.is_multicast
    )


def _sign_in(transport, access):
    try:
        if access.private_key:
            key = read_private_key(access.private_key, access.passphrase)
            left = transport.auth_publickey(access.user, key)
        else:
            left = transport.auth_password(access.user, access.password)
    except paramiko.AuthenticationException as error:
        code = "sftp_key_refused" if access.private_key else "sftp_password_refused"
        raise ChannelError(str(error), code=code, values=access.values) from error
    if left:
        raise ChannelError(
            f"More is asked for: {left}", code="sftp_more_asked", values=access.values
        )


@contextmanager
def _named(access):
    """What breaks a connection, as an error of the channel."""
    try:
        yield
    except ChannelError:
        raise
    except (paramiko.SSHException, OSError, EOFError) as error:
        raise ChannelError(
            f"{access.host}: {type(error).__name__}: {error}",
            code="sftp_unreachable",
            values=access.values | {"words": str(error)},
            temporary=True,
        ) from error


def _changed(access, shown):
    values = access.values | {
        "known": fingerprint(access.host_key),
        "shown": fingerprint(shown) if shown else "?",
    }
    return ChannelError("The host key changed", code="sftp_host_key_changed", values=values)


def _text_of(key):
    return f"{key.get_name()} {key.get_base64()}"


def _is_locked(text):
    return "ENCRYPTED" in text or "OPENSSH" in text


def _says_password(error):
    words = str(error).lower()
    return "password" in words or "passphrase" in words or "checkints" in words
