"""Tables of Octopus: corporation types, VAT types, languages, journal letters."""

from odoo.addons.accountable_connect.api.http.transport import LONGEST, PACE
from odoo.addons.accountable_connect.documents import party

# ``vatType`` of a relation.
VAT_TYPES = {
    party.DOMESTIC_BUSINESS: 1,
    party.EU_BUSINESS: 4,
    party.OTHER_BUSINESS: 6,
    party.DOMESTIC_PRIVATE: 7,
    party.EU_PRIVATE: 8,
    party.OTHER_PRIVATE: 9,
    party.NOT_SUBJECT: 10,
}

# ``corporationType`` by the legal form that stands in a name, without dots and in capitals.
NATURAL_PERSON = 0
_LEGAL_FORMS = {
    1: "NV",
    2: "BVBA EBVBA",
    3: "CVBA SCRL CV SC",
    4: "CVOA SCRI",
    5: "COMMV GCV SCOMM SCS",
    6: "COMMVA SCA",
    7: "VOF SNC",
    8: "VZW IVZW ASBL AISBL",
    9: "BV",
    10: "AG",
    11: "GMBH",
    12: "KG",
    14: "OHG",
    15: "PLC",
    16: "LTD LIMITED",
    17: "LP",
    19: "INC",
    20: "SA",
    21: "SRL SPRL",
    23: "LTDA",
}
CORPORATION_TYPES = {form: type_ for type_, forms in _LEGAL_FORMS.items() for form in forms.split()}

# ``factLanguage``, which counts differently from ``localeId``.
FACT_LANGUAGES = {"nl": 0, "fr": 1, "en": 2, "de": 3}
OTHER_LANGUAGE = 2

# ``expirationType``
DAYS_AFTER_END_OF_MONTH = 1
DAYS_AFTER_DOCUMENT_DATE = 2

# The first letter of a journal key tells its type; delivery notes (L) hold no bookings.
JOURNAL_TYPES = {"V": "sale", "A": "purchase", "F": "bank", "D": "misc"}
# ``insertionType`` of a journal that takes bookings; others take invoices of the invoice module.
TAKES_BOOKINGS = 1

# Longest texts. The vendor states none; these fit what its screens show.
NAME_LENGTH = 100
STREET_LENGTH = 100
CITY_LENGTH = 50
POSTAL_CODE_LENGTH = 20
EMAIL_LENGTH = 150
WEBSITE_LENGTH = 150
PHONE_LENGTH = 30
TEXT_LENGTH = 250
REFERENCE_LENGTH = 50
FILE_NAME_LENGTH = 100
# Bytes of files that a call sends in its time at most, beside the seconds it takes to answer.
MOST_BYTES = int((LONGEST - 40) * PACE)

# Currencies with a third decimal.
THREE_DECIMALS = ("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND")
