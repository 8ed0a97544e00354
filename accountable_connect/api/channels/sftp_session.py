"""A session with an SFTP server that is known by its key. Plain Python, no Odoo."""

import base64
import hashlib
import io
import ipaddress
import logging
import socket
import struct
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import paramiko
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    load_ssh_private_key,
)

from ..texts import cut
from .contract import ChannelError

# Seconds for a connection, and for each answer.
PATIENCE = 30
LONGEST_WORDS = 300
# The session is over, or what comes is none of the answers of the protocol.
NO_ANSWERS = (EOFError, paramiko.SSHException, paramiko.SFTPError, UnicodeError, struct.error)
RSA = "ssh-rsa"
# One RSA key signs in several ways (RFC 8332); the old one with SHA-1 is not among them.
SIGNATURES = {RSA: ("rsa-sha2-512", "rsa-sha2-256")}
# What it logs of a connection that broke, it raises too.
logging.getLogger("paramiko").setLevel(logging.CRITICAL)
KEY_CLASSES = {
    Ed25519PrivateKey: paramiko.Ed25519Key,
    EllipticCurvePrivateKey: paramiko.ECDSAKey,
    RSAPrivateKey: paramiko.RSAKey,
}


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


def words_of(error):
    """What a server said, or what went wrong, as it is shown to people."""
    return cut(str(error), LONGEST_WORDS)


def fingerprint(host_key):
    """What people compare: the type, and SHA-256 as OpenSSH shows it."""
    kind, _blank, data = host_key.partition(" ")
    digest = hashlib.sha256(base64.b64decode(data)).digest()
    return f"{kind} SHA256:{base64.b64encode(digest).decode().rstrip('=')}"


def read_private_key(text, passphrase=""):
    """A private key in one of the formats PEM (also PKCS#8) and OpenSSH. Raises ChannelError: no
    key, or one that needs (another) passphrase."""
    load = load_ssh_private_key if "OPENSSH" in text else load_pem_private_key
    try:
        key = load(text.encode(), passphrase.encode() or None)
    except TypeError as error:
        if not passphrase:
            raise ChannelError("Passphrase needed", code="sftp_passphrase_missing") from error
        return read_private_key(text)  # it has none
    except (ValueError, UnsupportedAlgorithm) as error:
        if not passphrase and "password-protected" in str(error):
            raise ChannelError("Passphrase needed", code="sftp_passphrase_missing") from error
        if passphrase and _is_locked(text):
            raise ChannelError("Wrong passphrase", code="sftp_passphrase_wrong") from error
        raise ChannelError("No private key", code="sftp_key_format") from error
    return _for_session(key)


def _for_session(key):
    """What signs in a session, whichever format the key came in."""
    for kind, ours in KEY_CLASSES.items():
        if isinstance(key, kind):
            text = key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()).decode()
            return ours.from_private_key(io.StringIO(text))
    raise ChannelError("No key of SSH", code="sftp_key_format")


def host_key_of(access):
    """The key the server shows now, ``type base64``; nobody signs in. Raises ChannelError."""
    with _greeted(access, access.host_key and None) as transport:
        return _text_of(transport.get_remote_server_key())


@contextmanager
def signed_in(access):
    """A ``paramiko.SFTPClient``, which ends with the block. Raises ChannelError."""
    if not access.host_key:
        raise ChannelError("No host key", code="sftp_host_key_missing", values=access.values)
    with _greeted(access, access.host_key) as transport:
        with _named(access), _ended_in_time(transport):
            _sign_in(transport, access)
            channel = transport.open_session(timeout=PATIENCE)
            channel.settimeout(PATIENCE)
            channel.invoke_subsystem("sftp")
            client = paramiko.SFTPClient(channel)
        yield client


@contextmanager
def _ended_in_time(transport):
    """Ends the connection where the block lasts too long: for some answers paramiko waits for
    ever."""
    timer = threading.Timer(PATIENCE, transport.close)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


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
        raise ChannelError(words_of(error), code=code, values=access.values) from error
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
    except (*NO_ANSWERS, OSError) as error:
        raise ChannelError(
            f"{access.host}: {type(error).__name__}: {words_of(error)}",
            code="sftp_unreachable",
            values=access.values | {"words": words_of(error)},
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
    """Whether a key has a passphrase: only OpenSSH's format does not say so in plain words."""
    return "ENCRYPTED" in text or "OPENSSH" in text
