"""VAT that somebody typed over where the package works it out: both figures, before it goes.

A package takes the VAT that stands on a document from us. What we owe under reverse charge, and the
part of the VAT that is deductible, most of them compute from a rate and a percentage.
"""

from decimal import Decimal

from odoo import models

from ...api.errors import DATA_REFUSED, DECISION
from ...const import TYPED_OWED, TYPED_SHARE
from ...documents.amounts import ZERO, round_half_up, to_decimal
from ...documents.sentence import SentencesOf
from ..problem import problem_of

_lt = SentencesOf(__name__)

HUNDRED = Decimal(100)


class AccountableDocumentLine(models.AbstractModel):
    _inherit = "accountable.document.line"

    def _typed_problems(self, move, kind, lines, taxes, facts):
        """What the package will make of VAT that was typed over, as problems with both figures.

        :param lines: the document's lines
        :param taxes: the taxes of its parts
        """
        if kind.startswith("sale"):
            return []
        differences = {TYPED_OWED: [], TYPED_SHARE: []}
        for code, code_taxes in self._by_code(taxes, kind, facts).items():
            same = [line for line in lines if line.vat_code == code]
            reverse_charge = code_taxes.filtered("has_negative_factor")
            in_part = any(line.recoverable_share not in (None, ZERO, HUNDRED) for line in same)
            if not (reverse_charge or in_part) or not self._typed_over(move, code_taxes):
                continue
            rates = set(reverse_charge.mapped("amount"))
            rate = Decimal(str(rates.pop())) if len(rates) == 1 else ZERO
            difference = self._package_differs(move, same, rate, facts)
            if difference:
                sort, odoo, package = difference
                differences[sort].append((code_taxes, odoo, package))
        return [
            self._problem_typed(move, sort, found) for sort, found in differences.items() if found
        ]

    def _by_code(self, taxes, kind, facts):
        """The taxes by their VAT code: a package tells no more of them apart."""
        resolver = self.env["accountable.code.resolver"]
        by_code = {}
        for tax in taxes:
            code = resolver._resolve_tax(facts.rows, tax, kind, [])
            by_code[code] = by_code.get(code, tax.browse()) | tax
        return by_code

    def _typed_over(self, move, taxes):
        """Whether the posted VAT of these taxes is not what Odoo computes itself."""
        base_lines, _tax_lines = move._get_rounded_base_and_tax_lines(round_from_tax_lines=False)
        self.env["account.tax"]._add_accounting_data_in_base_lines_tax_details(
            base_lines, move.company_id
        )
        decimals = move.currency_id.decimal_places
        left = {}
        for base_line in base_lines:
            for tax_data in base_line["tax_details"]["taxes_data"]:
                for data in tax_data["tax_reps_data"] if tax_data["tax"] in taxes else ():
                    line = data["tax_rep"]
                    amount = to_decimal(data["tax_amount_currency"], decimals)
                    left[line] = left.get(line, ZERO) + amount
        for item in move.line_ids.filtered(lambda item: item.tax_line_id in taxes):
            line = item.tax_repartition_line_id
            amount = to_decimal(move.direction_sign * item.amount_currency, decimals)
            left[line] = left.get(line, ZERO) - amount
        return any(left.values())

    def _package_differs(self, move, lines, rate, facts):
        """``(sort, Odoo's figure, the package's)`` where these differ; document currency."""
        decimals = move.currency_id.decimal_places
        owed = [line.vat_owed for line in lines]
        if facts.capabilities.computes_owed_vat and rate:
            owed = [round_half_up(line.base * rate / HUNDRED, decimals) for line in lines]
            posted = sum((line.vat_owed for line in lines), ZERO)
            if sum(owed, ZERO) != posted:
                return TYPED_OWED, posted, sum(owed, ZERO)
        if not facts.capabilities.computes_deductible_vat:
            return None
        posted = sum((line.vat_deductible for line in lines), ZERO)
        deducted = ZERO
        for line, line_owed in zip(lines, owed, strict=True):
            share = HUNDRED if line.recoverable_share is None else line.recoverable_share
            vat = line.vat_invoiced + line_owed
            deducted += round_half_up(vat * share / HUNDRED, decimals)
        return (TYPED_SHARE, posted, deducted) if deducted != posted else None

    def _problem_typed(self, move, sort, found):
        values = {
            "taxes": ", ".join(tax.display_name for taxes, *_figures in found for tax in taxes),
            "odoo": str(sum((odoo for _taxes, odoo, _package in found), ZERO)),
            "package": str(sum((package for _taxes, _odoo, package in found), ZERO)),
            "currency": move.currency_id.name,
        }
        owed = sort == TYPED_OWED
        figures = {name: Decimal(values[name]) for name in ("odoo", "package")}
        message = (
            _lt(
                "%(document)s: the VAT of %(taxes)s was changed by hand. Odoo holds %(odoo)s "
                "%(currency)s of VAT owed; the package computes it from the rate and would book "
                "%(package)s %(currency)s. Correct the document, or send it anyway.",
                document=move.display_name,
                **{**values, **figures},
            )
            if owed
            else _lt(
                "%(document)s: the VAT of %(taxes)s was changed by hand. Odoo deducts %(odoo)s "
                "%(currency)s, the package %(package)s %(currency)s: it takes the deductible "
                "share of the VAT on the bill.",
                document=move.display_name,
                **{**values, **figures},
            )
        )
        return problem_of(
            move,
            DECISION if owed else DATA_REFUSED,
            sort,
            message,
            blocking=owed,
            overridable=owed,
            note=values,
        )
