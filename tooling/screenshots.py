"""Screenshots of the real screens, in real Chromium, from a running Odoo (``./run demo`` or serve).

    .local/venv/bin/python -m tooling.screenshots --url http://127.0.0.1:8069

With ``--sandbox URL`` they are those of the initial synchronisation, which is walked through up to
its summary, in a database whose company is not connected yet. They go to ``docs/images``; another
language or width becomes the ending of each name.
Exits non-zero when a screen does not appear or its JavaScript fails.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tooling import paths
from tooling.chromium_page import ChromiumPage

LIST = ".o_list_view .o_data_row, .o_kanban_view .o_kanban_record, .o_view_nocontent"
FORM = ".o_form_view .o_form_sheet"


@dataclass(frozen=True)
class Shot:
    """One screen: where it is (a path, or what finds it), what shows that it is there, and what is
    done before the picture is taken (JavaScript expressions)."""

    name: str
    path: str | Callable[["Odoo"], str | None]
    ready: str = LIST
    before: tuple[str, ...] = ()


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
            }})()""")
        self.page.wait_for(".o_web_client .o_navbar", 90)

    def call(self, model: str, method: str, *arguments: Any, **keywords: Any) -> Any:
        """Call a public method of a model as the signed-in user."""
        body = {"jsonrpc": "2.0", "method": "call",
                "params": {"model": model, "method": method, "args": arguments,
                           "kwargs": keywords}}
        answer = self.page.evaluate(
            f"""fetch("/web/dataset/call_kw", {{method: "POST",
                headers: {{"Content-Type": "application/json"}},
                body: {json.dumps(json.dumps(body))}}}).then(answer => answer.json())""")
        if "error" in answer:
            raise RuntimeError(f"{model}.{method}: {answer['error']['data']['message']}")
        return answer["result"]

    def speak(self, language: str) -> None:
        """Install a language when needed and use it for the signed-in user."""
        if not self.call("res.lang", "search_count", [["code", "=", language]]):
            wanted = self.call("res.lang", "search", [["code", "=", language]],
                               context={"active_test": False})
            wizard = self.call("base.language.install", "create",
                               [{"lang_ids": [[6, 0, wanted]], "overwrite": False}])
            self.call("base.language.install", "lang_install", wizard)
        user = self.page.evaluate(
            "fetch('/web/session/get_session_info', {method: 'POST', headers: {'Content-Type':"
            " 'application/json'}, body: '{}'}).then(answer => answer.json())")["result"]["uid"]
        self.call("res.users", "write", [user], {"lang": language})

    def first(self, model: str, domain: list, path: str, order: str = "id desc") -> str | None:
        """The path of a form of the first record found."""
        found = self.call(model, "search", domain, limit=1, order=order)
        return f"{path}/{found[0]}" if found else None


def _job(*domain: Any) -> Callable[[Odoo], str | None]:
    return lambda odoo: odoo.first("accountable.job", list(domain), "/odoo/synchronisation-queue")


def _invoice(state: str) -> Callable[[Odoo], str | None]:
    return lambda odoo: odoo.first(
        "account.move",
        [["accountable_state", "=", state], ["move_type", "=", "out_invoice"]],
        "/odoo/action-account.action_move_out_invoice")


OPEN_SEARCH = "document.querySelector('.o_searchview_dropdown_toggler')?.click()"
SELECT_ALL = "document.querySelector('.o_list_view thead input')?.click()"
OPEN_ACTIONS = (
    "[...document.querySelectorAll('.o_cp_action_menus .dropdown-toggle')].at(-1)?.click()")

SHOTS = (
    Shot("queue", "/odoo/synchronisation-queue"),
    Shot("queue-kanban", "/odoo/synchronisation-queue?view_type=kanban"),
    Shot("queue-selection", "/odoo/synchronisation-queue", before=(SELECT_ALL,)),
    Shot("queue-failed", _job(["state", "=", "failed"], ["error_kind", "!=", "duplicate"]), FORM),
    Shot("queue-decide", _job(["state", "=", "failed"], ["error_kind", "=", "duplicate"]), FORM),
    Shot("history", "/odoo/synchronisation-history"),
    Shot("invoices", "/odoo/action-account.action_move_out_invoice"),
    Shot("invoices-filters", "/odoo/action-account.action_move_out_invoice",
         before=(OPEN_SEARCH,)),
    Shot("invoices-actions", "/odoo/action-account.action_move_out_invoice",
         before=(SELECT_ALL, OPEN_ACTIONS)),
    Shot("bills", "/odoo/action-account.action_move_in_invoice"),
    Shot("invoice-exported", _invoice("exported"), FORM),
    Shot("invoice-error", _invoice("error"), FORM),
    Shot("customer", lambda odoo: odoo.first(
        "res.partner", [["accountable_state", "=", "exported"], ["is_company", "=", True]],
        "/odoo/action-account.res_partner_action_customer"), FORM),
    Shot("connection", lambda odoo: odoo.first(
        "accountable.connection", [], "/odoo/action-accountable_connect.action_connection"), FORM),
    Shot("connections", "/odoo/action-accountable_connect.action_connection"),
    Shot("mappings", "/odoo/action-accountable_connect.action_mapping",
         ".o_list_view .o_group_header, .o_list_view .o_data_row"),
    Shot("master-data", "/odoo/action-accountable_connect.action_master_data",
         ".o_list_view .o_group_header, .o_list_view .o_data_row"),
)


SET_UP = "/odoo/action-accountable_connect.action_connection"
SIGN_IN = "/odoo/action-accountable_connect.action_sign_in"
STEPS = ("checklist", "administration", "journals", "vat_codes", "ledger_accounts", "contacts",
         "start", "summary")


def walk_set_up(odoo: Odoo, sandbox: str, folder: Path, ending: str) -> None:
    """Sign in to Octopus's sandbox and take a picture of each step, its proposals confirmed after
    it. Raises RuntimeError with the form's own sentence when a step cannot be left."""
    from tooling.demo import connect

    sign_in = connect.octopus(sandbox)
    found = odoo.call("accountable.sign.in", "search", [["package", "=", sign_in.package]])
    if not found:
        found = odoo.call("accountable.sign.in", "create", [
            {"name": "Our office", "package": sign_in.package, **sign_in.values}])
        odoo.call("accountable.sign.in", "set_secrets", found, sign_in.secrets)
    connections = odoo.call("accountable.connection", "search", []) or odoo.call(
        "accountable.connection", "create", [{"sign_in_id": found[0]}])
    connection = connections[0]
    take(odoo, Shot("sign-in", f"{SIGN_IN}/{found[0]}", FORM), folder / f"sign-in{ending}.png")
    odoo.call("accountable.connection", "action_test_sign_in", [connection])
    for step in STEPS:
        if step == "journals":
            chosen = odoo.call("accountable.administration", "search",
                               [["key", "=", sign_in.administration]])
            odoo.call("accountable.connection", "write", [connection],
                      {"administration_id": chosen[0]})
        if step != "checklist":
            odoo.call("accountable.connection", "action_next_step", [connection])
        [state] = odoo.call("accountable.connection", "read", [connection],
                            ["step", "problem", "ready_count"])
        if state["step"] != step:
            raise RuntimeError(f"{step}: {state['problem']}")
        name = f"set-up-{STEPS.index(step) + 1}-{step.replace('_', '-')}"
        # The same address again would not be loaded anew.
        odoo.page.open("about:blank")
        take(odoo, Shot(name, f"{SET_UP}/{connection}", FORM), folder / f"{name}{ending}.png")
        if state["ready_count"]:
            odoo.call("accountable.connection", "action_confirm_mappings", [connection])


def take(odoo: Odoo, shot: Shot, file: Path) -> bool:
    """Store one screen. False when the database holds nothing to show on it."""
    path = shot.path if isinstance(shot.path, str) else shot.path(odoo)
    if path is None:
        return False
    odoo.page.open(odoo.url + path)
    odoo.page.wait_for(shot.ready)
    time.sleep(1.5)  # the web client shows what it remembers first, then what it reads
    for script in shot.before:
        odoo.page.evaluate(script)
        time.sleep(0.8)  # menus open with a transition
    odoo.page.screenshot(file)
    return True


def main(arguments: list[str]) -> int:
    """Take the screenshots; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--url", required=True)
    parser.add_argument("--login", default="admin")
    parser.add_argument("--password", default="admin")
    parser.add_argument("--language", default="en_US")
    parser.add_argument("--width", type=int, default=1366)
    parser.add_argument("--height", type=int, default=768)
    parser.add_argument("--only", action="append", help="names of screens")
    parser.add_argument("--sandbox", help="walk through the set-up with this sandbox")
    parser.add_argument("--folder", type=Path, default=paths.ROOT / "docs" / "images")
    options = parser.parse_args(arguments)
    ending = ("" if options.language == "en_US" else f"-{options.language}") + (
        "" if options.width == 1366 else f"-{options.width}")
    wrong = 0
    with ChromiumPage(options.width, options.height) as page:
        odoo = Odoo(page, options.url)
        odoo.sign_in(options.login, options.password)
        odoo.speak(options.language)
        if options.sandbox:
            walk_set_up(odoo, options.sandbox, options.folder, ending)
        for shot in () if options.sandbox else SHOTS:
            if options.only and shot.name not in options.only:
                continue
            file = options.folder / f"{shot.name}{ending}.png"
            try:
                done = take(odoo, shot, file)
            except (TimeoutError, RuntimeError) as error:
                print(f"{shot.name}: {error}")
                wrong += 1
                continue
            print(f"{shot.name}: {file.stat().st_size // 1024} kB" if done
                  else f"{shot.name}: nothing to show")
        for error in page.errors:
            print(f"JavaScript: {error}")
        return 1 if wrong or page.errors else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
