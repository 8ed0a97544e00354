"""Files that somebody drops into a box by hand: what is booked, what is refused, and why."""

from __future__ import annotations

import io
import zipfile
from decimal import Decimal

import pytest
from e_invoices import OTHER, OWNER, STRANGER, e_invoice

from sandbox.postbox import serve
from sandbox.postbox.receivers import MEGABYTE
from sandbox.postbox.seed import number_of

PDF = b"%PDF-1.4 a bill"
REFUND = "CreditNote"


@pytest.fixture
def boxes():
    """A sandbox that looks when it is told to."""
    with serve(watching=False) as running:
        yield running


def drop(boxes, receiver, **files):
    """Put files into the box of a receiver, ``name__xml`` for ``name.xml``, and let it look; gives
    what it received and the codes of its refusals."""
    return put(boxes, receiver, {name.replace("__", "."): files[name] for name in files})


def put(boxes, receiver, files):
    box = number_of(receiver)
    for name, content in files.items():
        (boxes.folder(box) / name).write_bytes(content)
    boxes.receive()
    return boxes.received(box), [row["code"] for row in boxes.refused(box)]


def packed(files, **options):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, **options) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()


def test_a_bill_is_booked_from_its_bytes(boxes):
    content = e_invoice(
        lines=(("1000.00", "S", "21"), ("99.99", "S", "6"), ("-40.00", "S", "21")), prepaid="100.00"
    )
    [bill], refused = drop(boxes, "horus", a__xml=content)
    assert refused == []
    assert (bill["side"], bill["kind"], bill["number"]) == ("purchase", "invoice", "2026-001")
    assert bill["seller"] == {"name": OTHER[0], "vat": OTHER[1]}
    assert bill["vat"] == [
        {"category": "S", "rate": "6", "base": "99.99", "vat": "6.00"},
        {"category": "S", "rate": "21", "base": "960.00", "vat": "201.60"},
    ]
    assert (bill["total"], bill["payable"]) == ("1267.59", "1167.59")
    assert [annex["name"] for annex in bill["annexes"]] == ["2026-001.pdf"]
    assert list(boxes.folder(number_of("horus")).iterdir()) == []


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"seller": OWNER, "buyer": OTHER}, ("sale", "invoice", False)),
        (
            {"seller": OWNER, "buyer": STRANGER, "root": REFUND},
            ("sale", "credit_note", False),
        ),
        ({"root": REFUND}, ("purchase", "credit_note", False)),
        ({"type_code": "389"}, ("purchase", "invoice", True)),
        ({"root": REFUND, "type_code": "261"}, ("purchase", "credit_note", True)),
        ({"seller": OWNER, "buyer": OTHER, "type_code": "389"}, ("sale", "invoice", True)),
    ],
)
def test_every_kind_is_told_apart(boxes, values, expected):
    [found], _refused = drop(boxes, "octopus", a__xml=e_invoice(**values))
    assert (found["side"], found["kind"], found["self_billed"]) == expected


def test_a_credit_note_says_what_it_corrects(boxes):
    [found], _refused = drop(
        boxes, "horus", a__xml=e_invoice("CN-1", root=REFUND, corrects="2026-001")
    )
    assert found["corrects"] == ["2026-001"] and Decimal(found["total"]) > 0


def test_totals_per_category_and_rate(boxes):
    box = number_of("horus")
    drop(
        boxes,
        "horus",
        a__xml=e_invoice("1", lines=(("100.00", "S", "21"), ("50.00", "AE", "0"))),
        b__xml=e_invoice("2", lines=(("200.00", "S", "21"),)),
        c__xml=e_invoice("3", root=REFUND),
        d__xml=e_invoice("4", currency="USD"),
    )
    rows = boxes.books(box)["totals"]
    assert [
        (row["kind"], row["currency"], row["category"], row["documents"], row["base"], row["vat"])
        for row in rows
    ] == [
        ("credit_note", "EUR", "S", 1, "1000.00", "210.00"),
        ("invoice", "EUR", "AE", 1, "50.00", "0.00"),
        ("invoice", "EUR", "S", 2, "300.00", "63.00"),
        ("invoice", "USD", "S", 1, "1000.00", "210.00"),
    ]


BROKEN = {
    "not_well_formed": e_invoice()[:-20],
    "dtd": e_invoice(before='<!DOCTYPE x [<!ENTITY a "b">]>'),
    "not_an_invoice": b"<?xml version='1.0'?><Order/>",
    "other_format": e_invoice(changes=[("urn:cen.eu:en16931:2017", "urn:example:own")]),
    "type": e_invoice(type_code="381"),
    "missing": e_invoice(changes=[("<cbc:ID>2026-001</cbc:ID>", "")]),
    "date": e_invoice(changes=[("2026-03-10", "10/03/2026")]),
    "amount": e_invoice(changes=[(">1210.00</cbc:PayableAmount", ">1.210,00</cbc:PayableAmount")]),
    "totals": e_invoice(changes=[(">1210.00</cbc:PayableAmount", ">1209.00</cbc:PayableAmount")]),
    "vat_total": e_invoice(
        changes=[
            (
                '<cac:TaxTotal><cbc:TaxAmount currencyID="EUR">210.00',
                '<cac:TaxTotal><cbc:TaxAmount currencyID="EUR">210.01',
            )
        ]
    ),
    "vat_base": e_invoice(changes=[(">1000.00</cbc:TaxableAmount", ">999.00</cbc:TaxableAmount")]),
    "vat_amount": e_invoice(lines=(("1000.00", "AE", "21"),)),
    "category": e_invoice(lines=(("1000.00", "XX", "21"),)),
    "other_company": e_invoice(buyer=STRANGER),
    "negative": e_invoice(lines=(("-10.00", "S", "21"),)),
    "empty": b"",
    "kind": b"MZ\x90 a program",
    "annex": e_invoice(changes=[("JVBERi0xLjQgaW5zaWRl", "!")]),
    "too_deep": b"<a>" * 200 + b"</a>" * 200,
    "party": e_invoice(seller=("", "BE0866773093")),
    "encoding": b'<?xml version="1.0" encoding="nonsense"?><a/>',
}


@pytest.mark.parametrize("code", BROKEN)
def test_what_is_wrong_is_refused_and_put_aside(boxes, code):
    received, refused = drop(boxes, "horus", a__xml=BROKEN[code])
    assert (received, refused) == ([], [code])
    errors = boxes.folder(number_of("horus")) / "error"
    assert (errors / "a.xml").read_bytes() == BROKEN[code]
    reason = boxes.refused(number_of("horus"))[0]["reason"]
    assert (errors / "a.xml.txt").read_text() == f"{reason}\n"


def test_a_document_comes_once(boxes):
    drop(boxes, "octopus", a__xml=e_invoice())
    received, refused = drop(boxes, "octopus", b__xml=e_invoice(pdf=b"%PDF- another"))
    assert len(received) == 1 and refused == ["duplicate"]
    other = e_invoice(seller=("Another BV", "BE0712345630"))
    received, refused = drop(boxes, "octopus", c__xml=other)
    assert len(received) == 2 and refused == ["duplicate"]


def test_lines_without_vat_where_a_receiver_minds(boxes):
    content = e_invoice(changes=[("ClassifiedTaxCategory", "Other")])
    assert drop(boxes, "horus", a__xml=content)[1] == []
    assert drop(boxes, "expertm", a__xml=content)[1] == ["line_without_vat"]


def test_a_negative_invoice_where_it_is_taken(boxes):
    content = e_invoice(lines=(("-10.00", "S", "21"),))
    [found], refused = drop(boxes, "yuki", a__xml=content)
    assert refused == [] and found["total"] == "-12.10"


# Other files

PICTURES = {"jpeg": b"\xff\xd8\xff\xe0", "png": b"\x89PNG\r\n\x1a\n", "gif": b"GIF89a"}


@pytest.mark.parametrize(
    ("receiver", "takes"),
    [
        ("octopus", {"jpeg", "png"}),
        ("exact", set()),
        ("clearfacts", {"jpeg"}),
        ("basecone", {"jpeg", "png", "gif"}),
    ],
)
def test_pictures(boxes, receiver, takes):
    names = {"jpeg": "a.jpg", "png": "b.png", "gif": "c.gif"}
    received, refused = put(
        boxes, receiver, {name: PICTURES[kind] + b"picture" for kind, name in names.items()}
    )
    assert {row["type"] for row in received} == takes
    assert set(refused) <= {"kind"}


def test_what_a_receiver_does_not_look_at_stays(boxes):
    received, refused = put(boxes, "adsolut", {"a.pdf": PDF, "b.xml.part": b"<", ".c.tmp": b"<"})
    assert (received, refused) == ([], [])
    waiting = boxes.books(number_of("adsolut"))["waiting"]
    assert [(row["name"], row["looked_at"]) for row in waiting] == [
        (".c.tmp", False),
        ("a.pdf", False),
        ("b.xml.part", False),
    ]


def test_a_name_with_another_ending_is_judged_by_its_bytes(boxes):
    assert drop(boxes, "horus", a__xml=PDF) == ([], ["kind"])
    [found], _refused = put(boxes, "octopus", {"b.pdf": e_invoice()})
    assert found["kind"] == "invoice"


def test_forty_megabytes(boxes):
    large = PDF + bytes(40 * MEGABYTE)
    assert drop(boxes, "clearfacts", a__pdf=large) == ([], ["too_large"])
    assert boxes.refused(number_of("clearfacts"))[0]["size"] == len(large)
    assert len(drop(boxes, "exact", a__pdf=large)[0]) == 1


def test_a_pdf_with_a_password(boxes):
    locked = PDF + b" /Encrypt 5 0 R"
    assert drop(boxes, "clearfacts", a__pdf=locked) == ([], ["locked"])
    assert len(drop(boxes, "octopus", a__pdf=locked)[0]) == 1


def test_a_pdf_beside_its_e_invoice(boxes):
    files = {"INV_1.xml": e_invoice(), "INV_1.pdf": PDF}
    [merged], _refused = put(boxes, "yuki", files)
    put(boxes, "yuki", {"INV_2.xml": e_invoice("2")})
    _first, later = put(boxes, "yuki", {"INV_2.pdf": PDF})[0]
    assert later["annexes"][1] == {**merged["annexes"][1], "name": "INV_2.pdf"}
    assert [annex.get("beside", False) for annex in merged["annexes"]] == [False, True]
    received, _refused = put(boxes, "basecone", files)
    assert sorted(row["kind"] for row in received) == ["file", "invoice"]


# ZIP


def test_a_zip_where_it_is_taken(boxes):
    content = packed({"a.xml": e_invoice("1"), "b.xml": e_invoice("2"), "folder/": b""})
    received, _refused = put(boxes, "horus", {"batch.zip": content})
    assert [row["name"] for row in received] == ["batch.zip/a.xml", "batch.zip/b.xml"]
    assert put(boxes, "octopus", {"batch.zip": content}) == ([], ["kind"])
    assert put(boxes, "adsolut", {"batch.zip": content}) == ([], [])


def locked_zip():
    content = bytearray(packed({"a.xml": e_invoice()}))
    for signature, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(signature) + place] |= 1
    return bytes(content)


ZIPS = {
    "zip_name": packed({"../../a.xml": e_invoice()}),
    "zip_bomb": packed({"a.xml": bytes(20 * MEGABYTE)}),
    "zip_files": packed({f"{number}.xml": b"<a/>" for number in range(501)}),
    "zip_in_zip": packed({"a.zip": packed({"a.xml": e_invoice()})}),
    "zip_locked": locked_zip(),
    "zip": packed({"a.xml": e_invoice()})[:-30],
}


@pytest.mark.parametrize("code", ZIPS)
def test_a_zip_that_is_not_taken(boxes, code):
    assert put(boxes, "horus", {"a.zip": ZIPS[code]}) == ([], [code])
    assert not (boxes.folders.parent / "a.xml").exists()


@pytest.mark.parametrize("name", ["/etc/a.xml", "..\\a.xml", "C:\\a.xml"])
def test_names_that_lead_elsewhere(boxes, name):
    assert put(boxes, "horus", {"a.zip": packed({name: e_invoice()})}) == ([], ["zip_name"])


def test_a_zip_is_taken_whole_or_not_at_all(boxes):
    content = packed({"a.xml": e_invoice("1"), "b.xml": BROKEN["totals"]})
    assert put(boxes, "horus", {"batch.zip": content}) == ([], ["totals"])


def test_a_folder_of_files(boxes):
    for receiver, taken in (("octopus", 2), ("horus", 0)):
        folder = boxes.folder(number_of(receiver))
        for name in ("00001", ".00002.tmp"):
            (folder / name).mkdir()
            (folder / name / "a.xml").write_bytes(e_invoice(f"{name}-1"))
            (folder / name / "b.xml").write_bytes(e_invoice(f"{name}-2"))
        boxes.receive()
        assert len(boxes.received(number_of(receiver))) == taken
        assert (folder / "00001").exists() is not bool(taken)
        assert (folder / ".00002.tmp" / "a.xml").exists()
