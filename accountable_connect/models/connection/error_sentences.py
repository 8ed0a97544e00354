"""What an error of a package means, in words for people."""

import traceback

from odoo import models
from odoo.tools import format_datetime

from ...api.errors import DATA_REFUSED, MayArriveError
from ...api.http.masking import masked_text
from ...api.texts import clean

SHORTEST_SECRET = 6


class SentenceValues(dict):
    """Values of a sentence; one that is not known reads as a dash."""

    def __missing__(self, key):
        return "–"


def clock_time(env, moment):
    """A moment (naive UTC) as hours and minutes, where the reader is."""
    zone = env.context.get("tz") or env.user.tz
    return format_datetime(env, moment, tz=zone, dt_format="HH:mm")


class AccountableConnection(models.Model):
    _inherit = "accountable.connection"

    def _get_sentences(self):
        """What a package says of its errors: ``{code: LazyTranslate}``, with the values of the
        error in them (``%(detail)s``: what the package itself says), and by kind what holds for
        codes that are not in it; for refused data only where there is a detail. Package addons
        override it.
        """
        return {}

    def _get_concerns(self):
        """What the errors of a package concern: ``{code: word of api/concerns.py}``, so that the
        button of an item leads there. Package addons override it.
        """
        return {}

    def _error_sentence(self, error):
        """A sentence a bookkeeper understands for a :class:`PackageError`: the package's own, else
        what its kind means."""
        if isinstance(error, MayArriveError):
            return self.env._(
                "No answer came to an earlier call, and it may still arrive; look again at"
                " %(time)s.",
                time=clock_time(self.env, error.not_before),
            )
        sentences = self._get_sentences()
        sentence = sentences.get(error.code)
        if sentence is None and (error.kind != DATA_REFUSED or error.values.get("detail")):
            sentence = sentences.get(error.kind)
        if sentence is None:
            return self._general_sentence(error)
        text = self.env._(sentence)
        return text % SentenceValues(error.values)

    def _without_secrets(self, text):
        """A text for people without any secret or token of the sign-in: what a client did not mask
        because it did not expect it. Very short ones are part of too many words."""
        secrets = self.sudo().sign_in_id._known_secrets()  # which the system group reads
        return masked_text(text, [secret for secret in secrets if len(secret) >= SHORTEST_SECRET])

    def _unexpected_trace(self):
        """Where the exception being handled came from."""
        return clean(traceback.format_exc(limit=-12))

    def _general_sentence(self, error):
        sentences = {
            "temporary": self.env._("The accounting package cannot be reached at the moment."),
            "limit_reached": self.env._("The accounting package takes no more calls for now."),
            "authorisation_lost": self.env._(
                "The accounting package refuses the sign-in. Enter the password again."
            ),
            "configuration_missing": self.env._(
                "A setting, module or right is missing in the accounting package or in Odoo."
            ),
            "data_refused": self.env._("The accounting package refuses this data."),
            "period_closed": self.env._("The period is closed in the accounting package."),
            "duplicate": self.env._("The accounting package has something like this already."),
            "outcome_unknown": self.env._("No answer came from the accounting package."),
        }
        by_code = {
            "neutralized": self.env._("This database is neutralised: it contacts no package."),
            "copied": self.env._(
                "This database is not the one the connection was started in. It contacts no "
                "package until a manager says whether it is a copy or was moved."
            ),
            "unreadable_tokens": self.env._(
                "The tokens of the sign-in are encrypted with a key that the server's configuration"
                " does not have any more. Enter the password or secret of the sign-in again."
            ),
            "copy_works": self.env["accountable.copy.question"]._sentence_for_all(),
            "settlement_journal": self.env._(
                "Choose the journal for payments that come back, with its account."
            ),
        }
        if error.only_administration:
            return self.env._("The sign-in does not reach this administration any more.")
        if error.code == "sign_in_changed":
            return self._changed_sign_in_sentence()
        return by_code.get(error.code) or sentences[error.kind]
