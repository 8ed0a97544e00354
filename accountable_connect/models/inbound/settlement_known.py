"""Payments that Odoo and the administration both have: counted once, whichever came first.

Which ones these are is worked out anew for a document whenever a payment of it comes, changes or
goes on either side, so that the order makes no difference.
"""

import logging
from collections import defaultdict
from datetime import timedelta
from decimal import Decimal

import psycopg2
from odoo import fields, models

from ...api.allocation import EQUAL, SUM, Paid, known_payments
from ...documents.settlement import PAYMENT
from .settlement import ENTRY_LINE, NOTE, settlement_from_values

_logger = logging.getLogger(__name__)

# Why a payment of the administration is not booked, as its link keeps it.
BANK, NOTHING_OPEN = "bank", "nothing_open"
PARTY_ACCOUNTS = ("asset_receivable", "liability_payable")
# A reading that failed meanwhile missed nothing.
LATELY = timedelta(days=7)
# Which note of the document names it.
NOTES = {EQUAL: "paid_in_both", SUM: "paid_in_sum", BANK: "bank_in_odoo"}


class AccountableConnection(models.Model):
    _inherit = "accountable.connection"

    def _allocate(self, move, document_key, new=None):
        """Why payments of the administration are not booked, by key: those of this document that
        were read before, and the ``new`` one. What was decided otherwise before follows."""
        bindings = self._payment_bindings(document_key)
        settlements = {
            key: settlement_from_values(binding.details["settlement"])
            for key, binding in bindings.items()
        }
        if new:
            settlements[new.key] = new
        known = self._known_payments(move, list(settlements.values()))
        for key in bindings.keys() & known.keys():
            if bindings[key].res_model == ENTRY_LINE:
                self._undo_settlement(bindings.pop(key))
                self._note_payment(settlements[key], move, known[key])
                self._match_rest(move)
        for key in bindings.keys() - known.keys():
            if self.bank_owner != "odoo" and self._may_book(bindings[key], move):
                self._undo_settlement(bindings[key], silently=True)
                self._book_settlement(settlements[key], move)
        return known

    def _match_rest(self, move):
        """What a payment in Odoo of this document alone was more than was open settles what opened
        again."""
        lines = self._party_lines(move)
        matches = lines.matched_debit_ids | lines.matched_credit_ids
        rest = ((matches.debit_move_id | matches.credit_move_id) - lines).filtered(
            lambda line: (
                not line.reconciled
                and not line.move_id.is_invoice(include_receipts=True)
                and (line.matched_debit_ids | line.matched_credit_ids) <= matches
            )
        )
        open_lines = self._open_lines(move)
        for account in rest.account_id & open_lines.account_id:
            (rest | open_lines).filtered(
                lambda line, account=account: line.account_id == account
            ).reconcile()

    def _known_payments(self, move, settlements):
        in_currency = settlements[0].currency == move.currency_id.name
        in_odoo = self._payments_in_odoo(move, in_currency)
        if not in_odoo:
            return {}
        return known_payments(
            [
                Paid(key=one.key, amounts=(self._rounded_amount(one, move),), date=one.date)
                for one in settlements
            ],
            in_odoo,
            self._tolerance(settlements[0], move),
        )

    def _may_book(self, binding, move):
        """Whether more of a payment can be booked than is: all of one that is only noted, the rest
        of one that was more than was open."""
        return bool(self._open_lines(move)) and (
            binding.res_model == NOTE
            or (bool((binding.details or {}).get("booked")) and binding._settlement_stands())
        )

    def _payment_bindings(self, document_key):
        """``{key: binding}`` of the payments of a document that were read before."""
        bindings = self._document_settlements(document_key, PAYMENT)
        return {binding.external_key: binding for binding in bindings}

    def _document_settlements(self, document_key, kind):
        """Links of the settlements of a document that were repeated or noted."""
        bindings = self.env["accountable.binding"]
        bindings.flush_model()
        self.env.cr.execute(
            """
            SELECT id FROM accountable_binding
             WHERE connection_id = %s AND kind = 'settlement'
               AND details #>> '{settlement,document_key}' = %s AND number = %s
             ORDER BY id
            """,
            (self.id, document_key, kind),
        )
        return bindings.browse([id_ for [id_] in self.env.cr.fetchall()])

    def _document_binding(self, document_key):
        return self.env["accountable.binding"].search(
            [
                ("connection_id", "=", self.id),
                ("kind", "=", "document"),
                ("external_key", "=", document_key),
            ]
        )

    # Payments in Odoo

    def _payments_in_odoo(self, move, in_currency):
        """``[Paid]``: what was matched with a document in Odoo, but for other documents, exchange
        differences, and what came from this administration."""
        lines = self._party_lines(move)
        partials = lines.matched_debit_ids | lines.matched_credit_ids
        counterparts = (partials.debit_move_id | partials.credit_move_id) - lines
        made_by_odoo = counterparts - self._booked_lines(counterparts)
        amounts, settling = defaultdict(float), {}
        for partial in partials:
            side = "debit" if partial.debit_move_id in lines else "credit"
            other = partial.credit_move_id if side == "debit" else partial.debit_move_id
            entry = other.move_id
            if (
                other not in made_by_odoo
                or entry.is_invoice(include_receipts=True)
                or entry in partials.exchange_move_id
            ):
                continue
            amounts[entry] += partial[f"{side}_amount_currency"] if in_currency else partial.amount
            settling[entry] = settling.get(entry, partials.browse()) | partial
        currency = move.currency_id if in_currency else move.company_id.currency_id
        return [
            Paid(
                key=str(entry.id),
                amounts=tuple(
                    Decimal(str(currency.round(amount)))
                    for amount in (settled, *self._really_paid(entry, settling[entry], currency))
                ),
                date=entry.date,
            )
            for entry, settled in amounts.items()
        ]

    def _party_lines(self, move):
        return move.line_ids.filtered(lambda line: line.account_id.account_type in PARTY_ACCOUNTS)

    def _booked_lines(self, lines):
        """Those of these lines that came from this administration."""
        bindings = self.env["accountable.binding"].search(
            [
                ("connection_id", "=", self.id),
                ("kind", "=", "settlement"),
                ("res_model", "=", ENTRY_LINE),
                ("res_id", "in", lines.ids),
            ]
        )
        return lines.browse(bindings.mapped("res_id"))

    def _really_paid(self, entry, partials, currency):
        """The amount of a payment of this document alone, which may have written something off."""
        lines = self._party_lines(entry)
        if (lines.matched_debit_ids | lines.matched_credit_ids) - partials:
            return
        payment, line = entry.origin_payment_id, entry.statement_line_id
        if payment and payment.currency_id == currency:
            yield abs(payment.amount)
        if line and line.foreign_currency_id == currency:
            yield abs(line.amount_currency)
        elif line and line.currency_id == currency:
            yield abs(line.amount)

    def _tolerance(self, settlement, move):
        """A package may work out the amount in a foreign currency from its cents."""
        company_currency = move.company_id.currency_id
        if settlement.currency == company_currency.name:
            return Decimal(0)
        cent = Decimal(str(company_currency.rounding))
        rate = settlement.amount / (settlement.amount_company or settlement.amount or 1)
        return max(cent * rate, Decimal(str(move.currency_id.rounding)))

    # What is noted

    def _note_payment(self, settlement, move, reason):
        """Say on the document that a payment of the administration is not booked, and why."""
        amount = self._amount_text(settlement)
        texts = {
            EQUAL: self.env._(
                "The administration has a payment of %(amount)s; Odoo had it already.",
                amount=amount,
            ),
            SUM: self.env._(
                "The administration has a payment of %(amount)s. It is not booked, because Odoo has"
                " payments of the same sum.",
                amount=amount,
            ),
            BANK: self.env._(
                "The administration has a payment of %(amount)s. It is not booked, because Odoo"
                " owns the bank.",
                amount=amount,
            ),
        }
        message = move.message_post(body=texts.get(reason, texts[EQUAL]))
        self._bind_settlement(settlement, NOTE, message.id, reason=reason)
        self._renew_payment_notes(settlement.document_key)

    def _renew_payment_notes(self, document_key):
        """The notes of a document name the payments that are not booked."""
        document = self._document_binding(document_key)
        named = defaultdict(list)
        for binding in self._payment_bindings(document_key).values():
            code = NOTES.get((binding.details or {}).get("reason"))
            if code and binding.res_model == NOTE:
                settlement = settlement_from_values(binding.details["settlement"])
                named[code].append(f"{self._amount_text(settlement)} ({settlement.date})")
        for code in NOTES.values():
            if named[code]:
                document._add_note(code, payments=", ".join(sorted(named[code])))
            else:
                document._remove_notes(code)

    # Payments that came or went in Odoo

    def write(self, vals):
        """What was only noted while Odoo booked the bank is booked by the next run."""
        were_off = self.filtered(
            lambda one: (
                one.step == "done" and (one.bank_owner == "odoo" or not one.settlements_back)
            )
        )
        result = super().write(vals)
        if {"bank_owner", "settlements_back"} & vals.keys():
            for connection in were_off.sudo().filtered("settlements_back"):
                connection._book_the_bank(vals)
        return result

    def _book_the_bank(self, vals):
        """Odoo booked the bank, or nothing came back, and that is over: what is needed is made, and
        a reading is due."""
        if self.bank_owner != "package":
            return
        set_up = self.env["accountable.set.up"]
        if "bank_owner" in vals and set_up._needs_settlement_journal(self):
            self.action_create_settlement_journal()
        if self.settlements_read_at:
            self.settlements_read_at = False
        self._wake_lanes()

    def _allocate_again(self):
        """Look again at documents of which a payment was made, undone or reversed in Odoo. Where
        Odoo owns the bank by now, what was booked before may be paid there as well."""
        self.env.flush_all()
        for binding in self.env["accountable.binding"].browse(self._ids_to_allocate()):
            document_key = binding.details["settlement"]["document_key"]
            move = self._settled_document(document_key)
            try:
                with self.env.cr.savepoint():
                    self._allocate(move, document_key)
            except psycopg2.OperationalError:
                raise
            except Exception:
                _logger.exception("Payments of document %s cannot be compared", move.id)

    def _ids_to_allocate(self):
        """One payment of each document that was matched with others in Odoo lately, beside what was
        booked, or that is open while one of them is only noted or not booked whole."""
        self.env.cr.execute(
            """
            WITH payments AS (
                SELECT s.id, s.res_model, s.details, d.res_id AS move_id
                  FROM accountable_binding s
                  JOIN accountable_binding d ON d.connection_id = s.connection_id
                   AND d.kind = 'document' AND d.res_model = 'account.move'
                   AND d.external_key = s.details #>> '{settlement,document_key}'
                 WHERE s.connection_id = %(id)s AND s.kind = 'settlement'
                   AND s.number = %(payment)s
            ), matched AS (
                SELECT l.move_id
                  FROM account_partial_reconcile r
                 CROSS JOIN LATERAL (VALUES (r.debit_move_id, r.credit_move_id),
                                            (r.credit_move_id, r.debit_move_id)) AS side(own, other)
                  JOIN account_move_line l ON l.id = side.own
                 WHERE r.create_date > %(since)s
                   AND NOT EXISTS (SELECT 1 FROM accountable_binding b
                                    WHERE b.connection_id = %(id)s AND b.kind = 'settlement'
                                      AND b.res_model = %(line)s AND b.res_id = side.other)
            )
            SELECT min(p.id)
              FROM payments p JOIN account_move m ON m.id = p.move_id
             WHERE m.state = 'posted'
               AND (m.amount_residual != 0 AND (p.res_model = %(note)s OR p.details ? 'booked')
                 OR p.res_model = %(line)s AND m.id IN (SELECT move_id FROM matched))
             GROUP BY p.move_id
            """,
            {
                "id": self.id,
                "payment": PAYMENT,
                "note": NOTE,
                "line": ENTRY_LINE,
                "since": (self.settlements_read_at or fields.Datetime.now()) - LATELY,
            },
        )
        return [id_ for [id_] in self.env.cr.fetchall()]
