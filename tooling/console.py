"""What a person sees: steps with their time, and errors in words."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from tooling import paths
from tooling.processes import end_with_parent

# CLOCK_MONOTONIC is one clock for all processes: the time goes on when the command is handed to the
# Python of the virtual environment.
STARTED_VARIABLE = "ACCOUNTABLE_STARTED"
STARTED = float(os.environ.pop(STARTED_VARIABLE, "") or time.monotonic())


class SetUpError(Exception):
    """Something a person has to do or to know; shown without a trace."""


def say(message: str = "") -> None:
    """Print one line at once, also when the output goes to a file."""
    print(message, flush=True)


@contextmanager
def step(title: str) -> Iterator[None]:
    """Announce a step and print how long it took."""
    say(f"… {title}")
    begun = time.monotonic()
    yield
    say(f"✓ {title}: {time.monotonic() - begun:.1f} s")


def total(title: str) -> None:
    """Print the time since the command was typed."""
    say(f"= {title}: {time.monotonic() - STARTED:.1f} s in all")


def run_logged(
    command: Sequence[str | Path],
    log_name: str,
    *,
    cwd: Path | None = None,
    environment: Mapping[str, str] | None = None,
    problem: str,
    timeout: float = 1800,
    **process_options: object,
) -> str:
    """Run a command with its output in ``.local/log/<log_name>.log`` and return that output.

    Raises :class:`SetUpError` with ``problem`` and the last lines of the log when it fails.
    """
    paths.LOGS.mkdir(parents=True, exist_ok=True)
    log_path = paths.LOGS / f"{log_name}.log"
    with log_path.open("wb") as log:
        try:
            finished = subprocess.run(
                [str(part) for part in command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=cwd,
                env=environment,
                timeout=timeout,
                check=False,
                preexec_fn=end_with_parent,
                **process_options,
            )
            status = finished.returncode
        except FileNotFoundError as error:
            raise SetUpError(f"{problem}\nThe command {command[0]} is not there.") from error
        except subprocess.TimeoutExpired as error:
            late = f"Not finished after {timeout:.0f} s: {log_path}"
            raise SetUpError(f"{problem}\n{late}") from error
    output = log_path.read_text(errors="replace")
    if status:
        tail = "\n".join("    " + line for line in output.splitlines()[-25:])
        raise SetUpError(f"{problem}\n{tail}\n(exit {status}; whole log: {log_path})")
    return output


def show_error(error: SetUpError) -> None:
    """Print an error where errors belong."""
    sys.stdout.flush()
    print(f"\n✗ {error}", file=sys.stderr, flush=True)
