"""Each code that a file can be refused for says what it concerns, and has a sentence whose values
are told."""

import re
from pathlib import Path

import odoo.addons.accountable_connect_winbooks as addon
import pytest
from odoo.addons.accountable_connect.api.concerns import CODE_IN
from odoo.addons.accountable_connect.api.concerns import CONCERNS as KNOWN
from odoo.addons.accountable_connect_winbooks import concerns, entering
from odoo.addons.accountable_connect_winbooks.api.entry import REFUSED
from odoo.addons.accountable_connect_winbooks.api.validator.codes import (
    LINKER,
    ONLY_THE_IMPORT,
    WEIGHTS,
)
from odoo.addons.accountable_connect_winbooks.sentences import CODES, SENTENCES

from .act_csf import check
from .broken_files import BROKEN

PLACE = Path(addon.__file__).parent
# What is told of each finding, besides what it says itself.
ALWAYS = {"document", "journal", "number", "third", "file", "line"}


def test_each_code_that_can_be_found_has_a_sentence():
    assert set(SENTENCES) == (set(WEIGHTS) - set(ONLY_THE_IMPORT)) | REFUSED - set(
        entering.SENTENCES
    )


def test_each_code_of_the_import_has_a_meaning():
    assert set(CODES) == set(LINKER)
    for code, (fatal, meaning) in CODES.items():
        assert fatal is LINKER[code]
        assert "%" not in meaning.data["source"]


def test_each_code_concerns_something():
    assert set(concerns.CONCERNS) == set(SENTENCES)
    assert set(concerns.CODES) <= KNOWN
    codes = [code for codes in concerns.CODES.values() for code in codes]
    assert len(codes) == len(set(codes))


@pytest.mark.parametrize("code", BROKEN)
def test_a_sentence_names_what_is_told(code):
    broken = BROKEN[code]
    found = check(broken.act, broken.csf, broken.folder)
    told = [set(one.values) | ALWAYS for one in found if one.code == code]
    named = set(re.findall(r"%\((\w+)\)s", SENTENCES[code].data["source"]))
    if concerns.CONCERNS[code] in CODE_IN:
        named.add(CODE_IN[concerns.CONCERNS[code]])
    assert all(named <= values for values in told)
