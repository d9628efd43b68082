"""How many bytes of records the client gives out in one call.

The client counts records: 500 of 1 MiB each, or of 64 MiB from small compressed batches, would be
given out at once. Here a call ends when its records weigh enough, and the rest waits, compressed.
"""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aiokafka.consumer import fetcher

from streams.expansion import HEADER, MOST, RECORD

if TYPE_CHECKING:
    from aiokafka import ConsumerRecord

UNREADABLE = "escalation.unreadable.batch"
"""Header of a record that stands for a whole batch which cannot be read; its value says why."""


@dataclass(slots=True)
class Room:
    """Bytes that one call may still give out."""

    left: int = MOST


_room: ContextVar[Room] = ContextVar("room")


class Fetcher(fetcher.Fetcher):
    """The client's fetcher; each call gives out ``most`` bytes, and the record that passes them."""

    def __init__(self, *args: Any, most: int = MOST, **options: Any) -> None:
        super().__init__(*args, **options)
        self._most = most

    async def fetched_records(self, *args: Any, **options: Any) -> Any:
        """Return records by partition, as the client does."""
        token = _room.set(Room(self._most))
        try:
            return await super().fetched_records(*args, **options)
        finally:
            _room.reset(token)


class FetchResult(fetcher.FetchResult):
    """What was fetched of one partition, given out as far as there is room."""

    _partition_records: Any

    def getall(self, max_records: int | None = None) -> list[ConsumerRecord]:
        """Return the next records, ``max_records`` at most."""
        found: list[ConsumerRecord] = []
        if not self.check_assignment(self._topic_partition) or not self.has_more():
            return found
        # A consumer that was made before the client was bounded has a fetcher of the client's own.
        room = _room.get(None) or Room()
        while room.left > 0 and len(found) != max_records:
            record = next(self._partition_records, None)
            if record is None:
                self._update_position()
                self._partition_records = None
                return found
            found.append(record)
            room.left = 0 if stands_for_batch(record) else room.left - weight(record)
        self._update_position()
        return found


def stands_for_batch(record: ConsumerRecord) -> bool:
    """Tell whether a record stands for a batch that cannot be read.

    To find that out took as much time and memory as a whole call may, so that it ends there.
    """
    return any(name == UNREADABLE for name, _ in record.headers)


def weight(record: ConsumerRecord) -> int:
    """Return how many bytes a record takes in memory, about."""
    headers = sum(HEADER + len(name) + len(value or b"") for name, value in record.headers)
    return RECORD + len(record.key or b"") + len(record.value or b"") + headers
