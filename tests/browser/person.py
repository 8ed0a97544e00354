"""Somebody at a screen of a certain width who has a mouse and a keyboard, and nothing else: each
click and each Enter is a real one, and the page counts them."""

import json

from tests.browser.walk import Walk

# What the page counts: what a person did, not what a script did. Enter on a button makes a click
# too, of which the mouse knows nothing.
COUNTING = """
(() => {
    const note = (what) => {
        const done = JSON.parse(sessionStorage.getItem("done_by_hand") || "[]");
        sessionStorage.setItem("done_by_hand", JSON.stringify([...done, what]));
    };
    addEventListener("click", (event) => {
        if (event.isTrusted && event.detail) {
            note("click " + event.target.closest("button, a, input, [role]")?.textContent.trim());
        }
    }, true);
    addEventListener("keydown", (event) => {
        if (event.isTrusted && event.key === "Enter") {
            note("Enter");
        }
    }, true);
})();
"""
# The visible element that a CSS selector finds, with a text in it, in the middle of the window if
# it was not in it; null as long as there is none.
FIND = """
(() => {
    const found = [...document.querySelectorAll(%(selector)s)].filter(
        (element) => element.checkVisibility({ visibilityProperty: true })
            && element.textContent.includes(%(text)s)
    )[0];
    if (!found) {
        return null;
    }
    const inside = (box) => box.left >= 0 && box.top >= 0
        && box.right <= innerWidth && box.bottom <= innerHeight;
    if (!inside(found.getBoundingClientRect())) {
        found.scrollIntoView({ block: "center" });
    }
    const box = found.getBoundingClientRect();
    const line = found.getClientRects()[0]; // a link may go over two lines
    const [x, y] = [line.left + line.width / 2, line.top + line.height / 2];
    const top = document.elementFromPoint(x, y);
    found.focus({ preventScroll: true });
    return {
        x, y,
        wide: box.left >= 0 && box.right <= innerWidth,
        free: found.contains(top) || Boolean(top?.contains(found)),
        enabled: !found.matches(":disabled"),
        focus: found.contains(document.activeElement),
        text: found.innerText || found.value || "",
    };
})()
"""
KEYS = {"Enter": (13, "\r"), "Tab": (9, "")}


class Person(Walk):
    """A walk whose clicks and keys are those of a person."""

    width, height = 1280, 800

    def __init__(self, case, chromium):
        super().__init__(case, chromium)
        self.typed = 0  # fields that were typed in
        self._ask("Page.addScriptToEvaluateOnNewDocument", source=COUNTING)
        self._ask(
            "Emulation.setDeviceMetricsOverride",
            width=self.width,
            height=self.height,
            deviceScaleFactor=1,
            mobile=False,
        )

    def _ask(self, method, **params):
        return self.chromium._websocket_request(method, params=params)

    @property
    def done(self):
        """What was clicked, and each Enter, in their order."""
        return json.loads(self._evaluate("sessionStorage.getItem('done_by_hand') || '[]'"))

    def look_at(self, selector, text=""):
        """Wait until an element with this text can be seen whole in the width of the window, and
        nothing lies over it."""
        find = FIND % {"selector": json.dumps(selector), "text": json.dumps(text)}
        self._wait(f"{find}?.free", f"{selector} {text}".strip())
        found = self._evaluate(find)
        self.case.assertTrue(found["wide"], f"{selector} is wider than the window")
        return found

    def click(self, selector, text=""):
        """Press a button, a link or a field with the mouse; the keyboard reaches it too."""
        self._wait_enabled(selector, text)
        found = self.look_at(selector, text)
        self.case.assertTrue(found["focus"], f"the keyboard does not reach {selector} {text}")
        for event in ("mouseMoved", "mousePressed", "mouseReleased"):
            self._ask(
                "Input.dispatchMouseEvent",
                type=event,
                x=found["x"],
                y=found["y"],
                button="none" if event == "mouseMoved" else "left",
                clickCount=0 if event == "mouseMoved" else 1,
            )

    def _wait_enabled(self, selector, text):
        find = FIND % {"selector": json.dumps(selector), "text": json.dumps(text)}
        self._wait(f"{find}?.enabled", f"an enabled {selector} {text}".strip())

    def write(self, selector, text):
        """Type into a field; what it holds already is not touched."""
        self.look_at(selector)
        self.typed += 1
        self._ask("Input.insertText", text=text)

    def paste(self, selector, text):
        """Paste into a field that is empty: all of it at once, as from the clipboard."""
        self.look_at(selector)
        self.typed += 1
        field = f"document.querySelector({json.dumps(selector)})"
        self._evaluate(
            f"{field}.setRangeText({json.dumps(text)});"
            f"{field}.dispatchEvent(new InputEvent('input', {{bubbles: true}}));"
            f"{field}.dispatchEvent(new Event('change', {{bubbles: true}}))"
        )

    def give_file(self, selector, file):
        """Choose a file of the disk in a field for files."""
        self.see(selector)
        root = self._ask("DOM.getDocument")["root"]["nodeId"]
        node = self._ask("DOM.querySelector", nodeId=root, selector=selector)["nodeId"]
        self._ask("DOM.setFileInputFiles", nodeId=node, files=[str(file)])

    def keep_downloads(self, folder):
        """What is downloaded from here on comes into the folder."""
        self._ask("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(folder))

    def key(self, name):
        code, text = KEYS[name]
        for event in ("keyDown", "keyUp"):
            self._ask(
                "Input.dispatchKeyEvent",
                type=event,
                key=name,
                code=name,
                windowsVirtualKeyCode=code,
                **({"text": text} if text and event == "keyDown" else {}),
            )

    def tab_to(self, selector):
        """Go on with the Tab key until the element has the focus."""
        wanted = f"document.activeElement?.matches({json.dumps(selector)})"
        for _turn in range(200):
            if self._evaluate(wanted):
                return
            self.key("Tab")
        self.case.fail(f"the Tab key does not reach {selector}")

    def check_console(self):
        """Nothing was written to the console as an error."""
        result = self.chromium._result
        self.case.assertFalse(result.done() and result.exception(), "an error in the console")


class AtPhone(Person):
    width, height = 390, 844
