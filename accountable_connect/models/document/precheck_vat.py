"""What can be said of the VAT of a document before anybody is called."""

from odoo import models

from ...documents.party import NOT_SUBJECT


class AccountableConnection(models.Model):
    _inherit = "accountable.connection"

    def _precheck_vat_country(self, move, facts):
        countries = facts.capabilities.vat_countries
        taxes = move.invoice_line_ids.tax_ids.flatten_taxes_hierarchy()
        foreign = taxes.filtered(
            lambda tax: tax.amount_type != "fixed" and tax.country_id.code not in countries
        )
        return [
            self._problem(
                "data_refused",
                "vat_country",
                self.env._(
                    "Tax %(tax)s belongs to the VAT return of %(country)s; this administration"
                    " keeps returns of %(countries)s only.",
                    tax=tax.display_name,
                    country=tax.country_id.name,
                    countries=", ".join(sorted(countries)),
                ),
                tax,
            )
            for tax in foreign
        ]

    def _precheck_vat_number(self, move, kind, facts):
        documents = self.env["accountable.document"]
        partner = documents._booked_partner(move, self)
        is_collective = move.commercial_partner_id not in (partner, partner.browse())
        if not partner or (kind.startswith("sale") and is_collective):
            return []
        number = documents._vat_number(partner)
        domestic = move.company_id.account_fiscal_country_id.code
        is_domestic = documents._vat_country(partner, move.company_id) == domestic
        taxes = move.invoice_line_ids.tax_ids.flatten_taxes_hierarchy()
        if kind.startswith("sale"):
            return self._precheck_customer_number(move, kind, facts, taxes, number, is_domestic)
        deducts = any(facts.is_reverse_charge(tax) or tax.amount for tax in taxes)
        if number or not deducts:
            return []
        message = self.env._(
            "%(partner)s has no VAT number; without the supplier's number VAT cannot be deducted.",
            partner=partner.display_name,
        )
        return [
            self._problem(
                "data_refused", "supplier_without_number", message, partner, blocking=False
            )
        ]

    def _precheck_customer_number(self, move, kind, facts, taxes, number, is_domestic):
        _ = self.env._
        partner = self.env["accountable.document"]._booked_partner(move, self)
        problems = []
        for tax in taxes:
            if facts.is_european_sale(tax, kind) and (not number or is_domestic):
                message = _(
                    "%(partner)s needs a VAT number of another Member State for tax %(tax)s: it"
                    " goes into the intra-Community listing.",
                    partner=partner.display_name,
                    tax=tax.display_name,
                )
                problems.append(
                    self._problem("data_refused", "european_number_missing", message, partner)
                )
            elif facts.is_co_contractor(tax, kind) and not (number and is_domestic):
                message = _(
                    "%(partner)s needs a domestic VAT number for tax %(tax)s: the customer owes"
                    " the VAT.",
                    partner=partner.display_name,
                    tax=tax.display_name,
                )
                problems.append(
                    self._problem("data_refused", "domestic_number_missing", message, partner)
                )
        status = self.env["accountable.document"]._vat_status(partner, move.company_id)
        is_itself = partner == move.commercial_partner_id
        if is_itself and not problems and is_domestic and status == NOT_SUBJECT:
            message = _(
                "%(partner)s is a company without VAT number; it will be missing in the yearly"
                " customer listing.",
                partner=partner.display_name,
            )
            problems.append(
                self._problem(
                    "data_refused", "listing_number_missing", message, partner, blocking=False
                )
            )
        return problems

    # Accounts

    def _precheck_accounts(self, move, kind, facts):
        """A purchase's class of the VAT return (81, 82, 83) against what the account says, which in
        some packages decides alone."""
        if not kind.startswith("purchase"):
            return []
        problems = []
        lines = move.line_ids.filtered(lambda line: line.display_type == "product")
        for account, account_lines in lines.grouped("account_id").items():
            account_box = facts.translation.ledger_account_details(account).get("vat_box")
            for tax in account_lines.tax_ids.flatten_taxes_hierarchy():
                tax_box = facts.purchase_class(tax, kind)
                if not tax_box or str(account_box or "") == tax_box:
                    continue
                if not account_box:
                    if facts.account_decides_box(account):
                        problems.append(self._problem_without_box(account, tax, tax_box))
                    continue
                message = self.env._(
                    "Account %(account)s belongs to box %(account_box)s of the VAT return, tax"
                    " %(tax)s to box %(tax_box)s.",
                    account=account._accountable_name(self.company_id),
                    account_box=account_box,
                    tax=tax.display_name,
                    tax_box=tax_box,
                )
                problems.append(
                    self._problem("data_refused", "account_class", message, account, blocking=False)
                )
        return problems

    def _problem_without_box(self, account, tax, tax_box):
        message = self.env._(
            "Account %(account)s has no box of the VAT return in the administration, and tax"
            " %(tax)s belongs to box %(tax_box)s: the amount would be missing from the return.",
            account=account._accountable_name(self.company_id),
            tax=tax.display_name,
            tax_box=tax_box,
        )
        return self._problem("data_refused", "account_without_class", message, account, False)

    def _accounts_decide_boxes(self):
        """Whether the boxes of purchases hang on the ledger accounts: those of the administration
        have one, and its VAT codes do not."""
        self.ensure_one()
        rows = self.sudo().master_data_ids
        return any(
            row.kind == "ledger_account" and (row.details or {}).get("vat_box") for row in rows
        ) and not any(
            row.kind == "vat_code" and (row.details or {}).get("purchase_class") for row in rows
        )
