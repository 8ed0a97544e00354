"""What the addon finds in a broken file before it leaves, the import finds as well."""

from __future__ import annotations

import pytest
from odoo.addons.accountable_connect_winbooks.tests.broken_files import LINKER

from sandbox.winbooks_desktop import serve
from sandbox.winbooks_desktop.linker import Linker
from sandbox.winbooks_desktop.switches import SWITCHES

DEFAULTS = {name: default for name, (default, _words) in SWITCHES.items()}
# What the import finds instead: it has no such folder, or takes another way to it.
OTHERWISE = {
    "DBK_TYP": set(),  # the journal is of this type here
    "DOC_NUM": {"OPE_MIS"},  # lines of one number are one document, with two customers
    "FLD_MISS": {"ACC_FLD"},  # fewer than any layout has
    "LOCKPER": {"OUT_DAT"},  # the period is open here
    "MAT_ERR": set(),  # it looks at sets that are matched only
}


@pytest.fixture(scope="module", name="folder")
def fixture_folder():
    with serve() as running:
        yield running.winbooks.administration(91001)


@pytest.mark.parametrize("code", LINKER)
def test_the_import_finds_it_as_well(folder, code):
    linker = Linker(lambda _short: folder, DEFAULTS)
    linker.log_in()
    linker.open_folder("VANDERS")
    linker.open_book_year("2026")
    broken = LINKER[code]
    linker.set({"ACT.TXT": b"".join(broken.act), "CSF.TXT": b"".join(broken.csf)}, 11)
    found = {one.code for one in linker.test().findings} - {""}
    assert found >= OTHERWISE.get(code, {code})
    assert code in found or code in OTHERWISE
