"""One settlement of the administration, repeated in Odoo: as an entry or a note."""

from decimal import Decimal

from odoo import models

from ...api.errors import ConfigurationMissingError
from ...documents.settlement import PAYMENT, SET_OFF
from .settlement import ENTRY_LINE
from .settlement_known import BANK, NOTHING_OPEN


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
        currency = (
            self.env["res.currency"]
            .with_context(active_test=False)
            .search([("name", "=", settlement.currency)], limit=1)
        )
        decimals = currency.decimal_places if currency else 2
        return f"{settlement.amount:.{decimals}f} {settlement.currency}"

    # Payments

    def _apply_payment(self, settlement, move):
        """Book a payment, unless Odoo has it already or owns the bank: then it is noted."""
        if self.bank_owner == "odoo":
            self._note_payment(settlement, move, BANK)
            return 0
        known = self._allocate(move, settlement.document_key, new=settlement)
        if settlement.key in known:
            self._note_payment(settlement, move, known[settlement.key])
            return 0
        return self._book_settlement(settlement, move)

    def _book_settlement(self, settlement, move):
        """Book a payment on the clearing account and reconcile it with the document."""
        open_lines = self._open_lines(move)
        in_currency = settlement.currency == move.currency_id.name
        amount = self._rounded_amount(settlement, move)
        still_open = self._still_open(open_lines, in_currency)
        if still_open <= 0:
            self._note_payment(settlement, move, NOTHING_OPEN)
            return 0
        booked = min(amount, still_open)
        entry = self._book_payment(settlement, move, open_lines, booked, amount, in_currency)
        party_line = entry.line_ids.filtered(
            lambda line: line.account_id == open_lines.account_id[:1]
        )
        (party_line + open_lines).reconcile()
        # what was more than was open is booked when that opens again
        rest = {"booked": str(booked)} if booked < amount else {}
        self._bind_settlement(settlement, ENTRY_LINE, party_line.id, **rest)
        return 1

    def _rounded_amount(self, settlement, move):
        """The amount in the document's currency, else that of the company, with its decimals."""
        in_currency = settlement.currency == move.currency_id.name
        currency = move.currency_id if in_currency else move.company_id.currency_id
        amount = settlement.amount if in_currency else settlement.amount_company
        return Decimal(str(currency.round(float(amount))))

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
        parts = (move.name, settlement.text, str(settlement.date))
        return " / ".join(part for part in parts if part)
