"""Refusals: the shape of an error body and the messages of the books in four languages.

Every refusal has the body ``{"error": {"code": "", "message": {"lang": "", "value": text}}}``.
Broken rules of the books are HTTP 500 with a text in the user's language and no code. A resource
raises ``BusinessError(name, *details)``; ``name`` is one of ``MESSAGES``, a detail fills a place
in it. A detail that is a name of ``LABELS`` is put in the user's language, any other text stands
as it is: ``BusinessError("invalid_reference", "vat_code")`` is ``Ongeldige referentie: Btw-code``.

Wordings in Dutch or English are those that users of the service report. What nobody reports
(French and German of most messages, and messages marked below) is worded here in the same
manner. Which language an unknown one falls back to is not documented: English.
"""

from __future__ import annotations

from collections.abc import Iterable

LANGUAGES = ("nl", "fr", "en", "de")

JOINED_BY = "\r\n"


class Refusal(Exception):
    """The request is refused: HTTP status, text, and headers beside those of every answer."""

    def __init__(self, status: int, text: str, headers: dict[str, str] | None = None):
        super().__init__(text)
        self.status = status
        self.text = text
        self.headers = headers or {}

    @property
    def body(self) -> dict | None:
        """The error body; None, an answer without content, when there is no text (429)."""
        return error_body(self.text) if self.text else None


QUERY_SYNTAX = "Bad Request - Error in query syntax."
SELECT_DEMANDED = "Please add a $select or a $top=1 statement to the query string."
STREAM = "Error processing request stream. "
TOP_LEVEL = STREAM + "The request should be a valid top-level resource object."
NEW_LINES = STREAM + "Binding to new entities is not supported in this request."


def error_body(text: str) -> dict:
    """The JSON body of every refusal."""
    return {"error": {"code": "", "message": {"lang": "", "value": text}}}


def query_error() -> Refusal:
    """A query that cannot be read, whatever is wrong with it."""
    return Refusal(400, QUERY_SYNTAX)


def _in(nl: str, fr: str, en: str, de: str) -> dict[str, str]:
    return {"nl": nl, "fr": fr, "en": en, "de": de}


MESSAGES: dict[str, dict[str, str]] = {
    "mandatory": _in("Verplicht: {0}", "Obligatoire : {0}", "Mandatory: {0}", "Pflichtfeld: {0}"),
    "invalid_reference": _in(
        "Ongeldige referentie: {0}",
        "Référence incorrecte : {0}",
        "Invalid reference: {0}",
        "Ungültige Referenz: {0}",
    ),
    "invalid": _in("Ongeldig: {0}", "Incorrect : {0}", "Invalid: {0}", "Ungültig: {0}"),
    "not_allowed": _in(
        "Niet toegestaan: {0}", "Non autorisé : {0}", "Not allowed: {0}", "Nicht zulässig: {0}"
    ),
    "in_use": _in(
        "In gebruik: {0}", "En cours d'utilisation : {0}", "In use: {0}", "In Verwendung: {0}"
    ),
    "ledger_account_type": _in(
        "Ongeldig: Grootboekrekeningtype",
        "Incorrect : Type de compte général",
        "Invalid: General ledger account type",
        "Ungültig: Sachkontotyp",
    ),
    "customer_type": _in(
        "Ongeldig: Klant (Type)",
        "Incorrect : Client (Type)",
        "Invalid: Customer (Type)",
        "Ungültig: Kunde (Typ)",
    ),
    "invoice_to_type": _in(
        "Ongeldig: Factuur voor (Type)",
        "Incorrect : Facturé à (Type)",
        "Invalid: Invoice to (Type)",
        "Ungültig: Rechnung an (Typ)",
    ),
    "supplier_type": _in(
        "Ongeldig: Leverancier (type)",
        "Incorrect : Fournisseur (type)",
        "Invalid: Supplier (type)",
        "Ungültig: Lieferant (Typ)",
    ),
    "vat_percentage": _in(
        "Ongeldig: Btw-percentage [{0}]",
        "Incorrect : Pourcentage TVA [{0}]",
        "Invalid: VAT percentage [{0}]",
        "Ungültig: USt.-Prozentsatz [{0}]",
    ),
    "period_closed": _in(
        "Periode is afgesloten: [{0}] - [{1}]",
        "La période est clôturée : [{0}] - [{1}]",
        "Period is closed: [{0}] - [{1}]",
        "Periode ist abgeschlossen: [{0}] - [{1}]",
    ),
    "processed": _in("Reeds verwerkt", "Déjà traité", "Already processed", "Bereits verarbeitet"),
    "exists": _in(
        "Gegeven bestaat reeds",
        "La donnée existe déjà",
        "Data already exists",
        "Daten sind bereits vorhanden",
    ),
    "vat_amount_not_allowed": _in(
        "Btw-bedrag is niet toegestaan bij een btw-code van het type Geen btw",
        "Un montant de TVA n'est pas autorisé avec un code TVA de type Pas de TVA",
        "A VAT amount is not allowed with a VAT code of type No VAT",
        "Ein USt.-Betrag ist bei einem USt.-Schlüssel vom Typ Keine USt. nicht zulässig",
    ),
    "vat_to_pay_account": _in(
        "Ongeldig: Type (Rekening af te dragen btw)",
        "Incorrect : Type (Compte TVA à payer)",
        "Invalid: Type (VAT to pay account)",
        "Ungültig: Typ (Konto abzuführende USt.)",
    ),
    "vat_to_claim_account": _in(
        "Ongeldig: Type (Rekening te vorderen btw)",
        "Incorrect : Type (Compte TVA à récupérer)",
        "Invalid: Type (VAT to claim account)",
        "Ungültig: Typ (Konto Vorsteuer)",
    ),
    "document_type_not_allowed": _in(
        "Document Type not allowed",
        "Document Type not allowed",
        "Document Type not allowed",
        "Document Type not allowed",
    ),
    "bank_balance": _in(
        "Beginsaldo plus alle bankboekingsregels moet gelijk zijn aan het eindsaldo",
        "Le solde d'ouverture plus toutes les lignes doit donner le solde de clôture",
        "Opening balance plus all bank entry lines should result in the closing balance",
        "Anfangssaldo plus alle Zeilen muss den Endsaldo ergeben",
    ),
    "callback": _in(*["Invalid: Post to callback URL endpoint returns {0}"] * 4),
    "unexpected": _in(
        *[
            "A problem has occurred. The cause of this issue will be investigated as "
            "soon as possible."
        ]
        * 4
    ),
    # Nobody reports the wording of what follows.
    "matched": _in(
        "Niet toegestaan: Boeking is afgeletterd",
        "Non autorisé : Écriture lettrée",
        "Not allowed: Entry has been matched",
        "Nicht zulässig: Buchung ist ausgeglichen",
    ),
    "has_transactions": _in(
        "Kan niet worden verwijderd: Transacties aanwezig",
        "Suppression impossible : Présence de transactions",
        "Cannot be deleted: Transactions exist",
        "Löschen nicht möglich: Transaktionen vorhanden",
    ),
    "blocked": _in("Geblokkeerd: {0}", "Bloqué : {0}", "Blocked: {0}", "Gesperrt: {0}"),
    "not_balanced": _in(
        "Boeking is niet in balans",
        "L'écriture n'est pas équilibrée",
        "Entry is not balanced",
        "Buchung ist nicht ausgeglichen",
    ),
    "too_long": _in("Te lang: {0}", "Trop long : {0}", "Too long: {0}", "Zu lang: {0}"),
}

LABELS: dict[str, dict[str, str]] = {
    "account": _in("Relatie", "Relation", "Relationship", "Geschäftspartner"),
    "customer": _in("Klant", "Client", "Customer", "Kunde"),
    "supplier": _in("Leverancier", "Fournisseur", "Supplier", "Lieferant"),
    "invoice_to": _in("Factuur voor", "Facturé à", "Invoice to", "Rechnung an"),
    "ordered_by": _in("Besteld door", "Commandé par", "Ordered by", "Bestellt von"),
    "journal": _in("Dagboek", "Journal", "Diary", "Journal"),
    "journals": _in("Journals", "Journals", "Journals", "Journals"),
    "ledger_account": _in("Grootboekrekening", "Compte général", "G/L Account", "Sachkonto"),
    "vat_code": _in("Btw-code", "Code TVA", "VAT code", "USt.-Schlüssel"),
    "vat_amount": _in("Btw-bedrag", "Montant TVA", "VAT amount", "USt.-Betrag"),
    "payment_condition": _in(
        "Betalingsconditie", "Condition de paiement", "Payment condition", "Zahlungsbedingung"
    ),
    "cost_centre": _in("Kostenplaats", "Centre de coûts", "Cost center", "Kostenstelle"),
    "cost_unit": _in("Kostendrager", "Unité de coûts", "Cost unit", "Kostenträger"),
    "entry": _in("Boeking", "Écriture", "Entry", "Buchung"),
    "entry_number": _in("Boekstuknummer", "Numéro d'écriture", "Entry number", "Belegnummer"),
    "due_date": _in("vervaldatum", "date d'échéance", "due date", "Fälligkeitsdatum"),
    "date": _in("Datum", "Date", "Date", "Datum"),
    "period": _in("Periode", "Période", "Period", "Periode"),
    "year": _in("Boekjaar", "Exercice", "Financial year", "Geschäftsjahr"),
    "currency": _in("Valuta", "Devise", "Currency", "Währung"),
    "exchange_rate": _in("Wisselkoers", "Taux de change", "Exchange rate", "Wechselkurs"),
    "amount": _in("Bedrag", "Montant", "Amount", "Betrag"),
    "percentage": _in("Percentage", "Pourcentage", "Percentage", "Prozentsatz"),
    "lines": _in("Regels", "Lignes", "Lines", "Zeilen"),
    "email": _in("E-mail", "E-mail", "E-mail", "E-Mail"),
    "name": _in("Naam", "Nom", "Name", "Name"),
    "first_name": _in("Voornaam", "Prénom", "First name", "Vorname"),
    "last_name": _in("Achternaam", "Nom de famille", "Last name", "Nachname"),
    "code": _in("Code", "Code", "Code", "Code"),
    "description": _in("Omschrijving", "Description", "Description", "Beschreibung"),
    "payment_reference": _in(
        "Betalingsreferentie", "Référence de paiement", "Payment reference", "Zahlungsreferenz"
    ),
    "reference": _in("Uw ref.", "Votre réf.", "Your ref.", "Ihr Zeichen"),
    "status": _in("Status", "Statut", "Status", "Status"),
    "country": _in("Land", "Pays", "Country", "Land"),
    "language": _in("Taal", "Langue", "Language", "Sprache"),
    "vat_number": _in("Btw-nummer", "Numéro de TVA", "VAT number", "USt-IdNr."),
    "bank_account": _in("Bankrekening", "Compte bancaire", "Bank account", "Bankkonto"),
    "document": _in("Document", "Document", "Document", "Dokument"),
    "subject": _in("Onderwerp", "Sujet", "Subject", "Betreff"),
    "type": _in("Type", "Type", "Type", "Typ"),
    "file_name": _in("Bestandsnaam", "Nom du fichier", "File name", "Dateiname"),
    "attachment": _in("Bijlage", "Pièce jointe", "Attachment", "Anhang"),
    "callback_url": _in("Callback-URL", "URL de rappel", "Callback URL", "Callback-URL"),
    "topic": _in("Onderwerp", "Sujet", "Topic", "Thema"),
    "item": _in("Artikel", "Article", "Item", "Artikel"),
    "payments": _in("Betalingen", "Paiements", "Payments", "Zahlungen"),
}

PROPERTY_LABELS = {
    "Account": "account",
    "Customer": "customer",
    "Supplier": "supplier",
    "OrderedBy": "ordered_by",
    "Journal": "journal",
    "JournalCode": "journal",
    "GLAccount": "ledger_account",
    "AmountFC": "amount",
    "EntryID": "entry",
    "InvoiceID": "entry",
    "Name": "name",
    "FirstName": "first_name",
    "LastName": "last_name",
    "Code": "code",
    "Description": "description",
    "BankAccount": "bank_account",
    "SourceCurrency": "currency",
    "Subject": "subject",
    "Type": "type",
    "Document": "document",
    "FileName": "file_name",
    "Attachment": "attachment",
    "CallbackURL": "callback_url",
    "Topic": "topic",
    "Item": "item",
    "PaymentIDs": "payments",
    "SalesEntryLines": "lines",
    "PurchaseEntryLines": "lines",
    "GeneralJournalEntryLines": "lines",
    "BankEntryLines": "lines",
    "CashEntryLines": "lines",
    "SalesInvoiceLines": "lines",
}
"""The label of a mandatory property."""


def language_of(code: str) -> str:
    """The language of messages for a language code of a user (``nl-BE``)."""
    language = (code or "").replace("_", "-").split("-")[0].lower()
    return language if language in LANGUAGES else "en"


def message(name: str, language: str, *details: str) -> str:
    """A message of the books in a language; ``KeyError`` for a name that does not exist."""
    language = language_of(language)
    words = [LABELS[detail][language] if detail in LABELS else str(detail) for detail in details]
    needed = MESSAGES[name]["en"].count("{")
    return MESSAGES[name][language].format(*words, *[""] * (needed - len(words)))


def joined(messages: Iterable[str]) -> str:
    """Several messages as the service joins them."""
    return JOINED_BY.join(messages)


def business_refusal(name: str, language: str, *details: str) -> Refusal:
    """HTTP 500 with a message of the books."""
    return Refusal(500, message(name, language, *details))
