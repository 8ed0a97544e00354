"""A refused token is renewed once."""

import pytest
from odoo.addons.accountable_connect.api.errors import AuthorisationLostError
from odoo.addons.accountable_connect.api.http.refused_token import TokenRefused, with_token


def answering(*good):
    """A call that takes these tokens only, and the tokens it was given."""
    given = []

    def call(token):
        given.append(token)
        if token not in good:
            raise TokenRefused(AuthorisationLostError(f"{token} is refused"), says_expired=True)
        return f"answer to {token}"

    return call, given


def test_good_token_is_not_renewed():
    call, given = answering("first")
    assert with_token("first", pytest.fail, call) == "answer to first"
    assert given == ["first"]


def test_refused_token_is_renewed_once():
    call, given = answering("second")
    reasons = []

    def renewed(refused):
        reasons.append(refused.says_expired)
        return "second"

    assert with_token("first", renewed, call) == "answer to second"
    assert (given, reasons) == (["first", "second"], [True])


def test_second_refusal_ends_it():
    call, given = answering()
    with pytest.raises(AuthorisationLostError, match="second is refused"):
        with_token("first", lambda refused: "second", call)
    assert given == ["first", "second"]
