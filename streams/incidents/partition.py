"""What is known of one partition beside its keys' states: the clock, and who is due when.

Both follow from the states, so that they are made anew after a recovery and need no table.
"""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from streams.tension import PairTension

ROOM = 64


class Partition:
    """One partition of the signals topic.

    Parameters
    ----------
    number
        Its number, the same in the feedback topic and the changelog.
    """

    def __init__(self, number: int) -> None:
        self.number = number
        self.clock = 0.0
        """Latest believed event time, Unix seconds; it never goes back."""
        self.open = 0
        """Incidents that are neither closed nor forgotten."""
        self.tensions: dict[str, PairTension] = {}
        """Of the keys that are pairs of states; read often, so that no state is decoded for it."""
        self._heap: list[tuple[float, str]] = []
        self._next: dict[str, tuple[float, int]] = {}

    def plan(self, key: str, at: float, incidents: int) -> None:
        """Note when the next step of a key is due, and how many incidents it has."""
        before, had = self._next.get(key, (None, 0))
        self.open += incidents - had
        self._next[key] = (at, incidents)
        if before != at:
            heapq.heappush(self._heap, (at, key))
            self._tidy()

    def forget(self, key: str) -> None:
        """Note that a key is gone."""
        self.tensions.pop(key, None)
        _, had = self._next.pop(key, (0.0, 0))
        self.open -= had

    def due(self) -> str | None:
        """Return the key whose next step is due first, when the clock has reached it."""
        while self._heap:
            at, key = self._heap[0]
            planned = self._next.get(key)
            if planned is None or planned[0] != at:
                heapq.heappop(self._heap)
                continue
            return key if at <= self.clock else None
        return None

    def _tidy(self) -> None:
        # Each new plan leaves the old one in the heap.
        if len(self._heap) > ROOM + 2 * len(self._next):
            self._heap = [(at, key) for key, (at, _) in self._next.items()]
            heapq.heapify(self._heap)
