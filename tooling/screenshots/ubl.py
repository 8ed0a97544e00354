"""The screens of documents that are handed over: the set-up, and what is to be seen afterwards."""

from tooling.screenshots.by_mail import BY_MAIL
from tooling.screenshots.client import Odoo
from tooling.screenshots.screens import (
    FORM,
    LIST,
    MODEL,
    SET_UP,
    Gallery,
    Shot,
    open_first_step,
)

PROFILES = "/odoo/action-accountable_connect_ubl.accountable_ubl_profile_action"
BATCH = "/odoo/past-exports"
SERVER = {
    "name": "Fiduciaire Lambert",
    "host": "sftp.lambert.example",
    "user": "vandersmissen",
    "password_entry": "not shown",
}
# Below the bar with the steps, which stays while the rest is scrolled.
SHOW_WAY = (
    "(field => { field.style.scrollMarginTop = '9rem'; field.scrollIntoView() })"
    "(document.querySelector(\"div[name='step_hand_over'] [name='channel']\"))"
)
# So that few of the demo's documents go.
START = "2026-06-01"


def _first(model, domain, path):
    return lambda odoo: odoo.first(model, domain, path)


SHOTS = (
    Shot("ubl-past-exports", BATCH, LIST),
    Shot("ubl-batch", _first("accountable.batch", [["state", "=", "handed_over"]], BATCH), FORM),
    Shot("ubl-mail-back", _first("accountable.batch", [["is_failed", "=", True]], BATCH), FORM),
    Shot(
        "ubl-invoice",
        _first(
            "account.move",
            [["accountable_state", "=", "handed_over"], ["move_type", "=", "out_invoice"]],
            "/odoo/action-account.action_move_out_invoice",
        ),
        FORM,
    ),
    Shot("ubl-receivers", PROFILES, LIST),
    Shot(
        "ubl-receiver",
        _first("accountable.ubl.profile", [["code", "=", "clearfacts"]], PROFILES),
        FORM,
    ),
)


def walk_set_up(odoo: Odoo, gallery: Gallery) -> None:
    """Choose a receiver as a new user does, and walk to the last step, with pictures of the first
    step, of the hand-over and of the last one. The connection is not started."""
    from tooling.packages.ubl import PACKAGE

    open_first_step(odoo, PACKAGE.name)
    gallery.keep(odoo.page, "ubl-connect")
    [receiver] = odoo.call("accountable.ubl.profile", "search", [["code", "=", PACKAGE.receiver]])
    company = odoo.call("res.company", "search", [], limit=1)[0]
    values = {"company_id": company, "package": PACKAGE.name, "ubl_profile_id": receiver}
    [dialogue] = odoo.call("accountable.connect", "create", [values])
    odoo.call("accountable.connect", "action_continue", [dialogue])
    [connection] = odoo.call(MODEL, "search", [["package", "=", PACKAGE.name]])
    form = f"{SET_UP}/{connection}"
    odoo.call(MODEL, "change_step", [connection, "hand_over"])
    odoo.call(MODEL, "write", connection, {"batch_closes": "manual", "ubl_sales_moment": "posting"})
    gallery.take(odoo, Shot("ubl-hand-over", form, FORM))
    odoo.call(MODEL, "write", connection, BY_MAIL)
    gallery.take(odoo, Shot("ubl-mail", form, FORM, before=(SHOW_WAY,)))
    [server] = odoo.call("accountable.sftp.server", "create", [{**SERVER, "company_id": company}])
    [by_sftp] = odoo.call("accountable.ubl.profile", "search", [["code", "=", "adsolut"]])
    values = {"channel": "sftp", "sftp_server_id": server, "sftp_folder": "in/vandersmissen"}
    odoo.call(MODEL, "write", connection, {**values, "ubl_profile_id": by_sftp})
    gallery.take(odoo, Shot("ubl-sftp", form, FORM, before=(SHOW_WAY,)))
    odoo.call(MODEL, "write", connection, {"channel": "download", "ubl_profile_id": receiver})
    odoo.call(MODEL, "action_next_step", connection)
    odoo.call(MODEL, "write", connection, {"start_date": START})
    odoo.call(MODEL, "action_next_step", connection)
    gallery.take(odoo, Shot("ubl-last-step", form, FORM))
