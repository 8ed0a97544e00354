"""The boxes that are there at the start: a company has one at each receiver, another has one."""

from __future__ import annotations

import json

from ..kit.storage import Store
from .receivers import RECEIVERS

COMPANY, VAT = "Vandersmissen Bureaustoelen BV", "BE0999999031"
OTHER, OTHER_VAT = "Atelier Lambert SRL", "BE0999999130"
FIRST = 80001
OTHER_BOX = 80101


def seed(store: Store) -> None:
    """Put them into an empty state."""
    for number, key in enumerate(RECEIVERS, FIRST):
        add_box(store, number, COMPANY, f"vandersmissen-{key}", key, VAT)
    add_box(store, OTHER_BOX, OTHER, "lambert-octopus", "octopus", OTHER_VAT)


def number_of(receiver: str) -> int:
    """The box of the first company at a receiver."""
    return FIRST + list(RECEIVERS).index(receiver)


def add_box(store: Store, number: int, name: str, folder: str, receiver: str, vat: str) -> None:
    """A box more; its folder is made when the sandbox looks for it."""
    if receiver not in RECEIVERS:
        raise ValueError(f"receiver is one of {', '.join(RECEIVERS)}")
    data = {"folder": folder, "receiver": receiver, "vat": vat}
    store.run("INSERT INTO administration VALUES (?, ?, ?)", number, name, json.dumps(data))
