"""Look-ups that were announced, asked for several at a time.

::

    announced  bill 1 · bill 2 · … · bill 9 · bill 10 · …
               └──── one call for bill 1 ───┘ └─ one call for bill 10

Each answer is given once, and only while it is fresh: a second or a late question is asked of the
package again.
"""

from collections.abc import Callable, Hashable, Iterable
from datetime import datetime, timedelta
from typing import Generic, TypeVar

Question = TypeVar("Question", bound=Hashable)
Answer = TypeVar("Answer")

FRESH = timedelta(seconds=30)


class AnnouncedLookUps(Generic[Question, Answer]):
    """``ask`` answers questions in one call, in their order; ``fit_together`` says whether so many
    go into one; ``now`` gives the moment."""

    def __init__(
        self,
        ask: Callable[[list[Question]], list[Answer]],
        fit_together: Callable[[list[Question]], bool],
        now: Callable[[], datetime],
    ):
        self._ask = ask
        self._fit_together = fit_together
        self._now = now
        self._announced: list[Question] = []
        self._answers: dict[Question, tuple[datetime, Answer]] = {}

    def announce(self, questions: Iterable[Question]) -> None:
        """Questions in the order in which they will be asked. Replaces what was announced and
        answered before."""
        self._announced = list(questions)
        self._answers = {}

    def answer(self, question: Question) -> Answer:
        """No call when one for an earlier question brought the answer."""
        now = self._now()
        if question in self._answers:
            asked_at, answer = self._answers.pop(question)
            if asked_at <= now <= asked_at + FRESH:
                return answer
        together = self._together(question)
        first, *others = self._ask(together)
        for other, answer in zip(together[1:], others, strict=True):
            self._answers[other] = now, answer
        return first

    def _together(self, question):
        """The question and those that follow it, as many as one call takes."""
        if question not in self._announced:
            return [question]
        coming = self._announced[self._announced.index(question) :]
        count = 1
        while count < len(coming) and self._fit_together(coming[: count + 1]):
            count += 1
        self._announced = coming[count:]
        return coming[:count]
