"""The numbers that documents have in WinBooks."""

# Opposite entries, and what goes anew after one, have numbers of their own from here on.
FIRST_APART = 90_000_001
# WinBooks keeps it for itself.
RESERVED = 99_999_999


def is_usual(number: int) -> bool:
    """Whether a number may be that of a document that goes the first time."""
    return 0 < number < FIRST_APART
