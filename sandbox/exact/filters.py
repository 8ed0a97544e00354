"""The condition of a ``$filter``: its syntax tree, the reader and what applies it to rows.

It knows ``eq ne gt ge lt le and or not``, parentheses, the functions of ``FUNCTIONS``, properties
and literals. What cannot be read, an unknown property and a comparison of two types are refused
with 400 ``Bad Request - Error in query syntax.``

What the service's documentation leaves open, and the choice made:

* The functions beyond ``substringof`` and ``trim``: those of OData 2 on texts, and year, month and
  day of a date; no arithmetic, no properties of collections.
* Comparison of texts minds case. Blanks at the end do not count, those in front of an account
  code do: ``Code eq '                11'`` or ``trim(Code) eq '11'``.
* The words ``guid`` and ``datetime`` in front of a literal may stand in any case.
* Null is equal to null only; nothing is greater or less than null. Nulls sort first.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from . import values
from .entities import Entity
from .errors import query_error
from .resource import Hints, Row

FUNCTIONS: dict[str, tuple[str, tuple[str, ...]]] = {
    "substringof": ("Boolean", ("String", "String")),
    "startswith": ("Boolean", ("String", "String")),
    "endswith": ("Boolean", ("String", "String")),
    "indexof": ("Number", ("String", "String")),
    "length": ("Number", ("String",)),
    "tolower": ("String", ("String",)),
    "toupper": ("String", ("String",)),
    "trim": ("String", ("String",)),
    "concat": ("String", ("String", "String")),
    "substring": ("String", ("String", "Number", "Number")),
    "year": ("Number", ("DateTime",)),
    "month": ("Number", ("DateTime",)),
    "day": ("Number", ("DateTime",)),
}
"""Name → type of the result and of the arguments."""

FEWEST = {"substring": 2}
"""How many arguments do, where the last may be left out."""

COMPARISONS = ("eq", "ne", "gt", "ge", "lt", "le")
DEEPEST = 50
"""Parentheses and ``not`` within each other."""


# The syntax tree


@dataclass(frozen=True)
class Literal:
    """A value; ``kind`` is String, Guid, DateTime, Boolean, Number or Null. ``suffix`` is the
    letter behind a number, which changes nothing."""

    kind: str
    value: Any
    suffix: str = field(default="", compare=False)


@dataclass(frozen=True)
class Name:
    """A property; ``kind`` as of a literal."""

    name: str
    kind: str


@dataclass(frozen=True)
class Function:
    """A function with its arguments."""

    name: str
    arguments: tuple[Node, ...]

    @property
    def kind(self) -> str:
        """The type of its result."""
        return FUNCTIONS[self.name][0]


@dataclass(frozen=True)
class Comparison:
    """Two operands compared."""

    operator: str
    left: Node
    right: Node
    kind = "Boolean"


@dataclass(frozen=True)
class Logic:
    """Conditions joined by ``and`` or ``or``."""

    operator: str
    parts: tuple[Node, ...]
    kind = "Boolean"


@dataclass(frozen=True)
class Not:
    """The opposite of a condition."""

    part: Node
    kind = "Boolean"


Node = Literal | Name | Function | Comparison | Logic | Not


# Reading

_TOKEN = re.compile(
    r"""\s*(?:
    (?P<guid>(?i:guid)'(?P<brace>\{)?
        [0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}(?(brace)\})')
  | (?P<datetime>(?i:datetime)'[^']*')
  | (?P<string>'(?:[^']|'')*')
  | (?P<number>-?[0-9]{1,30}(?:\.[0-9]{1,30})?(?:[eE][+-]?[0-9]{1,2})?[LlMmDdFf]?(?![0-9A-Za-z_]))
  | (?P<name>[A-Za-z_][A-Za-z0-9_]*)
  | (?P<sign>[(),=])
)""",
    re.VERBOSE,
)


def tokens_of(text: str) -> list[tuple[str, str]]:
    """The words of a condition or key, each with its kind. Raises ``Refusal`` 400."""
    tokens, place, text = [], 0, text.rstrip()
    while place < len(text):
        match = _TOKEN.match(text, place)
        if not match:
            raise query_error()
        tokens.append((match.lastgroup, match[match.lastgroup]))
        place = match.end()
    return tokens


def literal_of(kind: str, text: str) -> Literal | None:
    """The value a word stands for; None when it is none."""
    if kind == "guid":
        return Literal("Guid", text[5:-1].strip("{}").lower())
    if kind == "datetime":
        try:
            return Literal("DateTime", values.parse_moment(text[9:-1]))
        except ValueError as error:
            raise query_error() from error
    if kind == "string":
        return Literal("String", text[1:-1].replace("''", "'"))
    if kind == "number":
        suffix = text[-1] if text[-1].isalpha() else ""
        return Literal("Number", Decimal(text.removesuffix(suffix)), suffix)
    return {
        "true": Literal("Boolean", True),
        "false": Literal("Boolean", False),
        "null": Literal("Null", None),
    }.get(text)


class _Reader:
    """Reads one ``$filter`` by recursive descent."""

    def __init__(self, entity: Entity, text: str):
        self.entity = entity
        self.tokens = tokens_of(text)
        self.place = 0
        self.depth = 0

    def whole(self) -> Node:
        node = self.either()
        if self.place != len(self.tokens) or node.kind != "Boolean":
            raise query_error()
        return node

    def next(self) -> tuple[str, str]:
        if self.place >= len(self.tokens):
            raise query_error()
        self.place += 1
        return self.tokens[self.place - 1]

    def taken(self, kind: str, *texts: str) -> str:
        """The next token when it is one of these, else ""."""
        if self.place < len(self.tokens):
            found, text = self.tokens[self.place]
            if found == kind and text in texts:
                self.place += 1
                return text
        return ""

    def either(self) -> Node:
        return self.joined("or", self.both)

    def both(self) -> Node:
        return self.joined("and", self.negation)

    def joined(self, operator: str, part: Callable[[], Node]) -> Node:
        parts = [part()]
        while self.taken("name", operator):
            parts.append(part())
        if len(parts) == 1:
            return parts[0]
        if any(one.kind != "Boolean" for one in parts):
            raise query_error()
        return Logic(operator, tuple(parts))

    def negation(self) -> Node:
        if not self.taken("name", "not"):
            return self.comparison()
        with _Deeper(self):
            part = self.negation()
        if part.kind != "Boolean":
            raise query_error()
        return Not(part)

    def comparison(self) -> Node:
        left = self.operand()
        operator = self.taken("name", *COMPARISONS)
        if not operator:
            return left
        right = self.operand()
        if left.kind != right.kind and "Null" not in (left.kind, right.kind):
            raise query_error()
        return Comparison(operator, left, right)

    def operand(self) -> Node:
        kind, text = self.next()
        if text == "(" and kind == "sign":
            with _Deeper(self):
                node = self.either()
            self.expect(")")
            return node
        found = literal_of(kind, text)
        if found is not None:
            return found
        if kind == "name" and text in FUNCTIONS and self.taken("sign", "("):
            return self.function(text)
        return self.property(text)

    def expect(self, sign: str) -> None:
        if not self.taken("sign", sign):
            raise query_error()

    def function(self, name: str) -> Node:
        arguments = []
        for number, expected in enumerate(FUNCTIONS[name][1]):
            if number and number >= FEWEST.get(name, 9) and not self.taken("sign", ","):
                break
            if number and number < FEWEST.get(name, 9):
                self.expect(",")
            with _Deeper(self):
                argument = self.either()
            if argument.kind not in (expected, "Null"):
                raise query_error()
            arguments.append(argument)
        self.expect(")")
        return Function(name, tuple(arguments))

    def property(self, name: str) -> Name:
        one = self.entity.properties.get(name)
        kind = kind_of(one.type) if one else ""
        if not kind:
            raise query_error()
        return Name(name, kind)


class _Deeper:
    def __init__(self, reader: _Reader):
        self.reader = reader

    def __enter__(self) -> None:
        self.reader.depth += 1
        if self.reader.depth > DEEPEST:
            raise query_error()

    def __exit__(self, *_error: Any) -> None:
        self.reader.depth -= 1


def kind_of(kind: str) -> str:
    """The kind of a property's values in a comparison; "" for what cannot be compared."""
    if kind in values.NUMBERS:
        return "Number"
    return kind if kind in ("String", "Guid", "DateTime", "Boolean") else ""


def parse_filter(entity: Entity, text: str) -> Node:
    """The condition of a ``$filter``. Raises ``Refusal`` 400."""
    return _Reader(entity, text).whole()


def text_of(node: Node) -> str:
    """A condition as it is written; ``parse_filter`` reads it back."""
    if isinstance(node, Literal):
        kind = "Double" if node.kind == "Number" else node.kind
        return values.literal(kind, node.value) + node.suffix
    if isinstance(node, Name):
        return node.name
    if isinstance(node, Function):
        return f"{node.name}({','.join(text_of(one) for one in node.arguments)})"
    if isinstance(node, Not):
        return f"not {_enclosed(node.part)}"
    if isinstance(node, Logic):
        return f" {node.operator} ".join(_enclosed(part) for part in node.parts)
    return f"{_enclosed(node.left)} {node.operator} {_enclosed(node.right)}"


def _enclosed(node: Node) -> str:
    text = text_of(node)
    return text if isinstance(node, (Literal, Name, Function)) else f"({text})"


# Applying

_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "eq": lambda left, right: left == right,
    "ne": lambda left, right: left != right,
    "gt": lambda left, right: None not in (left, right) and left > right,
    "ge": lambda left, right: None not in (left, right) and left >= right,
    "lt": lambda left, right: None not in (left, right) and left < right,
    "le": lambda left, right: None not in (left, right) and left <= right,
}
_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "substringof": lambda part, text: part in text,
    "startswith": lambda text, part: text.startswith(part),
    "endswith": lambda text, part: text.endswith(part),
    "indexof": lambda text, part: text.find(part),
    "length": len,
    "tolower": str.lower,
    "toupper": str.upper,
    "trim": str.strip,
    "concat": lambda first, second: first + second,
    "substring": lambda text, start, length=None: _substring(text, start, length),
    "year": lambda day: Decimal(day.year),
    "month": lambda day: Decimal(day.month),
    "day": lambda day: Decimal(day.day),
}


def _substring(text: str, start: Decimal, length: Decimal | None) -> str:
    first = max(int(start), 0)
    return text[first:] if length is None else text[first : first + max(int(length), 0)]


def evaluator(entity: Entity, node: Node) -> Callable[[Row], Any]:
    """What gives the value of a condition or operand for a row."""
    if isinstance(node, Literal):
        value = node.value.rstrip(" ") if node.kind == "String" else node.value
        return lambda _row: value
    if isinstance(node, Name):
        return _of_property(entity, node.name)
    if isinstance(node, Not):
        part = evaluator(entity, node.part)
        return lambda row: not part(row)
    if isinstance(node, Logic):
        parts = [evaluator(entity, part) for part in node.parts]
        together = all if node.operator == "and" else any
        return lambda row: together(part(row) for part in parts)
    if isinstance(node, Function):
        return _of_function(entity, node)
    left, right = evaluator(entity, node.left), evaluator(entity, node.right)
    compare = _OPERATORS[node.operator]
    return lambda row: compare(left(row), right(row))


def _of_property(entity: Entity, name: str) -> Callable[[Row], Any]:
    read = values.comparable(entity.properties[name])

    def value(row: Row) -> Any:
        found = row.get(name)
        return None if found is None else read(found)

    return value


def _of_function(entity: Entity, node: Function) -> Callable[[Row], Any]:
    arguments = [_literal_or(entity, one) for one in node.arguments]
    work = _FUNCTIONS[node.name]

    def value(row: Row) -> Any:
        given = [argument(row) for argument in arguments]
        if None in given:
            return False if node.kind == "Boolean" else None
        return work(*given)

    return value


def _literal_or(entity: Entity, node: Node) -> Callable[[Row], Any]:
    """As ``evaluator``, but a literal keeps its blanks: ``startswith(Name,'De ')``."""
    if isinstance(node, Literal):
        return lambda _row: node.value
    return evaluator(entity, node)


def hints_of(entity: Entity, node: Node | None) -> Hints:
    """What a condition demands of every row."""
    parts = node.parts if isinstance(node, Logic) and node.operator == "and" else (node,)
    equals: dict[str, Any] = {}
    after = None
    for part in parts:
        if not isinstance(part, Comparison) or not isinstance(part.right, Literal):
            continue
        name, value = _named(part.left), part.right.value
        if name is None or value is None:
            continue
        if part.operator == "eq":
            equals[name] = _as_stored(entity, name, value)
        elif name == "Timestamp" and part.operator in ("gt", "ge"):
            bound = int(value) if part.operator == "gt" else -int(-value) - 1
            after = bound if after is None else max(after, bound)
    return Hints(equals, after)


def _named(node: Node) -> str | None:
    if isinstance(node, Function) and node.name == "trim":
        node = node.arguments[0]
    return node.name if isinstance(node, Name) else None


def _as_stored(entity: Entity, name: str, value: Any) -> Any:
    kind = entity.properties[name].type
    if kind == "String":
        return value.strip(" ")
    if kind in values.WHOLE:
        return int(value) if value == value.to_integral_value() else value
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date()
    return value


def names_of(node: Node) -> set[str]:
    """The properties a condition names."""
    if isinstance(node, Name):
        return {node.name}
    if isinstance(node, Comparison):
        return names_of(node.left) | names_of(node.right)
    if isinstance(node, Not):
        return names_of(node.part)
    inner = getattr(node, "parts", None) or getattr(node, "arguments", ())
    return set().union(*(names_of(one) for one in inner))
