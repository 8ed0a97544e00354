"""A match of two documents in the administration, repeated in Odoo unless Odoo has it already."""

from dataclasses import replace
from decimal import Decimal

from odoo import models

from ...api.contract import Match
from ...documents.sentence import SentencesOf
from ...documents.settlement import SET_OFF, amount_of
from .settlement import CENT
from .settlement_binding import MATCH

_lt = SentencesOf(__name__)


class AccountableSettlement(models.AbstractModel):
    _inherit = "accountable.settlement"

    def _repeat_set_off(self, connection, settlement, move):
        """Match two documents with exactly the amount the administration matched.

        :return: number of settlements that changed something
        """
        other = self._posted_document(connection, settlement.counterpart_key)
        if self._is_known_from_other_side(connection, settlement):
            return 0
        matches = self._matches_between(move, other)
        left = settlement.amount - self._matched_amount(connection, settlement, move, matches)
        if matches and left <= self._tolerance(settlement, move):
            self._bind_known_match(connection, settlement, matches)
            return 0
        lines, other_lines = self._open_lines(move), self._open_lines(other)
        if not lines or not other_lines:
            text = self._not_open_text(connection, settlement, other)
            self._post_message(connection, settlement, move, text)
            return 1
        rest = replace(
            settlement,
            amount=left,
            amount_company=settlement.amount_company * left / settlement.amount,
        )
        matches = self._reconcile_amount(rest, lines, other_lines)
        self._bind(connection, settlement, MATCH, matches[:1].id, matches=matches.ids)
        return 1

    def _not_open_text(self, connection, settlement, other):
        binding = self._document_binding(connection, settlement.counterpart_key)
        amount = amount_of(settlement)
        if not binding:
            return _lt(
                "%(amount)s was set off in the administration on %(date)s against a booking that"
                " Odoo does not have: %(text)s.",
                amount=amount,
                date=settlement.date,
                text=settlement.text or "-",
            )
        return _lt(
            "%(amount)s was set off in the administration against %(counterpart)s, of which nothing"
            " is open in Odoo.",
            amount=amount,
            counterpart=" / ".join(filter(None, (binding.number, other.name))),
        )

    # What Odoo matched by itself

    def _matches_between(self, move, other):
        """Odoo's matches of two documents."""
        lines = move.line_ids.matched_debit_ids | move.line_ids.matched_credit_ids
        return lines.filtered(
            lambda match: (
                other and other in (match.debit_move_id.move_id, match.credit_move_id.move_id)
            )
        )

    def _matched_amount(self, connection, settlement, move, matches):
        """What of these matches no other settlement of the two stands for, in the settlement's
        currency."""
        in_currency = settlement.currency == move.currency_id.name
        amount = Decimal(0)
        for match in matches:
            side = "debit" if match.debit_move_id.move_id == move else "credit"
            value = match[f"{side}_amount_currency"] if in_currency else match.amount
            amount += Decimal(str(value))
        return amount - sum(
            one.amount if in_currency else one.amount_company
            for one in self._set_offs_between(connection, settlement)
        )

    def _set_offs_between(self, connection, settlement):
        """Set-offs of the two documents that are in Odoo, read from either side."""
        keys = settlement.document_key, settlement.counterpart_key
        bindings = self._bindings_of(connection, keys[0], (SET_OFF,))
        bindings |= self._bindings_of(connection, keys[1], (SET_OFF,))
        others = [
            binding._settlement()
            for binding in bindings
            if binding.res_model == MATCH and not binding.settlement_to_do
        ]
        return [one for one in others if {one.document_key, one.counterpart_key} == {*keys}]

    def _is_known_from_other_side(self, connection, settlement):
        """The administration may tell of one match from both sides."""
        return any(
            binding.res_model == MATCH
            and (other := binding._settlement()).counterpart_key == settlement.document_key
            and abs(other.amount - settlement.amount) < CENT
            for binding in self._bindings_of(connection, settlement.counterpart_key, (SET_OFF,))
        )

    def _bind_known_match(self, connection, settlement, matches):
        """Link a set-off with a match that Odoo made itself, which nobody undoes but Odoo. One
        match may stand for several set-offs; then one of them is linked."""
        bound = self._bindings(connection, ("res_model", "=", MATCH), ("res_id", "in", matches.ids))
        free = matches - matches.browse(bound.mapped("res_id"))
        if free:
            self._bind(connection, settlement, MATCH, free[:1].id, known=True)

    # Matching

    def _reconcile_amount(self, settlement, lines, other_lines):
        """Reconcile the open lines of both; a part of it as a match of its own between the first
        lines that are large enough. Returns the matches."""
        company_currency = lines.company_currency_id
        amount = company_currency.round(float(settlement.amount_company))
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
            return one.currency_id.round(float(settlement.amount))

        return self.env["account.partial.reconcile"].create(
            {
                "amount": amount,
                "debit_amount_currency": in_currency(debit),
                "credit_amount_currency": in_currency(credit),
                "debit_move_id": debit.id,
                "credit_move_id": credit.id,
            }
        )

    def _matches_read(self, connection, key):
        """``[Match]`` out of the settlements that were read of a document, from both sides."""
        bindings = self.env["accountable.binding"]
        bindings.flush_model()
        # what stands in the JSON, which the ORM does not look into
        self.env.cr.execute(
            """
            SELECT id FROM accountable_binding
             WHERE connection_id = %(id)s AND kind = 'settlement'
               AND (details #>> '{settlement,document_key}' = %(key)s
                    OR details #>> '{settlement,counterpart_key}' = %(key)s)
             ORDER BY id
            """,
            {"id": connection.id, "key": key},
        )
        matches = []
        for [id_] in self.env.cr.fetchall():
            one = bindings.browse(id_)._settlement()
            other = one.counterpart_key if one.document_key == key else one.document_key
            matches.append(
                Match(
                    kind=one.kind,
                    number=self._document_binding(connection, other).number or "",
                    date=one.date,
                    amount=one.amount,
                    currency=one.currency,
                    text=one.text,
                )
            )
        return matches
