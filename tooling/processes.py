"""Child processes that do not outlive the command that started them."""

import ctypes
import signal
import subprocess

PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of prctl(2)
_LIBC = ctypes.CDLL(None)


def end_with_parent() -> None:
    """In the child before it starts: ask the system for SIGTERM when ``./run`` dies."""
    _LIBC.prctl(PARENT_DEATH_SIGNAL, signal.SIGTERM)


class Terminated(KeyboardInterrupt):
    """SIGTERM: what was started has not heard of it, as it has of Ctrl-C."""


def wait_for(process: subprocess.Popen, seconds: float) -> int:
    """Return the exit code of a process. One that is stopped has ``seconds`` to end in its own way
    and say what it did so far; a second Ctrl-C ends it at once."""
    try:
        return process.wait()
    except KeyboardInterrupt as stopped:
        if isinstance(stopped, Terminated):
            process.send_signal(signal.SIGINT)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            pass  # killed below
        finally:
            process.kill()
        raise
