"""Only plain addresses are read, which mean the same to whoever reads them."""

import socket

import pytest
from odoo.addons.accountable_connect.api.http.addresses import (
    is_site,
    may_take_secrets,
    read_address,
)
from odoo.addons.accountable_connect.api.http.transport import Bounds, Transport, UnusableAddress

GOOD = [
    ("https://service.example/rest/v1", ("https", "service.example", 443)),
    ("HTTPS://Service.Example", ("https", "service.example", 443)),
    ("https://service.example:8443/a?b=c%20d", ("https", "service.example", 8443)),
    ("https://xn--bcher-kva.example/", ("https", "xn--bcher-kva.example", 443)),
    ("https://192.0.2.7", ("https", "192.0.2.7", 443)),
    ("http://127.0.0.1:8090/x", ("http", "127.0.0.1", 8090)),
    ("http://[::1]:8090", ("http", "::1", 8090)),
    ("http://[0:0:0:0:0:0:0:1]", ("http", "::1", 80)),
]
ODD = [
    r"http://192.0.2.2:9802\@127.0.0.1/x",
    r"http://127.0.0.1\.evil.example/",
    "http://127.0.0.1@evil.example/",
    "https://user:pass@service.example/",
    "https://@service.example/",
    "http://127.0.0.1#@evil.example/",
    "http://127.0.0.1/#x",
    "http://127.0.0.1 .evil.example/",
    " http://127.0.0.1/",
    "http://127.0.0.1/\n",
    "http://127.0.0.1/\r\nX: y",
    "http://127.0.0.1\t/",
    "http://127.0.0.1/\x00",
    "http://127.0.0.1/\x85",
    "http://127.0.0.1/a\\b",
    "http://127.0.0.%31/",
    "http://%6c%6f%63alhost/",
    "http://loc\u00adalhost/",
    "http://ⓛocalhost/",
    "http://127。0。0。1/",
    "https://bücher.example/",
    "http://127.1/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0x7f.0.0.1/",
    "http://0177.0.0.1/",
    "http://127.0.0.1.:80/",
    "http://[::1%25lo]:80/",
    "http://[fe80::1%eth0]/",
    "http://[::1/",
    "http://[::1]evil.example/",
    "http://[v1.x]/",
    "http://127.0.0.1:0/",
    "http://127.0.0.1:65536/",
    "http://127.0.0.1:/",
    "http://127.0.0.1:+80/",
    "http://127.0.0.1:٨٠/",
    "http:/127.0.0.1/",
    "http:127.0.0.1/",
    "http:///127.0.0.1/",
    "//127.0.0.1/",
    "ftp://127.0.0.1/",
    "javascript://127.0.0.1/",
    "http://-a.example/",
    "https://a..example/",
    "https://service.example/api/../../x",
    "https://service.example/api/%2e%2E/x",
    "https://" + "a." * 130 + "example",
    "https://service_.example",
    "https://",
    "",
    None,
]


@pytest.mark.parametrize(("text", "origin"), GOOD)
def test_plain_address(text, origin):
    assert read_address(text).origin == origin


@pytest.mark.parametrize("text", ODD)
def test_odd_address_is_none(text):
    assert read_address(text) is None


@pytest.mark.parametrize(
    ("text", "everywhere", "with_sandboxes"),
    [
        ("https://service.example", True, True),
        ("https://127.0.0.1", True, True),
        ("http://127.0.0.1:1", False, True),
        ("http://localhost:1", False, True),
        ("http://[::1]:1", False, True),
        ("http://192.0.2.2", False, False),
        ("http://0.0.0.0", False, False),
        ("http://localhost.evil.example", False, False),
        ("http://[::ffff:192.0.2.2]", False, False),
    ],
)
def test_where_secrets_may_go(text, everywhere, with_sandboxes):
    """Plain http is for this machine, and only where the server allows sandboxes."""
    assert may_take_secrets(read_address(text), allow_sandboxes=False) is everywhere
    assert may_take_secrets(read_address(text), allow_sandboxes=True) is with_sandboxes


@pytest.mark.parametrize("text", ["https://x.example?a", "https://x.example/a b"])
def test_what_is_no_site(text):
    assert not is_site(read_address(text))
    assert is_site(read_address("https://x.example/a"))


# Checked again at each call


@pytest.fixture
def listening():
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        yield server


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:{port}\\@127.0.0.2/x", "http://127.0.0.1:{port}/x"]
)
@pytest.mark.parametrize(
    ("site", "bounds"),
    [
        ("http://127.0.0.1:{port}", Bounds(allow_sandboxes=False)),
        ("http://127.0.0.2", Bounds()),
        ("https://127.0.0.1:{port}", Bounds()),
        ("http://127.0.0.1:{port}\\@127.0.0.2", Bounds()),
    ],
)
def test_call_goes_nowhere_else(listening, address, site, bounds):
    port = listening.getsockname()[1]
    transport = Transport("Package", site.format(port=port), 1, bounds=bounds)
    with pytest.raises(UnusableAddress):
        transport.send("POST", address.format(port=port), headers={"Token": "x"}, data=b"{}")
    with pytest.raises(TimeoutError):
        listening.accept()


def test_sandbox_that_is_not_allowed_is_told_as_such():
    site = "http://127.0.0.1:1"
    transport = Transport("Package", site, 1, bounds=Bounds(allow_sandboxes=False))
    with pytest.raises(UnusableAddress) as caught:
        transport.send("GET", site, headers={})
    assert caught.value.code == "sandbox_not_allowed"


def test_sandbox_is_reached_without_a_proxy(monkeypatch):
    """The proxy would get in the open what is meant to stay on this machine."""
    monkeypatch.setenv("http_proxy", "http://192.0.2.1:3128")
    monkeypatch.setenv("https_proxy", "http://192.0.2.1:3128")
    monkeypatch.delenv("no_proxy", raising=False)
    assert not Transport("Package", "http://127.0.0.1:1", 1).session.proxies
    assert Transport("Package", "https://x.example", 1).session.proxies
