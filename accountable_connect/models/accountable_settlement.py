"""Settlements coming back: what the administration matched is repeated in Odoo."""

import logging
from datetime import date
from decimal import Decimal

import psycopg2
from odoo import fields, models

from ..api.errors import (
    AuthorisationLostError,
    ConfigurationMissingError,
    PackageError,
)
from ..documents.settlement import PAYMENT, SET_OFF, Settlement
from .accountable_engine import READ_EVERY

_logger = logging.getLogger(__name__)

# Where a settlement went: the line of an entry, a match of two documents, or a note for people.
ENTRY_LINE, MATCH, NOTE = "account.move.line", "account.partial.reconcile", "mail.message"


class AccountableConnection(models.Model):
    """One entry for each payment, dated as in the administration, on the clearing account of the
    settlement journal; undone by its reversal, which works in locked periods too."""

    _inherit = "accountable.connection"

    def _read_back(self, work):
        """Read what is due. An error here keeps no document from being sent, unless it concerns the
        sign-in. Commits."""
        if not (self.settlements_back and work.capabilities.settlements and self._reading_is_due()):
            return
        try:
            self._read_open_items(work)
            changes = work.package.settlements_since(self.settlement_cursor or "")
            work.counts.settlements_read += self._apply_settlements(changes)
            self.write(
                {"settlement_cursor": changes.cursor, "settlements_read_at": fields.Datetime.now()}
            )
            self._commit()
        except AuthorisationLostError:
            raise
        except PackageError as error:
            self.env.cr.rollback()
            _logger.info("Connection %s: settlements not read: %s", self.id, error)
            self.write(
                {
                    "settlements_read_at": fields.Datetime.now(),
                    "wait_reason": self._error_sentence(error),
                }
            )
            self._commit()

    def _reading_is_due(self):
        read_at = self.settlements_read_at
        if self.requested_by_id or not read_at:
            return True
        return self.synchronisation == "automatic" and (
            read_at <= fields.Datetime.now() - READ_EVERY
        )

    def _error_sentence(self, error):
        if error.code == "settlement_journal":
            return self.env._("Choose the journal for payments that come back, with its account.")
        return super()._error_sentence(error)

    # One reading

    def _apply_settlements(self, changes):
        """Repeat a reading in Odoo. Reading it twice changes nothing: settlements are known by key.

        :return: number of settlements that changed something
        """
        self.ensure_one()
        present = {settlement.key: settlement for settlement in changes.settlements}
        present = {**self._failed_settlements(present), **present}
        removed = set(changes.removed) - {one.key for one in changes.settlements}
        known = self._settlement_bindings({*present, *removed})
        count = 0
        for key in sorted(removed & known.keys()):
            self._undo_settlement(known[key])
            count += 1
        for key, settlement in present.items():
            if key in removed:
                continue
            count += self._apply_safely(settlement, known.get(key))
        return count

    def _settlement_bindings(self, keys):
        """``{key: binding}`` of the settlements that were repeated before."""
        bindings = self.env["accountable.binding"].search(
            [
                ("connection_id", "=", self.id),
                ("kind", "=", "settlement"),
                ("external_key", "in", list(keys)),
            ]
        )
        return {binding.external_key: binding for binding in bindings}

    def _failed_settlements(self, present):
        """Those an earlier reading could not book, so that they are tried again."""
        bindings = self.env["accountable.binding"].search(
            [
                ("connection_id", "=", self.id),
                ("kind", "=", "settlement"),
                ("number", "=", "failed"),
                ("external_key", "not in", list(present)),
            ]
        )
        return {
            binding.external_key: settlement_from_values(binding.details["settlement"])
            for binding in bindings
        }

    def _apply_safely(self, settlement, binding):
        """One that cannot be repeated never stops the others; it is shown and tried again."""
        values = settlement_to_values(settlement)
        if binding and binding.number != "failed":
            if (binding.details or {}).get("settlement") == values:
                return 0
            self._undo_settlement(binding)
            binding = None
        move = self._settled_document(settlement.document_key)
        if not move:
            return 0
        try:
            with self.env.cr.savepoint():
                if binding:
                    binding.unlink()
                return self._apply_settlement(settlement, move)
        except (psycopg2.OperationalError, PackageError):
            raise
        except Exception as error:
            _logger.exception("Settlement %s cannot be repeated", settlement.key)
            if not binding:
                self._note(
                    settlement,
                    move,
                    self.env._(
                        "A payment of %(amount)s in the administration could not be booked:"
                        " %(error)s",
                        amount=self._amount_text(settlement),
                        error=error,
                    ),
                    state="failed",
                )
            return 0

    def _settled_document(self, key):
        """The posted document behind an external key, or none: not ours."""
        binding = self.env["accountable.binding"].search(
            [
                ("connection_id", "=", self.id),
                ("kind", "=", "document"),
                ("external_key", "=", key),
                ("res_model", "=", "account.move"),
            ]
        )
        move = self.env["account.move"].browse(binding.res_id).exists() if binding else None
        return move if move and move.state == "posted" else self.env["account.move"]

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
            " booked as a"
            " payment in Odoo.",
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
        entry = (
            self.env["account.move"]
            .with_company(move.company_id)
            .with_context(tracking_disable=True, skip_is_manually_modified=True)
            .create(
                {
                    "move_type": "entry",
                    "journal_id": journal.id,
                    "company_id": move.company_id.id,
                    "date": settlement.date,
                    "ref": self._payment_text(settlement, move),
                    "line_ids": [
                        (
                            0,
                            0,
                            {
                                **line,
                                "account_id": open_lines.account_id[:1].id,
                                "balance": balance,
                                "amount_currency": in_document_currency,
                            },
                        ),
                        (
                            0,
                            0,
                            {
                                **line,
                                "account_id": journal.default_account_id.id,
                                "balance": -balance,
                                "amount_currency": -in_document_currency,
                            },
                        ),
                    ],
                }
            )
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
                    " Odoo"
                    " does not have open.",
                    amount=self._amount_text(settlement),
                    counterpart=settlement.counterpart_key or "-",
                ),
            )
            return 1
        match = self._match(settlement, lines, other_lines)
        self._bind_settlement(settlement, MATCH, match.id)
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
        """Reconcile the first open lines of both; a part of it as a match of its own."""
        line, other = lines[0], other_lines[0]
        company_currency = line.company_currency_id
        amount = float(settlement.amount_company)
        rest = min(abs(line.amount_residual), abs(other.amount_residual))
        if company_currency.compare_amounts(amount, rest) >= 0:
            before = line.matched_debit_ids | line.matched_credit_ids
            (line + other).reconcile()
            return ((line.matched_debit_ids | line.matched_credit_ids) - before)[:1]
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

    # Undoing

    def _undo_settlement(self, binding):
        """Undo exactly this allocation; the rest of the document stays as it is."""
        record = self.env[binding.res_model].browse(binding.res_id).exists()
        if binding.res_model == ENTRY_LINE and record:
            entry = record.move_id
            entry.with_context(tracking_disable=True)._reverse_moves(
                [
                    {
                        "date": fields.Date.context_today(self),
                        "ref": self.env._("Undone: %(entry)s", entry=entry.ref or entry.name),
                    }
                ],
                cancel=True,
            )
        elif binding.res_model == MATCH and record:
            record.unlink()
        elif binding.res_model == NOTE and record:
            self.env[record.model].browse(record.res_id).exists().message_post(
                body=self.env._("Undone in the administration: %(text)s", text=binding.number or "")
            )
        binding.unlink()

    # Links and notes

    def _bind_settlement(self, settlement, res_model, res_id, state=None):
        self.env["accountable.binding"]._bind(
            self.id,
            "settlement",
            res_model,
            res_id,
            {
                "external_key": settlement.key,
                "number": state or settlement.kind,
                "details": {"settlement": settlement_to_values(settlement)},
            },
        )

    def _note(self, settlement, move, text, state=None):
        """Show on the document what is not booked; the note is what the link points to."""
        message = move.message_post(body=text)
        self._bind_settlement(settlement, NOTE, message.id, state=state)


def settlement_to_values(settlement):
    """JSON values; amounts and the date as text."""
    return {
        "key": settlement.key,
        "kind": settlement.kind,
        "document_key": settlement.document_key,
        "counterpart_key": settlement.counterpart_key,
        "date": settlement.date.isoformat(),
        "amount": str(settlement.amount),
        "amount_company": str(settlement.amount_company),
        "currency": settlement.currency,
        "text": settlement.text,
    }


def settlement_from_values(values):
    return Settlement(
        **{
            **values,
            "date": date.fromisoformat(values["date"]),
            "amount": Decimal(values["amount"]),
            "amount_company": Decimal(values["amount_company"]),
        }
    )
