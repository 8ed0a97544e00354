"""The whole way of a delivered document: posted, in its batch, in the receiver's folder."""

import os
import tempfile
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from odoo.addons.accountable_connect.models.hand_over import folder_channel

from .common_documents import DeliveryCase

FOLDER = "accountant"


class WayCase(DeliveryCase):
    """``receiver`` is the folder in which the documents of ``connection`` arrive, each at once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.connection.write({"ubl_sales_moment": "posting", "batch_closes": "at_once"})

    def setUp(self):
        super().setUp()
        root = self.enterContext(tempfile.TemporaryDirectory())
        self.receiver = Path(root, FOLDER)
        self.receiver.mkdir()
        self.patch(folder_channel, "hand_over_root", lambda: root)
        self.patch(folder_channel, "hand_over_folders", lambda: sorted(os.listdir(root)))
        self.connection.write({"channel": "folder", "folder": FOLDER})

    # The worker

    @contextmanager
    def worker(self):
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            yield self.connection.with_env(self.env(cr=cr, su=True, context={}))

    def work(self):
        """Until nothing is due. An unexpected error, which a worker only logs, fails the test."""
        self.env.flush_all()
        with self.assertNoLogs("odoo.addons.accountable_connect", level="ERROR"):
            for _run in range(3):
                with self.worker() as connection:
                    connection._run(seconds=60)
        self.env.invalidate_all()

    def at_once(self):
        """What waits for its next try, or for its hour, is due."""
        sudo = self.env(su=True)
        sudo["accountable.job"].search([("state", "=", "pending")]).next_try = self.past
        sudo["accountable.hand.over"].search([("next_try", "!=", False)]).next_try = self.past
        self.connection.write({"wait_until": False})

    @property
    def past(self):
        return "2020-01-01 00:00:00"

    # What is there

    def arrived(self):
        """Names of what the receiver can see."""
        return sorted(one.name for one in self.receiver.iterdir() if not one.name.startswith("."))

    def left_behind(self):
        """Names of what a write that failed left."""
        return sorted(one.name for one in self.receiver.iterdir() if one.name.startswith("."))

    def content(self):
        """The bytes of the one file that arrived."""
        [name] = self.arrived()
        return (self.receiver / name).read_bytes()

    def batches(self):
        return (
            self.env["accountable.batch"]
            .sudo()
            .search([("connection_id", "=", self.connection.id)], order="id")
        )

    def items(self, move):
        return (
            self.env["accountable.batch.item"]
            .sudo()
            .search([("res_model", "=", move._name), ("res_id", "=", move.id)], order="id")
        )

    def job(self, move):
        """Its last item of the queue."""
        return (
            self.env["accountable.job"]
            .sudo()
            .search(
                [("res_model", "=", move._name), ("res_id", "=", move.id)], order="id desc", limit=1
            )
        )

    def assert_waits(self, move, code, *words):
        """It waits for a person, who reads a sentence with these words; nothing of it went, and
        nothing is lost."""
        job = self.job(move)
        self.assertEqual((job.state, job.error_code), ("failed", code), job.message)
        self.assertNotIn("%(", job.message)
        for word in words:
            self.assertIn(word, job.message)
        self.assertFalse(self.items(move))
        self.assertEqual((self.arrived(), self.left_behind()), ([], []))
        self.assertEqual(move.state, "posted")
        self.assertEqual(move.accountable_state, "error")

    def assert_goes(self, move):
        """It was handed over, once; the bytes that arrived."""
        self.work()
        self.assertEqual(self.job(move).state, "done", self.job(move).message)
        self.assertEqual(move.accountable_state, "handed_over")
        self.assertEqual(self.left_behind(), [])
        return self.content()

    def pressed_retry(self, move):
        self.job(move).action_retry()

    def full_disk(self, error):
        """Whatever is written in the folder fails with this error of the system."""
        from odoo.addons.accountable_connect.api.channels import folder

        def fails(*arguments):
            raise OSError(error, os.strerror(error))

        return patch.object(folder, "_write_file", fails)
