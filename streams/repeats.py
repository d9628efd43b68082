"""One event that comes again and again is written a few times a minute, and then counted.

A broken producer or broker would else fill the disk, and hide the one line that says why. What is
left out is told at the end of its minute in one line with the number, so that nothing vanishes.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol, TextIO

import structlog

if TYPE_CHECKING:
    from collections.abc import Callable

MINUTE: Final = 60.0
KINDS: Final = 1000
"""Kinds of events that are counted at once; a library may put its data into its words."""

SUMMARY: Final = "repeated"
log = structlog.get_logger(__name__)

Kind = tuple[str, int, str]
"""Logger, level and event."""


class After(Protocol):
    """Calls a function in so many seconds; a call that is pending at exit may be dropped."""

    def __call__(self, seconds: float, call: Callable[[], None]) -> object:
        """Return at once."""


@dataclass(slots=True)
class _Minute:
    """What one kind of event did since the first of them."""

    begun: float
    written: int = 0
    left_out: int = 0


class Repeats(logging.Filter):
    """Lets so many records of one kind pass in a minute. For a handler.

    Parameters
    ----------
    limit
        Records of one kind a minute.
    clock
        Seconds, from anywhere on.
    after
        See :class:`After`; by default a timer's thread, which keeps no process alive.
    """

    def __init__(
        self,
        limit: int,
        clock: Callable[[], float] = time.monotonic,
        after: After | None = None,
    ) -> None:
        super().__init__()
        self._limit = limit
        self._clock = clock
        self._after = after or _timer
        self._minutes: OrderedDict[Kind, _Minute] = OrderedDict()
        self._lock = threading.Lock()

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether a record is written."""
        kind = record.name, record.levelno, _event(record)
        if kind[2] == SUMMARY:
            return True
        self.tell()
        with self._lock:
            minute = self._minutes.setdefault(kind, _Minute(self._clock()))
            if minute.written < self._limit:
                minute.written += 1
                return True
            minute.left_out += 1
            first = minute.left_out == 1
            wait = minute.begun + MINUTE - self._clock()
        if first:
            self._after(wait, self.tell)
        return False

    def tell(self, *, all_of_them: bool = False) -> None:
        """Write a line for each kind that was left out in a minute that is over."""
        now = self._clock()
        over: list[tuple[Kind, _Minute]] = []
        with self._lock:
            # The oldest minute stands first.
            while self._minutes:
                minute = next(iter(self._minutes.values()))
                crowded = all_of_them or len(self._minutes) > KINDS
                if minute.begun + MINUTE > now and not crowded:
                    break
                over.append(self._minutes.popitem(last=False))
        for (name, level, event), minute in over:
            if minute.left_out:
                seconds = round(now - minute.begun)
                log.log(
                    level, SUMMARY, of=event, by=name, left_out=minute.left_out, seconds=seconds
                )


class LimitedHandler(logging.StreamHandler[TextIO]):
    """Writes to a stream what :class:`Repeats` lets pass, and the rest's count at the end.

    Parameters
    ----------
    stream
        Where it writes.
    repeats
        Counts what passes the others.
    *before
        Other filters, asked first.
    """

    def __init__(
        self, stream: TextIO, repeats: Repeats, *before: Callable[[logging.LogRecord], bool]
    ) -> None:
        super().__init__(stream)
        self._repeats = repeats
        for each in before:
            self.addFilter(each)
        self.addFilter(repeats)

    def close(self) -> None:
        """Tell what is still untold."""
        self._repeats.tell(all_of_them=True)
        super().close()


def _event(record: logging.LogRecord) -> str:
    """Return what happened, without its data: structlog's event, or a library's unfilled format."""
    if isinstance(record.msg, dict):
        return str(record.msg.get("event"))
    return str(record.msg)


def _timer(seconds: float, call: Callable[[], None]) -> None:
    timer = threading.Timer(seconds, call)
    timer.daemon = True
    timer.start()
