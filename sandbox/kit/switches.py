"""What a package's reference leaves open, as switches with a default."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .storage import Store


class Switches:
    """The switches of one sandbox; ``table`` holds name → (default, explanation)."""

    def __init__(self, store: Store, table: Mapping[str, tuple[Any, str]]):
        self.store = store
        self.table = table

    def __getitem__(self, name: str) -> Any:
        changed = self.store.setting("switches", {})
        return changed.get(name, self.table[name][0])

    def all(self) -> dict[str, Any]:
        """Every switch with its value."""
        return {name: self[name] for name in self.table}

    def set(self, values: Mapping[str, Any]) -> None:
        """Change switches; raises ``KeyError`` for an unknown one."""
        for name in values:
            self.table[name]  # an unknown name is an error
        self.store.keep("switches", {**self.store.setting("switches", {}), **values})
