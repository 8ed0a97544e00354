"""Every sentence people meet as an error stands on the page of messages, as the code has it."""

import ast
import re
from pathlib import Path

import pytest

from tooling import help_page

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "troubleshooting.md"
CORE = ROOT / "accountable_connect"
PACKAGES = ("octopus", "exact", "winbooks", "ubl")
# Where the code of an error stands among the arguments.
PLACES = {"problem_of": 2, "CannotGo": 1, "question": 0, "_copy_as_failed": 0, "_add_failed": 2}
ERRORS = re.compile(r"(Temporary|LimitReached|MayArrive|Configuration|DataRefused)\w*Error$")
PLACEHOLDER = re.compile(r"%\((\w+)\)s")


def python_files(*folders):
    return [
        file
        for folder in folders
        for file in sorted(folder.rglob("*.py"))
        if not {"tests", "migrations"} & set(file.relative_to(ROOT).parts)
    ]


def trees(*folders):
    return [ast.parse(file.read_text()) for file in python_files(*folders)]


def in_italics(text):
    """A sentence of the code as the page shows it."""
    shown = PLACEHOLDER.sub(lambda found: f"*{found[1].replace('_', ' ')}*", text)
    return " ".join(shown.split())


def rows():
    """``[(anchors, sentences, the other cells)]`` of all tables of the page."""
    found = []
    for line in PAGE.read_text().splitlines():
        if line.startswith('| <a id="'):
            said, *others = line.strip("| ").split(" | ")
            anchors = re.findall(r'<a id="([^"]+)"></a>', said)
            sentences = re.sub(r'<a id="[^"]+"></a>', "", said).split("<br>")
            found.append((anchors, sentences, others))
    return found


def named(node, names):
    """The texts an argument may be: itself, or those a name or an f-string may hold."""
    if isinstance(node, ast.Constant):
        return {node.value} if isinstance(node.value, str) else set()
    if isinstance(node, ast.Name):
        return names.get(node.id, set())
    if isinstance(node, ast.IfExp):
        return named(node.body, names) | named(node.orelse, names)
    return set()


def assigned(tree):
    """Name → the texts that are assigned to it, in any of the functions."""
    names = {}
    for node in ast.walk(tree):
        targets = node.targets if isinstance(node, ast.Assign) else ()
        for target in targets:
            pairs = [(target, node.value)]
            if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                pairs = zip(target.elts, node.value.elts, strict=True)
            for one, value in pairs:
                if isinstance(one, ast.Name):
                    names[one.id] = names.get(one.id, set()) | named(value, {})
    return names


def codes_of_the_core():
    """Every code that an item or a problem can have without a package having said it."""
    codes = set()
    every = trees(CORE)
    shared = {}
    for tree in every:
        for name, texts in assigned(tree).items():
            if name.isupper():
                shared[name] = shared.get(name, set()) | texts
    # what is said where a package has no sentence of its own
    general = (CORE / "models" / "connection" / "error_sentences.py").read_text()
    for node in ast.walk(ast.parse(general)):
        if isinstance(node, ast.Dict):
            codes |= set().union(*(named(key, {}) for key in node.keys))
    # handed on as an argument
    codes |= shared["TYPED_SHARE"] | shared["TYPED_OWED"]
    for tree in every:
        names = shared | assigned(tree)
        for node in ast.walk(tree):
            if isinstance(node, ast.Dict):
                for key, value in zip(node.keys, node.values, strict=True):
                    if isinstance(key, ast.Constant) and key.value == "error_code":
                        codes |= named(value, names)
            if not isinstance(node, ast.Call):
                continue
            function = getattr(node.func, "id", getattr(node.func, "attr", ""))
            place = PLACES.get(function)
            if place is not None and len(node.args) > place:
                codes |= named(node.args[place], names)
            if ERRORS.match(function):
                given = [one.value for one in node.keywords if one.arg == "code"]
                codes |= set().union(*(named(one, names) for one in given))
    return codes


def test_the_codes_are_found():
    codes = codes_of_the_core()
    assert {
        "foreign_vat",
        "typed_owed",
        "gone",
        "booked_twice",
        "account_class",
        "deleted",
    } <= codes
    assert len(codes) > 50


def test_every_code_of_the_core_has_its_row():
    anchors = {anchor for found, _sentences, _others in rows() for anchor in found}
    # what every client may meet has its sentence in the tables of the packages
    of_clients = {ast.literal_eval(key) for package in PACKAGES for key in sentences_of(package)[0]}
    missing = codes_of_the_core() - of_clients
    assert sorted(code for code in missing if code.replace("_", "-") not in anchors) == []


def test_every_sort_of_mapping_has_its_rows():
    """Codes that are put together of what is mapped and what is wrong with it."""
    resolver = ast.parse((CORE / "models" / "master_data" / "code_resolver.py").read_text())
    reasons = assigned(resolver)["reason"] - {""}
    anchors = {anchor for found, _sentences, _others in rows() for anchor in found}
    wanted = {
        f"{sort}-{reason}".replace("_", "-")
        for sort in ("journal", "tax", "account", "analytic_account")
        for reason in reasons
    }
    assert len(wanted) == 16
    assert wanted - anchors == set()


def test_every_kind_of_error_has_its_row():
    anchors = {anchor for found, _sentences, _others in rows() for anchor in found}
    constants = ast.parse((CORE / "const.py").read_text())
    [kinds] = [
        ast.literal_eval(node.value)
        for node in constants.body
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "ERROR_KINDS"
    ]
    assert [kind for kind, _label in kinds if kind.replace("_", "-") not in anchors] == []


def test_every_note_has_its_row():
    anchors = {anchor for found, _sentences, _others in rows() for anchor in found}
    notes = ast.parse((CORE / "models" / "queue" / "note.py").read_text())
    [table] = [
        node.value
        for node in notes.body
        if isinstance(node, ast.Assign) and node.targets[0].id == "NOTES"
    ]
    codes = [ast.literal_eval(key).replace("_", "-") for key in table.keys]
    assert len(codes) > 10
    assert [code for code in codes if f"note-{code}" not in anchors] == []


def test_every_error_of_a_channel_has_its_row():
    anchors = {anchor for found, _sentences, _others in rows() for anchor in found}
    quoted = {sentence for _anchors, sentences, _others in rows() for sentence in sentences}
    texts = {}
    for file in sorted((CORE / "models" / "hand_over").glob("*_sentences.py")):
        [table] = [
            node.value
            for node in ast.parse(file.read_text()).body
            if isinstance(node, ast.Assign) and node.targets[0].id == "SENTENCES"
        ]
        # what has no key are the sentences of another file
        pairs = zip(table.keys, table.values, strict=True)
        texts |= {ast.literal_eval(key): call.args[0].value for key, call in pairs if key}
    codes = list(texts)
    raised = set()
    for tree in trees(CORE / "api" / "channels", CORE / "models"):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "ChannelError":
                raised |= {
                    one.value.value
                    for one in node.keywords
                    if one.arg == "code" and isinstance(one.value, ast.Constant)
                }
    assert len(raised) > 8
    assert raised - set(codes) == set()
    assert [code for code in codes if code.replace("_", "-") not in anchors] == []
    # only words of others
    said = {in_italics(text) for text in texts.values()} - {"*words*"}
    assert sorted(said - quoted) == []


# Of a programmer's mistake, or put together of sentences that have rows.
NOT_FOR_PEOPLE = {
    "*fields* of a *model* cannot be written: only the synchronisation and its buttons change it.",
    "This sign-in has no field *names*.",
    "*name*: *reason*",
    "line *line* “*number*”",
}
REFUSALS = {"UserError", "ValidationError", "AccessError"}


def test_every_refusal_has_its_row():
    """What a dialogue says to whoever pressed a button or stored a form."""
    quoted = {sentence for _anchors, sentences, _others in rows() for sentence in sentences}
    raised = {
        in_italics(text.value)
        for tree in trees(CORE, *(ROOT / f"accountable_connect_{one}" for one in PACKAGES))
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in REFUSALS
        for part in ast.walk(node)
        if isinstance(part, ast.Call) and getattr(part.func, "attr", "") == "_"
        for text in part.args[:1]
        if isinstance(text, ast.Constant)
    }
    assert len(raised) > 30
    assert sorted(raised - quoted - NOT_FOR_PEOPLE) == []


def sentences_of(package):
    """Keys and texts of a package's table of sentences."""
    tree = ast.parse((ROOT / f"accountable_connect_{package}" / "sentences.py").read_text())
    [table] = [
        node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and node.targets[0].id == "SENTENCES"
    ]
    return table.keys, [call.args[0].value for call in table.values]


@pytest.mark.parametrize(
    ("package", "page"),
    [
        ("octopus", "octopus.md"),
        ("exact", "exact-online.md"),
        ("winbooks", "winbooks.md"),
        ("ubl", "ubl.md"),
    ],
)
def test_every_code_of_a_package_has_its_row_here_or_on_its_page(package, page):
    anchors = {anchor for found, _sentences, _others in rows() for anchor in found}
    text = (ROOT / "docs" / page).read_text()
    codes = [ast.literal_eval(key) for key in sentences_of(package)[0]]
    missing = [
        code
        for code in codes
        if f"{package}-{code.replace('_', '-')}" not in anchors
        and f"| `{code}` |" not in text
        and f"| −{code.removeprefix('-')} |" not in text
    ]
    assert len(codes) > 15
    assert missing == []


def test_every_quoted_sentence_is_one_of_the_code():
    texts = {
        in_italics(node.value)
        for tree in trees(CORE, *(ROOT / f"accountable_connect_{one}" for one in PACKAGES))
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    quoted = {
        re.sub(r"\*what (Octopus|Exact Online) says\*", "*detail*", sentence)
        for _anchors, sentences, _others in rows()
        for sentence in sentences
        if not sentence.endswith("…")  # goes on in the package's words
    }
    assert len(quoted) > 100
    assert sorted(quoted - texts) == []


def test_every_row_says_what_to_do_and_who():
    assert [anchors for anchors, _sentences, others in rows() if len(others) != 2] == []
    assert all(cell.strip() for _anchors, _sentences, others in rows() for cell in others)


def test_an_anchor_stands_once():
    anchors = [anchor for found, _sentences, _others in rows() for anchor in found]
    headings = re.findall(r"^## (.+)$", PAGE.read_text(), re.MULTILINE)
    anchors += [heading.lower().replace(",", "").replace(" ", "-") for heading in headings]
    assert len(anchors) == len(set(anchors))


# The page that comes with the addon


def ids_of_the_page():
    return re.findall(r' id="([^"]+)"', help_page.PAGE.read_text(encoding="utf-8"))


def test_the_page_of_the_addon_is_made_of_the_documentation():
    """Else: ``python -m tooling.help_page``."""
    assert help_page.PAGE.read_text(encoding="utf-8") == help_page.rendered()


def test_its_links_lead_to_one_place():
    ids = ids_of_the_page()
    links = re.findall(r'href="#([^"]*)"', help_page.rendered())
    assert len(links) > 10
    assert set(links) - set(ids) == set()
    assert len(ids) == len(set(ids))


def test_it_shows_no_signs_of_markdown():
    text = re.sub(r"<style>.*?</style>", "", help_page.rendered(), flags=re.DOTALL)
    assert re.findall(r"\*|`|\]\(|\|", text) == []


@pytest.mark.parametrize("package", PACKAGES)
def test_every_code_of_a_package_has_a_place(package):
    """Where ``api/help_page.py`` leads."""
    codes = [ast.literal_eval(key) for key in sentences_of(package)[0]]
    anchors = {f"{package}-{code.removeprefix('-')}".replace("_", "-") for code in codes}
    assert sorted(anchors - set(ids_of_the_page())) == []
