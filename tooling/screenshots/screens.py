"""Which screens are shown, and how each is reached."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tooling.console import say
from tooling.screenshots.client import Odoo
from tooling.screenshots.page import ChromiumPage

LIST = ".o_list_view .o_data_row, .o_kanban_view .o_kanban_record, .o_view_nocontent"
FORM = ".o_form_view .o_form_sheet"


@dataclass(frozen=True)
class Shot:
    """One screen: where it is (a path, or what finds it), what shows that it is there, and what is
    done before the picture is taken (JavaScript expressions)."""

    name: str
    path: str | Callable[[Odoo], str | None]
    ready: str = LIST
    before: tuple[str, ...] = ()


def _job(*domain: Any) -> Callable[[Odoo], str | None]:
    return lambda odoo: odoo.first("accountable.job", list(domain), "/odoo/synchronisation-queue")


def _invoice(state: str) -> Callable[[Odoo], str | None]:
    return lambda odoo: odoo.first(
        "account.move",
        [["accountable_state", "=", state], ["move_type", "=", "out_invoice"]],
        "/odoo/action-account.action_move_out_invoice",
    )


OPEN_SEARCH = "document.querySelector('.o_searchview_dropdown_toggler')?.click()"
SELECT_ALL = "document.querySelector('.o_list_view thead input')?.click()"
OPEN_ACTIONS = (
    "[...document.querySelectorAll('.o_cp_action_menus .dropdown-toggle')].at(-1)?.click()"
)

DECIDED = ["duplicate", "decision"]
SHOTS = (
    Shot("queue", "/odoo/synchronisation-queue"),
    Shot("queue-kanban", "/odoo/synchronisation-queue?view_type=kanban"),
    Shot("queue-selection", "/odoo/synchronisation-queue", before=(SELECT_ALL,)),
    Shot("queue-failed", _job(["state", "=", "failed"], ["error_kind", "not in", DECIDED]), FORM),
    Shot("queue-decide", _job(["state", "=", "failed"], ["error_kind", "in", DECIDED]), FORM),
    Shot("history", "/odoo/synchronisation-history"),
    Shot("invoices", "/odoo/action-account.action_move_out_invoice"),
    Shot("invoices-filters", "/odoo/action-account.action_move_out_invoice", before=(OPEN_SEARCH,)),
    Shot(
        "invoices-actions",
        "/odoo/action-account.action_move_out_invoice",
        before=(SELECT_ALL, OPEN_ACTIONS),
    ),
    Shot("bills", "/odoo/action-account.action_move_in_invoice"),
    Shot("invoice-exported", _invoice("exported"), FORM),
    Shot("invoice-error", _invoice("error"), FORM),
    Shot(
        "customer",
        lambda odoo: odoo.first(
            "res.partner",
            [["accountable_state", "=", "exported"], ["is_company", "=", True]],
            "/odoo/action-account.res_partner_action_customer",
        ),
        FORM,
    ),
    Shot(
        "connection",
        lambda odoo: odoo.first(
            "accountable.connection",
            [],
            "/odoo/action-accountable_connect.accountable_connection_action",
        ),
        FORM,
    ),
    Shot("connections", "/odoo/action-accountable_connect.accountable_connection_action"),
    Shot(
        "mappings",
        "/odoo/action-accountable_connect.accountable_mapping_action",
        ".o_list_view .o_group_header, .o_list_view .o_data_row",
    ),
    Shot(
        "master-data",
        "/odoo/action-accountable_connect.accountable_master_data_action",
        ".o_list_view .o_group_header, .o_list_view .o_data_row",
    ),
)


SET_UP = "/odoo/action-accountable_connect.accountable_connection_action"
SIGN_IN = "/odoo/action-accountable_connect.accountable_sign_in_action"
MODEL = "accountable.connection"
DIALOGUE = ".modal"
ENTRIES = ".o_accountable_entries article"
FIRST = ".o_accountable_send_first"
UNDER_WAY, BOOKED = ".o_accountable_under_way", ".o_accountable_booked"
# Below the bar with the steps, which stays while the rest is scrolled.
SHOW_ENTRIES = (
    f"(entry => {{ entry.style.scrollMarginTop = '9rem'; entry.scrollIntoView() }})"
    f"(document.querySelector({ENTRIES!r}))"
)
STEPS = (
    "checklist",
    "administration",
    "journals",
    "vat_codes",
    "ledger_accounts",
    "contacts",
    "start",
    "summary",
)


class Gallery:
    """The pictures of one run: ``names`` of those that are wanted, None for all. ``problems`` are
    sentences about what did not appear."""

    def __init__(self, folder: Path, names: set[str] | None = None) -> None:
        self.folder, self.names = folder, names
        self.problems: list[str] = []

    def take(self, odoo: Odoo, shot: Shot) -> None:
        """Store one screen; one that fails does not keep the others from being taken."""
        if not self.wants(shot.name):
            return
        try:
            path = shot.path if isinstance(shot.path, str) else shot.path(odoo)
            if path is None:
                self.problems.append(f"{shot.name}: the database holds nothing to show")
                return
            self._show(odoo, shot, path)
        except (TimeoutError, RuntimeError) as error:
            self.problems.append(f"{shot.name}: {error}")
            return
        self.keep(odoo.page, shot.name)

    def wants(self, name: str) -> bool:
        """Whether a picture of this name is asked for."""
        return self.names is None or name in self.names

    def keep(self, page: ChromiumPage, name: str) -> None:
        """Store what the page shows now."""
        if not self.wants(name):
            return
        file = self.folder / f"{name}.png"
        page.screenshot(file)
        say(f"  {name}: {file.stat().st_size // 1024} kB")

    def _show(self, odoo: Odoo, shot: Shot, path: str) -> None:
        # The address that is open already would not be loaded anew.
        odoo.page.open("about:blank")
        odoo.page.open(odoo.url + path)
        odoo.page.wait_for(shot.ready)
        time.sleep(1.5)  # the web client shows what it remembers first, then what it reads
        for script in shot.before:
            odoo.page.evaluate(script)
            time.sleep(0.8)  # menus open with a transition

    def note_errors(self, page: ChromiumPage) -> None:
        """Uncaught errors of the page's JavaScript are problems too."""
        self.problems += [f"JavaScript: {error}" for error in page.errors]


def walk_set_up(odoo: Odoo, gallery: Gallery) -> None:
    """Connect with Octopus's sandbox as a new user does, and take a picture of the first step, of
    each other one with its proposals, and of the last one. Raises RuntimeError with the form's own
    sentence when a step cannot be left."""
    from tooling.demo.connect import START
    from tooling.packages.octopus import PACKAGE

    connection = _connect(odoo, gallery)
    form = f"{SET_UP}/{connection}"
    _walk_on(odoo, connection, PACKAGE.administration, confirm=False)
    odoo.call(MODEL, "write", connection, {"start_date": START})
    sign_in = odoo.call(MODEL, "read", connection, ["sign_in_id"])[0]["sign_in_id"][0]
    gallery.take(odoo, Shot("sign-in", f"{SIGN_IN}/{sign_in}", FORM))
    # from the last step backwards: Change leads to what lies before
    for number, step in reversed(list(enumerate(STEPS, 1))):
        if step != STEPS[-1]:
            odoo.call(MODEL, "change_step", [connection, step])
        gallery.take(odoo, Shot(f"set-up-{number}-{step.replace('_', '-')}", form, FORM))
    _walk_on(odoo, connection, PACKAGE.administration, confirm=True)
    gallery.take(odoo, Shot("last-step", form, FIRST, before=(SHOW_ENTRIES,)))
    odoo.page.open(odoo.url + form)
    odoo.page.wait_for(FIRST)
    odoo.page.click(FIRST)
    odoo.page.wait_for(UNDER_WAY)


def take_first_booked(odoo: Odoo, gallery: Gallery) -> None:
    """The last step again, once the first document is booked."""
    path = odoo.first(MODEL, [], SET_UP)
    gallery.take(odoo, Shot("first-booked", path, BOOKED, before=(SHOW_ENTRIES,)))


def open_first_step(odoo: Odoo, package: str) -> None:
    """*Connect with …*, over the invoices; as the menu does, whose words depend on the language."""
    odoo.page.open(f"{odoo.url}/odoo/customer-invoices")
    odoo.page.wait_for(LIST)
    action = f"accountable_connect_{package}.accountable_connect_action"
    odoo.page.evaluate(f"odoo.__WOWL_DEBUG__.root.env.services.action.doAction('{action}')")
    odoo.page.wait_for(f"{DIALOGUE} .o_field_widget")
    time.sleep(1)


def _connect(odoo: Odoo, gallery: Gallery) -> int:
    """The first step, filled in for the sandbox; the id of the connection that it makes."""
    page = odoo.page
    open_first_step(odoo, "octopus")
    page.write(f"{DIALOGUE} [name='octopus_user'] input", "U12345678")
    time.sleep(1)
    gallery.keep(page, "connect")
    page.click(f"{DIALOGUE} [name='action_try_sandbox']")
    page.wait_for(f"{DIALOGUE} .alert-info")
    gallery.keep(page, "connect-sandbox")
    page.click(f"{DIALOGUE} [name='action_continue']")
    page.wait_for(f"{FORM} [name='step_summary'], .o_form_view [name='action_next_step']", 60)
    return odoo.call(MODEL, "search", [], limit=1)[0]


def _walk_on(odoo: Odoo, connection: int, administration: str, confirm: bool) -> None:
    """*Continue* up to the summary; ``confirm`` confirms the proposals on the way."""
    for _step in STEPS:
        [state] = odoo.call(MODEL, "read", connection, ["step", "problem"])
        if state["step"] == STEPS[-1]:
            return
        if state["step"] == "administration":
            chosen = odoo.call(
                "accountable.administration", "search", [["key", "=", administration]]
            )
            odoo.call(MODEL, "write", connection, {"administration_id": chosen[0]})
        if confirm and state["step"] in ("journals", "vat_codes", "ledger_accounts"):
            odoo.call(MODEL, "action_confirm_mappings", connection)
        odoo.call(MODEL, "action_next_step", connection)
    [state] = odoo.call(MODEL, "read", connection, ["step", "problem"])
    raise RuntimeError(f"{state['step']}: {state['problem']}")
