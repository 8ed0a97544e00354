"""Calls with a token that may have ended meanwhile."""

from collections.abc import Callable
from typing import TypeVar

from ..errors import PackageError

Answer = TypeVar("Answer")


class TokenRefused(Exception):
    """The package refused the token, so that nothing was done. ``error`` is what to raise when
    another token does not help; ``says_expired``: the answer gave that as the reason."""

    def __init__(self, error: PackageError, says_expired: bool = False):
        super().__init__(str(error))
        self.error = error
        self.says_expired = says_expired


def with_token(
    token: str, renewed: Callable[[TokenRefused], str], call: Callable[[str], Answer]
) -> Answer:
    """What ``call(token)`` gives; where that raises TokenRefused, what it gives with the
    ``renewed`` token. Nothing was done the first time, so that even a write may follow."""
    try:
        return call(token)
    except TokenRefused as refused:
        token = renewed(refused)
    try:
        return call(token)
    except TokenRefused as again:
        raise again.error from again
