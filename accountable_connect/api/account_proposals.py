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
# How alike a name has to be …
_ENOUGH = 0.35  # … where the number says nothing
_ENOUGH_BESIDE_NUMBER = 0.12  # … where the number is the same
_AGREES = 0.4  # … not to speak against an equal number
_SAME = 0.8  # … to be the same name
_AHEAD = 0.12  # … more than that of any other, to be certain
# Names that an account was given by its user say more than those of the template it was made of.
_OF_TEMPLATE_RENAMED = 0.6
# … of another type
_OTHER_USE = 0.5
# Share of what a name is more like that of another account, and how many are looked at.
_ELSEWHERE = 0.4
_LOOKED_AT = 4
_EQUAL, _BELOW, _FAR_AHEAD = 0.95, 0.6, 0.25
# How many are compared for their number alone.
_NEAR = 12
# What an equal number has to say to be proposed under another name.
_TRUSTED = 0.5
_FEW = 8
_UNKNOWN_TRUST = 0.6
_LOW_TRUST_OF_LAW = 0.7
_GROUP_DIGITS = 3
SAME_NUMBER, SAME_BUT_ZEROS = 1.0, 0.97


@dataclass(frozen=True, slots=True)
class Ranked:
    """A ledger account, what name and number say for it (0 to 1), and both together."""

    one: Counterpart
    name: float
    number: float
    score: float
    fit: float = 1


def propose_ledger_account(source: Source, items) -> Proposal | None:
    """The ledger account for an Odoo account, None rather than a guess. Never one that does not fit
    what the account is used for."""
    chart = Counterparts.of(items)
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
        fit = _fit(source, one)
        if not fit:
            continue
        name = likeness.get(position, 0.0)
        number = number_likeness(plain_code(source.code), one.plain_code)
        if fit < 1 or _is_of_other_class(source, one):
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
            return 0.8  # an account below ours
        if stem.startswith(other_stem):
            return 0.7  # the one ours is below
    return min(0.15 * shared, 0.6)


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
    """1 where the type of the ledger account is that of ours or not known, less where it may be
    its counterpart all the same, 0 where it cannot."""
    if not one.item.takes_lines:
        return 0
    used = source.account
    if not used:
        return 1
    nature = one.item.details.get("nature", "")
    if not nature:
        return int(fits(used, one.code))
    profit_and_loss = (INCOME, COST)
    if (nature in profit_and_loss) != (used.nature in profit_and_loss):
        # a fixed asset for what Odoo books as a cost, a deferral for a cost …
        return 0.5 if used.nature and fits(used, one.code, nature) else 0
    if used.nature in profit_and_loss:
        return int(used.nature == nature)
    if used.nature == ASSET:
        return 1 if nature == ASSET else 0.5
    return int(fits(used, one.code, nature)) or 0.5


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


def _trust(source, chart):
    """How much an equal number says in this chart, 0 to 1: of the numbers it has in common with
    the template, the share that has a like name too."""
    if not source.template:
        return _UNKNOWN_TRUST if source.country not in ("BE", "LU") else 1.0
    agreement = chart.prepared(
        ("trust", source.template.name), lambda chart: _agreement(source.template, chart)
    )
    if source.country in ("BE", "LU"):
        return max(agreement, _LOW_TRUST_OF_LAW)
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
        return best.number >= 0.7
    if best.number >= SAME_BUT_ZEROS and _trust(source, chart) >= _TRUSTED:
        return True
    if best.number >= 0.7:
        return best.name >= _ENOUGH_BESIDE_NUMBER
    return best.name >= _ENOUGH


def _is_certain(source, chart, ranked):
    """Whether nobody has to look: the law says what the number is for and the name does not speak
    against it, or the name is the same; and no other account could be meant as well."""
    best = ranked[0]
    if best.fit < 1 or _is_of_other_class(source, best.one):
        return False
    ahead = best.name - max((one.name for one in ranked[1:]), default=0.0)
    if not source.names:
        # a user's own account is known by one name only, and often the part of another
        return best.name >= _EQUAL and (best.number >= _BELOW or ahead >= _FAR_AHEAD)
    elsewhere = _likeness_elsewhere(source, chart, best.one) - best.name
    if best.number >= SAME_BUT_ZEROS:
        if number_is_law(source.country, plain_code(source.code)):
            return best.name >= 0.25 and ahead >= -0.2 and elsewhere <= 0.45
        return best.name >= 0.5 and ahead >= 0 and elsewhere <= 0.1
    if elsewhere >= 0:
        return False
    if best.number >= _BELOW:
        return best.name >= 0.6 and ahead >= 0.2
    return best.name >= 0.65 and ahead >= _FAR_AHEAD
