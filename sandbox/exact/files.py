"""The bytes of attachments: the original of a file, for its download address and the pages."""

from __future__ import annotations

from .division import Division
from .resource import Missing


def content_of(division: Division, key: str) -> bytes:
    """The content of an attachment by its guid. Raises ``Missing``."""
    row = division.get("documents/DocumentAttachments", key)
    found = division.store.row("SELECT content FROM file_content WHERE id = ?", row["ID"])
    if found is None:
        raise Missing(f"content of {key}")
    return found["content"]
