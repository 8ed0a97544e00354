"""Screenshots of the real screens, in real Chromium.

    ./run docs

makes a database of its own with the demo company of Octopus, walks through the set-up, lets
documents travel and some of them fail; does the same in another database for what is Exact Online's
own, and in two more for documents and for entries that are handed over; and stores in
``docs/images`` what the docs show. ``--package`` does only one of them,
``--folder`` stores every screen elsewhere, ``--url`` takes them from an Odoo that runs already.
Exits non-zero when a screen does not appear or its JavaScript fails.
"""

import argparse
import re
import sys
from contextlib import ExitStack
from pathlib import Path

from tooling import addons, packages, paths, set_up
from tooling.console import step
from tooling.databases import Databases
from tooling.demo.partners import MANAGER
from tooling.locks import exclusive
from tooling.screenshots import exact, ubl, winbooks
from tooling.screenshots.client import Odoo
from tooling.screenshots.page import ChromiumPage
from tooling.screenshots.screens import SHOTS, Gallery, take_first_booked, walk_set_up
from tooling.services import Services, odoo_service, sandbox_service

DATABASE = "screenshots"
SCENE = "tooling/screenshots/scene.py"
EXACT_SCENE = "tooling/screenshots/exact_scene.py"
UBL_SCENE = "tooling/screenshots/ubl_scene.py"
WINBOOKS_SCENE = "tooling/screenshots/winbooks_scene.py"
ADMINISTRATOR = "admin"
IMAGES = paths.ROOT / "docs" / "images"


def shown_in_docs() -> set[str]:
    """Names of the pictures that README and docs show."""
    texts = [paths.ROOT / "README.rst", *sorted((paths.ROOT / "docs").glob("*.md"))]
    return {
        name
        for text in texts
        if text.exists()
        for name in re.findall(r"images/([a-z0-9-]+)\.png", text.read_text())
    }


class Stage:
    """A new database whose crons stand still, a sandbox, and what a scene does with them."""

    def __init__(self, options: argparse.Namespace, package: str, scene: str) -> None:
        self.options, self.package, self.scene = options, package, scene

    def __enter__(self) -> "Stage":
        with ExitStack() as stack:
            self.odoo = stack.enter_context(set_up.ready())
            stack.enter_context(exclusive("database-screenshots", "the screenshots"))
            self.running = stack.enter_context(Services())
            Databases(self.odoo).ensure(DATABASE, addons.discover(), anew=True)
            sandbox = packages.load(self.package).sandbox
            self.sandbox = self.running.start(sandbox_service(sandbox)).url
            self.stack = stack.pop_all()
        return self

    def __exit__(self, *error) -> None:
        self.stack.close()

    def play(self, task: str) -> None:
        """Let the scene do one task."""
        with step(f"Scene: {task}"):
            self.odoo.run_script(
                DATABASE,
                self.scene,
                {"task": task, "url": self.sandbox, "language": self.options.language},
            )

    def open(self) -> str:
        """Start the web client; its address."""
        address = packages.load(self.package).address(self.sandbox)
        server = odoo_service(self.odoo, DATABASE, sandboxes={self.package: address})
        server.command += ["--max-cron-threads", "0"]
        Databases(self.odoo).set_address(DATABASE, server.url)
        return self.running.start(server).url


def octopus_screens(options: argparse.Namespace, gallery: Gallery) -> None:
    """The set-up, and every screen of documents on their way."""
    with Stage(options, "octopus", SCENE) as stage:
        stage.play("build")
        url = stage.open()
        with step("The set-up"), ChromiumPage(options.width, options.height) as page:
            walk_set_up(signed_in(page, url, options), gallery)
            stage.play("work")
            take_first_booked(signed_in(page, url, options), gallery)
            gallery.note_errors(page)
        stage.play("start")
        stage.play("trouble")
        with step("The screens"):
            running_screens(options, url, gallery)


def exact_screens(options: argparse.Namespace, gallery: Gallery) -> None:
    """Signing in at Exact Online, its place in the settings, and its limit."""
    with Stage(options, "exact", EXACT_SCENE) as stage:
        stage.play("build")
        url = stage.open()
        with step("Signing in"), ChromiumPage(options.width, options.height) as page:
            exact.walk_consent(signed_in(page, url, options), stage.sandbox, gallery)
            gallery.note_errors(page)
        stage.play("start")
        with step("The settings"), ChromiumPage(options.width, options.height) as page:
            odoo = signed_in(page, url, options, ADMINISTRATOR)
            gallery.take(odoo, exact.SETTINGS)
            gallery.note_errors(page)
        stage.play("limit")
        with step("The limit"), ChromiumPage(options.width, options.height) as page:
            gallery.take(signed_in(page, url, options), exact.WAITING)
            gallery.note_errors(page)


def ubl_screens(options: argparse.Namespace, gallery: Gallery) -> None:
    """Choosing a receiver, and what is to be seen of batches."""
    with Stage(options, "ubl", UBL_SCENE) as stage:
        stage.play("build")
        url = stage.open()
        with step("The set-up"), ChromiumPage(options.width, options.height) as page:
            ubl.walk_set_up(signed_in(page, url, options), gallery)
            gallery.note_errors(page)
        stage.play("start")
        with step("The screens"), ChromiumPage(options.width, options.height) as page:
            odoo = signed_in(page, url, options)
            for shot in ubl.SHOTS:
                gallery.take(odoo, shot)
            gallery.note_errors(page)


def winbooks_screens(options: argparse.Namespace, gallery: Gallery) -> None:
    """Pasting the accountant's lists, the settings of WinBooks, and its batches."""
    with Stage(options, "winbooks", WINBOOKS_SCENE) as stage:
        stage.play("build")
        url = stage.open()
        with step("The set-up"), ChromiumPage(options.width, options.height) as page:
            winbooks.walk_set_up(signed_in(page, url, options), gallery, stage.sandbox)
            gallery.note_errors(page)
        stage.play("start")
        with step("The screens"), ChromiumPage(options.width, options.height) as page:
            winbooks.take_running(signed_in(page, url, options), gallery)
            gallery.note_errors(page)


PACKAGES = {
    "octopus": octopus_screens,
    "exact": exact_screens,
    "ubl": ubl_screens,
    "winbooks": winbooks_screens,
}


def wanted(options: argparse.Namespace, names: set[str] | None) -> list[str]:
    """The packages whose screens are asked for: their names begin with it, but those of Octopus."""
    if options.package or names is None:
        return [options.package] if options.package else list(PACKAGES)
    asked = {name.partition("-")[0] for name in names}
    return [one for one in PACKAGES if one in asked or (one == "octopus" and asked - {*PACKAGES})]


def running_screens(options: argparse.Namespace, url: str, gallery: Gallery) -> None:
    """The screens of an Odoo that is there."""
    with ChromiumPage(options.width, options.height) as page:
        odoo = signed_in(page, url, options)
        for shot in SHOTS:
            gallery.take(odoo, shot)
        gallery.note_errors(page)


def signed_in(page: ChromiumPage, url: str, options: argparse.Namespace, login: str = "") -> Odoo:
    """The web client of the person who is to be seen, or of one whose password is the login."""
    odoo = Odoo(page, url)
    odoo.sign_in(login or options.login, login or options.password)
    odoo.speak(options.language)
    return odoo


def main(arguments: list[str]) -> int:
    """Take the screenshots; returns the exit code."""
    parser = argparse.ArgumentParser(prog="./run docs", allow_abbrev=False)
    parser.add_argument("--package", choices=PACKAGES, help="only the screens of this package")
    parser.add_argument("--url", help="an Odoo that runs already")
    parser.add_argument("--login", default=MANAGER)
    parser.add_argument("--password", default=MANAGER)
    parser.add_argument("--language", default="en_US")
    parser.add_argument("--width", type=int, default=1366)
    parser.add_argument("--height", type=int, default=768)
    parser.add_argument("--only", action="append", help="names of screens")
    parser.add_argument("--folder", type=Path, help="every screen, into this folder")
    options = parser.parse_args(arguments)
    names = set(options.only or ()) or (None if options.folder else shown_in_docs())
    gallery = Gallery(options.folder or IMAGES, names)
    if options.url:
        running_screens(options, options.url, gallery)
    else:
        for package in wanted(options, names):
            PACKAGES[package](options, gallery)
    for problem in gallery.problems:
        print(problem)
    return 1 if gallery.problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
