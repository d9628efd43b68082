"""The feed that all clients share."""

from __future__ import annotations

import asyncio

import pytest

from streams.delivery.page.feed import TOGETHER, BehindError, Feed, FeedClosedError, frame


def filled(count: int, longest: int = 1000) -> Feed:
    feed = Feed(longest)
    for number in range(count):
        feed.publish(b"%d," % number)
    return feed


def test_a_client_reads_on_from_its_cursor() -> None:
    assert filled(5).after(2) == (b"2,3,4,", 5)


def test_a_client_is_given_a_bounded_piece_at_once() -> None:
    frames, cursor = filled(TOGETHER + 9).after(0)

    assert (frames.count(b","), cursor) == (TOGETHER, TOGETHER)


def test_a_client_that_is_too_far_behind_is_told_so() -> None:
    feed = filled(11, longest=10)

    assert feed.after(1)[1] == 11
    with pytest.raises(BehindError, match="11 events behind"):
        feed.after(0)


def test_every_client_that_waits_is_woken_by_one_event() -> None:
    async def scenario() -> list[bool]:
        feed = Feed()
        waiting = [asyncio.create_task(feed.wait(0, 10)) for _ in range(50)]
        await asyncio.sleep(0)
        feed.publish(b"x")
        return await asyncio.gather(*waiting)

    assert asyncio.run(scenario()) == [True] * 50


def test_silence_ends_a_wait_with_nothing() -> None:
    assert asyncio.run(Feed().wait(0, 0.01)) is False


def test_a_closed_feed_ends_every_wait() -> None:
    async def scenario() -> None:
        feed = Feed()
        waiting = asyncio.create_task(feed.wait(0, 10))
        await asyncio.sleep(0)
        feed.close()
        await waiting

    with pytest.raises(FeedClosedError):
        asyncio.run(scenario())


def test_a_frame_is_an_event_by_the_standard() -> None:
    assert frame("alert", b"{}", "0:1") == b"id: 0:1\nevent: alert\ndata: {}\n\n"
