"""One settlement of the administration, repeated in Odoo: as an entry, a match, or a note."""

from decimal import Decimal

from odoo import models

from ..api.errors import ConfigurationMissingError
from ..documents.settlement import PAYMENT, SET_OFF
from .accountable_settlement import ENTRY_LINE, MATCH


class AccountableConnection(models.Model):
    """One entry for each payment, dated as in the administration, on the clearing account of the
    settlement journal; undone by its reversal, which works in locked periods too."""

    _inherit = "accountable.connection"

    def _apply_settlement(self, settlement, move):
        if settlement.kind == PAYMENT:
            return self._apply_payment(settlement, move)
        if settlement.kind == SET_OFF:
            return self._apply_set_off(settlement, move)
        self._note(settlement, move, self._settled_otherwise_text(settlement))
        return 1

    def _settled_otherwise_text(self, settlement):
        """A write-off, a transfer to doubtful debtors: settled in the books, not paid."""
        kinds = {
            "write_off": self.env._("written off"),
            "transfer": self.env._("moved to another account"),
        }
        return self.env._(
            "%(amount)s was %(kind)s in the administration on %(date)s: %(text)s. It is not"
            " booked as a payment in Odoo.",
            amount=self._amount_text(settlement),
            kind=kinds.get(settlement.kind, self.env._("settled in another way")),
            date=settlement.date,
            text=settlement.text or "-",
        )

    def _amount_text(self, settlement):
        return f"{settlement.amount} {settlement.currency}"

    # Payments

    def _apply_payment(self, settlement, move):
        """Book a payment on the clearing account and reconcile it with the document."""
        if self.bank_owner == "odoo":
            return 0
        open_lines = self._open_lines(move)
        in_currency = settlement.currency == move.currency_id.name
        amount = settlement.amount if in_currency else settlement.amount_company
        still_open = self._still_open(open_lines, in_currency)
        if still_open <= 0:
            self._note(
                settlement,
                move,
                self.env._(
                    "The administration has a payment of %(amount)s; Odoo had it already.",
                    amount=self._amount_text(settlement),
                ),
            )
            return 0
        booked = min(amount, still_open)
        entry = self._book_payment(settlement, move, open_lines, booked, amount, in_currency)
        party_line = entry.line_ids.filtered(
            lambda line: line.account_id == open_lines.account_id[:1]
        )
        (party_line + open_lines).reconcile()
        self._bind_settlement(settlement, ENTRY_LINE, party_line.id)
        return 1

    def _open_lines(self, move):
        """The lines of the party that are still open, the first due first."""
        return move.line_ids.filtered(
            lambda line: (
                line.account_id.account_type in ("asset_receivable", "liability_payable")
                and not line.reconciled
            )
        ).sorted(lambda line: (line.date_maturity or line.date, line.id))

    def _still_open(self, lines, in_currency):
        """What is open on the lines, positive, in the document's or the company's currency."""
        name = "amount_residual_currency" if in_currency else "amount_residual"
        currency = lines.currency_id[:1] if in_currency else self.company_id.currency_id
        rest = abs(sum(lines.mapped(name)))
        return Decimal(str(currency.round(rest))) if lines else Decimal(0)

    def _book_payment(self, settlement, move, open_lines, booked, amount, in_currency):
        """A posted entry of two lines; Odoo moves its date out of a locked period."""
        journal = self.settlement_journal_id
        if not journal.default_account_id:
            raise ConfigurationMissingError(
                "No settlement journal with a clearing account", code="settlement_journal"
            )
        company_currency = move.company_id.currency_id
        sign = -1 if sum(open_lines.mapped("amount_residual")) > 0 else 1
        balance = company_currency.round(float(settlement.amount_company * booked / amount)) * sign
        in_document_currency = float(booked) * sign if in_currency else balance
        currency = move.currency_id if in_currency else company_currency
        line = {
            "name": self._payment_text(settlement, move),
            "partner_id": move.commercial_partner_id.id,
            "currency_id": currency.id,
        }
        party = {
            "account_id": open_lines.account_id[:1].id,
            "balance": balance,
            "amount_currency": in_document_currency,
        }
        clearing = {
            "account_id": journal.default_account_id.id,
            "balance": -balance,
            "amount_currency": -in_document_currency,
        }
        moves = self.env["account.move"].with_company(move.company_id)
        entry = moves.with_context(tracking_disable=True, skip_is_manually_modified=True).create(
            {
                "move_type": "entry",
                "journal_id": journal.id,
                "company_id": move.company_id.id,
                "date": settlement.date,
                "ref": self._payment_text(settlement, move),
                "line_ids": [(0, 0, {**line, **party}), (0, 0, {**line, **clearing})],
            }
        )
        entry._post(soft=False)
        return entry

    def _payment_text(self, settlement, move):
        parts = (move.name, settlement.text, settlement.counterpart_key, str(settlement.date))
        return " / ".join(part for part in parts if part)

    # Set-offs

    def _apply_set_off(self, settlement, move):
        """Match two documents with exactly the amount the administration matched."""
        other = self._settled_document(settlement.counterpart_key)
        lines, other_lines = self._open_lines(move), self._open_lines(other)
        if self._is_set_off_known(settlement):
            return 0
        if not other or not lines or not other_lines:
            self._note(
                settlement,
                move,
                self.env._(
                    "%(amount)s was set off in the administration against %(counterpart)s, which"
                    " Odoo does not have open.",
                    amount=self._amount_text(settlement),
                    counterpart=settlement.counterpart_key or "-",
                ),
            )
            return 1
        matches = self._match(settlement, lines, other_lines)
        self._bind_settlement(settlement, MATCH, matches[:1].id, matches=matches.ids)
        return 1

    def _is_set_off_known(self, settlement):
        """The administration may tell of one match from both sides."""
        self.env["accountable.binding"].flush_model()
        self.env.cr.execute(
            """
            SELECT 1 FROM accountable_binding
             WHERE connection_id = %s AND kind = 'settlement' AND res_model = %s
               AND details #>> '{settlement,document_key}' = %s
               AND details #>> '{settlement,counterpart_key}' = %s
               AND details #>> '{settlement,amount}' = %s
            """,
            (
                self.id,
                MATCH,
                settlement.counterpart_key,
                settlement.document_key,
                str(settlement.amount),
            ),
        )
        return bool(self.env.cr.fetchone())

    def _match(self, settlement, lines, other_lines):
        """Reconcile the open lines of both; a part of it as a match of its own between the first
        lines that are large enough. Returns the matches."""
        company_currency = lines.company_currency_id
        amount = float(settlement.amount_company)
        rest = min(abs(sum(side.mapped("amount_residual"))) for side in (lines, other_lines))
        if company_currency.compare_amounts(amount, rest) >= 0:
            before = lines.matched_debit_ids | lines.matched_credit_ids
            (lines + other_lines).reconcile()
            return (lines.matched_debit_ids | lines.matched_credit_ids) - before

        def large_enough(side):
            fitting = side.filtered(
                lambda one: company_currency.compare_amounts(abs(one.amount_residual), amount) >= 0
            )
            return (fitting or side)[0]

        line, other = large_enough(lines), large_enough(other_lines)
        amount = min(amount, abs(line.amount_residual), abs(other.amount_residual))
        debit, credit = (line, other) if line.amount_residual > 0 else (other, line)

        def in_currency(one):
            if one.currency_id == company_currency:
                return amount
            return float(settlement.amount)

        return self.env["account.partial.reconcile"].create(
            {
                "amount": amount,
                "debit_amount_currency": in_currency(debit),
                "credit_amount_currency": in_currency(credit),
                "debit_move_id": debit.id,
                "credit_move_id": credit.id,
            }
        )
