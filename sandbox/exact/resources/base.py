"""What the resources share: records of a division as they are, read by guid, code or change."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from ..division import CODES, KEYS, PARENTS, Division
from ..resource import BusinessError, Hints, Missing, Resource, Row, check_lengths


class Records(Resource):
    """An entity whose rows are records of the division, as they stand.

    ``mandatory`` pairs a property with its label; ``references`` a guid property with entity and
    label; ``codes`` a property that names a record by its code with entity and label; ``longest``
    a property with the characters it holds, blanks around it not counted, and its label;
    ``defaults`` what a new row holds where nothing was sent; ``own_code_refused``: a change that
    repeats the code of its row is a duplicate.
    """

    mandatory: tuple[tuple[str, str], ...] = ()
    references: tuple[tuple[str, str, str], ...] = ()
    codes: tuple[tuple[str, str, str], ...] = ()
    longest: tuple[tuple[str, int, str], ...] = ()
    unique_code = False
    own_code_refused = False
    defaults: Row = {}
    collections: dict[str, str] = {}

    def __init__(self, entity: str, **attributes: Any):
        self.entity = entity
        for name, value in attributes.items():
            setattr(self, name, value)

    # Reading

    def shown(self, division: Division, row: Row) -> Row:
        """The row with what follows from other rows."""
        return row

    def rows(self, division: Division, hints: Hints) -> Iterable[Row]:
        for row in self.found(division, hints):
            yield self.shown(division, row)

    def found(self, division: Division, hints: Hints) -> Iterable[Row]:
        """The records a filter may want."""
        wanted = hints.equals
        key = KEYS.get(self.entity, "ID")
        if key in wanted:
            row = division.find(self.entity, wanted[key])
            return [row] if row else []
        parent, code = PARENTS.get(self.entity), CODES.get(self.entity, "Code")
        code_value = wanted.get(code)
        return division.all(
            self.entity,
            str(wanted[parent]) if parent in wanted else None,
            str(code_value).strip() if code_value is not None else None,
        )

    def get(self, division: Division, key: Any) -> Row:
        return self.shown(division, division.get(self.entity, key))

    def children(self, division: Division, key: Any, collection: str) -> Iterable[Row]:
        division.get(self.entity, key)
        if collection not in self.collections:
            return []
        return division.all(self.collections[collection], parent=str(key).lower())

    # Writing

    def create(self, division: Division, values: Row) -> Row:
        sent = {name: value for name, value in values.items() if value is not None}
        values = {**self.new_values(division, sent), **sent}
        with division.store.transaction():
            self.check(division, values, None)
            row = division.add(self.entity, self.prepared(division, values))
            self.after(division, row, None)
            return self.get(division, row[KEYS.get(self.entity, "ID")])

    def update(self, division: Division, key: Any, values: Row) -> None:
        with division.store.transaction():
            old = division.get(self.entity, key)
            if self.own_code_refused:
                self._check_own_code(values, old)
            merged = {**old, **values}
            self.check(division, merged, old)
            row = division.change(self.entity, key, **self.prepared(division, merged))
            self.after(division, row, old)

    def _check_own_code(self, values: Row, old: Row) -> None:
        """A row that is sent back with the code it has is a duplicate of itself. ``exists``."""
        name = CODES.get(self.entity, "Code")
        if values.get(name) and str(values[name]).strip() == str(old.get(name)).strip():
            raise BusinessError("exists")

    def new_values(self, division: Division, sent: Row) -> Row:
        """What a new row holds where nothing was sent."""
        return self.defaults

    def delete(self, division: Division, key: Any) -> None:
        row = division.get(self.entity, key)
        with division.store.transaction():
            self.check_removal(division, row)
            division.remove(self.entity, key)

    def check(self, division: Division, row: Row, old: Row | None) -> None:
        """Refuse a row: mandatory properties, lengths, references, codes. ``BusinessError``."""
        for name, label in self.mandatory:
            if row.get(name) in (None, ""):
                raise BusinessError("mandatory", label)
        check_lengths(row, self.longest)
        for name, entity, label in self.references:
            if row.get(name) and (old is None or row[name] != old.get(name)):
                division.reference(entity, row[name], label)
        for name, entity, label in self.codes:
            if row.get(name) and (old is None or row[name] != old.get(name)):
                division.code_reference(entity, row[name], label)
        if self.unique_code:
            other = division.by_code(self.entity, row.get(CODES.get(self.entity, "Code")))
            if other and (old is None or other["ID"] != old["ID"]):
                raise BusinessError("exists")

    def prepared(self, division: Division, row: Row) -> Row:
        """The row as it is kept."""
        return row

    def after(self, division: Division, row: Row, old: Row | None) -> None:
        """What else changes with the row."""

    def check_removal(self, division: Division, row: Row) -> None:
        """Refuse to remove a row. ``BusinessError``."""


class Computed(Resource):
    """A reading that a function makes; ``key`` names its key properties."""

    def __init__(
        self, entity: str, key: tuple[str, ...], make: Callable[[Division], Iterable[Row]]
    ):
        self.entity, self.key, self.make = entity, key, make

    def rows(self, division: Division, hints: Hints) -> Iterable[Row]:
        return self.make(division)

    def get(self, division: Division, key: Any) -> Row:
        values = (
            tuple(key[name] for name in self.key)
            if isinstance(key, dict)
            else tuple(key)
            if isinstance(key, (tuple, list))
            else (key,)
        )
        for row in self.make(division):
            if tuple(row[name] for name in self.key) == values:
                return row
        raise Missing(f"{self.entity} {key}")


class Empty(Resource):
    """What a division without the module answers: nothing to read; writing is refused."""

    def __init__(self, entity: str, refusal: tuple[str, ...] = ("not_allowed", "type")):
        self.entity, self.refusal = entity, refusal

    def rows(self, division: Division, hints: Hints) -> Iterable[Row]:
        return []

    def get(self, division: Division, key: Any) -> Row:
        raise Missing(f"{self.entity} {key}")

    def create(self, division: Division, values: Row) -> Row:
        raise BusinessError(*self.refusal)

    def update(self, division: Division, key: Any, values: Row) -> None:
        raise Missing(f"{self.entity} {key}")

    def delete(self, division: Division, key: Any) -> None:
        raise Missing(f"{self.entity} {key}")

    def children(self, division: Division, key: Any, collection: str) -> Iterable[Row]:
        return []
