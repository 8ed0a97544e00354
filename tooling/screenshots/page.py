"""A page of a headless Chromium, steered over its DevTools protocol: enough for screenshots."""

import base64
import json
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.request import urlopen

from tooling import paths
from tooling.browser import chromium
from tooling.console import SetUpError

CALL_TIMEOUT = 60
START_TIMEOUT = 30


class ChromiumPage:
    """A page in a browser of its own with an empty profile; a context manager."""

    def __init__(self, width: int = 1366, height: int = 768) -> None:
        self.width, self.height = width, height
        self._last_id = 0
        self.errors: list[str] = []

    def __enter__(self) -> "ChromiumPage":
        # Imported here: the library is in the project's environment, not on every machine.
        from websocket import create_connection

        program = chromium()
        if program is None:
            raise SetUpError("Chromium is not installed; screenshots need it.")
        self._profile = tempfile.TemporaryDirectory(prefix="chromium-", ignore_cleanup_errors=True)
        command = [
            program,
            "--headless=new",
            "--remote-debugging-port=0",
            "--disable-gpu",
            "--remote-allow-origins=*",
            "--hide-scrollbars",
            "--no-first-run",
            "--disable-dev-shm-usage",
            f"--user-data-dir={self._profile.name}",
        ]
        if paths.is_root():
            command.append("--no-sandbox")
        self._process = subprocess.Popen(
            [*command, "about:blank"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            self._socket = create_connection(self._page_address(), timeout=CALL_TIMEOUT)
        except BaseException:
            self._stop()
            raise
        for domain in ("Page", "Runtime"):
            self.call(f"{domain}.enable")
        self.resize(self.width, self.height)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._socket.close()
        self._stop()

    def _stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(timeout=10)
        self._profile.cleanup()

    def _page_address(self) -> str:
        """The socket of the first page; Chromium writes its port in its profile when it listens."""
        port_file = Path(self._profile.name) / "DevToolsActivePort"
        deadline = time.monotonic() + START_TIMEOUT
        while time.monotonic() < deadline:
            if port_file.exists() and (lines := port_file.read_text().splitlines()):
                with urlopen(f"http://127.0.0.1:{lines[0]}/json/list", timeout=10) as answer:
                    pages = [page for page in json.load(answer) if page["type"] == "page"]
                if pages:
                    return pages[0]["webSocketDebuggerUrl"]
            time.sleep(0.1)
        raise SetUpError("Chromium did not start.")

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """One call of the DevTools protocol; keeps uncaught errors of the page in ``errors``."""
        self._last_id += 1
        self._socket.send(json.dumps({"id": self._last_id, "method": method, "params": parameters}))
        while True:
            message = json.loads(self._socket.recv())
            if message.get("method") == "Runtime.exceptionThrown":
                details = message["params"]["exceptionDetails"]
                self.errors.append(
                    details.get("exception", {}).get("description") or details["text"]
                )
            if message.get("id") == self._last_id:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error']['message']}")
                return message["result"]

    def resize(self, width: int, height: int) -> None:
        """Give the page another size, in pixels."""
        self.width, self.height = width, height
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < 600,
        )

    def open(self, address: str) -> None:
        """Go to an address; ``wait_for`` says when the screen is there."""
        self.call("Page.navigate", url=address)

    def evaluate(self, script: str) -> Any:
        """The value of a JavaScript expression; raises RuntimeError with the page's own error."""
        result = self.call(
            "Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True
        )
        if "exceptionDetails" in result:
            details = result["exceptionDetails"]
            raise RuntimeError(details.get("exception", {}).get("description") or details["text"])
        return result["result"].get("value")

    def wait_for(self, selector: str, seconds: float = 30) -> None:
        """Until something matches the CSS selector and the page is quiet."""
        condition = f"!!document.querySelector({json.dumps(selector)})"
        deadline = time.monotonic() + seconds
        while not self.evaluate(condition):
            if time.monotonic() > deadline:
                raise TimeoutError(f"{selector} did not appear on {self.evaluate('location.href')}")
            time.sleep(0.1)
        time.sleep(0.6)  # animations and late texts

    def fill(self, selector: str, text: str) -> None:
        """Put a text in the field that matches the CSS selector."""
        self.evaluate(f"document.querySelector({json.dumps(selector)}).value = {json.dumps(text)}")

    def write(self, selector: str, text: str) -> None:
        """Type a text into the field that matches the CSS selector, as a person does."""
        self.evaluate(f"document.querySelector({json.dumps(selector)}).focus()")
        self.call("Input.insertText", text=text)

    def click(self, selector: str) -> None:
        """Click the first thing that matches the CSS selector."""
        self.evaluate(f"document.querySelector({json.dumps(selector)}).click()")

    def screenshot(self, file: Path) -> None:
        """Store what is seen as a PNG, with as few colours as a screen of text needs."""
        from io import BytesIO

        from PIL import Image

        data = base64.b64decode(self.call("Page.captureScreenshot", format="png")["data"])
        file.parent.mkdir(parents=True, exist_ok=True)
        with Image.open(BytesIO(data)) as image:
            image.convert("RGB").quantize(colors=128).save(file, optimize=True)
