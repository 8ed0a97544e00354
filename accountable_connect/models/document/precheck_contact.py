"""What can be said of the contact of a document before anybody is called."""

from odoo import models
from odoo.tools import SQL

CONTACT_MISSING = "contact_missing"


class AccountableConnection(models.Model):
    _inherit = "accountable.connection"

    def write(self, vals):
        result = super().write(vals)
        if vals.get("collective_partner_id"):
            self._release_receipts_without_contact()
        return result

    def _release_receipts_without_contact(self):
        """There is a party to book them on now."""
        waiting = (
            self.env["accountable.job"]
            .sudo()
            .search(
                [
                    ("connection_id", "in", self.ids),
                    ("state", "=", "failed"),
                    ("error_code", "=", CONTACT_MISSING),
                ]
            )
        )
        for job in waiting:
            job._make_pending()
        waiting.connection_id._wake_lanes()

    def _precheck_contact(self, move):
        """A package books every document on a customer or supplier; in Odoo a receipt may have
        none."""
        if self.env["accountable.document"]._booked_partner(move, self):
            return []
        message = self.env._(
            "%(document)s has no contact, and the administration books on one. Choose a collective"
            " party in the settings of the connection, which receipts without a contact are booked"
            " on; or reset the receipt to draft and give it a contact.",
            document=move.name,
        )
        return [self._problem("configuration_missing", CONTACT_MISSING, message, self)]

    def _precheck_double_contact(self, move, facts):
        """Other contacts with the VAT or registry number of this one, which the administration
        would have twice."""
        partner = self.env["accountable.document"]._booked_partner(move, self)
        others = facts.same_company.get(partner.id)
        if not others:
            return []
        name, *other_names = _names(partner | others)
        message = self.env._(
            "%(partner)s and %(others)s have one VAT or registry number, %(number)s: the"
            " administration would have this company more than once. Merge the contacts, or correct"
            " one of them.",
            partner=name,
            others=", ".join(other_names),
            number=partner.vat or partner.company_registry,
        )
        return [self._problem("duplicate", "double_contact", message, partner, blocking=False)]

    def _partners_with_digits(self, numbers):
        """Contacts of this company whose VAT or registry number has these digits and no others.
        Our own companies are nobody's second contact."""
        if not numbers:
            return self.env["res.partner"]
        without_zeros = tuple({number.lstrip("0") for number in numbers})
        self.env["res.partner"].flush_model(
            ["active", "commercial_partner_id", "company_id", "company_registry", "vat"]
        )
        ids = self.env.execute_query(
            SQL(
                """
                SELECT id FROM res_partner
                 WHERE active AND commercial_partner_id = id
                   AND (company_id IS NULL OR company_id IN %(companies)s)
                   AND NOT EXISTS (
                       SELECT FROM res_company WHERE partner_id = res_partner.id)
                   AND (ltrim(regexp_replace(vat, '[^0-9]', '', 'g'), '0') IN %(numbers)s
                     OR ltrim(regexp_replace(company_registry, '[^0-9]', '', 'g'), '0')
                        IN %(numbers)s)
                 ORDER BY id
                """,
                companies=self._companies_of_records()._ids,
                numbers=without_zeros,
            )
        )
        return self.env["res.partner"].browse(id_ for (id_,) in ids)

    def _precheck_duplicate(self, move):
        if not move.is_purchase_document() or not move.duplicated_ref_ids:
            return []
        message = self.env._(
            "It looks like the same document as %(documents)s.",
            documents=", ".join(move.duplicated_ref_ids.mapped("display_name")),
        )
        cause = move.duplicated_ref_ids[:1]
        return [self._problem("duplicate", "possible_duplicate", message, cause, blocking=False)]


def _names(partners):
    """Two contacts of one company often have one name: then the number tells them apart."""
    names = partners.mapped("display_name")
    return [
        f"{name} (#{partner.id})" if names.count(name) > 1 else name
        for partner, name in zip(partners, names, strict=True)
    ]
