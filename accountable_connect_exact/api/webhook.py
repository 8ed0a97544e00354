"""Notifications of Exact Online (``Webhooks`` of the contract): who signed them, asking for them.

The body is ``{"Content": {…}, "HashCode": "…"}``. The hash is the HMAC-SHA256, in capital hex, over
the **raw bytes** of the value of ``Content`` with its braces, keyed with the webhook secret of the
app; two integrators and a client library confirm that. Reading and writing the value again could
change a byte, so it is cut out of the body.

A notification is a hint: delivery is not promised, order neither, and our own writes cause them
too. Nothing of its content is used beyond topic and division.
"""

import hashlib
import hmac
import json
import re

from odoo.addons.accountable_connect.api.creates_in_flight import CreatesInFlight
from odoo.addons.accountable_connect.api.errors import DataRefusedError, DuplicateError

from ..const import TOPICS
from .client import ExactClient

ENTITY = "webhooks/WebhookSubscriptions"
LARGEST = 64 * 1024
_SPACE = re.compile(r"[ \t\r\n]*")
_DECODER = json.JSONDecoder()


def is_signed(body: bytes, secret: str) -> bool:
    """Whether the holder of this webhook secret sent the body. Takes equally long for every wrong
    hash; False without a secret."""
    parts = _parts(body)
    if not secret or parts is None:
        return False
    raw, _content, given = parts
    expected = hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest().upper()
    return hmac.compare_digest(expected.encode(), given.strip().upper().encode(errors="replace"))


def administration_of(body: bytes) -> str:
    """The division a body speaks of, **whoever sent it**; "" when it is no notification."""
    parts = _parts(body)
    content = parts[1] if parts else {}
    topic, division = content.get("Topic"), content.get("Division")
    if not isinstance(topic, str) or not isinstance(division, int) or isinstance(division, bool):
        return ""
    return str(division)


def subscribe(client: ExactClient, address: str) -> None:
    """Ask to be told at ``address`` of every topic that matters; what is told there already is left
    as it is. Exact tries the address at once. Raises DuplicateError when a topic is told
    elsewhere, MayArriveError while an earlier subscription may be on its way."""
    creates = CreatesInFlight(client, ExactClient.package)
    there = {row.get("Topic"): row.get("CallbackURL") for row in _subscriptions(client)}
    for topic in TOPICS:
        if there.get(topic) == address:
            continue
        try:
            creates.post(f"{topic} {address}", ENTITY, {"CallbackURL": address, "Topic": topic})
        except DuplicateError:
            # one per topic: somebody asked at the same moment, or for another address
            now = {row.get("Topic"): row.get("CallbackURL") for row in _subscriptions(client)}
            if now.get(topic) != address:
                raise


def unsubscribe(client: ExactClient, address: str) -> None:
    """Do not ask to be told at ``address`` any more. Raises MayArriveError, once those that are
    there are gone, while another one may be on its way."""
    there = list(_subscriptions(client))
    for row in there:
        if row.get("CallbackURL") != address:
            continue
        try:
            client.delete(ENTITY, row["ID"])
        except DataRefusedError as error:
            if error.code != "not_found":
                raise
    ended = {row.get("Topic") for row in there if row.get("CallbackURL") == address}
    creates = CreatesInFlight(client, ExactClient.package)
    for topic in TOPICS:
        if topic in ended:
            creates.arrived(f"{topic} {address}", ENTITY)
        else:
            creates.check(f"{topic} {address}", ENTITY)


def _subscriptions(client):
    return list(client.get_list(ENTITY, select="ID,Topic,CallbackURL"))


def _parts(body: bytes):
    """The raw bytes of ``Content``, the same parsed, and ``HashCode``; None when the body is of
    another form. A name that comes twice is another form: which one is signed would be open."""
    if len(body) > LARGEST:
        return None
    try:
        members = dict(_members(body.decode()))
    except (ValueError, RecursionError):
        return None
    raw, content = members.get("Content", ("", None))
    given = members.get("HashCode", ("", None))[1]
    if not isinstance(content, dict) or not isinstance(given, str):
        return None
    return raw.encode(), content, given


def _members(text: str):
    """Name, raw text and value of each member of a JSON object. Raises ``ValueError``."""
    seen, position = set(), _past(text, 0, "{")
    while True:
        name, position = _DECODER.raw_decode(text, _skip(text, position))
        if not isinstance(name, str) or name in seen:
            raise ValueError("a name is missing or comes twice")
        seen.add(name)
        begin = _skip(text, _past(text, position, ":"))
        value, position = _DECODER.raw_decode(text, begin)
        yield name, (text[begin:position], value)
        position = _skip(text, position)
        if text[position : position + 1] == "}":
            break
        position = _past(text, position, ",")
    if _skip(text, position + 1) != len(text):
        raise ValueError("something follows the object")


def _skip(text, position):
    return _SPACE.match(text, position).end()


def _past(text, position, sign):
    position = _skip(text, position)
    if text[position : position + 1] != sign:
        raise ValueError(f"no {sign} at {position}")
    return position + 1
