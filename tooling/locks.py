"""Locks between several ``./run`` in one clone. The system frees them when a process ends."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from tooling import paths
from tooling.console import say


def _open(name: str) -> IO[str]:
    paths.LOCKS.mkdir(parents=True, exist_ok=True)
    return (paths.LOCKS / name).open("a+")


@contextmanager
def exclusive(name: str, subject: str) -> Iterator[None]:
    """Hold a lock alone; say so and wait while another process has it."""
    with _open(name) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = f"process {number}" if (number := file.read().strip()) else "another process"
            say(f"  waiting: {holder} is at work on {subject} in this clone")
            fcntl.flock(file, fcntl.LOCK_EX)
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


class SharedUse:
    """Who uses a thing, so that the last one can stop it."""

    def __init__(self, name: str):
        self.file = _open(name)
        fcntl.flock(self.file, fcntl.LOCK_SH)

    def leave(self) -> bool:
        """Give up the use; True when nobody else was using it."""
        try:
            fcntl.flock(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            return False

    def close(self) -> None:
        """Let the lock go."""
        self.file.close()
