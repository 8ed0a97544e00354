"""What can go wrong with a package.

::

    PackageError
    ├── TemporaryError           no connection, 5xx: tried again, waits grow
    ├── LimitReachedError        quota used up: tried again not before …, never a failed try
    ├── AuthorisationLostError   sign-in refused: a manager signs in again
    ├── ConfigurationMissingError  mapping, module or right is missing: somebody sets it up
    ├── DataRefusedError         the package refuses the data: somebody corrects the record
    ├── BatchRefusedError        documents of a batch cannot be written; the others can
    ├── PeriodClosedError        book year, period or journal is closed
    ├── DuplicateError           something like it is there already: somebody decides
    ├── NumberTakenError         the reserved number is no longer free: look it up, then a new one
    └── OutcomeUnknownError      no answer: look it up before anything is sent again

    LimitReachedError
    └── MayArriveError           an earlier call may still arrive: this one thing waits

``kind`` names the error kind in the queue. The text of an exception is English and technical, for
the log; the sentence for people comes from ``code`` and ``values`` in the model layer.
"""

from datetime import datetime

from .texts import clean, clean_values

TEMPORARY = "temporary"
LIMIT_REACHED = "limit_reached"
AUTHORISATION_LOST = "authorisation_lost"
CONFIGURATION_MISSING = "configuration_missing"
DATA_REFUSED = "data_refused"
PERIOD_CLOSED = "period_closed"
DUPLICATE = "duplicate"
# a booking is other than Odoo says, or gone: somebody decides what becomes of it
DECISION = "decision"
OUTCOME_UNKNOWN = "outcome_unknown"


class PackageError(Exception):
    """``code``: the package's own code; ``values``: what the sentence names; ``technical``: detail
    for managers, free of secrets; ``request``: method and path of the call. Whatever the package
    says in them can be stored: control characters are left out."""

    kind = DATA_REFUSED
    only_administration = False
    # the booking cannot be changed, because it is matched over there
    is_matched = False
    # the neutral party that was not taken, where the core knows it
    refused_party = None

    def __init__(self, message, *, code="", values=None, technical="", request=""):
        super().__init__(clean(str(message)))
        self.code = clean(str(code))
        self.values = clean_values(values or {})
        self.technical = clean(technical)
        self.request = clean(request)

    def turned_into(self, kind: type["PackageError"], message: str = "") -> "PackageError":
        """An error of another class (one that needs no more than this one) that says the same."""
        return kind(
            message or str(self),
            code=self.code,
            values=self.values,
            technical=self.technical,
            request=self.request,
        )


class TemporaryError(PackageError):
    kind = TEMPORARY


class LimitReachedError(PackageError):
    """``not_before``: naive UTC moment before which trying again is useless.

    With code ``ONE_OPERATION`` only one operation rests, because it met too many errors; ``values``
    may name it (``operation``). ``whole``: every call of the connection is refused until then.
    Neither: a package that counts each operation apart; booking stops the connection, what only
    some documents need (a look-up, a file) does not.
    """

    kind = LIMIT_REACHED
    ONE_OPERATION = "error_budget"

    def __init__(self, message, *, not_before: datetime, whole: bool = False, **kwargs):
        super().__init__(message, **kwargs)
        self.not_before = not_before
        self.whole = whole


class MayArriveError(LimitReachedError):
    """No answer came to an earlier call, and what it makes is not there yet: it may still arrive,
    so nothing of its kind is made before ``not_before``. Whoever needs it waits, nobody else
    does."""

    MAY_ARRIVE = "may_arrive"

    def __init__(self, message, *, code=MAY_ARRIVE, **kwargs):
        super().__init__(message, code=code, **kwargs)


class AuthorisationLostError(PackageError):
    """``only_administration``: the sign-in is good, and does not reach this administration any
    more; other connections on it go on."""

    kind = AUTHORISATION_LOST

    def __init__(self, message, *, only_administration: bool = False, **kwargs):
        super().__init__(message, **kwargs)
        self.only_administration = only_administration


class ConfigurationMissingError(PackageError):
    kind = CONFIGURATION_MISSING


class DataRefusedError(PackageError):
    """With code ``PARTY_GONE`` the party is not there any more under the key that was given. With
    ``CHANGED_OTHERWISE`` a booking was changed, and is not what the document says; with any other
    code nothing was changed."""

    kind = DATA_REFUSED
    PARTY_GONE = "party_unknown"
    CHANGED_OTHERWISE = "changed_otherwise"


class BatchRefusedError(PackageError):
    """Documents of a batch that cannot be written as they are: each waits with its own reason, the
    others close without them.

    :param refusals: ``{place of the document in the parcel, from 0: DataRefusedError}``
    """

    def __init__(self, refusals: dict[int, DataRefusedError]):
        super().__init__(f"{len(refusals)} documents cannot be written")
        self.refusals = refusals


class PeriodClosedError(PackageError):
    kind = PERIOD_CLOSED


class DuplicateError(PackageError):
    """``candidates``: the stored documents or parties that look the same. With code
    ``OTHER_COMPANY`` a party of ours was, and is another company over there by now."""

    kind = DUPLICATE
    OTHER_COMPANY = "other_company"

    def __init__(self, message, *, candidates=(), **kwargs):
        super().__init__(message, **kwargs)
        self.candidates = tuple(candidates)


class NumberTakenError(PackageError):
    """``last_number``: the last number the administration says it has in the series, or None."""

    kind = OUTCOME_UNKNOWN

    def __init__(self, message, *, last_number=None, **kwargs):
        super().__init__(message, **kwargs)
        self.last_number = last_number


class OutcomeUnknownError(PackageError):
    kind = OUTCOME_UNKNOWN
