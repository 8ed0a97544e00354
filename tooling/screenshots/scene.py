"""What is to be seen on the screenshots: the demo company, and what the demo lacks: documents that
wait, fail, or want a decision, each for a real reason.

Run inside Odoo (``run_script``), with ``{"task": …, "url": the sandbox's root, "language": code}``.
Odoo's crons must stand still, or they work the scene off.
"""

from odoo import Command

from sandbox.octopus.seed import SOFTWARE_HOUSE
from tooling.demo import company, inside
from tooling.demo.partners import MANAGER
from tooling.packages.control import Control
from tooling.packages.octopus import PACKAGE

DOSSIER = PACKAGE.administration
DEMO = {"package": PACKAGE.name}


def main(env, arguments):
    """Do the task that ``arguments["task"]`` names; ``{state: number of jobs}``."""
    tasks = {"build": build, "work": work, "start": start, "trouble": trouble}
    tasks[arguments["task"]](env, arguments)
    return dict(env["accountable.job"]._read_group([], ["state"], ["__count"]))


def build(env, arguments):
    """The demo company of Octopus; the administrator entered the software house id."""
    build_company(env, DEMO, arguments["language"])
    settings = env["res.config.settings"].with_user(env.ref("base.user_admin"))
    settings.create({"octopus_software_house_entry": SOFTWARE_HOUSE}).execute()


def work(env, arguments):
    """Let what waits travel."""
    Scene(env, arguments["url"]).work()


def build_company(env, demo, language):
    """The demo company with its documents, in a language.

    ``demo`` is what ``inside.build`` wants to know.
    """
    installed = env["res.lang"].with_context(active_test=False).search([("code", "=", language)])
    env["base.language.install"].create(
        {"lang_ids": [Command.set(installed.ids)], "overwrite": True}
    ).lang_install()
    inside.build(env, demo)


def start(env, arguments):
    """Start the connection that was set up, and let the past documents and payments travel."""
    demo = company.DemoCompany(env)
    manager = demo.user(MANAGER)
    scene = Scene(env, arguments["url"])
    scene.connection.with_user(manager).action_start()
    scene.work()
    moves = inside.later(env, DEMO)["moves"]
    scene.work()
    PACKAGE.accountant(arguments["url"], scene.keys(moves)).work()
    scene.connection.with_user(manager).action_synchronise()
    scene.work()


def trouble(env, arguments):
    """Documents that wait, fail, or want a decision."""
    scene = Scene(env, arguments["url"])
    scene.decisions()
    scene.unmapped_tax()
    scene.lost_answer()
    scene.service_down()
    scene.excluded()


class Scene:
    """One connection of the demo company of a package, and the administration behind it."""

    def __init__(self, env, url, package=PACKAGE):
        self.env = env
        self.demo = company.DemoCompany(env, package.name)
        self.connection = (
            env["accountable.connection"].search([("company_id", "=", self.demo.company.id)]).sudo()
        )
        self.tell = Control(url).post

    def work(self):
        """One run of the worker."""
        self.connection.wait_until = False
        self.env.cr.commit()
        self.connection._run(seconds=60)
        self.env.invalidate_all()

    def post(self, move_type, partner, price, reference=False, tax=None, day="2026-06-15"):
        """Post a document of one line."""
        kind = "sale" if move_type.startswith("out") else "purchase"
        tax = tax or self.demo.company[f"account_{kind}_tax_id"]
        move = (
            self.env["account.move"]
            .with_company(self.demo.company)
            .create(
                {
                    "move_type": move_type,
                    "partner_id": partner.id,
                    "invoice_date": day,
                    "date": day,
                    "ref": reference,
                    "company_id": self.demo.company.id,
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "name": "Office chairs",
                                "price_unit": price,
                                "tax_ids": [Command.set(tax.ids)],
                            }
                        )
                    ],
                }
            )
        )
        move.action_post()
        return move

    def partner_of(self, move_type):
        """A partner that the administration knows."""
        moves = self.demo.moves().filtered(lambda move: move.move_type == move_type)
        return moves[-1].commercial_partner_id

    def binding(self, record, kind):
        """The link of a record with the administration."""
        return self.env["accountable.binding"].search(
            [
                ("connection_id", "=", self.connection.id),
                ("kind", "=", kind),
                ("res_model", "=", record._name),
                ("res_id", "=", record.id),
            ]
        )

    def keys(self, moves):
        """The demo's keys of its documents → their keys in the administration."""
        bindings = self.env["accountable.binding"].search(
            [("connection_id", "=", self.connection.id), ("kind", "=", "document")]
        )
        by_move = {binding.res_id: binding.external_key for binding in bindings}
        return {name: by_move[move] for name, move in moves.items() if move in by_move}

    def decisions(self):
        """The accountant entered a bill already, with another total; and changed one of ours."""
        supplier = self.partner_of("in_invoice")
        relation = self.env["accountable.binding"].search(
            [
                ("connection_id", "=", self.connection.id),
                ("kind", "=", "party"),
                ("res_id", "=", supplier.id),
            ]
        )
        self.tell(
            f"dossiers/{DOSSIER}/book-by-hand",
            journalKey="A1",
            amount=605.0,
            date="2026-06-15",
            accountKey=612000,
            vatCodeKey="H21",
            reference="2026-0816",
            relationId=int(relation.external_key.split("/")[-1]),
            comment="Factuur 2026-0816",
        )
        self.post("in_invoice", supplier, 510, reference="2026-0816")
        ours = self.post("in_invoice", supplier, 250, reference="2026-0911")
        self.work()
        year, journal, number = self.binding(ours, "document").external_key.split("/")[-3:]
        self.tell(
            f"dossiers/{DOSSIER}/recode",
            bookyearId=int(year),
            journalKey=journal,
            documentSequenceNr=int(number),
            line=1,
            accountKey=613200,
        )
        ours.button_draft()
        ours.invoice_line_ids.price_unit = 260
        ours.action_post()
        self.work()

    def unmapped_tax(self):
        """A tax made after the set-up."""
        tax = self.demo.company.account_sale_tax_id.copy({"name": "21% new"})
        self.post("out_invoice", self.partner_of("out_invoice"), 340, tax=tax)
        self.work()

    def lost_answer(self):
        """The package booked, and its answer never arrived."""
        self.tell("faults", operation="insertBuySellBooking", kind="after", count=1)
        self.post("in_invoice", self.partner_of("in_invoice"), 99, reference="2026-0912")
        self.work()

    def service_down(self):
        """Two documents wait for a package that is down for a moment."""
        self.tell("faults", operation="insertBuySellBooking", kind="status", status=503, count=1)
        for price in (1250, 480):
            self.post("out_invoice", self.partner_of("out_invoice"), price)
        self.work()

    def excluded(self):
        """A document a person keeps out."""
        self.post("out_invoice", self.partner_of("out_invoice"), 75).action_accountable_exclude()
