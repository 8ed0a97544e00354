"""What a person does in the application, as functions over the books."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from ..ledger import Books

ACTIONS: dict[str, Callable[..., Any]] = {}


def change_dossier(books: Books, **values: Any) -> dict:
    """Set data of a dossier (disabled, webservice, language …)."""
    row = books.store.row("SELECT data FROM administration WHERE id = ?", books.administration)
    data = {**json.loads(row["data"]), **values}
    books.store.run("UPDATE administration SET data = ? WHERE id = ?", json.dumps(data),
                    books.administration)
    return data
