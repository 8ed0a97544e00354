"""The steps every command needs first, in order; each is skipped when it is already done."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from tooling import browser, odoo_source, paths, python_environment
from tooling.console import SetUpError
from tooling.locks import exclusive
from tooling.odoo import Odoo
from tooling.postgres import RunningPostgres

NEEDED_BYTES = 4 * 1024**3


def check_disk() -> None:
    """Refuse to begin the large downloads on a full disk."""
    if paths.VENV.exists() and paths.ODOO_ROOT.exists():
        return
    free = shutil.disk_usage(paths.ROOT).free
    if free < NEEDED_BYTES:
        raise SetUpError(
            f"Only {free / 1024**3:.1f} GB are free on the disk of {paths.ROOT}; "
            f"{NEEDED_BYTES / 1024**3:.0f} GB are needed."
        )


def bootstrap() -> None:
    """Make the virtual environment; what comes after it runs inside."""
    paths.make_folders()
    check_disk()
    with exclusive("set-up", "the set-up"):
        python_environment.ensure()


@contextmanager
def source_only() -> Iterator[None]:
    """Odoo's source and libraries, without PostgreSQL."""
    paths.make_folders()
    with exclusive("set-up", "the set-up"):
        python_environment.point_to(odoo_source.ensure())
    yield


@contextmanager
def ready(with_browser: bool = True, keep_postgres: bool = False) -> Iterator[Odoo]:
    """Odoo, its libraries and a running PostgreSQL, for the time of a ``with`` block."""
    paths.make_folders()
    with exclusive("set-up", "the set-up"):
        source = odoo_source.ensure()
        python_environment.point_to(source)
        if with_browser:
            browser.ensure()
    with RunningPostgres(keep=keep_postgres) as cluster:
        odoo = Odoo(source, cluster)
        odoo.write_configurations()
        yield odoo
