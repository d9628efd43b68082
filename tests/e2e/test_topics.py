"""Creating and checking the topics, on a real broker."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from streams.topics import check_topics, create_topics, wanted_topics

if TYPE_CHECKING:
    from streams.settings import Settings

pytestmark = [pytest.mark.kafka, pytest.mark.apache]


def test_created_topics_pass_the_check_and_are_not_created_twice(settings: Settings) -> None:
    assert asyncio.run(check_topics(settings)) == []
    assert asyncio.run(create_topics(settings)) == []


def test_a_missing_topic_is_named(settings: Settings) -> None:
    other = settings.model_copy(update={"alerts_topic": "not.there"})

    [fault] = asyncio.run(check_topics(other))

    assert fault.startswith("not.there: is missing")


def test_dead_letters_with_less_room_than_items_are_a_fault(settings: Settings) -> None:
    swapped = settings.model_copy(
        update={
            "items_topic": settings.dead_letters_topic,
            "dead_letters_topic": settings.items_topic,
        }
    )

    [fault] = asyncio.run(check_topics(swapped))

    assert "max.message.bytes must be at least" in fault


def test_the_dead_letter_topic_has_room_for_the_largest_item_and_its_reason(
    settings: Settings,
) -> None:
    sizes = {
        topic.name: int(topic.config["max.message.bytes"])
        for topic in wanted_topics(settings)
        if topic.name in (settings.items_topic, settings.dead_letters_topic)
    }

    assert sizes[settings.dead_letters_topic] > sizes[settings.items_topic]
