"""Entries as files, byte for byte.

``sale_two_rates``, ``purchase`` and ``sale_zero_rate`` were typed by hand from published examples
of real exports, before there was a writer. The others were written by it and read by a person.
"""

from pathlib import Path

import pytest
from odoo.addons.accountable_connect.documents import PURCHASE, SALE
from odoo.addons.accountable_connect_winbooks.tests.entries import (
    bought,
    delivery,
    document,
    given_to,
    line,
    written,
)

DATA = Path(__file__).parent / "data"


def sale_two_rates():
    built = document(
        SALE,
        43,
        line("700100", "211200", "1683.44", "101.01", text="Verf"),
        line("700300", "211400", "63.60", "13.35", text="Borstels"),
        communication="+++202/6000/04236+++",
    )
    return [(built, "CLIENT")]


def purchase():
    built = document(
        PURCHASE,
        7,
        bought("600000", "112104", 500, 105, text="Hout"),
        reference="F-0815",
        text="BILL/2026/03/0001",
    )
    return [(built, "SUPP")]


def sale_zero_rate():
    return [(document(SALE, 44, line("700000", "221000", 50, text="Boek")), "CUST")]


CASES = {case.__name__: case for case in (sale_two_rates, purchase, sale_zero_rate)}


@pytest.mark.parametrize("name", CASES)
def test_the_entry_byte_for_byte(name):
    deliveries = [delivery(built, given_to(built, third)) for built, third in CASES[name]()]
    files = written(*deliveries)
    assert files["ACT.TXT"].decode("cp1252").splitlines() == (
        (DATA / f"{name}.act.txt").read_bytes().decode("cp1252").splitlines()
    )
    assert files["ACT.TXT"] == (DATA / f"{name}.act.txt").read_bytes()
