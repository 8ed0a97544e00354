"""The folders with their pages, in-process or as a program."""

from __future__ import annotations

import logging
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

from ..kit.serving import RunningSandbox
from ..kit.storage import Store
from . import inspection
from .seed import TABLES
from .service import WinBooks

LOOKS_EVERY = 0.2
_logger = logging.getLogger(__name__)


class SandboxServer(RunningSandbox):
    """A running sandbox. ``folders`` is where the directories of the folders lie; a place of its
    own where none is named, which goes with it. ``watching``: it imports by itself what is put
    there; else a person does, or ``receive`` is called."""

    inspection = inspection

    def __init__(
        self,
        host: str = "127.0.0.1",
        port: int = 0,
        state: str | None = None,
        switches: Mapping[str, Any] | None = None,
        root: str | None = None,
        watching: bool = False,
    ):
        self._own = None if root else tempfile.TemporaryDirectory(prefix="winbooks-")
        self.folders = Path(root or self._own.name).resolve()
        store = Store(state, TABLES)
        self.winbooks = WinBooks(store, self.folders)
        self.winbooks.start_with(switches or {})
        super().__init__(self.winbooks, store, host, port)
        self.watching = watching
        self._ended = threading.Event()
        self._watcher = threading.Thread(target=self._watch, daemon=True)

    def _watch(self) -> None:
        while not self._ended.wait(LOOKS_EVERY):
            try:
                self.winbooks.receive()
            except Exception:
                if self._ended.is_set():
                    return
                _logger.exception("the directories could not be read")

    def run(self) -> None:
        """Serve, and watch where that is wanted, until SIGTERM or SIGINT."""
        if self.watching:
            self._watcher.start()
        super().run()

    def __enter__(self) -> Self:
        super().__enter__()
        if self.watching:
            self._watcher.start()
        return self

    def close(self) -> None:
        """Nothing is watched any more."""
        self._ended.set()
        if self._watcher.is_alive():
            self._watcher.join()
        super().close()
        if self._own:
            self._own.cleanup()

    def directory(self, folder: int) -> Path:
        """Where the files for a folder are put."""
        return self.winbooks.directory(folder)

    def receive(self, answers: Mapping[str, int] | None = None) -> dict[str, list[dict]]:
        """Import what is new for every folder."""
        return self.winbooks.receive(answers)

    def documents(self, folder: int) -> list[dict]:
        """Documents with their entries, boxes and files."""
        return self.look(inspection.documents, folder)

    def imports(self, folder: int) -> list[dict]:
        """Imports with their findings."""
        return self.look(inspection.imports, folder)


def serve(
    port: int = 0,
    state: str | None = None,
    host: str = "127.0.0.1",
    switches: Mapping[str, Any] | None = None,
    watching: bool = False,
    root: str | None = None,
) -> SandboxServer:
    """A sandbox in a thread: ``with serve() as server: server.directory(91001) …``; port 0 takes a
    free one."""
    return SandboxServer(host, port, state, switches, root, watching)
