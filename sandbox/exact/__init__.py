"""A local server that behaves as the Exact Online REST service does, with real books behind it."""

from __future__ import annotations

from typing import Any


def serve(
    port: int = 0,
    state: str | None = None,
    host: str = "127.0.0.1",
    switches: dict[str, Any] | None = None,
) -> Any:
    """A sandbox in a thread: ``with serve() as server: server.url …``; port 0 takes a free one."""
    from .server import SandboxServer  # tables and protocol stay importable without the server

    return SandboxServer(host, port, state, switches)
