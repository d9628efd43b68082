"""A worker that is killed or told to stop in the middle of a feed, on a real broker."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import msgspec
import pytest
from harness.incidents import alerts_of
from harness.kafka import left, read_all, send
from harness.records import record
from harness.worker import WorkerProcess, wait_until

from classifier.corpus import load_corpus
from streams.records import Message, ModelRef, Signal, decode_alert, decode_signal
from streams.scoring import Scorer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from classifier import EscalationModel
    from streams.settings import Settings

pytestmark = [pytest.mark.kafka, pytest.mark.apache]

ITEMS = 2000
RATE = 700.0


@pytest.fixture
def feed(settings: Settings) -> list[Message]:
    """Return 2,000 items made of corpus texts, each with an id of its own."""
    texts = [example.text for example in load_corpus()[:ITEMS]]
    return [
        Message(
            settings.items_topic,
            str(number).encode(),
            msgspec.json.encode({"id": f"item-{number}", "text": text}),
        )
        for number, text in enumerate(texts)
    ]


@pytest.fixture
def worker(
    settings: Settings,
    tmp_path: Path,
    model: EscalationModel,  # noqa: ARG001 - the worker's process loads it
) -> Iterator[WorkerProcess]:
    """Return a worker that is running."""
    process = WorkerProcess(settings, tmp_path / "worker.log")
    process.start()
    yield process
    process.stop()


@pytest.fixture
def expected(feed: list[Message], model: EscalationModel) -> set[str]:
    """Return the ids of the items that must have a signal, scored here, without Kafka."""
    scorer = Scorer(model, ModelRef(version="", digest=""), 1 << 20)
    outcomes = scorer.score([record(message.value) for message in feed])
    return {outcome.signal.id for outcome in outcomes if outcome.signal is not None}


def _sending(settings: Settings, feed: list[Message]) -> threading.Thread:
    thread = threading.Thread(target=send, args=(settings, feed, RATE))
    thread.start()
    return thread


def _part_of_the_way(settings: Settings) -> None:
    wait_until("a part has its signals", lambda: len(_signals(settings)) > ITEMS // 12)


def _signals(settings: Settings) -> list[Signal]:
    return [decode_signal(each.value) for each in read_all(settings, settings.signals_topic)]


def test_kill_9_in_the_middle_of_2000_items_loses_none(
    settings: Settings, feed: list[Message], expected: set[str], worker: WorkerProcess
) -> None:
    sending = _sending(settings, feed)
    _part_of_the_way(settings)

    worker.kill()
    assert left(settings) > 0, "it was killed with work left"
    worker.start()
    sending.join()
    wait_until("everything is committed", lambda: left(settings) == 0, 90)

    signals = _signals(settings)
    alerts = {decode_alert(each.value).id for each in read_all(settings, settings.alerts_topic)}
    assert {signal.id for signal in signals} == expected
    told = alerts_of(settings, read_all(settings, settings.signals_topic))
    assert alerts == {alert.id for alert in told}
    assert read_all(settings, settings.dead_letters_topic) == []


def test_sigterm_in_the_middle_finishes_the_batch_and_repeats_nothing(
    settings: Settings, feed: list[Message], expected: set[str], worker: WorkerProcess
) -> None:
    sending = _sending(settings, feed)
    _part_of_the_way(settings)

    assert worker.terminate() == 0
    worker.start()
    sending.join()
    wait_until("everything is committed", lambda: left(settings) == 0, 90)

    assert sorted(signal.id for signal in _signals(settings)) == sorted(expected)
