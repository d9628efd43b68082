"""The score stage inside this process, with a model of the test's own, on a real broker."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from harness.kafka import read_all, send
from harness.stage import message, run_stage

from streams.records import decode_signal

if TYPE_CHECKING:
    from streams.settings import Settings

pytestmark = pytest.mark.kafka


def test_the_trace_of_an_item_goes_on_with_its_signal(settings: Settings) -> None:
    send(settings, [message(settings, 7, "troops move")])

    run_stage(settings)

    [signal] = read_all(settings, settings.signals_topic)
    assert dict(signal.headers)["traceparent"] == b"00-7"
    assert signal.key == decode_signal(signal.value).key.encode() == b"KHM-THA"


def test_only_the_items_that_raise_are_dead_letters_and_every_outcome_is_counted(
    settings: Settings,
) -> None:
    texts = ["explode" if n % 50 == 0 else "troops" if n % 2 else "calm" for n in range(200)]
    send(settings, [message(settings, n, text) for n, text in enumerate(texts)])

    _, registry = run_stage(settings)

    letters = read_all(settings, settings.dead_letters_topic)
    assert {letter.key for letter in letters} == {b"k0", b"k50", b"k100", b"k150"}
    assert {dict(x.headers)["__connect.errors.stage"] for x in letters} == {b"score"}
    outcomes = {
        name: registry.get_sample_value("escalation_items_total", {"outcome": name})
        for name in ("signal", "below_floor", "dead_letter")
    }
    assert outcomes == {"signal": 100.0, "below_floor": 96.0, "dead_letter": 4.0}


def test_a_model_that_always_raises_stops_the_stage_before_it_drains_the_topic(
    settings: Settings,
) -> None:
    send(settings, [message(settings, n, "explode") for n in range(300)])

    progress, _ = run_stage(settings)

    assert progress.fatal is not None
    assert "ZeroDivisionError" in progress.fatal
    assert len(read_all(settings, settings.dead_letters_topic)) <= settings.dead_letter_minimum
    assert progress.live_faults()
