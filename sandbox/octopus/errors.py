"""Refusals: status, return code and its wording in four languages."""

from __future__ import annotations

import json
from pathlib import Path

WORDINGS: dict[int, dict[str, str]] = {
    int(code): wording
    for code, wording in json.loads(
        Path(__file__).with_name("return_codes.json").read_text()
    ).items()
}

LANGUAGES = {1: "nl", 2: "fr", 3: "en", 4: "de"}


class Refusal(Exception):
    """The call is refused: HTTP status, return code (or None) and an English detail."""

    def __init__(self, status: int, code: int | None, technical: str):
        super().__init__(technical)
        self.status = status
        self.code = code
        self.technical = technical


def refused(code: int, technical: str) -> Refusal:
    """A broken business rule; a journal closed or open elsewhere is 403, the rest 400."""
    return Refusal(403 if code in (-11, -12) else 400, code, technical)


def nothing_found(technical: str = "Nothing found", code: int | None = None) -> Refusal:
    """404: the answer for every empty list."""
    return Refusal(404, code, technical)


def wording(code: int, language: str) -> str:
    """The message of a return code in a language (nl, fr, en, de)."""
    known = WORDINGS.get(code)
    if known is None:
        return WORDINGS[-79][language]
    return known[language]


def error_body(refusal: Refusal, language: str) -> dict:
    """The ErrorResult of a refusal."""
    body: dict = {"technicalInfo": refusal.technical}
    if refusal.code is not None:
        body["errorCode"] = refusal.code
        body["errorMessage"] = wording(refusal.code, language)
    return body
