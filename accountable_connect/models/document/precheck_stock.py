"""Cost of goods sold, which Odoo adds to documents of companies that value their stock by itself
(real-time valuation): it is no part of an invoice, and no package takes it with one."""

from collections import Counter

from odoo import models
from odoo.tools import formatLang

COST_OF_GOODS = "cost_of_goods"


class AccountableConnection(models.Model):
    _inherit = "accountable.connection"

    def _precheck_cost_of_goods(self, move):
        """What of a document stays in Odoo's books alone."""
        amounts = move._accountable_cost_of_goods()
        if not amounts:
            return []
        message = self.env._(
            "The cost of goods sold is not sent, and stays in Odoo's books alone: %(amounts)s.",
            amounts=self._cost_of_goods_text(amounts),
        )
        return [self._problem("data_refused", COST_OF_GOODS, message, move, blocking=False)]

    def _cost_of_goods_sentence(self, moves):
        """By how much the books differ because of these documents, "" for nothing."""
        amounts, count = Counter(), 0
        for move in moves:
            of_move = move._accountable_cost_of_goods()
            count += bool(of_move)
            for account, amount in of_move.items():
                amounts[account] += amount
        if not count:
            return ""
        return self.env._(
            "The cost of goods sold of %(count)s documents is not sent, and stays in Odoo's books"
            " alone: %(amounts)s.",
            count=count,
            amounts=self._cost_of_goods_text(amounts),
        )

    def _cost_of_goods_text(self, amounts):
        """By account, debit positive."""
        currency = self.company_id.currency_id
        return ", ".join(
            self.env._(
                "%(amount)s on %(account)s",
                amount=formatLang(self.env, amount, currency_obj=currency),
                account=account._accountable_name(self.company_id),
            )
            for account, amount in sorted(amounts.items(), key=lambda one: -one[1])
        )


class AccountMove(models.Model):
    _inherit = "account.move"

    def _accountable_cost_of_goods(self):
        """``{account: amount}`` of the items Odoo adds for goods that leave the stock; company
        currency, debit positive."""
        self.ensure_one()
        items = self.line_ids.filtered(lambda item: item.display_type == "cogs")
        amounts = {
            account: self.company_currency_id.round(sum(account_items.mapped("balance")))
            for account, account_items in items.grouped("account_id").items()
        }
        return {account: amount for account, amount in amounts.items() if amount}
