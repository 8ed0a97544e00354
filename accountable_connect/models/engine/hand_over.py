"""Hands the closed batches of a connection over, and finds out what became of what a dead worker
left.

::

    new, COMMIT → channel.write → written, COMMIT → channel.publish → done, COMMIT
     │                             │
     died here: removed,           died here: channel.settle → it was, or it is published now,
     written again                 or only a person can find out

One channel object writes and publishes, and is closed whatever happens: what it opened for the one
(a session with a server) the other needs.
"""

import logging
import random
import secrets
import time
from contextlib import suppress

import psycopg2
from odoo import fields

from ...api import policy
from ...api.channels.contract import ChannelError, Outcome
from ...api.errors import PackageError
from ...documents.sentence import SentencesOf
from ..hand_over.channel_sentences import UNEXPECTED, channel_sentence
from ..hand_over.shipment import shipment_of
from .hand_over_due import next_batch, next_hand_over

_lt = SentencesOf(__name__)
_logger = logging.getLogger(__name__)

BYTES_OF_A_MARK = 8
# Waits between tries to store what became of it.
SECONDS_TO_STORE = (0.1, 0.5, 2)
# What ``write`` of a channel says of a mail, and the hand-over keeps.
OF_A_MAIL = ("message_id", "sent_from", "sent_to")


def hand_over_closed(connection, run_state):
    """Hand over what closed, as far as there is time. Commits."""
    while run_state.has_time and (one := _next(connection)):
        HandOver(one, run_state.check_lock).go_on()
    if connection.mails_wait_until:
        connection._commit()


def _next(connection):
    """The next hand-over that is due, with a new one where a batch has none; empty for none."""
    found = next_hand_over(connection)
    if found or not (batch := next_batch(connection)):
        return found
    return batch._begin_hand_over()


class HandOver:
    """One hand-over on its way, of a connection whose lock is held."""

    def __init__(self, row, check_lock):
        """
        :param row: an ``accountable.hand.over`` over a channel that needs nobody, with the rights
            of the engine
        :param check_lock: raises when the lock is lost
        """
        self.row = row
        self.batch = row.batch_id
        self.connection = row.connection_id
        self.check_lock = check_lock
        self._opened = None
        self._shipped = None

    def go_on(self):
        """Bring it to an end, or to its next try. What goes wrong here stops nothing else."""
        try:
            self._go_on()
        except ChannelError as error:
            if error.unknown:
                self._stored(self._unknown, channel_sentence(error))
            else:
                self._stored(self._failed, error)
        except (psycopg2.Error, PackageError):
            raise  # the run ends: its lock is lost, this is a copy, or somebody works on the same
        except Exception as error:
            self.connection.env.cr.rollback()
            _logger.exception("The hand-over %s of a batch failed unexpectedly", self.row.id)
            self._failed(ChannelError(str(error), code=UNEXPECTED, temporary=True))
        finally:
            self._close_channel()

    def _go_on(self):
        if self.row.state == "written":
            self._settle()
        elif self.row.state == "new" and self.row.mark:
            # its worker died while it wrote; if that is what ended it, it is not tried for ever
            raise ChannelError("The worker ended", code="worker_ended", temporary=True)
        elif self._may_begin():
            self._write()
            self._publish(first=True)

    # The steps

    def _may_begin(self):
        """Whether it is still wanted; it has the present settings of the connection then, and the
        batch is being handed over. Commits."""
        connection, row = self.connection, self.row
        self._remove_earlier_try()
        is_first = self.batch.state == "closed"
        wanted = is_first or (row.reason and self.batch._may_go_again())
        if connection.channel not in connection._automatic_channels() or not wanted:
            row.write({"state": "failed", "next_try": False})
            connection._commit()
            return False
        if is_first:
            self.batch._go("handing_over", message=False)
        row.write(
            {
                "state": "new",
                "channel": connection.channel,
                "place": connection._channel_place(),
                "mark": secrets.token_hex(BYTES_OF_A_MARK),
                "next_try": fields.Datetime.now(),
                "message": False,
                "bounced_at": False,
                **dict.fromkeys(OF_A_MAIL, False),
            }
        )
        connection._commit()
        return True

    def _remove_earlier_try(self):
        row = self.row
        if row.mark:
            # a place that cannot be reached keeps it: no receiver takes it
            with suppress(ChannelError):
                self._channel().discard(self._shipment())

    def _write(self):
        self._check_goes_at_once()
        shipment = self._shipment(self._letter())
        written = self._channel().write(shipment)
        of_mail = {name: written.get(name, False) for name in OF_A_MAIL}
        if shipment.letter:
            of_mail["sent_at"] = fields.Datetime.now()
        self.row.write({"state": "written", "written": written, **of_mail})
        if shipment.letter:
            # before anybody can answer it
            self.row._keep_letter(shipment.letter)
        self.connection._commit()

    def _check_goes_at_once(self):
        """A batch that closed for another channel may hold more than one mail may."""
        if self.connection._one_by_one() and len(self.batch._standing()) > 1:
            raise ChannelError("A mail takes one document", code="mail_several_documents")

    def _letter(self):
        """The mail of a try, None where it goes by another channel."""
        row = self.row
        return self.connection._letter(self.batch, row.mark) if row.channel == "mail" else None

    def _publish(self, first=False):
        self.check_lock()
        self.connection._check_is_no_copy()
        row = self.row
        names = self._channel().publish(self._shipment(), row.written, first)
        self._stored(self._done, names)

    def _stored(self, store, what):
        """Store what became of it, though somebody changes the same at this moment (a button that
        is pressed meanwhile): of an e-mail nobody could ask later. Where that one decided what
        became of it, so it stays."""
        row = self.row
        known = row.state, row.mark
        for wait in SECONDS_TO_STORE:
            try:
                return store(what)
            except psycopg2.OperationalError as error:
                self.connection.env.cr.rollback()
                _logger.info("Hand-over %s is stored again: %s", row.id, type(error).__name__)
            time.sleep(wait)
            if (row.state, row.mark) != known:
                return None
        return store(what)

    def _done(self, names):
        row, batch = self.row, self.batch
        row._finish(names)
        if batch.state == "handing_over":
            batch._go("handed_over", message=False)
        else:
            batch.handed_over_at = row.done_at
        self.connection._commit()
        _logger.info("Batch %s of connection %s was handed over", batch.id, self.connection.id)

    def _settle(self):
        """A worker died, or something kept it from going on, after it was written."""
        outcome = self._channel().settle(self._shipment(), self.row.written)
        if outcome is Outcome.NOT_DELIVERED:
            self._publish()
        elif outcome is Outcome.DELIVERED:
            self._done(self.row.written["names"])
        else:
            self._unknown(self._sentence_of_unknown())

    # What goes wrong

    def _failed(self, error):
        """Nothing of it reached the receiver, or not all of it: again later, or a person."""
        connection, row, batch = self.connection, self.row, self.batch
        _logger.info("Hand-over %s: %s", row.id, error)
        attempts = row.attempts + 1
        again = error.temporary and attempts < policy.TRIES
        wait = policy.wait_time(attempts, random.random())
        sentence = channel_sentence(error)
        # what is written may be visible already: it is settled before anything else
        keeps = row.state == "written" and not error.withdrawn
        row.write(
            {
                "state": "written" if keeps else "failed",
                "attempts": attempts,
                "next_try": fields.Datetime.now() + wait if again else False,
                "message": sentence,
            }
        )
        if batch.state == "handing_over":
            if keeps:
                batch.message = sentence
            else:
                batch._go("closed", message=sentence)
        if not again:
            batch._ask_for_hand_over(sentence)
        connection._commit()

    def _unknown(self, sentence):
        """The receiver may have it: nothing goes on before a person has looked."""
        self.row.write({"state": "unknown", "next_try": False, "message": sentence})
        if self.batch.state == "handing_over":
            self.batch.message = sentence
        self.batch._ask_for_hand_over(sentence)
        self.connection._commit()

    def _sentence_of_unknown(self):
        """Of what a dead worker left, and its channel cannot find out."""
        row = self.row
        if row.message_id:
            return _lt(
                "It is not known whether the e-mail to %(to)s left: the server stopped while it was"
                " being sent (Message-ID %(id)s). Look in the receiver's inbox, and say which it"
                " is.",
                to=row.sent_to or "—",
                id=row.message_id,
            )
        return _lt(
            "It is not known whether the receiver has the files: the server stopped at the very"
            " moment they were put there. Look, and say which it is."
        )

    # What it works with

    def _channel(self):
        """The channel of this try, the same one until its settings change."""
        settings = self.row.channel, self.row.place
        if not self._opened or self._opened[0] != settings:
            self._close_channel()
            self._opened = settings, self.connection._get_channel(*settings)
        return self._opened[1]

    def _close_channel(self):
        if self._opened:
            self._opened[1].close()
            self._opened = None

    def _shipment(self, letter=None):
        """What goes with the present mark, built once: where the same worker goes on, it is what it
        wrote. What is settled or removed needs no letter."""
        if not self._shipped or self._shipped.mark != self.row.mark:
            self._shipped = shipment_of(
                self.batch, self.row.mark, self.connection._goes_apart(), letter
            )
        return self._shipped
