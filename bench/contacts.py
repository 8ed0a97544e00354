"""Many contacts: those that were decided in the set-up, and a new party of the administration."""

from dataclasses import replace

from odoo.addons.accountable_connect.api.contract import PartyChanges, StoredParty

from bench.copies import copy_partners
from bench.measure import Spread, middle, rounds

DECIDED = (2_000, 5_000)
ROUNDS_OF_DECIDED = 5
CONTACTS = (100, 1_500)
ROUNDS = 6


def decided(bench):
    """“Update records” in the contacts step, where a person decided about so many contacts: half of
    them are the party they were proposed for, half are not."""
    result = {}
    for count in DECIDED:
        found = []
        with bench.undone() as company:
            connection, matches = company.connection, company.env["accountable.contact.match"]
            stored = _parties(company, copy_partners(company, "Decided", count))
            matches._store_matches(connection, stored)
            company.env.flush_all()
            company.env.cr.execute(
                "UPDATE accountable_contact_match"
                " SET state = CASE WHEN id %% 2 = 0 THEN 'accepted' ELSE 'refused' END"
                " WHERE connection_id = %s AND partner_id IS NOT NULL",
                [connection.id],
            )
            company.env.invalidate_all()
            for _round in rounds(ROUNDS_OF_DECIDED):
                with bench.measured() as figures:
                    matches._store_matches(connection, stored)
                    company.env.flush_all()
                found.append(figures)
        result[count] = {
            "seconds": Spread.of(one.seconds for one in found).as_json(),
            "both": Spread.of(one.both for one in found).as_json(),
        }
    return result


def new_party(bench):
    """What a new party of the administration costs where Odoo has few contacts and where it has
    many that are not linked, and what a known one costs that changed; in turn."""
    few, many = CONTACTS
    found = {(what, count): [] for what in ("new", "known") for count in CONTACTS}
    with bench.undone() as company:
        env, connection = company.env, company.connection
        contacts = env["accountable.contact.import"].with_context(**connection.env.context)
        connection.write({"contact_direction": "from_package", "party_cursor": "bench"})
        partners = copy_partners(company, "Unlinked", many)
        [known] = _parties(company, partners[:1])
        contacts._bind(connection, partners[:1], known.key, known.party)
        new = replace(known.party, external_number=0, name="")
        for number in range(-1, ROUNDS):
            for count in CONTACTS if number % 2 else CONTACTS[::-1]:
                company.set_customers(partners[1:], count)
                mark = f"{number} {count}"
                parties = {
                    "new": StoredParty(key=mark, party=replace(new, name=f"Nieuw {mark}")),
                    "known": replace(known, party=replace(known.party, city=f"Gent {mark}")),
                }
                for what, party in parties.items():
                    with bench.measured() as figures:
                        contacts._repeat_changes(
                            connection, PartyChanges(parties=(party,), cursor="bench")
                        )
                        env.flush_all()
                    if number >= 0:  # the first round warms up
                        found[what, count].append(figures)
    return {
        "contacts": CONTACTS,
        "beside_few": Spread.of_ratios(
            [one.both for one in found["new", many]], [one.both for one in found["new", few]]
        ).as_json(),
        "beside_known": Spread.of_ratios(
            [one.both for one in found["new", many]], [one.both for one in found["known", many]]
        ).as_json(),
        "queries": middle(found["new", many]).queries,
    }


def _parties(company, partners):
    """These contacts, as the administration would hold them."""
    build = company.env["accountable.party"]._build
    return [
        StoredParty(key=f"bench/{partner.id}", party=build(company.connection, partner))
        for partner in partners
    ]
