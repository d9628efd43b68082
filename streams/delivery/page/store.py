"""The latest alerts in memory, bounded in number and in bytes."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from streams.delivery.page.brief import Brief, brief_of
from streams.records import decode_alert

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from streams.delivery.page.position import Position

ENTRY_BYTES = 2000
"""Memory of an entry beside its two JSON texts, measured; it counts towards the bound."""

_encoder = msgspec.json.Encoder()


class PositionLostError(LookupError):
    """What follows a client's position is no longer here, or never was; it must load anew."""


class Entry(NamedTuple):
    """One alert in the store.

    Attributes
    ----------
    brief, wire
        What the page needs of it, and the same as JSON: encoded once for all clients.
    value
        The whole alert, as it was on the topic.
    """

    partition: int
    offset: int
    brief: Brief
    wire: bytes
    value: bytes

    @property
    def size(self) -> int:
        """Bytes that it counts for."""
        return len(self.wire) + len(self.value) + ENTRY_BYTES


class AlertStore:
    """Alerts in the order in which they came, the oldest dropped first.

    Parameters
    ----------
    most_alerts, most_bytes
        The bounds; the newest alert stays whatever its size.
    """

    def __init__(self, most_alerts: int, most_bytes: int) -> None:
        self._most_alerts, self._most_bytes = most_alerts, most_bytes
        self._entries: deque[Entry] = deque()
        self._incidents: dict[str, list[Entry]] = {}
        self._next: Position = {}
        self._kept_from: Position = {}
        self._bytes = 0

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def size(self) -> int:
        """Bytes that the entries count for."""
        return self._bytes

    @property
    def position(self) -> Position:
        """A copy of the next offset of each partition."""
        return dict(self._next)

    def clear(self) -> None:
        """Forget all, positions too."""
        for part in (self._entries, self._incidents, self._next, self._kept_from):
            part.clear()
        self._bytes = 0

    def begin(self, starts: Mapping[int, int]) -> None:
        """Say from which offset on each partition is read."""
        self._next.update(starts)
        self._kept_from.update(starts)

    def add(self, partition: int, offset: int, told: int, value: bytes) -> Entry | None:
        """Add a record; None when it was seen before (by offset, or by the alert's id).

        Raises
        ------
        msgspec.DecodeError, UnicodeDecodeError, RecursionError
            The record is no alert. It is passed over all the same.
        """
        if offset < self._next.get(partition, 0):
            return None
        self._next[partition] = offset + 1
        self._kept_from.setdefault(partition, offset)
        brief = brief_of(decode_alert(value), told)
        siblings = self._incidents.get(brief.incident, [])
        if any(entry.brief.id == brief.id for entry in siblings):
            return None
        entry = Entry(partition, offset, brief, _encoder.encode(brief), value)
        self._incidents.setdefault(brief.incident, []).append(entry)
        self._entries.append(entry)
        self._bytes += entry.size
        while len(self._entries) > 1 and self._is_full():
            self._drop_oldest()
        return entry

    def passed(self, partition: int, offset: int) -> None:
        """Say that a partition was read up to ``offset``, whatever records there were."""
        self._next[partition] = max(offset, self._next.get(partition, 0))
        self._kept_from.setdefault(partition, 0)

    def newest_first(self) -> Iterator[Entry]:
        """Yield the entries, the latest first."""
        return reversed(self._entries)

    def incident(self, incident: str) -> list[Entry]:
        """Return the alerts of an incident in the order in which they came."""
        return list(self._incidents.get(incident, ()))

    def since(self, position: Mapping[int, int]) -> list[Entry]:
        """Return what a client at ``position`` has not seen, in the order in which it came.

        Raises
        ------
        PositionLostError
            Something after the position is not in the store any more, or the topic ends before it.
        """
        for partition, offset in position.items():
            if offset > self._next.get(partition, 0):
                raise PositionLostError(f"partition {partition} ends before offset {offset}")
        for partition, kept_from in self._kept_from.items():
            if position.get(partition, 0) < kept_from:
                raise PositionLostError(f"partition {partition} is kept from offset {kept_from}")
        missed: list[Entry] = []
        left = sum(self._next.values()) - sum(position.values())
        for entry in self.newest_first():
            if left <= 0:
                break
            if entry.offset >= position.get(entry.partition, 0):
                missed.append(entry)
                left -= 1
        missed.reverse()
        return missed

    def _is_full(self) -> bool:
        return len(self._entries) > self._most_alerts or self._bytes > self._most_bytes

    def _drop_oldest(self) -> None:
        entry = self._entries.popleft()
        self._bytes -= entry.size
        self._kept_from[entry.partition] = entry.offset + 1
        siblings = self._incidents[entry.brief.incident]
        siblings.pop(0)
        if not siblings:
            del self._incidents[entry.brief.incident]
