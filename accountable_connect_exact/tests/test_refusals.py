"""What a refusal means: by status, ``Reason`` header and message, in four languages."""

import json
import re
from collections import defaultdict

import pytest
from odoo.addons.accountable_connect.api.errors import (
    AuthorisationLostError,
    ConfigurationMissingError,
    DataRefusedError,
    DuplicateError,
    OutcomeUnknownError,
    PeriodClosedError,
    TemporaryError,
)
from odoo.addons.accountable_connect.api.http.json_client import Call
from odoo.addons.accountable_connect.api.http.transport import Answer
from odoo.addons.accountable_connect_exact import sentences
from odoo.addons.accountable_connect_exact.api import catalogue
from odoo.addons.accountable_connect_exact.api.refusals import FORBIDDEN, message_in, refusal

ENTRIES = "salesentry/SalesEntries"


def body(text):
    return json.dumps({"error": {"code": "", "message": {"lang": "", "value": text}}}).encode()


def refuse(method, status, content=b"", keyed=False, **headers):
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    call = Call(
        name=f"{method} {ENTRIES}",
        method=method,
        address="",
        request=f"{method} /api/v1/1/{ENTRIES}",
        writes=method != "GET",
        values={"journal": "70"},
    )
    return refusal(call, Answer(status, headers, content), keyed=keyed)


# The messages


@pytest.mark.parametrize(
    ("text", "error", "code"),
    [
        ("Verplicht: Factuur voor", DataRefusedError, "party_missing"),
        ("Verplicht: Besteld door", DataRefusedError, "party_missing"),
        ("Mandatory: Relationship", DataRefusedError, "party_missing"),
        ("Mandatory: Diary", ConfigurationMissingError, "journal_unknown"),
        ("Obligatoire : Client", DataRefusedError, "party_missing"),
        ("Pflichtfeld: Lieferant", DataRefusedError, "party_missing"),
        ("Ongeldige referentie: Factuur voor", DataRefusedError, "party_unknown"),
        ("Ongeldige referentie: Journals", ConfigurationMissingError, "journal_unknown"),
        ("Ongeldige referentie: Btw-code", ConfigurationMissingError, "vat_code_unknown"),
        ("Référence incorrecte : Code TVA", ConfigurationMissingError, "vat_code_unknown"),
        ("Ungültige Referenz: USt.-Schlüssel", ConfigurationMissingError, "vat_code_unknown"),
        (
            "Ongeldige referentie: Betalingsconditie",
            ConfigurationMissingError,
            "payment_condition_unknown",
        ),
        ("Invalid reference: Cost unit", ConfigurationMissingError, "cost_centre_unknown"),
        ("Invalid reference: G/L Account", ConfigurationMissingError, "account_unknown"),
        ("Ongeldig: Grootboekrekeningtype", ConfigurationMissingError, "account_type"),
        ("Incorrect : Type de compte général", ConfigurationMissingError, "account_type"),
        ("Ongeldig: Klant (Type)", DataRefusedError, "not_customer"),
        ("Ongeldig: Factuur voor (Type)", DataRefusedError, "not_customer"),
        ("Ungültig: Kunde (Typ)", DataRefusedError, "not_customer"),
        ("Leverancier (type)", DataRefusedError, "not_supplier"),
        ("Ongeldig: Leverancier (type)", DataRefusedError, "not_supplier"),
        ("Invalid: Supplier (type)", DataRefusedError, "not_supplier"),
        ("Ongeldig: Btw-percentage []", ConfigurationMissingError, "vat_percentage"),
        ("In gebruik: Boekstuknummer", DataRefusedError, "number_in_use"),
        ("Reeds verwerkt", DataRefusedError, "processed"),
        ("Déjà traité", DataRefusedError, "processed"),
        ("Not allowed: Entry has been matched", DataRefusedError, "processed"),
        ("Gegeven bestaat reeds", DuplicateError, "exists"),
        ("Data already exists", DuplicateError, "exists"),
        ("Niet toegestaan: Btw-code", ConfigurationMissingError, "vat_code_not_allowed"),
        (
            "A VAT amount is not allowed with a VAT code of type No VAT",
            DataRefusedError,
            "vat_amount_not_allowed",
        ),
        (
            "Btw-bedrag is niet toegestaan bij een btw-code van het type Geen btw",
            DataRefusedError,
            "vat_amount_not_allowed",
        ),
        ("Ongeldig: Type (Rekening af te dragen btw)", ConfigurationMissingError, "vat_account"),
        ("Ongeldig: Type (Rekening te vorderen btw)", ConfigurationMissingError, "vat_account"),
        ("Verplicht: vervaldatum", ConfigurationMissingError, "payment_condition_missing"),
        ("Verplicht: Betalingsconditie", ConfigurationMissingError, "payment_condition_missing"),
        ("Niet toegestaan: Wisselkoers", ConfigurationMissingError, "rate_not_allowed"),
        ("Document Type not allowed", ConfigurationMissingError, "document_type"),
        (
            "Invalid: Post to callback URL endpoint returns 500 …",
            ConfigurationMissingError,
            "callback",
        ),
        ("Ongeldig: Iets nieuws", DataRefusedError, "refused"),
        ("Geblokkeerd: Klant", DataRefusedError, "party_blocked"),
        ("Bloqué : Journal", ConfigurationMissingError, "journal_blocked"),
        ("Te lang: Omschrijving", DataRefusedError, "refused"),
        ("Kan niet worden verwijderd: Transacties aanwezig", DataRefusedError, "refused"),
    ],
)
def test_message(text, error, code):
    found = refuse("POST", 500, body(text))
    assert (type(found), found.code) == (error, code)
    assert found.values == {"journal": "70", "detail": text}
    assert text in str(found) and text in found.technical
    assert found.request == f"POST /api/v1/1/{ENTRIES}"


@pytest.mark.parametrize(
    "text",
    [
        "Periode is afgesloten: [2025] - [12]",
        "Period is closed: [2025] - [12]",
        "La période est clôturée : [2025] - [12]",
        "Periode ist abgeschlossen: [2025] - [12]",
    ],
)
def test_closed_period(text):
    found = refuse("POST", 500, body(text))
    assert type(found) is PeriodClosedError
    assert found.values["period"] == "2025/12"


def test_closed_period_that_is_not_named():
    found = refuse("POST", 500, body("Periode is afgesloten"))
    assert type(found) is PeriodClosedError
    assert "period" not in found.values


def test_several_messages():
    text = "Ongeldig: Iets\r\nOngeldige referentie: Btw-code\r\nVerplicht: Dagboek"
    found = refuse("POST", 500, body(text))
    assert found.code == "vat_code_unknown"
    assert found.values["detail"] == text


@pytest.mark.parametrize(
    "text",
    [
        "A problem has occurred. The cause of this issue will be investigated as soon as possible.",
        "Er is iets misgegaan",
        "Ongeldigheid: Btw-code",
        "Object reference not set: invalid",
        "",
    ],
)
def test_unknown_message_says_nothing_about_what_was_done(text):
    assert type(refuse("POST", 500, body(text))) is OutcomeUnknownError
    assert type(refuse("GET", 500, body(text))) is TemporaryError


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Error processing request stream. The property name 'Foo' …", "bad_request"),
        ("Please add a $select or a $top=1 statement to the query string.", "bad_request"),
        ("Bad Request - Error in query syntax.", "bad_request"),
        ("something else", "bad_request"),
        ("Ongeldige referentie: Btw-code", "vat_code_unknown"),
    ],
)
def test_400(text, code):
    found = refuse("POST", 400, body(text))
    assert found.code == code
    assert found.values["detail"] == text


# The status


@pytest.mark.parametrize("status", [502, 503, 504, 501, 302, 304, 408, 206])
@pytest.mark.parametrize("content", [b"", b"<html>busy</html>", body("x")])
def test_no_usable_answer(status, content):
    assert type(refuse("GET", status, content)) is TemporaryError
    for method in ("POST", "PUT", "DELETE"):
        assert type(refuse(method, status, content)) is OutcomeUnknownError


def test_maintenance_page_is_no_business_message():
    """A text that looks like one counts at 400 and 500 only."""
    assert type(refuse("POST", 503, body("Ongeldig: Btw-code"))) is OutcomeUnknownError


@pytest.mark.parametrize("status", [400, 403, 404, 500])
def test_page_in_place_of_a_refusal(status):
    page = b"\n <!DOCTYPE html><html>Not yours</html>"
    assert type(refuse("POST", status, page)) is OutcomeUnknownError
    assert type(refuse("GET", status, page)) is TemporaryError


@pytest.mark.parametrize(
    ("method", "keyed", "error", "code"),
    [
        ("DELETE", True, DataRefusedError, "not_found"),
        ("PUT", True, DataRefusedError, "not_found"),
        ("GET", True, DataRefusedError, "not_found"),
        ("GET", False, ConfigurationMissingError, "address"),
        ("POST", False, ConfigurationMissingError, "address"),
    ],
)
def test_404(method, keyed, error, code):
    found = refuse(method, 404, body("Resource not found"), keyed=keyed)
    assert (type(found), found.code) == (error, code)


def test_401_and_413():
    assert type(refuse("POST", 401)) is AuthorisationLostError
    for page in (b"", b"<html><h1>413 Request Entity Too Large</h1></html>"):
        found = refuse("POST", 413, page)
        assert (type(found), found.code) == (DataRefusedError, "413")


@pytest.mark.parametrize(
    ("text", "error", "code"),
    [
        (
            "Forbidden - Application Scope Violated. Cannot read 'organization.administration'"
            " scope.",
            ConfigurationMissingError,
            "scope_missing",
        ),
        (
            "Forbidden - User division is not within division scope",
            AuthorisationLostError,
            "division_not_granted",
        ),
        ("Forbidden", ConfigurationMissingError, "no_right"),
        ("", ConfigurationMissingError, "no_right"),
        ("Forbidden - BlockedUser", AuthorisationLostError, "BlockedUser"),
    ],
)
def test_403_by_its_text(text, error, code):
    found = refuse("POST", 403, body(text) if text else b"")
    assert (type(found), found.code) == (error, code)


def test_403_of_one_division_says_nothing_about_the_others():
    """Many connections share the sign-in: those of divisions that are granted go on."""
    for text, of_one in (("not within division scope", True), ("BlockedUser", False)):
        found = refuse("GET", 403, body(f"Forbidden - {text}"))
        assert found.only_administration is of_one
    assert not refuse("GET", 401).only_administration


def test_403_names_the_scope():
    text = "Application Scope Violated. Cannot read 'organization.administration' scope."
    assert refuse("GET", 403, body(text)).values["scope"] == "organization.administration"


@pytest.mark.parametrize(
    ("reason", "error"),
    [
        ("NoDivisionAccess", ConfigurationMissingError),
        ("DivisionBlocked", TemporaryError),
        ("BlockedUser", AuthorisationLostError),
        ("InactiveUser", AuthorisationLostError),
        ("BlockedCustomer", AuthorisationLostError),
        ("LicenseExpired", AuthorisationLostError),
    ],
)
@pytest.mark.parametrize("content", [b"", b"<html></html>", body("Forbidden")])
def test_403_by_its_reason(reason, error, content):
    found = refuse("POST", 403, content, Reason=reason)
    assert (type(found), found.code) == (error, reason)


# The body


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"", ""),
        (b" \r\n", ""),
        (body(" a "), "a"),
        (b'{"error": {"message": "a"}}', "a"),
        (b'{"error": "a"}', "a"),
        (b'"a"', "a"),
        (b"Bad Request", "Bad Request"),
        (b"<html>", None),
        (b"[]", None),
        (b"5", None),
        (b"{}", None),
        (b'{"error": {"message": {"value": 5}}}', None),
        (b"\xff", "�"),
    ],
)
def test_text_of_a_body(content, text):
    assert message_in(content) == text


def test_page_by_its_type():
    assert message_in(b"Not found", "text/html; charset=utf-8") is None


def test_long_text_is_cut():
    found = refuse("POST", 500, body("Ongeldig: " + "x" * 100_000))
    assert len(found.values["detail"]) == 2000
    assert len(found.technical) < 3000


# The sentences


def codes():
    found = {code for _error, code in catalogue.RULES.values()}
    found |= {code for _pattern, _error, code in catalogue.SENTENCES}
    found |= {code for _error, code in FORBIDDEN.values()}
    found |= {"not_customer", "not_supplier", "scope_missing", "division_not_granted", "no_right"}
    found |= {"not_found", "address", "413", "no_json", "server_error", "token_refused"}
    found |= {"minute_limit", "daily_limit", "error_budget", "token_limit"}
    found |= {"no_answer", "no_connection", "too_large", "number", "no_division"}
    # what Exact says itself is the sentence
    return found - {catalogue.GENERIC, "bad_request"}


@pytest.mark.parametrize("code", sorted(codes()))
def test_every_code_has_a_sentence(code):
    sentence = sentences.SENTENCES[code]._source
    assert sentence % defaultdict(str) and sentence.endswith((".", "%(detail)s"))


def test_sentences_name_only_known_values():
    known = {
        "account", "booked", "currency", "date", "detail", "document", "entity", "file", "held",
        "journal",
        "largest", "megabytes", "most_megabytes", "number", "party", "period", "scope", "total",
        "vat_code",
    }  # fmt: skip
    named = set()
    for sentence in sentences.SENTENCES.values():
        named |= set(re.findall(r"%\((\w+)\)s", sentence._source))
    assert named == known
