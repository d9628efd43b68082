"""Which records of tension are due: those that say something new since they were last published."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec

from streams.records import Message, Tension, encode
from streams.tension.state import PairTension, tension_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Pair = tuple[str, str]


class TensionBoard:
    """What this worker says of its pairs, and what it has said. It reads no clock.

    A record depends on the pair's state and on the hop of the time, on nothing else. So a worker
    that starts anew repeats what holds, and whoever keeps the latest record of a pair loses
    nothing; a state need not be written after its record.
    """

    def __init__(self) -> None:
        self._said: dict[Pair, Tension] = {}

    def now(self, states: Sequence[PairTension], clock: float) -> list[Tension]:
        """Return the record of each pair at present.

        Parameters
        ----------
        states
            The pairs whose partitions this worker has.
        clock
            Seconds since the epoch. The present is so much ahead of it as the signals are.
        """
        skews = (state.skew for state in states if state.skew is not None)
        at = datetime.fromtimestamp(clock + max(skews, default=0.0), UTC)
        return [tension_of(state, at) for state in states]

    def due(self, tensions: Iterable[Tension]) -> list[Tension]:
        """Return the records that say something else than the last one of their pair."""
        return [each for each in tensions if not _same(self._said.get(each.pair), each)]

    def published(self, tensions: Iterable[Tension]) -> None:
        """Remember what the broker has acknowledged."""
        self._said |= {each.pair: each for each in tensions}

    def keep(self, pairs: Iterable[Pair]) -> None:
        """Forget all other pairs: another worker has them now, or nothing is left of them."""
        held = set(pairs)
        self._said = {pair: said for pair, said in self._said.items() if pair in held}


def tension_message(tension: Tension, topic: str) -> Message:
    """Return the record of a pair, keyed by its two codes."""
    return Message(topic, "-".join(tension.pair).encode(), encode(tension))


def _same(said: Tension | None, now: Tension) -> bool:
    return said is not None and msgspec.structs.replace(said, at=now.at) == now
