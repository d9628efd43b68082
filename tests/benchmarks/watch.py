"""What is seen of a process from outside: processor time and memory, from /proc."""

from __future__ import annotations

import bisect
import os
import statistics
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Self

if TYPE_CHECKING:
    from collections.abc import Sequence

TICK = 1 / os.sysconf("SC_CLK_TCK")
MB = 1 << 20
PAGE = os.sysconf("SC_PAGE_SIZE")
POLL_SECONDS = 0.05


class Sample(NamedTuple):
    """Of some processes together: processor seconds so far, resident bytes."""

    at: float
    cpu: float
    resident: float


class Watch:
    """Samples some processes, all their threads, while it is entered."""

    def __init__(self, pids: Sequence[int]) -> None:
        self._pids = tuple(pids)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.samples: list[Sample] = []

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def cpu_between(self, begin: float, end: float) -> float:
        """Return the processor seconds between two moments, between samples by proportion."""
        return self._cpu(end) - self._cpu(begin)

    @property
    def peak_mb(self) -> float:
        """Most resident memory that was seen."""
        return max(sample.resident for sample in self.samples) / MB

    @property
    def steady_mb(self) -> float:
        """Resident memory in the second half of the run, the median."""
        half = self.samples[len(self.samples) // 2 :]
        return statistics.median(sample.resident for sample in half) / MB

    def resident_mb(self, at: float) -> float:
        """Return the resident memory at a moment."""
        place = min(bisect.bisect(self.samples, (at,)), len(self.samples) - 1)
        return self.samples[place].resident / MB

    def _cpu(self, at: float) -> float:
        place = bisect.bisect(self.samples, (at,))
        if place in (0, len(self.samples)):
            return self.samples[min(place, len(self.samples) - 1)].cpu
        before, after = self.samples[place - 1], self.samples[place]
        return before.cpu + (after.cpu - before.cpu) * (at - before.at) / (after.at - before.at)

    def _run(self) -> None:
        while not self._ended.wait(POLL_SECONDS):
            found = [_look(pid) for pid in self._pids]
            cpu, resident = (sum(column) for column in zip(*found, strict=True))
            self.samples.append(Sample(time.time(), cpu, resident))


def _look(pid: int) -> tuple[float, float]:
    """Return processor seconds and resident bytes; nothing of a process that has ended."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except OSError:
        return 0.0, 0.0
    fields = text.rpartition(")")[2].split()  # from the third field on, see proc(5)
    return (int(fields[11]) + int(fields[12])) * TICK, int(fields[21]) * PAGE
