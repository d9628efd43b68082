"""Writes of a partition keep the order of the records that caused them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from aiokafka.errors import MessageSizeTooLargeError
from harness.alerts import alert

from streams.deadletters import is_cut_down
from streams.incidents.book import Change
from streams.incidents.writer import Writer
from streams.publisher import RefusedError
from streams.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streams.deadletters import Reason
    from streams.records import Message


class Kept:
    """A publisher that keeps what it is given, and refuses what is for some topics."""

    def __init__(self, *refused: str) -> None:
        self.messages: list[Message] = []
        self._refused = refused

    async def publish(self, messages: Sequence[Message]) -> None:
        """Keep messages."""
        for place, message in enumerate(messages):
            if message.topic in self._refused and not is_cut_down(message):
                raise RefusedError([(place, message, MessageSizeTooLargeError())])
            self.messages.append(message)


def written(*changes: Change) -> list[tuple[bytes | None, bytes | None]]:
    """Return what a writer publishes of changes that it takes one after the other."""
    kept = Kept()
    writer = Writer(load_settings(), kept)

    async def run() -> None:
        for change in changes:
            await writer.take(change)
        await writer.flush()

    asyncio.run(run())
    return [(each.key, each.value) for each in kept.messages]


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


def test_an_alert_that_is_refused_is_a_dead_letter_between_the_states_before_and_after() -> None:
    """A worker that takes over before the state after would tell it once more, the same."""
    settings = load_settings()
    for refused in ([settings.alerts_topic], [settings.alerts_topic, settings.dead_letters_topic]):
        kept = Kept(*refused)
        writer = Writer(settings, kept)
        change = Change("a", 0, b"before", alert=alert(), trace=b"t", after=b"after")

        async def run(writer: Writer = writer, change: Change = change) -> Reason | None:
            died = await writer.take(change)
            await writer.flush()
            return died

        died = asyncio.run(run())

        before, letter, after = kept.messages
        assert (before.value, after.value) == (b"before", b"after")
        assert letter.topic == settings.dead_letters_topic
        assert letter.key == alert().incident.encode()
        headers = dict(letter.headers)
        assert headers["__connect.errors.topic"] == settings.alerts_topic.encode()
        assert headers["__connect.errors.stage"] == b"incidents"
        assert headers["ce_id"] == alert().id.encode()
        assert died is not None
        assert died.error == "AlertRefused"
        assert is_cut_down(letter) == (len(refused) > 1)
