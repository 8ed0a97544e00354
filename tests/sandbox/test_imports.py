"""No module of the sandboxes needs itself, be it over others, inside a function or for a type."""

from __future__ import annotations

import ast
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "sandbox"


def modules():
    """Name → file of every module."""
    found = {}
    for path in FOLDER.rglob("*.py"):
        parts = path.relative_to(FOLDER.parent).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imported(name, path, known):
    """The modules that one imports, anywhere in its text."""
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parts = package.split(".")
            start = ".".join(parts[: len(parts) - node.level + 1]) if node.level else ""
            source = ".".join(part for part in (start, node.module) if part)
            for alias in node.names:
                inside = f"{source}.{alias.name}"
                yield inside if inside in known else source


def circles(edges):
    """The modules that can be reached from themselves."""
    reached = {}
    for name in edges:
        seen, waiting = set(), [name]
        while waiting:
            fresh = edges.get(waiting.pop(), set()) - seen
            seen |= fresh
            waiting += fresh
        reached[name] = seen
    return sorted(name for name, seen in reached.items() if name in seen)


def test_no_import_circle():
    known = modules()
    edges = {
        name: {other for other in imported(name, path, known) if other in known and other != name}
        for name, path in known.items()
    }
    assert sum(map(len, edges.values())) > 100
    assert circles(edges) == []


def test_a_circle_would_be_found():
    edges = {"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": {"a"}}
    assert circles(edges) == ["b", "c"]


def test_the_kit_knows_no_package():
    known = modules()
    packages = {name.split(".")[1] for name in known if name.count(".") == 2} - {"kit"}
    assert {"octopus", "exact"} <= packages
    for name, path in known.items():
        if name.startswith("sandbox.kit"):
            text = path.read_text(encoding="utf-8").lower()
            assert not [package for package in packages if package in text], name
