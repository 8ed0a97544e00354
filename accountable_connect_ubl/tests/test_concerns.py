"""Each code says what it concerns, and what the code says has a sentence."""

import ast
from pathlib import Path

import odoo.addons.accountable_connect_ubl as addon
from odoo.addons.accountable_connect.api.concerns import CONCERNS
from odoo.addons.accountable_connect_ubl import concerns
from odoo.addons.accountable_connect_ubl.sentences import SENTENCES

PLACE = Path(addon.__file__).parent


def test_each_code_concerns_something():
    assert set(concerns.CONCERNS) == set(SENTENCES)
    assert set(concerns.CODES) <= CONCERNS


def test_no_code_concerns_two_things():
    codes = [code for codes in concerns.CODES.values() for code in codes]
    assert len(codes) == len(set(codes))


def test_what_a_receiver_does_not_take_has_a_sentence():
    tree = ast.parse((PLACE / "api" / "taken.py").read_text())
    codes = {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and node.value.startswith("file_")
        and node.value.isidentifier()
    }
    assert codes
    assert codes <= set(SENTENCES)
