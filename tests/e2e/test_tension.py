"""Tension on a real broker: signals in, one record for each pair out, right after any crash."""

from __future__ import annotations

import random
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from harness.kafka import read_all, send
from harness.signals import THAILAND, peace, signal
from harness.worker import WorkerProcess, wait_until

from classifier import Actor
from streams.records import Message, Signal, Tension, decode_tension, encode
from streams.tension import PairTension, add, tension_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from streams.settings import Settings

pytestmark = pytest.mark.kafka

NEIGHBOURS = ("KHM", "LAO", "MMR")


@pytest.fixture
def quick(settings: Settings) -> Settings:
    """Return settings under which tension is published without a wait."""
    return settings.model_copy(update={"tension_interval": 0.2})


@pytest.fixture
def worker(quick: Settings, tmp_path: Path) -> Iterator[WorkerProcess]:
    """Return a worker of the incidents stage; it is stopped at the end."""
    process = WorkerProcess(quick, tmp_path / "worker.log", stage="incidents")
    yield process
    process.stop()


def signals(count: int, seed: int) -> list[Signal]:
    """Return signals of the last day about three pairs, hostile and conciliatory, in any order."""
    draw = random.Random(seed)
    now = datetime.now(UTC).replace(microsecond=0)
    made = []
    for number in range(count):
        state = NEIGHBOURS[number % len(NEIGHBOURS)]
        at = now - timedelta(seconds=draw.randrange(20 * 3600))
        told: dict[str, Any] = {
            "key": "-".join(sorted((state, "THA"))),
            "actors": (THAILAND, Actor(state, state, "target")),
            "published_at": at,
            "ingested_at": now,
        }
        make = peace if draw.random() < 0.2 else signal
        made.append(make(f"{seed}-{number}", **told))
    return made


def deliver(settings: Settings, given: Iterable[Signal]) -> None:
    topic = settings.signals_topic
    send(settings, [Message(topic, each.key.encode(), encode(each)) for each in given])


def latest(settings: Settings) -> dict[tuple[str, str], Tension]:
    records = read_all(settings, settings.tension_topic)
    tensions = [decode_tension(record.value or b"") for record in records]
    return {each.pair: each for each in tensions}


def folded(given: Iterable[Signal]) -> dict[tuple[str, str], PairTension]:
    states: dict[tuple[str, str], PairTension] = {}
    for each in given:
        assert each.published_at is not None
        first, second = each.key.split("-")
        known = states.get((first, second))
        states[first, second] = add(known, each, each.published_at)
    return states


def counts(tensions: Iterable[Tension]) -> dict[tuple[str, str], int]:
    return {each.pair: each.signals["7d"] for each in tensions}


def wait_for_all(settings: Settings, worker: WorkerProcess, given: list[Signal]) -> None:
    """Return when every signal is counted; else tell what is missing and what the worker said."""
    wanted = counts(tension_of(state, datetime.now(UTC)) for state in folded(given).values())
    try:
        wait_until("all is counted", lambda: counts(latest(settings).values()) == wanted, 90)
    except AssertionError as error:
        told = counts(latest(settings).values())
        error.add_note(f"told {told}, wanted {wanted}; {worker.log[-3000:]}")
        raise


def assert_right(settings: Settings, given: list[Signal]) -> None:
    states, told = folded(given), latest(settings)
    assert told == {pair: tension_of(states[pair], told[pair].at) for pair in told}


def test_signals_raise_and_lower_the_tension_of_their_pair(
    quick: Settings, worker: WorkerProcess
) -> None:
    given = signals(60, seed=1)
    worker.start()
    deliver(quick, given)

    wait_for_all(quick, worker, given)

    assert_right(quick, given)
    assert 'escalation_tension{pair="KHM-THA",window="24h"}' in worker.get("/metrics")


def test_nothing_is_counted_twice_or_lost_by_crashes_and_redelivery(
    quick: Settings, worker: WorkerProcess
) -> None:
    """The worker is killed in the middle, and the stage before it sends some signals again."""
    given = signals(120, seed=2)
    worker.start()
    for part in range(3):
        deliver(quick, given[part * 40 : part * 40 + 40])
        time.sleep(random.Random(part).random())
        worker.kill()
        worker.start()
        deliver(quick, given[part * 40 : part * 40 + 10])

    wait_for_all(quick, worker, given)

    # Whatever is still to come, such as a signal that comes again, comes before these of each pair.
    last = signals(len(NEIGHBOURS), seed=3)
    deliver(quick, last)
    wait_for_all(quick, worker, given + last)
    assert_right(quick, given + last)
