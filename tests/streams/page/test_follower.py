"""What the page reads back at its start, and what it makes of a broker that changed or is gone."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from aiokafka import TopicPartition
from aiokafka.errors import KafkaConnectionError, TopicAuthorizationFailedError
from harness.alerts import alert
from harness.pages import Topic, build_page

from streams.delivery.page.follower import Follower, TopicStartedAnewError
from streams.progress import Progress
from streams.records import encode
from streams.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Mapping

ALERTS = load_settings().alerts_topic
FIRST, SECOND = (TopicPartition(ALERTS, partition) for partition in (0, 1))


class Consumer:
    """The questions of a consumer, answered from given offsets."""

    def __init__(
        self,
        begins: Mapping[TopicPartition, int],
        ends: Mapping[TopicPartition, int] | Exception,
        in_time: Mapping[TopicPartition, int | None] | None = None,
    ) -> None:
        self._begins, self._ends, self._in_time = begins, ends, in_time or {}

    def assignment(self) -> set[TopicPartition]:
        return set(self._begins)

    async def beginning_offsets(self, _: Any) -> Mapping[TopicPartition, int]:
        return self._begins

    async def end_offsets(self, _: Any) -> Mapping[TopicPartition, int]:
        if isinstance(self._ends, Exception):
            raise self._ends
        return self._ends

    async def offsets_for_times(self, asked: Any) -> dict[TopicPartition, Any]:
        found = {tp: self._in_time.get(tp) for tp in asked}
        return {
            tp: None if offset is None else SimpleNamespace(offset=offset)
            for tp, offset in found.items()
        }


def follower(**settings: Any) -> tuple[Follower, Progress, Any]:
    """Return a follower of a page with one alert, what it tells, and its desk."""
    topic = Topic(1)
    topic.add(encode(alert()), 0, "i")
    desk = build_page(topic).desk
    progress = Progress(60.0)
    return Follower(load_settings(**settings), desk, progress), progress, desk


@pytest.mark.parametrize(
    ("begin", "end", "in_time", "start"),
    [
        pytest.param(0, 40, 0, 0, id="all of a short topic"),
        pytest.param(0, 900, 0, 850, id="its share of the alerts"),
        pytest.param(0, 900, 880, 880, id="no older than the days"),
        pytest.param(0, 900, None, 900, id="nothing, when all is older"),
        pytest.param(870, 900, 0, 870, id="no more than is kept"),
    ],
)
def test_reading_back_begins_at_the_first_alert_that_is_wanted(
    begin: int, end: int, in_time: int | None, start: int
) -> None:
    async def scenario() -> dict[TopicPartition, int]:
        reader, _, _ = follower(page_alerts=100)
        ends = {FIRST: end, SECOND: 0}
        consumer: Any = Consumer({FIRST: begin, SECOND: 0}, ends, {FIRST: in_time})
        return await reader._starts(consumer, ends)

    assert asyncio.run(scenario()) == {FIRST: start, SECOND: 0}


def test_a_topic_that_was_made_again_is_noticed_and_read_anew() -> None:
    async def scenario() -> int:
        reader, _, desk = follower()
        consumer: Any = Consumer({FIRST: 0}, {FIRST: 0})
        with pytest.raises(TopicStartedAnewError, match="partition 0"):
            await reader._check(consumer)
        desk.start_anew()
        assert not desk.loaded.is_set()
        return len(desk.store)

    assert asyncio.run(scenario()) == 0


def test_a_broker_that_does_not_answer_makes_the_page_stale_until_it_does() -> None:
    async def scenario() -> tuple[list[bool], list[list[str]]]:
        reader, progress, desk = follower()
        fresh, told = [], []
        for ends in (KafkaConnectionError("gone"), {FIRST: 1}):
            consumer: Any = Consumer({FIRST: 0}, ends)
            await reader._check(consumer)
            fresh.append(desk.fresh)
            told.append(progress.ready_faults())
        return fresh, told

    assert asyncio.run(scenario()) == ([False, True], [["broker: KafkaConnectionError"], []])


def test_a_refusal_ends_the_worker_with_its_words_and_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def refused(_: Follower) -> None:
        raise TopicAuthorizationFailedError(ALERTS)

    monkeypatch.setattr(Follower, "_read_until_stopped", refused)

    async def scenario() -> tuple[str | None, bool]:
        reader, progress, _ = follower()
        await reader.start()
        await reader._crashed.wait()
        await reader.stop()
        return progress.fatal, reader.crashed

    fatal, crashed = asyncio.run(scenario())

    assert crashed
    assert fatal is not None
    assert f"denies this user access to {ALERTS} (ESCALATION_ALERTS_TOPIC)" in fatal
    assert "Traceback" not in "".join(capsys.readouterr())
