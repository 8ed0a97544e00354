"""Reading a booking back, changing it, and its files."""

import hashlib
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from odoo.addons.accountable_connect.api.errors import (
    DataRefusedError,
    OutcomeUnknownError,
    PackageError,
    TemporaryError,
)
from odoo.addons.accountable_connect.documents import File

from . import case as words
from .test_documents import purchases, sales

# About answers: it has no meaning where nothing answers.
pytestmark = pytest.mark.live

PDF = b"%PDF-1.4 one page" * 100


def file(name="INV-2026-00001.pdf", content=PDF, key="ir.attachment,1"):
    return File(key=key, name=name, media_type="application/pdf", content=content)


def every_kind(build):
    return [
        build.document(kind, lines)
        for kind, lines, _boxes in [*sales(build).values(), *purchases(build).values()]
    ]


def test_version_is_the_same_when_nobody_changed_it(package_case, package, build, book):
    written = [book(document) for document in every_kind(build)]
    with package_case.open() as next_run:
        for stored in written:
            read = next_run.read_document(stored.key)
            assert read.version == stored.version, stored
            assert read == stored


def test_reading_many_costs_few_calls(package_case, package, build, book):
    keys = [book(build.sale()).key for _document in range(5)]
    with package_case.open() as next_run:
        before = package_case.budget.total
        assert all(next_run.read_document(key) for key in keys)
        assert package_case.budget.total - before <= package_case.calls_to_read


def test_version_tells_that_the_accountant_recoded(package_case, build, book):
    stored = book(build.sale())
    package_case.recode(stored.key, package_case.codes.other_revenue)
    with package_case.open() as next_run:
        read = next_run.read_document(stored.key)
        assert read.version != stored.version
        package_case.recode(stored.key, package_case.codes.revenue)
    with package_case.open() as next_run:
        assert next_run.read_document(stored.key).version == stored.version


def test_payment_does_not_change_the_version(package_case, build, book):
    stored = book(build.sale())
    package_case.pay(stored.key)
    with package_case.open() as next_run:
        assert next_run.read_document(stored.key).version == stored.version


def test_deleted_booking_is_gone(package_case, build, book):
    kept, gone = book(build.sale()), book(build.sale())
    package_case.delete(gone.key)
    with package_case.open() as next_run:
        assert next_run.read_document(gone.key) is None
        assert next_run.read_document(kept.key)


def test_last_booking_deleted_leaves_nothing(package_case, build, book):
    stored = book(build.purchase())
    package_case.delete(stored.key)
    with package_case.open() as next_run:
        assert next_run.read_document(stored.key) is None


def test_update(package_case, package, build, book, customer):
    if not package.capabilities.update_document:
        pytest.skip("the package cannot")
    document = build.sale("100.00")
    stored = book(document)
    changed = replace(
        build.sale("150.00"), number=document.number, own_reference=document.own_reference
    )
    updated = package.update_document(stored.key, changed, customer)
    assert updated.key == stored.key
    assert updated.version != stored.version
    assert package_case.keys() == [stored.key]
    package_case.check(changed, stored.key, package)
    with package_case.open() as next_run:
        assert next_run.read_document(stored.key).version == updated.version


@pytest.mark.parametrize("counts", [(1, 3), (3, 1), (2, 2)])
@pytest.mark.parametrize("kind", ["sale", "sale_refund", "purchase"])
def test_update_with_other_lines(
    package_case, package, build, book, customer, supplier, kind, counts
):
    if not package.capabilities.update_document:
        pytest.skip("the package cannot")
    codes = package_case.codes

    def lines(count, amount):
        if kind == "purchase":
            account, code, share = codes.cost, codes.purchase[21], 100
        else:
            account, code, share = codes.revenue, codes.sale[21], None
        return [
            build.line(account, code, amount + number, 21, share=share) for number in range(count)
        ]

    before, after = counts
    document = build.document(kind, lines(before, 100))
    stored = book(document)
    changed = build.document(
        kind, lines(after, 40), number=document.number, own_reference=document.own_reference
    )
    party = customer if changed.is_sale else supplier
    updated = package.update_document(stored.key, changed, party)
    assert package_case.keys() == [stored.key]
    package_case.check(changed, stored.key, package)
    with package_case.open() as next_run:
        assert next_run.read_document(stored.key) == updated


def test_update_that_changes_nothing(package_case, package, build, book, customer):
    if not package.capabilities.update_document:
        pytest.skip("the package cannot")
    document = build.sale("100.00")
    stored = book(document)
    assert package.update_document(stored.key, document, customer).version == stored.version
    package_case.check(document, stored.key, package)


def test_what_is_paid_or_processed_stays(package_case, package, build, book, customer):
    if not package_case.guards_matched:
        pytest.skip("the package changes what is matched")
    paid, processed = book(build.sale("100.00")), book(build.sale("100.00"))
    package_case.pay(paid.key)
    package_case.process(processed.key)
    for stored in (paid, processed):
        with pytest.raises(DataRefusedError) as caught:
            package.update_document(stored.key, build.sale("150.00"), customer)
        assert caught.value.code == "processed"
        if package.capabilities.remove_document:
            assert package.remove_document(stored.key) is False
        assert package.read_document(stored.key) == stored


def test_remove(package_case, package, build, book):
    if not package.capabilities.remove_document:
        pytest.skip("the package cannot")
    kept, gone = book(build.purchase()), book(build.purchase())
    assert package.remove_document(gone.key) is True
    assert package_case.keys() == [kept.key]
    assert package.read_document(gone.key) is None
    assert package.remove_document(gone.key) is True


def test_what_lies_in_a_closed_period_is_not_removed(package_case, package, build, book):
    """Its opposite in an open period is a credit note, with the date of the document."""
    bill = build.purchase()
    stored = book(bill)
    package_case.close_period(bill.accounting_date)
    if package.capabilities.remove_document:
        assert package.remove_document(stored.key) is False
    assert package_case.keys() == [stored.key]
    opposite = replace(
        build.purchase_refund("250.00"),
        document_date=bill.document_date,
        accounting_date=bill.accounting_date.replace(month=4, day=1),
        own_reference=f"{bill.own_reference}-reverse-1",
    )
    undone = book(opposite)
    assert (undone.kind, undone.document_date) == ("purchase_refund", bill.document_date)
    package_case.check(opposite, undone.key, package)
    boxes = {box: amount for box, amount in package_case.boxes(undone.key).items() if amount}
    assert boxes == {"82": -250, "85": 250, "63": Decimal("52.50")}


@pytest.mark.parametrize("place", ["journal", "year"])
def test_a_booking_moves_to_no_other_place(package_case, package, build, book, customer, place):
    if not package.capabilities.update_document:
        pytest.skip("the package cannot")
    document = build.sale("100.00")
    stored = book(document)
    if place == "journal":
        elsewhere = replace(document, journal=package_case.codes.other_sale_journal)
    else:
        elsewhere = build.dated(document, date(package_case.year - 1, 12, 10))
    with pytest.raises(DataRefusedError) as caught:
        package.update_document(stored.key, elsewhere, customer)
    assert caught.value.code == "moved"
    assert package.read_document(stored.key) == stored


def test_update_with_another_currency_and_date(package_case, package, build, book, customer):
    if not package.capabilities.update_document:
        pytest.skip("the package cannot")
    document = build.sale("100.00")
    stored = book(document)
    changed = build.dated(
        replace(
            build.document(
                "sale",
                [
                    build.line(
                        package_case.codes.revenue,
                        package_case.codes.sale[6],
                        "100",
                        6,
                        to_company=lambda amount: (amount / Decimal("1.0850")).quantize(
                            Decimal("0.01")
                        ),
                    )
                ],
                currency="USD",
                rate=Decimal("1.0850"),
            ),
            number=document.number,
            own_reference=document.own_reference,
        ),
        date(package_case.year, 5, 4),
    )
    updated = package.update_document(stored.key, changed, customer)
    assert package_case.keys() == [stored.key]
    assert (updated.currency, updated.total) == ("USD", Decimal("106.00"))
    package_case.check(changed, stored.key, package)


def test_update_without_an_answer(package_case, package, build, book, customer):
    if not package.capabilities.update_document:
        pytest.skip("the package cannot")
    stored = book(build.sale("100.00"))
    package_case.fault(words.UPDATE_DOCUMENT, words.ANSWER_LOST)
    with pytest.raises(OutcomeUnknownError):
        package.update_document(stored.key, build.sale("150.00"), customer)
    read = package.read_document(stored.key)
    assert read.version != stored.version


def test_update_of_a_booking_that_is_gone(package_case, package, build, book, customer):
    if not package.capabilities.update_document:
        pytest.skip("the package cannot")
    stored = book(build.sale("100.00"))
    package_case.delete(stored.key)
    with pytest.raises(PackageError):
        package.update_document(stored.key, build.sale("150.00"), customer)
    assert package_case.keys() == []


def test_file_with_the_document(package_case, package, build, book):
    if not package.capabilities.files_with_document:
        pytest.skip("the package cannot")
    xml = file("original.xml", "<Invoice>€</Invoice>".encode(), "ir.attachment,2")
    stored = book(build.purchase(files=(file(), xml)))
    assert sorted(package_case.files(stored.key)) == sorted(
        (one.name, one.checksum) for one in (file(), xml)
    )


def test_file_afterwards(package_case, package, build, book):
    if not package.capabilities.files_afterwards:
        pytest.skip("the package cannot")
    stored = book(build.sale())
    package.attach_file(stored.key, file())
    assert package_case.files(stored.key) == [(file().name, hashlib.sha256(PDF).hexdigest())]


@pytest.mark.parametrize("with_document", [True, False])
@pytest.mark.parametrize("kind", ["sale", "purchase"])
def test_files_of_a_booking_have_one_place(package_case, package, build, book, kind, with_document):
    """Whatever the package makes by itself, and whichever file came first."""
    files = (file("first.pdf", key="ir.attachment,9"),) if with_document else ()
    stored = book(getattr(build, kind)(files=files))
    if package_case.file_places(stored.key) is None:
        pytest.skip("its files hang on the booking itself")
    place = stored.file_place
    for number in range(2):
        later = file(f"later {number}.pdf", key=f"ir.attachment,{number}")
        place = package.attach_file(stored.key, later, place=place)
    assert package_case.file_places(stored.key) == [place]
    assert len(package_case.files(stored.key)) == 2 + len(files)
    if kind == "purchase":
        package.attach_file(stored.key, file("without a place.pdf", key="ir.attachment,7"))
        assert package_case.file_places(stored.key) == [place]


def test_empty_file_does_not_hold_up_the_document(package_case, package, build, book):
    empty = file(content=b"")
    stored = book(build.purchase(files=(empty,)))
    assert package_case.files(stored.key) == []
    with pytest.raises(DataRefusedError):
        package.attach_file(stored.key, empty)


@pytest.mark.parametrize(
    "name", ["Facture n° 12 – été 🌞.pdf", "x" * 300 + ".pdf", "../../etc/passwd", "a/b\\c.pdf"]
)
def test_any_file_name(package_case, package, build, book, name):
    stored = book(build.sale())
    package.attach_file(stored.key, file(name))
    ((held, checksum),) = package_case.files(stored.key)
    assert checksum == file().checksum
    assert held and "/" not in held and "\\" not in held
    assert not name.endswith(".pdf") or held.endswith(".pdf")


def test_large_file(package_case, package, build, book):
    large = file(content=bytes(range(256)) * 4096 * 6)
    stored = book(build.purchase(files=(large,)))
    assert package_case.files(stored.key) == [(large.name, large.checksum)]


def test_file_for_a_booking_that_is_gone(package_case, package, build, book):
    stored = book(build.sale())
    package_case.delete(stored.key)
    with pytest.raises(DataRefusedError):
        package.attach_file(stored.key, file())


def test_file_without_an_answer(package_case, package, build, book):
    stored = book(build.sale())
    package_case.fault(words.ATTACH_FILE, words.ANSWER_LOST)
    with pytest.raises((OutcomeUnknownError, TemporaryError)):
        package.attach_file(stored.key, file())
    assert len(package_case.files(stored.key)) == 1


@pytest.mark.parametrize("kind", [words.ANSWER_LOST, words.NOTHING_DONE])
@pytest.mark.parametrize("with_document", [False, True])
def test_file_again_is_there_once(package_case, package, build, book, kind, with_document):
    if not package.capabilities.finds_files:
        pytest.skip("the package cannot look")
    files = (file("first.pdf", key="ir.attachment,9"),) if with_document else ()
    stored = book(build.sale(files=files))
    place = stored.file_place
    package_case.fault(words.ATTACH_FILE, kind)
    with pytest.raises((OutcomeUnknownError, TemporaryError)):
        package.attach_file(stored.key, file(), place=place)
    place = package_case.once_settled(
        lambda: package.attach_file(stored.key, file(), place=place, again=True)
    )
    assert sorted(name for name, _checksum in package_case.files(stored.key)) == sorted(
        [file().name, *(one.name for one in files)]
    )
    assert package.attach_file(stored.key, file(), place=place, again=True) == place
    assert len(package_case.files(stored.key)) == 1 + len(files)


@pytest.mark.parametrize("target", [words.ATTACH_FILE, words.CREATE_DOCUMENT])
@pytest.mark.parametrize("kind", [words.ANSWER_LOST, words.NOTHING_DONE])
def test_what_an_earlier_try_left_behind_is_used(
    package_case, package, build, supplier, target, kind
):
    if not (package.capabilities.finds_files and package.capabilities.files_with_document):
        pytest.skip("the files travel in the same call")
    bill = build.purchase(files=(file(),))
    package_case.fault(target, kind)
    with pytest.raises((OutcomeUnknownError, TemporaryError)):
        package.create_document(bill, supplier)
    found = package.find_document(bill, supplier)
    if not found:
        found = [
            package_case.once_settled(lambda: package.create_document(bill, supplier, again=True))
        ]
    (stored,) = found
    assert package_case.keys() == [stored.key]
    assert package_case.files(stored.key) == [(file().name, file().checksum)]
    assert package.attach_file(stored.key, file(), place=stored.file_place, again=True)
    assert len(package_case.files(stored.key)) == 1


@pytest.mark.parametrize("kind", [words.HTML, words.GARBAGE, words.EMPTY, words.HUGE])
def test_senseless_answer_is_not_taken_for_an_empty_journal(package_case, build, book, kind):
    stored = book(build.sale())
    package_case.fault(words.READ_DOCUMENTS, kind)
    with package_case.open() as next_run:
        with pytest.raises(TemporaryError):
            next_run.read_document(stored.key)
        assert next_run.read_document(stored.key)
