"""The control endpoint of a sandbox, for tests, benchmarks and the demo's accountant."""

from contextlib import contextmanager

import requests

TIMEOUT = 60


class Control:
    """``root`` is the address of the sandbox itself, without a path."""

    def __init__(self, root: str):
        self.root = root.rstrip("/")
        self.http = requests.Session()
        self.http.trust_env = False  # no proxy between a machine and itself

    def get(self, path: str):
        """What stands there, as JSON values."""
        return self._answer("GET", path)

    def file(self, path: str) -> bytes:
        """A file that stands there."""
        return self._call("GET", path).content

    def post(self, path: str, **values):
        """Do something; a refusal of the sandbox raises RuntimeError with its text."""
        return self._answer("POST", path, json=values)

    def forget_faults(self) -> None:
        """Nothing goes wrong any more."""
        self._answer("DELETE", "faults")

    def calls(self) -> dict[str, int]:
        """Calls that arrived so far, by operation."""
        return self.get("calls")["total"]

    @contextmanager
    def counted(self):
        """Yields a dictionary that is filled in at the end: calls by operation."""
        before, made = self.calls(), {}
        try:
            yield made
        finally:
            for operation, number in self.calls().items():
                if number > before.get(operation, 0):
                    made[operation] = number - before.get(operation, 0)

    def _answer(self, method: str, path: str, **options):
        answer = self._call(method, path, **options)
        return answer.json() if answer.content else None

    def _call(self, method: str, path: str, **options):
        answer = self.http.request(
            method, f"{self.root}/sandbox/control/{path}", timeout=TIMEOUT, **options
        )
        if not answer.ok:
            raise RuntimeError(f"{answer.request.url}: {answer.text}")
        return answer
