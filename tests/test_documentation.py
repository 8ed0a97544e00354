"""What the documentation points at is there, and its tables hold what the code holds."""

import ast
import re
from pathlib import Path

import pytest
from lxml import etree

from sandbox.__main__ import PACKAGES
from sandbox.__main__ import parser as sandbox_parser
from sandbox.exact import identity
from sandbox.exact import switches as exact_switches
from sandbox.octopus import seed
from sandbox.octopus import switches as octopus_switches
from sandbox.octopus.service import BASE
from sandbox.winbooks_desktop import switches as winbooks_switches
from tooling import commands
from tooling.screenshots import __main__ as screenshots
from tooling.screenshots import screens

ROOT = Path(__file__).resolve().parent.parent
PAGES = [
    ROOT / "README.rst",
    ROOT / "sandbox" / "README.md",
    ROOT / "tooling" / "README.md",
    *sorted((ROOT / "docs").glob("*.md")),
]
# [text](target), ![text](target), `text <target>`_ and .. image:: target
LINK = re.compile(r"\]\(([^)\s]+)\)|<([^<>\s]+)>`_|image:: (\S+)")


def links_of(page):
    """Targets inside the repository, with their anchors."""
    targets = ["".join(groups) for groups in LINK.findall(page.read_text())]
    return [target for target in targets if "://" not in target]


def constant(file, name):
    """The value of a module's constant, without importing it; calls are read as their text."""
    for node in ast.parse((ROOT / file).read_text()).body:
        targets = [node.target] if isinstance(node, ast.AnnAssign) else getattr(node, "targets", [])
        if any(getattr(target, "id", "") == name for target in targets):
            return node.value
    raise AssertionError(f"{file} has no {name}")


def keys(dictionary):
    return [ast.literal_eval(key) for key in dictionary.keys]


def test_the_pages_have_links():
    assert sum(len(links_of(page)) for page in PAGES) > 20


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page):
    missing = []
    for link in links_of(page):
        path, _hash, anchor = link.partition("#")
        target = page.parent / path if path else page
        if not target.exists():
            missing.append(link)
        elif anchor and anchor not in anchors_of(target):
            missing.append(link)
    assert missing == []


def anchors_of(page):
    """The anchors GitHub makes of headings, and those that are written."""
    text = page.read_text()
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    written = set(re.findall(r'<a id="([^"]+)">', text))
    return written | {
        re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings
    }


# What the pages for programmers name in `code`: files, methods, models, classes and constants.
FOR_PROGRAMMERS = [ROOT / "docs" / "architecture.md", ROOT / "docs" / "development.md"]
NAMED_FILE = re.compile(r"[\w./-]+(?:\.(?:py|sql|json|csv|md|toml)|/)")
NAMED_METHOD = re.compile(r"_[a-z]\w+")
NAMED_MODEL = re.compile(r"accountable(?:\.[a-z]+)+")
NAMED_CLASS = re.compile(r"[A-Z]\w+")
CODE = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
SOURCES = ("accountable_*", "tests", "tooling", "sandbox", "bench", "docs")


def named_in(page):
    """What a page names in `code` on a line of text."""
    return CODE.findall(re.sub(r"```.*?```", "", page.read_text(), flags=re.DOTALL))


def source_files():
    """Every file of the repository, relative to it, with a slash in front."""
    files = [file for name in SOURCES for top in ROOT.glob(name) for file in top.rglob("*")] + list(
        ROOT.glob("*")
    )
    return [f"/{file.relative_to(ROOT)}" for file in files if "__pycache__" not in file.parts]


@pytest.fixture(scope="module")
def names_in_code():
    """Every name that our Python defines, and the models it names."""
    names = set()
    for file in source_files():
        if not file.endswith(".py"):
            continue
        for node in ast.walk(ast.parse((ROOT / file[1:]).read_text())):
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                names.add(node.name)
            elif isinstance(node, ast.ImportFrom):
                names |= {one.name for one in node.names}
            elif isinstance(node, ast.Assign | ast.AnnAssign):
                for target in getattr(node, "targets", None) or [node.target]:
                    names |= {one.id for one in ast.walk(target) if isinstance(one, ast.Name)}
                    if getattr(target, "id", "") == "_name" and isinstance(
                        node.value, ast.Constant
                    ):
                        names.add(node.value.value)
    return names


@pytest.mark.parametrize("page", FOR_PROGRAMMERS, ids=lambda page: page.name)
def test_files_that_are_named_exist(page):
    endings = source_files()
    named = [one for one in named_in(page) if NAMED_FILE.fullmatch(one) and not one[0] == "."]
    missing = [
        one
        for one in named
        if not any(f"{file}/".endswith(f"/{one.rstrip('/')}/") for file in endings)
    ]
    assert len(named) > 20
    assert missing == []


@pytest.mark.parametrize("page", FOR_PROGRAMMERS, ids=lambda page: page.name)
def test_names_of_the_code_exist(page, names_in_code):
    patterns = (NAMED_METHOD, NAMED_MODEL, NAMED_CLASS)
    named = {one for one in named_in(page) if any(kind.fullmatch(one) for kind in patterns)}
    assert len(named) > 20
    assert sorted(named - names_in_code) == []


def test_each_extension_point_is_tried():
    """The methods of the table, and those the addon of the tests overrides, are the same."""
    page = (ROOT / "docs" / "development.md").read_text()
    told = {
        (model, method)
        for model, methods in re.findall(
            r"^\| `(accountable[\w.]+)` \| ([^|]+) \|", page, re.MULTILINE
        )
        for method in CODE.findall(methods)
    }
    addon = ROOT / "tests" / "addons" / "test_accountable_connect_extension" / "models.py"
    tried = {
        (ast.literal_eval(parts[0].value), part.name)
        for one in ast.parse(addon.read_text()).body
        if isinstance(one, ast.ClassDef)
        for parts in [one.body]
        for part in parts
        if isinstance(part, ast.FunctionDef)
    }
    assert len(told) > 10
    assert tried == told


def test_the_rooms_of_the_models_stand_in_their_order():
    """As the page has them; and none imports from one that comes later."""
    models = ROOT / "accountable_connect" / "models"
    rooms = re.findall(
        r"^from \. import (\w+)$", (models / "__init__.py").read_text(), re.MULTILINE
    )
    page = (ROOT / "docs" / "architecture.md").read_text()
    told = re.findall(r"^\| `(\w+)/` \|", page.partition("| Room of `models/`")[2], re.MULTILINE)
    assert rooms == ["write_guard", *told]
    later = []
    for number, room in enumerate(told):
        for file in (models / room).glob("*.py"):
            named = re.findall(r"^from \.\.(\w+)\.", file.read_text(), re.MULTILINE)
            later += [(f"{room}/{file.name}", one) for one in named if one in told[number + 1 :]]
    assert later == []


SANDBOX_PAGE = ROOT / "docs" / "sandbox.md"
COMMAND = re.compile(r"^ +python -m sandbox (.+)$", re.MULTILINE)


def test_what_signs_in_to_the_sandboxes_is_what_they_take():
    page = " ".join(SANDBOX_PAGE.read_text().split())
    octopus, exact = page.split("## Octopus, from Odoo")[1].split("## Exact Online, from Odoo")
    for value in (seed.USER, seed.PASSWORD, seed.SOFTWARE_HOUSE, BASE, *map(str, seed.IN_USE)):
        assert value in octopus
    for value in (
        identity.CLIENT_ID,
        identity.CLIENT_SECRET,
        identity.WEBHOOK_SECRET,
        identity.USER,
        identity.PASSWORD,
        "500001",
        "500002",
        "600001",
    ):
        assert f"`{value}`" in exact or f" {value} " in exact


def test_the_commands_of_the_sandboxes_are_understood():
    commands = [(page, command) for page in PAGES for command in COMMAND.findall(page.read_text())]
    assert {page.name for page, _command in commands} == {"sandbox.md", "README.md"}
    for _page, command in commands:
        options = sandbox_parser().parse_args(re.sub(r"[][]", "", command).split())
        # the ports of the pages are those that are printed without one
        assert options.port == PACKAGES[options.package][2]


def test_the_switches_of_the_sandboxes_are_those_of_the_code():
    page = (ROOT / "sandbox" / "README.md").read_text()
    octopus, rest = page.split("\n## Exact Online")
    exact, winbooks = rest.split("\n## WinBooks")
    for part, switches in (
        (octopus, octopus_switches.SWITCHES),
        (exact, exact_switches.SWITCHES),
        (winbooks, winbooks_switches.SWITCHES),
    ):
        told = dict(re.findall(r"^\| `(\w+)` \| `(\S+)` \| ", part, re.MULTILINE))
        assert told == {name: str(default) for name, (default, _words) in switches.items()}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_of_run_exist(page):
    named = set(re.findall(r"(?:`|^ +)\./run\s(\w+)", page.read_text(), re.MULTILINE))
    assert named - {*commands.COMMANDS, "help"} == set()


def test_every_picture_is_shown_and_made_by_the_command():
    shown = screenshots.shown_in_docs()
    stored = {file.stem for file in screenshots.IMAGES.glob("*.png")}
    sources = (ROOT / "tooling" / "screenshots").glob("*.py")
    made = {
        name for file in sources for name in re.findall(r'"([a-z][a-z0-9-]+)"', file.read_text())
    } | {
        f"set-up-{number}-{step.replace('_', '-')}" for number, step in enumerate(screens.STEPS, 1)
    }
    assert shown - made == set(), "nothing takes it"
    assert stored - shown == set(), "nothing shows it"


@pytest.mark.parametrize(
    "manifest", sorted(ROOT.glob("*/__manifest__.py")), ids=lambda file: file.parent.name
)
def test_the_page_of_an_addon_is_about_it(manifest):
    page = (manifest.parent / "static" / "description" / "index.html").read_text()
    name = ast.literal_eval(manifest.read_text())["name"]
    assert f'<h2 class="oe_slogan">{name}</h2>' in page


def test_every_code_of_octopus_is_explained():
    page = (ROOT / "docs" / "octopus.md").read_text()
    codes = keys(constant("accountable_connect_octopus/api/refusals.py", "ERROR_BY_CODE"))
    assert [code for code in codes if f"| −{-code} |" not in page] == []


def test_the_sentences_of_octopus_are_those_of_the_code():
    page = (ROOT / "docs" / "octopus.md").read_text()
    sentences = constant("accountable_connect_octopus/sentences.py", "SENTENCES")
    said = {}
    for key, call in zip(keys(sentences), sentences.values, strict=True):
        if key.startswith("-"):
            text = ast.literal_eval(call.args[0]).replace("%(detail)s", "*what Octopus says*")
            said[f"| −{key[1:]} |"] = re.sub(r"%\((\w+)\)s", r"*\1*", text)
    rows = {start: line for start in said for line in page.splitlines() if line.startswith(start)}
    assert [start for start, text in said.items() if text not in rows.get(start, "")] == []


def exact_rows():
    """Code → row of the table of errors of Exact Online."""
    page = (ROOT / "docs" / "exact-online.md").read_text()
    return dict(re.findall(r"^\| `(\w+)` \| (.+) \|$", page, re.MULTILINE))


def test_the_sentences_of_exact_are_those_of_the_code():
    sentences = constant("accountable_connect_exact/sentences.py", "SENTENCES")
    said = {}
    for key, call in zip(keys(sentences), sentences.values, strict=True):
        text = ast.literal_eval(call.args[0]).replace("%(detail)s", "*what Exact Online says*")
        said[key] = re.sub(r"%\((\w+)\)s", r"*\1*", text)
    told = {code: row.partition(" | ")[2] for code, row in exact_rows().items()}
    assert told == said


def test_the_sentences_of_ubl_are_those_of_the_code():
    page = (ROOT / "docs" / "ubl.md").read_text()
    sentences = constant("accountable_connect_ubl/sentences.py", "SENTENCES")
    said = {
        key: re.sub(r"%\((\w+)\)s", r"*\1*", ast.literal_eval(call.args[0]))
        for key, call in zip(keys(sentences), sentences.values, strict=True)
    }
    told = dict(re.findall(r"^\| `([\w-]+)` \| [^|]+ \| (.+) \|$", page, re.MULTILINE))
    assert told == said


def test_the_sentences_of_winbooks_are_those_of_the_code():
    """What is found before a batch leaves, and what the import says."""
    page = (ROOT / "docs" / "winbooks.md").read_text()
    before, _heading, after = page.partition("### What only the import says")
    addon = "accountable_connect_winbooks"
    found = [(f"{addon}/entering.py", "SENTENCES"), (f"{addon}/sentences.py", "SENTENCES")]
    for part, places in ((before, found), (after, [(f"{addon}/sentences.py", "MEANINGS")])):
        said = {}
        for place in places:
            sentences = constant(*place)
            for key, call in zip(keys(sentences), sentences.values, strict=True):
                said[key] = re.sub(r"%\((\w+)\)s", r"*\1*", ast.literal_eval(call.args[0]))
        told = re.findall(r"^\| `?(\w+)`? \| [^|]+ \| (.+) \|$", part, re.MULTILINE)
        assert {code: text for code, text in told if code in said} == said


def test_the_subjects_of_the_rules_are_those_of_the_code():
    page = (
        (ROOT / "docs" / "ubl.md").read_text().partition("### The rules an e-invoice holds to")[2]
    )
    told = re.findall(r"^\| ([^|]+) \| ([\w-]+): ", page, re.MULTILINE)
    assert [subject for subject, _rule in told] == keys(
        constant("accountable_connect_ubl/api/rules/table.py", "SUBJECTS")
    )


def test_the_receivers_of_ubl_are_those_of_the_data():
    """Name → files, largest file, whether a PDF goes alone and a ZIP is taken."""
    page = (ROOT / "docs" / "ubl.md").read_text().partition("| Receiver | Files |")[2]
    cells = [line.strip("| ").split("|") for line in page.partition("\n\n")[0].splitlines()[2:]]
    told = {row[0].strip(): [cell.strip() for cell in row[1:5]] for row in cells}
    endings = {
        ast.literal_eval(key): ast.literal_eval(value)
        for node in [constant("accountable_connect_ubl/api/names.py", "ENDINGS")]
        for key, value in zip(node.keys, node.values, strict=True)
    }
    rows = {}
    for record in etree.parse(ROOT / "accountable_connect_ubl/data/profiles.xml").iter("record"):
        values = {field.get("name"): field.get("eval") or field.text for field in record}
        types = values.get("media_types", "application/xml,application/pdf").split(",")
        rows[values["name"]] = [
            ", ".join(endings[one] for one in types),
            f"{values['largest_mb']} MB" if "largest_mb" in values else "",
            "" if values.get("pdf_alone") == "False" else "✓",
            "" if values.get("zip_allowed") == "False" else "✓",
        ]
    assert told == rows


def test_the_kinds_of_exact_are_those_of_the_code():
    labels = {
        label.lower()
        for _kind, label in ast.literal_eval(
            constant("accountable_connect/const.py", "ERROR_KINDS")
        )
    }
    rows = exact_rows()
    # Errors as the modules name them, MISSING and REFUSED being short for two of them.
    words = {
        "MISSING": "configuration missing",
        "REFUSED": "data refused",
        "ConfigurationMissingError": "configuration missing",
        "DataRefusedError": "data refused",
        "PeriodClosedError": "period closed",
        "DuplicateError": "duplicate to decide",
        "AuthorisationLostError": "authorisation lost",
        "Refusal": "authorisation lost",
        "_lost": "authorisation lost",
        "LimitReachedError": "limit reached",
        "TemporaryError": "temporary",
        "OutcomeUnknownError": "outcome unknown",
    }
    # no package says that somebody has to decide about a booking
    assert set(words.values()) == labels - {"booking to decide about"}
    raised = set()
    files = sorted((ROOT / "accountable_connect_exact" / "api").glob("*.py"))
    for file in (*files, ROOT / "accountable_connect" / "api" / "oauth_tokens.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            raised |= set(_errors_named(node, words, rows))
    wrong = {
        (code, words[error])
        for error, code in raised
        if words[error] not in rows[code].partition(" | ")[0].lower()
    }
    assert len(raised) > 60
    assert wrong == set()


def _errors_named(node, words, codes):
    """Pairs of an error's name and one of the codes, out of a table or of where it is raised."""
    if isinstance(node, ast.Tuple):
        names = [part.id for part in node.elts if isinstance(part, ast.Name)]
        texts = [part.value for part in node.elts if isinstance(part, ast.Constant)]
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        names = [node.func.id]
        texts = [
            one.value.value
            for one in node.keywords
            if one.arg == "code" and isinstance(one.value, ast.Constant)
        ]
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        names = [node.func.attr] + [part.id for part in node.args if isinstance(part, ast.Name)]
        texts = [part.value for part in node.args if isinstance(part, ast.Constant)]
    else:
        return
    for name in names:
        for text in texts:
            if name in words and text in codes:
                yield name, text


def test_every_kind_of_error_has_its_cure():
    page = (ROOT / "docs" / "user-guide.md").read_text()
    kinds = ast.literal_eval(constant("accountable_connect/const.py", "ERROR_KINDS"))
    assert [label for _kind, label in kinds if f"| **{label}** |" not in page] == []


# Which names of the comparison a page explains: decisions (E; E2 is Octopus's too) and Dutch taxes
# (N) are Exact's; what is wrong with Odoo's Belgian tax templates (D), and what Odoo books beside
# an invoice (C), stands once.
@pytest.mark.parametrize(
    ("file", "sorts"),
    [
        ("docs/octopus.md", "DRS"),
        ("docs/exact-online.md", "ENRS"),
        ("tooling/books/README.md", "CDENRS"),
    ],
)
def test_every_named_difference_is_explained(file, sorts):
    page = (ROOT / file).read_text()
    source = (ROOT / "tooling" / "books" / "named.py").read_text()
    names = set(re.findall(r'\(\s*"([A-Z]\d)"', source))
    assert {name[0] for name in names} == set("CDENRS")
    wanted = {name for name in names if name[0] in sorts}
    assert sorted(name for name in wanted if f"| {name} |" not in page) == []
