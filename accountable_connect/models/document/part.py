"""The parts of a neutral document, out of the journal items of a posted entry.

Every journal item is accounted for once: items that bear a base become bases with the amounts they
were posted with, tax items are spread over the bases by Odoo's own computation and corrected per
repartition line to what was posted, the party's items make the total.
"""

from dataclasses import dataclass, field, replace
from decimal import Decimal

from odoo import models

from ...const import LINE_TYPES
from ...documents.amounts import ZERO, distribute, split, to_decimal
from ...documents.sentence import SentencesOf
from ..master_data.tax_profile import is_cost
from ..problem import problem_of
from ..sentence import account_name, name_of

_lt = SentencesOf(__name__)

# Items that are no line: texts, VAT, the party's own, and what stays in Odoo's books alone.
OTHER_TYPES = ("line_section", "line_subsection", "line_note", "tax", "payment_term", "cogs")


@dataclass(slots=True)
class Leg:
    """What one base line brings to one repartition line of a tax.

    ``account`` is where it ends, ``posted_on`` where the entry holds it: they differ for VAT that
    waits for a payment. ``amount`` and ``amount_company`` are signed relative to the document's
    kind: negative for the VAT that is owed by us.
    """

    tax: models.BaseModel
    repartition_line: models.BaseModel
    account: models.BaseModel
    posted_on: models.BaseModel
    amount: Decimal
    amount_company: Decimal
    is_recoverable: bool = False  # claimed from the State, or owed to it
    with_base: bool = False  # cost that the code of the base covers

    @property
    def is_owed(self):
        return self.repartition_line.factor < 0

    @property
    def is_elsewhere(self):
        """VAT that is neither the State's nor part of the cost of its base: on the owner's account,
        on a suspense account, on a cost or income account of its own outside the return."""
        return not (self.is_owed or self.is_recoverable or self.with_base)


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


class AccountableDocumentPart(models.AbstractModel):
    _name = "accountable.document.part"
    _description = "Parts of a neutral document"

    def _parts(self, move, kind, facts, problems):
        unknown = move.line_ids.filtered(
            lambda line: line.display_type not in (*LINE_TYPES, *OTHER_TYPES)
        )
        if unknown:
            problems.append(self._problem_unknown_items(move, unknown))
        base_lines, legs_by_item = self._computed_legs(move, facts)
        self._follow_moved_tax(move, kind, legs_by_item, facts, problems)
        private = self._private_under_reverse_charge(base_lines, legs_by_item)
        self._correct_legs(move, legs_by_item, private, problems)
        self._align_owed(legs_by_item, private, problems, move)
        parts_by_item = {
            item: self._parts_of_item(move, kind, item, legs_by_item[item.id], facts, problems)
            for item in base_lines
        }
        self._put_private(parts_by_item, private)
        return [part for parts in parts_by_item.values() for part in parts]

    def _computed_legs(self, move, facts):
        """Odoo's own split of the tax over the bases: the items that bear a base, in the order of
        the document, and ``{item id: [Leg]}``."""
        company = move.company_id
        AccountTax = self.env["account.tax"]
        base_lines, _tax_lines = move._get_rounded_base_and_tax_lines()
        AccountTax._add_accounting_data_in_base_lines_tax_details(base_lines, company)
        decimals = move.currency_id.decimal_places
        company_decimals = company.currency_id.decimal_places
        items = move.line_ids.filtered(
            lambda line: line.display_type in LINE_TYPES and not line.tax_repartition_line_id
        ).sorted(lambda line: (line.sequence, line.id))
        legs_by_item = {item.id: [] for item in items}
        for base_line in base_lines:
            item = base_line["record"]
            for tax_data in base_line["tax_details"]["taxes_data"]:
                for data in tax_data["tax_reps_data"]:
                    is_recoverable, with_base = facts.use_of_vat(data["tax_rep"], company)
                    legs_by_item[item.id].append(
                        Leg(
                            tax=tax_data["tax"],
                            repartition_line=data["tax_rep"],
                            account=self._account_of_leg(data, item),
                            posted_on=data["account"],
                            amount=to_decimal(data["tax_amount_currency"], decimals),
                            amount_company=to_decimal(data["tax_amount"], company_decimals),
                            is_recoverable=is_recoverable,
                            with_base=with_base,
                        )
                    )
        return items, legs_by_item

    def _account_of_leg(self, data, item):
        """Where the VAT ends: VAT due on payment waits on an account of its own until then."""
        repartition_line = data["tax_rep"]
        if repartition_line.tax_id.tax_exigibility == "on_payment":
            return repartition_line.account_id or item.account_id
        return data["account"]

    def _correct_legs(self, move, legs_by_item, private, problems):
        """Make the legs of every repartition line add up to its journal items.

        They differ where somebody typed the VAT over, or where cash rounding changed it. The legs
        of a private share under reverse charge stay: Odoo posts them in an item of their own.
        """
        sign = move.direction_sign
        decimals = move.currency_id.decimal_places
        company_decimals = move.company_id.currency_id.decimal_places
        posted, legs = {}, {}
        for item in move.line_ids.filtered("tax_repartition_line_id"):
            key = (item.tax_repartition_line_id, item.account_id)
            amounts = posted.setdefault(key, [ZERO, ZERO])
            amounts[0] += to_decimal(sign * item.amount_currency, decimals)
            amounts[1] += to_decimal(sign * item.balance, company_decimals)
        kept = {item.id for item in private}
        for item_id, item_legs in legs_by_item.items():
            for leg in item_legs:
                key = (leg.repartition_line, leg.posted_on)
                if item_id in kept:
                    amounts = posted.setdefault(key, [ZERO, ZERO])
                    amounts[0] -= leg.amount
                    amounts[1] -= leg.amount_company
                else:
                    legs.setdefault(key, []).append(leg)
        for key in [*legs, *(key for key in posted if key not in legs)]:
            amount, amount_company = posted.get(key, (ZERO, ZERO))
            key_legs = legs.get(key)
            if key_legs is None:
                if amount or amount_company:
                    problems.append(self._problem_tax_without_base(move, key, amount))
                continue
            self._correct(key_legs, "amount", amount, decimals)
            self._correct(key_legs, "amount_company", amount_company, company_decimals)

    def _correct(self, legs, name, posted, decimals):
        weights = [getattr(leg, name) for leg in legs]
        difference = posted - sum(weights, ZERO)
        if difference:
            for leg, part in zip(legs, distribute(difference, weights, decimals), strict=True):
                setattr(leg, name, getattr(leg, name) + part)

    def _parts_of_item(self, move, kind, item, legs, facts, problems):
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
        parts = [main, *self._keep_cost_together(kind, main, fixed)]
        return parts + self._put_vat(move, kind, parts, facts, problems)

    def _keep_cost_together(self, kind, main, fixed):
        """Odoo charges all VAT that cannot be deducted to the account of the line, a package what
        falls on a fixed tax to the account of that tax. So the base of such a tax stays with the
        line, and lines without code take it to the account where it was posted."""
        has_cost = any(
            leg.amount or leg.amount_company
            for leg in self._legs_with_code(main)
            if not (leg.is_owed or leg.is_recoverable)
        )
        if kind.startswith("sale") or not has_cost:
            return fixed
        parts, no_tax = [], self.env["account.tax"]
        for part in fixed:
            if part.tax and part.account != main.account:
                main.base += part.base
                main.base_company += part.base_company
                parts.append(
                    replace(
                        part,
                        account=main.account,
                        base=-part.base,
                        base_company=-part.base_company,
                        tax=no_tax,
                    )
                )
                part.tax = no_tax
            parts.append(part)
        return parts

    def _flat_taxes(self, item):
        return item.tax_ids.flatten_taxes_hierarchy()

    def _bears_tax(self, fixed_tax, vat_tax):
        """Whether a fixed tax is part of the base of the VAT, as Odoo computes it."""
        if not (fixed_tax.include_base_amount and vat_tax and vat_tax.is_base_affected):
            return False
        ordered = (fixed_tax | vat_tax)._flatten_taxes_and_sort_them()[0]
        return ordered[:1] == fixed_tax

    def _put_vat(self, move, kind, parts, facts, problems):
        """Put the legs of the main part into the figures of those parts that bear the tax; returns
        the parts that have to be added."""
        main, vat_tax = parts[0], parts[0].tax
        bearing = [part for part in parts if part.tax == vat_tax]
        if not vat_tax or not main.legs:
            return []
        problems += self._leg_problems(kind, main.legs)
        if kind.startswith("sale") and facts.is_one_stop_shop(vat_tax):
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
        share = self._share(kind, main)
        for part in bearing:
            part.share = share
        return self._vat_elsewhere(kind, main)

    def _split_vat(self, kind, main, bearing, suffix, decimals):
        name = f"amount{suffix}"
        with_code = self._legs_with_code(main)
        whole = sum((getattr(leg, name) for leg in with_code), ZERO)
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

    def _legs_with_code(self, main):
        """The legs whose VAT goes with the line's code. What is posted on somebody else's account
        does not; under reverse charge a package computes the VAT of the whole base, so that there
        it is moved from the cost."""
        if any(leg.is_owed for leg in main.legs):
            return main.legs
        return [leg for leg in main.legs if not leg.is_elsewhere]

    def _share(self, kind, main):
        """The deductible share in percent, from the factors of the repartition lines themselves."""
        if kind.startswith("sale") or not main.tax.amount:
            return None
        factors = {
            leg.repartition_line: leg for leg in self._legs_with_code(main) if not leg.is_owed
        }
        whole = sum(line.factor_percent for line in factors)
        recoverable = sum(
            line.factor_percent for line, leg in factors.items() if leg.is_recoverable
        )
        # of a part of the VAT, two decimals could cost a cent of large amounts
        decimals = 4 if any(leg.is_elsewhere for leg in main.legs) else 2
        share = f"{recoverable / whole * 100:.{decimals}f}" if whole else None
        return Decimal(share).normalize() + ZERO if share else None

    def _vat_elsewhere(self, kind, main):
        """VAT that does not stay with the line, by lines without code: on somebody else's account;
        and of a purchase on another account than that of the base, to which a package charges it,
        so that it is moved from there."""
        with_code = self._legs_with_code(main)
        parts = []
        for leg in main.legs:
            stays = leg.is_owed or leg.is_recoverable or leg.account == main.account
            if leg in with_code and (stays or kind.startswith("sale")):
                continue
            moved = (
                ((main.account, -1), (leg.account, 1)) if leg in with_code else ((leg.account, 1),)
            )
            for account, sign in moved:
                parts.append(
                    Part(
                        account=account,
                        tax=self.env["account.tax"],
                        text=main.text,
                        distribution=main.distribution,
                        private=main.private and leg.is_elsewhere,
                        base=sign * leg.amount,
                        base_company=sign * leg.amount_company,
                    )
                )
        return [part for part in parts if part.base or part.base_company]

    def _text(self, item):
        lines = (item.name or "").strip().splitlines()
        return lines[0].strip() if lines else ""

    # What keeps a document from being built

    def _problem_unknown_items(self, move, items):
        message = _lt(
            "%(document)s holds journal items of a type that cannot be sent: %(items)s.",
            document=move.display_name,
            items=", ".join(
                item.name or item.account_id._accountable_name(move.company_id) for item in items
            ),
        )
        return problem_of(move, "data_refused", "unknown_items", message)

    def _problem_tax_without_base(self, move, key, amount):
        message = _lt(
            "%(document)s holds %(amount)s of tax %(tax)s, but no line has that tax.",
            document=move.display_name,
            amount=amount,
            tax=name_of(key[0].tax_id),
        )
        return problem_of(move, "data_refused", "tax_without_base", message)

    def _problem_two_taxes(self, item, taxes):
        message = _lt(
            "Line %(number)s “%(line)s” has several taxes with a percentage (%(taxes)s); an "
            "accounting package takes one VAT code for each line.",
            number=self._place(item),
            line=self._text(item),
            taxes=", ".join(taxes.mapped("display_name")),
        )
        return problem_of(item.move_id, "data_refused", "several_taxes", message)

    def _place(self, item):
        """Which line of the document an item is, as people count them."""
        lines = item.move_id.invoice_line_ids.filtered(lambda one: one.display_type == "product")
        places = lines.sorted(lambda one: (one.sequence, one.id)).ids
        return places.index(item.id) + 1 if item.id in places else "–"

    def _leg_problems(self, kind, legs):
        """VAT that a package cannot book as it was posted: VAT of a sale or VAT we owe without an
        account of the balance sheet, VAT we owe on one that is not the State's."""
        problems = []
        for leg in legs:
            wanted = leg.is_owed or kind.startswith("sale")
            if not (wanted and leg.amount):
                continue
            if is_cost(leg.repartition_line):
                message = _lt(
                    "Tax %(tax)s has no balance sheet account for its VAT.",
                    tax=name_of(leg.tax),
                )
                problems.append(problem_of(leg.tax, "data_refused", "tax_without_account", message))
            elif leg.is_owed and not leg.is_recoverable:
                message = _lt(
                    "Tax %(tax)s posts VAT we owe on account %(account)s, which no VAT return"
                    " reads: its line in the distribution of the tax has no tax grid, and the"
                    " account is none of the VAT accounts. The administration would declare it."
                    " Correct the distribution of the tax.",
                    tax=name_of(leg.tax),
                    account=account_name(leg.repartition_line.account_id, leg.tax.company_id),
                )
                problems.append(problem_of(leg.tax, "data_refused", "tax_not_declared", message))
        return problems
