"""Where the page of messages says more about an error. It comes with the addon, so that it tells of
this version, and needs no other server; it is made of ``docs/troubleshooting.md``."""

from .errors import DUPLICATE, DuplicateError

PAGE = "/accountable_connect/static/description/troubleshooting.html"


def help_address(kind, code="", package="", codes_of_package=()) -> str:
    """The address of the paragraph for an error, "" without one.

    :param kind: of the error, which has a paragraph for what no code tells
    :param code: of the error, as the item keeps it
    :param package: short name, ``octopus``
    :param codes_of_package: those its own sentences are known by
    """
    if not kind:
        return ""
    # a document of another company has the same code as a party that became another company
    is_own = code != DuplicateError.OTHER_COMPANY or kind == DUPLICATE
    if code and code in codes_of_package and is_own:
        anchor = f"{package}-{code.removeprefix('-')}"
    elif code and code.isidentifier():
        anchor = code
    else:
        anchor = kind
    return f"{PAGE}#{anchor.replace('_', '-')}"
