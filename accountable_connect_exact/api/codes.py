"""What is known of a division's own codes before a document is sent; no call is made."""

from odoo.addons.accountable_connect.api.code_book import CodeBook
from odoo.addons.accountable_connect.api.errors import ConfigurationMissingError
from odoo.addons.accountable_connect.documents import (
    JOURNAL,
    LEDGER_ACCOUNT,
    PAYMENT_TERM,
    VAT_CODE,
    Document,
    Line,
)


class Codes(CodeBook):
    """What a document names and is not here is a ``ConfigurationMissingError``."""

    package = "Exact"
    id_name = "guid"

    # What a document names

    def check_journal(self, document: Document) -> None:
        """Raises when the journal is not there, is blocked or is no journal of entries."""
        if self.items(JOURNAL):
            details = self.demand(
                JOURNAL, document.journal, "journal_unknown", "journal", document=document.number
            )
            wanted = "sale" if document.is_sale else "purchase"
            if details.get("type") != wanted:
                raise ConfigurationMissingError(
                    f"{document.journal} takes no {wanted} entries",
                    code="journal_type",
                    values={"journal": document.journal, "document": document.number},
                )

    def account_of(self, line: Line, document: Document) -> dict:
        """Details of a line's ledger account, ``guid`` among them."""
        code, number = line.ledger_account, document.number
        details = self.demand(LEDGER_ACCOUNT, code, "account_unknown", "account", document=number)
        if not details.get("guid") or details.get("bookable") is False:
            raise ConfigurationMissingError(
                f"No line may be booked on {code}",
                code="account_type",
                values={"account": code, "document": number},
            )
        return details

    def account_by_guid(self, guid: str) -> dict:
        """Details of the ledger account with this Guid, ``code`` among them; empty when unknown."""
        return self.by_id(LEDGER_ACCOUNT, guid)

    def vat_code_of(self, line: Line, document: Document) -> dict:
        """Details of a line's VAT code, checked against what stands on the line. Every line has a
        code at Exact: left out, the default of the account would count."""
        values = {"vat_code": line.vat_code or "", "document": document.number}
        if not line.vat_code:
            raise ConfigurationMissingError(
                f"{document.number} has a line without a VAT code",
                code="line_without_vat_code",
                values=values | {"account": line.ledger_account},
            )
        details = self.demand(
            VAT_CODE, line.vat_code, "vat_code_unknown", "vat_code", document=document.number
        )
        problem = _vat_code_problem(details, line, document)
        if problem:
            raise ConfigurationMissingError(
                f"{document.number}: VAT code {line.vat_code}: {problem}",
                code=problem,
                values=values,
            )
        return details

    # VAT codes

    def is_charged(self, code: str, is_sale: bool) -> bool:
        """Whether Exact works out the VAT of this code and keeps it off the invoice."""
        return not is_sale and bool(self.details(VAT_CODE, code).get("charged"))

    def invoices_vat(self, code: str, is_sale: bool) -> bool:
        """Whether a line with this code has VAT on the invoice. An unknown code may."""
        type_ = self.details(VAT_CODE, code).get("type", "E")
        return type_ in ("E", "I") and not self.is_charged(code, is_sale)

    # Payment terms

    def payment_term(self, code: str | None) -> dict:
        """Details of a payment condition, empty when it is not known."""
        return self.details(PAYMENT_TERM, code or "")

    def payment_term_for(self, days: int | None, end_of_month: bool) -> str:
        """The first payment condition on credit with these days, "" when there is none."""
        if days is None:
            return ""
        fitting = [
            item.code
            for item in self.items(PAYMENT_TERM)
            if item.active
            and item.details.get("days") == days
            and bool(item.details.get("end_of_month")) == end_of_month
            and not item.details.get("instalments")
        ]
        on_credit = [
            code for code in fitting if self.details(PAYMENT_TERM, code).get("method", "B") == "B"
        ]
        return min(on_credit or fitting, default="")


def _vat_code_problem(details, line, document):
    """Why a line may not be booked with a VAT code, "" when it may."""
    scope = details.get("scope")
    charged = bool(details.get("charged")) and not document.is_sale
    if details.get("inclusive"):
        return "vat_code_inclusive"
    if scope and scope != ("sale" if document.is_sale else "purchase"):
        return "vat_code_scope"
    if line.vat_invoiced and (charged or details.get("type", "E") in ("B", "N")):
        return "vat_code_takes_no_vat"
    if line.vat_owed and not charged:
        return "vat_code_not_charged"
    return ""
