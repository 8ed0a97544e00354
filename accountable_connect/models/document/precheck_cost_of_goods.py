"""Cost of goods sold, which Odoo adds to documents of companies that value their stock by itself
(real-time valuation): it is no part of an invoice, and no package takes it with one."""

from collections import Counter

from odoo import models

from ...documents.sentence import Amount, SentencesOf, joined
from ..problem import COST_OF_GOODS, problem_of
from ..sentence import in_language

_lt = SentencesOf(__name__)


class AccountablePrecheck(models.AbstractModel):
    _inherit = "accountable.precheck"

    def _find_warnings(self, connection, move, document, facts):
        warnings = super()._find_warnings(connection, move, document, facts)
        return warnings + self._check_cost_of_goods(connection, move)

    def _check_cost_of_goods(self, connection, move):
        """What of a document stays in Odoo's books alone."""
        amounts = self._cost_of_goods(move)
        if not amounts:
            return []
        message = _lt(
            "The cost of goods sold is not sent, and stays in Odoo's books alone: %(amounts)s.",
            amounts=self._cost_of_goods_text(connection, amounts),
        )
        return [problem_of(move, "data_refused", COST_OF_GOODS, message, blocking=False)]

    def _cost_of_goods_sentence(self, connection, moves):
        """By how much the books differ because of these documents, "" for nothing."""
        found = [amounts for move in moves if (amounts := self._cost_of_goods(move))]
        if not found:
            return ""
        together = Counter()
        for amounts in found:
            together.update(amounts)
        sentence = _lt(
            "The cost of goods sold of %(count)s documents is not sent, and stays in Odoo's books"
            " alone: %(amounts)s.",
            count=len(found),
            amounts=self._cost_of_goods_text(connection, together),
        )
        return in_language(self.env, sentence)

    def _cost_of_goods(self, move):
        """``{account: amount}`` of the items Odoo adds for goods that leave the stock; company
        currency, debit positive."""
        items = move.line_ids.filtered(lambda item: item.display_type == "cogs")
        amounts = {
            account: move.company_currency_id.round(sum(account_items.mapped("balance")))
            for account, account_items in items.grouped("account_id").items()
        }
        return {account: amount for account, amount in amounts.items() if amount}

    def _cost_of_goods_text(self, connection, amounts):
        """By account, debit positive."""
        company = connection.company_id
        texts = [
            _lt(
                "%(amount)s on %(account)s",
                amount=Amount(amount, company.currency_id.name),
                account=account._accountable_name(company),
            )
            for account, amount in sorted(amounts.items(), key=lambda one: -one[1])
        ]
        return joined(*texts, between=", ")
