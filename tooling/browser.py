"""Chromium for browser tests and screenshots, wkhtmltopdf for the PDF of invoices."""

import os
import shutil
from collections.abc import Iterable

from tooling import paths
from tooling.console import SetUpError, run_logged, say, step
from tooling.stamps import Stamp

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# fonts-dejavu-core and fonts-noto-core: without any font a screenshot shows empty boxes.
CHROMIUM_PACKAGES = ["chromium", "fonts-dejavu-core"]
WKHTMLTOPDF_PACKAGES = ["wkhtmltopdf", "fonts-dejavu-core"]


def chromium() -> str | None:
    """Return the path of Chromium, None when there is none."""
    return next((found for name in CHROMIUM_NAMES if (found := shutil.which(name))), None)


def wkhtmltopdf() -> str | None:
    """Return the path of wkhtmltopdf, None when there is none."""
    return shutil.which("wkhtmltopdf")


def install_packages(packages: Iterable[str], problem: str) -> None:
    """Install Debian packages on the machine, as root."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    lock = ["-o", "DPkg::Lock::Timeout=300"]
    run_logged(
        ["apt-get", *lock, "update"],
        "apt-machine-update",
        timeout=600,
        environment=environment,
        problem=problem,
    )
    run_logged(
        ["apt-get", *lock, "install", "-y", "--no-install-recommends", *packages],
        "apt-install",
        timeout=1200,
        environment=environment,
        problem=problem,
    )


def ensure() -> None:
    """Install what is missing when that is possible, else say what will be skipped."""
    missing: list[str] = []
    if not chromium():
        missing += CHROMIUM_PACKAGES
    if not wkhtmltopdf():
        missing += WKHTMLTOPDF_PACKAGES
    packages = sorted(set(missing))
    if not packages:
        return
    tried = Stamp("browser-tried", *packages)
    if paths.is_root() and shutil.which("apt-get") and not tried.is_fresh():
        with step(f"Debian packages {' '.join(packages)}"):
            try:
                install_packages(packages, "The packages could not be installed.")
            except SetUpError as error:
                say(f"  {error}")
                tried.write()
    for found, name, skipped in (
        (chromium(), "chromium", "browser tests and screenshots"),
        (wkhtmltopdf(), "wkhtmltopdf", "the printed PDF of invoices"),
    ):
        if not found:
            say(
                f"! {name} is not installed, so {skipped} are skipped. "
                f"As administrator: apt-get install {name}"
            )
