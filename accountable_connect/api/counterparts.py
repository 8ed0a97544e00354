"""Master data of one kind, prepared to be compared with many records of Odoo: what a comparison
asks of a code or a name is worked out once, not once for each of those records."""

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable
from functools import cached_property
from typing import Any

from rapidfuzz import fuzz, process

from ..documents import MasterItem
from .vat_families import VatFamily, normalise


def plain_code(code: str | None) -> str:
    """The letters and digits of a code, in capitals."""
    return "".join(letter for letter in str(code or "").upper() if letter.isalnum())


class Counterpart:
    """A journal, VAT code, ledger account … and what it is compared by."""

    def __init__(self, item: MasterItem):
        self.item = item
        self.code = item.code
        self.name = item.name
        self.plain_code = plain_code(item.code)
        self._families: dict[str, VatFamily] = {}

    @cached_property
    def plain_name(self) -> str:
        return normalise(self.name)

    def family(self, scope: str, read: Callable[[MasterItem, str], VatFamily]) -> VatFamily:
        """What ``read`` tells of the item for sales or for purchases."""
        if scope not in self._families:
            self._families[scope] = read(self.item, scope)
        return self._families[scope]


class Counterparts(list):
    """``[MasterItem]`` of one kind that nobody changes any more. A plain list serves wherever this
    one does, and is prepared anew for each record then."""

    @classmethod
    def of(cls, items: Iterable[MasterItem]) -> "Counterparts":
        return items if isinstance(items, cls) else cls(items)

    @cached_property
    def all(self) -> list[Counterpart]:
        return [Counterpart(item) for item in self]

    def with_code(self, code: str) -> list[Counterpart]:
        """Those whose plain code this is, in their order."""
        return self._by_code.get(code, [])

    def with_exact_code(self, code: str) -> list[Counterpart]:
        """The one with this code as the administration writes it; a list of one or none."""
        return [one for one in self.with_code(plain_code(code)) if one.code == code]

    def positions_in_group(self, group: str) -> list[int]:
        """Where in ``all`` those stand whose plain code begins with a group of accounts."""
        return self._positions(("group", len(group)), lambda one: one.plain_code[: len(group)])(
            group
        )

    def positions_padded(self, code: str) -> list[int]:
        """Where in ``all`` those stand whose plain code is this one but for closing zeros."""
        return self._positions("stem", lambda one: one.plain_code.rstrip("0"))(code.rstrip("0"))

    def prepared(self, name: Hashable, prepare: Callable[["Counterparts"], Any]) -> Any:
        """What ``prepare`` makes of these, made once under this name."""
        if name not in self._prepared:
            self._prepared[name] = prepare(self)
        return self._prepared[name]

    @cached_property
    def _prepared(self):
        return {}

    def _positions(self, name, key):
        def prepare(_chart):
            groups = defaultdict(list)
            for position, one in enumerate(self.all):
                groups[key(one)].append(position)
            return groups

        groups = self.prepared(name, prepare)
        return lambda value: groups.get(value, [])

    @cached_property
    def _by_code(self):
        return self._grouped(lambda one: one.plain_code)

    def _grouped(self, key):
        groups = defaultdict(list)
        for one in self.all:
            groups[key(one)].append(one)
        return groups


def with_likeness(
    name: str, candidates: Collection[Counterpart], at_least: int = 0
) -> list[tuple[int, Counterpart]]:
    """How like a name theirs are, 0 to 100, in their order; the order of words and doubled words do
    not count. Those below ``at_least`` are left out."""
    candidates = list(candidates)
    found = process.extract_iter(
        normalise(name),
        [one.plain_name for one in candidates],
        scorer=fuzz.token_set_ratio,
        score_cutoff=at_least,
    )
    return [(int(score), candidates[index]) for _name, score, index in found]
