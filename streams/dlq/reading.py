"""Read the dead-letter topic: every letter, and which of them were sent back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from aiokafka import TopicPartition

from streams.dlq.letters import Letter, Place, marked
from streams.tail import read_records

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Collection

    from aiokafka import ConsumerRecord

    from streams.settings import Settings

State = Literal["waiting", "replayed", "parked", "foreign"]


@dataclass(frozen=True, slots=True)
class Known:
    """The dead letters that a filter passes, in the order of each partition, and their states.

    Attributes
    ----------
    letters
        Those that the filter passes.
    replayed
        The places of all that were sent back.
    limit
        Replays after which a letter is parked.
    ours
        The topics that letters are sent back to. Whoever may write dead letters must not write, by
        us, to whatever topic a header names.
    """

    letters: tuple[Letter, ...]
    replayed: frozenset[Place]
    limit: int
    ours: frozenset[str]

    def state(self, letter: Letter) -> State:
        """Return whether a letter waits, was sent back, failed too often, or is none of ours."""
        if letter.place in self.replayed:
            return "replayed"
        if letter.topic not in self.ours:
            return "foreign"
        return "waiting" if letter.sendable and letter.attempts < self.limit else "parked"


async def read_letters(settings: Settings, passes: Callable[[Letter], bool]) -> Known:
    """Return the dead letters that are in the topic now.

    Raises
    ------
    KafkaError
        The topic cannot be read.
    """
    letters: list[Letter] = []
    replayed: set[Place] = set()
    async for record in read_records(settings, settings.dead_letters_topic):
        if (place := marked(record)) is not None:
            replayed.add(place)
        elif passes(letter := Letter.of(record)):
            letters.append(letter)
    return Known(
        tuple(letters),
        frozenset(replayed),
        settings.replay_attempts,
        frozenset({settings.items_topic, settings.signals_topic}),
    )


async def read_at(settings: Settings, places: Collection[Place]) -> AsyncIterator[ConsumerRecord]:
    """Yield the records at some places, in the order of each partition."""
    topic = settings.dead_letters_topic
    first: dict[TopicPartition, int] = {}
    last: dict[TopicPartition, int] = {}
    for partition, offset in sorted(places):
        first.setdefault(TopicPartition(topic, partition), offset)
        last[TopicPartition(topic, partition)] = offset + 1
    async for record in read_records(settings, topic, start=first, end=last):
        if Place(record.partition, record.offset) in places:
            yield record


async def read_one(settings: Settings, place: Place) -> ConsumerRecord | None:
    """Return the dead letter at a place, or None when there is none."""
    async for record in read_at(settings, {place}):
        return None if marked(record) else record
    return None
