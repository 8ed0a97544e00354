"""The browser's way to a package and back. Every package has the same addresses, below the name of
its addon: that of ``return`` is registered with the apps of its users."""

import functools
import logging

from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.http import request

from ..api.errors import PackageError
from ..api.http.payloads import is_token
from ..models.sign_in.consent import ASKED, SIGNED_IN
from ..models.sign_in.secret_fields import MANAGER

_logger = logging.getLogger(__name__)


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


class ConsentController(http.Controller):
    @http.route(
        "/accountable_connect_<string:package>/start/<int(max=2147483647):sign_in_id>",
        type="http",
        auth="user",
    )
    @in_words
    def start(self, package, sign_in_id, **_values):
        """Send the browser to the package, which asks for consent."""
        sign_in = request.env["accountable.sign.in"].browse(sign_in_id).exists()
        if not sign_in or sign_in.package != package:
            return self._page(request.env._("This sign-in does not exist any more."), status=404)
        try:
            address = sign_in._ask_consent()
        except PackageError as error:
            return self._page(sign_in._error_sentence(error), sign_in, status=400)
        return request.redirect(address, local=False)

    @http.route("/accountable_connect_<string:package>/return", type="http", auth="user")
    @in_words
    def come_back(self, package, code="", state="", error="", **_values):
        """The package sends the browser back, with a code or a refusal. Guarded by the state."""
        sign_in, nonce = request.env["accountable.sign.in"]._of_state(package, ASKED, state)
        sign_in._use_nonce(nonce)
        if error or not is_token(code):
            return self._page(self._refusal(sign_in, error), sign_in, status=400)
        try:
            address = sign_in._exchange_code(code, nonce)
        except PackageError as refused:
            _logger.info("Sign-in %s: no tokens: %s", sign_in.id, refused)
            return self._page(sign_in._error_sentence(refused), sign_in, status=400)
        return request.redirect(address)

    @http.route("/accountable_connect_<string:package>/signed_in", type="http", auth="user")
    @in_words
    def signed_in(self, package, state="", **_values):
        """Read who signed in and what is reached, and say so; who came from the first step goes on
        with the set-up. Can be loaded again."""
        sign_in, _nonce = request.env["accountable.sign.in"]._of_state(package, SIGNED_IN, state)
        first = sign_in._first_step()
        try:
            warnings = sign_in._read_consent()
        except PackageError as error:
            return self._page(sign_in._error_sentence(error), sign_in, status=400)
        if first:
            connection = first._consented(sign_in)
            connection.action_continue()
            if not warnings:
                # not to another company's, which the same sign-in serves
                return request.redirect(f"/odoo/{connection._name}/{connection.id}")
        name = sign_in._package_name()
        sentence = request.env._("Odoo is signed in at %(package)s.", package=name)
        if sign_in.signed_in_as:
            sentence = request.env._(
                "Odoo is signed in at %(package)s as %(user)s.",
                package=name,
                user=sign_in.signed_in_as,
            )
        return self._page(sentence, sign_in, warnings=warnings, done=True)

    def _refusal(self, sign_in, error):
        name = sign_in._package_name()
        if error == "access_denied":
            return request.env._(
                "You did not consent at %(package)s. Nothing was changed; sign in again when you"
                " want Odoo to reach your books.",
                package=name,
            )
        return request.env._(
            "%(package)s sent no consent. Nothing was changed. Sign in again.", package=name
        )

    def _page(self, sentence, sign_in=None, warnings=(), done=False, status=200):
        return request.render(
            "accountable_connect.consent_page",
            {
                "sentence": sentence,
                "warnings": warnings,
                "done": done,
                "title": sign_in._package_name() if sign_in else request.env._("Sign-in"),
                "administrations": sign_in.administration_ids if done else (),
                "hint": sign_in._consent().missing_administration_hint() if done else "",
                "address": sign_in._address_in_odoo() if sign_in else "/odoo",
            },
            status=status,
        )
