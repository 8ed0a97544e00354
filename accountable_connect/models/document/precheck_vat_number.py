"""What can be said of the VAT of a document before anybody is called."""

from odoo import models

from ...const import KIND_BY_MOVE_TYPE
from ...documents.party import NOT_SUBJECT
from ...documents.sentence import SentencesOf
from ..problem import problem_of
from ..sentence import name_of

_lt = SentencesOf(__name__)


class AccountablePrecheck(models.AbstractModel):
    _inherit = "accountable.precheck"

    def _find_refusal(self, connection, move):
        """A document under a fiscal position with a foreign VAT number never comes into the return
        of this administration, whatever its taxes are mapped to."""
        position = move.fiscal_position_id
        if not position._accountable_is_foreign(move.company_id):
            return super()._find_refusal(connection, move)
        message = _lt(
            "%(document)s is under the fiscal position %(position)s with your VAT number "
            "%(number)s: its VAT is declared in %(country)s, and must not be in the return of "
            "this administration. Let your accountant book it, then press Skip.",
            document=move.name,
            position=name_of(position, lambda one: one.name),
            number=position.foreign_vat,
            country=name_of(position.country_id) if position.country_id else "–",
        )
        return problem_of(position, "data_refused", "foreign_vat", message)

    def _find_problems(self, connection, move, document, facts):
        return [
            *super()._find_problems(connection, move, document, facts),
            *self._check_vat_country(move, facts),
            *self._check_vat_number(connection, move, facts),
        ]

    def _check_vat_country(self, move, facts):
        countries = facts.capabilities.vat_countries
        foreign = facts.taxes(move).filtered(
            lambda tax: tax.amount_type != "fixed" and tax.country_id.code not in countries
        )
        return [
            problem_of(
                tax,
                "data_refused",
                "vat_country",
                _lt(
                    "Tax %(tax)s belongs to the VAT return of %(country)s; this administration"
                    " keeps returns of %(countries)s only.",
                    tax=name_of(tax),
                    country=name_of(tax.country_id),
                    countries=", ".join(sorted(countries)),
                ),
            )
            for tax in foreign
        ]

    def _check_vat_number(self, connection, move, facts):
        parties = self.env["accountable.party"]
        partner = parties._booked_partner(connection, move)
        if not partner:
            return []
        number = parties._vat_number(partner)
        if move.is_sale_document(include_receipts=True):
            if partner != (move.commercial_partner_id or partner):
                return []
            domestic = move.company_id.account_fiscal_country_id.code
            is_domestic = parties._vat_country(partner, move.company_id) == domestic
            return self._check_customer_number(move, facts, partner, number, is_domestic)
        deducts = any(facts.is_reverse_charge(tax) or tax.amount for tax in facts.taxes(move))
        if number or not deducts:
            return []
        message = _lt(
            "%(partner)s has no VAT number; without the supplier's number VAT cannot be deducted.",
            partner=partner.display_name,
        )
        return [
            problem_of(partner, "data_refused", "supplier_without_number", message, blocking=False)
        ]

    def _check_customer_number(self, move, facts, partner, number, is_domestic):
        kind = KIND_BY_MOVE_TYPE[move.move_type]
        problems = []
        for tax in facts.taxes(move):
            code = None
            if facts.is_european_sale(tax, kind) and (not number or is_domestic):
                code = "european_number_missing"
                message = _lt(
                    "%(partner)s needs a VAT number of another Member State for tax %(tax)s: it"
                    " goes into the intra-Community listing.",
                    partner=partner.display_name,
                    tax=name_of(tax),
                )
            elif facts.is_co_contractor(tax, kind) and not (number and is_domestic):
                code = "domestic_number_missing"
                message = _lt(
                    "%(partner)s needs a domestic VAT number for tax %(tax)s: the customer owes"
                    " the VAT.",
                    partner=partner.display_name,
                    tax=name_of(tax),
                )
            if code:
                problems.append(problem_of(partner, "data_refused", code, message))
        status = self.env["accountable.party"]._vat_status(partner, move.company_id)
        is_itself = partner == move.commercial_partner_id
        if is_itself and not problems and is_domestic and status == NOT_SUBJECT:
            message = _lt(
                "%(partner)s is a company without VAT number; it will be missing in the yearly"
                " customer listing.",
                partner=partner.display_name,
            )
            code = "listing_number_missing"
            problems.append(problem_of(partner, "data_refused", code, message, blocking=False))
        return problems
