"""One payment of the administration, booked in Odoo."""

from decimal import Decimal

from odoo import Command, models

from ...api.errors import ConfigurationMissingError
from .settlement_binding import ENTRY_LINE
from .settlement_known_payments import BANK, NOTHING_OPEN

PARTY_ACCOUNTS = ("asset_receivable", "liability_payable")


class AccountableSettlement(models.AbstractModel):
    """One entry for each payment, dated as in the administration, on the clearing account of the
    settlement journal; undone by its reversal, which works in locked periods too."""

    _inherit = "accountable.settlement"

    def _repeat_payment(self, connection, settlement, move):
        """Book a payment, unless Odoo has it already or owns the bank: then it is only shown.

        :return: number of settlements that changed something
        """
        if connection.bank_owner == "odoo":
            self._leave_out(connection, settlement, move, BANK)
            return 0
        known = self._reconsider(connection, move, settlement.document_key, new=settlement)
        if settlement.key in known:
            self._leave_out(connection, settlement, move, known[settlement.key])
            return 0
        return self._book_and_reconcile(connection, settlement, move)

    def _book_and_reconcile(self, connection, settlement, move):
        """Book a payment, at most what is open, and reconcile it with the document."""
        open_lines = self._open_lines(move)
        in_currency = settlement.currency == move.currency_id.name
        amount = self._rounded_amount(settlement, move)
        still_open = self._still_open(open_lines, in_currency)
        if still_open <= 0:
            self._leave_out(connection, settlement, move, NOTHING_OPEN)
            return 0
        booked = min(amount, still_open)
        party_line = self._book_payment(connection, settlement, move, booked)
        (party_line + open_lines).reconcile()
        # what was more than was open is booked when that opens again
        rest = {"booked": str(booked)} if booked < amount else {}
        self._bind(connection, settlement, ENTRY_LINE, party_line.id, **rest)
        return 1

    def _book_payment(self, connection, settlement, move, amount):
        """Post an entry for a payment; Odoo moves its date out of a locked period. For addons to
        override: what is returned is reconciled with the document, kept as what stands for the
        payment, and its entry reversed when the payment is undone.

        :param move: the posted document it pays
        :param amount: what of it is booked, positive, in the document's currency where the payment
            is in that one, else in the company's
        :return: the posted line on the account of the document's party
        """
        journal = connection.settlement_journal_id
        if not journal.default_account_id:
            raise ConfigurationMissingError(
                "No settlement journal with a clearing account", code="settlement_journal"
            )
        account = self._open_lines(move).account_id[:1]
        party, clearing = self._payment_amounts(settlement, move, amount)
        text = self._payment_text(settlement, move)
        common = {"name": text, "partner_id": move.commercial_partner_id.id}
        moves = self.env["account.move"].with_company(move.company_id)
        entry = moves.with_context(tracking_disable=True, skip_is_manually_modified=True).create(
            {
                "move_type": "entry",
                "journal_id": journal.id,
                "company_id": move.company_id.id,
                "date": settlement.date,
                "ref": text,
                "line_ids": [
                    Command.create({**common, **party, "account_id": account.id}),
                    Command.create(
                        {**common, **clearing, "account_id": journal.default_account_id.id}
                    ),
                ],
            }
        )
        entry._post(soft=False)
        return entry.line_ids.filtered(lambda line: line.account_id == account)

    def _payment_amounts(self, settlement, move, amount):
        """Values of the two lines of an entry: the party's, and the opposite."""
        in_currency = settlement.currency == move.currency_id.name
        company_currency = move.company_id.currency_id
        sign = -1 if sum(self._open_lines(move).mapped("amount_residual")) > 0 else 1
        whole = self._rounded_amount(settlement, move)
        balance = company_currency.round(float(settlement.amount_company * amount / whole)) * sign
        in_document_currency = float(amount) * sign if in_currency else balance
        currency = move.currency_id if in_currency else company_currency
        return [
            {
                "currency_id": currency.id,
                "balance": balance * side,
                "amount_currency": in_document_currency * side,
            }
            for side in (1, -1)
        ]

    def _rounded_amount(self, settlement, move):
        """The amount in the document's currency, else that of the company, with its decimals."""
        in_currency = settlement.currency == move.currency_id.name
        currency = move.currency_id if in_currency else move.company_id.currency_id
        amount = settlement.amount if in_currency else settlement.amount_company
        return Decimal(str(currency.round(float(amount))))

    def _party_lines(self, move):
        return move.line_ids.filtered(lambda line: line.account_id.account_type in PARTY_ACCOUNTS)

    def _open_lines(self, move):
        """The lines of the party that are still open, the first due first."""
        return (
            self._party_lines(move)
            .filtered(lambda line: not line.reconciled)
            .sorted(lambda line: (line.date_maturity or line.date, line.id))
        )

    def _still_open(self, lines, in_currency):
        """What is open on the lines, positive, in the document's or the company's currency."""
        name = "amount_residual_currency" if in_currency else "amount_residual"
        currency = lines.currency_id[:1] if in_currency else lines.company_currency_id
        rest = abs(sum(lines.mapped(name)))
        return Decimal(str(currency.round(rest))) if lines else Decimal(0)

    def _payment_text(self, settlement, move):
        parts = (move.name, settlement.text, str(settlement.date))
        return " / ".join(part for part in parts if part)
