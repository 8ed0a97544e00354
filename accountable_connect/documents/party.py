"""The neutral customer or supplier."""

import hashlib
import json
from dataclasses import asdict, dataclass

# How the party stands towards VAT, seen from the company's country.
DOMESTIC_BUSINESS = "domestic_business"
EU_BUSINESS = "eu_business"
OTHER_BUSINESS = "other_business"
DOMESTIC_PRIVATE = "domestic_private"
EU_PRIVATE = "eu_private"
OTHER_PRIVATE = "other_private"
NOT_SUBJECT = "not_subject"
VAT_STATUSES = (
    DOMESTIC_BUSINESS,
    EU_BUSINESS,
    OTHER_BUSINESS,
    DOMESTIC_PRIVATE,
    EU_PRIVATE,
    OTHER_PRIVATE,
    NOT_SUBJECT,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A customer and/or supplier: the commercial partner, never a contact below it.

    ``external_number`` is a lasting positive integer (32 bits) that names the party in the
    administration. ``vat_number`` has its country prefix and nothing but letters and digits,
    ``registry_number`` digits only, ``iban`` no blanks, ``country`` ISO 3166 alpha-2 or "".
    ``payment_days`` are days after the document date, or after the end of that month when
    ``payment_end_of_month``.
    """

    external_number: int
    name: str
    is_company: bool = True
    customer: bool = False
    supplier: bool = False
    vat_status: str = DOMESTIC_BUSINESS
    vat_number: str = ""
    registry_number: str = ""
    street: str = ""
    postal_code: str = ""
    city: str = ""
    country: str = ""
    language: str = ""
    email: str = ""
    phone: str = ""
    website: str = ""
    iban: str = ""
    bic: str = ""
    currency: str = "EUR"
    payment_days: int | None = None
    payment_end_of_month: bool = False
    electronic_address: str = ""

    @property
    def identity(self) -> str:
        """Names the party inside a document's fingerprint: an address change is no new document."""
        return str(self.external_number)

    def fingerprint(self) -> str:
        text = json.dumps(asdict(self), default=str, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()
