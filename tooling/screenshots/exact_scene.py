"""What is to be seen of Exact Online: the demo company, connected, then stopped by a limit.

Run inside Odoo (``run_script``), with ``{"task": …, "url": the sandbox's root, "language": code}``.
"""

from datetime import date

from sandbox.exact.identity import CLIENT_ID, CLIENT_SECRET
from tooling.demo import inside
from tooling.packages.control import Control
from tooling.packages.exact import PACKAGE
from tooling.screenshots.scene import Scene, build_company

DEMO = {"package": PACKAGE.name}


def main(env, arguments):
    """Do the task that ``arguments["task"]`` names; ``{state: number of jobs}``."""
    {"build": build, "start": start, "limit": limit}[arguments["task"]](env, arguments)
    return dict(env["accountable.job"]._read_group([], ["state"], ["__count"]))


def build(env, arguments):
    """The demo company, which an administrator of Odoo sees too, who entered the app."""
    build_company(env, DEMO, arguments["language"])
    settings = env["res.config.settings"].with_user(env.ref("base.user_admin"))
    app = {"exact_app_client_id_entry": CLIENT_ID, "exact_app_client_secret_entry": CLIENT_SECRET}
    settings.create(app).execute()


def start(env, arguments):
    """The initial synchronisation and the start; what is due travels."""
    PACKAGE.lift_limits(Control(arguments["url"]))
    inside.start(env, {**DEMO, "url": arguments["url"]})
    _scene(env, arguments).work()


def limit(env, arguments):
    """Exact's day is used up while invoices of today wait."""
    scene = _scene(env, arguments)
    customer = scene.partner_of("out_invoice")
    for price in (1250, 480, 95):
        scene.post("out_invoice", customer, price, day=date.today().isoformat())
    scene.tell("switches", rate_limits=True, calls_per_day=1, calls_per_minute=60)
    scene.work()


def _scene(env, arguments):
    return Scene(env, arguments["url"], PACKAGE)
