"""A connection that hands over by e-mail, to a mail server in memory."""

import hashlib
from datetime import timedelta

from odoo.addons.accountable_connect.api.channels.contract import Channel, ChannelError, Outcome

from .common_hand_over import HandOverCase


class MemoryMail(Channel):
    """A session with ``server``, a :class:`MemoryServer`; nobody can ask what became of a mail."""

    def __init__(self, server):
        self.server = server
        self.session = None

    def _do(self, method, work):
        self.server.calls.append(method)
        if error := self.server.fails.get(method):
            raise error
        result = work()
        if error := self.server.breaks_after.get(method):
            raise error
        return result

    def test(self):
        self._do("test", lambda: None)

    def write(self, shipment):  # pylint: disable=method-required-super
        def work():
            letter = shipment.letter
            files = {one.name: b"".join(one.chunks()) for one in shipment.files}
            for one in shipment.files:
                if hashlib.sha256(files[one.name]).hexdigest() != one.checksum:
                    raise ChannelError("changed", code="content_lost", values={"name": one.name})
            self.session = letter, files
            return {
                "names": list(files),
                "message_id": letter.message_id,
                "sent_from": letter.sender,
                "sent_to": letter.recipient,
            }

        return self._do("write", work)

    def publish(self, shipment, written, first=False):
        def work():
            if not first or not self.session:
                raise AssertionError("Another channel wrote it.")
            self.server.sent.append(self.session)
            return written["names"]

        return self._do("publish", work)

    def settle(self, shipment, written):
        return self._do("settle", lambda: Outcome.UNKNOWN)

    def close(self):
        self.server.open -= 1
        self.session = None


class MemoryServer:
    """``sent``: letters and their files; ``open``: how many sessions are."""

    def __init__(self):
        self.sent, self.calls, self.fails, self.breaks_after = [], [], {}, {}
        self.open = 0

    def channel(self):
        self.open += 1
        return MemoryMail(self)


def lost_after_the_dot():
    error = ChannelError("The connection broke", code="lost")
    error.unknown = True
    return error


class MemoryMailCase(HandOverCase):
    def setUp(self):
        super().setUp()
        self.server = MemoryServer()
        model = self.registry["accountable.connection"]
        self.patch(model, "_get_channel", lambda _self, *_arguments: self.server.channel())
        self.connection.write(
            {
                "channel": "mail",
                "mail_from": "boekhouding@voorbeeld.example",
                "mail_to": "uid80001@Kantoor.example",
            }
        )
        self.addCleanup(lambda: self.assertFalse(self.server.open, "a session was left open"))

    def closed(self, *moves):
        """Batches that closed, of these documents, or of one invoice; the first one first."""
        moves = moves or (self.invoice(),)
        self.work()
        batches = self.batches().filtered(lambda one: one.state == "open" and one.document_count)
        batches.action_close()
        return self.items(moves[0].union(*moves)).batch_id

    def sent(self, *moves):
        """The same, handed over."""
        batches = self.closed(*moves)
        self.work()
        self.assertEqual(set(batches.mapped("state")), {"handed_over"})
        return batches

    def letters(self):
        return [letter for letter, _files in self.server.sent]

    def pass_hours(self, passed=timedelta(hours=1, minutes=1)):
        """So long ago it all happened."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE accountable_hand_over"
            "   SET next_try = next_try - %(passed)s, sent_at = sent_at - %(passed)s,"
            "       done_at = done_at - %(passed)s, moment = moment - %(passed)s",
            {"passed": passed},
        )
        self.env.cr.execute(
            "UPDATE accountable_connection SET wait_until = NULL,"
            " mails_wait_until = mails_wait_until - %s",
            (passed,),
        )
        self.env.invalidate_all()
