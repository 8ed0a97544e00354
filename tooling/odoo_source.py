"""Where Odoo 19 comes from: the user's own one wins, else Debian's package is unpacked."""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tooling import apt, paths
from tooling.console import SetUpError, say, step
from tooling.stamps import Stamp, digest

SERIES = "19.0"
# The suites are Debian's own names: the package of Odoo lives in unstable; the fonts are taken from
# the release whose layout (Font Awesome 4.7) Odoo's links expect.
ODOO_SUITE, ODOO_PACKAGES = (
    "sid",
    (
        "odoo-19",
        "libjs-jquery",
        "libjs-underscore",
        "libjs-jquery-form",
        "fonts-montserrat",
        "fonts-roboto-unhinted",
        "fonts-ocr-b",
    ),
)
FONT_SUITE, FONT_PACKAGES = "bookworm", ("fonts-font-awesome", "fonts-inconsolata")
# Left out of Debian's build; the web client logs an error when it cannot load it.
STRIPPED_FILE = "mail/static/lib/selfie_segmentation/selfie_segmentation.js"


@dataclass(frozen=True)
class OdooSource:
    """An unpacked Odoo: ``package`` is the folder ``odoo`` with release.py in it."""

    package: Path
    origin: str

    @property
    def import_folder(self) -> Path:
        """The folder that makes ``import odoo`` work."""
        return self.package.parent

    @property
    def addons_folders(self) -> list[Path]:
        """Odoo's own addons: beside the package in a checkout, inside it once installed."""
        beside = self.package.parent / "addons"
        folders = [self.package / "addons"]
        if not (folders[0] / "account").is_dir() and (beside / "account").is_dir():
            folders.append(beside)
        return folders

    @property
    def key(self) -> str:
        """Changes when another Odoo is used."""
        release = self.package / "release.py"
        return digest(str(self.package), release.read_text(), str(release.stat().st_mtime_ns))


def series_of(package: Path) -> str | None:
    """Return ``19.0`` for a folder ``odoo`` of Odoo 19, None when it is no Odoo."""
    try:
        text = (package / "release.py").read_text()
    except OSError:
        return None
    match = re.search(r"^version_info\s*=\s*\((\d+)\D+(\d+)", text, re.MULTILINE)
    return ".".join(match.groups()) if match else None


def package_below(folder: Path) -> Path | None:
    """Find the folder ``odoo`` with release.py: the folder itself or one below it."""
    for candidate in (folder, folder / "odoo"):
        if (candidate / "release.py").is_file():
            return candidate.resolve()
    return None


def named_by_user() -> OdooSource | None:
    """The Odoo of the environment variable ``ODOO_PATH``."""
    named = os.environ.get("ODOO_PATH")
    if not named:
        return None
    package = package_below(Path(named).expanduser())
    if not package:
        raise SetUpError(f"ODOO_PATH={named}: no Odoo there (no release.py below it).")
    if series_of(package) != SERIES:
        raise SetUpError(
            f"ODOO_PATH={named}: this is Odoo {series_of(package)}, Odoo {SERIES} is needed."
        )
    return OdooSource(package, "ODOO_PATH")


def importable_by_user() -> OdooSource | None:
    """An Odoo 19 that the machine's own python3 can import."""
    python = shutil.which("python3")
    if not python:
        return None
    code = (
        "import importlib.util as u; s = u.find_spec('odoo');"
        "print(*(s.submodule_search_locations if s else ()), sep='\\n')"
    )
    found = subprocess.run(
        [python, "-c", code], capture_output=True, text=True, cwd="/", timeout=60, check=False
    )
    for line in found.stdout.splitlines():
        package = package_below(Path(line))
        if package and paths.LOCAL not in package.parents:
            if series_of(package) == SERIES:
                return OdooSource(package, "importable by python3")
            say(f"  the Odoo {series_of(package)} of python3 is not used: {SERIES} is needed")
    return None


def unpacked() -> OdooSource:
    """Debian's Odoo below ``.local``."""
    return OdooSource(paths.ODOO_ROOT / "usr/lib/python3/dist-packages/odoo", "Debian's package")


def fetch() -> None:
    """Download and unpack Debian's Odoo with the scripts and fonts it links to.

    Everything lands in one private root, so that the package's relative links find their targets.
    """
    private = apt.PrivateApt((ODOO_SUITE, FONT_SUITE))
    private.prepare()
    archives = private.download(ODOO_SUITE, ODOO_PACKAGES, paths.DOWNLOADS)
    archives += private.download(FONT_SUITE, FONT_PACKAGES, paths.DOWNLOADS)
    # A name of its own: what an interrupted unpacking still writes goes elsewhere.
    half = paths.ODOO_ROOT.with_name(f"odoo.half.{os.getpid()}")
    if paths.ODOO_ROOT.exists():
        paths.ODOO_ROOT.rename(paths.ODOO_ROOT.with_name(f"odoo.half.old-{os.getpid()}"))
    for old in paths.LOCAL.glob("odoo.half.*"):
        shutil.rmtree(old, ignore_errors=True)
    apt.unpack(archives, half)
    stripped = half / "usr/lib/python3/dist-packages/odoo/addons" / STRIPPED_FILE
    stripped.parent.mkdir(parents=True, exist_ok=True)
    stripped.touch()
    half.rename(paths.ODOO_ROOT)
    shutil.rmtree(paths.DOWNLOADS)


def ensure() -> OdooSource:
    """Return the Odoo to use; fetch Debian's when the user has none."""
    own = named_by_user() or importable_by_user()
    if own:
        say(f"  Odoo {SERIES}: {own.package} ({own.origin})")
        return own
    stamp = Stamp("odoo-source", ODOO_SUITE, FONT_SUITE, *ODOO_PACKAGES, *FONT_PACKAGES)
    if not (stamp.is_fresh() and series_of(unpacked().package) == SERIES):
        with step("Odoo 19 from Debian's package"):
            stamp.remove()
            fetch()
            stamp.write()
    if series_of(unpacked().package) != SERIES:
        raise SetUpError(
            f"Debian's package holds Odoo {series_of(unpacked().package)}, "
            f"Odoo {SERIES} is needed: name one with ODOO_PATH."
        )
    return unpacked()
