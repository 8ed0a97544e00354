"""The files of a batch, for a person who downloads them."""

import time

import psycopg2
from odoo import SUPERUSER_ID, api, http
from odoo.exceptions import AccessError, UserError
from odoo.http import content_disposition, request
from odoo.modules.registry import Registry

from ..api.channels.contract import ChannelError
from ..models.hand_over.channel_sentences import channel_sentence
from ..models.sentence import in_language

# A person may work on the batch at the moment its last byte was fetched.
TRIES = 5


class DownloadController(http.Controller):
    @http.route(
        "/accountable_connect/hand_over/<int(max=2147483647):hand_over_id>",
        type="http",
        auth="user",
        methods=["GET"],
    )
    def download(self, hand_over_id, **_values):
        """What ``action_download`` of a batch began: one file, or a ZIP of all. The batch counts as
        handed over once the last byte was fetched; a download that breaks off changes nothing."""
        try:
            hand_over = request.env["accountable.hand.over"].browse(hand_over_id).exists()
            served = hand_over and hand_over._served()
        except AccessError:
            served = None  # whether there is one is no news for others
        except UserError as error:
            return self._sentence(str(error))
        except ChannelError as error:
            return self._sentence(str(in_language(request.env, channel_sentence(error))))
        if not served:
            raise request.not_found()
        headers = [
            ("Content-Type", served.media_type),
            ("Content-Disposition", content_disposition(served.name)),
            ("Cache-Control", "no-store"),
            ("X-Content-Type-Options", "nosniff"),
            # what a proxy keeps for itself, the person does not have yet
            ("X-Accel-Buffering", "no"),
        ]
        if served.size is not None:
            headers.append(("Content-Length", str(served.size)))
        pieces = _until_the_end(served, request.env.cr.dbname, hand_over_id)
        return request.make_response(pieces, headers)

    def _sentence(self, text):
        headers = [("Content-Type", "text/plain; charset=utf-8")]
        return request.make_response(text, headers, status=400)


def _until_the_end(served, database, hand_over_id):
    """The pieces; when the browser has the last one, that is stored, after the request is over and
    in a cursor of its own."""
    try:
        yield from served.pieces()
    except ChannelError as error:
        sentence = channel_sentence(error)
        _store(database, hand_over_id, lambda one: one._broke_off(sentence))
        raise
    _store(database, hand_over_id, lambda one: one._downloaded([served.name]))


def _store(database, hand_over_id, work):
    for attempt in range(1, TRIES + 1):
        try:
            with Registry(database).cursor() as cr:
                work(
                    api.Environment(cr, SUPERUSER_ID, {})["accountable.hand.over"].browse(
                        hand_over_id
                    )
                )
            return
        except psycopg2.OperationalError:
            if attempt == TRIES:
                raise
            time.sleep(attempt / 10)
