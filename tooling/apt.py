"""Debian packages without touching the machine: a private apt state and unpacked archives.

The mirror is the one the machine itself is configured for; only the suite is replaced.
"""

import re
import shutil
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from tooling import paths
from tooling.console import SetUpError, run_logged

MACHINE_SOURCES = Path("/etc/apt")


@dataclass(frozen=True)
class Source:
    """One archive of Debian as apt is told of it; ``options`` are deb822 fields to keep."""

    uri: str
    suites: tuple[str, ...]
    components: tuple[str, ...]
    options: tuple[tuple[str, str], ...] = ()

    def as_deb822(self) -> str:
        """Return the entry in the form of a ``.sources`` file."""
        fields = [
            ("Types", "deb"),
            ("URIs", self.uri),
            ("Suites", " ".join(self.suites)),
            ("Components", " ".join(self.components)),
            *self.options,
        ]
        return "".join(f"{name}: {value}\n" for name, value in fields)


def parse_one_line(text: str) -> list[Source]:
    """Read the form ``deb [options] uri suite components`` of ``sources.list``."""
    names = {
        "signed-by": "Signed-By",
        "trusted": "Trusted",
        "check-valid-until": "Check-Valid-Until",
        "check-date": "Check-Date",
    }
    found = []
    for line in text.splitlines():
        match = re.match(r"\s*deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)\s+([^#]+)", line)
        if not match:
            continue
        options, uri, suite, components = match.groups()
        pairs = [pair.partition("=") for pair in (options or "").split()]
        kept = tuple(
            (names[key.lower()], value) for key, _sign, value in pairs if key.lower() in names
        )
        found.append(Source(uri, (suite,), tuple(components.split()), kept))
    return found


def parse_deb822(text: str) -> list[Source]:
    """Read the paragraphs of a ``.sources`` file; switched off and source-only ones are left."""
    found = []
    text = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    for paragraph in re.split(r"\n\s*\n", text):
        fields: dict[str, str] = {}
        name = ""
        for line in paragraph.splitlines():
            if line[:1] in (" ", "\t") and name:
                fields[name] += "\n" + line
            elif ":" in line:
                name, _colon, value = line.partition(":")
                name = name.strip().lower()
                fields[name] = value.strip()
        if "deb" not in fields.get("types", "").split() or fields.get("enabled") == "no":
            continue
        kept = tuple(
            (label, fields[label.lower()])
            for label in ("Signed-By", "Trusted", "Check-Valid-Until", "Check-Date")
            if label.lower() in fields
        )
        for uri in fields.get("uris", "").split():
            found.append(
                Source(
                    uri,
                    tuple(fields.get("suites", "").split()),
                    tuple(fields.get("components", "").split()),
                    kept,
                )
            )
    return found


def machine_sources(folder: Path = MACHINE_SOURCES) -> list[Source]:
    """Return every binary archive the machine's apt is configured for."""
    found = []
    one_line = [folder / "sources.list", *sorted(folder.glob("sources.list.d/*.list"))]
    for file in one_line:
        if file.is_file():
            found += parse_one_line(file.read_text())
    for file in sorted(folder.glob("sources.list.d/*.sources")):
        found += parse_deb822(file.read_text())
    return found


def debian_archive(sources: Iterable[Source], codename: str) -> Source | None:
    """Choose Debian's main archive among the machine's sources.

    ``codename`` is the machine's own suite. Security archives and archives of others are left;
    a location that ends in ``debian`` wins over one that does not.
    """
    suites = {codename, "stable", "oldstable", "testing", "unstable", "sid"}
    candidates = [
        source
        for source in sources
        if suites & set(source.suites)
        and "main" in source.components
        and "security" not in source.uri
    ]
    candidates.sort(key=lambda source: "debian" not in source.uri.rstrip("/").rsplit("/", 1)[-1])
    return candidates[0] if candidates else None


def with_suite(source: Source, suite: str) -> Source:
    """Return the same archive at another suite, main component only."""
    return replace(source, suites=(suite,), components=("main",))


def machine_codename(release: Path = Path("/etc/os-release")) -> str:
    """Return the code name of the machine's Debian, empty when it has none."""
    try:
        match = re.search(r'^VERSION_CODENAME="?(\w+)', release.read_text(), re.MULTILINE)
    except FileNotFoundError:
        return ""
    return match.group(1) if match else ""


class PrivateApt:
    """apt with a state of its own: nothing of the machine's package state changes."""

    def __init__(self, suites: Iterable[str], folder: Path = paths.APT):
        self.folder = folder
        self.suites = tuple(suites)
        self.options = [
            "-o",
            "Dir::Etc::SourceList=/dev/null",
            "-o",
            f"Dir::Etc::SourceParts={folder / 'sources.list.d'}",
            "-o",
            f"Dir::State::Lists={folder / 'lists'}",
            "-o",
            f"Dir::Cache={folder / 'cache'}",
            "-o",
            "APT::Sandbox::User=root",
            "-o",
            "APT::Get::List-Cleanup=0",
            "-o",
            "Acquire::Retries=3",
        ]

    def prepare(self) -> None:
        """Write the source entries and fetch the package lists."""
        if not shutil.which("apt-get") or not shutil.which("dpkg"):
            raise SetUpError(
                "Odoo 19 comes from Debian's packages and this machine has no apt-get.\n"
                "Get Odoo 19 yourself and name its folder: ODOO_PATH=/path/to/odoo ./run …"
            )
        archive = debian_archive(machine_sources(), machine_codename())
        if not archive:
            raise SetUpError(
                "No Debian archive is configured on this machine (/etc/apt/sources.list.d).\n"
                "Get Odoo 19 yourself and name its folder: ODOO_PATH=/path/to/odoo ./run …"
            )
        parts = self.folder / "sources.list.d"
        for made in (parts, self.folder / "lists/partial", self.folder / "cache/archives/partial"):
            made.mkdir(parents=True, exist_ok=True)
        entries = "\n".join(with_suite(archive, suite).as_deb822() for suite in self.suites)
        (parts / "debian.sources").write_text(entries)
        run_logged(
            ["apt-get", *self.options, "update"],
            "apt-update",
            timeout=600,
            problem="The package lists could not be fetched.",
        )

    def download(self, suite: str, packages: Iterable[str], into: Path) -> list[Path]:
        """Download packages of a suite and return the archives, in the order given."""
        into.mkdir(parents=True, exist_ok=True)
        wanted = [f"{package}/{suite}" for package in packages]
        run_logged(
            ["apt-get", *self.options, "download", *wanted],
            f"apt-download-{suite}",
            cwd=into,
            timeout=1200,
            problem=f"Packages could not be downloaded from Debian {suite}.",
        )
        archives = []
        for package in packages:
            matching = sorted(into.glob(f"{package}_*.deb"), key=lambda file: file.stat().st_mtime)
            if not matching:
                raise SetUpError(f"Debian {suite} did not deliver the package {package}.")
            archives.append(matching[-1])
        return archives


def unpack(archives: Iterable[Path], root: Path) -> None:
    """Unpack Debian archives below a folder, without installing them."""
    for archive in archives:
        run_logged(
            ["dpkg", "-x", archive, root],
            "dpkg",
            timeout=600,
            problem=f"{archive.name} could not be unpacked (is the disk full?).",
        )
