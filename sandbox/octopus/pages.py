"""Read-only pages."""

from werkzeug.wrappers import Response


class Pages:
    """Pages of one sandbox."""

    def __init__(self, octopus):
        self.octopus = octopus

    def respond(self, request):
        """A page."""
        return Response("sandbox", 200)
