"""Moments that people write and read: `2h` ago, `3 min ago`, and offsets of a topic at a time."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from aiokafka import AIOKafkaConsumer

from streams.client import aiokafka_options

if TYPE_CHECKING:
    from aiokafka import TopicPartition

    from streams.settings import Settings

SPAN = re.compile(r"(\d+)\s*([smhdw])")
UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
AGES = (("min", 60, 3600), ("h", 3600, 2 * 86400), ("days", 86400, float("inf")))
"""Name and length in seconds of each unit, and the age up to which it is used."""


def parse_moment(text: str, now: datetime) -> datetime:
    """Return the moment that a person wrote: ``30m``, ``2h`` or ``7d`` ago, or RFC 3339.

    A time without zone is UTC.

    Raises
    ------
    ValueError
        It is neither.
    """
    span = SPAN.fullmatch(text.strip())
    try:
        if span is not None:
            return now - timedelta(**{UNITS[span[2]]: int(span[1])})
        when = datetime.fromisoformat(text.strip())
    except (ValueError, OverflowError):
        raise ValueError(f"{text} is no moment: write 30m, 2h, 7d or 2026-11-02T07:00Z") from None
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def age(when: datetime, now: datetime) -> str:
    """Return how long ago it was, in words; "just now" for less than a minute and the future."""
    seconds = (now - when).total_seconds()
    if seconds < AGES[0][1]:
        return "just now"
    name, length = next((name, length) for name, length, upto in AGES if seconds < upto)
    return f"{int(seconds // length)} {name} ago"


async def offsets_at(settings: Settings, topic: str, when: datetime) -> dict[TopicPartition, int]:
    """Return, for each partition, the offset of the first record published at or after a moment.

    Where there is none yet it is the end of the partition.
    """
    consumer = AIOKafkaConsumer(topic, **aiokafka_options(settings))
    await consumer.start()
    try:
        partitions = consumer.assignment()
        ends = await consumer.end_offsets(partitions)
        found = await consumer.offsets_for_times(
            dict.fromkeys(partitions, int(when.timestamp() * 1000))
        )
        return {tp: found[tp].offset if found.get(tp) else ends[tp] for tp in partitions}
    finally:
        await consumer.stop()
