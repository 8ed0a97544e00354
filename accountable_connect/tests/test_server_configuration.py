"""What the server's configuration says about accounting packages: sandboxes, and time for calls."""

import tempfile
import time
from pathlib import Path
from types import SimpleNamespace

from odoo.addons.accountable_connect.models.connection import server_configuration
from odoo.tests import TransactionCase, tagged

from .common import ConnectionCase


@tagged("post_install", "-at_install")
class TestServerConfiguration(TransactionCase):
    def configure(self, text):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        file = Path(folder.name, "odoo.conf")
        file.write_text(text)
        self.patch(server_configuration, "_path", lambda: str(file))

    def limits(self, cron, real):
        config = {"limit_time_real_cron": cron, "limit_time_real": real, "config": ""}
        self.patch(server_configuration, "tools", SimpleNamespace(config=config))

    def test_sandboxes_are_allowed_by_the_file_only(self):
        for text, allowed in (
            ("[accountable_connect]\nallow_sandboxes = True\n", True),
            ("[accountable_connect]\nallow_sandboxes = 1\n", True),
            ("[accountable_connect]\nallow_sandboxes = False\n", False),
            ("[accountable_connect]\nsecret_key = x\n", False),
            ("[options]\nallow_sandboxes = True\n", False),
            ("", False),
        ):
            with self.subTest(text=text):
                self.configure(text)
                self.assertIs(server_configuration.sandboxes_allowed(), allowed)
                self.assertIs(server_configuration.call_bounds().allow_sandboxes, allowed)

    def test_instance_is_named_by_the_file_only(self):
        for text, name in (
            ("[accountable_connect]\naccountable_instance =  production \n", "production"),
            ("[accountable_connect]\naccountable_instance =\n", ""),
            ("[accountable_connect]\nsecret_key = x\n", ""),
            ("[options]\naccountable_instance = production\n", ""),
            ("", ""),
        ):
            with self.subTest(text=text):
                self.configure(text)
                self.assertEqual(server_configuration.accountable_instance(), name)
                identity = self.env["accountable.identity"]._current()
                self.assertEqual(identity.split("/")[3:], [name] if name else [])

    def test_a_sandbox_to_try_is_named_where_they_are_allowed(self):
        address = "http://127.0.0.1:8090/octopus-rest-api/v1"
        allowed, named = "allow_sandboxes = True\n", f"sandbox_octopus = {address}\n"
        for text, expected in (
            (allowed + named, address),
            (named, ""),
            ("allow_sandboxes = False\n" + named, ""),
            (allowed + "sandbox_octopus = http://example.com/\n", ""),
            (allowed + "sandbox_exact = http://127.0.0.1:8091\n", ""),
            (allowed, ""),
        ):
            with self.subTest(text=text):
                self.configure(f"[accountable_connect]\n{text}")
                self.assertEqual(server_configuration.sandbox_address("octopus"), expected)

    def test_server_of_the_tests_allows_them(self):
        self.assertTrue(server_configuration.sandboxes_allowed())

    def test_calls_end_before_their_worker(self):
        for cron, real, limit in ((120, 600, 120), (-1, 120, 120), (0, 120, 120), (60, 120, 60)):
            with self.subTest(cron=cron, real=real):
                self.limits(cron, real)
                now = time.monotonic()
                bounds = server_configuration.call_bounds()
                self.assertLess(bounds.until - now, limit)
                self.assertLess(bounds.longest, limit)
                # whatever a lane begins in its last moment still has that long
                lane_end = now + server_configuration.LANE_SECONDS
                end = server_configuration.end_of_calls(lane_end)
                self.assertLess(end - now, limit)
                self.assertGreaterEqual(end, lane_end + bounds.longest)

    def test_server_without_limits_sets_none(self):
        self.limits(-1, 0)
        self.assertIsNone(server_configuration.call_bounds().until)
        self.assertIsNone(server_configuration.end_of_calls(0))


class TestCallsOfARun(ConnectionCase):
    def test_run_tells_its_package_when_calls_have_to_be_over(self):
        told = []
        model = self.registry["accountable.connection"]
        opened = model._open_package

        def _open_package(connection):
            told.append(connection.env.context.get("accountable_calls_until"))
            return opened(connection)

        self.patch(model, "_open_package", _open_package)
        before = time.monotonic()
        self.work()
        # a run of sixty seconds
        self.assertGreater(told[0], before + 60)
