"""What the demo does inside Odoo; run with ``environment.run_script``, one task at a time."""

from tooling.books import odoo_side
from tooling.demo import company, connect


def main(env, arguments):
    """Do the task that ``arguments["task"]`` names; the result fits JSON."""
    return TASKS[arguments["task"]](env, arguments)


def build(env, _arguments):
    """The company with its past documents, made where they are not there yet."""
    demo = company.DemoCompany(env)
    was_there = demo.is_there
    demo.build()
    moves = demo.moves()
    return {"was_there": was_there, "company": demo.company.name, "documents": len(moves),
            "partners": len(moves.commercial_partner_id),
            "electronic": len(company.e_invoices.E_INVOICES)}


def start(env, arguments):
    """The initial synchronisation as the manager does it, and the start."""
    demo = company.DemoCompany(env)
    set_up = connect.of_demo(demo)
    was_there = bool(set_up.connection) and set_up.connection.step == "done"
    connection = set_up.connect(connect.SIGN_INS[arguments["package"]](arguments["url"]))
    rows = connection.mapping_ids
    return {"was_there": was_there, "connection": connection.id, "name": connection.name,
            "mappings": len(rows), "confirmed": len(
                rows.filtered(lambda row: row.state == "confirmed"))}


def later(env, _arguments):
    """Documents posted while the connection works; ids of all documents by the demo's keys."""
    demo = company.DemoCompany(env)
    known = len(demo.moves())
    demo.post_later()
    names = env["ir.model.data"].search(
        [("module", "=", company.MODULE), ("name", "=like", "document_%")])
    return {"posted": len(demo.moves()) - known,
            "moves": {name.name.removeprefix("document_"): name.res_id for name in names}}


TASKS = {"build": build, "start": start, "later": later, "books": odoo_side.main}
