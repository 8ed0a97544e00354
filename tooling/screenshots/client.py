"""A person at the web client, in a page of Chromium."""

import json
from typing import Any

from tooling.screenshots.page import ChromiumPage


class Odoo:
    """A signed-in web client in a page."""

    def __init__(self, page: ChromiumPage, url: str) -> None:
        self.page, self.url = page, url.rstrip("/")

    def sign_in(self, login: str, password: str) -> None:
        """Through the form everybody uses."""
        self.page.open(f"{self.url}/web/login")
        self.page.wait_for("form.oe_login_form input[name=password]")
        self.page.evaluate(
            f"""(() => {{
                const form = document.querySelector("form.oe_login_form");
                form.elements.login.value = {json.dumps(login)};
                form.elements.password.value = {json.dumps(password)};
                form.submit();
            }})()"""
        )
        self.page.wait_for(".o_web_client .o_navbar", 90)

    def call(self, model: str, method: str, *arguments: Any, **keywords: Any) -> Any:
        """Call a public method of a model as the signed-in user."""
        body = {
            "jsonrpc": "2.0",
            "method": "call",
            "params": {"model": model, "method": method, "args": arguments, "kwargs": keywords},
        }
        answer = self.page.evaluate(
            f"""fetch("/web/dataset/call_kw", {{method: "POST",
                headers: {{"Content-Type": "application/json"}},
                body: {json.dumps(json.dumps(body))}}}).then(answer => answer.json())"""
        )
        if "error" in answer:
            raise RuntimeError(f"{model}.{method}: {answer['error']['data']['message']}")
        return answer["result"]

    def speak(self, language: str) -> None:
        """Use an installed language for the signed-in user."""
        session = self.page.evaluate(
            "fetch('/web/session/get_session_info', {method: 'POST', headers: {'Content-Type':"
            " 'application/json'}, body: '{}'}).then(answer => answer.json())"
        )
        self.call("res.users", "write", [session["result"]["uid"]], {"lang": language})

    def first(self, model: str, domain: list, path: str, order: str = "id desc") -> str | None:
        """The path of a form of the first record found."""
        found = self.call(model, "search", domain, limit=1, order=order)
        return f"{path}/{found[0]}" if found else None
