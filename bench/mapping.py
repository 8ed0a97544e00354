"""Large charts of accounts: counterparts that are proposed, and documents sent beside them."""

from odoo.addons.accountable_connect.models.master_data.mapping import NO_PROPOSAL
from rapidfuzz import fuzz, process, utils

from bench.filling import fill_queue
from bench.measure import Spread, rounds

ACCOUNTS, LEDGER_ACCOUNTS = 300, 3_000
GROUPS = 3
SIZES = (300, LEDGER_ACCOUNTS)
DOCUMENTS = 40
ROUNDS = 8
ROUNDS_OF_PROPOSALS = 5
# What a name is made of.
SUBJECTS = ("Huur", "Onderhoud", "Verzekering", "Brandstof", "Kosten", "Erelonen", "Leasing")
OBJECTS = ("gebouwen", "machines", "wagens", "kantoor", "informatica", "personeel", "voorraad")


def proposals(bench):
    """What it takes to propose a counterpart for each of so many accounts of Odoo's chart, with its
    names in four languages, among so many ledger accounts, none of which has the same code; beside
    rapidfuzz alone comparing as many names in one language."""
    found, plain = [], []
    with bench.undone() as company:
        connection, env = company.connection, company.env
        accounts = env["account.account"].search(
            [("company_ids", "in", connection.company_id.ids)], limit=ACCOUNTS
        )
        ours = accounts.mapped("name")
        theirs = [
            f"{ours[number % len(ours)]} {OBJECTS[number // len(ours) % len(OBJECTS)]}"
            for number in range(LEDGER_ACCOUNTS)
        ]
        store_ledger_accounts(company, LEDGER_ACCOUNTS, "61{group:02}{number:05}5", theirs)
        rows = connection._ensure_mapping_rows("account", accounts)
        for _round in rounds(ROUNDS_OF_PROPOSALS):
            with bench.measured() as figures:
                for name in ours:
                    process.extractOne(
                        name, theirs, scorer=fuzz.token_set_ratio, processor=utils.default_process
                    )
            plain.append(figures)
            rows.write({"master_data_id": False, "state": "proposed", **NO_PROPOSAL})
            env.flush_all()
            with bench.measured() as figures:
                env["accountable.proposal"]._propose(rows)
                env.flush_all()
            found.append(figures)
        if not any(rows.mapped("master_data_id")):
            raise RuntimeError("No account got a proposal")
    return {
        "accounts": len(accounts),
        "ledger_accounts": LEDGER_ACCOUNTS,
        "seconds": Spread.of(one.seconds for one in found).as_json(),
        "beside": Spread.of_ratios(
            [one.both for one in found], [one.both for one in plain]
        ).as_json(),
        "queries": found[-1].queries,
    }


def ledger_accounts(bench):
    """What a document of a batch costs beside a large chart of the administration and beside a
    small one, in turn."""
    found = {size: [] for size in SIZES}
    for number in range(-1, ROUNDS):
        for size in SIZES if number % 2 else SIZES[::-1]:
            with bench.transaction() as company:
                store_ledger_accounts(company, size, "bench/{number}")
            fill_queue(bench, DOCUMENTS)
            figures = bench.run()
            if number >= 0:  # the first round warms up
                found[size].append(figures)
    with bench.transaction() as company:
        store_ledger_accounts(company, 0, "")
    bench.refuse_left()
    small, large = ([one.both for one in found[size]] for size in SIZES)
    return {
        "sizes": SIZES,
        "documents": DOCUMENTS,
        "beside": Spread.of_ratios(large, small).as_json(),
        "queries": found[SIZES[1]][-1].queries - found[SIZES[0]][-1].queries,
    }


def store_ledger_accounts(company, count, code, names=()):
    """The connection has so many ledger accounts, those the benchmarks made included; ``code`` says
    what the code of one of these is made of, ``names`` what they are called. With 0 none of them
    is left."""
    env, connection = company.env, company.connection
    env.flush_all()
    env.cr.execute(
        "DELETE FROM accountable_master_data WHERE connection_id = %s AND details ? 'bench'",
        [connection.id],
    )
    there = env["accountable.master.data"].search_count(
        [("connection_id", "=", connection.id), ("kind", "=", "ledger_account")]
    )
    env["accountable.master.data"].sudo().create(
        [
            {
                "connection_id": connection.id,
                "kind": "ledger_account",
                "code": code.format(group=number % GROUPS, number=number),
                "name": names[number] if names else account_name(number, "van "),
                "details": {"bench": True},
            }
            for number in range(count - there)
        ]
    )
    env.flush_all()


def account_name(number, word=""):
    subject = SUBJECTS[number % len(SUBJECTS)]
    return f"{subject} {word}{OBJECTS[number // 7 % len(OBJECTS)]} vestiging {number // 49}"
