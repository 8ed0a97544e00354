"""What a list or row holds is as documented, or the error says so."""

from contextlib import contextmanager

from odoo.addons.accountable_connect.api.errors import OutcomeUnknownError, TemporaryError


@contextmanager
def documented_form(entity: str, written: bool = False):
    """Turns what goes wrong inside while an answer is read into an error of the package;
    ``written``: the answer told what a write did."""
    try:
        yield
    except (KeyError, TypeError, AttributeError, ValueError, ArithmeticError) as error:
        kind = OutcomeUnknownError if written else TemporaryError
        raise kind(
            f"Exact, {entity}: unexpected form ({type(error).__name__}: {error})", code="no_json"
        ) from error
