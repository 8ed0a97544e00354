"""The same answer as Atom XML, for callers whose ``Accept`` does not ask for JSON.

Simple but well formed: an entry per row with its properties, a feed around a list, ``m:type`` for
what is no text (``Edm.Guid``), dates as ``2026-03-05T00:00:00``, ``m:null`` for null, no characters
that XML cannot hold. Collections that are not expanded are left out; an expanded one stands as an
inner feed.
"""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree

from .entities import ENTITIES
from .values import moment_of_ticks

ATOM = "http://www.w3.org/2005/Atom"
DATA = "http://schemas.microsoft.com/ado/2007/08/dataservices"
METADATA = f"{DATA}/metadata"
FEED_TYPE = "application/atom+xml;charset=utf-8"
ERROR_TYPE = "application/xml;charset=utf-8"

NOT_IN_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

for _prefix, _address in (("", ATOM), ("d", DATA), ("m", METADATA)):
    ElementTree.register_namespace(_prefix, _address)


NO_EDM = ("String", "Collection", "Complex")
TYPES: dict[str, dict[str, str]] = {}
"""Type of entity → property → type on the wire; entities of one type agree on it."""

for _entity in ENTITIES.values():
    TYPES.setdefault(_entity.type_name, {}).update(
        (one.name, one.type) for one in _entity.properties.values() if one.type not in NO_EDM
    )

OF_FUNCTIONS = {
    one.name: one.type
    for entity in ENTITIES.values()
    if entity.is_function
    for one in entity.properties.values()
    if one.type not in NO_EDM
}
"""The same of what functions answer, which bears no type of its own."""


def as_xml(body: dict) -> tuple[bytes, str]:
    """A JSON body of the service as XML, with its content type."""
    if "error" in body:
        root = ElementTree.Element(f"{{{METADATA}}}error")
        message = body["error"]["message"]
        _text(root, f"{{{METADATA}}}code", body["error"]["code"])
        _text(root, f"{{{METADATA}}}message", message["value"])
        return _bytes(root), ERROR_TYPE
    content = body["d"]
    if isinstance(content, list) or "results" in content:
        return _bytes(_feed(content)), FEED_TYPE
    return _bytes(_entry(content)), FEED_TYPE


def _bytes(root: ElementTree.Element) -> bytes:
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)


def _text(parent: ElementTree.Element, name: str, text: str) -> ElementTree.Element:
    child = ElementTree.SubElement(parent, name)
    child.text = NOT_IN_XML.sub("", text)
    return child


def _feed(content: Any) -> ElementTree.Element:
    rows = content if isinstance(content, list) else content["results"]
    feed = ElementTree.Element(f"{{{ATOM}}}feed")
    feed.extend(_entry(row) for row in rows)
    if not isinstance(content, list) and "__next" in content:
        ElementTree.SubElement(feed, f"{{{ATOM}}}link", rel="next", href=content["__next"])
    return feed


def _entry(row: dict) -> ElementTree.Element:
    entry = ElementTree.Element(f"{{{ATOM}}}entry")
    metadata = row.get("__metadata", {})
    types = TYPES[metadata["type"]] if metadata else OF_FUNCTIONS
    if "uri" in metadata:
        _text(entry, f"{{{ATOM}}}id", metadata["uri"])
        ElementTree.SubElement(
            entry, f"{{{ATOM}}}category", term=metadata["type"], scheme=f"{DATA}/scheme"
        )
    content = ElementTree.SubElement(entry, f"{{{ATOM}}}content", type="application/xml")
    properties = ElementTree.SubElement(content, f"{{{METADATA}}}properties")
    for name, value in row.items():
        if name == "__metadata" or isinstance(value, dict) and "__deferred" in value:
            continue
        _property(properties, name, value, types.get(name))
    return entry


def _property(properties: ElementTree.Element, name: str, value: Any, kind: str | None) -> None:
    element = ElementTree.SubElement(properties, f"{{{DATA}}}{name}")
    if kind:
        element.set(f"{{{METADATA}}}type", f"Edm.{kind}")
    if kind == "DateTime" and value is not None:
        moment = moment_of_ticks(value)
        value = moment.isoformat().rstrip("0") if moment.microsecond else moment.isoformat()
    if value is None:
        element.set(f"{{{METADATA}}}null", "true")
    elif isinstance(value, bool):
        element.text = "true" if value else "false"
    elif isinstance(value, dict):
        element.append(_feed(value))
    else:
        element.text = NOT_IN_XML.sub("", str(value))
