"""Which records of tension are published, and which gauges are shown."""

from __future__ import annotations

from datetime import timedelta

import pytest
from harness.signals import NOON, THAILAND, signal
from prometheus_client import CollectorRegistry

from classifier import Actor
from streams.metrics import Metrics
from streams.records import decode_tension
from streams.tension import PairTension, add, tension_of
from streams.tension.board import TensionBoard, tension_message
from streams.tension.gauges import show

CLOCK = NOON.timestamp()
MINUTE, HOUR = 60.0, 3600.0


def state(target: str = "KHM", severity: float = 6.5, age: timedelta = timedelta()) -> PairTension:
    at = NOON - age
    actors = (THAILAND, Actor(target, target, "target"))
    return add(
        None,
        signal(severity=severity, key="-".join(sorted((target, "THA"))), actors=actors),
        at,
    )


def gauges(metrics: Metrics) -> dict[tuple[str, str], float]:
    [family] = metrics.tension.collect()
    return {(s.labels["pair"], s.labels["window"]): s.value for s in family.samples}


def test_a_record_is_due_once_and_again_when_it_says_something_new() -> None:
    board = TensionBoard()
    first = board.now([state()], CLOCK)

    assert board.due(first) == first
    board.published(first)
    assert board.due(board.now([state()], CLOCK + MINUTE)) == []
    [later] = board.due(board.now([state()], CLOCK + 6 * MINUTE))
    assert later.value["1h"] < first[0].value["1h"]


def test_a_pair_is_told_down_to_zero_and_then_no_more() -> None:
    board = TensionBoard()
    said = []
    for hour in range(10 * 24):
        due = board.due(board.now([state()], CLOCK + hour * HOUR))
        board.published(due)
        said += due

    assert set(said[-1].value.values()) == {0.0}
    assert set(said[-1].course["7d"]) == {0.0}
    assert said[-1].at == NOON + timedelta(days=7)


def test_what_was_not_acknowledged_is_due_again() -> None:
    board = TensionBoard()

    assert board.due(board.now([state()], CLOCK)) == board.due(board.now([state()], CLOCK))


def test_a_pair_that_comes_back_from_another_worker_is_told_anew() -> None:
    board = TensionBoard()
    first = board.now([state()], CLOCK)
    board.published(first)
    board.keep([])

    assert board.due(first) == first


def test_a_replayed_week_has_its_own_present() -> None:
    """An item of noon arrives a month later: tension is that of noon, and fades from there."""
    late = signal(ingested_at=NOON + timedelta(days=30))
    replayed = add(None, late, NOON)
    arrival = CLOCK + 30 * 24 * HOUR

    [at_once] = TensionBoard().now([replayed], arrival)
    [hour_later] = TensionBoard().now([replayed], arrival + HOUR)

    assert at_once.value["1h"] == 6.5
    assert hour_later.value["1h"] == 0.0
    assert hour_later.value["24h"] > 0


def test_an_item_without_a_time_does_not_make_today_the_present_of_a_replayed_week() -> None:
    """It came first, and counts in the hop of its arrival; the others still say when it is."""
    arrival = NOON + timedelta(days=30)
    timeless = add(None, signal("t", published_at=None, ingested_at=arrival), arrival)
    replayed = add(None, signal("r", ingested_at=arrival), NOON)

    _, told = TensionBoard().now([timeless, replayed], arrival.timestamp())

    assert told.value["24h"] == 6.5


def test_a_record_survives_its_way_over_the_wire_under_its_pair() -> None:
    tension = tension_of(state(), NOON)
    message = tension_message(tension, "tension")

    assert (message.topic, message.key) == ("tension", b"KHM-THA")
    assert message.value is not None
    assert decode_tension(message.value) == tension


def test_the_tensest_pairs_have_gauges_and_the_rest_is_summed() -> None:
    metrics = Metrics(CollectorRegistry())
    pairs = [state("KHM", 9.0), state("LAO", 3.0), state("MMR", 2.0), state("VNM", 8.0)]

    show(metrics.tension, [tension_of(each, NOON) for each in pairs], limit=2)

    assert gauges(metrics) == {
        (pair, window): value
        for window in ("1h", "24h", "7d")
        for pair, value in (("KHM-THA", 9.0), ("THA-VNM", 8.0), ("other", 5.0))
    }


def test_a_pair_that_is_gone_has_no_gauge_any_more() -> None:
    metrics = Metrics(CollectorRegistry())
    show(metrics.tension, [tension_of(state(), NOON)], limit=1)

    show(metrics.tension, [], limit=1)

    assert gauges(metrics) == {}


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_of_equals_the_first_by_name_has_the_gauge(order: tuple[int, int]) -> None:
    metrics = Metrics(CollectorRegistry())
    equals = [tension_of(state("KHM"), NOON), tension_of(state("LAO"), NOON)]

    show(metrics.tension, [equals[n] for n in order], limit=1)

    assert ("KHM-THA", "1h") in gauges(metrics)
