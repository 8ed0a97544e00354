"""What every sandbox shows of its books as plain data: amounts are texts with their decimals."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from .ledger import Books
from .vat import plausibility, return_boxes


def shown(amount: Decimal) -> str:
    """An amount as text: 1210.00."""
    return f"{amount:.2f}" if amount == round(amount, 2) else str(amount)


def texts(amounts: Mapping[Any, Decimal]) -> dict[str, str]:
    """Amounts as texts, under their names as texts."""
    return {str(name): shown(amount) for name, amount in amounts.items()}


def trial_balance(
    books: Books, book_year: int | None = None, period: int | None = None
) -> dict[str, str]:
    """Ledger account → balance, debit positive."""
    return texts(
        {account: row["balance"] for account, row in books.trial_balance(book_year, period).items()}
    )


def vat_boxes(books: Books, book_year: int | None = None, period: int | None = None) -> dict:
    """Boxes as posted (splits apart), the boxes of the Belgian return, and its checks."""
    amounts = books.vat_boxes(book_year, period)
    return {
        "boxes": texts(amounts),
        "return": texts({box: amount for box, amount in return_boxes(amounts).items() if amount}),
        "checks": [{"rule": rule, "passed": passed} for rule, passed in plausibility(amounts)],
    }


def booked_periods(books: Books) -> list[tuple[int, int]]:
    """Book year and period of every period with a booking, in order."""
    rows = books.store.rows(
        "SELECT DISTINCT book_year, period FROM document WHERE administration = ?"
        " ORDER BY book_year, period",
        books.administration,
    )
    return [(row["book_year"], row["period"]) for row in rows]
