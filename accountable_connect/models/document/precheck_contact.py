"""What can be said of the contact of a document before anybody is called."""

from odoo import models
from odoo.tools import SQL

from ...api.identity import agreements
from ...api.texts import digits
from ...documents.sentence import SentencesOf
from ..problem import CONTACT_MISSING, problem_of

_lt = SentencesOf(__name__)


class AccountablePrecheck(models.AbstractModel):
    _inherit = "accountable.precheck"

    def _find_problems(self, connection, move, document, facts):
        problems = super()._find_problems(connection, move, document, facts)
        return problems + self._check_contact(connection, move)

    def _find_warnings(self, connection, move, document, facts):
        return [
            *super()._find_warnings(connection, move, document, facts),
            *(self._check_duplicate(move) if document else ()),
            *self._check_double_contact(connection, move, facts),
        ]

    def _check_contact(self, connection, move):
        """A package books every document on a customer or supplier; in Odoo a receipt may have
        none."""
        if self.env["accountable.party"]._booked_partner(connection, move):
            return []
        message = _lt(
            "%(document)s has no contact, and the administration books on one. Choose a collective"
            " party in the settings of the connection, which receipts without a contact are booked"
            " on; or reset the receipt to draft and give it a contact.",
            document=move.name,
        )
        return [problem_of(connection, "configuration_missing", CONTACT_MISSING, message)]

    def _check_duplicate(self, move):
        if not move.is_purchase_document() or not move.duplicated_ref_ids:
            return []
        message = _lt(
            "It looks like the same document as %(documents)s.",
            documents=", ".join(move.duplicated_ref_ids.mapped("display_name")),
        )
        duplicate = move.duplicated_ref_ids[:1]
        return [problem_of(duplicate, "duplicate", "possible_duplicate", message, blocking=False)]

    def _check_double_contact(self, connection, move, facts):
        """Other contacts with the VAT or registry number of this one, which the administration
        would have twice."""
        partner = self.env["accountable.party"]._booked_partner(connection, move)
        others = facts.same_company.get(partner.id)
        if not others:
            return []
        name, *other_names = _names(partner | others)
        message = _lt(
            "%(partner)s and %(others)s have the same VAT or registry number, %(number)s: the "
            "administration would hold this company more than once. Merge the contacts, or "
            "correct one of them.",
            partner=name,
            others=", ".join(other_names),
            number=partner.vat or partner.company_registry,
        )
        return [problem_of(partner, "duplicate", "double_contact", message, blocking=False)]

    def _find_same_company(self, connection, moves):
        """``{partner id: other partners}`` with the VAT or registry number of a contact of these
        documents: those that documents of this company can be made out to."""
        builder = self.env["accountable.party"]
        partners = self.env["res.partner"].union(
            *(builder._booked_partner(connection, move) for move in moves)
        )
        candidates = self._find_partners_with_number(
            connection,
            {
                number
                for partner in partners
                for number in (digits(partner.vat), digits(partner.company_registry))
                if number
            },
        )
        parties = {
            partner: builder._build(connection, partner) for partner in partners | candidates
        }
        others = {
            partner: candidates.filtered(
                lambda other, partner=partner: (
                    other != partner and agreements(parties[other], parties[partner])
                )
            )
            for partner in partners
        }
        return {partner.id: found for partner, found in others.items() if found}

    def _find_partners_with_number(self, connection, numbers):
        """Contacts of this company whose VAT or registry number has these digits and no others.
        Our own companies are nobody's second contact."""
        if not numbers:
            return self.env["res.partner"]
        self.env["res.partner"].flush_model(
            ["active", "commercial_partner_id", "company_id", "company_registry", "vat"]
        )
        # people write numbers in many ways, and a domain compares them only as they are written
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
                companies=connection._companies_of_records()._ids,
                numbers=tuple({number.lstrip("0") for number in numbers}),
            )
        )
        return self.env["res.partner"].browse(id_ for (id_,) in ids)


def _names(partners):
    """Two contacts of one company often have one name: then the number tells them apart."""
    names = partners.mapped("display_name")
    return [
        f"{name} (#{partner.id})" if names.count(name) > 1 else name
        for partner, name in zip(partners, names, strict=True)
    ]
