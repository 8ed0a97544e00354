"""Hands the closed batches of a connection over, and finds out what became of what a dead worker
left.

::

    new, COMMIT → channel.write → written, COMMIT → channel.publish → done, COMMIT
     │                             │
     died here: removed,           died here: channel.settle → it was, or it is published now,
     written again                 or only a person can find out
"""

import logging
import random
import secrets
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


def hand_over_closed(connection, run_state):
    """Hand over what closed, as far as there is time. Commits."""
    while run_state.has_time and (one := _next(connection)):
        HandOver(one, run_state.check_lock).go_on()


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

    def go_on(self):
        """Bring it to an end, or to its next try. What goes wrong here stops nothing else."""
        try:
            self._go_on()
        except ChannelError as error:
            self._failed(error)
        except (psycopg2.Error, PackageError):
            raise  # the run ends: its lock is lost, this is a copy, or somebody works on the same
        except Exception as error:
            self.connection.env.cr.rollback()
            _logger.exception("The hand-over %s of a batch failed unexpectedly", self.row.id)
            self._failed(ChannelError(str(error), code=UNEXPECTED, temporary=True))

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
        written = self._channel().write(self._shipment())
        self.row.write({"state": "written", "written": written})
        self.connection._commit()

    def _publish(self, first=False):
        self.check_lock()
        self.connection._check_is_no_copy()
        row = self.row
        names = self._channel().publish(self._shipment(), row.written, first)
        self._done(names)

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
            self._unknown()

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

    def _unknown(self):
        sentence = _lt(
            "It is not known whether the receiver has the files: the server stopped at the very"
            " moment they were put there. Look, and say which it is."
        )
        self.row.write({"state": "unknown", "next_try": False, "message": sentence})
        if self.batch.state == "handing_over":
            self.batch.message = sentence
        self.batch._ask_for_hand_over(sentence)
        self.connection._commit()

    # What it works with

    def _channel(self):
        return self.connection._get_channel(self.row.channel, self.row.place)

    def _shipment(self):
        return shipment_of(self.batch, self.row.mark, self.connection._goes_apart())
