"""A connection that hands over into a folder of this machine."""

import shutil
import tempfile
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

from odoo.addons.accountable_connect.api.channels.folder import FolderChannel
from odoo.addons.accountable_connect.models.connection import server_configuration

from .common_hand_over import HandOverCase


class Killed(BaseException):
    """Ends a worker where no code of it runs any more."""


class FolderCase(HandOverCase):
    """``folder`` is where the receiver looks; batches close by hand."""

    def setUp(self):
        super().setUp()
        self.root = Path(tempfile.mkdtemp(prefix="accountable_hand_over_"))
        self.addCleanup(shutil.rmtree, self.root, ignore_errors=True)
        self.folder = self.root / "office"
        self.folder.mkdir()
        (self.root / "other").mkdir()
        configuration = self.root / "odoo.conf"
        configuration.write_text(f"[accountable_connect]\nhand_over_root = {self.root}\n")
        self.patch(server_configuration, "_path", lambda: str(configuration))
        self.connection.write({"channel": "folder", "folder": "office"})
        self.env.flush_all()

    def closed(self, *moves, **values):
        """A batch that closed, of these documents, or of one invoice."""
        for move in moves or (self.invoice(**values),):
            self.assertTrue(move)
        self.work()
        return self.close()

    def hand_overs(self, batch):
        """Of a batch, the first one first."""
        return batch.hand_over_ids.sorted("id")

    def received(self):
        """``{name: bytes}`` of what the receiver sees."""
        found = sorted(self.folder.rglob("*"))
        return {
            path.name: path.read_bytes()
            for path in found
            if path.is_file() and not path.name.startswith(".")
        }

    def left(self):
        return [path.name for path in self.folder.iterdir() if path.name.startswith(".")]

    def take(self):
        """The receiver takes everything, and knows what it took."""
        taken = self.received()
        for path in self.folder.iterdir():
            if not path.name.startswith("."):
                path.unlink()
        return taken

    def pass_hand_over_time(self, passed=timedelta(days=1)):
        """What waits for its next try is due."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE accountable_hand_over SET next_try = next_try - %s WHERE next_try IS NOT NULL",
            (passed,),
        )
        self.connection.wait_until = False
        self.env.flush_all()
        self.env.invalidate_all()

    @contextmanager
    def failing(self, method, error):
        """The channel fails so, before it did anything."""
        with patch.object(FolderChannel, method, side_effect=error):
            yield

    @contextmanager
    def after(self, method, error):
        """The channel did it, and then this happens."""
        original = getattr(FolderChannel, method)

        def doing(channel, *arguments):
            original(channel, *arguments)
            raise error

        with patch.object(FolderChannel, method, doing):
            yield

    def killed(self):
        """A run whose worker ends in it; what it committed stays, so this is no ``assertRaises``,
        which rolls back."""
        try:
            with self.worker() as working:
                working._run(seconds=60)
        except Killed:
            self.env.invalidate_all()
        else:
            self.fail("The worker was not killed.")
