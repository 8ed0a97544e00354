"""The sandbox's own clock: real time, or a time set by a test, in Belgian local time."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from .storage import Store

STAMP = "%Y-%m-%d %H:%M:%S.%f"
# What a thread does for a moment that is past (``at``); the books make clocks of their own.
_OF_THREAD = threading.local()


def _last_sunday(year: int, month: int) -> dt.datetime:
    last = dt.datetime(year, month, 31, 1, tzinfo=dt.UTC)
    return last - dt.timedelta(days=(last.weekday() + 1) % 7)


def to_belgian_time(moment: dt.datetime) -> dt.datetime:
    """UTC to local time in Brussels (EU summer time rule), without needing a zone database."""
    summer = _last_sunday(moment.year, 3) <= moment < _last_sunday(moment.year, 10)
    return (moment + dt.timedelta(hours=2 if summer else 1)).replace(tzinfo=None)


class Clock:
    """Now, for tokens, days of call limits and modification stamps.

    A set time stands still unless moved; an offset keeps running. Both survive a restart.
    """

    def __init__(self, store: Store):
        self.store = store

    def now(self) -> dt.datetime:
        """The moment in UTC."""
        moment = getattr(_OF_THREAD, "moment", None)
        if moment:
            return moment
        fixed = self.store.setting("clock.fixed")
        real = dt.datetime.fromisoformat(fixed) if fixed else dt.datetime.now(dt.UTC)
        return real + dt.timedelta(seconds=self.store.setting("clock.offset", 0))

    def local(self) -> dt.datetime:
        """The moment in the time zone of the modification stamps."""
        moment = self.now()
        if self.store.setting("switches", {}).get("time_zone") == "UTC":
            return moment.replace(tzinfo=None)
        return to_belgian_time(moment)

    def stamp(self) -> str:
        """Now as a modification stamp with milliseconds."""
        return self.stamp_of(self.local())

    @staticmethod
    def stamp_of(moment: dt.datetime) -> str:
        """A local moment as a modification stamp."""
        return moment.strftime(STAMP)[:-3]

    def texts(self) -> tuple[str, str]:
        """How now is written in the books: as a stamp, and as ISO 8601 in milliseconds."""
        moment = self.local()
        return self.stamp_of(moment), moment.replace(
            microsecond=moment.microsecond // 1000 * 1000
        ).isoformat()

    def day(self) -> str:
        """The day that call limits count in."""
        return self.local().strftime("%Y-%m-%d")

    def set(self, moment: dt.datetime) -> None:
        """Stop the clock at a moment; one without zone is taken as UTC."""
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=dt.UTC)
        self.store.keep("clock.fixed", moment.astimezone(dt.UTC).isoformat())
        self.store.keep("clock.offset", 0)

    @contextmanager
    def at(self, moment: dt.datetime) -> Iterator[None]:
        """What this thread does meanwhile happens at a moment that is past."""
        _OF_THREAD.moment = moment
        try:
            yield
        finally:
            _OF_THREAD.moment = None

    def advance(self, seconds: float) -> None:
        """Move the clock forward."""
        self.store.keep("clock.offset", self.store.setting("clock.offset", 0) + seconds)

    def reset(self) -> None:
        """Back to real time."""
        self.store.keep("clock.fixed", None)
        self.store.keep("clock.offset", 0)
