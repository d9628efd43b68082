"""Send dead letters back to where they came from, each once.

The order is: publish the records, wait for the acknowledgements, mark the letters. A crash in
between sends a few records twice, as any redelivery does: ids are deterministic, so nobody is told
twice. A letter that is marked is not sent again, whoever asks.
"""

from __future__ import annotations

import collections
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from streams.dlq.letters import Place, mark, original
from streams.dlq.reading import read_at
from streams.feed import Publishes, publish_feed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from streams.dlq.reading import Known
    from streams.records import Message
    from streams.settings import Settings

CHUNK = 100
"""Records read before they are sent: what is held in memory, and redone after a crash."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """What came of a replay, in dead letters.

    Attributes
    ----------
    sent
        Sent back and marked; with ``dry_run`` those that would be.
    before
        Left alone, since they were sent back before.
    parked
        Left alone, since they failed too often or can be sent by no client.
    foreign
        Left alone, since they name a topic that is none of ours.
    """

    sent: int
    before: int
    parked: int
    foreign: int


async def replay(
    settings: Settings,
    known: Known,
    publisher: Publishes,
    *,
    rate: float | None = None,
    dry_run: bool = False,
    on_sent: Callable[[int], None] = lambda _: None,
) -> Replayed:
    """Send back each dead letter that waits.

    Parameters
    ----------
    settings
        Broker and topics.
    known
        What `read_letters` has found, by the caller's filter.
    publisher
        Returns when the records are acknowledged.
    rate
        Records a second; None for as fast as they are acknowledged.
    dry_run
        Count, and send nothing.
    on_sent
        Called with the number of letters after each acknowledgement.

    Raises
    ------
    KafkaError, AccessError
        The broker refuses; what was acknowledged and marked until then stays so.
    """
    states = {letter.place: known.state(letter) for letter in known.letters}
    places = {place for place, state in states.items() if state == "waiting"}
    if places and not dry_run:
        await _send_all(settings, places, publisher, rate, on_sent)
    counts = collections.Counter(states.values())
    return Replayed(
        sent=counts["waiting"],
        before=counts["replayed"],
        parked=counts["parked"],
        foreign=counts["foreign"],
    )


async def _send_all(
    settings: Settings,
    places: set[Place],
    publisher: Publishes,
    rate: float | None,
    on_sent: Callable[[int], None],
) -> None:
    paced = _Paced(settings.dead_letters_topic, publisher, rate, on_sent)
    chunk: list[Any] = []
    async for record in read_at(settings, places):
        chunk.append(record)
        if len(chunk) == CHUNK:
            await paced.send(chunk)
            chunk = []
    await paced.send(chunk)


class _Paced:
    """Publishes the records of a chunk at a rate, and marks each as soon as it is acknowledged."""

    def __init__(
        self,
        topic: str,
        publisher: Publishes,
        rate: float | None,
        on_sent: Callable[[int], None],
    ) -> None:
        self._topic = topic
        self._publisher = publisher
        self._rate = rate
        self._on_sent = on_sent
        self._unmarked: collections.deque[Place] = collections.deque()

    async def send(self, records: Sequence[Any]) -> None:
        self._unmarked.extend(Place(record.partition, record.offset) for record in records)
        messages = [original(record) for record in records]
        await publish_feed(messages, self, rate=self._rate, on_sent=self._on_sent)

    async def publish(self, messages: Sequence[Message]) -> None:
        await self._publisher.publish(messages)
        marks = [mark(self._topic, self._unmarked.popleft()) for _ in messages]
        await self._publisher.publish(marks)
