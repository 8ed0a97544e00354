"""The codes with which a receiver says why it refuses something."""

import re

from odoo import models

from ...documents.sentence import Quoted, Sentence, SentencesOf, joined

_lt = SentencesOf(__name__)


class AccountableConnection(models.Model):
    _inherit = "accountable.connection"

    def _receiver_codes(self):
        """What the receiver's program names a refusal by: ``[(code, Sentence)]`` in the order in
        which people read them; what each means. Package addons override it."""
        return []

    def _receiver_refused(self, items, code):
        """The receiver refused these documents. Asked in the transaction in which that is stored,
        after it; a package whose codes say something of its books learns it here.

        :param items: ``accountable.batch.item`` of this connection
        :param code: one of ``_receiver_codes``, "" for none
        :return: a Sentence with what was learned, which people read beside the receiver's words;
            "" for nothing
        """
        return ""

    def _receiver_code_sentence(self, code):
        """A code and its meaning, "" for one that is not known."""
        meaning = dict(self._receiver_codes()).get(code)
        return _lt("%(code)s: %(meaning)s", code=code, meaning=meaning) if meaning else ""

    def _receiver_words(self, code, words):
        """What the receiver said, as one sentence.

        :param words: as it said them, or a Sentence, or ""
        """
        if words and not isinstance(words, Sentence):
            words = Quoted(words)
        sentence = self._receiver_code_sentence(code)
        return joined(sentence, words) if sentence else words

    def _code_of_words(self, words):
        """``(code, rest)`` of words that begin with a known code; ``("", words)`` else."""
        # whatever stands around it, the no-break space of a French sentence too
        found = re.match(r"\W*(\w+)\W*(.*)", words or "", re.DOTALL)
        codes = {code.upper(): code for code, _meaning in self._receiver_codes()}
        code = found and codes.get(found[1].upper())
        return (code, found[2].strip()) if code else ("", words)
