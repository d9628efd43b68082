"""Publish a file of items, one record a line, at the pace that is asked for.

A line is sent as it stands, bytes and all: a malformed line is a malformed record, as a careless
producer would send it.
"""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Protocol

from streams.records import Message

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Sequence
    from pathlib import Path

SOURCE_HEADER = "feed"


class Publishes(Protocol):
    """The part of `Publisher` that a feed needs."""

    async def publish(self, messages: Sequence[Message]) -> None:
        """Return when all messages are acknowledged."""


def read_feed(path: Path, topic: str) -> Iterator[Message]:
    """Yield a message for each line that is not blank, with ``file:line`` as key and header.

    Raises
    ------
    OSError
        The file cannot be read.
    """
    with path.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            value = line.rstrip(b"\r\n")
            if value:
                place = f"{path.name}:{number}".encode()
                yield Message(topic, place, value, ((SOURCE_HEADER, place),))


async def publish_feed(
    messages: Sequence[Message],
    publisher: Publishes,
    *,
    rate: float | None,
    on_sent: Callable[[int], None] = lambda _: None,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> None:
    """Publish the messages, ``rate`` a second, or as fast as they are acknowledged when None.

    ``on_sent`` is called with the number of messages after each acknowledgement.
    """
    if rate is None:
        for start in range(0, len(messages), 500):
            chunk = messages[start : start + 500]
            await publisher.publish(chunk)
            on_sent(len(chunk))
        return
    begun = clock()
    for index, message in enumerate(messages):
        await sleep(max(0.0, begun + index / rate - clock()))
        await publisher.publish([message])
        on_sent(1)
