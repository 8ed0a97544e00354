"""Settlements that were undone in the administration, and those that Odoo lost."""

import logging

import psycopg2
from odoo import fields, models

from ...documents.sentence import SentencesOf
from ...documents.settlement import SET_OFF, amount_of, settlement_from_values, settlement_to_values
from ..sentence import written_for
from .settlement_binding import ENTRY_LINE, MATCH, MESSAGE, UNDO

_lt = SentencesOf(__name__)

_logger = logging.getLogger(__name__)


class AccountableSettlement(models.AbstractModel):
    _inherit = "accountable.settlement"

    # Undoing

    def _try_to_undo(self, connection, binding, instead=None):
        """Undo one; one that cannot be undone never stops the others: it is shown, and tried again
        by each reading.

        :param instead: the settlement as it is now, which this one makes room for
        :return: number of settlements that changed
        """
        later = (binding.details or {}).get("instead")
        try:
            with self.env.cr.savepoint():
                self._undo(connection, binding)
        except psycopg2.OperationalError:
            raise
        except Exception as error:
            _logger.exception("Settlement %s cannot be undone", binding.external_key)
            self._show_not_undone(connection, binding, error)
            kept = settlement_to_values(instead) if instead else later
            binding.settlement_to_do = UNDO
            binding.details = {**(binding.details or {}), "instead": kept}
            return 0
        if later and not instead:
            self._try_to_repeat(connection, settlement_from_values(later), None)
        return 1

    def _show_not_undone(self, connection, binding, error):
        if binding.settlement_to_do == UNDO:
            return  # it was shown before
        settlement = binding._settlement()
        move = self._bound_document(connection, settlement.document_key)
        if move:
            text = _lt(
                "A payment of %(amount)s was undone in the administration and could not be undone"
                " in Odoo: %(error)s",
                amount=amount_of(settlement),
                error=error,
            )
            move.message_post(body=written_for(connection.company_id.partner_id, text))

    def _undo(self, connection, binding, silently=False):
        """Undo exactly this one; the rest of the document stays as it is. What a person undid in
        Odoo already is not undone twice. ``silently``: a message on the document is not answered by
        another one."""
        settlement = binding._settlement()
        record = self.env[binding.res_model].browse(binding.res_id).exists()
        if binding.res_model == ENTRY_LINE:
            self._undo_entry(binding)
        elif binding.res_model == MATCH and not (binding.details or {}).get("known"):
            matches = (binding.details or {}).get("matches") or record.ids
            record.browse(matches).exists().unlink()
        elif binding.res_model == MESSAGE and record and not silently:
            text = _lt("Undone in the administration: %(text)s", text=amount_of(settlement))
            self.env[record.model].browse(record.res_id).exists().message_post(
                body=written_for(connection.company_id.partner_id, text)
            )
        binding.unlink()
        self._renew_payment_notes(connection, settlement.document_key)
        self._send_refused_changes(connection, settlement)

    def _undo_entry(self, binding):
        """Reverse the entry of a payment, or cancel it where it is in draft."""
        line = binding._settlement_line()
        entry = line.move_id
        if line.parent_state == "draft":
            entry.button_cancel()
        elif binding._settlement_stands():
            ref = _lt("Undone: %(entry)s", entry=entry.ref or entry.name)
            entry.with_context(tracking_disable=True)._reverse_moves(
                [
                    {
                        "date": fields.Date.context_today(self),
                        "ref": written_for(entry.company_id.partner_id, ref),
                    }
                ],
                cancel=True,
            )

    def _send_refused_changes(self, connection, settlement):
        """A change that was refused because of this match may go now; of a match of two documents
        it may be the change of either."""
        documents = self._document_binding(connection, settlement.document_key)
        if settlement.counterpart_key:
            documents |= self._document_binding(connection, settlement.counterpart_key)
        documents = documents.filtered(lambda one: one.res_model == "account.move")
        # items are the engine's, also where a person books a payment again
        jobs = self.env["accountable.job"].sudo()
        for job in jobs.search(
            [
                ("connection_id", "=", connection.id),
                ("res_model", "=", "account.move"),
                ("res_id", "in", documents.mapped("res_id")),
                ("operation", "=", "document"),
                ("state", "=", "failed"),
                ("matched", "=", True),
            ]
        ):
            job._make_pending()

    # Documents that went through draft

    def _restore_matches(self, connection):
        """A document that goes through draft loses its matches: repeat those of the administration
        once it is posted again, and those that could not be repeated when they were read."""
        for binding in self.env["accountable.binding"].browse(self._ids_to_restore(connection)):
            settlement = binding._settlement()
            move = self._posted_document(connection, settlement.document_key)
            if not move:
                continue
            if binding.res_model == ENTRY_LINE:
                self._restore_match(move, self.env[ENTRY_LINE].browse(binding.res_id))
            elif self._posted_document(connection, settlement.counterpart_key):
                binding.unlink()
                self._try_to_repeat(connection, settlement, None)

    def _restore_match(self, move, line):
        """Reconcile the line of a payment with what is open of its document; False when nothing
        is."""
        open_lines = self._open_lines(move).filtered(lambda one: one.account_id == line.account_id)
        if open_lines:
            (line + open_lines).reconcile()
        return bool(open_lines)

    def _ids_to_restore(self, connection):
        """Links of settlements whose match is gone: the line of a payment that is open, a match
        that was deleted, a set-off of two documents that are both open again."""
        self.env.flush_all()
        # a link names its record by id only: the ORM joins nothing to it
        self.env.cr.execute(
            """
            WITH b AS NOT MATERIALIZED (
                SELECT * FROM accountable_binding
                 WHERE connection_id = %(id)s AND kind = 'settlement' AND settlement_to_do IS NULL
            )
            SELECT b.id FROM b JOIN account_move_line l ON l.id = b.res_id
             WHERE b.res_model = %(line)s AND l.parent_state = 'posted'
               AND l.reconciled IS NOT TRUE AND l.amount_residual != 0
            UNION ALL
            SELECT b.id FROM b
             WHERE b.res_model = %(match)s
               AND NOT EXISTS (SELECT 1 FROM account_partial_reconcile p WHERE p.id = b.res_id)
            UNION ALL
            SELECT b.id FROM b
             WHERE b.res_model = %(message)s AND b.settlement_kind = %(set_off)s
               AND 2 = (SELECT count(*) FROM accountable_binding d
                          JOIN account_move m ON m.id = d.res_id
                         WHERE d.connection_id = b.connection_id AND d.kind = 'document'
                           AND d.res_model = 'account.move' AND d.external_key IN (
                                   b.details #>> '{settlement,document_key}',
                                   b.details #>> '{settlement,counterpart_key}')
                           AND m.state = 'posted' AND m.amount_residual != 0)
            """,
            {
                "id": connection.id,
                "line": ENTRY_LINE,
                "match": MATCH,
                "message": MESSAGE,
                "set_off": SET_OFF,
            },
        )
        return [id_ for [id_] in self.env.cr.fetchall()]
