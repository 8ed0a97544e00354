"""The words in the names of ledger accounts: what they mean, in Dutch, French, English and German.

A name is read as a bag of words without number, case and order. Words of bookkeeping that mean the
same ("Brandstof", "carburant", "fuel") are one, a compound ("autoverzekering") is its parts, what
stands in every other name ("kosten", "frais") counts little, and small words not at all. A word
nobody knows stands for itself.
"""

import re
from functools import lru_cache

from . import account_expressions as expressions
from .account_vocabulary import COMPILED, CUT, EXCLUSIVE, LIGHT, MEANINGS, RELATED, STOP
from .account_vocabulary_balance import MEANINGS as MORE_MEANINGS
from .vat_families import normalise

_BEGINNING = 4
# Plurals and the like.
_ENDING = 3


def _expressions_by_beginning():
    """How expressions are written and what they are read as, by how their first word begins."""
    found = {}
    for word, forms in expressions.EXPRESSIONS.items():
        for written in forms.split("; "):
            beginning = written.split()[0][:_BEGINNING]
            found.setdefault(beginning, []).append((f" {written}", f" {word} "))
    return found


_EXPRESSIONS = _expressions_by_beginning()


def _table():
    exact, beginnings = {}, {}
    for meaning, words in (*MEANINGS.items(), *MORE_MEANINGS.items()):
        for word in words.split():
            if word.endswith("*"):
                beginnings.setdefault(word[:-1], meaning)
            else:
                exact.setdefault(word, meaning)
    for meaning in (*MEANINGS, *MORE_MEANINGS, *_named(expressions.EXPRESSIONS)):
        if not any(meaning.startswith(written) for written in beginnings):
            exact.setdefault(meaning, meaning)
    return exact, beginnings


def _named(expressions):
    """What has no word of its own ("finished_product")."""
    return [word for words in expressions for word in words.split() if "_" in word]


def _relations():
    found = {}
    for (word, other), value in (RELATED | expressions.RELATED).items():
        found.setdefault(word, []).append((other, value))
        found.setdefault(other, []).append((word, value))
    return {word: tuple(others) for word, others in found.items()}


_RELATED_TO = _relations()
_LIGHT = LIGHT | expressions.LIGHT
_EXCLUSIVE = EXCLUSIVE + expressions.EXCLUSIVE
_KNOWN = frozenset((*MEANINGS, *MORE_MEANINGS, *_named(expressions.EXPRESSIONS)))
_EXACT, _BEGINNINGS = _table()
_LONGEST = max(map(len, _BEGINNINGS))


@lru_cache(maxsize=20_000)
def words_of(name: str) -> tuple[str, ...]:
    """What the words of a name mean, each once, in their order."""
    text = _with_expressions(f" {normalise(name)}")
    for form, word in COMPILED:
        text = form.sub(word, text)
    cut = {normalise(token) for token in CUT.findall(name)}
    found = {}
    for token in text.split():
        if token not in STOP and not token.isdigit():
            meanings = token in cut and token not in _EXACT and _beginning_with(token)
            found.update(dict.fromkeys(meanings or _read(token)))
    return tuple(found)


def _with_expressions(text):
    """With one word for each expression; the longest first, as it may begin with another."""
    found = [
        expression
        for token in text.split()
        for expression in _EXPRESSIONS.get(token[:_BEGINNING], ())
        if expression[0] in text
    ]
    for written, word in sorted(found, key=lambda expression: -len(expression[0])):
        text = re.sub(rf"{written}\w{{0,{_ENDING}}}\b", word, text)
    return text


def light(word: str) -> float:
    """How much a word counts beside others, 1 of most."""
    return _LIGHT.get(word, 1.0)


def is_known(word: str) -> bool:
    """Whether it is a word of the list above, and no word that stands for itself."""
    return word in _KNOWN


def exclude_each_other(words: frozenset[str], others: frozenset[str]) -> bool:
    """Whether two names say different things of one subject: a car and a truck, to pay and to
    receive."""
    mine = _contrasts(words)
    if not mine:
        return False
    theirs = _contrasts(others)
    for group, said in mine.items():
        if group in theirs and said.isdisjoint(theirs[group]):
            return True
    return False


@lru_cache(maxsize=20_000)
def _contrasts(words):
    """What words say that excludes other words, by the number of their group."""
    if "lease" in words:
        # to lease a thing is to rent it
        words |= {"rent"}
    return {number: said for number, group in enumerate(_EXCLUSIVE) if (said := words & group)}


def related(word: str) -> tuple[tuple[str, float], ...]:
    """Words that may stand for this one, and how surely, 0 to 1."""
    return _RELATED_TO.get(word, ())


def _beginning_with(token):
    """The meaning of a word that is cut off ("herstell."), () where several might be meant."""
    meanings = {
        meaning
        for table in (_EXACT, _BEGINNINGS)
        for word, meaning in table.items()
        if word.startswith(token)
    }
    return tuple(meanings) if len(meanings) == 1 else ()


@lru_cache(maxsize=20_000)
def _read(token):
    """The meanings of a token, of each part of it where it is a compound."""
    if token in _EXACT:
        return (_EXACT[token],)
    for length in range(min(len(token), _LONGEST), 2, -1):
        meaning = _BEGINNINGS.get(token[:length])
        if meaning:
            return (meaning, *_rest_of_compound(token[length:]))
    return _head_of_compound(token) or (_stem(token),)


def _rest_of_compound(rest):
    """Meanings of what follows the first part of a compound, () where it is but an ending."""
    for start in range(min(5, len(rest) - 3)):
        part = rest[start:]
        if part in _EXACT:
            return (_EXACT[part],)
        for length in range(min(len(part), _LONGEST), 4, -1):
            if meaning := _BEGINNINGS.get(part[:length]):
                return (meaning,)
    return ()


def _head_of_compound(token):
    """A compound whose last part alone is known: what it begins with stands for itself."""
    for length in range(len(token) - 3, 3, -1):
        end = token[-length:]
        meaning = _EXACT.get(end) or _meaning_of_head(end)
        if meaning:
            first = token[:-length]
            return (*_read(first if first in _EXACT else first.removesuffix("s")), meaning)
    return ()


def _meaning_of_head(word):
    """The meaning of a word, whatever its ending of at most so many letters."""
    for length in range(len(word), max(3, len(word) - 1 - _ENDING), -1):
        if meaning := _BEGINNINGS.get(word[:length]):
            return meaning
    return None


def _stem(token):
    """Without what plurals end with."""
    for ending in ("en", "s", "x", "e", "n"):
        if len(token) - len(ending) > 3 and token.endswith(ending):
            return token[: -len(ending)]
    return token
