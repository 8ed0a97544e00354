"""Whatever sound documents the addon writes, its own check passes them, and the import reads the
same accounts, codes, amounts, dates, customers and suppliers out of them."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

import pytest
from hypothesis import given, settings
from odoo.addons.accountable_connect_winbooks.api.options import NEGATIVE, WHOLE_VAT
from odoo.addons.accountable_connect_winbooks.api.package import WinBooksPackage
from odoo.addons.accountable_connect_winbooks.tests.entries import parcel
from odoo.addons.accountable_connect_winbooks.tests.random_documents import FOLDER, OPTIONS, batches

from sandbox.winbooks_desktop import serve
from sandbox.winbooks_desktop.booking import entry_of
from sandbox.winbooks_desktop.linker import OK, Linker
from sandbox.winbooks_desktop.switches import SWITCHES

NUMBER, SHORT, YEAR, PERIOD = 91001, "VANDERS", "2026", 3
OWED, DEDUCTED = "451", "411"
# debit positive
SIGNS = {"sale": 1, "sale_refund": -1, "purchase": -1, "purchase_refund": 1}
DEFAULTS = {name: default for name, (default, _words) in SWITCHES.items()}


@pytest.fixture(scope="module", name="folder")
def fixture_folder():
    with serve() as running:
        yield running.winbooks.administration(NUMBER)


def read(folder, switches, files):
    linker = Linker(lambda _short: folder, switches)
    assert (linker.log_in(), linker.open_folder(SHORT), linker.open_book_year(YEAR)) == (OK,) * 3
    linker.set(files, PERIOD)
    return linker.test()


@given(batches(), OPTIONS)
@settings(max_examples=40, deadline=None)
def test_any_batch_is_read_as_it_was_meant(folder, deliveries, options):

    # the office has the answers that these settings are for
    switches = {
        **DEFAULTS,
        "second_leg": "given" if options.second_leg else "added",
        "credit_note_base": options.credit_note_base,
        "without_operation_code": "keep",
    }
    files = {
        one.name: one.content for one in WinBooksPackage(options, FOLDER).write(parcel(*deliveries))
    }
    tested = read(folder, switches, files)
    assert tested.fatal == []
    assert len(tested.documents) == len(deliveries)
    known = folder.known(10)
    for delivery, found in zip(deliveries, tested.documents, strict=True):
        built = delivery.document
        assert (found.journal, str(found.number)) == (built.journal, delivery.given["number"])
        entry = entry_of(found, known, switches)
        assert by_account(entry.lines) == expected(built, options)
        assert head_of(entry) == head_expected(delivery)
        assert bases_of(found) == bases_expected(built, options)
        if options.second_leg:
            assert in_currency(entry.lines) == (SIGNS[built.kind] * built.total, 0)
    rows = {tuple(delivery.given["third_row"]) for delivery in deliveries}
    sent = {(one.kind, one.number): one.record for one in tested.thirds}
    # two documents of one customer bring the record that the first of them has
    assert len(sent) == len({row[:2] for row in rows})
    for (kind, number), record in sent.items():
        assert any(
            (number, kind, record.get("NAME1", ""), record.get("CITY", ""))
            == (row[0], row[1], row[2], row[16])
            for row in rows
        )


def by_account(lines):
    """Account, of VAT its group → euro."""
    found = defaultdict(Decimal)
    for line in lines:
        account = line.account[:3] if line.account[:3] in (OWED, DEDUCTED) else line.account
        found[account] += line.amount
    return {account: amount for account, amount in found.items() if amount}


def in_currency(lines):
    """What the third owes in the currency of the document, and what all lines come to."""
    of_third = sum(line.document_amount for line in lines if line.role == "party")
    return of_third, sum(line.document_amount for line in lines)


def expected(built, options):
    """What the books of Odoo say, debit positive."""
    found = defaultdict(Decimal)
    sign = SIGNS[built.kind]
    found["400000" if built.is_sale else "440000"] += sign * built.total_company
    for line in built.lines:
        vat = line.vat_invoiced_company + line.vat_owed_company
        on_vat_line = vat
        if not built.is_sale and options.partly_deductible != WHOLE_VAT:
            on_vat_line = line.vat_deductible_company
        found[line.ledger_account] -= sign * (line.base_company + vat - on_vat_line)
        found[OWED if built.is_sale else DEDUCTED] -= sign * on_vat_line
        found[OWED] += sign * line.vat_owed_company
    return {account: amount for account, amount in found.items() if amount}


def head_of(entry):
    document = entry.document
    return (
        document.date,
        document.payload["document_date"],
        document.due_date,
        document.party,
        document.currency,
        document.total,
    )


def head_expected(delivery):
    built, third = delivery.document, delivery.given["third"]
    sign = SIGNS[built.kind]
    return (
        str(built.accounting_date),
        str(built.document_date),
        str(built.due_date),
        f"{1 if built.is_sale else 2}/{third}",
        built.currency,
        sign * built.total_company,
    )


def bases_of(found):
    """VAT code → base."""
    bases = defaultdict(Decimal)
    for record in found.records:
        if record.text("VATCODE"):
            bases[record.text("VATCODE")] += record.amount("VATBASE")
    return {code: base for code, base in bases.items() if base}


def bases_expected(built, options):
    bases = defaultdict(Decimal)
    sign = -1 if built.is_refund and options.credit_note_base == NEGATIVE else 1
    for line in built.lines:
        if line.vat_code:
            bases[line.vat_code] += sign * line.base_company
    return {code: base for code, base in bases.items() if base}
