"""The steps of the set-up with thousands of mappings, as the web client asks for them, beside
Odoo's own chart of accounts with as many accounts."""

from lxml import etree

from bench.mapping import account_name, store_ledger_accounts
from bench.measure import Spread, rounds

MAPPINGS = 3_000
PAGE = 80
ROUNDS = 12
LISTS = {
    "journals": "journal_mapping_ids",
    "vat_codes": "tax_mapping_ids",
    "ledger_accounts": "account_mapping_ids",
}


def main(bench):
    """Of each step, the list, the picker: time beside the list of accounts in the same round."""
    times = {}
    with bench.undone() as company:
        connection = _many_mappings(company)
        screens = _screens(company.env, connection)
        for number in rounds(ROUNDS):
            for name, (step, show) in screens.items():
                # it would send nothing; the step is what the form shows
                connection.sudo().step = step
                company.env.flush_all()
                company.env.invalidate_all()
                with bench.measured() as figures:
                    show()
                if number:  # the first round warms up
                    times.setdefault(name, []).append(figures)
    plain = [one.both for one in times.pop("accounts")]
    return {
        "mappings": MAPPINGS,
        "screens": {
            name: {
                "beside": Spread.of_ratios([one.both for one in found], plain).as_json(),
                "queries": found[-1].queries,
            }
            for name, found in times.items()
        },
    }


def _many_mappings(company):
    """The connection, with a mapping of each of so many accounts; half of them are confirmed."""
    env, connection = company.env, company.connection
    store_ledger_accounts(company, MAPPINGS, "61{group:02}{number:05}5")
    accounts = env["account.account"].create(
        [
            {"name": account_name(number), "code": f"61{number:06}77", "account_type": "expense"}
            for number in range(MAPPINGS)
        ]
    )
    counterpart = env["accountable.master.data"].search(
        [
            ("connection_id", "=", connection.id),
            ("kind", "=", "ledger_account"),
            ("takes_lines", "=", True),
        ],
        limit=MAPPINGS,
    )
    env["accountable.mapping"].sudo().create(
        [
            {
                "connection_id": connection.id,
                "kind": "account",
                "account_id": account.id,
                "master_data_id": counterpart[number % len(counterpart)].id,
                "state": "confirmed" if number % 2 else "proposed",
            }
            for number, account in enumerate(accounts)
        ]
    )
    return connection


def _screens(env, connection):
    """What is measured, by name: the step of the connection, and what the web client asks."""
    accounts, mappings = env["account.account"], env["accountable.mapping"]
    of_accounts = _columns(accounts, "account.view_account_list")
    of_mappings = _columns(mappings, "accountable_connect.accountable_mapping_view_list")
    form = _form(connection)
    master_data = env["accountable.master.data"]
    domain = [("connection_id", "=", connection.id), ("kind", "=", "ledger_account")]
    rows = [("connection_id", "=", connection.id), ("kind", "=", "account")]
    return {
        "accounts": ("done", lambda: accounts.web_search_read([], of_accounts, limit=PAGE)),
        **{step: (step, lambda: connection.web_read(form)) for step in (*LISTS, "summary")},
        "list": ("done", lambda: mappings.web_search_read(rows, of_mappings, limit=PAGE)),
        "picker": ("done", lambda: master_data.name_search("61", domain, limit=8)),
    }


def _form(connection):
    """The fields of the form with the lists in it, as the web client reads them."""
    views = connection.get_views([(False, "form")])["views"]
    return _specification(connection, etree.fromstring(views["form"]["arch"]))


def _columns(model, view):
    arch = model.get_views([(model.env.ref(view).id, "list")])["views"]["list"]["arch"]
    return _specification(model, etree.fromstring(arch))


def _specification(model, arch):
    """What ``web_read`` is asked for a view: names of many2one, and of a list its first page."""
    specification = {}
    for node in arch.iter("field"):
        if any(parent.tag == "field" for parent in node.iterancestors()):
            continue
        field = model._fields[node.get("name")]
        if field.type == "many2one":
            specification[field.name] = {"fields": {"display_name": {}}}
        elif field.type == "one2many" and (columns := node.find("list")) is not None:
            specification[field.name] = {
                "fields": _specification(model.env[field.comodel_name], columns),
                "limit": int(columns.get("limit", 40)),
            }
            if order := columns.get("default_order"):
                specification[field.name]["order"] = order
        else:
            specification[field.name] = {}
    return specification
