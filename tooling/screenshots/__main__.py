"""Screenshots of the real screens, in real Chromium.

    .local/venv/bin/python -m tooling.screenshots

makes a database of its own with the demo company, walks through the set-up, lets documents travel
and some of them fail, and stores in ``docs/images`` what the docs show. ``--folder`` stores every
screen elsewhere, ``--url`` takes them from an Odoo that runs already. Exits non-zero when a screen
does not appear or its JavaScript fails.
"""

import argparse
import re
import sys
from pathlib import Path

from tooling import addons, paths, set_up
from tooling.console import step
from tooling.databases import Databases
from tooling.demo.partners import MANAGER
from tooling.locks import exclusive
from tooling.screenshots.client import Odoo
from tooling.screenshots.page import ChromiumPage
from tooling.screenshots.screens import SHOTS, Gallery, walk_set_up
from tooling.services import Services, odoo_service, sandbox_service

DATABASE = "screenshots"
SCENE = "tooling/screenshots/scene.py"
IMAGES = paths.ROOT / "docs" / "images"


def shown_in_docs() -> set[str]:
    """Names of the pictures that README and docs show."""
    texts = [paths.ROOT / "README.rst", *sorted((paths.ROOT / "docs").glob("*.md"))]
    return {name for text in texts if text.exists()
            for name in re.findall(r"images/([a-z0-9-]+)\.png", text.read_text())}


def from_nothing(options: argparse.Namespace, gallery: Gallery) -> None:
    """Everything on a new database; its crons stand still, the scene works in their place."""
    with set_up.ready() as odoo, exclusive("database-screenshots", "the screenshots"), \
            Services() as running:
        Databases(odoo).ensure(DATABASE, addons.discover(), anew=True)
        sandbox = running.start(sandbox_service("octopus"))

        def scene(task: str) -> None:
            with step(f"Scene: {task}"):
                odoo.run_script(DATABASE, SCENE, {
                    "task": task, "url": sandbox.url, "language": options.language})

        scene("build")
        server = odoo_service(odoo, DATABASE)
        server.command += ["--max-cron-threads", "0"]
        running.start(server)
        with step("The set-up"), ChromiumPage(options.width, options.height) as page:
            walk_set_up(signed_in(page, server.url, options), sandbox.url, gallery)
            gallery.note_errors(page)
        scene("start")
        scene("trouble")
        with step("The screens"):
            running_screens(options, server.url, gallery)


def running_screens(options: argparse.Namespace, url: str, gallery: Gallery) -> None:
    """The screens of an Odoo that is there."""
    with ChromiumPage(options.width, options.height) as page:
        odoo = signed_in(page, url, options)
        for shot in SHOTS:
            gallery.take(odoo, shot)
        gallery.note_errors(page)


def signed_in(page: ChromiumPage, url: str, options: argparse.Namespace) -> Odoo:
    """The web client of the person who is to be seen."""
    odoo = Odoo(page, url)
    odoo.sign_in(options.login, options.password)
    odoo.speak(options.language)
    return odoo


def main(arguments: list[str]) -> int:
    """Take the screenshots; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tooling.screenshots")
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
        from_nothing(options, gallery)
    for problem in gallery.problems:
        print(problem)
    return 1 if gallery.problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
