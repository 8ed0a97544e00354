"""Services that are described by a table: operations with their queries and bodies, and schemas.

Bodies are checked as a Java server's binder does: a number or boolean may be written as text; other
wrong types and missing mandatory fields are invalid; null counts as left out. Unknown fields are
ignored, the usual set-up of such a server, unless they are to be refused.
"""

from __future__ import annotations

import base64
import datetime as dt
import json
import re
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema
from jsonschema.validators import extend

LARGEST = 10**12
"""Amounts beyond this are refused: no books hold them."""

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_STAMP = re.compile(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}(\.\d{1,6})?")


_INTEGER = re.compile(r"[+-]?\d+", re.ASCII)
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)


class Unparsable(ValueError):
    """An element such as a date cannot be read at all."""


class Invalid(ValueError):
    """A parameter or field is missing or of a wrong type (400)."""


def is_date(value: Any) -> bool:
    """Whether a text is a calendar date yyyy-MM-dd."""
    if not isinstance(value, str) or not _DATE.fullmatch(value[:10]):
        return False
    try:
        dt.date.fromisoformat(value[:10])
    except ValueError:
        return False
    return len(value) == 10


def is_moment(value: Any) -> bool:
    """Whether a text is an ISO moment."""
    try:
        dt.datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return False
    return True


def decoded_file(value: str) -> bytes:
    """The bytes of a base64 text; raises ``Invalid``."""
    try:
        return base64.b64decode(value, validate=True)
    except ValueError as error:
        raise Invalid(f"fileData is not base64: {error}") from error


def _is_integer(_checker: Any, value: Any) -> bool:
    if isinstance(value, Decimal):
        return value == value.to_integral_value()
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(_checker: Any, value: Any) -> bool:
    return isinstance(value, (int, Decimal)) and not isinstance(value, bool)


_formats = jsonschema.FormatChecker(formats=())
_formats.checks("date")(is_date)
_formats.checks("date-time")(is_moment)
_Validator = extend(
    jsonschema.Draft202012Validator,
    type_checker=jsonschema.Draft202012Validator.TYPE_CHECKER.redefine(
        "integer", _is_integer
    ).redefine("number", _is_number),
)

_SIMPLE = {
    "string": {"type": "string"},
    "base64": {"type": "string"},
    "boolean": {"type": "boolean"},
    "int32": {"type": "integer", "minimum": -(2**31), "maximum": 2**31 - 1},
    "double": {"type": "number", "minimum": -LARGEST, "maximum": LARGEST},
    "object": {"type": "object"},
    "date": {"type": "string", "format": "date"},
    "date-time": {"type": "string", "format": "date-time"},
}


class OperationTable:
    """The table of a service: a JSON file with ``operations`` and ``schemas``.

    A schema is field → type: ``string``, ``int32``, ``double``, ``boolean``, ``date``,
    ``date-time``, ``base64``, ``object``, ``enum a|b``, ``array of X`` or the name of a schema,
    with ``*`` behind what is mandatory. ``left_to_handler``: schema → mandatory fields that are
    not checked here; ``needed``: those that the handlers need beside what is marked.
    """

    def __init__(
        self,
        path: Path,
        left_to_handler: Mapping[str, set[str]] | None = None,
        needed: Mapping[str, set[str]] | None = None,
    ):
        table = json.loads(path.read_text(encoding="utf-8"))
        self.operations: dict[str, dict] = table["operations"]
        self.schemas: dict[str, dict[str, str]] = table["schemas"]
        self.left_to_handler = left_to_handler or {}
        self.needed = needed or {}
        self._validators: dict[tuple[str, bool], Any] = {}

    def json_schema(self, name: str, refuse_unknown: bool = False) -> dict:
        """The JSON schema of a type of the table, everything inlined."""
        name = name.rstrip("*")
        if name in _SIMPLE:
            return _SIMPLE[name]
        if name.startswith("array of "):
            inner = name.removeprefix("array of ")
            return {"type": "array", "items": self.json_schema(inner, refuse_unknown)}
        if name.startswith("enum "):
            return {"enum": name.removeprefix("enum ").split("|")}
        fields = self.schemas[name]
        required = {field for field, kind in fields.items() if kind.endswith("*")}
        required -= self.left_to_handler.get(name, set())
        required |= self.needed.get(name, set())
        schema = {
            "type": "object",
            "required": sorted(required),
            "properties": {
                field: self.json_schema(kind, refuse_unknown) for field, kind in fields.items()
            },
        }
        if refuse_unknown:
            schema["additionalProperties"] = False
        return schema

    def _validator(self, name: str, refuse_unknown: bool) -> Any:
        key = (name, refuse_unknown)
        if key not in self._validators:
            schema = self.json_schema(name, refuse_unknown)
            self._validators[key] = _Validator(schema, format_checker=_formats)
        return self._validators[key]

    def bound(self, value: Any, name: str) -> Any:
        """The same data with numbers and booleans that were written as text in the type of the
        table, where a Java binder converts them: ``"202603"`` is a number, ``"true"`` a boolean.
        What cannot be converted stays, for the check of types to refuse."""
        name = name.rstrip("*")
        if name.startswith("array of "):
            inner = name.removeprefix("array of ")
            return [self.bound(item, inner) for item in value] if isinstance(value, list) else value
        if name in self.schemas:
            if not isinstance(value, dict):
                return value
            fields = self.schemas[name]
            return {
                field: self.bound(item, fields.get(field, "object"))
                for field, item in value.items()
            }
        return bound_scalar(value, name)

    def parse_body(self, text: bytes, name: str, refuse_unknown: bool = False) -> Any:
        """Read and check a JSON body; numbers with a fraction become ``Decimal``.

        Raises ``Invalid`` or ``Unparsable``.
        """
        body = self.bound(without_nulls(parse_json(text)), name)
        errors = sorted(
            self._validator(name, refuse_unknown).iter_errors(body),
            key=lambda error: error.validator == "format",
        )
        if errors:
            place = "/".join(str(part) for part in errors[0].absolute_path) or "body"
            kind = Unparsable if errors[0].validator == "format" else Invalid
            raise kind(f"{place}: {errors[0].message[:300]}")
        return body


def parse_json(text: bytes) -> Any:
    """JSON with ``Decimal`` for fractions; raises ``Invalid``."""
    try:
        body = json.loads(text.decode("utf-8"), parse_float=Decimal, parse_constant=_no_constant)
        if b"\\u" in text:  # half a surrogate pair is a JSON escape but no text
            json.dumps(body, ensure_ascii=False, default=str).encode()
    except (UnicodeError, json.JSONDecodeError, RecursionError) as error:
        raise Invalid(f"Body is not JSON: {error}") from error
    return body


def without_nulls(value: Any) -> Any:
    """The same data with null fields left out, as the server reads and writes them."""
    if isinstance(value, dict):
        return {name: without_nulls(item) for name, item in value.items() if item is not None}
    if isinstance(value, list):
        return [without_nulls(item) for item in value]
    return value


def bound_scalar(value: Any, kind: str) -> Any:
    if not isinstance(value, str):
        return value
    text = value.strip()
    if kind == "int32" and _INTEGER.fullmatch(text) and len(text) < 20:
        return int(text)
    if kind == "double" and _NUMBER.fullmatch(text):
        return Decimal(text)
    if kind == "boolean" and text.lower() in ("true", "false"):
        return text.lower() == "true"
    return value


def _no_constant(name: str) -> None:
    raise Invalid(f"Body is not JSON: {name}")


def given_query(operation: Mapping, arguments: Mapping[str, str]) -> dict[str, str]:
    """The texts of the declared query parameters that are given; an empty one counts as left out,
    and other names count for nothing."""
    return {
        name: arguments[name]
        for name in operation.get("query", {})
        if arguments.get(name, "") != ""
    }


def parse_query(operation: Mapping, arguments: Mapping[str, str]) -> dict[str, Any]:
    """The declared query parameters with their types; raises ``Invalid``.

    Names are checked strictly: a misspelled mandatory name counts as missing.
    """
    given, declared = given_query(operation, arguments), operation.get("query", {})
    if any(kind.endswith("*") and name not in given for name, kind in declared.items()):
        raise Invalid("Invalid or missing parameters passed")
    return {name: _query_value(text, declared[name].rstrip("*")) for name, text in given.items()}


def _query_value(text: str, kind: str) -> Any:
    value = bound_scalar(text, kind)
    fits = {
        "int32": lambda: isinstance(value, int) and -(2**31) <= value < 2**31,
        "double": lambda: isinstance(value, Decimal) and abs(value) <= LARGEST,
        "boolean": lambda: isinstance(value, bool),
        "timestamp": lambda: bool(_STAMP.fullmatch(text)) and is_moment(text),
        "date": lambda: is_date(text),
    }
    if kind in fits and not fits[kind]():
        raise Invalid("Invalid or missing parameters passed")
    return value


def dump(value: Any) -> bytes:
    """JSON as the service writes it: keys in order, null left out, doubles, UTF-8."""
    return json.dumps(
        without_nulls(value),
        sort_keys=True,
        ensure_ascii=False,
        default=_number,
        separators=(",", ":"),
    ).encode()


def _number(value: Any) -> float:
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(f"{type(value).__name__} is not JSON")
