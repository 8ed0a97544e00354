"""The lines of a neutral document: its parts in the administration's codes, split over cost centres
and brought together."""

from dataclasses import replace
from decimal import Decimal
from itertools import zip_longest

from odoo import models

from ...documents import COST_AXES
from ...documents.amounts import ZERO, split
from ...documents.document import LINE_AMOUNTS, Line

WHOLE = Decimal(100)
TOLERANCE = Decimal("0.01")  # percentages of a distribution are typed with two decimals
TEXT_LENGTH = 120


class AccountableDocumentLine(models.AbstractModel):
    _name = "accountable.document.line"
    _description = "Lines of a neutral document"

    def _lines(self, move, kind, facts, problems):
        """The ``Line`` tuple of a posted entry. What is not clear goes into ``problems``."""
        lines, taxes = [], self.env["account.tax"]
        for part in self.env["accountable.document.part"]._parts(move, kind, facts, problems):
            taxes |= part.tax
            lines += [
                (line, part.private) for line in self._lines_of_part(part, kind, facts, problems)
            ]
        grouped = self._group(lines, facts.connection.group_lines)
        if not any(problem.blocking for problem in problems):
            problems += self._typed_problems(move, kind, grouped, taxes, facts)
        return grouped

    def _lines_of_part(self, part, kind, facts, problems):
        """A part in codes: one ``Line`` for each share of its analytic distribution."""
        resolver = self.env["accountable.code.resolver"]
        amounts = {name: getattr(part, name) for name in LINE_AMOUNTS}
        account = resolver._resolve_account(facts.rows, part.account, problems)
        vat_code = resolver._resolve_tax(facts.rows, part.tax, kind, problems)
        shares = self._cost_centre_shares(part.distribution, facts, problems)
        split_amounts = self._split_amounts(amounts, [share for _centres, share in shares])
        return [
            Line(
                ledger_account=account,
                text=part.text,
                vat_code=vat_code,
                recoverable_share=part.share,
                cost_centres=cost_centres,
                **line_amounts,
            )
            for (cost_centres, _share), line_amounts in zip(shares, split_amounts, strict=True)
        ]

    def _split_amounts(self, amounts, shares):
        """The amounts of a line in proportion to the shares, the rest with the last one."""
        if len(shares) == 1:
            return [amounts]
        parts = [{} for _share in shares]
        for name, amount in amounts.items():
            decimals = max(-amount.as_tuple().exponent, 0)
            for part, value in zip(parts, split(amount, shares, decimals), strict=True):
                part[name] = value
        return parts

    def _cost_centre_shares(self, distribution, facts, problems):
        """``[(cost centres, percentage)]`` of an analytic distribution; what is left of 100 % goes
        without. A key names one account for each plan (``"12,15": 40.0``), and the counterpart of
        an account says which axis it stands on; on one axis the first plan wins."""
        axes = facts.rows.cost_kinds
        if not distribution or not axes:
            return [((), WHOLE)]
        resolver = self.env["accountable.code.resolver"]
        by_plans = {}
        for key, percentage in distribution.items():
            accounts = self.env["account.analytic.account"].browse(
                int(account_id) for account_id in key.split(",")
            )
            plans, codes = (), ("",) * len(COST_AXES)
            for account in accounts.exists().sorted(
                lambda account: (account.root_plan_id.sequence, account.root_plan_id.id)
            ):
                found = resolver._resolve_analytic_account(facts.rows, account, problems)
                axis, code = found or (None, "")
                added = tuple(code if kind == axis else "" for kind in COST_AXES)
                if code and (both := self._join_codes(codes, added)):
                    plans, codes = (*plans, account.root_plan_id.id), both
            if plans:
                shares = by_plans.setdefault(plans, {})
                codes = self._without_empty_end(codes)
                shares[codes] = shares.get(codes, ZERO) + Decimal(f"{percentage:.6f}")
        return self._combine_shares(list(by_plans.values()))

    def _join_codes(self, codes, more_codes):
        """Codes of several axes in one tuple; None when both name one on the same axis."""
        pairs = list(zip_longest(codes, more_codes, fillvalue=""))
        if any(code and more for code, more in pairs):
            return None
        return self._without_empty_end(tuple(code or more for code, more in pairs))

    def _without_empty_end(self, codes):
        """The same without the axes after the last one that has a code."""
        while codes and not codes[-1]:
            codes = codes[:-1]
        return codes

    def _combine_shares(self, distributions):
        """One list of shares out of several: those that fit into 100 % together stand side by side,
        else each plan distributes the whole amount for itself and they are multiplied."""
        whole = sum((sum(shares.values(), ZERO) for shares in distributions), ZERO)
        if whole <= WHOLE + TOLERANCE:
            combined = {}
            for shares in distributions:
                for codes, part in shares.items():
                    combined[codes] = combined.get(codes, ZERO) + part
            return list(self._with_rest(combined).items())
        combined = {(): WHOLE}
        for shares in distributions:
            product = {}
            for codes, part in combined.items():
                for more_codes, more_part in self._with_rest(shares).items():
                    key = self._join_codes(codes, more_codes) or codes
                    product[key] = product.get(key, ZERO) + part * more_part / WHOLE
            combined = product
        return list(combined.items())

    def _with_rest(self, shares):
        rest = WHOLE - sum(shares.values(), ZERO)
        return {**shares, (): shares.get((), ZERO) + rest} if rest > TOLERANCE else shares

    # Lines together

    def _group(self, lines_and_private, group_lines):
        """Add up lines with equal account, code, share and cost centres.

        Without grouping only the private part of a line and what it takes away come together.
        Lines that would add up to nothing stay apart, so that a document of 0.00 keeps its content;
        so do those whose VAT, rounded line by line, would get another sign than their base
        (3 × 0.02 and -0.05 at 21 %), which packages refuse. Lines without any amount are left out
        as long as there is another one.
        """
        private_keys = {self._group_key(line) for line, private in lines_and_private if private}
        groups = {}
        for index, (line, _private) in enumerate(lines_and_private):
            key = self._group_key(line)
            if not (group_lines or key in private_keys):
                key = index
            groups.setdefault(key, []).append(line)
        lines = []
        for members in groups.values():
            grouped = self._add_up(members)
            together = self._has_amount(grouped) and self._has_one_sign(grouped)
            lines += [grouped] if together else members
        with_amount = [line for line in lines if self._has_amount(line)]
        return tuple(with_amount or lines[:1])

    def _group_key(self, line):
        return (line.ledger_account, line.vat_code, line.recoverable_share, line.cost_centres)

    def _add_up(self, lines):
        if len(lines) == 1:
            return lines[0]
        texts = list(dict.fromkeys(line.text for line in lines if line.text))
        return replace(
            lines[0],
            text=", ".join(texts)[:TEXT_LENGTH],
            **{name: sum((getattr(line, name) for line in lines), ZERO) for name in LINE_AMOUNTS},
        )

    def _has_one_sign(self, line):
        """Whether VAT on the invoice or owed by us has the sign of its base."""
        vat = line.vat_invoiced or line.vat_owed
        return not vat or line.base * vat > 0

    def _has_amount(self, line):
        return any(getattr(line, name) for name in LINE_AMOUNTS)
