"""A client of the Exact Online sandbox as a third party would write it: requests and forms."""

from __future__ import annotations

import re
import urllib.parse
from html.parser import HTMLParser
from typing import Any

import requests

from sandbox.exact.identity import CLIENT_ID, CLIENT_SECRET, PASSWORD, USER

DIVISION = 500001
REDIRECT = "http://127.0.0.1:8069/exact/callback"
TIMEOUT = 20


class Form(HTMLParser):
    """The form of a page: its address, its fields as a browser fills them, buttons and labels."""

    def __init__(self, text: str):
        super().__init__()
        self.action = ""
        self.fields: list[tuple[str, str]] = []
        self.buttons: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list) -> None:
        """Note what a form sends."""
        found = dict(attributes)
        if tag == "form":
            self.action = found["action"]
        elif tag == "button":
            self.buttons.append(found["value"])
        elif tag == "input" and (found.get("type") != "checkbox" or "checked" in found):
            self.fields.append((found["name"], found.get("value", "")))


class Browser:
    """Walks through the pages of the sign-in; does not follow redirects."""

    def __init__(self, root: str):
        self.root = root
        self.session = requests.Session()

    def address(self, **values: str) -> str:
        """Where an app sends the browser."""
        asked = {
            "client_id": CLIENT_ID,
            "redirect_uri": REDIRECT,
            "response_type": "code",
            "state": "of/my+own&=",
            **values,
        }
        return f"{self.root}/api/oauth2/auth?{urllib.parse.urlencode(asked)}"

    def get(self, address: str) -> requests.Response:
        """A page."""
        return self.session.get(address, allow_redirects=False, timeout=TIMEOUT)

    def send(self, page: requests.Response, action: str, **values: Any) -> requests.Response:
        """Press a button of a page's form; ``values`` replace fields, a list several."""
        form = Form(page.text)
        assert action in form.buttons, page.text
        fields = [(name, value) for name, value in form.fields if name not in values]
        for name, value in values.items():
            fields += [(name, one) for one in (value if isinstance(value, list) else [value])]
        return self.session.post(
            urllib.parse.urljoin(self.root, form.action),
            data=[*fields, ("action", action)],
            allow_redirects=False,
            timeout=TIMEOUT,
        )

    def log_in(self, user: str = USER, password: str = PASSWORD, **asked: str) -> requests.Response:
        """From the app's address over the login form to the consent form."""
        page = self.send(self.get(self.address(**asked)), "login", user=user, password=password)
        if page.status_code != 303:
            return page
        return self.get(urllib.parse.urljoin(self.root, page.headers["Location"]))

    def code(self, user: str = USER, **values: Any) -> str:
        """Log in and allow; gives the authorization code."""
        return returned(self.send(self.log_in(user, force_login="1"), "allow", **values))["code"]


def returned(answer: requests.Response) -> dict[str, str]:
    """What a redirect to the app carries, decoded once."""
    assert answer.status_code == 302, answer.text
    address, _, query = answer.headers["Location"].partition("?")
    assert address == REDIRECT
    return dict(urllib.parse.parse_qsl(query, keep_blank_values=True))


class Client:
    """A signed-in app."""

    def __init__(self, server: Any, user: str = USER, **values: Any):
        self.root = server.root
        self.division = DIVISION
        self.browser = Browser(server.root)
        self.tokens = self.exchange(self.browser.code(user, **values)).json()

    def token(self, **form: str) -> requests.Response:
        """Post a form to the token endpoint."""
        return requests.post(
            f"{self.root}/api/oauth2/token",
            timeout=TIMEOUT,
            data={"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, **form},
        )

    def exchange(self, code: str) -> requests.Response:
        """A code for tokens."""
        return self.token(grant_type="authorization_code", code=code, redirect_uri=REDIRECT)

    def refresh(self) -> requests.Response:
        """Refresh; keeps the new tokens when there are some."""
        answer = self.token(grant_type="refresh_token", refresh_token=self.tokens["refresh_token"])
        if answer.status_code == 200:
            self.tokens = answer.json()
        return answer

    def call(
        self,
        method: str,
        path: str,
        division: int | None = None,
        json: Any = None,
        accept: str = "application/json",
        **query: Any,
    ) -> requests.Response:
        """A call below the division; ``path`` from ``/`` on stands below the site."""
        if not path.startswith("/"):
            path = f"/api/v1/{division or self.division}/{path}"
        query = {re.sub("^_", "$", name): value for name, value in query.items()}
        return requests.request(
            method,
            self.root + path,
            params=query or None,
            json=json,
            timeout=TIMEOUT,
            headers={"Authorization": f"Bearer {self.tokens['access_token']}", "Accept": accept},
        )

    def get(self, path: str, **more: Any) -> Any:
        """``d`` of a reading that must succeed, as a list of rows where there are several."""
        answer = self.call("GET", path, **more)
        assert answer.status_code == 200, answer.text
        content = answer.json()["d"]
        return content.get("results", content) if isinstance(content, dict) else content

    def post(self, path: str, json: Any, **more: Any) -> Any:
        """``d`` of a creation that must succeed."""
        answer = self.call("POST", path, json=json, **more)
        assert answer.status_code == 201, answer.text
        return answer.json()["d"]

    def control(self, method: str, path: str, json: Any = None) -> requests.Response:
        """The control endpoint."""
        return requests.request(
            method, f"{self.root}/sandbox/control{path}", json=json, timeout=TIMEOUT
        )

    def ordered(self, path: str, **values: Any) -> Any:
        """What the control endpoint gives for a body that must be right."""
        answer = self.control("POST", path, values)
        assert answer.status_code == 200, answer.text
        return answer.json()


class Integrator(Client):
    """What an integration knows after reading master data: guids of ledger accounts by code."""

    def __init__(self, server, division=DIVISION):
        super().__init__(server)
        self.division = division
        self.ledger = {
            row["Code"]: row["ID"]
            for row in self.every("financial/GLAccounts", **{"$select": "ID,Code"})
        }

    def every(self, path, **query):
        """The rows of all pages."""
        answer = self.call("GET", path, **query).json()["d"]
        rows = list(answer["results"])
        while "__next" in answer:
            answer = self.call("GET", answer["__next"].removeprefix(self.root)).json()["d"]
            rows += answer["results"]
        return rows

    def customer(self, **values):
        return self.post("crm/Accounts", {"Name": "Klant NV", "Status": "C", **values})["ID"]

    def supplier(self, **values):
        return self.post(
            "crm/Accounts", {"Name": "Leverancier BV", "Status": "A", "IsSupplier": True, **values}
        )["ID"]

    def line(self, account, amount, code, **values):
        return {"GLAccount": self.ledger[account], "AmountFC": amount, "VATCode": code, **values}

    def sale(self, customer, *lines, **values):
        return self.post(
            "salesentry/SalesEntries",
            {
                "Customer": customer,
                "Journal": "70",
                "EntryDate": "2026-03-05",
                "YourRef": "INV/1",
                "Description": "Stoelen",
                "SalesEntryLines": list(lines),
                **values,
            },
        )

    def purchase(self, supplier, *lines, **values):
        return self.post(
            "purchaseentry/PurchaseEntries",
            {
                "Supplier": supplier,
                "Journal": "60",
                "EntryDate": "2026-03-07",
                "YourRef": "F-77",
                "PurchaseEntryLines": list(lines),
                **values,
            },
        )
