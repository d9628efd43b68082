"""The load: a mix of good and bad records, and for each what must come of it."""

from __future__ import annotations

import asyncio
import json
import random
import time
from typing import TYPE_CHECKING, Literal, TypeAlias

from streams.publisher import Publisher
from streams.records import Message

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from streams.settings import Settings

End: TypeAlias = Literal["signal", "nothing", "decode", "score"]
"""A signal, nothing, or a dead letter of a stage."""

TICK_SECONDS = 0.05
HEADERS = (("origin", b"load"),)


def _item(number: int, text: str) -> bytes:
    return json.dumps({"id": f"item-{number}", "title": "News", "text": text}).encode()


def _twice(number: int) -> bytes:
    # Of a key that stands twice, the last counts.
    return b'{"id": "item-%d", "text": "calm", "text": "troops move"}' % number


KINDS: Mapping[str, tuple[int, End, Callable[[int], bytes | None]]] = {
    # kind: how many of a thousand, what must come of it, its bytes
    "ordinary": (700, "nothing", lambda n: _item(n, "The market opens at nine. " * 20)),
    "alert": (170, "signal", lambda n: _item(n, "troops move to the border. " * 20)),
    "duplicate keys": (20, "signal", _twice),
    "truncated": (20, "decode", lambda n: _item(n, "troops move")[:-9]),
    "wrong types": (20, "decode", lambda n: b'{"id": "%d", "text": ["troops"]}' % n),
    "invalid UTF-8": (16, "decode", lambda n: b'{"id": "%d", "text": "troops \xff\xfe"}' % n),
    "empty": (10, "decode", lambda _: b""),
    "tombstone": (10, "decode", lambda _: None),
    "nested": (10, "decode", lambda _: b'{"text": ' + b"[" * 5000 + b"]" * 5000 + b"}"),
    "NaN": (10, "decode", lambda n: b'{"id": "%d", "text": "troops", "score": NaN}' % n),
    "not an object": (10, "decode", lambda n: b"[%d]" % n),
    "2 MB": (2, "decode", lambda n: _item(n, "troops " * 300_000)),
    "bug": (2, "score", lambda n: _item(n, "explode")),
}
# Each thousand numbers hold every kind in its share, shuffled once and for all.
_ORDER = [kind for kind, (share, _, _) in KINDS.items() for _ in range(share)]
random.Random(6).shuffle(_ORDER)


def kind_of(number: int) -> str:
    """Return the kind of a record by its number."""
    return _ORDER[number % len(_ORDER)]


def end_of(number: int) -> End:
    """Return what must come of a record."""
    return KINDS[kind_of(number)][1]


def message(number: int, topic: str) -> Message:
    """Return a record; its number is its key."""
    value = KINDS[kind_of(number)][2](number)
    return Message(topic, b"%d" % number, value, HEADERS)


class Load:
    """Sends records at a rate until it is stopped; late ones are caught up with.

    Parameters
    ----------
    settings
        Where to; straight to the broker, not through what the worker suffers.
    rate
        Records a second.
    make
        Returns the record with a number, for a topic.
    """

    def __init__(
        self,
        settings: Settings,
        rate: float,
        make: Callable[[int, str], Message] = message,
    ) -> None:
        self._settings = settings
        self._rate = rate
        self._make = make
        self._stopped = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self.sent = 0

    def start(self) -> None:
        """Begin to send."""
        self._task = asyncio.create_task(self._send())

    async def stop(self) -> None:
        """Send what is due, and return when it is acknowledged."""
        self._stopped.set()
        if self._task is not None:
            await self._task

    async def _send(self) -> None:
        async with Publisher(self._settings, on_error=lambda _: None) as publisher:
            begun = time.monotonic()
            while not self._stopped.is_set():
                due = int((time.monotonic() - begun) * self._rate)
                numbers = range(self.sent, min(due, self.sent + 1000))
                await publisher.publish(
                    [self._make(n, self._settings.items_topic) for n in numbers]
                )
                self.sent += len(numbers)
                await asyncio.sleep(TICK_SECONDS)
