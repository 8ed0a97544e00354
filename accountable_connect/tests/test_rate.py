"""The exchange rate a document goes with: no amount loses a cent by it."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.accountable_connect.api.http.payloads import to_json
from odoo.addons.accountable_connect.documents.amounts import round_half_up
from odoo.addons.accountable_connect.documents.rate import company_per_unit, units_per_company

from .test_document_dataclass import document, line

FAR_FROM_A_CENT = Decimal("0.0001")


def foreign(units, *amounts, decimals=2, **values):
    """A document at so many units for one euro; ``amounts``: base and VAT of each line."""
    rate = Decimal(units)
    lines = []
    for base, vat in amounts:
        base, vat = Decimal(base), Decimal(vat)
        lines.append(
            replace(
                line(),
                base=base,
                vat_invoiced=vat,
                base_company=round_half_up(base / rate, 2),
                vat_invoiced_company=round_half_up(vat / rate, 2),
            )
        )
    return document(
        currency="XXX",
        currency_decimals=decimals,
        rate=rate,
        lines=tuple(lines),
        **{
            "total": sum(one.total for one in lines),
            "total_company": sum(one.total_company for one in lines),
            **values,
        },
    )


def converted(amount, rate):
    return round_half_up(amount * rate, 2)


@pytest.mark.parametrize(
    ("units", "base", "vat", "decimals"),
    [
        ("19256.4567", "987654321", "207407407.41", 2),
        ("1.0850", "987654321.09", "207407407.43", 2),
        ("162.35", "98765432100", "20740740741", 0),
        ("0.3331", "98765432.123", "20740740.746", 3),
        ("0.0000153", "1234.56", "259.26", 2),
        ("89500", "123456789012.34", "25925925692.59", 2),
    ],
)
def test_every_amount_lands_on_its_cent(units, base, vat, decimals):
    for kind in ("sale", "sale_refund", "purchase", "purchase_refund"):
        sale = foreign(units, (base, vat), decimals=decimals, kind=kind)
        rate = company_per_unit(sale)
        [one] = sale.lines
        assert converted(one.base, rate) == one.base_company
        assert converted(one.vat_invoiced, rate) == one.vat_invoiced_company
        assert to_json({"rate": rate})
        inverse = units_per_company(sale)
        assert round_half_up(one.base / inverse, 2) == one.base_company
        assert to_json({"rate": inverse})


def test_rupiah():
    sale = foreign("19256.4567", ("987654321", "207407407.41"))
    assert sale.total_company == Decimal("62060.31")
    rate = company_per_unit(sale)
    assert rate == Decimal("0.00005193063374")
    [one] = sale.lines
    booked = converted(one.base, rate) + converted(one.vat_invoiced, rate)
    assert booked == Decimal("62060.31")


@given(
    st.decimals("0.00001", "99999", places=7).filter(bool),
    st.lists(
        st.tuples(
            st.decimals("-99999999", "99999999", places=2), st.decimals("0", "99999", places=2)
        ),
        min_size=1,
        max_size=4,
    ),
)
def test_a_rate_of_any_size(units, amounts):
    """What a rate loses is far below a cent, and a JSON number keeps what is left of it."""
    sale = foreign(units, *amounts)
    rate = company_per_unit(sale)
    assert to_json({"rate": rate})
    for one in sale.lines:
        if abs(one.base_company) < 10**9:
            assert abs(one.base * rate - one.base / units) < FAR_FROM_A_CENT


def test_ordinary_rates_stay_as_they_are():
    """Ten decimals, as they went before."""
    sale = foreign("1.0850", ("1000", "210"))
    assert company_per_unit(sale) == Decimal("0.9216589862")
    assert units_per_company(sale) == Decimal("1.085")


def test_a_total_the_posted_rate_cannot_give():
    sale = foreign("1.0850", ("1000", "210"))
    lines = (
        replace(
            sale.lines[0],
            base_company=Decimal("950.00"),
            vat_invoiced_company=Decimal("199.50"),
        ),
    )
    used = replace(sale, lines=lines, total_company=Decimal("1149.50"))
    assert company_per_unit(used) == Decimal("0.95")
    assert units_per_company(used) == Decimal("1.0526315789")
    nothing = replace(used, lines=(), total=Decimal(0), total_company=Decimal(0))
    assert company_per_unit(nothing) == Decimal("0.9216589862")
