"""The neutral customer or supplier."""

import hashlib
import json
from dataclasses import asdict, dataclass, replace

# How the party stands towards VAT, seen from the company's country.
DOMESTIC_BUSINESS = "domestic_business"
EU_BUSINESS = "eu_business"
OTHER_BUSINESS = "other_business"
DOMESTIC_PRIVATE = "domestic_private"
EU_PRIVATE = "eu_private"
OTHER_PRIVATE = "other_private"
NOT_SUBJECT = "not_subject"
# Fields that a package may refuse without anything being wrong with a document.
DETAILS = ("email", "phone", "website", "iban", "bic")


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactPerson:
    """Somebody at a party, with an e-mail address or a telephone number.

    ``key`` is a lasting number. ``first_name`` and ``last_name`` are "" where only the whole
    ``name`` is known. ``email`` is one bare address and ``phone`` one whole number, or "".
    ``language`` is ISO 639-1 or "", ``function`` the job title.
    """

    key: int
    name: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    phone: str = ""
    function: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A customer and/or supplier: the commercial partner, never a contact below it.

    ``external_number`` is a lasting positive integer (32 bits) that names the party in the
    administration. ``vat_number`` has its country prefix and nothing but letters and digits,
    ``registry_number`` digits only, ``iban`` no blanks, ``country`` ISO 3166 alpha-2 or "".
    ``email`` is one bare address, ``phone`` one whole number and ``website`` one address, or "";
    whether there is room for them a package sees itself.
    ``payment_days`` are days after the document date, or after the end of that month when
    ``payment_end_of_month``. ``contacts`` in the order of their keys; none for a package that
    takes no contact persons.

    ``iban`` is one that a person trusts with payments. ``untrusted_iban`` is one that waits for
    that, where there is no trusted one: it goes nowhere.

    ``known_as``: other fingerprints under which it may have been sent, and need not be sent anew:
    by an earlier version, which sent more or something else of it, or with one role more.
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
    contacts: tuple[ContactPerson, ...] = ()
    untrusted_iban: str = ""
    untrusted_bic: str = ""
    known_as: tuple[str, ...] = ()

    @property
    def identity(self) -> str:
        """Names the party inside a document's fingerprint: an address change is no new document."""
        return str(self.external_number)

    def without_details(self) -> "Party":
        """The party without what no booking needs: how it is reached and paid."""
        return replace(self, **dict.fromkeys(DETAILS, ""))

    def fingerprint(self) -> str:
        content = asdict(self)
        for name in ("untrusted_iban", "untrusted_bic", "known_as"):
            del content[name]
        if not self.contacts:
            # as it was before there were any: an update sends no party anew
            del content["contacts"]
        text = json.dumps(content, default=str, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    def was_sent_as(self, fingerprint: str) -> bool:
        """Whether a fingerprint is of this party, as this version sends it or an earlier one did:
        who was sent then is not sent anew for what goes no more."""
        return bool(fingerprint) and (
            fingerprint == self.fingerprint()
            or fingerprint in self.known_as
            or fingerprint in self.fingerprints_with_any_iban()
        )

    def fingerprints_with_any_iban(self) -> tuple[str, ...]:
        """Until version 19.0.1.1.0 an IBAN went whether it was trusted or not."""
        if not self.untrusted_iban:
            return ()
        return (replace(self, iban=self.untrusted_iban, bic=self.untrusted_bic).fingerprint(),)
