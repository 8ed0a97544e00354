"""Which ledger account an Odoo account probably is. Pure functions, no Odoo.

What speaks for a ledger account: its name, beside every name the Odoo account has (its own, and
those of Odoo's template in all languages), and its number. How much a number says depends on the
country, where a law fixes it, and on the chart: an office that has renumbered its chart, or a
country where every office has its own, gives equal numbers to different accounts.
"""

from dataclasses import dataclass, replace

from .account_names import AccountNames
from .account_template import AccountTemplate, number_is_law
from .account_use import ASSET, COST, INCOME, fits
from .account_words import words_of
from .counterparts import Counterpart, Counterparts, plain_code
from .proposals import (
    SAME_CODE,
    SAME_CODE_PADDED,
    SIMILAR_NAME,
    SUB_ACCOUNT,
    Proposal,
    Source,
)

# Points of a name that is the same, and of a number that is.
_NAME, _NUMBER = 0.62, 0.38
# Numbers: the same, the same but for closing zeros, an account below ours, the one ours is below.
SAME_NUMBER, SAME_BUT_ZEROS, BELOW, ABOVE = 1.0, 0.97, 0.8, 0.7
_POINTS_OF_A_DIGIT, _MOST_OF_DIGITS = 0.15, 0.6
_GROUP_DIGITS = 3
# How alike a name has to be to be proposed, where the number says nothing and beside such a number.
# Letters alone are a little alike in any two names, and a user's own account has one name only.
_ENOUGH, _ENOUGH_BESIDE_NUMBER, _ENOUGH_OF_OWN = 0.32, 0.1, 0.26
# One whose first digits are the same lies near: how near, and how alike the name has to be there.
_ENOUGH_NEAR = ((3 * _POINTS_OF_A_DIGIT, 0.18), (2 * _POINTS_OF_A_DIGIT, 0.26))
# The names of the template, for an account that its user gave another one.
_OF_TEMPLATE_RENAMED = 0.6
# What is left of a name where the type is another one.
_OTHER_USE = 0.5
# What a name loses of what it is more like that of another account; how many are looked at.
_ELSEWHERE, _LOOKED_AT = 0.4, 4
# What is said of an account that nobody is to use.
_NOT_USED = "test"
# How many are compared for their number alone.
_NEAR = 12
# Classes of the charts that a law fixes.
_NATURE_BY_CLASS = {"2": ASSET, "6": COST, "7": INCOME}
# How much a number says: a name that agrees, numbers enough to tell, where they are too few, the
# least where a law fixes them, and what lets a number be proposed under another name.
_AGREES, _FEW, _UNKNOWN_TRUST, _LEAST_TRUST_OF_LAW, _TRUSTED = 0.4, 8, 0.6, 0.7, 0.5


@dataclass(frozen=True, slots=True)
class Certain:
    """What a certain proposal needs. At least: how alike the name is, how much more so than any
    other of the chart. At most: how much more like another account of the template it is."""

    name: float
    ahead: float
    elsewhere: float


_BY_LAW = (Certain(name=0.2, ahead=-0.3, elsewhere=0.5),)
_BY_NUMBER = (
    Certain(name=0.47, ahead=0.0, elsewhere=0.1),
    Certain(name=0.44, ahead=0.08, elsewhere=-0.05),
)
_BY_NAME = (
    Certain(name=0.61, ahead=0.23, elsewhere=-0.01),
    # one that is further ahead need not be as alike
    Certain(name=0.54, ahead=0.28, elsewhere=-0.04),
    Certain(name=0.47, ahead=0.38, elsewhere=-0.08),
)
# In the same class several of ours may have one account there: "Parking" for cars and bicycles.
_BY_NAME_IN_CLASS = (
    *_BY_NAME,
    Certain(name=0.56, ahead=0.38, elsewhere=0.06),
    Certain(name=0.51, ahead=0.43, elsewhere=0.02),
)
_BY_GROUP = (
    Certain(name=0.57, ahead=0.18, elsewhere=-0.01),
    Certain(name=0.47, ahead=0.26, elsewhere=0.01),
    *_BY_NAME_IN_CLASS,
)
_MUCH_THE_SAME = 0.7
_BY_OWN_NAME = (Certain(name=0.95, ahead=0.25, elsewhere=1.0),)


@dataclass(frozen=True, slots=True)
class Ranked:
    """A ledger account, what name and number say for it (0 to 1), and both together; ``fit``: 1
    where it is of the type of ours."""

    one: Counterpart
    name: float
    number: float
    score: float
    fit: float = 1


def propose_ledger_account(source: Source, items) -> Proposal | None:
    """The ledger account for an Odoo account, None rather than a guess. Never one that does not fit
    what the account is used for."""
    chart = Counterparts.of(items)
    if _NOT_USED in words_of(source.name):
        return None
    ranked = rank_ledger_accounts(source, chart)
    if not ranked or not _is_enough(source, chart, ranked[0]):
        return None
    best = ranked[0]
    if best.number >= SAME_NUMBER:
        reason, values = SAME_CODE, {"code": best.one.code}
    elif best.number >= SAME_BUT_ZEROS:
        reason, values = SAME_CODE_PADDED, {"code": best.one.code}
    elif best.name >= _ENOUGH:
        reason, values = SIMILAR_NAME, {"name": best.one.name}
    else:
        reason, values = SUB_ACCOUNT, {"code": best.one.code}
    return Proposal(
        code=best.one.code,
        reason=reason,
        score=min(100, round(100 * best.score)),
        certain=_is_certain(source, chart, ranked),
        values=values,
    )


def rank_ledger_accounts(source: Source, items) -> list[Ranked]:
    """The ledger accounts it may be, the likest first; those that cannot be proposed are left out.

    A source without number is compared by its names alone, one without names by its number.
    """
    chart = Counterparts.of(items)
    names = chart.prepared("names", _names_of)
    trust = _trust(source, chart)
    near = _near(source, chart)
    likeness = _likeness(source, names, near)
    found = []
    for position in {*likeness, *near}:
        one = chart.all[position]
        fit = fit_of_account(source, one)
        if not fit:
            continue
        name = likeness.get(position, 0.0)
        number = number_likeness(plain_code(source.code), one.plain_code)
        if fit < 1:
            name, number = name * _OTHER_USE, 0.0
        score = _NAME * name + _NUMBER * number * trust
        found.append(Ranked(one, name, number, score, fit))
    found.sort(key=_order)
    if source.names:
        found[:_LOOKED_AT] = [_beside_others(source, chart, one) for one in found[:_LOOKED_AT]]
        found[:_LOOKED_AT] = sorted(found[:_LOOKED_AT], key=_order)
    return found


def _order(ranked):
    """The likest first; of equal ones the shortest number, then the lowest."""
    return -ranked.score, len(ranked.one.code), ranked.one.code


def _beside_others(source, chart, ranked):
    """Fewer points where its name is rather that of another account of the template."""
    more = _likeness_elsewhere(source, chart, ranked.one) - ranked.name
    if more <= 0 or ranked.name == 0:
        return ranked
    less = _ELSEWHERE * more
    return replace(ranked, name=ranked.name - less, score=ranked.score - _NAME * less)


def _likeness_elsewhere(source, chart, one):
    """How like its name is that of the likest account of the template that is not ours."""
    found = chart.prepared(("elsewhere", source.template.name), lambda _chart: {})
    if one.code not in found:
        likeness = source.template.names.likeness([one.name])
        best = {}
        for position, value in likeness.items():
            owner = source.template.owners[position]
            best[owner.xml_id] = max(value, best.get(owner.xml_id, 0.0))
        found[one.code] = sorted(best.items(), key=lambda entry: -entry[1])[:2]
    return next((value for xml_id, value in found[one.code] if xml_id != source.xml_id), 0.0)


def fit_of_account(source: Source, one: Counterpart) -> float:
    """1 where the ledger account is of the type of ours, or nobody knows; less where it is of
    another one and may be the counterpart all the same; 0 where it cannot."""
    fit = _fit(source, one)
    other = _is_of_other_class(source, one) or _is_of_other_type(source, one)
    return min(fit, _OTHER_USE) if other else fit


def number_likeness(code: str, other: str) -> float:
    """How much two numbers have in common: 1 the same, 0 another class. Zeros at the end only fill
    up."""
    if not code or not other:
        return 0.0
    if code == other:
        return SAME_NUMBER
    shorter, longer = sorted((code, other), key=len)
    if longer.startswith(shorter) and not longer[len(shorter) :].strip("0"):
        return SAME_BUT_ZEROS
    stem, other_stem = code.rstrip("0"), other.rstrip("0")
    shared = _shared(code, other)
    if min(len(stem), len(other_stem)) >= _GROUP_DIGITS:
        if other_stem.startswith(stem):
            return BELOW
        if stem.startswith(other_stem):
            return ABOVE
    return min(_POINTS_OF_A_DIGIT * shared, _MOST_OF_DIGITS)


def _shared(code, other):
    count = 0
    for mine, theirs in zip(code, other, strict=False):
        if mine != theirs:
            break
        count += 1
    return count


def _names_of(chart):
    return AccountNames([one.name for one in chart.all])


def _likeness(source, names, near):
    """Position → how like a name of ours theirs is; a name the user gave counts first."""
    own = names.likeness([source.name], near) if source.name else {}
    if not source.names:
        return own
    of_template = names.likeness(source.names, near)
    factor = _OF_TEMPLATE_RENAMED if source.renamed else 1.0
    return {
        position: max(own.get(position, 0.0), factor * of_template.get(position, 0.0))
        for position in {*own, *of_template}
    }


def _near(source, chart):
    """Positions of those with the same number, above it and below it, and of others of its group
    where these are few."""
    code = plain_code(source.code)
    if not code:
        return []
    found = {
        position
        for length in range(_GROUP_DIGITS, len(code) + 1)
        for position in chart.positions_padded(code[:length])
    }
    for group in (code.rstrip("0"), code[:4], code[:_GROUP_DIGITS]):
        if len(group) >= _GROUP_DIGITS and len(found) < _NEAR:
            found.update(chart.positions_in_group(group)[: _NEAR - len(found)])
    return found


def _fit(source, one):
    if not one.item.takes_lines:
        return 0
    used = source.account
    if not used:
        return 1
    nature = one.item.details.get("nature", "")
    if not nature:
        return int(fits(used, one.code))
    if not fits(used, one.code, nature):
        return 0
    profit_and_loss = (INCOME, COST)
    if (nature in profit_and_loss) != (used.nature in profit_and_loss):
        # a fixed asset for what Odoo books as a cost; never a cost for a debt
        return _OTHER_USE if used.nature else 0
    if used.nature in (*profit_and_loss, ASSET):
        return 1 if used.nature == nature else _OTHER_USE
    return 1


def _is_of_other_class(source, one):
    """Where a law fixes the classes, an account of another class is another thing."""
    code = plain_code(source.code)
    return (
        bool(code)
        and source.country in ("BE", "LU")
        and code[:1].isdigit()
        and one.plain_code[:1].isdigit()
        and code[:1] != one.plain_code[:1]
    )


def _is_of_other_type(source, one):
    """Where a law fixes the classes, what the type of ours is found in another one."""
    used, digit = source.account, one.plain_code[:1]
    if not used or source.country not in ("BE", "LU") or not digit.isdigit():
        return False
    nature = _NATURE_BY_CLASS.get(digit, "")
    profit_and_loss = (INCOME, COST)
    if nature in profit_and_loss or used.nature in profit_and_loss:
        return nature != used.nature
    return used.nature == ASSET != nature


def _trust(source, chart):
    """How much an equal number says in this chart, 0 to 1: of the numbers it has in common with
    the template, the share that has a like name too."""
    if not source.template:
        return _UNKNOWN_TRUST if source.country not in ("BE", "LU") else 1.0
    agreement = chart.prepared(
        ("trust", source.template.name), lambda chart: _agreement(source.template, chart)
    )
    if source.country in ("BE", "LU"):
        return max(agreement, _LEAST_TRUST_OF_LAW)
    return agreement


def _agreement(template: AccountTemplate, chart):
    names = chart.prepared("names", _names_of)
    same = both = 0
    for account in template.accounts:
        for position in chart.positions_padded(account.code):
            both += 1
            likeness = names.likeness(account.names, [position])
            same += likeness.get(position, 0.0) >= _AGREES
    return same / both if both >= _FEW else _UNKNOWN_TRUST


def _is_enough(source, chart, best):
    """Whether anything speaks for it but that it stands in the same group."""
    if not source.name and not source.names:
        return best.number >= ABOVE
    if best.number >= SAME_BUT_ZEROS and _trust(source, chart) >= _TRUSTED:
        return True
    if best.number >= ABOVE:
        return best.name >= (_ENOUGH_BESIDE_NUMBER if source.names else _ENOUGH_OF_OWN)
    enough = next((name for number, name in _ENOUGH_NEAR if best.number >= number), _ENOUGH)
    return best.name >= (enough if source.names else max(enough, _ENOUGH_OF_OWN))


def _is_certain(source, chart, ranked):
    """Whether nobody has to look: the law says what the number is for and the name does not speak
    against it, or the name is the same; and no other account could be meant as well."""
    best = ranked[0]
    if best.fit < 1 or _is_passed_over(source, best, ranked):
        return False
    ahead = best.name - max((one.name for one in ranked[1:]), default=0.0)
    asked = [
        one for one in _what_is_asked(source, best) if best.name >= one.name and ahead >= one.ahead
    ]
    if not asked or not source.names:
        return bool(asked)
    if best.number < SAME_BUT_ZEROS and not _goes_with(source, chart, best.one):
        return False
    elsewhere = _likeness_elsewhere(source, chart, best.one) - best.name
    return any(elsewhere <= one.elsewhere for one in asked)


def _goes_with(source, chart, one):
    """Whether the names do not each say something that the other does not."""
    position = next(
        each for each in chart.positions_padded(one.plain_code) if chart.all[each] is one
    )
    names = chart.prepared("names", _names_of)
    return names.goes_with((source.name, *source.names), position)


def _is_passed_over(source, best, ranked):
    """Whether another account bears its number, for which the law speaks; where no law does, a name
    that is much the same speaks louder."""
    may_be = best.name < _MUCH_THE_SAME or number_is_law(source.country, plain_code(source.code))
    return (
        may_be
        and best.number < SAME_BUT_ZEROS
        and any(one.number >= SAME_BUT_ZEROS for one in ranked)
    )


def _what_is_asked(source, best):
    if not source.names or source.renamed:
        # what a user named is known by one name only, which is often a part of another
        return _BY_OWN_NAME
    if best.number >= SAME_BUT_ZEROS:
        law = number_is_law(source.country, plain_code(source.code))
        return _BY_LAW if law else _BY_NUMBER
    if best.number >= ABOVE:
        return _BY_GROUP
    return _BY_NAME_IN_CLASS if best.number > 0 else _BY_NAME
