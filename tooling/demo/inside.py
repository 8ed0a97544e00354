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
    """Documents posted while the connection works."""
    demo = company.DemoCompany(env)
    known = len(demo.moves())
    moves = demo.post_later()
    return {"posted": len(demo.moves()) - known, "documents": len(moves)}


def keys(env, _arguments):
    """Of the demo's documents: ``keys`` in the administration and ids of ``moves`` in Odoo."""
    bindings = env["accountable.binding"].sudo().search(
        [("kind", "=", "document"), ("res_model", "=", "account.move")])
    by_move = {binding.res_id: binding.external_key for binding in bindings}
    names = env["ir.model.data"].sudo().search(
        [("module", "=", company.MODULE), ("name", "=like", "document_%")])
    moves = {name.name.removeprefix("document_"): name.res_id for name in names}
    return {"keys": {key: by_move[move] for key, move in moves.items() if move in by_move},
            "moves": moves}


TASKS = {"build": build, "start": start, "later": later, "keys": keys,
         "books": odoo_side.main}
