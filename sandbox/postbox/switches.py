"""What the references leave open, as switches with a default."""

from __future__ import annotations

from typing import Any

from ..kit import switches
from ..kit.storage import Store

SWITCHES: dict[str, tuple[Any, str]] = {
    "patience": (5, "Seconds a file lies unchanged before a slow receiver takes it."),
}


class Switches(switches.Switches):
    """The switches of one sandbox."""

    def __init__(self, store: Store):
        super().__init__(store, SWITCHES)
