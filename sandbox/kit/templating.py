"""The pages of every sandbox: Jinja templates, everything escaped.

A package's folder ``templates`` stands beside the kit's, whose ``page.html`` is the frame of every
page. Amounts stand as Belgians write them (1.234,56).
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from werkzeug.wrappers import Response

HERE = Path(__file__).with_name("templates")


class Link(NamedTuple):
    """A cell that leads somewhere."""

    address: str
    text: Any


def money(amount: Decimal | None) -> str:
    """An amount with comma and thousands points; nothing for zero."""
    if not amount:
        return ""
    text = f"{amount:,.2f}".replace(",", " ").replace(".", ",").replace(" ", ".")
    return text.replace("-", "−")


def amount(text: str | None) -> str:
    """An amount that was shown as text, as an amount."""
    return money(Decimal(text)) if text not in (None, "") else ""


def cell(value: Any) -> Any:
    """What stands in a cell: decimals are amounts."""
    if isinstance(value, Link):
        return Markup('<a href="{}">{}</a>').format(*value)
    if isinstance(value, Decimal):
        return money(value)
    return "" if value is None else value


def lines(texts: Iterable[str | None]) -> Markup:
    """Texts under each other, without those that are empty."""
    return Markup("<br>").join(text for text in texts if text)


def size(number: int) -> str:
    """How large a file is, in words."""
    return f"{number} bytes" if number < 10_000 else f"{number // 1024} kB"


@cache
def _templates(folder: Path) -> Environment:
    environment = Environment(
        loader=FileSystemLoader([folder, HERE]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters.update(
        {filter.__name__: filter for filter in (money, amount, cell, lines, size)}
    )
    return environment


def html(folder: Path, template: str, status: int = 200, **values: Any) -> Response:
    """A template of a package's folder, or of the kit, as an answer; the browser runs nothing of
    it."""
    return Response(
        _templates(folder).get_template(template).render(values),
        status,
        content_type="text/html; charset=utf-8",
        headers={"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"},
    )
