"""Lint: ruff, pylint-odoo with the rules of the Odoo Community Association, and data files."""

import ast
import csv
import os
import re
import subprocess
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from tooling import addons, paths
from tooling.console import say

PLACEHOLDER = re.compile(r"%\((\w+)\)[sdifr]|%[sdifr]|\{(\w*)\}|\$\w+")
LANGUAGES = ("nl", "fr")


def run(arguments: list[str]) -> int:
    """Run every check and print what it found; 0 when nothing was found."""
    names = addons.discover()
    fix = ["--fix"] if "--fix" in arguments else []
    found = _tool("ruff check", ["-m", "ruff", "check", "--quiet", *fix, "."])
    only_look = [] if fix else ["--check"]
    found += _tool("ruff format", ["-m", "ruff", "format", "--quiet", *only_look, "."])
    if names:
        of_tests = [str(one.parent) for one in paths.ROOT.glob("tests/addons/*/__manifest__.py")]
        jobs = f"--jobs={len(os.sched_getaffinity(0))}"
        options = ["--rcfile=.pylintrc", jobs]
        found += _tool("pylint-odoo", ["-m", "pylint", *options, *names, *of_tests])
    problems: list[str] = []
    for name in names:
        problems += check_addon(paths.ROOT / name)
    for problem in problems:
        say(problem)
    return int(bool(found or problems))


def _tool(name: str, arguments: list[str]) -> int:
    finished = subprocess.run(
        [str(paths.VENV_PYTHON), *arguments],
        cwd=paths.ROOT,
        stdin=subprocess.DEVNULL,
        check=False,
        timeout=900,
    )
    if finished.returncode:
        say(f"✗ {name}")
    return finished.returncode


def check_addon(addon: Path) -> list[str]:
    """Return what is wrong in the XML, CSV and translation files of an addon."""
    problems = check_xml(sorted(addon.rglob("*.xml")))
    problems += check_csv(sorted(addon.rglob("*.csv")))
    problems += check_listed(addon)
    problems += check_translations(addon / "i18n")
    return problems


def check_xml(files: Iterable[Path]) -> list[str]:
    """Return files that are no XML, and external names used twice in one file."""
    from lxml import etree

    problems = []
    for file in files:
        try:
            tree = etree.parse(file)
        except etree.XMLSyntaxError as error:
            problems.append(f"{file}: {error}")
            continue
        if tree.getroot().tag != "odoo":
            continue
        names = Counter(
            node.get("id")
            for node in tree.getroot().iter("record", "template", "menuitem")
            if node.get("id")
        )
        problems += [
            f"{file}: id {name} is used {times} times" for name, times in names.items() if times > 1
        ]
    return problems


def check_csv(files: Iterable[Path]) -> list[str]:
    """Return rows whose id comes twice, and rows of another length than the header."""
    problems = []
    for file in files:
        with file.open(newline="", encoding="utf-8") as opened:
            rows = list(csv.reader(opened))
        if not rows or "id" not in rows[0]:
            continue
        at = rows[0].index("id")
        problems += [
            f"{file}:{number}: {len(row)} columns instead of {len(rows[0])}"
            for number, row in enumerate(rows[1:], start=2)
            if row and len(row) != len(rows[0])
        ]
        names = Counter(row[at] for row in rows[1:] if len(row) > at)
        problems += [
            f"{file}: id {name} is used {times} times"
            for name, times in names.items()
            if name and times > 1
        ]
    return problems


def check_listed(addon: Path) -> list[str]:
    """Return data files that no manifest names, so that nobody wonders why they do nothing."""
    manifest = ast.literal_eval((addon / "__manifest__.py").read_text())
    listed = {*manifest.get("data", ()), *manifest.get("demo", ())}
    problems = []
    for folder in ("data", "security", "views", "wizards", "report"):
        for file in sorted((addon / folder).glob("*")):
            name = str(file.relative_to(addon))
            if file.suffix in (".xml", ".csv") and name not in listed:
                problems.append(f"{file}: not in the manifest")
    return problems


def placeholders(text: str) -> Counter:
    """Return the places for values in a text."""
    return Counter(match.group(0) for match in PLACEHOLDER.finditer(text.replace("%%", "")))


def check_translations(folder: Path) -> list[str]:
    """Return texts without translation, and translations that lost a placeholder."""
    import polib

    templates = sorted(folder.glob("*.pot"))
    known: set[tuple[str | None, str]] | None = None
    if templates:
        known = {(entry.msgctxt, entry.msgid) for entry in polib.pofile(str(templates[0]))}
    problems = []
    present = [
        folder / f"{language}.po" for language in LANGUAGES if (folder / f"{language}.po").exists()
    ]
    if present and len(present) < len(LANGUAGES):
        problems.append(f"{folder}: translations are needed in each of {', '.join(LANGUAGES)}")
    for file in present:
        catalogue = polib.pofile(str(file))
        if known is None:
            known = {(entry.msgctxt, entry.msgid) for entry in catalogue}
        here = {(entry.msgctxt, entry.msgid) for entry in catalogue if not entry.obsolete}
        problems += [
            f"{file}: {text!r} is missing" for _context, text in sorted(known - here, key=str)
        ]
        problems += [
            f"{file}: {text!r} is no text of the addon any more"
            for _context, text in sorted(here - known, key=str)
        ]
        for entry in catalogue:
            if entry.obsolete:
                continue
            if not entry.translated():
                problems.append(f"{file}:{entry.linenum}: {entry.msgid!r} is not translated")
            elif placeholders(entry.msgid) != placeholders(entry.msgstr):
                problems.append(f"{file}:{entry.linenum}: other placeholders than {entry.msgid!r}")
    return problems
