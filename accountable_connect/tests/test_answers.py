"""An answer of another form than documented: temporary when it was read, unknown when written."""

import pytest
from odoo.addons.accountable_connect.api.errors import OutcomeUnknownError, TemporaryError
from odoo.addons.accountable_connect.api.http.answers import documented_form


@pytest.mark.parametrize(
    ("written", "error"), [(False, TemporaryError), (True, OutcomeUnknownError)]
)
@pytest.mark.parametrize(
    "read",
    [
        lambda: {}["key"],
        lambda: int(None),
        lambda: None.strip(),
        lambda: int("x"),
        lambda: 1 / 0,
    ],
)
def test_unexpected_form(written, error, read):
    with pytest.raises(error) as caught, documented_form("journals", written=written):
        read()
    assert caught.value.code == "no_json"
    assert str(caught.value).startswith("journals: unexpected form")


def test_errors_of_the_package_pass():
    with pytest.raises(TemporaryError, match="busy"), documented_form("journals", written=True):
        raise TemporaryError("busy")
