"""Settlements coming back: what the administration matched is repeated in Odoo."""

import logging
import time
from datetime import date
from decimal import Decimal

import psycopg2
from odoo import fields, models

from ...api.errors import (
    AuthorisationLostError,
    LimitReachedError,
    PackageError,
)
from ...documents.settlement import SET_OFF, Settlement
from .reading_due import READ_EVERY, reading_due_before

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
# An amount in a foreign currency may be given with more decimals than before.
HAIR = Decimal("0.01")


class AccountableConnection(models.Model):
    _inherit = "accountable.connection"

    def _read_back(self, work):
        """Read what is due. An error here keeps no document from being sent, unless it concerns the
        sign-in. Commits."""
        if not (self.settlements_back and work.capabilities.settlements and self._reading_is_due()):
            return
        began = fields.Datetime.now()
        try:
            items = self._read_open_items(work)
            changes = work.package.settlements_since(self.settlement_cursor or "")
            whole = self._apply_settlements(changes, work.counts)
            if whole:
                self._match_again()
                self._allocate_again()
                # from when it was asked: what is hinted at meanwhile is read again
                self.write({"settlement_cursor": changes.cursor, "settlements_read_at": began})
            if items is not None:
                self._compare_daily(items, whole and changes.complete)
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
                {
                    "settlements_read_at": read_at,
                    "wait_reason": self._error_sentence(error),
                    "reading_until": getattr(error, "not_before", None),
                }
            )
            self._commit()

    def _reading_is_due(self):
        read_at = self.settlements_read_at
        if self.requested_by_id or not read_at:
            return True
        return self.synchronisation == "automatic" and read_at <= reading_due_before(self)

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
        names = wanted.keys() - {"text", "amount"}
        if settlement.kind != SET_OFF:
            names -= {"counterpart_key"}
        return (
            all(values.get(name) == wanted[name] for name in names)
            and abs(Decimal(values["amount"]) - settlement.amount) < HAIR
        )

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
