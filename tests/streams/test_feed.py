"""Publishing a feed."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from streams.feed import publish_feed, read_feed
from streams.retry import Backoff
from streams.run import DEMO_FEED

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from streams.records import Message


class Recorder:
    """Keeps what is published."""

    def __init__(self) -> None:
        self.batches: list[int] = []

    async def publish(self, messages: Sequence[Message]) -> None:
        self.batches.append(len(messages))


def test_a_line_is_sent_as_it_stands_with_its_place_as_key(tmp_path: Path) -> None:
    file = tmp_path / "f.jsonl"
    file.write_bytes(b'{"id": 1}\r\n\n\xff broken\n')

    messages = list(read_feed(file, "items"))

    assert [(m.key, m.value) for m in messages] == [
        (b"f.jsonl:1", b'{"id": 1}'),
        (b"f.jsonl:3", b"\xff broken"),
    ]
    assert messages[0].headers == (("feed", b"f.jsonl:1"),)


def test_the_demo_feed_has_the_size_that_it_should() -> None:
    assert len(list(read_feed(DEMO_FEED, "items"))) >= 60


def test_a_rate_spaces_the_messages_by_the_clock() -> None:
    now = [0.0]
    pauses: list[float] = []

    async def sleep(seconds: float) -> None:
        pauses.append(round(seconds, 6))
        now[0] += seconds

    messages = list(read_feed(DEMO_FEED, "items"))[:4]
    asyncio.run(publish_feed(messages, Recorder(), rate=2.0, sleep=sleep, clock=lambda: now[0]))

    assert pauses == [0.0, 0.5, 0.5, 0.5]


def test_without_a_rate_messages_go_in_chunks() -> None:
    recorder = Recorder()
    messages = list(read_feed(DEMO_FEED, "items"))
    sent: list[int] = []

    asyncio.run(publish_feed(messages * 10, recorder, rate=None, on_sent=sent.append))

    assert recorder.batches == sent == [500, len(messages) * 10 - 500]


def test_pauses_grow_to_the_longest_with_jitter() -> None:
    lengths: list[float] = []

    async def sleep(seconds: float) -> None:
        lengths.append(seconds)

    backoff = Backoff(1.0, 4.0, sleep=sleep)

    async def pauses() -> None:
        for _ in range(5):
            await backoff.pause()

    asyncio.run(pauses())

    for length, full in zip(lengths, [1.0, 2.0, 4.0, 4.0, 4.0], strict=True):
        assert full / 2 <= length <= full
