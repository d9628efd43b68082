"""The hopping windows of tension: sums by hop, and the decay over them.

Let x(k) be the sum of the weights of the signals in hop k, where a hostile signal has a positive
weight and a conciliatory one a negative weight. A window of n hops that ends with hop m has the
value v(m) of

    v(m - n) = 0,    v(k) = max(0, d v(k - 1) + x(k)),    d = 2 ** (-hop / half_life)

Three things are in it. *Sums of scores by pair and period* are how the conflict-cooperation scale
is meant to be used (Goldstein, Journal of Conflict Resolution 36, 1992). *Exponential decay with a
half-life* is how the nearness of past conflict is measured (Hegre, Ellingsen, Gates and Gleditsch,
American Political Science Review 95, 2001); the half-life here is a quarter of the window, so that
what leaves it weighs a sixteenth. *The floor at zero in each hop* is that of a cumulative sum chart
(Page, Biometrika 41, 1954): a step towards peace lowers the tension that there is and is not saved
up, so that talks of last week hide no attack of today.

Weights are integers (thousandths), so that the order of addition changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

MINUTE: Final = 60
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR
THOUSAND: Final = 1000

Hop = tuple[int, int]
"""What is known of a hop: the sum of its weights in thousandths, and how many signals."""


@dataclass(frozen=True, slots=True)
class Window:
    """A hopping window.

    Parameters
    ----------
    name
        As on the wire.
    hops
        How many hops it has.
    hop
        Length of a hop in seconds; hops start at multiples of it since the epoch.
    """

    name: str
    hops: int
    hop: int

    @property
    def decay(self) -> float:
        """What is left of a value one hop later; the half-life is a quarter of the window."""
        return float(2 ** (-4 / self.hops))

    def hop_of(self, at: float) -> int:
        """Return the number of the hop that holds a time (seconds since the epoch)."""
        return int(at // self.hop)

    def course(self, hops: Mapping[int, Hop], at: float) -> tuple[float, ...]:
        """Return the window's value at the end of each of its hops, the last one that of ``at``."""
        level, levels = 0.0, []
        last = self.hop_of(at)
        for number in range(last - self.hops + 1, last + 1):
            total, _ = hops.get(number, (0, 0))
            level = max(0.0, level * self.decay + total / THOUSAND)
            levels.append(level)
        return tuple(levels)

    def count(self, hops: Mapping[int, Hop], at: float) -> int:
        """Return how many signals are in the window that ends with the hop of ``at``."""
        last = self.hop_of(at)
        return sum(n for number, (_, n) in hops.items() if last - self.hops < number <= last)

    def kept(self, hops: Mapping[int, Hop], at: float) -> dict[int, Hop]:
        """Return the hops that are not out of the window at ``at``."""
        first = self.hop_of(at) - self.hops + 1
        return {number: hop for number, hop in hops.items() if number >= first}


WINDOWS: Final = (
    Window("1h", 12, 5 * MINUTE),
    Window("24h", 24, HOUR),
    Window("7d", 28, 6 * HOUR),
)
LONGEST: Final = WINDOWS[-1]
SHORTEST_HOP: Final = WINDOWS[0].hop
