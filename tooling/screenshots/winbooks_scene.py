"""What is to be seen of entries that WinBooks imports: lists that were pasted, batches.

Run inside Odoo (``run_script``), with ``{"task": …, "url": the sandbox's root, "language": code}``.
"""

from tooling.demo import company, inside
from tooling.demo.partners import MANAGER
from tooling.packages.winbooks import PACKAGE
from tooling.screenshots.scene import Scene, build_company
from tooling.screenshots.ubl_scene import hand_over

DEMO = {"package": PACKAGE.name}
WORDS = "LOCKPER"


def main(env, arguments):
    """Do the task that ``arguments["task"]`` names; ``{state: number of jobs}``."""
    {"build": build, "start": start}[arguments["task"]](env, arguments)
    return dict(env["accountable.job"]._read_group([], ["state"], ["__count"]))


def build(env, arguments):
    """The demo company of WinBooks; the lists of its accountant are pasted and mapped."""
    build_company(env, DEMO, arguments["language"])
    inside.map_(env, {**DEMO, "url": arguments["url"]})


def start(env, arguments):
    """The start; a batch that was confirmed, one of which a document was refused, and the open
    one."""
    demo = company.DemoCompany(env, PACKAGE.name)
    scene = Scene(env, arguments["url"], PACKAGE)
    scene.connection.with_user(demo.user(MANAGER)).action_start()
    scene.work()
    hand_over(scene)._confirm()
    customer = scene.partner_of("out_invoice")
    for price in (1250, 480, 95):
        scene.post("out_invoice", customer, price)
    scene.work()
    hand_over(scene).item_ids[-1:]._refuse(WORDS)
    for price in (310, 75):
        scene.post("out_invoice", customer, price)
    scene.work()
