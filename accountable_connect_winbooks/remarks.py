"""What the office will be asked while it imports a batch, for its cover sheet."""

from collections import Counter
from collections.abc import Iterable

from odoo.addons.accountable_connect.documents.sentence import SentencesOf, filled

from .api.checked import Remark
from .sentences import SENTENCES

_lt = SentencesOf(__name__)

# So many of one code are named; nobody reads more of them.
MOST_NAMED = 20


def remarks_in_words(remarks: Iterable[Remark]) -> list:
    """Sentences, those of one code together."""
    by_code: dict[str, list] = {}
    counts: Counter[str] = Counter()
    for remark in remarks:
        counts[remark.code] += 1
        if counts[remark.code] <= MOST_NAMED:
            sentence = filled(SENTENCES[remark.code], remark.values)
            by_code.setdefault(remark.code, []).append(sentence)
    for code, count in counts.items():
        if count > MOST_NAMED:
            more = _lt(
                "%(count)s more of this sort (%(code)s).", count=count - MOST_NAMED, code=code
            )
            by_code[code].append(more)
    return [sentence for sentences in by_code.values() for sentence in sentences]
