"""Comment and reference of an entry line, as matches and open items tell them.

A line of a sales or purchase document has those of its head. A bank line has one text, which
stands in ``comment`` while ``reference`` is empty; that of a misc line stands in both [choice].
What nobody wrote is empty.
"""

from __future__ import annotations

from collections.abc import Mapping


def texts_of(line: Mapping) -> tuple[str, str]:
    """Comment and reference of a line that was read with the head of its document."""
    if line["journal"][0] in "AV":
        return line["comment"] or "", line["head_reference"] or ""
    text = line["reference"] or ""
    return text, "" if line["journal"][0] == "F" else text
