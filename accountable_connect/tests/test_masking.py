"""A secret is unreadable however it is written, and what stands beside it is not."""

import base64
import html
import json
from urllib.parse import quote, quote_plus

import pytest
from odoo.addons.accountable_connect.api.http.masking import masked, masked_text

SECRET = "sEcr'et \"+/é&=🔑\\x"  # noqa: S105
WAYS = {
    "plain": str,
    "address": lambda text: quote(text, safe=""),
    "address in small letters": lambda text: quote(text, safe="").replace("%C3%A9", "%c3%a9"),
    "address in an address": lambda text: quote(quote(text, safe=""), safe=""),
    "form": quote_plus,
    "page": html.escape,
    "page in numbers": lambda text: "".join(
        one if one.isalnum() and one.isascii() else f"&#x{ord(one):X};" for one in text
    ),
    "json": lambda text: json.dumps(text)[1:-1],
    "json with its signs": lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
    "json in json": lambda text: json.dumps(json.dumps({"password": text})),
    "json in json in json": lambda text: json.dumps(json.dumps(json.dumps(text))),
    "address in json": lambda text: json.dumps(quote(text, safe="")),
    "slashes": lambda text: json.dumps(text)[1:-1].replace("/", "\\/"),
    "basic": lambda text: base64.b64encode(f"user:{text}".encode()).decode(),
    "basic of a longer name": lambda text: base64.b64encode(f"user1:{text}".encode()).decode(),
    "basic of a still longer name": lambda text: base64.b64encode(
        f"user12:{text}".encode()
    ).decode(),
    "base64 for addresses": lambda text: base64.urlsafe_b64encode(text.encode()).decode(),
    "base64 with more": lambda text: base64.b64encode(f"{text}:more".encode()).decode(),
}


@pytest.mark.parametrize("way", WAYS)
def test_ways_to_write_it(way):
    written = WAYS[way](SECRET)
    text = masked_text(f"before {written} after", ["", None, SECRET])
    assert text.startswith("before ")
    assert text.endswith(" after")
    assert "***" in text
    for part in ("sEcr", written):
        assert part not in text
    assert masked(f"before {written} after".encode(), [SECRET]).decode() == text


def test_what_is_no_secret_stays():
    text = "Last Document = 6, sEcret, c0RlY3I, +32 9 999 99 99 \\ %25"
    assert masked_text(text, [SECRET, "t0ken"]) == text


def test_secret_within_another():
    """The longer one is unknown to nobody who reads what is left of it."""
    assert masked_text("token-and-more", ["token", "token-and-more"]) == "***"


def test_body_without_an_end_takes_no_time():
    """Only the beginning is ever shown."""
    assert len(masked(b"\\" * 10**7, [SECRET])) == 64 * 1024


def test_body_that_is_base64_as_a_whole_takes_no_time():
    """A picture in the page of an error, or a server that means harm."""
    for body in (b"A" * 10**6, b"&#" + b"0" * 10**6):
        assert masked(body, [SECRET]) == body[: 64 * 1024]
    picture = base64.b64encode(bytes(10_000) + SECRET.encode() + bytes(3)).decode()
    assert masked_text(f"<img {picture}> {picture}", [SECRET]) == "<img ***> ***"
