"""The addons of this clone: top-level folders with a manifest."""

import ast
from collections.abc import Iterable
from pathlib import Path

from tooling import paths
from tooling.stamps import digest_files

# What the installed database does not depend on.
NOT_INSTALLED_FROM = {"tests", "static", "readme", "documents", "api", "__pycache__"}


def discover(root: Path = paths.ROOT) -> list[str]:
    """Return the names of the installable addons of the clone, in the order of the alphabet."""
    found = []
    for manifest in sorted(root.glob("*/__manifest__.py")):
        if not (manifest.parent / "__init__.py").exists():
            continue
        if ast.literal_eval(manifest.read_text()).get("installable", True):
            found.append(manifest.parent.name)
    return found


def files_of(addon: Path) -> list[Path]:
    """Return the files of an addon that decide what its installation leaves in a database."""
    found = []
    for file in addon.rglob("*"):
        inner = file.relative_to(addon).parts[:-1]
        if file.is_file() and not NOT_INSTALLED_FROM.intersection(inner):
            found.append(file)
    return found


def installed_digest(addons: Iterable[str], root: Path = paths.ROOT) -> str:
    """Return a hash that changes when the addons would install differently."""
    files = [file for addon in addons for file in files_of(root / addon)]
    return digest_files(files, root)
