"""Settlements coming back: what the administration matched is repeated in Odoo."""

import logging
import time
from datetime import date
from decimal import Decimal

import psycopg2
from odoo import fields, models

from ..api.errors import (
    AuthorisationLostError,
    ConfigurationMissingError,
    LimitReachedError,
    PackageError,
)
from ..documents.settlement import PAYMENT, SET_OFF, Settlement
from .accountable_engine import READ_EVERY

_logger = logging.getLogger(__name__)

# Where a settlement went: the line of an entry, a match of two documents, or a note for people.
ENTRY_LINE, MATCH, NOTE = "account.move.line", "account.partial.reconcile", "mail.message"
# What a link says in ``number`` when it has still to be booked, or undone, by a later reading.
FAILED, TO_UNDO = "failed", "to_undo"
# The first reading may hold years of payments. Odoo kills a worker after two minutes, so what is
# done is committed in portions, and a reading that takes too long goes on with the next run.
PORTION = 50
READING_SECONDS = 60
SENDING_SECONDS = 5


class AccountableConnection(models.Model):
    """One entry for each payment, dated as in the administration, on the clearing account of the
    settlement journal; undone by its reversal, which works in locked periods too."""

    _inherit = "accountable.connection"

    def _read_back(self, work):
        """Read what is due. An error here keeps no document from being sent, unless it concerns the
        sign-in. Commits."""
        if not (self.settlements_back and work.capabilities.settlements and self._reading_is_due()):
            return
        began = fields.Datetime.now()
        try:
            self._read_open_items(work)
            changes = work.package.settlements_since(self.settlement_cursor or "")
            whole = self._apply_settlements(changes, work.counts)
            if whole:
                self._match_again()
                # from when it was asked: what is hinted at meanwhile is read again
                self.write({"settlement_cursor": changes.cursor, "settlements_read_at": began})
            self._commit()
            # a long reading takes several runs: documents go in each of them
            work.deadline = max(work.deadline, time.monotonic() + SENDING_SECONDS)
        except AuthorisationLostError:
            raise
        except PackageError as error:
            self.env.cr.rollback()
            _logger.info("Connection %s: settlements not read: %s", self.id, error)
            read_at = fields.Datetime.now()
            if isinstance(error, LimitReachedError):
                # due again as soon as the package takes calls
                read_at = min(read_at, error.not_before - READ_EVERY)
            self.write(
                {"settlements_read_at": read_at, "wait_reason": self._error_sentence(error)}
            )
            self._commit()

    def _reading_is_due(self):
        read_at = self.settlements_read_at
        if self.requested_by_id or not read_at:
            return True
        return self.synchronisation == "automatic" and read_at <= self._read_before()

    # One reading

    def _apply_settlements(self, changes, counts):
        """Repeat a reading in Odoo. Reading it twice changes nothing: settlements are known by key.
        Commits in portions.

        :param counts: ``settlements_read`` grows by those that changed something
        :return: False when the time was over before all of it was repeated
        """
        self.ensure_one()
        until = time.monotonic() + READING_SECONDS
        present = {settlement.key: settlement for settlement in changes.settlements}
        removed = {*changes.removed, *self._settlements_to_undo(), *self._settlements_gone(changes)}
        removed -= present.keys()
        present = {**self._failed_settlements(present), **present}
        known = self._settlement_bindings({*present, *removed})
        settlements = [one for key, one in present.items() if key not in removed]
        steps = [
            *((self._undo_safely, (known[key],)) for key in sorted(removed & known.keys())),
            *(
                (self._apply_safely, (settlement, known.get(settlement.key)))
                for settlement in self._to_repeat(settlements, known)
            ),
        ]
        for number, (function, arguments) in enumerate(steps, 1):
            counts.settlements_read += function(*arguments)
            if number % PORTION == 0:
                self._commit()
                if time.monotonic() > until:
                    return number == len(steps)
        return True

    def _to_repeat(self, settlements, known):
        """Those that are new or changed and concern documents of ours."""
        keys = [settlement.document_key for settlement in settlements]
        ours = self._known_document_keys(keys)
        return [
            settlement
            for settlement in settlements
            if (settlement.document_key in ours or settlement.key in known)
            and not self._is_repeated(settlement, known.get(settlement.key))
        ]

    def _is_repeated(self, settlement, binding):
        """Whether it is in Odoo as it should be. What the bank wrote, and which booking paid it,
        changes no amount: nothing is undone and booked again for that."""
        if not binding or binding.number in (FAILED, TO_UNDO):
            return False
        values = (binding.details or {}).get("settlement") or {}
        wanted = settlement_to_values(settlement)
        names = wanted.keys() - {"text"}
        if settlement.kind != SET_OFF:
            names -= {"counterpart_key"}
        return all(values.get(name) == wanted[name] for name in names)

    def _settlements_gone(self, changes):
        """Keys of those that a reading of everything did not find any more."""
        if changes.all_keys is None:
            return set()
        bindings = self.env["accountable.binding"].search_fetch(
            [("connection_id", "=", self.id), ("kind", "=", "settlement")], ["external_key"]
        )
        return set(bindings.mapped("external_key")) - changes.all_keys

    def _settlements_to_undo(self):
        """Keys of those an earlier reading could not undo."""
        return (
            self.env["accountable.binding"]
            .search(
                [
                    ("connection_id", "=", self.id),
                    ("kind", "=", "settlement"),
                    ("number", "=", TO_UNDO),
                ]
            )
            .mapped("external_key")
        )

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
                ("number", "=", FAILED),
                ("external_key", "not in", list(present)),
            ]
        )
        return {
            binding.external_key: settlement_from_values(binding.details["settlement"])
            for binding in bindings
        }

    def _apply_safely(self, settlement, binding):
        """One that cannot be repeated never stops the others; it is shown and tried again."""
        if binding and binding.number != FAILED:
            if not self._undo_safely(binding, settlement):
                return 0
            binding = None
        move = self._settled_document(settlement.document_key)
        if not move:
            draft = self._bound_document(settlement.document_key)
            if draft and not binding:
                text = self.env._(
                    "A payment of %(amount)s in the administration waits until this document is"
                    " posted again.",
                    amount=self._amount_text(settlement),
                )
                self._note(settlement, draft, text, state=FAILED)
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
                    state=FAILED,
                )
            return 0

    def _settled_document(self, key):
        """The posted document behind an external key, or none: not ours, or not posted."""
        return self._bound_document(key).filtered(lambda move: move.state == "posted")

    def _bound_document(self, key):
        """The document behind an external key in whatever state, or none: not ours."""
        binding = self.env["accountable.binding"].search(
            [
                ("connection_id", "=", self.id),
                ("kind", "=", "document"),
                ("external_key", "=", key),
                ("res_model", "=", "account.move"),
            ]
        )
        return self.env["account.move"].browse(binding.res_id).exists()

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

    def _read_settlements_anew(self):
        """A document was linked that stood in the administration before: what settled it there may
        have been read already, when it concerned nobody. Reading it twice changes nothing."""
        for connection in self:
            if connection.settlement_cursor:
                connection.settlement_cursor = False

    # Links and notes

    def _bind_settlement(self, settlement, res_model, res_id, state=None, **details):
        self.env["accountable.binding"]._bind(
            self.id,
            "settlement",
            res_model,
            res_id,
            {
                "external_key": settlement.key,
                "number": state or settlement.kind,
                "details": {"settlement": settlement_to_values(settlement), **details},
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
