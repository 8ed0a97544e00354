"""What a person does at a box."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from pathlib import PurePath
from typing import Any

from . import folders, mail_books
from .boxes import Box


def receive(box: Box, patience: float = 0) -> dict[str, int]:
    """Look at the folder now."""
    return {"files": folders.read_box(box, patience)}


def drop(box: Box, name: str, text: str = "", content: str = "", **_more: Any) -> dict[str, str]:
    """Put a file into the folder by hand: ``text``, or ``content`` in base64."""
    if PurePath(name).name != name:
        raise ValueError("a name without a folder")
    path = box.folder / name
    path.write_bytes(base64.b64decode(content) if content else text.encode())
    return {"file": str(path)}


def delete(box: Box, document: int) -> dict[str, int]:
    """Remove a document from the books."""
    with box.store.transaction():
        done = box.store.run(
            "DELETE FROM received WHERE box = ? AND id = ?", box.number, document
        ).rowcount
    if not done:
        raise ValueError(f"there is no document {document}")
    return {"removed": done}


def allow_sender(box: Box, address: str) -> dict[str, list[str]]:
    """Let somebody write to a box that knows its senders; gives all of them."""
    with box.store.transaction():
        return {"senders": mail_books.allow(box, address)}


ACTIONS: Mapping[str, Callable[..., Any]] = {
    "receive": receive,
    "drop": drop,
    "delete": delete,
    "allow_sender": allow_sender,
}
