"""What is to be seen of documents that are handed over: batches in their states.

Run inside Odoo (``run_script``), with ``{"task": …, "url": the sandbox's root, "language": code}``.
"""

from tooling.demo import company
from tooling.demo.partners import MANAGER
from tooling.packages.ubl import PACKAGE
from tooling.screenshots.by_mail import BY_MAIL
from tooling.screenshots.scene import Scene, build_company

DEMO = {"package": PACKAGE.name}
WORDS = "The customer number is not known"
NO_MAILBOX = "550 5.1.1 <uid4711-SI@octopus.example>: mailbox unavailable"
MAIL = {
    "channel": "mail",
    "state": "done",
    "message_id": "<batch-3@vandersmissen.example>",
    "sent_from": "boekhouding@vandersmissen.example",
    "sent_to": "uid4711-SI@octopus.example",
}


def main(env, arguments):
    """Do the task that ``arguments["task"]`` names; ``{state: number of jobs}``."""
    {"build": build, "start": start}[arguments["task"]](env, arguments)
    return dict(env["accountable.job"]._read_group([], ["state"], ["__count"]))


def build(env, arguments):
    """The demo company of UBL, with papers of its bills."""
    build_company(env, DEMO, arguments["language"])


def start(env, arguments):
    """The start; batches: one that was confirmed, one that was handed over, of which a document was
    refused, one that came back by e-mail, and those that are open."""
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
    scene.connection.write(BY_MAIL)
    scene.post("out_invoice", customer, 640)
    scene.work()
    come_back(scene)
    for price in (310, 75):
        scene.post("out_invoice", customer, price)
    scene.work()


def come_back(scene):
    """Close the open batch; it went by e-mail, and came back."""
    batch = close(scene)
    one = scene.env["accountable.hand.over"].create({"batch_id": batch.id, **MAIL})
    batch._go("handed_over")
    one._bounced(one.message_id, NO_MAILBOX)


def close(scene):
    """The open batch, closed."""
    batch = scene.env["accountable.batch"].search(
        [("connection_id", "=", scene.connection.id), ("state", "=", "open")]
    )
    batch.action_close()
    return batch


def hand_over(scene):
    """Close the open batch; a person downloaded it."""
    batch = close(scene)
    values = {"batch_id": batch.id, "channel": "download", "user_id": scene.env.uid}
    scene.env["accountable.hand.over"].create(values)._downloaded([f"{batch.name}.zip"])
    return batch
