"""A sandbox as a program of its own, to be stopped and killed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


class Program:
    """``python -m sandbox PACKAGE`` in a process of its own; ``shown`` is what it says at its
    start, ``address`` where the service is."""

    # What is said last.
    last = ("password", "folders")

    def __init__(self, package: str, state: Path, *options: str):
        self.process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "sandbox",
                package,
                "--port",
                "0",
                "--state",
                str(state),
                "--no-limits",
                *options,
            ],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.shown = {}
        while not any(word in self.shown for word in self.last):
            line = self.process.stdout.readline()
            if not line:
                raise ValueError(f"the {package} sandbox ended after {self.shown}")
            *title, value = line.split()
            self.shown[" ".join(title)] = value
        self.address = next(iter(self.shown.values()))
        self.root = self.shown["pages"].rstrip("/")
        self.control = self.shown["control"].rstrip("/")

    def stop(self, number: int) -> int:
        """Send a signal; gives the exit code."""
        os.kill(self.process.pid, number)
        self.process.wait(timeout=20)
        self.process.stdout.close()
        return self.process.returncode
