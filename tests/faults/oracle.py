"""The oracle: compares what is on the topics with what must be there."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from aiokafka import AIOKafkaConsumer
from faults.load import end_of

from streams.client import aiokafka_options
from streams.records import decode_signal

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from aiokafka import ConsumerRecord
    from faults.load import End

    from streams.settings import Settings

Place: TypeAlias = tuple[int, int]
"""Partition and offset."""

REASON = "__connect.errors."


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of a load.

    Attributes
    ----------
    sent
        Records on the items topic.
    lost
        Records that left no trace: the signal or dead letter that is due is missing.
    wrong
        Outputs that must not be there: of another kind than due, or not intact.
    repeated
        Outputs beyond the one of each record, before de-duplication.
    repeated_ids
        What is left of them after de-duplication by id: one id with different bytes.
    repeated_signals
        The signals among ``repeated``.
    dead
        Dead letters by stage.
    """

    sent: int
    lost: int
    wrong: int
    repeated: int
    repeated_ids: int
    repeated_signals: int
    dead: dict[str, int]


@dataclass(slots=True)
class Oracle:
    """Knows what must come of each record, by its number, and reads what came.

    Parameters
    ----------
    end_of
        Returns what must come of the record with a number.
    """

    end_of: Callable[[int], End] = end_of
    _items: dict[Place, tuple[int, bytes]] = field(default_factory=dict)
    _signals: dict[int, list[bytes]] = field(default_factory=lambda: defaultdict(list))
    _letters: dict[Place, list[tuple[str, bytes]]] = field(
        default_factory=lambda: defaultdict(list)
    )

    async def judge(self, settings: Settings) -> Verdict:
        """Read the topics of a finished run and compare."""
        async for item in read(settings, settings.items_topic):
            self._items[item.partition, item.offset] = int(item.key), _print(item)
        copies = Counter(number for number, _ in self._items.values())
        async for record in read(settings, settings.signals_topic):
            number = int(decode_signal(record.value).id.removeprefix("item-"))
            # Records that have expired are no longer ours to judge.
            if number in copies:
                self._signals[number].append(hashlib.sha256(record.value).digest())
        async for letter in read(settings, settings.dead_letters_topic):
            headers = dict(letter.headers)
            place = int(headers[REASON + "partition"]), int(headers[REASON + "offset"])
            if place in self._items:
                stage = headers[REASON + "stage"].decode()
                self._letters[place].append((stage, _print(letter)))
        return self._verdict(copies)

    def _verdict(self, copies: Counter[int]) -> Verdict:
        more_signals = sum(max(0, len(found) - copies[n]) for n, found in self._signals.items())
        more_letters = sum(len(found) - 1 for found in self._letters.values())
        return Verdict(
            sent=len(self._items),
            lost=sum(self._is_lost(place) for place in self._items),
            wrong=self._wrong(),
            repeated=more_signals + more_letters,
            repeated_ids=sum(max(0, len(set(f)) - copies[n]) for n, f in self._signals.items()),
            repeated_signals=more_signals,
            dead=dict(Counter(stage for found in self._letters.values() for stage, _ in found)),
        )

    def _is_lost(self, place: Place) -> bool:
        number, _ = self._items[place]
        due = self.end_of(number)
        return due != "nothing" and place not in self._letters and number not in self._signals

    def _wrong(self) -> int:
        signals = sum(len(f) for n, f in self._signals.items() if self.end_of(n) != "signal")
        letters = sum(
            (stage, mark) != (self.end_of(self._items[place][0]), self._items[place][1])
            for place, found in self._letters.items()
            for stage, mark in found
        )
        return signals + letters


async def read(settings: Settings, topic: str) -> AsyncIterator[ConsumerRecord]:
    """Yield every record that is on a topic now."""
    consumer = AIOKafkaConsumer(topic, **aiokafka_options(settings), auto_offset_reset="earliest")
    await consumer.start()
    try:
        ends = await consumer.end_offsets(consumer.assignment())
        while any([await consumer.position(tp) < end for tp, end in ends.items()]):
            for records in (await consumer.getmany(timeout_ms=500)).values():
                for record in records:
                    yield record
    finally:
        await consumer.stop()


def _print(record: ConsumerRecord) -> bytes:
    """Return a digest of what a dead letter must keep: key, value and original headers."""
    headers = [header for header in record.headers if not header[0].startswith(REASON)]
    kept = repr((record.key, record.value, headers))
    return hashlib.sha256(kept.encode()).digest()
