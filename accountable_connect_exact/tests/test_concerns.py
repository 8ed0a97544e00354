"""Each error of Exact Online says what it concerns, so that its button leads there."""

from odoo.addons.accountable_connect.api.concerns import CONCERNS
from odoo.addons.accountable_connect_exact import concerns
from odoo.addons.accountable_connect_exact.api import catalogue
from odoo.addons.accountable_connect_exact.sentences import SENTENCES

# Nothing of what is said of it is ours: Exact's own words are shown.
WITHOUT_SENTENCE = {"refused", "bad_request"}


def test_each_code_concerns_something():
    meant = {code for _error, code in catalogue.RULES.values()}
    meant |= {code for _pattern, _error, code in catalogue.SENTENCES}
    codes = set(SENTENCES) | meant - WITHOUT_SENTENCE
    assert set(concerns.CONCERNS) == codes
    assert set(concerns.CODES) <= CONCERNS


def test_no_code_concerns_two_things():
    codes = [code for codes in concerns.CODES.values() for code in codes]
    assert len(codes) == len(set(codes))
