"""What Exact Online's messages mean: texts in the user's language, without a code.

A broken rule of the books is a 500 with a text; several are joined by line breaks. Dutch and
English wordings are those that users report in public; French and German ones are our rendering in
the same manner, so a text is recognised by its beginning (*mandatory*, *invalid reference* …) and
by what it speaks of, never as a whole. A text that is not recognised says nothing about what was
done.
"""

import re
from dataclasses import dataclass, field

from odoo.addons.accountable_connect.api.errors import (
    ConfigurationMissingError,
    DataRefusedError,
    DuplicateError,
    PackageError,
    PeriodClosedError,
)

# How a message begins, before its colon.
KINDS = {
    "mandatory": (
        "verplicht", "mandatory", "required", "obligatoire", "pflichtfeld", "erforderlich",
    ),
    "reference": (
        "ongeldige referentie", "invalid reference", "référence incorrecte", "référence invalide",
        "référence non valide", "ungültige referenz", "ungültiger verweis",
    ),
    "invalid": ("ongeldig", "invalid", "incorrect", "non valide", "invalide", "ungültig"),
    "not_allowed": (
        "niet toegestaan", "not allowed", "non autorisé", "pas autorisé", "nicht zulässig",
        "nicht erlaubt",
    ),
    "in_use": ("in gebruik", "in use", "en cours d'utilisation", "utilisé", "in verwendung"),
    "blocked": ("geblokkeerd", "blocked", "bloqué", "gesperrt", "blockiert"),
    "too_long": ("te lang", "too long", "trop long", "zu lang"),
    "cannot_delete": (
        "kan niet worden verwijderd", "cannot be deleted", "suppression impossible",
        "löschen nicht möglich",
    ),
}  # fmt: skip

# What it speaks of, after the colon; the first that fits counts.
SUBJECTS = {
    "vat_account": (
        "type (rekening af te dragen", "type (rekening te vorderen", "type (vat to",
        "type (compte tva", "typ (konto",
    ),
    "account_type": (
        "grootboekrekeningtype", "general ledger account type", "g/l account type",
        "type de compte général", "sachkontotyp",
    ),
    "vat_percentage": (
        "btw-percentage", "vat percentage", "pourcentage tva", "pourcentage de tva",
        "ust.-prozentsatz",
    ),
    "vat_code": ("btw-code", "vat code", "code tva", "ust.-schlüssel", "steuerschlüssel"),
    "payment_condition": (
        "betalingsconditie", "payment condition", "condition de paiement", "zahlungsbedingung",
        "vervaldatum", "due date", "date d'échéance", "fälligkeitsdatum",
    ),
    "cost_centre": (
        "kostenplaats", "cost center", "cost centre", "centre de coûts", "kostenstelle",
        "kostendrager", "cost unit", "unité de coûts", "kostenträger",
    ),
    "entry_number": (
        "boekstuknummer", "entry number", "numéro d'écriture", "numéro de pièce", "belegnummer",
    ),
    "rate": ("wisselkoers", "exchange rate", "taux de change", "wechselkurs"),
    "currency": ("valuta", "currency", "devise", "währung"),
    "matched": ("boeking is afgeletterd", "entry has been matched", "écriture lettrée",
                "buchung ist ausgeglichen"),
    "journal": ("dagboek", "journal", "diary"),
    "ledger_account": ("grootboekrekening", "g/l account", "compte général", "sachkonto"),
    "supplier": ("leverancier", "supplier", "fournisseur", "lieferant"),
    "customer": (
        "klant", "customer", "client", "kunde", "factuur voor", "invoice to", "facturé à",
        "rechnung an", "besteld door", "ordered by", "commandé par", "bestellt von",
    ),
    "party": ("relatie", "relationship", "relation", "geschäftspartner", "account"),
    "period": ("periode", "period", "période"),
    "date": ("datum", "date"),
}  # fmt: skip
_PARTIES = {"supplier", "customer", "party"}
_BARE_TYPE = re.compile(r"\(typ(e)?\)\s*$")

MISSING, REFUSED = ConfigurationMissingError, DataRefusedError
RULES: dict[tuple[str, str], tuple[type[PackageError], str]] = {
    ("mandatory", "party"): (REFUSED, "party_missing"),
    ("mandatory", "journal"): (MISSING, "journal_unknown"),
    ("mandatory", "vat_code"): (MISSING, "vat_code_unknown"),
    ("mandatory", "ledger_account"): (MISSING, "account_unknown"),
    ("mandatory", "payment_condition"): (MISSING, "payment_condition_missing"),
    ("mandatory", "cost_centre"): (MISSING, "cost_centre_missing"),
    ("reference", "party"): (REFUSED, "party_unknown"),
    ("reference", "journal"): (MISSING, "journal_unknown"),
    ("reference", "vat_code"): (MISSING, "vat_code_unknown"),
    ("reference", "ledger_account"): (MISSING, "account_unknown"),
    ("reference", "payment_condition"): (MISSING, "payment_condition_unknown"),
    ("reference", "cost_centre"): (MISSING, "cost_centre_unknown"),
    ("reference", "currency"): (MISSING, "currency_unknown"),
    ("reference", "period"): (PeriodClosedError, "no_period"),
    ("invalid", "account_type"): (MISSING, "account_type"),
    ("invalid", "ledger_account"): (MISSING, "account_type"),
    ("invalid", "vat_account"): (MISSING, "vat_account"),
    ("invalid", "vat_percentage"): (MISSING, "vat_percentage"),
    ("invalid", "vat_code"): (MISSING, "vat_percentage"),
    ("invalid", "journal"): (MISSING, "journal_type"),
    ("invalid", "payment_condition"): (MISSING, "payment_condition_unknown"),
    ("invalid", "currency"): (MISSING, "currency_unknown"),
    ("invalid", "period"): (PeriodClosedError, "no_period"),
    ("invalid", "date"): (REFUSED, "date"),
    ("not_allowed", "vat_code"): (MISSING, "vat_code_not_allowed"),
    ("not_allowed", "rate"): (MISSING, "rate_not_allowed"),
    ("not_allowed", "matched"): (REFUSED, "processed"),
    ("in_use", "entry_number"): (REFUSED, "number_in_use"),
    ("blocked", "party"): (REFUSED, "party_blocked"),
    ("blocked", "journal"): (MISSING, "journal_blocked"),
    ("blocked", "ledger_account"): (MISSING, "account_blocked"),
    ("blocked", "vat_code"): (MISSING, "vat_code_blocked"),
    ("blocked", "cost_centre"): (MISSING, "cost_centre_unknown"),
}
GENERIC = "refused"

# Messages of another form: pattern, error, code.
SENTENCES: tuple[tuple[re.Pattern, type[PackageError], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), error, code)
    for pattern, error, code in (
        (
            r"(periode is afgesloten|period is closed|la période est clôturée"
            r"|periode ist abgeschlossen)\s*:?\s*(\[(?P<year>\d+)\]\s*-\s*\[(?P<period>\d+)\])?",
            PeriodClosedError,
            "period_closed",
        ),
        (r"(reeds verwerkt|already processed|déjà traité|bereits verarbeitet)", REFUSED,
         "processed"),
        (r"(gegeven bestaat reeds|data already exists|la donnée existe déjà"
         r"|daten sind bereits vorhanden)", DuplicateError, "exists"),
        (r"(?=.*(btw-?bedrag|vat amount|montant de tva|ust\.-betrag))"
         r".*(niet toegestaan|not allowed|pas autorisé|nicht zulässig)", REFUSED,
         "vat_amount_not_allowed"),
        (r"document type not allowed", MISSING, "document_type"),
        (r"leverancier \(type\)", REFUSED, "not_supplier"),
        (r"invalid: post to callback url", MISSING, "callback"),
        (r"(boeking is niet in balans|entry is not balanced|l'écriture n'est pas équilibrée"
         r"|buchung ist nicht ausgeglichen|opening balance plus all bank)", REFUSED, GENERIC),
        (r"error processing request stream", REFUSED, "bad_request"),
        (r"error encountered in converting the value", REFUSED, "bad_request"),
        (r"(bad request - error in query syntax|please add a \$select)", REFUSED, "bad_request"),
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Meaning:
    """The error class, our code for it, and what the message names (``period``)."""

    error: type[PackageError]
    code: str
    values: dict = field(default_factory=dict)


def meaning(text: str) -> Meaning | None:
    """What a message means, of several the first that says something specific; None when nothing
    of it is known."""
    found = [part for part in map(_meaning_of_line, re.split(r"[\r\n]+", text)) if part]
    return next((part for part in found if part.code != GENERIC), found[0] if found else None)


def _meaning_of_line(line):
    line = re.sub(r"\s+", " ", line.replace("’", "'")).strip()
    for pattern, error, code in SENTENCES:
        hit = pattern.match(line)
        if hit:
            named = hit.groupdict()
            period = f"{named['year']}/{int(named['period'])}" if named.get("year") else ""
            return Meaning(error, code, {"period": period} if period else {})
    beginning, colon, rest = line.lower().partition(":")
    kind = next((kind for kind, words in KINDS.items() if beginning.strip() in words), None)
    if not (kind and colon):
        return None
    rest = rest.strip()
    subject = next((name for name, words in SUBJECTS.items() if rest.startswith(words)), "")
    return Meaning(*_rule(kind, subject, rest))


def _rule(kind, subject, rest):
    if subject in _PARTIES:
        if kind == "invalid" and _BARE_TYPE.search(rest):
            return REFUSED, "not_supplier" if subject == "supplier" else "not_customer"
        subject = "party"
    return RULES.get((kind, subject), (REFUSED, GENERIC))
