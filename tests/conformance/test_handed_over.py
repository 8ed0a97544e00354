"""Packages of files: what is handed over is in the books as it was meant, once, and what the
receiver refuses is told."""

from dataclasses import replace

import pytest

pytestmark = pytest.mark.handed_over
KINDS = ("sale", "sale_refund", "purchase", "purchase_refund")


def made(build, kind, **changes):
    return getattr(build, kind)(**changes)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_told_apart(package_case, package, build, kind):
    document = made(build, kind)
    [key] = package_case.receive(document)
    assert package_case.kind_and_number(key) == (kind, document.number)
    package_case.check(document, key, package)


def test_a_batch_of_every_kind(package_case, package, build):
    documents = [made(build, kind) for kind in KINDS]
    keys = package_case.receive(*documents)
    assert len(keys) == len(documents)
    for document, key in zip(documents, keys, strict=True):
        package_case.check(document, key, package)


def test_every_kind_it_hands_over_has_a_document(package):
    assert package.capabilities.handed_over == frozenset(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_in_another_currency(package_case, package, build, kind):
    document = made(build, kind, currency="USD")
    [key] = package_case.receive(document)
    package_case.check(document, key, package)


def test_reverse_charge_has_no_vat_to_pay(package_case, package, build):
    codes = package_case.codes
    line = build.line(codes.cost, codes.purchase_co_contractor, "3600", 21, owed=True, share=100)
    document = build.document("purchase", [line])
    [key] = package_case.receive(document)
    package_case.check(document, key, package)


def test_its_files_arrive_whole(package_case, build):
    annexes = package_case.annexes
    [key] = package_case.receive(build.purchase(), annexes=annexes)
    files = package_case.files(key)
    assert files and all(name and len(checksum) == 64 for name, checksum in files)
    assert {file.checksum for file in annexes} <= {checksum for _name, checksum in files}


def test_the_same_document_is_not_there_twice(package_case, build):
    if not package_case.knows_what_came:
        pytest.skip("what comes twice is there twice")
    document = build.sale()
    [key] = package_case.receive(document)
    assert package_case.receive(document) == []
    assert package_case.keys() == [key]
    [(number, words)] = package_case.refused()
    assert number == document.number and words


def test_the_same_number_of_another_supplier_is_another_document(package_case, build):
    bill = build.purchase()
    other = replace(bill.party, name="Ander BV", vat_number="BE0712345630")
    assert len(package_case.receive(bill)) == 1
    assert len(package_case.receive(replace(bill, party=other))) == 1
    assert package_case.refused() == []


def test_a_refused_file_is_told_and_holds_up_nothing(package_case, package, build):
    first, last = build.sale(), build.sale("50.00")
    wrong = package_case.spoiled(build.sale())
    keys = package_case.receive(first, wrong, last)
    assert [package_case.kind_and_number(key)[1] for key in keys] == [first.number, last.number]
    [(number, words)] = package_case.refused()
    assert number == wrong.number and words


def test_corrected_it_is_taken(package_case, package, build):
    document = build.sale()
    assert package_case.receive(package_case.spoiled(document)) == []
    [key] = package_case.receive(document)
    package_case.check(document, key, package)


def test_nothing_is_asked_of_a_service(package_case, package, build):
    """The methods about documents give nothing, and write nothing."""
    package.test_sign_in()
    assert package.list_administrations() == []
    assert package.find_document(build.sale(), "1") == []
    assert package.read_document("1") is None
    for call in (
        lambda: package.create_document(build.sale(), "1"),
        lambda: package.save_party(build.party(), None),
        lambda: package.attach_file("1", None),
    ):
        with pytest.raises(NotImplementedError):
            call()
    assert package_case.keys() == []
