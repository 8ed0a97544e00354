"""How the pages of every sandbox look: plain HTML made here, everything escaped.

Amounts stand as Belgians write them (1.234,56).
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from html import escape
from typing import Any

from werkzeug.wrappers import Request, Response

STYLE = """
body{font:15px/1.45 system-ui,sans-serif;margin:2rem auto;max-width:76rem;padding:0 1rem;
color:#1d2733;background:#fbfbf9}h1{font-size:1.4rem;margin:0 0 .2rem}h2{font-size:1.1rem;
margin:1.6rem 0 .4rem}nav{margin:1rem 0;border-bottom:1px solid #c9d1d6}nav a{display:inline-block;
padding:.4rem .9rem;text-decoration:none;color:#1f5f7a}nav a.here{border-bottom:3px solid #1f5f7a;
font-weight:600}table{border-collapse:collapse;width:100%;background:#fff}th,td{padding:.3rem .6rem;
border-bottom:1px solid #e4e8ea;text-align:left;vertical-align:top}th{background:#eef2f3;
font-weight:600}.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
tr.sum td{font-weight:600;border-top:2px solid #9fb0b8}td.d{white-space:nowrap}
table.in{background:none;width:100%}table.in td{border:0;padding:0 .5rem 0 0}
.side{display:flex;gap:2.5rem;flex-wrap:wrap}.side>table{width:34rem}ul{margin:.2rem 0;padding:0;
list-style:none}.no{color:#a3261b}.yes{color:#22693a}
.soft{color:#64727b}form{margin:.6rem 0}select,input{font:inherit;padding:.15rem .3rem}"""


class Raw(str):
    """Markup that is already escaped."""


def money(amount: Decimal | None) -> Raw:
    """An amount with comma and thousands points; nothing for zero."""
    if not amount:
        return Raw("")
    text = f"{amount:,.2f}".replace(",", " ").replace(".", ",").replace(" ", ".")
    return Raw(escape(text.replace("-", "−")))


def markup(value: Any) -> str:
    """A value for a cell, escaped unless it is markup."""
    return value if isinstance(value, Raw) else escape("" if value is None else str(value))


def table(columns: Iterable[str], rows: Iterable[Iterable[Any]], total: Iterable[Any] = ()) -> Raw:
    """A table; a column whose name starts with ``#`` is right aligned, with ``~`` never broken."""
    columns, rows = list(columns), [list(row) for row in rows]
    if not rows:
        return Raw('<p class="soft">Nothing here yet.</p>')
    kinds = {"#": ' class="n"', "~": ' class="d"'}
    classes = [kinds.get(name[:1], "") for name in columns]
    head = "".join(
        f"<th{kind}>{escape(name.lstrip('#~'))}</th>"
        for name, kind in zip(columns, classes, strict=True)
    )

    def line(row: Iterable[Any], kind: str = "") -> str:
        cells = "".join(
            f"<td{style}>{markup(value)}</td>" for value, style in zip(row, classes, strict=True)
        )
        return f"<tr{kind}>{cells}</tr>"

    body = "".join(line(row) for row in rows)
    total = list(total)
    foot = line(total, ' class="sum"') if total else ""
    return Raw(f"<table><thead><tr>{head}</tr></thead><tbody>{body}{foot}</tbody></table>")


def inner(rows: Iterable[tuple[Any, ...]]) -> Raw:
    """A table inside a cell; its second column is right aligned."""
    return Raw(
        '<table class="in">'
        + "".join(
            "<tr>"
            + "".join(
                f"<td{' class=n' if index == 1 else ''}>{markup(value)}</td>"
                for index, value in enumerate(row)
            )
            + "</tr>"
            for row in rows
        )
        + "</table>"
    )


def links(addresses: Iterable[tuple[str, str]], here: str) -> Raw:
    """A row of tabs: (address, title), the one at ``here`` marked."""
    shown = "".join(
        f'<a href="{escape(address)}"{" class=here" if address == here else ""}>{escape(title)}</a>'
        for address, title in addresses
    )
    return Raw(f"<nav>{shown}</nav>")


def page(title: str, content: Raw, above: str = "", style: str = "") -> str:
    """A whole page under its title, ``style`` beside that of every page."""
    return (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><title>'
        f"{escape(title)}</title><style>{STYLE}{style}</style></head><body>{above}"
        f"<h1>{escape(title)}</h1>{content}</body></html>"
    )


def html(text: str, status: int = 200) -> Response:
    """A page as an answer; the browser runs nothing of it."""
    return Response(
        text,
        status,
        content_type="text/html; charset=utf-8",
        headers={"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"},
    )


def asked_number(request: Request, name: str) -> int | None:
    """A number of the query, None when there is none."""
    text = request.args.get(name, "")
    return int(text) if text.isdigit() else None


def choice(name: str, options: Iterable[tuple[Any, str]], chosen: Any, everything: str) -> Raw:
    """A list to choose from: (value, text)."""
    shown = "".join(
        f'<option value="{escape(str(value))}"{" selected" if str(value) == str(chosen) else ""}>'
        f"{escape(text)}</option>"
        for value, text in [("", everything), *options]
    )
    return Raw(f'<select name="{name}">{shown}</select>')


def size(number: int) -> str:
    """How large a file is, in words."""
    return f"{number} bytes" if number < 10_000 else f"{number // 1024} kB"
