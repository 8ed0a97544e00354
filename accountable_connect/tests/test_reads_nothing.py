"""A package that tells nothing is never due for a reading."""

from datetime import timedelta

from odoo.addons.accountable_connect.models.engine.reading_due import (
    _reading_moments,
    capabilities_by_package,
)
from odoo.tests import tagged

from .common import ConnectionCase
from .fake_package import FakeAdministration


@tagged("post_install", "-at_install")
class TestReadsNothing(ConnectionCase):
    def setUp(self):
        super().setUp()
        type(self).books = FakeAdministration(
            settlements=False, reads_parties=False, needs=frozenset()
        )
        self.connection.write({"settlements_back": True, "contact_direction": "from_package"})

    def due(self):
        self.env.flush_all()
        return self.connection in self.env["accountable.connection"].sudo()._due_connections()

    def test_it_is_not_due(self):
        self.assertFalse(self.due())
        self.assertFalse(_reading_moments(self.connection))
        self.connection._note_changes_there()
        self.assertFalse(self.due() or self.connection.hinted_at)

    def test_one_that_tells_is_due(self):
        type(self).books = FakeAdministration(reads_parties=False)
        self.assertTrue(self.due())
        type(self).books = FakeAdministration(settlements=False)
        self.assertTrue(self.due())

    def test_no_lane_works_for_it(self):
        runs = len(self.runs())
        with self.worker() as connection:
            connection._cron_lane(1)
        self.assertEqual(len(self.runs()), runs)

    def test_a_run_reads_nothing(self):
        self.connection.sudo().master_data_read_at -= timedelta(days=3)
        self.invoice()
        self.work()
        read = {"fetch_master_data", "settlements_since", "parties_changed_since", "open_items"}
        self.assertFalse(read & set(self.books.calls))
        self.assertTrue(self.books.calls["create_document"])

    def test_what_packages_can_do_costs_no_question(self):
        capabilities_by_package(self.env)
        with self.assertQueryCount(0):
            capabilities_by_package(self.env)
