"""Each record of a partition is processed once and in order, whatever is passed on."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from aiokafka import TopicPartition
from hypothesis import given
from hypothesis import strategies as st

from streams.incidents.in_order import InOrder

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from streams.incidents.in_order import Acknowledge

TP = TopicPartition("signals", 0)


@dataclass(frozen=True)
class Record:
    """A record of the one partition."""

    offset: int
    topic: str = TP.topic
    partition: int = TP.partition


class Log:
    """A partition's log, what was processed of it, and which deliveries were acknowledged."""

    def __init__(self, offsets: set[int], *, place: int = 0) -> None:
        self.offsets = offsets
        self.processed: list[int] = []
        self.acknowledged: list[int] = []
        self.moving = False
        self.now = 0.0
        self.order = InOrder(
            self._process,
            self._between,
            moving=lambda: self.moving,
            clock=lambda: self.now,
        )
        self.order.begin({TP: place})

    def deliver(self, *offsets: int) -> None:
        """Pass records on, as Faust does."""

        async def run() -> None:
            for offset in offsets:
                await self.order.take(Record(offset), partial(self.acknowledged.append, offset))

        asyncio.run(run())

    def catch_up(self, end: int) -> None:
        """Look for what was never passed on."""
        asyncio.run(self.order.catch_up({TP: end}, patience=5.0))

    async def _process(self, record: Record, acknowledge: Acknowledge) -> None:
        self.processed.append(record.offset)
        acknowledge()

    async def _between(self, tp: TopicPartition, start: int, stop: int) -> AsyncIterator[Record]:
        assert tp == TP
        for offset in sorted(self.offsets):
            if start <= offset < stop:
                yield Record(offset)


@given(
    st.sets(st.integers(0, 30), min_size=1),
    st.lists(st.integers(0, 200), max_size=60),
    st.integers(0, 30),
)
def test_any_deliveries_process_each_record_once_in_order(
    offsets: set[int], picks: list[int], place: int
) -> None:
    log = Log(offsets, place=place)
    existing = sorted(offsets)
    deliveries = [existing[pick % len(existing)] for pick in picks]

    log.deliver(*deliveries)

    latest = max((offset for offset in deliveries), default=-1)
    assert log.processed == [offset for offset in existing if place <= offset <= latest]
    assert sorted(log.acknowledged) == sorted(deliveries)


def test_what_was_never_passed_on_is_processed_when_nothing_comes_for_a_while() -> None:
    log = Log({0, 1, 2, 3})
    log.deliver(0)

    log.now = 4.0
    log.catch_up(4)
    assert log.processed == [0]

    log.now = 6.0
    log.catch_up(4)
    assert log.processed == [0, 1, 2, 3]


def test_nothing_is_processed_while_partitions_are_nobodys() -> None:
    log = Log({0, 1})
    log.order.end()

    log.deliver(0, 1)

    assert (log.processed, log.acknowledged) == ([], [0, 1])


def test_what_is_missing_is_left_alone_when_partitions_are_about_to_move() -> None:
    """The commit does not cover it, so that whoever gets the partition reads it."""
    log = Log({0, 1, 2})
    log.moving = True

    log.deliver(2)

    assert (log.processed, log.acknowledged) == ([], [2])


def test_a_new_beginning_reads_from_its_place() -> None:
    log = Log({0, 1, 2, 3})
    log.deliver(0, 1, 2)

    log.order.begin({TP: 1})
    log.deliver(3)

    assert log.processed == [0, 1, 2, 1, 2, 3]
