"""The validator: sound files pass, and each code finds the file that breaks it."""

from dataclasses import replace

import pytest
from odoo.addons.accountable_connect_winbooks.api.folder import Folder
from odoo.addons.accountable_connect_winbooks.api.options import NEGATIVE, WHOLE_VAT, Options
from odoo.addons.accountable_connect_winbooks.api.validator.codes import (
    LINKER,
    ONLY_THE_IMPORT,
    WEIGHTS,
)

from .act_csf import FOLDER, PURCHASE, SALE_REFUND, SOUND, THIRDS, changed, check, entry
from .broken_files import BROKEN


@pytest.mark.parametrize("name", SOUND)
@pytest.mark.parametrize("folder", [FOLDER, Folder()], ids=["known", "unknown"])
def test_a_sound_document_passes(name, folder):
    assert check(SOUND[name], folder=folder) == []


def test_sound_documents_pass_together():
    assert check([line for document in SOUND.values() for line in document]) == []


def test_values_need_no_quotation_marks():
    lines = [line for document in SOUND.values() for line in document]
    assert check([line.replace(b'"', b"") for line in lines]) == []
    assert check(lines, [line.replace(b'"', b"") for line in THIRDS]) == []


@pytest.mark.parametrize("count", [19, 27, 36, 38, 45])
def test_other_exporters_write_more_or_fewer_columns(count):
    def resized(line):
        values = line[:-2].split(b",")
        return b",".join((values + [b'""'] * 45)[:count]) + b"\r\n"

    lines = [resized(line) for line in SOUND["purchase"]]
    assert check(lines) == []


def test_the_base_of_a_credit_note_can_be_negative():
    options = Options(credit_note_base=NEGATIVE)
    negative = changed(SALE_REFUND, {2}, VATBASE="-100.00")
    assert check(negative, options=options) == []
    assert [one.code for one in check(SALE_REFUND, options=options)] == ["vat_base_sign"]


def test_vat_that_a_code_does_not_treat_so_is_told():
    """Books agree on the entry then, and the return of WinBooks is another one."""
    made_cost = [
        entry("2", "ACH/0", "12", "-605.00", ACCOUNTGL="440000", ACCOUNTRP="SUPP"),
        entry("3", "ACH/0", "12", "605.00", ACCOUNTGL="600000", VATIMPUT="112104"),
        entry("4", "ACH/0", "12", "0.00", VATBASE="500.00", VATCODE="112104"),
    ]
    code = FOLDER.vat_codes["112104"]
    of_none = replace(FOLDER, vat_codes={"112104": replace(code, deductible="none")})
    whole = Options(partly_deductible=WHOLE_VAT)
    assert [one.code for one in check(made_cost)] == ["vat_amount"]
    assert check(made_cost, folder=of_none) == []
    assert [one.code for one in check(PURCHASE, folder=of_none)] == ["vat_amount"]
    assert check(PURCHASE, folder=of_none, options=whole) == []


def test_each_code_has_a_broken_file_or_a_reason():
    """A code that can be known beforehand is not forgotten."""
    assert set(BROKEN) == set(WEIGHTS) - set(ONLY_THE_IMPORT)
    assert set(ONLY_THE_IMPORT) <= set(LINKER)


@pytest.mark.parametrize("code", BROKEN)
def test_a_code_finds_the_file_that_breaks_it(code):
    broken = BROKEN[code]
    found = check(broken.act, broken.csf, broken.folder)
    assert {one.code for one in found} == {code} | broken.also
    one = next(one for one in found if one.code == code)
    assert (one.column, one.line) == (broken.column, broken.line)
    assert one.fatal is (WEIGHTS[code] or code == "DOC_NUM")
    assert one.file == ("CSF" if broken.csf != THIRDS else "ACT")
    if one.line and code not in ("header_row", "empty_line"):
        assert bool(one.third) is (one.file == "CSF") and bool(one.document) is (one.file == "ACT")
