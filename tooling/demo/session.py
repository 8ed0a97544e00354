"""A person's session in Odoo's web client, over HTTP: with that person's rights and no others."""

import requests

TIMEOUT = 120


class OdooRefused(Exception):
    """Odoo answered a call with an error; the text is what a person would read."""


class Session:
    """Signed in as one user of one database; ``company`` is the only one chosen at the top of the
    screen, the user's own without it."""

    def __init__(
        self, url: str, database: str, login: str, password: str, company: int | None = None
    ):
        self.url = url
        self.http = requests.Session()
        self.http.trust_env = False  # no proxy between a machine and itself
        user = self._post(
            "/web/session/authenticate", {"db": database, "login": login, "password": password}
        )
        self.user_id = user["uid"]
        if not self.user_id:
            raise OdooRefused(f"{login} cannot sign in")
        self.context = {
            **user["user_context"],
            "allowed_company_ids": [company or user["user_companies"]["current_company"]],
        }

    def call(self, model: str, method: str, *arguments, **options):
        """Call a method as the web client does."""
        options.setdefault("context", self.context)
        return self._post(
            "/web/dataset/call_kw",
            {"model": model, "method": method, "args": list(arguments), "kwargs": options},
        )

    def read(self, model: str, domain: list, names: list[str], **options) -> list[dict]:
        """Records with some of their fields."""
        return self.call(model, "search_read", domain, names, **options)

    def count(self, model: str, domain: list) -> int:
        """How many records the user sees."""
        return self.call(model, "search_count", domain)

    def _post(self, path: str, parameters: dict):
        answer = self.http.post(
            self.url + path,
            timeout=TIMEOUT,
            json={"jsonrpc": "2.0", "method": "call", "params": parameters},
        )
        answer.raise_for_status()
        body = answer.json()
        if "error" in body:
            error = body["error"]
            raise OdooRefused(error.get("data", {}).get("message") or error["message"])
        return body["result"]
