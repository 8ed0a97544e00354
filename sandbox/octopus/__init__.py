"""A local server that behaves as the Octopus REST web service, with real books behind it."""

from .server import SandboxServer, serve

__all__ = ["SandboxServer", "serve"]
