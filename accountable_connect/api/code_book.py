"""What is known of an administration's own codes before a document is sent; no call is made."""

from collections.abc import Iterable
from datetime import date
from typing import ClassVar

from ..documents import PERIOD, MasterItem
from .errors import ConfigurationMissingError


class CodeBook:
    """Master data read before, by kind and code, and by the package's own id where it has one.
    ``items`` are gone through when something is asked for the first time: a run that sends nothing
    reads none."""

    # Its name in the log.
    package: ClassVar[str]
    # The key of the package's own id in ``details``.
    id_name: ClassVar[str] = "id"

    def __init__(self, items: Iterable[MasterItem] = ()):
        self._given: Iterable[MasterItem] | None = items
        self._known: dict[str, dict[str, MasterItem]] = {}
        self._by_id: dict[tuple[str, str], MasterItem] = {}

    def learn(self, items: Iterable[MasterItem]) -> None:
        """Newer master data of some kinds; items that are known already are replaced."""
        self._read_given()
        for item in items:
            self._known.setdefault(item.kind, {})[item.code] = item
            own_id = item.details.get(self.id_name)
            if own_id:
                self._by_id[item.kind, own_id] = item

    def _read_given(self):
        given, self._given = self._given, None
        if given is not None:
            self.learn(given)

    def _of_kind(self, kind):
        self._read_given()
        return self._known.get(kind, {})

    def learn_missing(self, items: Iterable[MasterItem]) -> None:
        """Items of codes that are not known yet."""
        self.learn([item for item in items if item.code not in self._of_kind(item.kind)])

    def items(self, kind: str) -> Iterable[MasterItem]:
        """Every item of a kind, in the order in which they became known."""
        return self._of_kind(kind).values()

    def details(self, kind: str, code: str) -> dict:
        """What is known of a code, empty when it is not there."""
        item = self._of_kind(kind).get(code)
        return item.details if item else {}

    def by_id(self, kind: str, own_id: str) -> dict:
        """What is known of the item with this id of the package's own, ``code`` among it; empty
        when there is none."""
        self._read_given()
        item = self._by_id.get((kind, own_id))
        return item.details | {"code": item.code} if item else {}

    def demand(self, kind: str, code: str, error_code: str, name: str, **values) -> dict:
        """The same as ``details``. Raises ConfigurationMissingError, with the code under ``name``
        in its values, where it is not there or not active."""
        item = self._of_kind(kind).get(code)
        if item is None or not item.active:
            raise ConfigurationMissingError(
                f"{self.package} has no {name} {code}",
                code=error_code,
                values={name: code, **values},
            )
        return item.details

    def period_of(self, day: date) -> dict:
        """Details of the period a day lies in (the shortest), empty when none is known."""
        text = day.isoformat()
        found = [
            item.details
            for item in self.items(PERIOD)
            if item.details["date_from"] <= text <= item.details["date_to"]
        ]
        return min(
            found,
            key=lambda details: (
                date.fromisoformat(details["date_to"]) - date.fromisoformat(details["date_from"])
            ),
            default={},
        )
