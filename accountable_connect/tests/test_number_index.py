"""Parties that share a number are found in a list as a comparison with each would find them."""

from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.accountable_connect.api import number_index
from odoo.addons.accountable_connect.api.identity import REGISTRY_NUMBER, VAT_NUMBER, shares
from odoo.addons.accountable_connect.api.number_index import NumberIndex
from odoo.addons.accountable_connect.documents import Party

COUNTRIES = ["", "BE", "NL", "FR", "GB", "GR", "HU", "CH", "SE", "DE"]
VAT_NUMBERS = [
    "",
    "/",
    "BE 0999.999.130",
    "999999130",
    "0999999130",
    "BE0999999229",
    "NL1234.56.782.B90",
    "123456782B90",
    "FR23 334175221",
    "23334175221",
    "334175221",
    "CHE-530.781.296 TVA",
    "530781296",
    "HU12345678",
    "12345678-2-41",
    "EL094259216",
    "XI 980 7806 84",
    "GB980780684",
    "SE556000000001",
    "5560000000",
]
REGISTRY_NUMBERS = ["", "0999999130", "999.999.130", "334175221", "33417522100015", "5560000000"]
parties = st.builds(
    Party,
    external_number=st.just(1),
    name=st.just("Party"),
    vat_number=st.sampled_from(VAT_NUMBERS),
    registry_number=st.sampled_from(REGISTRY_NUMBERS),
    country=st.sampled_from(COUNTRIES),
)


@given(st.lists(parties, max_size=8), parties)
def test_nobody_who_shares_a_number_is_missed(there, party):
    found = NumberIndex(zip(there, range(len(there)), strict=True)).that_may_share(party)
    assert found == sorted(found)
    for place, one in enumerate(there):
        if shares(one, party, VAT_NUMBER) or shares(one, party, REGISTRY_NUMBER):
            assert place in found


def test_others_are_left_out(monkeypatch):
    there = [
        Party(external_number=key, name="P", vat_number=f"BE0{key:09}", country="BE")
        for key in range(1, 101)
    ]
    index = NumberIndex((one, one) for one in there)
    compared = []
    monkeypatch.setattr(
        number_index,
        "vat_country",
        lambda number, country: compared.append(number) or "BE",
    )
    assert index.that_may_share(there[41]) == [there[41]]
    assert len(compared) == 1
