"""What an error of a package means, in words for people."""

import traceback

from odoo import models

from ...api.errors import DATA_REFUSED, MayArriveError
from ...api.http.masking import masked_text
from ...api.texts import clean
from ...documents.sentence import Quoted, SentencesOf, filled
from ..sentence import in_language

_lt = SentencesOf(__name__)

SHORTEST_SECRET = 6


class AccountableConnection(models.Model):
    _inherit = "accountable.connection"

    def _get_sentences(self):
        """What a package says of its errors: ``{code: LazyTranslate}``, with the values of the
        error in them (``%(detail)s``: what the package itself says, ``%(period)s``: the code of a
        period in the master data), and by kind what holds for
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
        what its kind means. In the language of whoever asks, and stored as data."""
        return in_language(self.env, self._sentence_of(error))

    def _sentence_of(self, error):
        if isinstance(error, MayArriveError):
            return _lt(
                "No answer came to an earlier call, and it may still arrive; look again at"
                " %(time)s.",
                time=error.not_before,
            )
        sentences = self._get_sentences()
        sentence = sentences.get(error.code)
        if sentence is None and (error.kind != DATA_REFUSED or error.values.get("detail")):
            sentence = sentences.get(error.kind)
        if sentence is None:
            return self._general_sentence(error)
        return filled(sentence, self._values_in_words(error.values))

    def _values_in_words(self, values):
        """The values of an error as people know them: periods are months, and what only the package
        says is quoted."""
        values = dict(values)
        if values.get("detail"):
            values["detail"] = Quoted(self._without_secrets(str(values["detail"])))
        if values.get("period"):
            # whoever looks at a document may not read the master data
            master_data = self.env["accountable.master.data"].sudo()
            values["period"] = master_data._period_in_words(self, values["period"])
        return values

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
            "temporary": _lt("The accounting package cannot be reached at the moment."),
            "limit_reached": _lt("The accounting package takes no more calls for now."),
            "authorisation_lost": _lt(
                "The accounting package refuses the sign-in. Enter the password again."
            ),
            "configuration_missing": _lt(
                "A setting, module or right is missing in the accounting package or in Odoo."
            ),
            "data_refused": _lt("The accounting package refuses this data."),
            "period_closed": _lt("The period is closed in the accounting package."),
            "duplicate": _lt("The accounting package has something like this already."),
            "outcome_unknown": _lt("No answer came from the accounting package."),
        }
        by_code = {
            "neutralized": _lt("This database is neutralised: it contacts no package."),
            "copied": _lt(
                "This database is not the one the connection was started in. It contacts no "
                "package until a manager says whether it is a copy or was moved."
            ),
            "unreadable_tokens": _lt(
                "The tokens of the sign-in are encrypted with a key that the server's configuration"
                " does not have any more. Enter the password or secret of the sign-in again."
            ),
            "copy_works": self.env["accountable.copy.question"]._sentence_for_all(),
            "settlement_journal": _lt(
                "Choose the journal for payments that come back, with its account."
            ),
        }
        if error.only_administration:
            return _lt("The sign-in does not reach this administration any more.")
        if error.code == "sign_in_changed":
            return self._changed_sign_in_sentence()
        return by_code.get(error.code) or sentences[error.kind]
