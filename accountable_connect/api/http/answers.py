"""What a package answered is of the form that is documented, or an error says so."""

from contextlib import contextmanager

from ..errors import OutcomeUnknownError, PackageError, TemporaryError


def no_usable_answer(text: str, *, written: bool, **kwargs) -> PackageError:
    """The error when something was sent and no usable answer came back. ``written``: it could have
    booked something, so that nobody knows what was done."""
    error = OutcomeUnknownError if written else TemporaryError
    return error(text, **kwargs)


@contextmanager
def documented_form(call: str, *, written: bool = False):
    """Turns what goes wrong inside while an answer is read into an error of the package. ``call``
    names it for the log; ``written``: the answer says what a write did."""
    try:
        yield
    except (KeyError, TypeError, AttributeError, ValueError, ArithmeticError) as error:
        raise no_usable_answer(
            f"{call}: unexpected form ({type(error).__name__}: {error})",
            written=written,
            code="no_json",
        ) from error
