"""The screens that only Exact Online has: consent in the browser, and a limit waited for."""

from tooling.screenshots.client import Odoo
from tooling.screenshots.screens import FORM, SET_UP, SIGN_IN, Gallery, Shot, open_first_step

START = "/accountable_connect_exact/start"
LOG_IN, ALLOW = "button[value='login']", "button[value='allow']"
RETURN_PAGE = "#back"

SETTINGS = Shot(
    "exact-settings",
    "/odoo/settings#account",
    ".o_accountable_block",
    before=2
    * (
        "[...document.querySelectorAll('h2')].find(title => title.textContent === 'Exact Online')"
        "?.scrollIntoView()",
    ),
)
WAITING = Shot("exact-waiting", lambda odoo: odoo.first("accountable.connection", [], SET_UP), FORM)


def walk_consent(odoo: Odoo, sandbox: str, gallery: Gallery) -> None:
    """Enter a sign-in as its form asks for it, then allow everything at the sandbox; pictures of
    the first step, of the form, of the consent, and of the page it ends on. The connection is made,
    not set up."""
    from sandbox.exact.identity import PASSWORD, USER
    from tooling.packages.exact import PACKAGE

    open_first_step(odoo, PACKAGE.name)
    gallery.keep(odoo.page, "exact-connect")
    entered = PACKAGE.sign_in(sandbox)
    office = odoo.call(
        "accountable.sign.in",
        "create",
        [{"name": "Our office", "package": entered.package, **entered.values}],
    )
    odoo.call("accountable.sign.in", "set_secrets", office, entered.secrets)
    gallery.take(odoo, Shot("exact-sign-in", f"{SIGN_IN}/{office[0]}", FORM))
    odoo.call("accountable.connection", "create", [{"sign_in_id": office[0]}])
    page = odoo.page
    page.open(f"{odoo.url}{START}/{office[0]}")
    page.wait_for(LOG_IN)
    gallery.keep(page, "exact-log-in")
    for name, text in (("user", USER), ("password", PASSWORD)):
        page.fill(f"input[name='{name}']", text)
    page.click(LOG_IN)
    page.wait_for(ALLOW)
    gallery.keep(page, "exact-consent")
    page.click(ALLOW)
    page.wait_for(RETURN_PAGE)
    gallery.keep(page, "exact-return")
    gallery.take(odoo, Shot("exact-signed-in", f"{SIGN_IN}/{office[0]}", FORM))
