"""Neutral parties out of partners."""

import re

from odoo import models

from ..documents import party as party_words
from ..documents.party import ContactPerson, Party

# Prefixes of VAT numbers that are no ISO country codes; Northern Ireland trades goods as the EU.
COUNTRY_BY_VAT_PREFIX = {"EL": "GR", "XI": "XI"}


class AccountableDocumentParty(models.AbstractModel):
    _inherit = "accountable.document"

    def _document_party(self, move, connection):
        """The party of an entry: its commercial partner, or the collective one for private
        customers where the connection has one."""
        partner = move.commercial_partner_id
        is_sale = move.is_sale_document(include_receipts=True)
        if connection and is_sale and self._is_collective(partner, connection):
            partner = connection.collective_partner_id
        return self._build_party(
            partner,
            connection,
            company=connection.company_id if connection else move.company_id,
            customer=is_sale,
            supplier=not is_sale,
        )

    def _is_collective(self, partner, connection):
        return bool(
            connection.collective_private_party
            and connection.collective_partner_id
            and not partner.is_company
            and not self._vat_number(partner)
        )

    def _build_party(self, partner, connection=None, company=None, customer=False, supplier=False):
        """``Party`` of a partner's commercial entity.

        ``customer`` and ``supplier`` add to what the partner was used for already.
        """
        partner = partner.commercial_partner_id
        company = company or (connection and connection.company_id) or self.env.company
        partner = partner.with_company(company.root_id)
        customer = customer or partner.customer_rank > 0
        supplier = supplier or partner.supplier_rank > 0
        term = (
            partner.property_payment_term_id
            if customer
            else partner.property_supplier_payment_term_id
        )
        days, end_of_month = self._payment_days(term)
        return Party(
            external_number=partner.id + (connection.external_number_offset if connection else 0),
            name=partner.name or partner.display_name or "",
            is_company=partner.is_company,
            customer=customer,
            supplier=supplier,
            vat_status=self._vat_status(partner, company),
            vat_number=self._vat_number(partner),
            registry_number=re.sub(r"\D", "", partner.company_registry or ""),
            street=", ".join(part for part in (partner.street, partner.street2) if part),
            postal_code=partner.zip or "",
            city=partner.city or "",
            country=partner.country_id.code or "",
            language=(partner.lang or "").partition("_")[0],
            email=partner.email or "",
            phone=partner.phone or "",
            website=partner.website or "",
            **self._bank_account(partner),
            currency=company.currency_id.name,
            payment_days=days,
            payment_end_of_month=end_of_month,
            electronic_address=self._electronic_address(partner),
            contacts=self._contact_persons(partner, connection),
        )

    def _bank_account(self, partner):
        """The first IBAN that people may send money to; without one, the first of the others apart,
        since somebody else may have written it (the e-invoice of a new supplier)."""
        accounts = partner.bank_ids.filtered(lambda account: account.acc_type == "iban")
        trusted = accounts.filtered("allow_out_payment")
        first = (trusted or accounts)[:1]
        if not first:
            return {}
        names = ("iban", "bic") if trusted else ("untrusted_iban", "untrusted_bic")
        values = first.sanitized_acc_number or "", first.bank_bic or ""
        return dict(zip(names, values, strict=True))

    def _contact_persons(self, partner, connection):
        """Those below the partner who can be reached, where the package takes them. Addresses for
        invoices and deliveries are nobody."""
        if not connection or not connection._get_capabilities().contact_persons:
            return ()
        persons = partner.child_ids.filtered(
            lambda person: (
                person.active
                and not person.is_company
                and person.type in ("contact", "other")
                and person.name
                and (person.email or person.phone)
            )
        )
        # an addon may keep the two names apart
        has_names = {"firstname", "lastname"} <= partner._fields.keys()
        return tuple(
            ContactPerson(
                key=person.id + connection.external_number_offset,
                name=person.name,
                first_name=(person.firstname or "") if has_names else "",
                last_name=(person.lastname or "") if has_names else "",
                email=person.email or "",
                phone=person.phone or "",
                function=person.function or "",
                language=(person.lang or "").partition("_")[0],
            )
            for person in persons.sorted("id")
        )

    def _vat_number(self, partner):
        """Country prefix and letters and digits; ``""`` without number (Odoo writes ``/``)."""
        number = re.sub(r"[^0-9A-Z]", "", (partner.vat or "").upper())
        if number and number[0].isdigit() and partner.country_id:
            prefix = "EL" if partner.country_id.code == "GR" else partner.country_id.code
            number = f"{prefix}{number}"
        return number

    def _vat_country(self, partner, company):
        """The country whose VAT rules the party is under: that of its number before its address."""
        prefix = self._vat_number(partner)[:2]
        if prefix.isalpha() and len(prefix) == 2:
            return COUNTRY_BY_VAT_PREFIX.get(prefix, prefix)
        return partner.country_id.code or company.account_fiscal_country_id.code or ""

    def _vat_status(self, partner, company):
        country = self._vat_country(partner, company)
        has_number = bool(self._vat_number(partner))
        if country == company.account_fiscal_country_id.code:
            if has_number:
                return party_words.DOMESTIC_BUSINESS
            return party_words.NOT_SUBJECT if partner.is_company else party_words.DOMESTIC_PRIVATE
        if country in self._european_countries():
            if has_number:
                return party_words.EU_BUSINESS
            return party_words.NOT_SUBJECT if partner.is_company else party_words.EU_PRIVATE
        if has_number or partner.is_company:
            return party_words.OTHER_BUSINESS
        return party_words.OTHER_PRIVATE

    def _european_countries(self):
        """ISO codes of the Member States, and Northern Ireland's VAT prefix."""
        return {*self.env.ref("base.europe").country_ids.mapped("code"), "XI"}

    def _electronic_address(self, partner):
        """Peppol address (``0208:0999999031``) where Odoo's addon for it is installed."""
        if "peppol_eas" not in partner._fields:
            return ""
        if not (partner.peppol_eas and partner.peppol_endpoint):
            return ""
        return f"{partner.peppol_eas}:{partner.peppol_endpoint}"
