"""What the demo does inside Odoo; run with ``environment.run_script``, one task at a time."""

from tooling import packages
from tooling.books import odoo_delivered, odoo_side
from tooling.demo import (
    by_mail,
    company,
    connect,
    left_for_the_office,
    left_in_the_box,
    on_purpose,
    people,
    small_companies,
)


def main(env, arguments):
    """Do the task that ``arguments["task"]`` names; the result fits JSON."""
    return TASKS[arguments["task"]](env, arguments)


def build(env, arguments):
    """The company with its past documents and its people, made where they are not there yet, in
    every language of theirs."""
    people.install_languages(env)
    demo = _company(env, arguments)
    was_there = demo.is_there
    demo.build()
    people.settle(env, demo.company)
    moves = demo.moves()
    return {
        "was_there": was_there,
        "company": demo.company.name,
        "company_id": demo.company.id,
        "documents": len(moves),
        "partners": len(moves.commercial_partner_id),
        "electronic": len(demo.e_invoices()),
    }


def sign_in(env, arguments):
    """What the manager enters to sign in; ``signed_in`` False: the package asks for more."""
    package = packages.load(arguments["package"])
    connection = connect.of_demo(_company(env, arguments), package).make(
        package.sign_in(arguments["url"])
    )
    return {
        "connection": connection.id,
        "sign_in": connection.sign_in_id.id,
        "signed_in": connection.sign_in_id.state == "valid",
    }


def start(env, arguments):
    """The initial synchronisation as the manager does it, and the start."""
    package = packages.load(arguments["package"])
    set_up = connect.of_demo(_company(env, arguments), package)
    was_there = set_up.connection.step == "done"
    connection = set_up.connect(package.sign_in(arguments["url"]))
    rows = connection.mapping_ids
    return {
        "was_there": was_there,
        "name": connection.name,
        "mappings": len(rows),
        "confirmed": len(rows.filtered(lambda row: row.state == "confirmed")),
    }


def map_(env, arguments):
    """Where entries are handed over: what is known of the books is pasted and mapped, up to the
    step that asks how."""
    package = packages.load(arguments["package"])
    set_up = connect.of_demo(_company(env, arguments), package)
    was_there = bool(set_up.connection)
    connection = set_up.connect(package.sign_in(arguments["url"]), until="hand_over")
    rows = connection.mapping_ids
    return {
        "was_there": was_there,
        "connection": connection.id,
        "step": connection.step,
        "typed": len(connection.master_data_ids),
        "mappings": len(rows),
        "confirmed": len(rows.filtered(lambda row: row.state == "confirmed")),
    }


def later(env, arguments):
    """Documents posted while the connection works; ids of all documents by the demo's keys."""
    demo = _company(env, arguments)
    known = len(demo.moves())
    demo.post_later()
    names = env["ir.model.data"].search(
        [("module", "=", demo.module), ("name", "=like", "document_%")]
    )
    return {
        "posted": len(demo.moves()) - known,
        "moves": {name.name.removeprefix("document_"): name.res_id for name in names},
    }


def leave(env, arguments):
    """Documents that do not go, left for a person to try; their ids with what to try."""
    package = packages.load(arguments["package"])
    purpose = PURPOSES.get(package.name, on_purpose)
    moves = purpose.make(_company(env, arguments), package, arguments["url"])
    return [{"move": moves[left.document.key], "advice": left.advice} for left in purpose.LEFT]


def delivered(env, arguments):
    """Figures of the documents that are to be delivered as they are."""
    connection = env["accountable.connection"].browse(arguments["connection"])
    connection = connection.with_context(allowed_company_ids=connection.company_id.ids)
    moves = odoo_side.documents_of(connection)
    return [document.to_data() for document in odoo_delivered.delivered(moves)]


def mail(env, arguments):
    """The mail server through which a company's mails leave, and where those that come back
    arrive."""
    return by_mail.make(env, _company(env, arguments).company, arguments["port"])


def bounces(env, arguments):
    """Mails that came back arrive; how many."""
    return by_mail.take_bounces(env, arguments["messages"])


def one_more(env, arguments):
    """A document that is posted once both sides were compared."""
    demo = _company(env, arguments)
    return demo.post([demo.small.left]).id


def _company(env, arguments):
    if arguments.get("small"):
        return small_companies.SmallCompany(env, arguments["small"])
    package = packages.load(arguments["package"])
    return company.DemoCompany(env, package.name, papers=package.hands_over)


# What a package leaves undone, where it is not that of the services.
PURPOSES = {"ubl": left_in_the_box, "winbooks": left_for_the_office}
TASKS = {
    "build": build,
    "sign_in": sign_in,
    "start": start,
    "map": map_,
    "later": later,
    "leave": leave,
    "books": odoo_side.main,
    "delivered": delivered,
    "mail": mail,
    "bounces": bounces,
    "one_more": one_more,
}
