"""Which names of ledger accounts mean the same, by their words and by their letters."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property

from rapidfuzz import fuzz, process

from .account_words import exclude_each_other, is_known, light, related, words_of
from .vat_families import normalise

# Words that nobody knows are the same where they differ by a letter or an ending.
_ALIKE = 84
# Of so many with the likest words the letters are compared too.
_LOOKED_AT = 12
_BY_WORDS = 0.65
_OPPOSITE = 0.45
# A word that counts so much says what an account is for.
_SAYS = 0.6
# Names with less than this share of ours in common are not looked at.
_LEAST = 0.15


class AccountNames:
    """The names of all accounts of a chart, prepared to be compared with many others.

    Names of the same words ("Huur 1", "Huur 2") are compared by their words once.
    """

    def __init__(self, names: Sequence[str]):
        self._plain = [normalise(name) for name in names]
        self._sets = [frozenset(words_of(name)) for name in names]
        self._positions = defaultdict(list)
        for position, words in enumerate(self._sets):
            self._positions[words].append(position)
        self._with_word = defaultdict(list)
        for words in self._positions:
            for word in words:
                self._with_word[word].append(words)
        self._like: dict[str, list[tuple[str, float]]] = {}
        self._known: dict[frozenset[str], dict[frozenset[str], float]] = {}

    def likeness(self, names: Iterable[str], also: Iterable[int] = ()) -> dict[int, float]:
        """How like one of these names theirs are, position → 0 to 1, where anything is alike.

        :param also: positions that are compared although no word is the same
        """
        best: dict[int, float] = {}
        for name in names:
            for position, value in self._likeness(name, also).items():
                best[position] = max(value, best.get(position, 0.0))
        return best

    def goes_with(self, names: Iterable[str], position: int) -> bool:
        """Whether one of these names says nothing else than theirs, or theirs nothing else than it:
        "Parking" and "Parking for cars" do, "Hired staff" and "Outing of the staff" do not."""
        theirs = self._sets[position]
        return any(self._is_part(frozenset(words_of(name)), theirs) for name in names)

    def _is_part(self, words, theirs):
        met = {word: {other for other, _alike in self._words_like(word)} for word in words}
        more = any(light(word) >= _SAYS and met[word].isdisjoint(theirs) for word in words)
        known = set().union(*met.values())
        return not more or not any(light(word) >= _SAYS and word not in known for word in theirs)

    def _likeness(self, name, also):
        plain = normalise(name)
        if not plain:
            return {}
        words = frozenset(words_of(name))
        by_words = self._by_words(words)
        found = {}
        for position in {*self._likest(by_words), *also}:
            letters = self._by_letters(plain, self._plain[position])
            theirs = self._sets[position]
            value = _BY_WORDS * by_words.get(theirs, 0.0) + (1 - _BY_WORDS) * letters
            if exclude_each_other(words, theirs):
                value *= _OPPOSITE
            found[position] = 1.0 if plain == self._plain[position] else value
        return found

    def _likest(self, by_words):
        """Positions of the names with the likest words."""
        found = []
        for words in sorted(by_words, key=by_words.get, reverse=True)[:_LOOKED_AT]:
            found += self._positions[words][:_LOOKED_AT]
            if len(found) >= _LOOKED_AT:
                break
        return found

    @staticmethod
    def _by_letters(plain, other):
        """Half in the order of the words, half without what one has more than the other."""
        ratio = fuzz.token_sort_ratio(plain, other) + fuzz.token_set_ratio(plain, other)
        return max(0.0, ratio / 200 - 0.35) / 0.65

    def _by_words(self, words):
        """Share of words in common, those of rare meaning first: their words → 0 to 1."""
        if words not in self._known:
            self._known[words] = self._share(words)
        return self._known[words]

    def _share(self, words):
        whole = sum(self._weight(word) for word in words)
        mine, theirs = defaultdict(float), defaultdict(float)
        for other, alike in self._met_by(words).items():
            points = alike * self._weight(other)
            for others in self._with_word[other]:
                theirs[others] += points
        for word in words:
            weight, like = self._weight(word), self._words_like(word)
            if len(like) == 1:
                [(other, alike)] = like
                points = alike * weight
                for others in self._with_word[other]:
                    mine[others] += points
                continue
            counted = set()
            for other, alike in like:
                points = alike * weight
                new = [others for others in self._with_word[other] if others not in counted]
                counted.update(new)
                for others in new:
                    mine[others] += points
        least, wholes, found = _LEAST * whole, self._wholes, {}
        for others, value in mine.items():
            if value > least:
                of_mine, of_theirs = value / whole, theirs[others] / wholes[others]
                if of_theirs > 1:
                    of_theirs = 1.0
                found[others] = 2 * of_mine * of_theirs / (of_mine + of_theirs)
        return found

    def _met_by(self, words):
        """Words of the chart that mean one of these, and how surely."""
        met = {}
        for word in words:
            for other, alike in self._words_like(word):
                met[other] = max(alike, met.get(other, 0.0))
        return met

    def _words_like(self, word):
        """Words of the chart that mean the same, and how surely."""
        if word not in self._like:
            found = [(word, 1.0)] if word in self._with_word else []
            found += [one for one in related(word) if one[0] in self._with_word]
            if not is_known(word) and len(word) > 3:
                found += [
                    (other, score / 100)
                    for other, score, _key in process.extract(
                        word, self._unknown, scorer=fuzz.ratio, score_cutoff=_ALIKE, limit=5
                    )
                    if other != word
                ]
            self._like[word] = found
        return self._like[word]

    def _weight(self, word):
        """1 for a middling word: less for one of every other name, more for a rare one."""
        return self._weights.get(word) or light(word)

    @cached_property
    def _unknown(self):
        return [word for word in self._with_word if not is_known(word)]

    @cached_property
    def _weights(self):
        count = Counter(word for words in self._sets for word in words)
        whole = math.log(1 + len(self._sets)) or 1.0
        return {
            word: light(word) * (0.5 + math.log((1 + len(self._sets)) / number) / whole)
            for word, number in count.items()
        }

    @cached_property
    def _wholes(self):
        return {words: sum(self._weight(word) for word in words) for words in self._positions}
