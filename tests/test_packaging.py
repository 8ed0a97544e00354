"""``pip install .`` puts the addons where an existing Odoo 19 finds them, with what they import."""

import ast
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ADDONS = sorted(manifest.parent.name for manifest in ROOT.glob("*/__manifest__.py"))
PACKAGES = Path(sysconfig.get_path("purelib"))
# Imported under another name than the one they are installed by.
INSTALLED_AS = {"stdnum": "python-stdnum"}
# What every module of Odoo is written in.
OF_ODOO = {"dateutil", "lxml", "markupsafe", "odoo", "psycopg2", "reportlab", "werkzeug"}
OF_THE_SANDBOXES = {"aiosmtpd", "asyncssh"}
FINDS_THEM = """
import sys
from odoo.modules.module import Manifest, initialize_sys_path
from odoo.tools import config
config.parse_config([], setup_logging=False)
initialize_sys_path()
for name in sys.argv[1:]:
    print(name, Manifest.for_addon(name).path)
"""


def run(command, **options):
    """Run a command and return its output; its messages are shown when it fails."""
    finished = subprocess.run(
        [str(part) for part in command],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        **options,
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return finished.stdout


def files_below(folder):
    return {
        str(file.relative_to(folder))
        for file in folder.rglob("*")
        if file.is_file() and file.suffix != ".pyc"
    }


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """A fresh virtual environment with the repository installed; returns it and the sources.

    Works without network: the build backend is borrowed from the environment of the tests.
    """
    folder = tmp_path_factory.mktemp("packaging")
    sources = folder / "sources"
    sources.mkdir()
    files = (
        "setup.py",
        "pyproject.toml",
        "requirements.txt",
        "MANIFEST.in",
        "LICENSE",
        "README.rst",
    )
    for name in (*files, *ADDONS):
        if (ROOT / name).is_dir():
            shutil.copytree(
                ROOT / name, sources / name, ignore=shutil.ignore_patterns("__pycache__")
            )
        elif (ROOT / name).exists():
            shutil.copy(ROOT / name, sources / name)
    backend = folder / "backend"
    backend.mkdir()
    for part in (*PACKAGES.glob("setuptools*"), *PACKAGES.glob("wheel*")):
        (backend / part.name).symlink_to(part)
    fresh = folder / "fresh"
    run([sys.executable, "-m", "venv", fresh])
    run(
        [
            fresh / "bin/python",
            "-m",
            "pip",
            "install",
            "--no-index",
            "--no-deps",
            "--no-build-isolation",
            ".",
        ],
        cwd=sources,
        env={**os.environ, "PYTHONPATH": str(backend)},
    )
    return fresh, sources


def imported(addon):
    """The libraries that the code of an addon imports, as pip calls them."""
    names = set()
    for file in (ROOT / addon).rglob("*.py"):
        if "tests" in file.relative_to(ROOT / addon).parts:
            continue
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Import):
                names |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                names.add(node.module.split(".")[0])
    return {INSTALLED_AS.get(name, name) for name in names - sys.stdlib_module_names - OF_ODOO}


def named_in_manifest(addon):
    manifest = ast.literal_eval((ROOT / addon / "__manifest__.py").read_text())
    return manifest.get("external_dependencies", {}).get("python", [])


def required():
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    return [line for line in lines if line and not line.startswith("#")]


@pytest.mark.parametrize("addon", ADDONS)
def test_the_manifest_names_what_the_addon_imports(addon):
    assert named_in_manifest(addon) == sorted(imported(addon))


def test_the_requirements_are_those_of_the_manifests():
    assert required() == sorted({name for addon in ADDONS for name in named_in_manifest(addon)})


def test_what_only_the_sandboxes_use_is_in_no_addon():
    """Their licences are not those of the addons, and an Odoo with our addons has none of them."""
    used = {name for addon in ADDONS for name in (*imported(addon), *named_in_manifest(addon))}
    assert not OF_THE_SANDBOXES & (used | set(required()))
    assert OF_THE_SANDBOXES <= imported("sandbox")


def test_pip_brings_the_requirements(installed):
    fresh, _sources = installed
    [metadata] = fresh.glob("lib/python3.*/site-packages/accountable_connect-*.dist-info/METADATA")
    assert re.findall(r"^Requires-Dist: (.+)$", metadata.read_text(), re.MULTILINE) == required()


def test_there_are_addons():
    assert "accountable_connect" in ADDONS


def test_every_file_is_installed(installed):
    fresh, sources = installed
    for addon in ADDONS:
        [there] = fresh.glob(f"lib/python3.*/site-packages/odoo/addons/{addon}")
        assert files_below(there) == files_below(sources / addon)


def test_nothing_else_is_installed(installed):
    fresh, _sources = installed
    [site_packages] = fresh.glob("lib/python3.*/site-packages")
    assert {path.name for path in (site_packages / "odoo/addons").iterdir()} == set(ADDONS)
    assert {path.name for path in (site_packages / "odoo").iterdir()} == {"addons"}
    for name in ("sandbox", "tooling", "tests", "bench"):
        assert not (site_packages / name).exists()


def test_odoo_finds_them(installed, tmp_path):
    odoo = pytest.importorskip("odoo")
    fresh, _sources = installed
    [site_packages] = fresh.glob("lib/python3.*/site-packages")
    # The libraries of Odoo and Odoo itself, as an existing installation has them.
    existing = [str(PACKAGES), *(str(Path(part).parent) for part in odoo.__path__)]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ODOO_")}
    shown = run(
        [fresh / "bin/python", "-c", FINDS_THEM, *ADDONS],
        cwd=tmp_path,
        env={**kept, "PYTHONPATH": os.pathsep.join(existing), "HOME": str(tmp_path)},
    )
    assert shown.splitlines() == [
        f"{addon} {site_packages / 'odoo/addons' / addon}" for addon in ADDONS
    ]
