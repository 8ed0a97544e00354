"""XML from anybody, read without trusting it: no document type, no entities but XML's own five."""

from __future__ import annotations

from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from .refusal import Refused

DEEPEST = 100


def parse(content: bytes) -> Element:
    """The root, names as ``{namespace}name``. Raises :class:`Refused`."""
    builder = TreeBuilder()
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    depth = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise Refused("too_deep", "The XML is nested too deeply")
        builder.start(_named(name), {_named(key): value for key, value in attributes.items()})

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(_named(name))

    def refuse_type(*_values: object) -> None:
        raise Refused("dtd", "The XML has a document type (DTD), which is not taken")

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = refuse_type
    parser.EntityDeclHandler = refuse_type
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise Refused("not_well_formed", f"The XML cannot be read: {error}") from error
    except (LookupError, ValueError) as error:
        raise Refused("encoding", f"The XML cannot be read: {error}") from error
    return builder.close()


def _named(name: str) -> str:
    return "{" + name if "}" in name else name
