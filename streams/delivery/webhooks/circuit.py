"""A target that fails again and again is left alone for a while, then tried by one attempt."""

from __future__ import annotations

import time
from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class State(IntEnum):
    """Of a circuit; the number is what the metric says."""

    CLOSED = 0
    HALF_OPEN = 1
    OPEN = 2


class Circuit:
    """Counts failures in a row and says when the next attempt may go out.

    Parameters
    ----------
    failures
        After so many in a row it opens.
    pause
        Seconds that it stays open; doubled each time that the trying attempt fails.
    longest
        Longest such pause in seconds.
    on_change
        Called with the new state.
    clock
        Monotonic seconds.
    """

    def __init__(
        self,
        failures: int,
        pause: float,
        longest: float,
        *,
        on_change: Callable[[State], None] = lambda _: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._limit = failures
        self._first, self._longest = pause, max(pause, longest)
        self._pause = pause
        self._clock = clock
        self._on_change = on_change
        self._in_a_row = 0
        self._opens_at = 0.0
        self.state = State.CLOSED

    def wait(self) -> float:
        """Return the seconds until an attempt may go out: 0 when it may now.

        While open it is 0 for one caller once the pause is over; that attempt decides.
        """
        if self.state is State.CLOSED:
            return 0.0
        left = self._opens_at - self._clock()
        if self.state is State.OPEN and left <= 0:
            self._change(State.HALF_OPEN)
            return 0.0
        # Half open: another attempt is on its way; ask again when it may have an answer.
        return max(left, 0.05)

    def succeeded(self) -> None:
        """Note an attempt that the target took."""
        self._in_a_row = 0
        self._pause = self._first
        self._change(State.CLOSED)

    def failed(self) -> None:
        """Note an attempt that failed for the target's sake."""
        self._in_a_row += 1
        if self.state is State.HALF_OPEN:
            self._pause = min(self._pause * 2, self._longest)
            self._open()
        elif self.state is State.CLOSED and self._in_a_row >= self._limit:
            self._open()

    def let_go(self) -> None:
        """Note that the attempt that was to decide was given up: the next one may try."""
        if self.state is State.HALF_OPEN:
            self._change(State.OPEN)

    def _open(self) -> None:
        self._opens_at = self._clock() + self._pause
        self._change(State.OPEN)

    def _change(self, state: State) -> None:
        if state is not self.state:
            self.state = state
            self._on_change(state)
