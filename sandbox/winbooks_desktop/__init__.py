"""WinBooks on the desktop, as an accountant's office has it: files are imported, books are kept."""

from .server import SandboxServer, serve

__all__ = ["SandboxServer", "serve"]
