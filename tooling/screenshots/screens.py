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


def walk_set_up(odoo: Odoo, sandbox: str, gallery: Gallery) -> None:
    """Sign in to Octopus's sandbox and take a picture of each step, its proposals confirmed after
    it, up to the summary. Raises RuntimeError with the form's own sentence when a step cannot be
    left."""
    from tooling.demo.connect import START
    from tooling.packages.octopus import PACKAGE

    sign_in = PACKAGE.sign_in(sandbox)
    model = "accountable.connection"
    office = odoo.call(
        "accountable.sign.in",
        "create",
        [{"name": "Our office", "package": sign_in.package, **sign_in.values}],
    )
    odoo.call("accountable.sign.in", "set_secrets", office, sign_in.secrets)
    connection = odoo.call(model, "create", [{"sign_in_id": office[0]}])
    gallery.take(odoo, Shot("sign-in", f"{SIGN_IN}/{office[0]}", FORM))
    odoo.call(model, "action_test_sign_in", connection)
    for number, step in enumerate(STEPS, 1):
        if step == "journals":
            chosen = odoo.call(
                "accountable.administration", "search", [["key", "=", sign_in.administration]]
            )
            odoo.call(model, "write", connection, {"administration_id": chosen[0]})
        state = _go_to(odoo, connection[0], step)
        if state["step"] != step:
            raise RuntimeError(f"{step}: {state['problem']}")
        if step == "start":
            odoo.call(model, "write", connection, {"start_date": START})
        gallery.take(
            odoo,
            Shot(f"set-up-{number}-{step.replace('_', '-')}", f"{SET_UP}/{connection[0]}", FORM),
        )
        if state["ready_count"]:
            odoo.call(model, "action_confirm_mappings", connection)


def _go_to(odoo: Odoo, connection: int, step: str) -> dict:
    """Continue to a step, or go back to it where it was skipped; what the connection says then."""
    model, read = "accountable.connection", ["step", "problem", "ready_count"]
    [state] = odoo.call(model, "read", [connection], read)
    if STEPS.index(state["step"]) < STEPS.index(step):
        odoo.call(model, "action_next_step", [connection])
        [state] = odoo.call(model, "read", [connection], read)
    if STEPS.index(state["step"]) > STEPS.index(step):
        odoo.call(model, "change_step", [connection, step])
        [state] = odoo.call(model, "read", [connection], read)
    return state
