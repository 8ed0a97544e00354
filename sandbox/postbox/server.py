"""The boxes with their watcher and their pages, in-process or as a program."""

from __future__ import annotations

import logging
import tempfile
import threading
from pathlib import Path
from typing import Any, Self

from ..kit.serving import RunningSandbox
from ..kit.storage import Store
from . import inspection
from .boxes import TABLES
from .service import Postbox

# Seconds between two looks at the folders: a file is gone long before a writer looks for it.
LOOKS_EVERY = 0.1
_logger = logging.getLogger(__name__)


class SandboxServer(RunningSandbox):
    """A running sandbox. ``folders`` is where they lie; a folder of its own where none is named,
    which goes with it. ``watching``: it looks by itself; else when it is told to."""

    inspection = inspection

    def __init__(
        self,
        host: str = "127.0.0.1",
        port: int = 0,
        state: str | None = None,
        switches: dict[str, Any] | None = None,
        root: str | None = None,
        watching: bool = True,
    ):
        self._own = None if root else tempfile.TemporaryDirectory(prefix="postbox-")
        self.folders = Path(root or self._own.name).resolve()
        store = Store(state, TABLES)
        self.postbox = Postbox(store, self.folders)
        self.postbox.start_with(switches or {})
        super().__init__(self.postbox, store, host, port)
        self.watching = watching
        self._ended = threading.Event()
        self._watcher = threading.Thread(target=self._watch, daemon=True)

    def _watch(self) -> None:
        while not self._ended.wait(LOOKS_EVERY):
            try:
                self.postbox.receive()
            except Exception:
                if self._ended.is_set():
                    return
                _logger.exception("the folders could not be read")

    def run(self) -> None:
        """Serve and watch until SIGTERM or SIGINT."""
        if self.watching:
            self._watcher.start()
        super().run()

    def __enter__(self) -> Self:
        super().__enter__()
        if self.watching:
            self._watcher.start()
        return self

    def close(self) -> None:
        """Nothing is watched any more, every folder works again."""
        self._ended.set()
        if self._watcher.is_alive():
            self._watcher.join()
        self.postbox.faults.clear()
        super().close()
        if self._own:
            self._own.cleanup()

    def receive(self) -> int:
        """One look at every folder, for a sandbox that does not watch by itself."""
        return self.postbox.receive()

    def folder(self, box: int) -> Path:
        """Where the files of a box are put."""
        return self.postbox.box(box).folder

    def received(self, box: int) -> list[dict]:
        """What a box took."""
        return self.look(inspection.received, box)

    def refused(self, box: int) -> list[dict]:
        """What it did not take, and why."""
        return self.look(inspection.refused, box)


def serve(
    port: int = 0,
    state: str | None = None,
    host: str = "127.0.0.1",
    switches: dict[str, Any] | None = None,
    root: str | None = None,
    watching: bool = True,
) -> SandboxServer:
    """A sandbox in a thread: ``with serve() as server: server.folder(80001) …``; port 0 takes a
    free one."""
    return SandboxServer(host, port, state, switches, root, watching)
