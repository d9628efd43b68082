"""The gauges of tension: the tensest pairs by name, all others summed."""

from __future__ import annotations

import collections
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from prometheus_client import Gauge

    from streams.records import Tension

OTHER: Final = "other"
RANKED_BY: Final = "24h"
"""Long enough that a pair does not come and go with each report, short enough for a new crisis."""


def show(gauge: Gauge, tensions: Iterable[Tension], limit: int) -> None:
    """Set the gauge (labels ``pair``, ``window``) to the present tension, and to nothing else.

    Parameters
    ----------
    gauge
        Cleared first, so that no pair stays that is not among the tensest any more.
    tensions
        One record for each pair.
    limit
        How many pairs have a name of their own; of the rest the values are summed as ``other``.
    """
    ranked = sorted(tensions, key=lambda each: (-each.value[RANKED_BY], each.pair))
    gauge.clear()
    others: collections.Counter[str] = collections.Counter()
    for rank, tension in enumerate(ranked):
        for window, value in tension.value.items():
            if rank < limit:
                gauge.labels("-".join(tension.pair), window).set(value)
            else:
                others[window] += value  # type: ignore[assignment]  # a counter adds any number
    for window, value in others.items():
        gauge.labels(OTHER, window).set(value)
