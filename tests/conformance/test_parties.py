"""Customers and suppliers: no second one of anybody, and nobody else's number."""

from dataclasses import replace

import pytest
from odoo.addons.accountable_connect.api.contact_matching import choose_party
from odoo.addons.accountable_connect.api.errors import (
    DataRefusedError,
    DuplicateError,
    OutcomeUnknownError,
    PackageError,
    TemporaryError,
)
from odoo.addons.accountable_connect.documents import ContactPerson

from . import case as words

# About answers: it has no meaning where nothing answers.
pytestmark = pytest.mark.live

AN = ContactPerson(key=4720, name="An Claes", email="an@meulemans.example", phone="091234567")
BERT = ContactPerson(key=4721, name="Bert Maes", email="bert@meulemans.example", language="fr")


def test_create(package, package_case, build):
    stored = package.save_party(build.party(), None)
    held = package_case.parties()[stored.key]
    assert held.name == "Drukkerij Meulemans BV"
    assert held.vat_number == "BE0999999130"
    assert held.external_number == 4711
    assert (held.customer, held.supplier) == (True, False)
    assert held.is_company or not package_case.knows_companies
    assert (held.street, held.city, held.country) == ("Kaai 12", "Oostende", "BE")


def test_create_twice_makes_one(package_case, build):
    keys = set()
    for _run in range(2):
        with package_case.open() as package:
            keys.add(package.save_party(build.party(), None).key)
    assert len(keys) == 1
    assert len(package_case.parties()) == 1


def test_answer_lost_makes_one(package_case, package, build):
    package_case.fault(words.SAVE_PARTY, words.ANSWER_LOST)
    with pytest.raises((TemporaryError, OutcomeUnknownError)):
        package.save_party(build.party(), None)
    stored = package.save_party(build.party(), None)
    assert list(package_case.parties()) == [stored.key]


def test_update_keeps_the_key(package, package_case, build, customer):
    moved = build.party(street="Vismijn 3", name="Drukkerij Meulemans & Zoon BV")
    assert package.save_party(moved, customer).key == customer
    held = package_case.parties()
    assert list(held) == [customer]
    assert (held[customer].street, held[customer].name) == (moved.street, moved.name)


def test_update_adds_a_role_and_takes_none_away(package, package_case, build, customer):
    package.save_party(build.party(customer=False, supplier=True), customer)
    held = package_case.parties()[customer]
    assert (held.customer, held.supplier) == (True, True)


def test_found_by_vat_number(package, build, customer):
    other = build.party(external_number=9999, name="Meulemans")
    assert [stored.key for stored in package.find_parties(other)] == [customer]


def test_found_by_registry_number(package, build, customer):
    other = build.party(external_number=9999, name="Meulemans", vat_number="")
    assert [stored.key for stored in package.find_parties(other)] == [customer]


def test_found_by_exact_name(package, package_case, build, customer):
    name = "Drukkerij Meulemans BV" if package_case.minds_case else "DRUKKERIJ meulemans BV"
    other = build.party(external_number=9999, name=name, vat_number="", registry_number="")
    assert [stored.key for stored in package.find_parties(other)] == [customer]


def test_external_number_comes_before_name(package, build, customer):
    twin = build.party(external_number=4713, vat_number="", registry_number="")
    second = package.save_party(twin, None).key
    found = package.find_parties(twin)
    assert [stored.key for stored in found] == [second, customer]
    assert found[0].party.external_number == 4713


def test_nobody_is_found_by_chance(package, build, customer):
    stranger = build.party(
        external_number=5, name="Drukkerij", vat_number="BE0999999328", registry_number="0999999328"
    )
    assert package.find_parties(stranger) == []


def test_adopting_gives_our_number(package, package_case, build, customer):
    package.save_party(build.party(external_number=8000), customer)
    assert package_case.parties()[customer].external_number == 8000
    assert len(package_case.parties()) == 1


def test_number_that_belongs_to_somebody_else(package, package_case, build, customer):
    stranger = build.party(
        name="Bakkerij Claes", vat_number="BE0999999328", registry_number="0999999328"
    )
    with pytest.raises(DuplicateError) as caught:
        package.save_party(stranger, None)
    assert [stored.key for stored in caught.value.candidates] == [customer]
    assert package_case.parties()[customer].name == "Drukkerij Meulemans BV"


def test_number_of_another_is_not_taken_over(package, package_case, build, customer, supplier):
    with pytest.raises(DuplicateError):
        package.save_party(build.supplier(external_number=4711), supplier)
    assert package_case.parties()[supplier].external_number == 4712


def test_relation_that_is_gone_is_not_made_again_silently(package, package_case, build):
    with pytest.raises(PackageError):
        package.save_party(build.party(), package_case.unknown_party)
    assert not package_case.parties()


@pytest.mark.parametrize(
    "name",
    [
        "é" * 300,
        "Café de l'Étoile 🌟 & Söhne",
        "👩‍👩‍👧‍👦" * 80,
        'O\'Brien "Quotes" <b>&amp;</b>',
        "Łódź Ελλάδα Кафе 株式会社",
        "Naam\nop twee regels",
    ],
)
def test_any_name(package, package_case, build, name):
    stored = package.save_party(build.party(name=name), None)
    held = package_case.parties()[stored.key].name
    assert held
    assert " ".join(name.split()).startswith(held)
    assert held.encode().decode() == held
    assert not held.endswith("\u200d")


def test_long_name_is_still_the_same_party(package_case, build):
    party = build.party(name="Maatschappij tot Exploitatie van " * 10, vat_number="")
    keys = set()
    for _run in range(2):
        with package_case.open() as package:
            keys.add(package.save_party(party, None).key)
    assert len(keys) == 1


@pytest.mark.parametrize(
    ("status", "number", "country"),
    [
        ("domestic_private", "", "BE"),
        ("eu_business", "NL123456782B90", "NL"),
        ("eu_business", "FR40303265045", "FR"),
        ("other_business", "", "US"),
        ("not_subject", "", ""),
    ],
)
def test_every_kind_of_party(package, package_case, build, status, number, country):
    party = build.party(
        vat_status=status,
        vat_number=number,
        registry_number="",
        country=country,
        is_company=status != "domestic_private",
    )
    stored = package.save_party(party, None)
    held = package_case.parties()[stored.key]
    assert (held.vat_number, held.country) == (number, country)
    if package_case.knows_companies:
        assert held.is_company == (party.is_company and "BV" in party.name)


def test_party_without_name_is_refused(package, package_case, build):
    with pytest.raises(DataRefusedError):
        package.save_party(build.party(name=" "), None)
    assert not package_case.parties()


def test_changes_come_back(package, package_case, build, customer):
    first = package.parties_changed_since("")
    assert [stored.key for stored in first.parties] == [customer]
    package_case.rename_party(customer, "Drukkerij Meulemans NV")
    second = package.parties_changed_since(first.cursor)
    assert [stored.party.name for stored in second.parties] == ["Drukkerij Meulemans NV"]
    assert second.parties[0].party.external_number == 4711
    assert second.cursor


def test_what_was_stored_reads_back(package, package_case, build):
    party = build.party()
    stored = package.save_party(party, None)
    found = package.find_parties(party)[0]
    assert found.key == stored.key
    expected = replace(party, electronic_address="", phone="", website="")
    if not package_case.lists_bank_accounts:
        expected = replace(expected, iban="")
    assert found.party == expected


OURS, OTHER = "BE68539007547034", "BE71096123456769"


@pytest.mark.parametrize("iban", ["", OTHER])
@pytest.mark.parametrize("role", ["customer", "supplier"])
def test_bank_account_that_is_there_is_never_replaced(package, package_case, build, role, iban):
    """The accountant pays to it, and may have entered it."""
    party = build.party(customer=role == "customer", supplier=role == "supplier", iban=OURS)
    key = package.save_party(party, None).key
    assert package_case.bank_accounts(key) == [OURS]
    changed = replace(party, street="Kaai 14", iban=iban, untrusted_iban=OTHER, bic="GKCCBEBB")
    package.save_party(changed, key)
    assert package_case.bank_accounts(key)[0] == OURS
    assert package_case.parties()[key].street == "Kaai 14"


def test_bank_account_follows_where_there_is_none(package, package_case, build):
    party = build.supplier(iban="", untrusted_iban=OURS)
    key = package.save_party(party, None).key
    assert package_case.bank_accounts(key) == []
    package.save_party(replace(party, iban=OURS, untrusted_iban=""), key)
    assert package_case.bank_accounts(key) == [OURS]


def test_control_characters_of_a_contact_keep_nothing_out(package, package_case, build):
    """Odoo takes them, a package's parser may not."""
    party = build.party(
        name="Drukkerij\x0bMeu\x01lemans BV", street="Kaai\x1f12", city="Oost\x7fende"
    )
    key = package.save_party(party, None).key
    held = package_case.parties()[key]
    assert (held.name, held.street, held.city) == ("Drukkerij Meulemans BV", "Kaai 12", "Oostende")
    assert [stored.key for stored in package.find_parties(party)] == [key]


def test_whole_values_or_none(package, build):
    """What people write in one field: an address or a number that is cut is somebody else's."""
    party = build.party(
        email='"Boekhouding" <a@x.example>; b@x.example',
        phone="09 123 45 67 / 0475 12 34 56",
        website="https://x.example, https://y.example",
    )
    key = package.save_party(party, None).key
    [held] = package.find_parties(party)
    assert (held.party.email, held.party.phone, held.party.website) == (
        "a@x.example",
        "09 123 45 67",
        "https://x.example",
    )
    longer = build.party(
        email=f"{'a' * 240}@x.example",
        phone="09 123 45 67 " * 4,
        website="https://x.example/" + "a" * 300,
        postal_code="somewhere around the church of 8400",
    )
    package.save_party(longer, key)
    # what is there stays
    assert package.find_parties(longer) == [held]


@pytest.mark.parametrize("odd", ["\0", "\x07", "\x9f"])
def test_control_characters_of_the_package_stay_outside(package, package_case, build, odd):
    key = package.save_party(build.party(), None).key
    first = package.parties_changed_since("")
    package_case.rename_party(key, f"Meule{odd}mans")
    changed = package.parties_changed_since(first.cursor)
    assert [stored.party.name for stored in changed.parties] == ["Meulemans"]


@pytest.fixture
def persons(package):
    """Two contact persons, where the package takes any."""
    if not package.capabilities.contact_persons:
        pytest.skip("the package takes no contact persons")
    return (AN, BERT)


def test_contact_persons(package, package_case, build, persons):
    """Made, found again when the party is saved again, and none removed."""
    key = package.save_party(build.party(contacts=persons), None).key
    both = {person.name: person.email for person in persons}
    assert package_case.contact_persons(key) == both
    package.save_party(build.party(contacts=persons), key)
    assert package_case.contact_persons(key) == both
    renamed = replace(AN, name="An Claes-Peeters")
    stored = package.save_party(build.party(contacts=(renamed,)), key)
    assert stored.contacts_problem is None
    assert package_case.contact_persons(key) == {renamed.name: AN.email, BERT.name: BERT.email}


@pytest.mark.parametrize("kind", [words.ANSWER_LOST, words.NOTHING_DONE, words.SERVER_ERROR_DONE])
def test_contact_person_without_answer(package, package_case, build, persons, kind):
    """The party is there all the same, and a second try makes no second person."""
    package_case.fault(words.SAVE_CONTACT_PERSON, kind)
    stored = package.save_party(build.party(contacts=persons), None)
    assert isinstance(stored.contacts_problem, PackageError)
    assert list(package_case.parties()) == [stored.key]
    # what may still arrive is not made a second time: later, and when a second look finds nothing
    for _look in range(2):
        package_case.pass_time(600)
        again = package.save_party(build.party(contacts=persons), stored.key)
    assert again.contacts_problem is None
    assert package_case.contact_persons(stored.key) == {
        person.name: person.email for person in persons
    }


@pytest.mark.parametrize("kind", [words.HTML, words.GARBAGE, words.HUGE, words.SERVER_ERROR])
def test_senseless_answer_to_a_search(package_case, package, build, kind):
    tries = package_case.tries_of_a_read if kind == words.SERVER_ERROR else 1
    package_case.fault(words.FIND_PARTY, kind, tries)
    with pytest.raises(TemporaryError):
        package.find_parties(build.party())
    assert package.find_parties(build.party()) == []


@pytest.fixture
def typed(package_case, build):
    """A supplier as the accountant types it; gives its key."""

    def make(**values):
        with package_case.open() as package:
            made = build.supplier(external_number=1, vat_number="", registry_number="")
            key = package.save_party(made, None).key
        package_case.retype_party(key, **values)
        return key

    return make


@pytest.mark.parametrize(
    ("number", "written", "country"),
    [
        ("FR23334175221", "FR23 334175221", "FR"),
        ("FR23334175221", "23334175221", "FR"),
        ("NL123456782B90", "NL1234.56.782.B90", "NL"),
        ("NL001234567B01", "NL 1234567 B01", "NL"),
        ("CHE530781296", "CHE-530.781.296 TVA", "CH"),
        ("CHE530781296MWST", "CHE-530.781.296", "CH"),
        ("BE0999999130", "be 999.999.130", "BE"),
        ("BE0999999130", "0999.999.130", ""),
        ("EL094259216", "GR 094 259 216", "GR"),
        ("ESB58378431", "es b-58.378.431", "ES"),
        ("DE136695976", "DE 136 695 976", "DE"),
    ],
)
def test_found_by_a_number_as_people_write_it(package, build, typed, number, written, country):
    """A bill the accountant entered is booked a second time when its supplier is not found."""
    key = typed(name="Fournitures Dupont", vat_number=written, country=country)
    ours = build.supplier(
        name="Fourniture Dupont",
        vat_number=number,
        registry_number="",
        country=country or "BE",
        vat_status="eu_business",
    )
    found = package.find_parties(ours)
    assert [stored.key for stored in found] == [key]
    assert choose_party(found, ours, set()).key == key


def test_another_companys_account_is_not_chosen(package_case, package, build, typed):
    """Members of a VAT group have one VAT number; registry numbers belong to a country."""
    numbers = {"vat_number": "NL123456782B90", "country": "NL"}
    typed(name="Dochter B B.V.", registry_number="22222222", **numbers)
    ours = build.supplier(name="Dochter A B.V.", registry_number="11111111", **numbers)
    if package_case.holds_registry_numbers:
        assert choose_party(package.find_parties(ours), ours, set()) is None
    typed(name="Nordic B.V.", registry_number="12345674", country="NL")
    dane = build.supplier(
        name="Nordic ApS", vat_number="DK12345674", registry_number="12345674", country="DK"
    )
    assert choose_party(package.find_parties(dane), dane, set()) is None


def test_account_that_is_another_company_by_now_is_not_overwritten(
    package_case, package, build, supplier
):
    """Unless a person says that it is the same."""
    package_case.retype_party(supplier, name="Bakkerij Claes", vat_number="BE0999999328")
    ours = build.supplier(street="Vismijn 3")
    with pytest.raises(DuplicateError) as caught:
        package.save_party(ours, supplier, sent=build.supplier())
    assert caught.value.code == DuplicateError.OTHER_COMPANY
    assert [stored.key for stored in caught.value.candidates] == [supplier]
    assert package_case.parties()[supplier].name == "Bakkerij Claes"
    package.save_party(ours, supplier)
    assert package_case.parties()[supplier].vat_number == "BE0999999229"


def test_number_corrected_in_odoo_is_sent(package_case, package, build, supplier):
    corrected = build.supplier(vat_number="BE0999999328", registry_number="0999999328")
    package.save_party(corrected, supplier, sent=build.supplier())
    assert package_case.parties()[supplier].vat_number == "BE0999999328"
