"""What every test session needs: one import name for addons, and no unnoticed warning of Odoo."""

import importlib.abc
import importlib.util
import logging
import os
import sys
import time
from pathlib import Path

import _pytest.pathlib
import hypothesis
import pytest

pytest_plugins = ["tooling.pytest_plugins.processes", "tooling.pytest_plugins.suites"]

ROOT = Path(__file__).resolve().parent
ADDONS = {manifest.parent.name for manifest in ROOT.glob("*/__manifest__.py")}
SHOWN = 40
# Read at once: tests import what takes it out of the environment.
STARTED = os.environ.get("ACCOUNTABLE_STARTED")
# What Odoo itself logs on a machine as ours is, with the reason why it is no fault.
HARMLESS = (
    # Debian's wkhtmltopdf is built without the patched Qt: no repeated header and footer.
    ("odoo.addons.base.models.ir_actions_report", "wkhtmltopdf: The switch --header-"),
)


# --- one import name -------------------------------------------------------------------------
# An addon is importable as odoo.addons.<addon> only. Under a second name every class of it would
# exist twice, and dataclasses of the one would not equal those of the other.


class OnlyBelowOdooAddons(importlib.abc.MetaPathFinder):
    """Refuses to import an addon by its bare name."""

    def find_spec(self, fullname, path=None, target=None):
        """Raise for ``accountable_connect…``, leave everything else to others."""
        if fullname.partition(".")[0] in ADDONS:
            raise ImportError(f"import it as odoo.addons.{fullname}")
        return None


def name_below_odoo_addons():
    """Make pytest import the tests of an addon as ``odoo.addons.<addon>.tests.<module>``."""
    original = _pytest.pathlib.resolve_pkg_root_and_module_name

    def resolve(path, *, consider_namespace_packages=False):
        root, name = original(path, consider_namespace_packages=consider_namespace_packages)
        if name.partition(".")[0] in ADDONS:
            name = f"odoo.addons.{name}"
        return root, name

    _pytest.pathlib.resolve_pkg_root_and_module_name = resolve


def make_addons_importable():
    """Put the clone on the path of ``odoo.addons``; Odoo does it itself once it is configured."""
    if importlib.util.find_spec("odoo") is None:
        return
    import odoo.addons

    if str(ROOT) not in odoo.addons.__path__:
        odoo.addons.__path__.append(str(ROOT))
        # As Odoo does once it is configured: else Python forgets it when sys.path changes.
        odoo.addons.__path__._path_finder = lambda *arguments: None


# A conftest.py further down is imported before pytest_configure is called.
make_addons_importable()


# --- property tests --------------------------------------------------------------------------
# How fast an example is found or run says nothing about a book: a busy machine fails no test.
hypothesis.settings.register_profile(
    "accountable",
    deadline=None,
    database=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("accountable")


# --- prepared charts of accounts -------------------------------------------------------------


def take_prepared_companies():
    """Let classes of accounting tests take the company that ``tooling/prepared_charts.py`` made."""
    from odoo.addons.account.tests.common import AccountTestInvoicingCommon

    from tooling.prepared_charts import external_id

    create = AccountTestInvoicingCommon._create_company.__func__

    def _create_company(cls, **values):
        ordinary = values == {"name": "company_1_data"} and not cls.chart_template
        prepared = (
            ordinary
            and cls.country_code
            and cls.env.ref(external_id(cls.country_code), raise_if_not_found=False)
        )
        if not prepared:
            return create(cls, **values)
        prepared.name = values["name"]
        cls.env.user.company_ids += prepared
        return prepared

    AccountTestInvoicingCommon._create_company = classmethod(_create_company)


def pytest_collection_finish(session):
    """Once Odoo's modules are there, and before the first class is set up."""
    if "odoo.addons.account.tests.common" in sys.modules:
        take_prepared_companies()


# --- unexpected log records ------------------------------------------------------------------


class UnexpectedRecords(logging.Handler):
    """Collects what Odoo logs at WARNING or worse. What assertLogs and mute_logger catch never
    comes here."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self.found: list[str] = []
        self.item: pytest.Item | None = None

    def emit(self, record):
        """Keep a record of Odoo unless the running test expects it."""
        if not record.name.startswith("odoo"):
            return
        expected = self.item.iter_markers("expects_log") if self.item else ()
        if any(record.name.startswith(marker.args[0]) for marker in expected):
            return
        message = record.getMessage()
        if any(record.name == name and message.startswith(text) for name, text in HARMLESS):
            return
        where = self.item.nodeid if self.item else "outside a test"
        self.found.append(f"{where}: {record.levelname} {record.name}: {message}")


RECORDS = UnexpectedRecords()


def pytest_configure(config):
    """Before collection: import names and the log."""
    sys.meta_path.insert(0, OnlyBelowOdooAddons())
    name_below_odoo_addons()
    logging.getLogger().addHandler(RECORDS)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_protocol(item, nextitem):
    """Remember which test runs, so that a log record has an address."""
    RECORDS.item = item
    yield
    RECORDS.item = None


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node, error):
    """Take what the tests of another process left in Odoo's log."""
    RECORDS.found += getattr(node, "workeroutput", {}).get("unexpected_records", [])


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session, exitstatus):
    """Fail a session that passed but left warnings in Odoo's log."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["unexpected_records"] = RECORDS.found
    if RECORDS.found and exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter):
    """Show the records, and the time since the command was typed."""
    if RECORDS.found:
        terminalreporter.section("unexpected records in Odoo's log (they fail the session)")
        for line in RECORDS.found[:SHOWN]:
            terminalreporter.write_line(line)
        if len(RECORDS.found) > SHOWN:
            terminalreporter.write_line(f"… and {len(RECORDS.found) - SHOWN} more")
    if STARTED:
        # CLOCK_MONOTONIC is one clock for all processes of the machine.
        seconds = time.monotonic() - float(STARTED)
        terminalreporter.write_line(f"./run test: {seconds:.0f} s in all")
