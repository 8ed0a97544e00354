"""A thousand e-mails that wait hold no worker longer than its time. The clock is one of ours, and a
mail takes as long as it is told: nothing is measured."""

from types import SimpleNamespace
from unittest.mock import patch

from odoo.addons.accountable_connect.api.channels.contract import Channel, ChannelError, Outcome
from odoo.addons.accountable_connect.models.connection.server_configuration import LANE_SECONDS
from odoo.addons.accountable_connect.models.engine import cron_lanes, run_state, synchronisation
from odoo.tools import SQL

from .common_hand_over import HandOverCase

WAITING = 1000


class Clock:
    """Stands until somebody works."""

    def __init__(self):
        self.now = 1000.0

    def monotonic(self):
        return self.now


class SlowServer(Channel):
    """A mail server that takes so many seconds for each mail; with ``error`` it takes none."""

    def __init__(self, clock, seconds, error=None):
        self.clock, self.seconds, self.error = clock, seconds, error
        self.begun = []

    def test(self):
        """Nothing to try."""

    def write(self, shipment):  # pylint: disable=method-required-super
        self.begun.append(shipment.name)
        self.clock.now += self.seconds
        if self.error:
            raise self.error
        return {"names": [shipment.name], "sent_from": "us@office.example", "sent_to": "box"}

    def publish(self, shipment, written, first=False):
        return written["names"]

    def settle(self, shipment, written):
        return Outcome.UNKNOWN


class TestManyMails(HandOverCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.connection.write(
            {"channel": "mail", "mail_from": "us@office.example", "mail_to": "box@office.example"}
        )

    def waiting(self, count):
        """So many closed batches of one document that nobody has seen yet, copies of one."""
        self.connection.channel = "download"
        self.assertTrue(self.invoice())
        self.work()
        batch = self.close()
        self.connection.channel = "mail"
        self.env.flush_all()
        self.copied("accountable_batch", batch, count - 1, number=SQL("number + n"))
        self.env.cr.execute(
            "UPDATE accountable_batch SET name = lpad(number::text, 5, '0'),"
            " shipment_name = NULL WHERE connection_id = %s",
            (self.connection.id,),
        )
        batches = self.batches()
        self.assertEqual(len(batches), count)
        self.copied(
            "accountable_batch_item",
            batch.item_ids,
            count - 1,
            batch_id=SQL(
                "(SELECT id FROM accountable_batch WHERE connection_id = %s AND number = n + 1)",
                self.connection.id,
            ),
            res_id=SQL("-n"),
        )
        self.connection.batch_number = count
        self.env.flush_all()
        self.env.invalidate_all()
        return batches

    def copied(self, table, record, count, **changes):
        """So many copies of a row, straight in the database."""
        self.env.cr.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s"
            " AND column_name != 'id'",
            (table,),
        )
        names = [name for [name] in self.env.cr.fetchall()]
        values = [changes.get(name) or SQL.identifier(name) for name in names]
        self.env.cr.execute(
            SQL(
                "INSERT INTO %s (%s) SELECT %s FROM %s, generate_series(1, %s) n WHERE id = %s",
                SQL.identifier(table),
                SQL(", ").join(SQL.identifier(name) for name in names),
                SQL(", ").join(values),
                SQL.identifier(table),
                count,
                record.id,
            )
        )

    def run_lane(self, server):
        """One call of a lane's cron, with the time of our clock; gives how long it took there."""
        fake = SimpleNamespace(monotonic=server.clock.monotonic)
        begun = server.clock.now
        channels = type(self.connection)
        self.connection.wait_until = False
        self.env.flush_all()
        with (
            patch.object(channels, "_get_channel", lambda *_arguments: server),
            patch.object(run_state, "time", fake),
            patch.object(synchronisation, "time", fake),
            patch.object(cron_lanes, "time", fake),
            self.worker() as working,
        ):
            others = working.search([("id", "!=", working.id)])
            others.active = False
            cron_lanes.work_in_lane(working.env, 2)
        self.env.invalidate_all()
        return server.clock.now - begun

    def test_a_lane_ends_in_its_time_and_goes_on_where_it_stopped(self):
        batches = self.waiting(WAITING)
        server = SlowServer(Clock(), seconds=1)
        took = self.run_lane(server)
        self.assertEqual(len(server.begun), LANE_SECONDS)
        self.assertEqual(took, LANE_SECONDS)
        self.run_lane(server)
        self.assertEqual(server.begun, batches[: 2 * LANE_SECONDS].mapped("name"))
        self.assertEqual(
            len(batches.filtered(lambda batch: batch.state == "handed_over")), 2 * LANE_SECONDS
        )

    def test_a_server_that_answers_nothing_takes_one_try_of_a_lane(self):
        self.waiting(3)
        server = SlowServer(
            Clock(), 60, ChannelError("timed out", code="mail_unreachable", temporary=True)
        )
        took = self.run_lane(server)
        self.assertEqual((len(server.begun), took), (1, 60))
