"""The table of operations and schemas (contract.json) and the checks made from it.

Bodies are checked as a Jackson-like Java server does: types and mandatory fields are refused with
400, a date or other element that cannot be parsed with 500, null counts as left out. Unknown
fields are ignored (the usual set-up of such a server) unless the switch ``unknown_fields`` says
``refuse``.
Fields whose absence has a return code of its own (document date -17 …) are left to the handler.
"""

from __future__ import annotations

import base64
import datetime as dt
import json
import re
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
from jsonschema.validators import extend

TABLE = json.loads(Path(__file__).with_name("contract.json").read_text())
OPERATIONS: dict[str, dict] = TABLE["operations"]
SCHEMAS: dict[str, dict[str, str]] = TABLE["schemas"]

_BOOKING_HEAD = {"bookyearKey", "journalKey", "documentSequenceNr", "bookyearPeriodeNr",
                 "documentDate", "exchangeRate"}
HANDLED_BY_CODE = {
    "BuySellBookingServiceData": _BOOKING_HEAD | {
        "relationIdentificationServiceData", "expiryDate", "currencyCode"},
    "FinancialDiversBookingServiceData": _BOOKING_HEAD,
    "FinancialDiversBookingLineServiceData": {"type"},
}
NEEDED_IN_PRACTICE = {
    "BuySellBookingAndAttachmentRequest": {"buySellBookingServiceData"},
    "FinancialDiversBookingAndAttachmentRequest": {"financialDiversBookingServiceData"},
    "BalancingServiceData": {"debetKey", "creditKey", "balanceAmount"},
    "AttachementData": {"fileName", "fileData"},
    "BalancingKeyServiceData": {"bookyearKey", "journalKey", "documentSequenceNr",
                                "lineSequenceNr"},
}

LARGEST = 10**12
"""Amounts beyond this are refused: no books hold them."""

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_STAMP = re.compile(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}(\.\d{1,6})?")


class Unparsable(ValueError):
    """An element such as a date cannot be read at all (500)."""


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
        "integer", _is_integer).redefine("number", _is_number))

_SIMPLE = {
    "string": {"type": "string"}, "base64": {"type": "string"}, "boolean": {"type": "boolean"},
    "int32": {"type": "integer", "minimum": -2**31, "maximum": 2**31 - 1},
    "double": {"type": "number", "minimum": -LARGEST, "maximum": LARGEST},
    "object": {"type": "object"},
    "date": {"type": "string", "format": "date"},
    "date-time": {"type": "string", "format": "date-time"},
}


def json_schema(name: str, refuse_unknown: bool = False) -> dict:
    """The JSON schema of a type of the table, everything inlined."""
    name = name.rstrip("*")
    if name in _SIMPLE:
        return _SIMPLE[name]
    if name.startswith("array of "):
        return {"type": "array", "items": json_schema(name.removeprefix("array of "),
                                                      refuse_unknown)}
    if name.startswith("enum "):
        return {"enum": name.removeprefix("enum ").split("|")}
    fields = SCHEMAS[name]
    required = {field for field, kind in fields.items() if kind.endswith("*")}
    required = required - HANDLED_BY_CODE.get(name, set()) | NEEDED_IN_PRACTICE.get(name, set())
    schema = {
        "type": "object", "required": sorted(required),
        "properties": {field: json_schema(kind, refuse_unknown)
                       for field, kind in fields.items()}}
    if refuse_unknown:
        schema["additionalProperties"] = False
    return schema


@cache
def _validator(name: str, refuse_unknown: bool) -> Any:
    return _Validator(json_schema(name, refuse_unknown), format_checker=_formats)


def without_nulls(value: Any) -> Any:
    """The same data with null fields left out, as the server reads and writes them."""
    if isinstance(value, dict):
        return {name: without_nulls(item) for name, item in value.items() if item is not None}
    if isinstance(value, list):
        return [without_nulls(item) for item in value]
    return value


def parse_body(text: bytes, name: str, refuse_unknown: bool = False) -> Any:
    """Read and check a JSON body; numbers with a fraction become ``Decimal``.

    Raises ``Invalid`` or ``Unparsable``.
    """
    try:
        body = json.loads(text.decode("utf-8"), parse_float=Decimal, parse_constant=_no_constant)
        if b"\\u" in text:  # half a surrogate pair is a JSON escape but no text
            json.dumps(body, ensure_ascii=False, default=str).encode()
    except (UnicodeError, json.JSONDecodeError, RecursionError) as error:
        raise Invalid(f"Body is not JSON: {error}") from error
    body = without_nulls(body)
    errors = sorted(_validator(name, refuse_unknown).iter_errors(body),
                    key=lambda error: error.validator == "format")
    if errors:
        place = "/".join(str(part) for part in errors[0].absolute_path) or "body"
        kind = Unparsable if errors[0].validator == "format" else Invalid
        raise kind(f"{place}: {errors[0].message[:300]}")
    return body


def _no_constant(name: str) -> None:
    raise Invalid(f"Body is not JSON: {name}")


def parse_query(operation: Mapping, arguments: Mapping[str, str]) -> dict[str, Any]:
    """The declared query parameters with their types; raises ``Invalid``.

    Names are checked strictly: a misspelled mandatory name counts as missing.
    """
    values = {}
    for name, kind in operation.get("query", {}).items():
        if arguments.get(name, "") == "":
            if kind.endswith("*"):
                raise Invalid("Invalid or missing parameters passed")
            continue
        values[name] = _query_value(arguments[name], kind.rstrip("*"))
    return values


def _query_value(text: str, kind: str) -> Any:
    try:
        if kind == "int32":
            if not -2**31 <= int(text) < 2**31:
                raise ValueError(text)
            return int(text)
        if kind == "double":
            return Decimal(text)
        if kind == "boolean":
            return {"true": True, "false": False}[text.lower()]
    except (ValueError, ArithmeticError, KeyError) as error:
        raise Invalid("Invalid or missing parameters passed") from error
    if kind == "timestamp":
        if not _STAMP.fullmatch(text):
            raise Invalid("Invalid or missing parameters passed")
        return text
    if kind == "date" and not is_date(text):
        raise Invalid("Invalid or missing parameters passed")
    return text


def dump(value: Any) -> bytes:
    """JSON as the service writes it: keys in order, null left out, doubles, UTF-8."""
    return json.dumps(without_nulls(value), sort_keys=True, ensure_ascii=False, default=_number,
                      separators=(",", ":")).encode()


def _number(value: Any) -> float:
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(f"{type(value).__name__} is not JSON")


