"""Each error of Octopus says what it concerns, so that its button leads there."""

from odoo.addons.accountable_connect.api.concerns import CONCERNS
from odoo.addons.accountable_connect_octopus import concerns
from odoo.addons.accountable_connect_octopus.api.refusals import ERROR_BY_CODE
from odoo.addons.accountable_connect_octopus.sentences import SENTENCES

# "-4" and "-6": the dossier could not be opened just now, which is tried again.
WITHOUT_SENTENCE = {"-4", "-6"}


def test_each_code_concerns_something():
    codes = set(SENTENCES) | {str(code) for code in ERROR_BY_CODE} - WITHOUT_SENTENCE
    assert set(concerns.CONCERNS) == codes
    assert set(concerns.CODES) <= CONCERNS


def test_no_code_concerns_two_things():
    codes = [code for codes in concerns.CODES.values() for code in codes]
    assert len(codes) == len(set(codes))
