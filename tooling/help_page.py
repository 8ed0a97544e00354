"""``python -m tooling.help_page``: the page of messages of the addon, out of the documentation.

``docs/troubleshooting.md`` and the tables of errors on the pages of the packages become one HTML
page, to which an item of the queue links. Only what these pages use of Markdown is known here.
"""

import html
import re

from tooling import paths

PAGE = paths.ROOT / "accountable_connect" / "static" / "description" / "troubleshooting.html"
SOURCE = paths.ROOT / "docs" / "troubleshooting.md"
# Page of a package → heading of its tables of errors, and of the part of ours they come into.
PACKAGES = {
    "octopus": ("octopus.md", "What the codes of Octopus mean", "Octopus"),
    "exact": ("exact-online.md", "What each error means", "Exact Online"),
    "winbooks": ("winbooks.md", "What each error means", "WinBooks"),
    "ubl": ("ubl.md", "What each error means", "UBL"),
}
HERE = {page: heading.lower().replace(" ", "-") for page, _table, heading in PACKAGES.values()}
STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 0 auto; padding: 1rem; color: #212529; }
table { border-collapse: collapse; width: 100%; margin: 1rem 0; }
th, td { text-align: left; vertical-align: top; padding: .5rem .6rem; border-bottom: 1px solid #dee2e6; }
td:first-child { width: 50%; }
tr:has(:target), tr:target { background: #fff3cd; }
a { color: #714b67; }
[id] { scroll-margin-top: 1rem; }
@media (max-width: 40rem) { th { display: none; } td, td:first-child { display: block; width: auto; border: 0; }
  tr { display: block; border-bottom: 1px solid #dee2e6; } }
""".strip()  # noqa: E501
LINK = re.compile(r"\[([^\]]+)\]\(([^)\s]+)\)")
ROW = re.compile(r"^\| (?:`([\w-]+)`|−(\d+)) \| ([^|]+) \| (.+) \|$")


def link(found):
    """A link within the page; of one to another page the words."""
    words, target = found.groups()
    page, _hash, anchor = target.partition("#")
    anchor = HERE.get(page, "") if page else anchor
    return f'<a href="#{anchor}">{words}</a>' if anchor else words


def inline(text):
    """One cell or paragraph."""
    text = html.escape(text, quote=False)
    text = re.sub(r'&lt;a id="([\w-]+)"&gt;&lt;/a&gt;', r'<a id="\1"></a>', text)
    text = text.replace("&lt;br&gt;", "<br>")
    text = re.sub(r"`([^`]+)`", r"<code>\1</code>", text)
    text = LINK.sub(link, text)
    text = re.sub(r"\*\*([^*]+)\*\*", r"<b>\1</b>", text)
    return re.sub(r"\*([^*]+)\*", r"<i>\1</i>", text)


def table(lines):
    """A table; the second line only parts the head from the rest."""
    cells = [line.strip().strip("|").split(" | ") for line in lines]
    head = "".join(f"<th>{inline(cell.strip())}</th>" for cell in cells[0])
    body = [
        "<tr>" + "".join(f"<td>{inline(cell.strip())}</td>" for cell in row) + "</tr>"
        for row in cells[2:]
    ]
    return "\n".join([f"<table>\n<tr>{head}</tr>", *body, "</table>"])


def block(text):
    """A heading, a table, a list or a paragraph."""
    lines = text.splitlines()
    if heading := re.fullmatch(r"(#+) (.+)", text):
        level, words = len(heading[1]), heading[2]
        anchor = re.sub(r"[^\w\- ]", "", words.lower()).replace(" ", "-")
        return f'<h{level} id="{anchor}">{inline(words)}</h{level}>'
    if lines[0].startswith("|"):
        return table(lines)
    if lines[0].startswith("* "):
        items = re.split(r"\n\* ", text.removeprefix("* "))
        points = "\n".join(f"<li>{inline(' '.join(item.split()))}</li>" for item in items)
        return f"<ul>\n{points}\n</ul>"
    return f"<p>{inline(' '.join(lines))}</p>"


def rows_of_package(package):
    """The table of a package's codes: each row bears the code, and its kind leads to what that
    means."""
    page, heading, _part = PACKAGES[package]
    text = (paths.ROOT / "docs" / page).read_text(encoding="utf-8")
    section = text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    rows = []
    for line in section.splitlines():
        if found := ROW.match(line):
            word, number, kind, sentence = found.groups()
            code = word or f"−{number}"
            anchor = f"{package}-{(word or number).replace('_', '-')}"
            rows.append(
                f'<tr id="{anchor}"><td>{inline(sentence)}</td><td>{inline(kind)}</td>'
                f"<td><code>{code}</code></td></tr>"
            )
    head = "<tr><th>What it says</th><th>Kind</th><th>Code</th></tr>"
    return "\n".join(["<table>", head, *rows, "</table>"])


def rendered() -> str:
    """The whole page."""
    parts = re.split(r"\n\n+", SOURCE.read_text(encoding="utf-8").strip())
    headings = {f"## {part}": package for package, (_page, _table, part) in PACKAGES.items()}
    blocks, package = [], None
    for text in parts:
        if text.startswith("## ") and package:
            blocks.append(rows_of_package(package))
        if text.startswith("## "):
            package = headings.get(text)
        blocks.append(block(text))
    if package:
        blocks.append(rows_of_package(package))
    return "\n".join(
        [
            "<!DOCTYPE html>",
            '<html lang="en">',
            "<head>",
            '<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            "<title>Accountable Connect: troubleshooting, by message</title>",
            f"<style>\n{STYLE}\n</style>",
            "</head>",
            "<body>",
            *blocks,
            "</body>",
            "</html>",
            "",
        ]
    )


if __name__ == "__main__":
    PAGE.write_text(rendered(), encoding="utf-8")
