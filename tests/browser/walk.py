"""Pages that are none of the web client's, walked through in the browser that runs the tours."""

import json
import time
from contextlib import ExitStack, contextmanager

import websocket
from odoo.tests.common import ChromeBrowser, ChromeBrowserException

PATIENCE = 30
# The numbers by which Chromium knows keys.
KEYS = {"Tab": 9, "Enter": 13}
# A page that is on its way out has nothing to evaluate in; asked again, the next one has.
IN_BETWEEN = (
    "Execution context was destroyed",
    "Cannot find context",
    "Inspected target navigated",
)


@contextmanager
def browser(case, login, kind=None):
    """A Chromium of its own in which ``login`` is signed in at the Odoo of an ``HttpCase``; what is
    done in it is a ``Walk``, or of another kind."""
    chromium = ChromeBrowser(case)
    with case.allow_requests(browser=chromium), ExitStack() as afterwards:
        afterwards.callback(case._wait_remaining_requests)
        afterwards.callback(chromium.stop)
        case.authenticate(login, login, browser=chromium)
        # The requests have cursors of their own.
        case.cr.flush()
        case.cr.clear()
        yield (kind or Walk)(case, chromium)


class OtherTab:
    """Speaks to a tab that a page opened, as ``ChromeBrowser`` speaks to its own one."""

    def __init__(self, address):
        self.socket = websocket.create_connection(address, timeout=PATIENCE, suppress_origin=True)
        self.last = 0

    def _websocket_request(self, method, *, params=None):
        self.last += 1
        self.socket.send(json.dumps({"id": self.last, "method": method, "params": params or {}}))
        while True:
            answer = json.loads(self.socket.recv())
            if answer.get("id") == self.last:
                break
        if "error" in answer:
            raise ChromeBrowserException(answer["error"]["message"])
        return answer["result"]


class Walk:
    """What a person sees and does in a tab."""

    def __init__(self, case, chromium):
        self.case, self.chromium = case, chromium

    def opened(self):
        """The only other tab: one that the page of this one opened."""
        others = self._wait_for_tabs(2)[:1]
        return Walk(self.case, OtherTab(others[0]["webSocketDebuggerUrl"]))

    def see_alone(self):
        """Wait until the other tab has closed."""
        self._wait_for_tabs(1)

    def _wait_for_tabs(self, number):
        """The tabs there are, the newest first."""
        deadline = time.monotonic() + PATIENCE
        while True:
            tabs = [tab for tab in self.chromium._json_command("list") if tab["type"] == "page"]
            if len(tabs) == number:
                return tabs
            if time.monotonic() > deadline:
                self.case.fail(f"{len(tabs)} tabs instead of {number}")
            time.sleep(0.2)

    def open(self, path):
        """Go to a path of Odoo."""
        self.chromium.navigate_to(self.case.base_url() + path)

    def open_at(self, address):
        """Go to a page of another server."""
        self.chromium.navigate_to(address)

    @property
    def address(self):
        return self._evaluate("location.origin + location.pathname")

    @property
    def text(self):
        """Everything that is to be read, blanks made one."""
        return " ".join(self._evaluate("document.body.innerText").split())

    def attribute(self, selector, name):
        """An attribute of the element that a CSS selector finds."""
        return self._evaluate(f"document.querySelector({json.dumps(selector)}).{name}")

    def see(self, selector):
        """Wait until a CSS selector finds something."""
        self._wait(f"Boolean(document.querySelector({json.dumps(selector)}))", selector)

    def type(self, selector, text):
        """Type into the field that is found: with the keyboard, so only what it would take."""
        self.see(selector)
        self._evaluate(f"document.querySelector({json.dumps(selector)}).focus()")
        self.chromium._websocket_request("Input.insertText", params={"text": text})

    def press(self, selector):
        """Press the button that is found; the page after it is asked for with ``see``."""
        self.see(selector)
        self._evaluate(f"document.querySelector({json.dumps(selector)}).click()")

    def see_text(self, selector, text):
        """Wait until one of those that are found has the text."""
        found = f"[...document.querySelectorAll({json.dumps(selector)})]"
        self._wait(
            f"{found}.some(one => one.innerText.includes({json.dumps(text)}))",
            f"{text} in {selector}",
        )

    def press_text(self, selector, text):
        """Press the first one of those that are found which has the text: what the mouse reaches
        and the Tab key does not, as the choices below a field."""
        self.see_text(selector, text)
        found = f"[...document.querySelectorAll({json.dumps(selector)})]"
        self._evaluate(f"{found}.find(one => one.innerText.includes({json.dumps(text)})).click()")

    def resize(self, width, height):
        """Another size of the page, in pixels."""
        self.chromium._websocket_request(
            "Emulation.setDeviceMetricsOverride",
            params={"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False},
        )

    def is_inside(self, selector):
        """Whether the first one that is found is seen without scrolling."""
        self.see(selector)
        return self._evaluate(
            f"""(() => {{
                const box = document.querySelector({json.dumps(selector)}).getBoundingClientRect();
                return box.height > 0 && box.top >= 0 && box.left >= 0
                    && box.bottom <= window.innerHeight && box.right <= window.innerWidth;
            }})()"""
        )

    def value(self, script):
        """What a JavaScript expression gives."""
        return self._evaluate(script)

    def focus(self, selector):
        """Put the focus on the first one that is found."""
        self.see(selector)
        self._evaluate(f"document.querySelector({json.dumps(selector)}).focus()")

    def key(self, name):
        """Press a key where the focus is."""
        values = {"key": name, "code": name, "windowsVirtualKeyCode": KEYS[name]}
        text = {"text": "\r"} if name == "Enter" else {}
        for kind, more in (("keyDown", text), ("keyUp", {})):
            self.chromium._websocket_request(
                "Input.dispatchKeyEvent", params={"type": kind, **values, **more}
            )
        time.sleep(0.3)  # the web client moves the focus after the next drawing

    def wait_until(self, condition, what):
        """Wait until a JavaScript expression is true."""
        self._wait(condition, what)

    def _wait(self, condition, what):
        deadline = time.monotonic() + PATIENCE
        while not self._evaluate(condition):
            if time.monotonic() > deadline:
                self.case.fail(f"{what} did not appear on {self.address}: {self.text}")
            time.sleep(0.1)

    def _evaluate(self, script):
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                answer = self.chromium._websocket_request(
                    "Runtime.evaluate",
                    params={"expression": script, "returnByValue": True, "userGesture": True},
                )
            except ChromeBrowserException as error:
                gone = any(text in str(error) for text in IN_BETWEEN)
                if not gone or time.monotonic() > deadline:
                    raise
                time.sleep(0.1)
                continue
            if "exceptionDetails" in answer:
                details = answer["exceptionDetails"]
                self.case.fail(details.get("exception", {}).get("description") or details["text"])
            return answer["result"].get("value")
