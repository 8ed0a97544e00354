"""Folders that are read as the software of an accountant reads them, with books of what came."""

from .server import SandboxServer, serve

__all__ = ["SandboxServer", "serve"]
