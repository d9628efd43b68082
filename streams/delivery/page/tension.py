"""Tension per pair in memory: the latest record of each pair, with the course that it carries."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

import msgspec

from streams.records import Tension, decode_tension

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_PAIRS = 1000

_encoder = msgspec.json.Encoder()


class TensionBoard:
    """What holds between each pair of states. The pair that was silent longest is dropped first."""

    def __init__(self, most_pairs: int = MOST_PAIRS) -> None:
        self._most_pairs = most_pairs
        self._pairs: OrderedDict[str, Tension] = OrderedDict()
        self._changed: set[str] = set()

    def __len__(self) -> int:
        return len(self._pairs)

    def take(self, value: bytes) -> None:
        """Take a record of the tension topic.

        Raises
        ------
        msgspec.DecodeError, UnicodeDecodeError, RecursionError
            The record is no tension.
        """
        tension = decode_tension(value)
        name = "-".join(tension.pair)
        self._pairs[name] = tension
        self._pairs.move_to_end(name)
        self._changed.add(name)
        while len(self._pairs) > self._most_pairs:
            silent, _ = self._pairs.popitem(last=False)
            self._changed.discard(silent)

    def drop(self, key: bytes | None) -> None:
        """Forget a pair, as an empty record of a compacted topic says."""
        self._pairs.pop((key or b"").decode(errors="replace"), None)

    def snapshot(self) -> bytes:
        """Return all pairs as a JSON array."""
        return _encoded(self._pairs.values())

    def changes(self) -> bytes | None:
        """Return the pairs that changed since the last call as a JSON array; None for none."""
        pairs = [self._pairs[name] for name in sorted(self._changed) if name in self._pairs]
        self._changed.clear()
        return _encoded(pairs) if pairs else None


def _encoded(pairs: Iterable[Tension]) -> bytes:
    return _encoder.encode(list(pairs))
