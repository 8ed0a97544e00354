"""What listens beside the pages: servers of asyncio, together in one loop in its own thread."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

PATIENCE = 20
T = TypeVar("T")


class Listeners:
    """A loop that runs from here until it is closed. Whoever listens hands in a coroutine, and what
    ends it: both run in the loop, where nobody may wait for long."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self._endings: list[Callable[[], Coroutine[Any, Any, Any]]] = []
        self._thread = threading.Thread(target=self._run, name="listeners", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.loop.run_forever()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Do something in the loop and give what it gives."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(PATIENCE)

    def at_the_end(self, ending: Callable[[], Coroutine[Any, Any, Any]]) -> None:
        """What is done when it closes; the last that is named comes first."""
        self._endings.append(ending)

    def close(self) -> None:
        """End every listener, and what goes on for a caller."""
        if self.loop.is_closed():
            return
        try:
            for ending in reversed(self._endings):
                self.run(ending())
            self.run(_cancel_the_rest())
        finally:
            self.loop.call_soon_threadsafe(self.loop.stop)
            self._thread.join()
            self.loop.close()


async def _cancel_the_rest() -> None:
    rest = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in rest:
        task.cancel()
    await asyncio.gather(*rest, return_exceptions=True)
