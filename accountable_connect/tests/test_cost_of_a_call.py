"""What the calls of a session have in common is found out once."""

import datetime as dt
import ipaddress
import socket
import ssl
import threading

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from odoo.addons.accountable_connect.api.http import bounded_connection, transport
from odoo.addons.accountable_connect.api.http.transport import NothingSent, Transport

from .hostile_server import HostileServer

CALLS = 5
ANSWER = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n%s\r\n{}"


@pytest.fixture
def serve():
    """A server that ends the connection after each answer, and a client that calls it by name."""
    made = []

    def make(host, headers=b"", secured=None):
        def behave(server, connection):
            if secured:
                connection = secured.wrap_socket(connection, server_side=True)
            received = server.read_request(connection)
            while received.startswith(b"POST") and not received.endswith(b"{}"):
                received += connection.recv(65536)
            server.seen = [*getattr(server, "seen", []), received]
            connection.sendall(ANSWER % headers)
            connection.close()

        server = HostileServer(behave)
        scheme = "https" if secured else "http"
        client = Transport("Package", f"{scheme}://{host}:{server.port}", 5)
        made.extend([client, server])
        return server, client

    yield make
    for one in made:
        one.close()


def call(client, **headers):
    return client.send("POST", f"{client.site}/x", headers=headers, data=b"{}")


@pytest.fixture
def asked(monkeypatch):
    """Names the system was asked for, and threads that were started for it."""
    names, threads = [], []
    getaddrinfo, start = socket.getaddrinfo, threading.Thread.start

    def ask(host, *arguments, **options):
        names.append(host)
        return getaddrinfo(host, *arguments, **options)

    def count(thread):
        threads.append(thread.name)
        return start(thread)

    monkeypatch.setattr(bounded_connection.socket, "getaddrinfo", ask)
    monkeypatch.setattr(threading.Thread, "start", count)
    return names, threads


def test_numeric_address_needs_no_thread(serve, asked):
    server, client = serve("127.0.0.1")
    asked[1].clear()
    for _call in range(CALLS):
        assert call(client).status == 200
    assert server.requests == CALLS
    assert not asked[1]


def test_name_is_asked_for_once_and_again_later(serve, asked, monkeypatch):
    _server, client = serve("localhost")
    asked[1].clear()
    for _call in range(CALLS):
        call(client)
    assert asked[0].count("localhost") == 1
    assert asked[1] == ["accountable_connect.dns"]
    monkeypatch.setattr(bounded_connection.time, "monotonic", _later(bounded_connection.time))
    client._exchange.wait = lambda: 5.0
    call(client)
    assert asked[0].count("localhost") == 2


def _later(clock):
    moment = clock.monotonic() + bounded_connection.ADDRESSES_HOLD
    return lambda: moment


def test_addresses_where_nobody_answers_are_forgotten(serve, asked):
    server, client = serve("localhost")
    call(client)
    server.close()
    for _call in range(2):
        with pytest.raises(NothingSent):
            call(client)
    # those that failed first were known
    assert asked[0].count("localhost") == 2


def test_address_is_checked_once(serve, monkeypatch):
    _server, client = serve("127.0.0.1")
    checked, parse_url = [], transport.parse_url

    def parse(url):
        checked.append(url)
        return parse_url(url)

    monkeypatch.setattr(transport, "parse_url", parse)
    for _call in range(CALLS):
        call(client)
    assert checked == [f"{client.site}/x"]


def test_no_query_is_kept(serve):
    """It may name a customer."""
    _server, client = serve("127.0.0.1")
    before = transport._checked_url.cache_info().currsize
    client.send("GET", f"{client.site}/x?name=Vandersmissen", headers={})
    client.send("GET", f"{client.site}/{'x' * 2000}", headers={})
    assert transport._checked_url.cache_info().currsize == before


# What is sent is what the library would send


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
@pytest.mark.parametrize("data", [None, b"", b"{}"])
@pytest.mark.parametrize(
    "headers", [{}, {"accept": "application/json", "Authorization": None, "X-One": "ä"}]
)
def test_request_is_that_of_the_library(method, data, headers):
    session = Transport("Package", "https://package.example", 5).session
    session.cookies.set("route", "a1", domain="package.example")
    url = "https://package.example/x?a=b%20c"
    ours = session.request_of(method, url, headers, data)
    theirs = session.prepare_request(requests.Request(method, url, headers=headers, data=data))
    assert dict(ours.headers) == dict(theirs.headers)
    assert ours.headers["Cookie"] == "route=a1"
    assert (ours.method, ours.url, ours.body) == (theirs.method, theirs.url, theirs.body)


def test_cookie_comes_back(serve):
    """What spreads the calls over several machines asks for it."""
    server, client = serve("127.0.0.1", b"Set-Cookie: route=a1\r\n")
    call(client)
    call(client)
    assert b"Cookie" not in server.seen[0]
    assert b"Cookie: route=a1" in server.seen[1]


@pytest.mark.parametrize("value", ["a\r\nX-Other: b", "a\nb"])
def test_header_that_is_two_is_refused(serve, value):
    server, client = serve("127.0.0.1")
    with pytest.raises(transport.UnusableAddress):
        call(client, Authorization=value)
    assert not server.requests


# Certificates


@pytest.fixture
def secured(tmp_path, monkeypatch):
    """The server's side of TLS, whose certificate the client trusts."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "package")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    bundle, private = tmp_path / "bundle.pem", tmp_path / "key.pem"
    bundle.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(bundle, private)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(bundle))
    return context


def test_certificates_are_read_once_for_all_sessions(serve, secured, monkeypatch):
    read = []
    context = bounded_connection.create_urllib3_context

    def make(*arguments, **options):
        read.append(options)
        return context(*arguments, **options)

    monkeypatch.setattr(bounded_connection, "create_urllib3_context", make)
    _server, client = serve("127.0.0.1", secured=secured)
    other = Transport("Package", client.site, 5)
    for one in (client, client, other):
        assert call(one).status == 200
    other.close()
    assert read == [{"cert_reqs": ssl.CERT_REQUIRED}]


def test_certificate_of_another_authority_or_name_is_refused(serve, secured, monkeypatch):
    server, client = serve("localhost", secured=secured)
    with pytest.raises(transport.TransportError):
        call(client)
    _other, client = serve("127.0.0.1", secured=secured)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", requests.certs.where())
    with pytest.raises(transport.TransportError):
        call(client)
    assert not server.requests


def test_certificates_that_changed_are_read_again(serve, secured, monkeypatch, tmp_path):
    _server, client = serve("127.0.0.1", secured=secured)
    assert call(client).status == 200
    client.close()
    with open(requests.certs.where(), "rb") as bundle:
        (tmp_path / "bundle.pem").write_bytes(bundle.read())
    with pytest.raises(transport.TransportError):
        call(client)
