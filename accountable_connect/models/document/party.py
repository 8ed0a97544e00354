"""Neutral parties out of partners."""

import re
from dataclasses import replace

from odoo import models

from ...api import contact_details
from ...api.texts import digits
from ...documents import party as party_words
from ...documents.party import ContactPerson, Party

# Prefixes of VAT numbers that are no ISO country codes; Northern Ireland trades goods as the EU.
COUNTRY_BY_VAT_PREFIX = {"EL": "GR", "XI": "XI"}


class AccountableParty(models.AbstractModel):
    """The customer or supplier a package gets for a partner. An addon that keeps more of a partner
    than Odoo does extends :meth:`_values`."""

    _name = "accountable.party"
    _description = "Neutral party"

    def _of_document(self, connection, move):
        """The ``Party`` of an entry, that of its ``_booked_partner``."""
        is_sale = move.is_sale_document(include_receipts=True)
        partner = self._booked_partner(connection, move)
        if partner == move.commercial_partner_id:
            return self._build(connection, partner, customer=is_sale, supplier=not is_sale)
        # Odoo does not count what it is used for
        party = self._build(connection, partner, customer=True, supplier=not is_sale)
        if party.supplier:
            return party
        as_supplier_too = replace(party, supplier=True).fingerprint()
        return replace(party, known_as=(*party.known_as, as_supplier_too))

    def _booked_partner(self, connection, move):
        """Whom the administration books an entry on: its commercial partner, or the collective one
        of the connection for private customers, where it wants that, and for receipts without
        a contact. Nobody where such a receipt has no collective one either."""
        partner = move.commercial_partner_id
        is_sale = move.is_sale_document(include_receipts=True)
        if not partner or (is_sale and self._is_collective(connection, partner)):
            return connection.collective_partner_id.commercial_partner_id
        return partner

    def _is_collective(self, connection, partner):
        return bool(
            connection.collective_private_party
            and connection.collective_partner_id
            and not partner.is_company
            and not self._vat_number(partner)
        )

    def _build(self, connection, partner, customer=False, supplier=False):
        """The ``Party`` of a partner's commercial entity.

        ``customer`` and ``supplier`` add to what the partner was used for already.
        """
        partner = partner.commercial_partner_id.with_company(connection.company_id.root_id)
        party = Party(
            customer=customer or partner.customer_rank > 0,
            supplier=supplier or partner.supplier_rank > 0,
            **self._values(connection, partner),
        )
        days, end_of_month = self._payment_days(
            partner.property_payment_term_id
            if party.customer
            else partner.property_supplier_payment_term_id
        )
        party = replace(party, payment_days=days, payment_end_of_month=end_of_month)
        earlier = self._earlier_fingerprints(connection, partner, party)
        return replace(party, known_as=earlier) if earlier else party

    def _identify(self, connection, partner):
        """The ``Party`` of a partner's commercial entity with what tells who it is, and no more:
        for looking through all contacts."""
        if type(self)._values is not AccountableParty._values:
            # an addon may say something else of who it is
            return self._build(connection, partner)
        partner = partner.commercial_partner_id.with_company(connection.company_id.root_id)
        return Party(**self._identifying_values(connection, partner))

    def _identifying_values(self, connection, partner):
        return {
            "external_number": partner.id + connection.external_number_offset,
            "name": partner.name or partner.display_name or "",
            "vat_number": self._vat_number(partner),
            "registry_number": contact_details.registry_number(partner.company_registry),
            "country": partner.country_id.code or "",
        }

    def _values(self, connection, partner):
        """The fields of ``Party`` that only the partner decides."""
        company = connection.company_id
        return {
            **self._identifying_values(connection, partner),
            "is_company": partner.is_company,
            "vat_status": self._vat_status(partner, company),
            "street": ", ".join(part for part in (partner.street, partner.street2) if part),
            "postal_code": partner.zip or "",
            "city": partner.city or "",
            "language": self._language(partner),
            "email": contact_details.email_address(partner.email),
            "phone": contact_details.phone_number(partner.phone),
            "website": contact_details.web_address(partner.website),
            **self._bank_account(partner),
            "currency": company.currency_id.name,
            "electronic_address": self._electronic_address(partner),
            "contacts": self._contact_persons(connection, partner),
        }

    def _payment_days(self, payment_term):
        """``(days, end of month)`` of a term with one due date, ``(None, False)`` else."""
        line = payment_term.line_ids
        if len(line) != 1 or line.delay_type not in ("days_after", "days_after_end_of_month"):
            return None, False
        return line.nb_days, line.delay_type == "days_after_end_of_month"

    def _earlier_fingerprints(self, connection, partner, party):
        """Until version 19.0.1.1.0 every field went as people wrote it, and contact persons of
        another company of the database went too."""
        before = replace(
            party,
            registry_number=digits(partner.company_registry),
            language=(partner.lang or "").partition("_")[0],
            email=partner.email or "",
            phone=partner.phone or "",
            website=partner.website or "",
            contacts=tuple(
                self._contact_person(connection, person, as_written=True)
                for person in self._persons(connection, partner)
            ),
        )
        before = replace(before, **self._bank_account(partner, as_written=True))
        if before == party:
            return ()
        return before.fingerprint(), *before.fingerprints_with_any_iban()

    def _language(self, record):
        """ISO 639 code of a language of Odoo: ``sr`` of ``sr@latin``."""
        return re.split(r"[_@]", record.lang or "")[0]

    def _bank_account(self, partner, as_written=False):
        """The first IBAN that people may send money to; without one, the first of the others apart,
        since somebody else may have written it (the e-invoice of a new supplier).

        ``as_written``: with the BIC as it stands, which may be none.
        """
        accounts = partner.bank_ids.filtered(lambda account: account.acc_type == "iban")
        trusted = accounts.filtered("allow_out_payment")
        first = (trusted or accounts)[:1]
        if not first:
            return {}
        names = ("iban", "bic") if trusted else ("untrusted_iban", "untrusted_bic")
        bic = first.bank_bic or ""
        if not as_written:
            bic = contact_details.bank_identifier(bic)
        return dict(zip(names, (first.sanitized_acc_number or "", bic), strict=True))

    def _contact_persons(self, connection, partner):
        """Those below the partner who can be reached, where the package takes them."""
        contacts = [
            self._contact_person(connection, person)
            for person in self._persons(connection, partner)
            if self._is_of_books(connection, person)
        ]
        return tuple(one for one in contacts if one.email or one.phone)

    def _persons(self, connection, partner):
        """Addresses for invoices and deliveries are nobody."""
        if not connection._get_capabilities().contact_persons:
            return partner.browse()
        return partner.child_ids.filtered(
            lambda person: (
                person.active
                and not person.is_company
                and person.type in ("contact", "other")
                and person.name
                and (person.email or person.phone)
            )
        ).sorted("id")

    def _is_of_books(self, connection, person):
        """Whether a contact person belongs to every company of the database, or to one of the
        connection, as what stands on its documents does."""
        # a person may see neither company
        company, ours = person.sudo().company_id, connection.sudo().company_id
        return not company or company._accountable_company() == ours or company in ours.parent_ids

    def _contact_person(self, connection, person, as_written=False):
        # an addon may keep the two names apart
        has_names = {"firstname", "lastname"} <= person._fields.keys()
        values = {
            "email": contact_details.email_address(person.email),
            "phone": contact_details.phone_number(person.phone),
            "language": self._language(person),
        }
        if as_written:
            values = {
                "email": person.email or "",
                "phone": person.phone or "",
                "language": (person.lang or "").partition("_")[0],
            }
        return ContactPerson(
            key=person.id + connection.external_number_offset,
            name=person.name,
            first_name=(person.firstname or "") if has_names else "",
            last_name=(person.lastname or "") if has_names else "",
            function=person.function or "",
            **values,
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
