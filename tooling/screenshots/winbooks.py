"""The screens of entries that WinBooks imports: its lists, its settings, its batches."""

import time

from tooling.screenshots.client import Odoo
from tooling.screenshots.screens import FORM, LIST, MODEL, SET_UP, Gallery, Shot

DIALOGUE = ".modal:not(.o_inactive_modal)"
# So that few of the demo's documents go.
START = "2026-06-01"


def walk_set_up(odoo: Odoo, gallery: Gallery, sandbox: str) -> None:
    """The journals are pasted once more, with a picture; then up to the last step. The connection
    is not started."""
    from tooling.packages.winbooks import PACKAGE

    rows = PACKAGE.sign_in(sandbox).typed["journal"]

    [connection] = odoo.call(MODEL, "search", [["package", "=", PACKAGE.name]])
    form = f"{SET_UP}/{connection}"
    odoo.call(MODEL, "change_step", [connection, "journals"])
    page = odoo.page
    page.open(odoo.url + form)
    page.wait_for("[name='step_journals'] [name='action_type_master_data']")
    page.click("[name='step_journals'] [name='action_type_master_data']")
    page.wait_for(f"{DIALOGUE} [name='text'] textarea")
    page.write(f"{DIALOGUE} [name='text'] textarea", rows)
    page.click(f"{DIALOGUE} .modal-title")
    time.sleep(1.5)
    gallery.keep(page, "winbooks-paste")
    odoo.call(MODEL, "change_step", [connection, "hand_over"])
    odoo.call(MODEL, "write", connection, {"batch_closes": "manual"})
    odoo.call(MODEL, "action_next_step", connection)
    odoo.call(MODEL, "write", connection, {"start_date": START})
    odoo.call(MODEL, "action_next_step", connection)
    gallery.take(odoo, Shot("winbooks-last-step", form, FORM))


def take_running(odoo: Odoo, gallery: Gallery) -> None:
    """The batches, and the tab of the connection."""
    [connection] = odoo.call(MODEL, "search", [["package", "=", "winbooks"]])
    tab = "document.querySelector(\".nav-link[name='winbooks']\").click()"
    gallery.take(odoo, Shot("winbooks-past-exports", "/odoo/past-exports", LIST))
    gallery.take(odoo, Shot("winbooks-settings", f"{SET_UP}/{connection}", FORM, (tab,)))
