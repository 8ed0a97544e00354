"""The virtual environment with the libraries of Odoo, of the addons and of the tests."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tooling import paths
from tooling.console import STARTED, STARTED_VARIABLE, SetUpError, run_logged, say, step
from tooling.odoo_source import OdooSource
from tooling.stamps import Stamp, write_whole

NO_VENV = (
    "Python cannot make virtual environments here (module ensurepip is missing).\n"
    "Install it as administrator: apt-get install python3-venv"
)


def inside() -> bool:
    """True when this process runs in the clone's own virtual environment."""
    return Path(sys.prefix).resolve() == paths.VENV.resolve()


def ensure() -> None:
    """Create the environment from the lock file, anew when the lock file changed."""
    if inside():
        return
    _ensure_libraries()
    _ensure_odoo_http()


def _ensure_libraries() -> None:
    version = ".".join(str(part) for part in sys.version_info[:3])
    stamp = Stamp("python-libraries", version, paths.REQUIREMENTS.read_bytes())
    if stamp.is_fresh() and paths.VENV_PYTHON.exists():
        return
    with step(f"Python {version} libraries"):
        stamp.remove()
        if paths.VENV.exists():
            shutil.rmtree(paths.VENV)
        _make()
        run_logged(
            [
                paths.VENV_PYTHON,
                "-m",
                "pip",
                "install",
                "--no-deps",
                "--disable-pip-version-check",
                "--no-input",
                "-r",
                paths.REQUIREMENTS,
            ],
            "pip",
            timeout=1800,
            problem="The Python libraries could not be installed (network, disk full?).",
        )
        stamp.write()


def _ensure_odoo_http() -> None:
    """Put the HTTP library that Odoo itself pins into a folder of its own: the addons have to be
    safe with that one too, and tests say so."""
    stamp = Stamp("odoo-http", paths.ODOO_HTTP_REQUIREMENTS.read_bytes())
    if stamp.is_fresh() and paths.ODOO_HTTP.exists():
        return
    with step("HTTP library that Odoo pins"):
        stamp.remove()
        if paths.ODOO_HTTP.exists():
            shutil.rmtree(paths.ODOO_HTTP)
        try:
            run_logged(
                [
                    paths.VENV_PYTHON,
                    "-m",
                    "pip",
                    "install",
                    "--no-deps",
                    "--no-input",
                    "--disable-pip-version-check",
                    "--target",
                    paths.ODOO_HTTP,
                    "-r",
                    paths.ODOO_HTTP_REQUIREMENTS,
                ],
                "pip-odoo-http",
                timeout=600,
                problem="The HTTP library of Odoo could not be installed (network, disk full?).",
            )
        except SetUpError as error:
            # everything else works without it; only where nobody reads along it has to be there
            if os.environ.get("CI"):
                raise
            say(f"{error}\nThe test that needs it is left out.")
            return
        stamp.write()


def _make() -> None:
    """Make an empty environment; a bare Debian lacks the module for it."""
    has_ensurepip = subprocess.run(
        [sys.executable, "-c", "import ensurepip, venv"],
        capture_output=True,
        check=False,
        timeout=60,
    )
    if has_ensurepip.returncode:
        if not (paths.is_root() and shutil.which("apt-get")):
            raise SetUpError(NO_VENV)
        from tooling.browser import install_packages

        install_packages(["python3-venv"], NO_VENV)
    run_logged([sys.executable, "-m", "venv", paths.VENV], "venv", timeout=300, problem=NO_VENV)


def point_to(source: OdooSource) -> None:
    """Make ``import odoo`` work in the environment."""
    folders = list(paths.VENV.glob("lib/python3.*/site-packages"))
    link = folders[0] / "odoo-source.pth"
    wanted = f"{source.import_folder}\n"
    if not link.exists() or link.read_text() != wanted:
        write_whole(link, wanted)


def hand_over(arguments: list[str]) -> None:
    """Go on with the same command in the environment's Python; does not return."""
    os.execve(
        paths.VENV_PYTHON,
        [str(paths.VENV_PYTHON), "-m", "tooling", *arguments],
        {**os.environ, STARTED_VARIABLE: str(STARTED)},
    )
