"""VAT numbers as people write them, and which numbers say that two parties are one company."""

from dataclasses import replace

import pytest
from odoo.addons.accountable_connect.api import identity, vat_numbers
from odoo.addons.accountable_connect.api.contact_matching import (
    choose_party,
    is_somebody_else,
    match_contacts,
)
from odoo.addons.accountable_connect.api.contract import StoredParty
from odoo.addons.accountable_connect.documents import Party


@pytest.mark.parametrize(
    ("written", "country", "normal"),
    [
        ("FR23 334175221", "", "FR23334175221"),
        ("fr 23 334 175 221", "", "FR23334175221"),
        ("23334175221", "FR", "FR23334175221"),
        ("NL1234.56.782.B90", "", "NL123456782B90"),
        ("NL 1234567 B01", "", "NL001234567B01"),
        ("CHE-530.781.296 TVA", "", "CHE530781296"),
        ("che530781296mwst", "", "CHE530781296"),
        ("CHE-530.781.296 MWST/TVA/IVA", "", "CHE530781296"),
        ("530.781.296", "CH", "CHE530781296"),
        ("GR 094259216", "", "EL094259216"),
        ("94259216", "GR", "EL094259216"),
        ("XI 980 7806 84", "", "GB980780684"),
        ("BE 999.999.130", "", "BE0999999130"),
        ("BTW be 0999.999.130", "", "BE0999999130"),
        ("0999999130", "BE", "BE0999999130"),
        ("ES B-58378431", "", "ESB58378431"),
        ("b58378431", "ES", "ESB58378431"),
        ("AT 13585627", "", "ATU13585627"),
        ("12892312-2-41", "HU", "HU12892312"),
        ("NO 995 525 828 MVA", "", "NO995525828"),
        ("556188-8404", "SE", "SE556188840401"),
        ("DK 13 58 56 28", "", "DK13585628"),
        ("ＢＥ０９９９９９９１３０", "", "BE0999999130"),
        ("12-3456789", "US", "US123456789"),
        ("0999.999.130", "", "0999999130"),
        ("USt-IdNr.: DE 136 695 976", "DE", "DE136695976"),
        ("UID ATU13585627", "AT", "ATU13585627"),
        ("NIF: B58378431", "ES", "ESB58378431"),
        ("P. IVA IT00743110157", "IT", "IT00743110157"),
        ("TVA n° BE 0999 999 130", "BE", "BE0999999130"),
        ("BE 0999.999.130 RPR Gent", "", "BE0999999130"),
        ("/", "BE", ""),
        (None, "BE", ""),
    ],
)
def test_normal_form(written, country, normal):
    assert vat_numbers.normal_vat_number(written, country) == normal
    assert vat_numbers.normal_vat_number(normal, country) == normal


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (("BE0999999130", ""), ("0999.999.130", ""), True),
        (("999.999.130", ""), ("BE0999999130", ""), True),
        (("DK12345674", "DK"), ("12345674", "NL"), False),
        (("BE0999999130", "BE"), ("BE0999999229", "BE"), False),
        (("BE0999999130", "BE"), ("", "BE"), None),
    ],
)
def test_same_number(one, other, same):
    assert vat_numbers.same_vat_number(*one, *other) is same


@pytest.mark.parametrize(
    ("number", "written"),
    [
        ("FR23334175221", ("FR23 334175221", "FR 23 334 175 221")),
        ("NL123456782B90", ("NL1234.56.782.B90", "123456782 B90")),
        ("NL001234567B01", ("NL1234567B01", "NL 0012.34.567 B 01")),
        ("BE0999999130", ("BE 999.999.130", "0999999130")),
        ("CHE530781296", ("CHE-530.781.296 TVA",)),
        ("SE556188840401", ("556188-8404", "SE 556188840401")),
        ("GB980780684", ("GB 980 7806 84",)),
        ("FI20774740", ("FI 2077474-0",)),
        ("FI01120389", ("0112038-9",)),
        ("PL5261040828", ("PL 526-104-08-28",)),
    ],
)
def test_parts_stand_in_every_spelling(number, written):
    found = vat_numbers.parts(number)
    assert len(found) == 2
    for spelling in written:
        assert all(part in spelling for part in found), (found, spelling)


def test_what_is_too_short_has_no_parts():
    assert vat_numbers.parts("BE12") == ()


A = Party(
    external_number=7,
    name="Dochter A B.V.",
    vat_number="NL123456782B90",
    registry_number="11111111",
    country="NL",
)
B = replace(A, external_number=0, name="Dochter B B.V.", registry_number="22222222")
DANE = Party(
    external_number=8,
    name="Nordic",
    vat_number="DK12345674",
    registry_number="12345674",
    country="DK",
)
DUTCH = replace(DANE, external_number=0, vat_number="NL999999990B01", country="NL")


def stored(party, key="1"):
    return StoredParty(key=key, party=party)


def matched(party, *others):
    return [(one.stored.key, one.reason, one.sure) for one in match_contacts([party], [*others])]


def test_member_of_a_vat_group_is_another_company():
    assert identity.contradictions(A, B) == {"registry_number"}
    assert choose_party([stored(B)], A, set()) is None
    assert is_somebody_else(replace(B, external_number=7), A)
    assert matched(A, stored(B)) == [("1", "vat_number", False)]


def test_registry_number_belongs_to_its_country():
    for dutch in (DUTCH, replace(DUTCH, vat_number="")):
        assert not identity.agreements(DANE, dutch)
        assert choose_party([stored(dutch)], DANE, set()) is None
        assert not any(sure for *_match, sure in matched(DANE, stored(dutch)))
    assert matched(DANE, stored(replace(DUTCH, name="Other"))) == []


def test_registry_number_without_country_is_not_sure():
    nowhere = replace(DUTCH, vat_number="", country="", name="Other")
    assert choose_party([stored(nowhere)], DANE, set()) is None
    assert matched(DANE, stored(nowhere)) == [("1", "registry_number", False)]


def test_name_address_and_city_contradict_nothing():
    other = replace(A, external_number=0, name="Moved and renamed", city="Breda", street="x 1")
    assert choose_party([stored(other)], A, set()).key == "1"
    assert matched(A, stored(other)) == [("1", "vat_number", True)]
    silent = replace(other, registry_number="", country="")
    assert choose_party([stored(silent)], A, set()).key == "1"


def test_the_member_is_chosen_among_the_accounts_of_its_group():
    ours = replace(A, external_number=0, name="Old name")
    assert choose_party([stored(B), stored(ours, "2")], A, set()).key == "2"
    assert matched(A, stored(B), stored(ours, "2")) == [("2", "vat_number", False)]


def test_account_of_another_member_is_left_to_its_contact():
    member = replace(B, external_number=9)
    found = match_contacts([A, member], [stored(B)])
    assert [one.party.name for one in found] == ["Dochter B B.V."]


def test_belgian_enterprise_number_is_in_the_vat_number():
    ours = Party(external_number=7, name="X", vat_number="BE0999999130", country="BE")
    by_registry = Party(external_number=0, name="Y", registry_number="0999999130", country="BE")
    assert choose_party([stored(by_registry)], ours, set()).key == "1"
    another = replace(by_registry, registry_number="0999999229")
    assert identity.contradictions(ours, another) == {"registry_number"}
    # the member of a Belgian VAT group has an enterprise number of its own
    group = replace(by_registry, vat_number="BE0999999130", registry_number="0999999229")
    assert not identity.contradictions(ours, group)
    assert choose_party([stored(group)], ours, set()) is None
    assert choose_party([stored(replace(group, name="x"))], ours, set()).key == "1"


@pytest.mark.parametrize(
    ("number", "country", "told"),
    [
        ("0999999130", "", "BE0999999130"),
        ("999999130", "BE", "BE0999999130"),
        ("13585628", "DK", "DK13585628"),
        ("5561888404", "SE", "SE556188840401"),
        ("334175221", "FR", ""),
        ("12345678", "NL", ""),
        ("12345678", "", ""),
        ("", "BE", ""),
    ],
)
def test_vat_number_of_a_registry_number(number, country, told):
    assert vat_numbers.vat_number_of_registry(number, country) == told


@pytest.mark.parametrize("country", ["", "GB", "US"])
def test_registry_number_that_several_registers_give_out_is_not_sure(country):
    one = Party(external_number=7, name="X", registry_number="123456", country=country)
    other = replace(one, external_number=0, name="Y")
    assert choose_party([stored(other)], one, set()) is None
    assert matched(one, stored(other)) == [("1", "registry_number", False)]
    assert matched(one, stored(replace(other, name="x"))) == [("1", "registry_number", True)]


@pytest.mark.parametrize(
    ("number", "country", "typed"),
    [("BE0999999130", "BE", "999.999.130"), ("EL094259216", "GR", "94259216")],
)
def test_number_without_prefix_country_and_zero_is_found(number, country, typed):
    ours = Party(external_number=7, name="X", vat_number=number, country=country)
    theirs = Party(external_number=0, name="Y", vat_number=typed)
    assert matched(ours, stored(theirs)) == [("1", "vat_number", True)]


def test_number_of_another_contact_is_not_sure():
    other = replace(A, external_number=9, name="Somebody", vat_number="", registry_number="")
    marked = stored(replace(A, external_number=9))
    found = {one.party.external_number: one for one in match_contacts([A, other], [marked])}
    assert not found[7].sure


def test_numbers_are_compared_in_normal_form():
    swiss = Party(external_number=7, name="Uhr AG", vat_number="CHE530781296TVA", country="CH")
    typed = replace(swiss, external_number=0, name="Uhren AG", vat_number="CHE530781296")
    assert choose_party([stored(typed)], swiss, set()).key == "1"
    assert matched(swiss, stored(typed)) == [("1", "vat_number", True)]
    bare = replace(typed, vat_number="530781296", country="")
    assert matched(swiss, stored(bare)) == [("1", "vat_number", True)]


def test_account_that_became_another_company():
    sent = replace(A, external_number=7)
    assert identity.is_other_company(B, A, before=sent)
    assert not identity.is_other_company(sent, A, before=sent)
    # a VAT number that was mistyped here and there is corrected
    corrected = replace(A, vat_number="NL999999990B01")
    assert not identity.is_other_company(sent, corrected, before=sent)
    assert identity.is_other_company(
        replace(sent, vat_number="NL899999001B01"), corrected, before=sent
    )
    another = replace(corrected, name="Other", registry_number="33333333")
    assert identity.is_other_company(sent, another, before=sent)
