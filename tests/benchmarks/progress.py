"""How far a contestant was at which moment, told by its alerts alone: the same for all.

Items lie in order in each partition, and an alert names its item. So when an alert is on its topic,
all items of its partition before it have been scored. Alerts come in bursts, one a batch; a rate is
taken from the end of a burst to the end of a later one.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from harness.kafka import read_all

from benchmarks.items import number_of
from benchmarks.world import place_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streams.settings import Settings

GAP_SECONDS = 0.02
"""Between two bursts, at least."""
WARM = 0.2
"""Share of the seconds with alerts that do not count."""


class Output(NamedTuple):
    """An alert: when the broker took it, and of which item it is."""

    at: float
    number: int


class Mark(NamedTuple):
    """At this moment so many items were done."""

    at: float
    done: int


def outputs(settings: Settings) -> list[Output]:
    """Return the alerts that a contestant has published, as the broker's clock orders them."""
    return sorted(
        Output(record.timestamp / 1000, number_of(json.loads(record.value)["id"]))
        for record in read_all(settings, settings.signals_topic)
    )


def marks(found: Sequence[Output], *, complete: bool = False) -> list[Mark]:
    """Return the ends of the bursts; the last one only of a complete run, else it may be cut."""
    furthest: dict[int, int] = {}
    ends: list[Mark] = []
    for at, output in enumerate(found):
        partition, offset = place_of(output.number)
        furthest[partition] = max(furthest.get(partition, 0), offset + 1)
        if at + 1 == len(found) or found[at + 1].at - output.at > GAP_SECONDS:
            ends.append(Mark(output.at, sum(furthest.values())))
    return ends if complete else ends[:-1]


def window(found: Sequence[Mark]) -> tuple[Mark, Mark]:
    """Return the first mark after warming up, and the last.

    Raises
    ------
    ValueError
        There are too few to tell a rate.
    """
    if len(found) > 1:
        warm = found[0].at + WARM * (found[-1].at - found[0].at)
        begin = next((mark for mark in found[:-1] if mark.at >= warm), found[0])
        return begin, found[-1]
    raise ValueError(f"{len(found)} bursts of alerts are too few to tell a rate")


def agree(one: Sequence[int], other: Sequence[int]) -> bool:
    """Tell whether two contestants have alerts of the same items, as far as both have come."""
    ends = [_ends(one), _ends(other)]

    def reached(number: int) -> bool:
        partition, offset = place_of(number)
        return all(offset < each.get(partition, 0) for each in ends)

    return set(filter(reached, one)) == set(filter(reached, other))


def _ends(numbers: Sequence[int]) -> dict[int, int]:
    ends: dict[int, int] = {}
    for partition, offset in map(place_of, numbers):
        ends[partition] = max(ends.get(partition, 0), offset)
    return ends
