import functools
import logging

from odoo import http
from odoo.addons.accountable_connect.api.errors import PackageError
from odoo.addons.accountable_connect.api.http.payloads import is_token
from odoo.addons.accountable_connect.models.sign_in.sign_in import MANAGER
from odoo.exceptions import AccessError, UserError
from odoo.http import request

from ..models.accountable_sign_in import RETURN_PATH, WEBHOOK_PATH
from ..models.accountable_sign_in_consent import ASKED, SIGNED_IN

_logger = logging.getLogger(__name__)
# A notification has half a kilobyte.
LARGEST_NOTIFICATION = 64 * 1024


def in_words(method):
    """What goes wrong is a page with a sentence, never an error of the server."""

    @functools.wraps(method)
    def wrapped(self, *args, **kwargs):
        try:
            return method(self, *args, **kwargs)
        except AccessError as error:
            sentence = request.env._("Only a manager of accounting packages may sign in.")
            if request.env.user.has_group(MANAGER):
                sentence = str(error)
            return self._page(sentence, status=403)
        except UserError as error:
            return self._page(str(error), status=400)

    return wrapped


class ExactController(http.Controller):
    @http.route(
        "/accountable_connect_exact/start/<int(max=2147483647):sign_in_id>",
        type="http",
        auth="user",
    )
    @in_words
    def start(self, sign_in_id, **_values):
        """Send the browser to Exact Online, which asks for consent."""
        sign_in = request.env["accountable.sign.in"].browse(sign_in_id).exists()
        if not sign_in:
            return self._page(request.env._("This sign-in does not exist any more."), status=404)
        try:
            address = sign_in._exact_ask()
        except PackageError as error:
            return self._page(sign_in._exact_sentence(error), sign_in, status=400)
        return request.redirect(address, local=False)

    @http.route(RETURN_PATH, type="http", auth="user")
    @in_words
    def come_back(self, code="", state="", error="", **_values):
        """Exact Online sends the browser back, with a code or a refusal. Guarded by the state."""
        sign_in, nonce = request.env["accountable.sign.in"]._exact_of_state(ASKED, state)
        sign_in._exact_use_up(nonce)
        if error or not is_token(code):
            return self._page(self._refusal(error), sign_in, status=400)
        try:
            address = sign_in._exact_receive(code)
        except PackageError as refused:
            _logger.info("Sign-in %s: no tokens: %s", sign_in.id, refused)
            return self._page(sign_in._exact_sentence(refused), sign_in, status=400)
        return request.redirect(address)

    @http.route("/accountable_connect_exact/signed_in", type="http", auth="user")
    @in_words
    def signed_in(self, state="", **_values):
        """Read who signed in and what he reaches, and say so. Can be loaded again."""
        sign_in, _nonce = request.env["accountable.sign.in"]._exact_of_state(SIGNED_IN, state)
        try:
            warnings = sign_in._exact_go_on()
        except PackageError as error:
            return self._page(sign_in._exact_sentence(error), sign_in, status=400)
        sentence = request.env._("Odoo is signed in at Exact Online.")
        if sign_in.exact_user_name:
            sentence = request.env._(
                "Odoo is signed in at Exact Online as %(name)s.", name=sign_in.exact_user_name
            )
        return self._page(sentence, sign_in, warnings=warnings, done=True)

    def _refusal(self, error):
        if error == "access_denied":
            return request.env._(
                "You did not consent at Exact Online. Nothing was changed; sign in again when you"
                " want Odoo to reach your books."
            )
        return request.env._("Exact Online sent no consent. Nothing was changed. Sign in again.")

    def _page(self, sentence, sign_in=None, warnings=(), done=False, status=200):
        return request.render(
            "accountable_connect_exact.page",
            {
                "sentence": sentence,
                "warnings": warnings,
                "done": done,
                "sign_in": sign_in,
                "administrations": sign_in.exact_administration_ids if done else (),
                "address": sign_in._exact_return_address() if sign_in else "/odoo",
            },
            status=status,
        )

    @http.route(
        WEBHOOK_PATH,
        type="http",
        auth="public",
        methods=["POST"],
        csrf=False,
        save_session=False,
        max_content_length=LARGEST_NOTIFICATION,
    )
    def webhook(self, **_values):
        """Exact Online tells that something changed: looked at soon, that is all."""
        body = request.httprequest.get_data()
        if not body:
            # Exact Online tries the address when a subscription is made.
            return request.make_response("")
        connections = request.env["accountable.connection"].sudo()._exact_told_by(body)
        if not connections:
            return request.make_response("", status=403)
        connections._hint_changes()
        return request.make_response("")
