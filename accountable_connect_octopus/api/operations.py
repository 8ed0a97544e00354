"""The operations of the Octopus REST service that we use, as a table.

Source: the vendor's OpenAPI document, version 51.9.17. ``per_day`` is the maximum a day that it
states for the operation; whom the counter belongs to is not documented, so we count per
administration.
"""

from dataclasses import dataclass, replace

MEGABYTE = 1024 * 1024

READ = "read"  # safe to repeat
UPSERT = "upsert"  # a write that may be repeated: the same number gives the same relation
WRITE = "write"  # must never be sent twice


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """``success``: statuses that mean done; ``answer``: whether their body is read, and as what: an
    object, a list of objects, or not at all (None); ``largest``: most bytes of an answer;
    ``nature``: read, upsert or write."""

    name: str
    method: str
    path: str
    per_day: int | None = None
    nature: str = READ
    success: tuple[int, ...] = (200,)
    answer: type | None = dict
    largest: int = 2 * MEGABYTE


def _list(name, path, per_day, answer=list, method="GET"):
    return Operation(
        name=name, method=method, path=path, per_day=per_day, answer=answer, largest=32 * MEGABYTE
    )


def _write(name, method, path, per_day, status):
    return Operation(
        name=name,
        method=method,
        path=path,
        per_day=per_day,
        nature=WRITE,
        success=(status,),
        answer=None,
    )


_DOSSIER = "/dossiers/{dossier}"

AUTHENTICATE = Operation(name="authenticateUser", method="POST", path="/authentication")
DOSSIERS = Operation(name="getDossiers", method="GET", path="/dossiers", per_day=150, answer=list)
CONNECT = Operation(name="connectDossier", method="POST", path="/dossiers", per_day=150)
GIVING_TOKENS = (AUTHENTICATE, CONNECT)

BOOK_YEARS = _list("getBookyears", f"{_DOSSIER}/bookyears", 24)
JOURNALS = _list("getJournals", f"{_DOSSIER}/bookyears/{{book_year}}/journals", 24)
ACCOUNTS = _list("getAccounts", f"{_DOSSIER}/accounts", 2)
VAT_CODES = _list("getVatCodes", f"{_DOSSIER}/vatcodes", 2)
COST_CENTRES = _list("getCostCentres", f"{_DOSSIER}/costcentres", 2)

FIND_RELATIONS = _list("getRelations", f"{_DOSSIER}/relations", 400)
CHANGED_RELATIONS = _list("getModifiedRelations", f"{_DOSSIER}/relations/modified", 48, dict)
# Looking for a relation whose number was typed in an unusual way leaves calls for reading back.
ALL_RELATIONS = replace(CHANGED_RELATIONS, per_day=24)
SAVE_RELATION = Operation(
    name="insertUpdateRelation",
    method="PUT",
    path=f"{_DOSSIER}/relations",
    per_day=400,
    nature=UPSERT,
    success=(200, 201, 204),
)

_BOOKINGS = f"{_DOSSIER}/buysellbookings"
INSERT_BOOKING = _write("insertBuySellBooking", "POST", _BOOKINGS, 400, 201)
UPDATE_BOOKING = _write("updateBuySellBooking", "PUT", _BOOKINGS, 10, 204)
CHANGED_BOOKINGS = _list("getModifiedBuySellBookings", f"{_BOOKINGS}/modified", 48)
# Looking whether a bill is there already leaves some of those calls for what cannot wait: a
# document whose outcome is unknown holds its journal until it is looked up.
BOOKINGS_THERE_ALREADY = replace(CHANGED_BOOKINGS, per_day=40)
# The names of path and header are misspelled in the service itself.
ATTACH_FILE = _write(
    "addAttachementToBooking",
    "POST",
    f"{_DOSSIER}/bookyears/{{book_year}}/bookings/attachements",
    400,
    204,
)
CHANGED_MISC_BOOKINGS = _list(
    "getModifiedFinancialDiversBookings", f"{_DOSSIER}/financialdiversbookings/modified", 48
)
CHANGED_BALANCINGS = _list(
    "getModifiedBalancingRelations", f"{_DOSSIER}/balancings/modified", 48, dict
)
_REPORTS = f"{_DOSSIER}/reports"
OPEN_CUSTOMERS = _list("getReportOpenClient", f"{_REPORTS}/clients/open", 24, method="POST")
OPEN_SUPPLIERS = _list("getReportOpenSupplier", f"{_REPORTS}/suppliers/open", 24, method="POST")
