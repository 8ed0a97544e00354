"""The parts of a neutral document, out of the journal items of a posted entry.

Every journal item is accounted for once: items that bear a base become bases with the amounts they
were posted with, tax items are spread over the bases by Odoo's own computation and corrected per
repartition line to what was posted, the party's items make the total.
"""

from dataclasses import dataclass, field, replace
from decimal import Decimal

from odoo import models

from ..documents.amounts import ZERO, distribute, split, to_decimal
from ..documents.problem import Problem

BASE_TYPES = {
    "product",
    "epd",
    "rounding",
    "discount",
    "non_deductible_product",
    "non_deductible_product_total",
    "non_deductible_tax",
}
TEXT_TYPES = {"line_section", "line_subsection", "line_note"}


@dataclass(slots=True)
class Leg:
    """What one base line brings to one repartition line of a tax.

    ``amount`` and ``amount_company`` are signed relative to the document's kind: negative for the
    VAT that is owed by us.
    """

    tax: models.BaseModel
    repartition_line: models.BaseModel
    account: models.BaseModel
    amount: Decimal
    amount_company: Decimal

    @property
    def is_owed(self):
        return self.repartition_line.factor < 0

    @property
    def is_recoverable(self):
        """Whether VAT posted by this repartition line is claimed from the State.

        That is decided by the account of the *repartition line*: an account of the balance sheet
        that is no fixed asset. Without an account, or with one of profit and loss, the VAT is part
        of the cost. Which of the State's accounts it is does not matter, so that a template which
        swaps the accounts of a credit note still gives the right shares.
        """
        account = self.repartition_line.account_id
        return bool(
            account
            and account.internal_group not in ("income", "expense")
            and account.account_type not in ("asset_fixed", "asset_non_current")
        )


@dataclass(slots=True)
class Part:
    """A future line, before codes: base and VAT of one journal item, or what comes with it."""

    account: models.BaseModel
    tax: models.BaseModel
    text: str
    distribution: dict | None
    share: Decimal | None = None
    private: bool = False
    base: Decimal = ZERO
    vat_invoiced: Decimal = ZERO
    vat_owed: Decimal = ZERO
    vat_deductible: Decimal = ZERO
    base_company: Decimal = ZERO
    vat_invoiced_company: Decimal = ZERO
    vat_owed_company: Decimal = ZERO
    vat_deductible_company: Decimal = ZERO
    legs: list = field(default_factory=list)


class AccountableDocumentParts(models.AbstractModel):
    _name = "accountable.document.parts"
    _description = "Parts of a neutral document"

    def _parts(self, move, kind, translation, problems):
        unknown = move.line_ids.filtered(
            lambda line: (
                line.display_type not in BASE_TYPES | TEXT_TYPES
                and line.display_type not in ("tax", "payment_term", "cogs")
            )
        )
        if unknown:
            problems.append(self._problem_unknown_items(move, unknown))
        base_lines, legs_by_item = self._computed_legs(move)
        self._correct_legs(move, legs_by_item, problems)
        self._align_owed(legs_by_item, problems, move)
        parts = []
        for item in base_lines:
            parts += self._parts_of_item(
                move, kind, item, legs_by_item[item.id], translation, problems
            )
        return parts

    def _computed_legs(self, move):
        """Odoo's own split of the tax over the bases: the items that bear a base, in the order of
        the document, and ``{item id: [Leg]}``."""
        AccountTax = self.env["account.tax"]
        base_lines, _tax_lines = move._get_rounded_base_and_tax_lines()
        AccountTax._add_accounting_data_in_base_lines_tax_details(base_lines, move.company_id)
        decimals = move.currency_id.decimal_places
        company_decimals = move.company_id.currency_id.decimal_places
        items = move.line_ids.filtered(
            lambda line: line.display_type in BASE_TYPES and not line.tax_repartition_line_id
        ).sorted(lambda line: (line.sequence, line.id))
        legs_by_item = {item.id: [] for item in items}
        for base_line in base_lines:
            for tax_data in base_line["tax_details"]["taxes_data"]:
                legs_by_item[base_line["record"].id] += [
                    Leg(
                        tax=tax_data["tax"],
                        repartition_line=data["tax_rep"],
                        account=data["account"],
                        amount=to_decimal(data["tax_amount_currency"], decimals),
                        amount_company=to_decimal(data["tax_amount"], company_decimals),
                    )
                    for data in tax_data["tax_reps_data"]
                ]
        return items, legs_by_item

    def _correct_legs(self, move, legs_by_item, problems):
        """Make the legs of every repartition line add up to its journal items.

        They differ where somebody typed the VAT over, or where cash rounding changed it.
        """
        sign = move.direction_sign
        decimals = move.currency_id.decimal_places
        company_decimals = move.company_id.currency_id.decimal_places
        posted, legs = {}, {}
        for item in move.line_ids.filtered("tax_repartition_line_id"):
            key = self._leg_key(item.tax_repartition_line_id, item.account_id)
            amounts = posted.setdefault(key, [ZERO, ZERO])
            amounts[0] += to_decimal(sign * item.amount_currency, decimals)
            amounts[1] += to_decimal(sign * item.balance, company_decimals)
        for item_legs in legs_by_item.values():
            for leg in item_legs:
                legs.setdefault(self._leg_key(leg.repartition_line, leg.account), []).append(leg)
        for key in [*legs, *(key for key in posted if key not in legs)]:
            amount, amount_company = posted.get(key, (ZERO, ZERO))
            key_legs = legs.get(key)
            if key_legs is None:
                if amount or amount_company:
                    problems.append(self._problem_tax_without_base(move, key, amount))
                continue
            self._correct(key_legs, "amount", amount, decimals)
            self._correct(key_legs, "amount_company", amount_company, company_decimals)

    def _leg_key(self, repartition_line, account):
        """A repartition line with an account of its own is compared as a whole (somebody may have
        typed another account), one without on the account of the line it belongs to."""
        own_account = repartition_line.account_id
        return (repartition_line, None if own_account else account)

    def _correct(self, legs, name, posted, decimals):
        weights = [getattr(leg, name) for leg in legs]
        difference = posted - sum(weights, ZERO)
        if difference:
            for leg, part in zip(legs, distribute(difference, weights, decimals), strict=True):
                setattr(leg, name, getattr(leg, name) + part)

    def _align_owed(self, legs_by_item, problems, move):
        """Make both sides of a reverse charge equal on every line.

        Odoo rounds the two sides of the whole document each for itself, so that the cents can lie
        on different lines. The sums per repartition line stay as they were posted; where these
        differ between the sides, somebody typed one of them over.
        """
        by_tax = {}
        for legs in legs_by_item.values():
            for tax in {leg.tax for leg in legs if leg.is_owed}:
                by_tax.setdefault(tax, []).append([leg for leg in legs if leg.tax == tax])
        for tax, legs_of_lines in by_tax.items():
            for name in ("amount", "amount_company"):
                differences = [
                    sum((getattr(leg, name) for leg in legs), ZERO) for legs in legs_of_lines
                ]
                if sum(differences, ZERO):
                    problems.append(self._problem_reverse_charge(move, tax, sum(differences)))
                    break
                for legs, difference in zip(legs_of_lines, differences, strict=True):
                    owed = next(leg for leg in legs if leg.is_owed)
                    setattr(owed, name, getattr(owed, name) - difference)

    def _parts_of_item(self, move, kind, item, legs, translation, problems):
        """A base with its VAT, preceded by nothing and followed by: fixed taxes as bases of their
        own, VAT that goes without code, VAT that is charged to another account than the base."""
        sign = move.direction_sign
        main = Part(
            account=item.account_id,
            tax=self.env["account.tax"],
            text=self._text(item),
            distribution=item.analytic_distribution,
            private=item.display_type.startswith("non_deductible"),
            base=to_decimal(sign * item.amount_currency, move.currency_id.decimal_places),
            base_company=to_decimal(
                sign * item.balance, move.company_id.currency_id.decimal_places
            ),
        )
        taxes = self.env["account.tax"].union(*(leg.tax for leg in legs)) or (
            self._flat_taxes(item)
        )
        fixed_taxes = taxes.filtered(lambda tax: tax.amount_type == "fixed")
        main.tax = taxes - fixed_taxes
        if len(main.tax) > 1:
            problems.append(self._problem_two_taxes(item, main.tax))
            main.tax = main.tax[:1]
        main.legs = [leg for leg in legs if leg.tax == main.tax]
        fixed = [
            replace(
                main,
                account=leg.account,
                # in the company's language, not the reader's: it is part of the fingerprint
                text=leg.tax.with_context(lang=move.company_id.partner_id.lang).name,
                base=leg.amount,
                base_company=leg.amount_company,
                tax=main.tax if self._bears_tax(leg.tax, main.tax) else self.env["account.tax"],
                legs=[],
            )
            for leg in legs
            if leg.tax in fixed_taxes and (leg.amount or leg.amount_company)
        ]
        parts = [main, *fixed]
        return parts + self._put_vat(move, kind, parts, translation, problems)

    def _flat_taxes(self, item):
        return item.tax_ids.flatten_taxes_hierarchy()

    def _bears_tax(self, fixed_tax, vat_tax):
        """Whether a fixed tax is part of the base of the VAT, as Odoo computes it."""
        if not (fixed_tax.include_base_amount and vat_tax and vat_tax.is_base_affected):
            return False
        ordered = (fixed_tax | vat_tax)._flatten_taxes_and_sort_them()[0]
        return ordered[:1] == fixed_tax

    def _put_vat(self, move, kind, parts, translation, problems):
        """Put the legs of the main part into the figures of those parts that bear the tax; returns
        the parts that have to be added."""
        main, vat_tax = parts[0], parts[0].tax
        bearing = [part for part in parts if part.tax == vat_tax]
        if not vat_tax or not main.legs:
            return []
        problems += self._leg_problems(kind, main.legs)
        if kind.startswith("sale") and translation.is_one_stop_shop(vat_tax):
            return [
                replace(
                    main,
                    account=leg.account,
                    tax=self.env["account.tax"],
                    base=leg.amount,
                    base_company=leg.amount_company,
                    legs=[],
                )
                for leg in main.legs
                if leg.amount or leg.amount_company
            ]
        for suffix, decimals in (
            ("", move.currency_id.decimal_places),
            ("_company", move.company_id.currency_id.decimal_places),
        ):
            self._split_vat(kind, main, bearing, suffix, decimals)
        share = self._share(kind, vat_tax, main.legs)
        for part in bearing:
            part.share = share
        return self._costs_elsewhere(kind, main)

    def _split_vat(self, kind, main, bearing, suffix, decimals):
        name = f"amount{suffix}"
        whole = sum((getattr(leg, name) for leg in main.legs), ZERO)
        owed = -sum((getattr(leg, name) for leg in main.legs if leg.is_owed), ZERO)
        deductible = sum(
            (getattr(leg, name) for leg in main.legs if not leg.is_owed and leg.is_recoverable),
            ZERO,
        )
        if kind.startswith("sale"):
            owed = deductible = ZERO
        # The main part comes last, so that it takes the rest.
        order = [*bearing[1:], main]
        weights = [getattr(part, f"base{suffix}") for part in order]
        for figure, amount in (
            ("vat_invoiced", whole),
            ("vat_owed", owed),
            ("vat_deductible", deductible),
        ):
            for part, value in zip(order, split(amount, weights, decimals), strict=True):
                setattr(part, f"{figure}{suffix}", value)

    def _share(self, kind, tax, legs):
        """The deductible share in percent, from the factors of the repartition lines themselves."""
        if kind.startswith("sale") or not tax.amount:
            return None
        factors = {leg.repartition_line: leg for leg in legs if not leg.is_owed}
        whole = sum(line.factor_percent for line in factors)
        recoverable = sum(
            line.factor_percent for line, leg in factors.items() if leg.is_recoverable
        )
        return Decimal(f"{recoverable / whole * 100:.2f}").normalize() + ZERO if whole else None

    def _costs_elsewhere(self, kind, main):
        """VAT that is charged to another account than that of the base: moved by two lines without
        code, since a package charges it to the account of the base."""
        if kind.startswith("sale"):
            return []
        parts = []
        for leg in main.legs:
            if leg.is_owed or leg.is_recoverable or leg.account == main.account:
                continue
            for account, sign in ((main.account, -1), (leg.account, 1)):
                parts.append(
                    Part(
                        account=account,
                        tax=self.env["account.tax"],
                        text=main.text,
                        distribution=main.distribution,
                        base=sign * leg.amount,
                        base_company=sign * leg.amount_company,
                    )
                )
        return [part for part in parts if part.base or part.base_company]

    def _text(self, item):
        lines = (item.name or "").strip().splitlines()
        return lines[0].strip() if lines else ""

    # What keeps a document from being built

    def _problem(self, code, message, cause):
        return Problem(
            error_kind="data_refused",
            code=code,
            message=message,
            cause_model=cause._name,
            cause_id=cause.id,
        )

    def _problem_unknown_items(self, move, items):
        message = self.env._(
            "%(document)s holds journal items of a sort that cannot be sent: %(items)s.",
            document=move.display_name,
            items=", ".join(items.mapped(lambda item: item.name or item.account_id.display_name)),
        )
        return self._problem("unknown_items", message, move)

    def _problem_tax_without_base(self, move, key, amount):
        message = self.env._(
            "%(document)s holds %(amount)s of tax %(tax)s, but no line bears that tax.",
            document=move.display_name,
            amount=amount,
            tax=key[0].tax_id.display_name,
        )
        return self._problem("tax_without_base", message, move)

    def _problem_two_taxes(self, item, taxes):
        message = self.env._(
            "Line “%(line)s” bears several taxes with a percentage (%(taxes)s); an accounting"
            " package takes one VAT code for each line.",
            line=self._text(item),
            taxes=", ".join(taxes.mapped("display_name")),
        )
        return self._problem("several_taxes", message, item.move_id)

    def _leg_problems(self, kind, legs):
        """VAT that a package cannot book as it was posted: a sale's VAT without account."""
        problems = []
        for leg in legs:
            wanted = leg.is_owed or kind.startswith("sale")
            if wanted and leg.amount and not leg.is_recoverable:
                message = self.env._(
                    "Tax %(tax)s has no balance sheet account for its VAT.",
                    tax=leg.tax.display_name,
                )
                problems.append(self._problem("tax_without_account", message, leg.tax))
        return problems

    def _problem_reverse_charge(self, move, tax, difference):
        message = self.env._(
            "%(document)s: the VAT we owe and the VAT we deduct or bear by tax %(tax)s differ by"
            " %(difference)s. Correct the tax lines of the document.",
            document=move.display_name,
            tax=tax.display_name,
            difference=difference,
        )
        return self._problem("reverse_charge_differs", message, move)
