"""Settlements coming back: what the administration matched is repeated in Odoo."""

import logging
import time
from dataclasses import replace
from decimal import Decimal

import psycopg2
from odoo import fields, models

from ...api.errors import (
    AuthorisationLostError,
    LimitReachedError,
    PackageError,
)
from ...documents.sentence import Sentence, SentencesOf, data_of
from ...documents.settlement import (
    PAYMENT,
    SET_OFF,
    SETTLEMENT_KINDS,
    amount_of,
    settlement_to_values,
)
from ..engine.reading_due import READ_EVERY, reading_due_before
from ..sentence import in_language, written_for
from .settlement_binding import BOOK, MESSAGE, UNDO

_lt = SentencesOf(__name__)

_logger = logging.getLogger(__name__)

# The first reading may hold years of payments. Odoo kills a worker after two minutes, so what is
# done is committed in portions, and a reading that takes too long goes on with the next run.
PORTION = 50
READING_SECONDS = 60
SENDING_SECONDS = 5
# An amount in a foreign currency may be given with more decimals than before.
CENT = Decimal("0.01")


class AccountableSettlement(models.AbstractModel):
    """Repeats in Odoo what an administration matched. Methods take the connection first, in whose
    environment they work: ``connection.env["accountable.settlement"]``.

    ::

        _read_due → _repeat_changes → _try_to_undo    → _undo
                                    → _try_to_repeat  → _repeat → _repeat_payment → _book_payment
                                                                → _repeat_set_off
                                                                → _repeat_otherwise (a message)

    An addon that books payments in another way overrides ``_book_payment``, one that books what is
    only shown here ``_repeat_otherwise``; whatever they book, ``_undo`` has to undo.
    """

    _name = "accountable.settlement"
    _description = "Settlements repeated in Odoo"

    def _read_due(self, connection, run):
        """Read what is due. An error here keeps no document from being sent, unless it concerns the
        sign-in. Commits."""
        if not (connection.settlements_back and run.capabilities.settlements):
            return
        if not self._is_due(connection):
            return
        began = fields.Datetime.now()
        try:
            open_items = self.env["accountable.open.item"]
            items = open_items._read_daily(connection, run)
            changes = run.package.settlements_since(connection.settlement_cursor or "")
            whole = self._repeat_changes(connection, changes, run.counts)
            if whole:
                self._restore_matches(connection)
                self._reconsider_payments(connection)
                # from when it was asked: what is hinted at meanwhile is read again
                connection.write(
                    {"settlement_cursor": changes.cursor, "settlements_read_at": began}
                )
            if items is not None:
                open_items._compare_daily(connection, items, whole and changes.complete)
            connection._commit()
            # a long reading takes several runs: documents go in each of them
            run.deadline = max(run.deadline, time.monotonic() + SENDING_SECONDS)
        except AuthorisationLostError:
            raise
        except PackageError as error:
            self._put_off(connection, error)

    def _is_due(self, connection):
        read_at = connection.settlements_read_at
        if connection.requested_by_id or not read_at:
            return True
        due = read_at <= reading_due_before(connection)
        return connection.synchronisation == "automatic" and due

    def _put_off(self, connection, error):
        """Nothing of this reading is kept, and the next one is due as ever. Commits."""
        self.env.cr.rollback()
        _logger.info("Connection %s: settlements not read: %s", connection.id, error)
        read_at = fields.Datetime.now()
        if isinstance(error, LimitReachedError):
            # due again as soon as the package takes calls
            read_at = min(read_at, error.not_before - READ_EVERY)
        connection.write(
            {
                "settlements_read_at": read_at,
                "wait_reason": connection._error_sentence(error),
                "reading_until": getattr(error, "not_before", None),
            }
        )
        connection._commit()

    # One reading

    def _repeat_changes(self, connection, changes, counts):
        """Repeat a reading in Odoo. Reading it twice changes nothing: settlements are known by key.
        Commits in portions.

        :param counts: ``settlements_read`` grows by those that changed something
        :return: False when the time was over before all of it was repeated
        """
        until = time.monotonic() + READING_SECONDS
        present = {settlement.key: settlement for settlement in changes.settlements}
        left = self._bindings(connection, ("settlement_to_do", "!=", False))
        to_undo = left.filtered(lambda binding: binding.settlement_to_do == UNDO)
        gone = self._keys_gone(connection, changes)
        removed = {*changes.removed, *to_undo.mapped("external_key"), *gone} - present.keys()
        to_book = {binding.external_key: binding._settlement() for binding in left - to_undo}
        present = {**to_book, **present}
        bindings = self._bindings(connection, ("external_key", "in", [*present, *removed]))
        known = {binding.external_key: binding for binding in bindings}
        settlements = [one for key, one in present.items() if key not in removed]
        steps = [
            *((self._try_to_undo, known[key]) for key in sorted(removed & known.keys())),
            *(
                (self._try_to_repeat, settlement, known.get(settlement.key))
                for settlement in self._to_repeat(connection, settlements, known)
            ),
        ]
        for number, (function, *arguments) in enumerate(steps, 1):
            counts.settlements_read += function(connection, *arguments)
            if number % PORTION == 0:
                connection._commit()
                if time.monotonic() > until:
                    return number == len(steps)
        return True

    def _to_repeat(self, connection, settlements, known):
        """Those that are new or changed and concern documents of ours."""
        keys = [settlement.document_key for settlement in settlements]
        ours = self._known_document_keys(connection, keys)
        return [
            settlement
            for settlement in settlements
            if (settlement.document_key in ours or settlement.key in known)
            and not self._is_repeated(settlement, known.get(settlement.key))
        ]

    def _is_repeated(self, settlement, binding):
        """Whether it is in Odoo as it should be. What the bank wrote, and which booking paid it,
        changes no amount: nothing is undone and booked again for that."""
        before = binding and not binding.settlement_to_do and binding._settlement()
        if not before or abs(before.amount - settlement.amount) >= CENT:
            return False
        anyhow = {"amount": before.amount, "text": before.text}
        if settlement.kind != SET_OFF:
            anyhow["counterpart_key"] = before.counterpart_key
        return before == replace(settlement, **anyhow)

    def _keys_gone(self, connection, changes):
        """Keys of those that a reading of everything did not find any more."""
        if changes.all_keys is None:
            return set()
        bindings = self._bindings(connection, fetch=["external_key"])
        return set(bindings.mapped("external_key")) - changes.all_keys

    # One settlement

    def _try_to_repeat(self, connection, settlement, binding):
        """One that cannot be repeated never stops the others; it is shown and tried again.

        :param binding: its link as it was read before, or none
        :return: number of settlements that changed
        """
        if binding and binding.settlement_to_do != BOOK:
            if not self._try_to_undo(connection, binding, settlement):
                return 0
            binding = None
        move = self._posted_document(connection, settlement.document_key)
        if not move:
            if not binding:
                self._wait_for_document(connection, settlement)
            return 0
        try:
            with self.env.cr.savepoint():
                if binding:
                    binding.unlink()
                return self._repeat(connection, settlement, move)
        except (psycopg2.OperationalError, PackageError):
            raise
        except Exception as error:
            _logger.exception("Settlement %s cannot be repeated", settlement.key)
            if not binding:
                text = _lt(
                    "A payment of %(amount)s in the administration could not be booked: %(error)s",
                    amount=amount_of(settlement),
                    error=error,
                )
                self._post_message(connection, settlement, move, text, to_do=BOOK)
            return 0

    def _wait_for_document(self, connection, settlement):
        """Show on a document that is not posted what is booked once it is."""
        draft = self._bound_document(connection, settlement.document_key)
        if draft:
            text = _lt(
                "A payment of %(amount)s in the administration waits until this document is"
                " posted again.",
                amount=amount_of(settlement),
            )
            self._post_message(connection, settlement, draft, text, to_do=BOOK)

    def _repeat(self, connection, settlement, move):
        """Book, match or show one settlement of a posted document.

        :return: number of settlements that changed something
        """
        if settlement.kind == PAYMENT:
            return self._repeat_payment(connection, settlement, move)
        if settlement.kind == SET_OFF:
            return self._repeat_set_off(connection, settlement, move)
        return self._repeat_otherwise(connection, settlement, move)

    def _repeat_otherwise(self, connection, settlement, move):
        """A write-off, a transfer to doubtful debtors: settled in the books, not paid."""
        kinds = {
            "write_off": _lt("written off"),
            "transfer": _lt("moved to another account"),
        }
        text = _lt(
            "%(amount)s was %(kind)s in the administration on %(date)s: %(text)s. It is not"
            " booked as a payment in Odoo.",
            amount=amount_of(settlement),
            kind=kinds.get(settlement.kind, _lt("settled in another way")),
            date=settlement.date,
            text=settlement.text or "-",
        )
        self._post_message(connection, settlement, move, text)
        return 1

    def _amount_text(self, settlement):
        return in_language(self.env, Sentence(data_of(amount_of(settlement))))

    # Documents and links

    def _known_document_keys(self, connection, keys):
        """Those of these external keys that documents of ours have."""
        condition = ("external_key", "in", keys)
        bindings = self.env["accountable.binding"]._find_all(
            connection, "document", condition, fetch=["external_key"]
        )
        return set(bindings.mapped("external_key"))

    def _document_binding(self, connection, key):
        """The link of the document with this external key, or none."""
        condition = ("external_key", "=", key)
        return self.env["accountable.binding"]._find_all(connection, "document", condition)

    def _bound_document(self, connection, key):
        """The document behind an external key in whatever state, or none: not ours."""
        binding = self._document_binding(connection, key)
        moves = self.env["account.move"]
        return moves.browse(
            binding.filtered(lambda one: one.res_model == moves._name).res_id
        ).exists()

    def _posted_document(self, connection, key):
        """The posted document behind an external key, or none: not ours, or not posted."""
        return self._bound_document(connection, key).filtered(lambda move: move.state == "posted")

    def _bindings(self, connection, *conditions, fetch=()):
        """Links of settlements, see ``accountable.binding``."""
        bindings = self.env["accountable.binding"]
        return bindings._find_all(connection, "settlement", *conditions, fetch=fetch)

    def _bindings_of(self, connection, document_key, kinds=SETTLEMENT_KINDS):
        """Links of the settlements of a document, the first read first."""
        bindings = self.env["accountable.binding"]
        bindings.flush_model()
        # the index is on what stands in the JSON, which the ORM does not look into
        self.env.cr.execute(
            """
            SELECT id FROM accountable_binding
             WHERE connection_id = %s AND kind = 'settlement'
               AND details #>> '{settlement,document_key}' = %s AND settlement_kind IN %s
             ORDER BY id
            """,
            (connection.id, document_key, kinds),
        )
        return bindings.browse([id_ for [id_] in self.env.cr.fetchall()])

    def _bind(self, connection, settlement, res_model, res_id, to_do=False, **details):
        """Link a settlement with what stands for it in Odoo.

        :param to_do: BOOK where nothing stands for it yet but a message
        :param details: kept with it, as JSON values
        """
        self.env["accountable.binding"].create(
            {
                "connection_id": connection.id,
                # given, so that it is stored with the others
                "company_id": connection.company_id.id,
                "kind": "settlement",
                "res_model": res_model,
                "res_id": res_id,
                "external_key": settlement.key,
                "settlement_kind": settlement.kind,
                "settlement_to_do": to_do,
                "details": {"settlement": settlement_to_values(settlement), **details},
                "sent_at": fields.Datetime.now(),
            }
        )

    def _post_message(self, connection, settlement, move, text, **values):
        """Show on the document what is not booked; the message is what the link points to.

        :param values: more for the link, as ``_bind`` takes it
        """
        text = written_for(connection.company_id.partner_id, text)
        message = move.message_post(body=text)
        self._bind(connection, settlement, MESSAGE, message.id, **values)
