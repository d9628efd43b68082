"""What a broker refuses for good is told, and everything beside it is published."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from harness.kafka import configure, read_all

from streams.publisher import Publisher, RefusedError
from streams.records import Message

if TYPE_CHECKING:
    from streams.settings import Settings

pytestmark = [pytest.mark.kafka, pytest.mark.apache]


def test_a_record_that_fails_the_brokers_own_checks_is_refused_and_not_sent_for_ever(
    settings: Settings,
) -> None:
    """A compacted topic takes no record without a key: INVALID_RECORD, which no retry mends."""
    topic = settings.signals_topic
    configure(settings, topic, {"cleanup.policy": "compact"})
    messages = [Message(topic, key, b"v", partition=0) for key in (b"a", None, b"b")]

    async def publish() -> RefusedError:
        async with Publisher(settings, on_error=lambda _: None) as publisher:
            with pytest.raises(RefusedError, match=r"cleanup\.policy") as raised:
                await publisher.publish(messages)
        return raised.value

    refused = asyncio.run(asyncio.wait_for(publish(), 60))

    assert refused.places == [1]
    assert {each.key for each in read_all(settings, topic)} == {b"a", b"b"}
