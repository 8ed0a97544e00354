"""Child processes that do not outlive the command that started them."""

import ctypes
import signal

PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of prctl(2)
_LIBC = ctypes.CDLL(None)


def end_with_parent() -> None:
    """In the child before it starts: ask the system for SIGTERM when ``./run`` dies."""
    _LIBC.prctl(PARENT_DEATH_SIGNAL, signal.SIGTERM)
