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
from ...documents.sentence import SentencesOf, joined
from ...documents.settlement import PAYMENT, amount_of
from .settlement_binding import ENTRY_LINE, MESSAGE

_lt = SentencesOf(__name__)

_logger = logging.getLogger(__name__)

# Why a payment of the administration is not booked, as its link keeps it.
BANK, NOTHING_OPEN = "bank", "nothing_open"
# A reading that failed meanwhile missed nothing.
LATELY = timedelta(days=7)
# Which note of the document names it.
NOTES = {EQUAL: "paid_in_both", SUM: "paid_in_sum", BANK: "bank_in_odoo"}

# A link names its record by id only: the ORM joins nothing to it. It begins with the few payments
# that are not booked whole and with the few documents matched lately: nothing asks what stands in
# the JSON of all settlements.
TO_RECONSIDER = """
    WITH not_whole AS (
        SELECT s.id, d.external_key AS document_key, d.res_id AS move_id
          FROM accountable_binding s
          JOIN accountable_binding d ON d.connection_id = s.connection_id
           AND d.kind = 'document' AND d.res_model = 'account.move'
           AND d.external_key = s.details #>> '{settlement,document_key}'
         WHERE s.connection_id = %(id)s AND s.kind = 'settlement'
           AND s.settlement_kind = %(payment)s AND s.settlement_to_do IS NULL
           AND (s.res_model = %(message)s OR s.details ? 'booked')
    ), matched AS MATERIALIZED (
        SELECT DISTINCT l.move_id
          FROM account_partial_reconcile r
         CROSS JOIN LATERAL (VALUES (r.debit_move_id, r.credit_move_id),
                                    (r.credit_move_id, r.debit_move_id)) AS side(own, other)
          JOIN account_move_line l ON l.id = side.own
         WHERE r.create_date > %(since)s
           AND NOT EXISTS (SELECT 1 FROM accountable_binding b
                            WHERE b.connection_id = %(id)s AND b.kind = 'settlement'
                              AND b.res_model = %(line)s AND b.res_id = side.other)
    ), paid AS (
        SELECT s.id, d.external_key AS document_key, d.res_id AS move_id
          FROM matched
          JOIN accountable_binding d ON d.res_id = matched.move_id
           AND d.connection_id = %(id)s AND d.kind = 'document' AND d.res_model = 'account.move'
          JOIN accountable_binding s ON s.connection_id = d.connection_id
           AND s.kind = 'settlement' AND s.details #>> '{settlement,document_key}' = d.external_key
         WHERE s.settlement_kind = %(payment)s AND s.settlement_to_do IS NULL
           AND s.res_model = %(line)s
    )
    SELECT p.document_key
      FROM (SELECT one.* FROM not_whole one JOIN account_move m ON m.id = one.move_id
             WHERE m.amount_residual != 0 UNION ALL SELECT * FROM paid) p
      JOIN account_move m ON m.id = p.move_id
     WHERE m.state = 'posted'
     GROUP BY p.document_key
     ORDER BY min(p.id)
"""


class AccountableSettlement(models.AbstractModel):
    _inherit = "accountable.settlement"

    def _reconsider(self, connection, move, document_key, new=None):
        """Why payments of the administration are not booked, by key: those of this document that
        were read before, and the ``new`` one. What was decided otherwise before follows."""
        bindings = self._payment_bindings(connection, document_key)
        settlements = {key: binding._settlement() for key, binding in bindings.items()}
        if new:
            settlements[new.key] = new
        known = self._known_payments(connection, move, list(settlements.values()))
        for key in bindings.keys() & known.keys():
            if bindings[key].res_model == ENTRY_LINE:
                self._undo(connection, bindings.pop(key))
                self._leave_out(connection, settlements[key], move, known[key])
                self._reconcile_rest(move)
        for key in bindings.keys() - known.keys():
            if connection.bank_owner != "odoo" and self._may_book(bindings[key], move):
                self._undo(connection, bindings[key], silently=True)
                self._book_and_reconcile(connection, settlements[key], move)
        return known

    def _reconcile_rest(self, move):
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

    def _known_payments(self, connection, move, settlements):
        """``{key: EQUAL or SUM}`` of those of these payments Odoo has by itself."""
        in_currency = settlements[0].currency == move.currency_id.name
        in_odoo = self._payments_in_odoo(connection, move, in_currency)
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
        """Whether more of a payment can be booked than is: all of one that is only shown, the rest
        of one that was more than was open."""
        return bool(self._open_lines(move)) and (
            binding.res_model == MESSAGE
            or (bool((binding.details or {}).get("booked")) and binding._settlement_stands())
        )

    def _payment_bindings(self, connection, document_key):
        """``{key: binding}`` of the payments of a document that were read before, but those that
        could not be booked or undone yet."""
        return {
            binding.external_key: binding
            for binding in self._bindings_of(connection, document_key, (PAYMENT,))
            if not binding.settlement_to_do
        }

    # Payments in Odoo

    def _payments_in_odoo(self, connection, move, in_currency):
        """``[Paid]``: what was matched with a document in Odoo, but for other documents, exchange
        differences, and what came from this administration."""
        lines = self._party_lines(move)
        partials = lines.matched_debit_ids | lines.matched_credit_ids
        counterparts = (partials.debit_move_id | partials.credit_move_id) - lines
        made_by_odoo = counterparts - self._booked_lines(connection, counterparts)
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

    def _booked_lines(self, connection, lines):
        """Those of these lines that came from this administration."""
        bindings = self._bindings(
            connection, ("res_model", "=", ENTRY_LINE), ("res_id", "in", lines.ids)
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

    # What is shown instead

    def _leave_out(self, connection, settlement, move, reason):
        """Show on the document that a payment of the administration is not booked, and why."""
        amount = amount_of(settlement)
        texts = {
            EQUAL: _lt(
                "The administration has a payment of %(amount)s; Odoo had it already.",
                amount=amount,
            ),
            SUM: _lt(
                "The administration has a payment of %(amount)s. It is not booked, because Odoo has"
                " payments of the same sum.",
                amount=amount,
            ),
            BANK: _lt(
                "The administration has a payment of %(amount)s. It is not booked, because Odoo "
                "books the bank.",
                amount=amount,
            ),
        }
        text = texts.get(reason, texts[EQUAL])
        self._post_message(connection, settlement, move, text, reason=reason)
        self._renew_payment_notes(connection, settlement.document_key)

    def _renew_payment_notes(self, connection, document_key):
        """The notes of a document name the payments that are not booked."""
        document = self._document_binding(connection, document_key)
        named = defaultdict(list)
        for binding in self._payment_bindings(connection, document_key).values():
            code = NOTES.get((binding.details or {}).get("reason"))
            if code and binding.res_model == MESSAGE:
                settlement = binding._settlement()
                named[code].append(
                    joined(amount_of(settlement), " (", settlement.date, ")", between="")
                )
        for code in NOTES.values():
            if named[code]:
                document._add_note(code, payments=joined(*sorted(named[code]), between=", ").data)
            else:
                document._remove_notes(code)

    # Payments that came or went in Odoo

    def _reconsider_payments(self, connection):
        """Look again at documents of which a payment was made, undone or reversed in Odoo. Where
        Odoo owns the bank by now, what was booked before may be paid there as well."""
        self.env.flush_all()
        for document_key in self._keys_to_reconsider(connection):
            move = self._posted_document(connection, document_key)
            try:
                with self.env.cr.savepoint():
                    self._reconsider(connection, move, document_key)
            except psycopg2.OperationalError:
                raise
            except Exception:
                _logger.exception("Payments of document %s cannot be compared", move.id)

    def _keys_to_reconsider(self, connection):
        """Keys of the documents that were matched with others in Odoo lately, beside what was
        booked, or that are open while a payment of them is only shown or not booked whole."""
        self.env.cr.execute(
            TO_RECONSIDER,
            {
                "id": connection.id,
                "payment": PAYMENT,
                "message": MESSAGE,
                "line": ENTRY_LINE,
                "since": (connection.settlements_read_at or fields.Datetime.now()) - LATELY,
            },
        )
        return [key for [key] in self.env.cr.fetchall()]
