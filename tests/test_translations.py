"""Every text of the addons is in the template, and translated into Dutch and French."""

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path

import polib
import pytest
from lxml import etree

ROOT = Path(__file__).resolve().parent.parent
ADDONS = sorted(manifest.parent.name for manifest in ROOT.glob("*/__manifest__.py"))
LANGUAGES = ("nl", "fr")
PLACEHOLDER = re.compile(r"%\(\w+\)[sdf]|%%|%[sdf]|\$\w+")
TAG = re.compile(r"<[^>]+>")
# Attributes of a view that people read.
SHOWN = ("string", "title", "help", "confirm", "placeholder", "sum")
SHOWN_ATTRIBUTE = re.compile(rf' ({"|".join(SHOWN)})="[^"]*"')
# Records whose name people read; the names of views and rules are for developers.
NAMED = (
    "ir.actions.act_window",
    "ir.actions.server",
    "ir.cron",
    "res.groups",
    "res.groups.privilege",
)
# Records of the data files; those of models and fields Odoo names itself.
# Where an addon has its data files.
FOLDERS = ("views", "wizards", "data", "security", "reports")
OF_DATA = "|".join(map(re.escape, ("ir.ui.view", "ir.ui.menu", *NAMED)))
HOW_TO_RENEW = "renew the template, see “Texts” in docs/development.md"

each_addon = pytest.mark.parametrize("addon", ADDONS)
each_language = pytest.mark.parametrize("language", LANGUAGES)


@cache
def catalogue(addon, name):
    return polib.pofile(str(ROOT / addon / "i18n" / name))


def template(addon):
    return catalogue(addon, f"{addon}.pot")


def plain(text):
    return " ".join(text.split())


@each_language
@each_addon
def test_every_text_is_translated(addon, language):
    translated = {
        entry.msgid
        for entry in catalogue(addon, f"{language}.po")
        if entry.msgstr.strip() and not entry.fuzzy and not entry.obsolete
    }
    assert template(addon)
    assert [entry.msgid for entry in template(addon) if entry.msgid not in translated] == []


@each_language
@each_addon
def test_no_translation_of_a_text_that_is_gone(addon, language):
    known = {entry.msgid for entry in template(addon)}
    entries = catalogue(addon, f"{language}.po")
    assert [entry.msgid for entry in entries if entry.obsolete or entry.msgid not in known] == []
    assert entries.metadata["Language"] == language


@each_language
@each_addon
def test_values_and_tags_are_kept(addon, language):
    def kept(text):
        tags = (SHOWN_ATTRIBUTE.sub("", tag) for tag in TAG.findall(text))
        return Counter(PLACEHOLDER.findall(text)), Counter(tags)

    assert [
        entry.msgid
        for entry in catalogue(addon, f"{language}.po")
        if kept(entry.msgid) != kept(entry.msgstr)
    ] == []


@each_language
@each_addon
def test_a_sentence_ends_as_it_does_in_english(addon, language):
    def end(text):
        return text.rstrip()[-1:] if text.rstrip()[-1:] in ".:?…" else ""

    assert [
        entry.msgid
        for entry in catalogue(addon, f"{language}.po")
        if end(entry.msgid) != end(entry.msgstr)
    ] == []


@each_addon
def test_the_template_has_the_texts_of_the_code(addon):
    known = {entry.msgid for entry in template(addon)}
    found = set()
    for file in sorted((ROOT / addon).rglob("*.py")):
        if "tests" not in file.relative_to(ROOT / addon).parts:
            found |= set(texts_of_code(ast.parse(file.read_text())))
    assert found, "no text was found: the test looks in the wrong place"
    assert sorted(found - known) == [], HOW_TO_RENEW


@each_addon
def test_the_template_has_the_texts_of_the_views(addon):
    known = "\n".join(plain(entry.msgid) for entry in template(addon))
    found = set()
    for folder in FOLDERS:
        for file in sorted((ROOT / addon / folder).glob("*.xml")):
            found |= {plain(text) for text in texts_of_data(etree.parse(file))}
    assert found, "no text was found: the test looks in the wrong place"
    assert sorted(text for text in found if text not in known) == [], HOW_TO_RENEW


@each_addon
def test_the_template_names_records_that_are_there(addon):
    """Odoo finds what a translation belongs to by the id: a view that was renamed stays English."""
    there = {
        element.get("id")
        for folder in FOLDERS
        for file in (ROOT / addon / folder).glob("*.xml")
        for element in etree.parse(file).iter()
    }
    named = {
        found[2].removesuffix("_ir_actions_server")
        for entry in template(addon)
        for place, _line in entry.occurrences
        if (found := re.fullmatch(rf"model(?:_terms)?:({OF_DATA}),\w+:{addon}\.(\w+)", place))
    }
    assert sorted(named - there) == [], HOW_TO_RENEW


def texts_of_code(tree):
    """Texts handed to a translating function, labels and helps of fields, constraints."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        owner = getattr(getattr(node.func, "value", None), "id", "")
        if name in ("_", "_lt"):
            yield from literals(node.args[:1])
        elif name in ("Constraint", "UniqueIndex"):
            yield from literals(node.args[1:2])
        elif owner == "fields":
            yield from literals(
                keyword.value for keyword in node.keywords if keyword.arg in ("string", "help")
            )


def literals(nodes):
    return [
        node.value
        for node in nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value
    ]


def texts_of_data(document):
    """What people read of views, menus and other records in a data file."""
    for menu in document.iter("menuitem"):
        if menu.get("name"):
            yield menu.get("name")
    for page in document.iter("template"):
        yield from texts_of_arch(page)
    for record in document.iter("record"):
        for field in record.findall("field"):
            is_name = field.get("name") == "name" and record.get("model") in NAMED
            if field.get("name") == "arch":
                yield from texts_of_arch(field)
            elif is_name or field.get("type") == "html":
                yield from (text for text in field.itertext() if text.strip())


def texts_of_arch(field):
    for element in field.iter(etree.Element):
        yield from (element.get(name) for name in SHOWN if element.get(name, "").strip())
        for text in (element.text if is_read(element) else "", element.tail):
            if element is not field and text and re.search(r"[^\W\d_]", text):
                yield text


def is_read(element):
    """What stands in a script, or in the change of an attribute nobody reads, is no text."""
    if element.tag == "attribute":
        return element.get("name") in SHOWN
    return element.tag not in ("script", "style")
