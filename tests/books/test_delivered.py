"""The comparison of documents that are delivered as they are: nothing differs without a word."""

from decimal import Decimal

from tooling.books.delivered import Delivered, compare, lines_of


def document(number="INV/2026/00001", kind="sale", total="121.00", **changes):
    values = {
        "key": f"{kind}/{number}",
        "label": number,
        "kind": kind,
        "currency": "EUR",
        "total": Decimal(total),
        "base": {"S 21": Decimal("100.00")},
        "vat": {"S 21": Decimal("21.00")},
        "number": number,
    }
    return Delivered(**{**values, **changes})


def file(name, checksum="aa"):
    return Delivered(f"file/{checksum}", name, files=[checksum], as_file=True)


def differing(odoo, package):
    found = compare(odoo, package)
    assert found.agrees is not bool(found.differing)
    return [(row.section, row.subject, row.odoo, row.package) for row in found.differing]


def test_both_sides_agree():
    odoo = [document(), document("INV/2026/00002", base={"S 21": Decimal(100), "K 0": Decimal(0)})]
    found = compare(odoo, [document(), document("INV/2026/00002")])
    assert found.agrees and (found.documents, found.e_invoices) == (2, 2)
    yen = {"currency": "JPY", "base": {}, "vat": {"AE 0": Decimal(0)}}
    assert compare(
        [document(total="184500", **yen)],
        [document(total="184500.00", **{**yen, "vat": {"AE 0": Decimal("0.00")}})],
    ).agrees
    assert lines_of(found)[-1].startswith("The books agree: 2 documents, 2 as e-invoice")


def test_every_figure_is_compared():
    for changes, section in (
        ({"total": Decimal("121.01")}, "total"),
        ({"currency": "USD"}, "kind and currency"),
        ({"kind": "sale_refund", "key": document().key}, "kind and currency"),
        ({"base": {"E 0": Decimal("100.00")}}, "base"),
        ({"vat": {"S 21": Decimal("20.99")}}, "VAT"),
    ):
        sections = {row[0] for row in differing([document()], [document(**changes)])}
        assert section in sections, changes


def test_two_errors_do_not_cancel_each_other():
    odoo = [document(), document("INV/2026/00002")]
    package = [document(total="122.00"), document("INV/2026/00002", total="120.00")]
    assert len(differing(odoo, package)) == 2


def test_missing_and_twice():
    assert differing([document()], []) == [("document", "INV/2026/00001", "there", "not received")]
    assert differing([], [document()]) == [("document", "INV/2026/00001", "not in Odoo", "there")]
    assert ("document", "INV/2026/00001", "", "twice") in differing(
        [document()], [document(), document()]
    )
    assert differing([], [file("a.pdf")]) == [("document", "a.pdf", "not in Odoo", "there")]


def test_a_bill_on_paper_is_told_by_its_bytes():
    bill = document("BILL/2026/1", "purchase", as_file=True, files=["aa", "bb"])
    found = compare([bill], [file("x.pdf")])
    assert found.agrees and (found.e_invoices, found.files) == (0, 1)
    assert differing([bill], [file("x.pdf", "cc")])
    # the same file does not stand for two bills
    assert len(differing([bill, bill], [file("x.pdf")])) == 1


def test_a_sale_that_goes_as_pdf_is_told_by_its_name():
    sale = document(as_file=True)
    assert compare([sale], [file("INV_BE0999999031_INV-2026-00001.pdf")]).agrees
    assert differing([sale], [file("INV_BE0999999031_INV-2026-00011.pdf")])
    # what can be an e-invoice is to be one
    assert differing([document()], [file("INV_BE0999999031_INV-2026-00001.pdf")])


def test_figures_travel_as_json():
    assert Delivered.from_data(document().to_data()) == document()
