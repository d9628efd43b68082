"""Writes of a partition keep the order of the records that caused them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from streams.incidents.book import Change
from streams.incidents.writer import Writer
from streams.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streams.records import Message


class Kept:
    """A publisher that keeps what it is given."""

    def __init__(self) -> None:
        self.writes: list[tuple[bytes | None, bytes | None]] = []

    async def publish(self, messages: Sequence[Message]) -> None:
        """Keep messages."""
        self.writes += [(each.key, each.value) for each in messages]


def written(*changes: Change) -> list[tuple[bytes | None, bytes | None]]:
    """Return what a writer publishes of changes that it takes one after the other."""
    kept = Kept()
    writer = Writer(load_settings(), kept)

    async def run() -> None:
        for change in changes:
            await writer.take(change)
        await writer.flush()

    asyncio.run(run())
    return kept.writes


def test_a_key_that_changes_again_is_not_written_after_another_that_came_first() -> None:
    """A kill between the two would leave the clock of the later record, and not its state."""
    first, other, again = (
        Change(key, 0, value) for key, value in [("a", b"1"), ("b", b"2"), ("a", b"3")]
    )

    assert written(first, other, again) == [(b"a", b"1"), (b"b", b"2"), (b"a", b"3")]


def test_changes_of_one_key_with_no_other_between_them_are_one_write() -> None:
    assert written(Change("a", 0, b"1"), Change("a", 0, b"2")) == [(b"a", b"2")]


def test_a_key_that_is_forgotten_is_deleted() -> None:
    assert written(Change("a", 0, b"1"), Change("a", 0, forget=True)) == [(b"a", None)]
