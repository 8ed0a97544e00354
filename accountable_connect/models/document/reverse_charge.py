"""VAT under reverse charge: both of its sides on every line, and what of it is private."""

from dataclasses import replace
from decimal import Decimal

from odoo import models

from ...documents.amounts import ZERO
from ...documents.sentence import SentencesOf
from ..problem import problem_of
from ..sentence import name_of

_lt = SentencesOf(__name__)


class AccountableDocumentPart(models.AbstractModel):
    _inherit = "accountable.document.part"

    def _align_owed(self, legs_by_item, private, problems, move):
        """Make both sides of a reverse charge equal on every line.

        Odoo rounds the two sides of the whole document each for itself, so that the cents can lie
        on different lines. The sums per repartition line stay as they were posted; where these
        differ between the sides, somebody typed one of them over. A private share has one side
        only: it takes the cents that rounding left, then gets its other side.
        """
        by_tax = {}
        for legs in legs_by_item.values():
            for tax in {leg.tax for leg in legs if leg.is_owed}:
                by_tax.setdefault(tax, []).append([leg for leg in legs if leg.tax == tax])
        for tax, legs_of_lines in by_tax.items():
            of_tax = [legs_by_item[item.id] for item in private if private[item].tax == tax]
            for name in ("amount", "amount_company"):
                if of_tax:
                    self._move_cents(legs_of_lines, of_tax, name, move)
                differences = [
                    sum((getattr(leg, name) for leg in legs), ZERO) for legs in legs_of_lines
                ]
                if sum(differences, ZERO):
                    problems.append(self._problem_reverse_charge(move, tax, sum(differences)))
                    break
                for legs, difference in zip(legs_of_lines, differences, strict=True):
                    owed = next(leg for leg in legs if leg.is_owed)
                    setattr(owed, name, getattr(owed, name) - difference)
        for item, owed in private.items():
            legs = legs_by_item[item.id]
            other_side = {
                name: -sum((getattr(leg, name) for leg in legs), ZERO)
                for name in ("amount", "amount_company")
            }
            legs.append(replace(owed, **other_side))

    def _move_cents(self, legs_of_lines, private_legs, name, move):
        """Put what rounding made of the two sides into the VAT of the private share, whose sum with
        that of the lines is as it was posted."""
        currency = move.currency_id if name == "amount" else move.company_id.currency_id
        difference = sum((getattr(leg, name) for legs in legs_of_lines for leg in legs), ZERO)
        count = len(legs_of_lines) + len(private_legs)
        if abs(difference) > count * Decimal(1).scaleb(-currency.decimal_places):
            return
        taker = private_legs[0][0]
        giver = next(
            leg
            for legs in legs_of_lines
            for leg in legs
            if leg.repartition_line == taker.repartition_line
        )
        setattr(taker, name, getattr(taker, name) + difference)
        setattr(giver, name, getattr(giver, name) - difference)

    # Private shares under reverse charge

    def _private_under_reverse_charge(self, items, legs_by_item):
        """``{item: Leg}``: the items that take a private share off a line under reverse charge, and
        the leg of the VAT we owe, which Odoo leaves whole on the line itself."""
        owed = {leg.tax: leg for legs in legs_by_item.values() for leg in legs if leg.is_owed}
        return {
            item: owed[leg.tax]
            for item in items
            if item.display_type == "non_deductible_product"
            for leg in legs_by_item[item.id][:1]
            if leg.tax in owed
        }

    def _put_private(self, parts_by_item, private):
        """We owe the VAT of the whole base: the private share gets a line with the same code, whose
        VAT cannot be deducted, in place of what Odoo posts without code."""
        by_type = {item.display_type: parts[0] for item, parts in parts_by_item.items()}
        total = by_type.get("non_deductible_product_total")
        vat = by_type.get("non_deductible_tax")
        if vat is None or vat.account != total.account:
            vat = total
        for item in private:
            taken = parts_by_item[item][0]
            line = replace(
                total,
                tax=taken.tax,
                share=ZERO,
                base=-taken.base,
                base_company=-taken.base_company,
                vat_owed=-taken.vat_owed,
                vat_owed_company=-taken.vat_owed_company,
                legs=[],
            )
            total.base -= line.base
            total.base_company -= line.base_company
            vat.base -= line.vat_owed
            vat.base_company -= line.vat_owed_company
            parts_by_item[item].append(line)

    def _problem_reverse_charge(self, move, tax, difference):
        message = _lt(
            "%(document)s: the VAT we owe and the VAT we deduct or bear by tax %(tax)s differ by"
            " %(difference)s. Correct the tax lines of the document.",
            document=move.display_name,
            tax=name_of(tax),
            difference=difference,
        )
        return problem_of(move, "data_refused", "reverse_charge_differs", message)
