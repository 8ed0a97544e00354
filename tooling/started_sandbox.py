"""A sandbox beside tests and benchmarks that are no ``./run`` themselves."""

import subprocess
import sys

from tooling.processes import end_with_parent


def start_sandbox(package: str, *options: str) -> str:
    """A sandbox in a process of its own, which ends with this one; returns its root."""
    process = subprocess.Popen(
        [sys.executable, "-m", "sandbox", package, "--port", "0", "--no-limits", *options],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=end_with_parent,
    )
    for line in process.stdout:
        name, _blank, address = line.partition(" ")
        if name == "control":
            return address.strip().partition("/sandbox/control")[0]
    raise RuntimeError("The sandbox did not start")
