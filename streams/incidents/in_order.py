"""The records of a topic each once and in order, whatever Faust passes on.

Around a rebalance Faust passes records on that come after others which it has dropped, and some of
them twice (`streams.faust_consumer`). Who keeps state by offset would take the ones between for
known. Here each partition has a place, the offset of the record that comes next; what is before it
has been processed, and when a record is after it, the ones between are read from the broker first.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from inspect import isawaitable
from typing import TYPE_CHECKING, Any, Protocol

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition

from streams.client import aiokafka_options

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Mapping

    from aiokafka import ConsumerRecord

    from streams.settings import Settings

log = structlog.get_logger(__name__)

POLL_MILLISECONDS = 200


class Between(Protocol):
    """Reads the records of a partition from one offset to before another."""

    def __call__(self, tp: TopicPartition, start: int, stop: int) -> AsyncIterator[ConsumerRecord]:
        """Yield the records that exist, in order."""


Acknowledge = Callable[[], Any]
"""Called when a record is done with; what it returns is awaited if it can be."""


class InOrder:
    """Passes the records of one topic on, in order.

    Parameters
    ----------
    process
        Takes a record and returns when it is processed, which is before it is acknowledged.
    between
        Reads what is missing.
    moving
        Tells whether partitions are about to move, so that nothing more is read.
    clock
        Monotonic seconds.
    """

    def __init__(
        self,
        process: Callable[[ConsumerRecord, Acknowledge], Awaitable[None]],
        between: Between,
        *,
        moving: Callable[[], bool] = lambda: False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._process = process
        self._between = between
        self._moving = moving
        self._clock = clock
        self._lock = asyncio.Lock()
        self._next: dict[TopicPartition, int] = {}
        self._heard: dict[TopicPartition, float] = {}

    def begin(self, places: Mapping[TopicPartition, int]) -> None:
        """Begin with these partitions, each at its place; all others are no more ours."""
        self._next = dict(places)
        self._heard = dict.fromkeys(places, self._clock())

    def end(self) -> None:
        """Take nothing until the next beginning: partitions are moving."""
        self._next = {}

    async def take(self, record: ConsumerRecord, acknowledge: Acknowledge) -> None:
        """Process what is missing before a record, and the record, unless that was done before."""
        tp = TopicPartition(record.topic, record.partition)
        async with self._lock:
            await self._fill(tp, record.offset)
            if self._next.get(tp) == record.offset:
                await self._one(tp, record, acknowledge)
                return
        # It was processed before, or will be read again by whoever gets the partition.
        result = acknowledge()
        if isawaitable(result):
            await result

    async def catch_up(self, ends: Mapping[TopicPartition, int], patience: float) -> None:
        """Process what Faust has never passed on, of partitions not heard of for some seconds.

        Parameters
        ----------
        ends
            Partition -> offset that the next record to be written will have.
        patience
            Seconds.
        """
        for tp, end in ends.items():
            async with self._lock:
                if self._clock() - self._heard.get(tp, self._clock()) >= patience:
                    await self._fill(tp, end)

    async def _fill(self, tp: TopicPartition, stop: int) -> None:
        """Process the records between the place of a partition and an offset."""
        places = self._next
        start = places.get(tp, stop)
        if start >= stop:
            return
        log.info(
            "reading_what_was_passed_over",
            topic=tp.topic,
            partition=tp.partition,
            start=start,
            stop=stop,
        )
        async for missing in self._between(tp, start, stop):
            if self._moving() or places is not self._next:
                return
            await self._one(tp, missing, _nothing)
        if places is self._next:
            # What is not there now will not come: the log has holes of its own.
            places[tp] = stop

    async def _one(
        self, tp: TopicPartition, record: ConsumerRecord, acknowledge: Acknowledge
    ) -> None:
        places = self._next
        await self._process(record, acknowledge)
        self._heard[tp] = self._clock()
        if places is self._next:
            places[tp] = record.offset + 1


def _nothing() -> None:
    """Faust does not wait for a record that it has not passed on."""


def reader(settings: Settings) -> Between:
    """Return what reads missing records, with a consumer of its own and outside the group."""

    async def read(tp: TopicPartition, start: int, stop: int) -> AsyncIterator[ConsumerRecord]:
        consumer = AIOKafkaConsumer(
            **aiokafka_options(settings), enable_auto_commit=False, auto_offset_reset="earliest"
        )
        await consumer.start()
        try:
            consumer.assign([tp])
            consumer.seek(tp, start)
            while await consumer.position(tp) < stop:
                fetched = await consumer.getmany(tp, timeout_ms=POLL_MILLISECONDS)
                for record in fetched.get(tp, []):
                    if record.offset < stop:
                        yield record
        finally:
            await consumer.stop()

    return read
