"""The incidents stage on Apache Kafka: one story, one alert, also when its worker is killed.

The short forms; `make incidents-proof` runs the long ones.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from harness.crowd import crowd
from harness.incidents import alerts_of
from harness.kafka import left, limit, read_all, send
from harness.replay import behind, disturbed, replay
from harness.storysets import scored
from harness.word_worker import WITHHELD
from harness.worker import WorkerProcess, wait_until

from streams.feedback import feedback_message
from streams.incidents.state import load
from streams.records import Alert, Feedback, decode_alert, decode_signal
from streams.run import DEMO_FEED

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from classifier import EscalationModel
    from streams.records import Signal
    from streams.settings import Settings

pytestmark = [pytest.mark.kafka, pytest.mark.apache]

CRISIS = DEMO_FEED.parent / "crisis.jsonl"
FALSE_ALARMS = 5
"""Incidents of ordinary items, at most: the classifier's doing, and told in the results."""


@pytest.fixture
def replaying(settings: Settings) -> Settings:
    """Return settings of a replay: publication times are all that counts."""
    return settings.model_copy(update={"time_source": "event"})


def alerts_on(settings: Settings) -> list[Alert]:
    """Return the alerts on the topic."""
    return [decode_alert(record.value) for record in read_all(settings, settings.alerts_topic)]


def test_eleven_events_in_2000_ordinary_items_are_eleven_incidents(
    replaying: Settings, tmp_path: Path, model: EscalationModel
) -> None:
    del model  # the worker loads it
    mixed = crowd()
    worker = WorkerProcess(replaying, tmp_path / "worker.log")
    worker.start()
    try:
        send(replaying, mixed.messages(replaying))
        wait_until("everything is committed", lambda: left(replaying) == 0, 180)
    finally:
        worker.stop()

    opened = [alert for alert in alerts_on(replaying) if alert.step == "opened"]
    big = [alert for alert in alerts_on(replaying) if alert.key == "ARG-GBR"]
    signals = [decode_signal(x.value) for x in read_all(replaying, replaying.signals_topic)]
    first = {alert.incident: alert for alert in opened}
    told_by = {x.title: mixed.events.get(x.id) for x in signals}
    of_events = [name for name, alert in first.items() if told_by.get(alert.headline)]
    assert len(of_events) == 11
    assert len(first) - len(of_events) <= FALSE_ALARMS
    assert len(big) <= 4
    assert _sources(replaying, big[0].incident) == 12


def _sources(settings: Settings, name: str) -> int:
    """Return the source count of an incident as the state has it."""
    latest = {record.key: record.value for record in read_all(settings, settings.state_topic)}
    [found] = [
        len(incident.domains)
        for value in latest.values()
        if value
        for incident in load(value).incidents
        if incident.id == name
    ]
    return found


def test_kills_and_a_rebalance_change_no_alert_and_repeat_one_each_at_most(
    replaying: Settings, tmp_path: Path, model: EscalationModel
) -> None:
    signals = scored(model, CRISIS.read_bytes().splitlines())

    seen = disturbed(replaying, tmp_path, signals, speed=12_000, kills=3, seed=11)

    assert seen.told == seen.expected
    assert len(seen.told) > 20
    assert seen.repeats <= seen.kills
    assert seen.unlike == set()


def opens(settings: Settings, signals: Sequence[Signal]) -> Alert:
    """Replay signals; return the alert that opens the incident which is judged here."""
    asyncio.run(replay(settings, signals, speed=1e9))
    wait_until("it is opened", lambda: any(x.key == "TKM-UZB" for x in alerts_on(settings)))
    [opened] = [x for x in alerts_on(settings) if (x.key, x.step) == ("TKM-UZB", "opened")]
    return opened


def confirm(settings: Settings, opened: Alert) -> None:
    """Send a verdict, and return when its incident tells that it is confirmed."""
    send(settings, [feedback_message(_confirm(opened), settings.feedback_topic)])
    wait_until(
        "it is confirmed",
        lambda: any("confirmed" in alert.why for alert in alerts_on(settings)),
        90,
    )


def test_a_verdict_reaches_its_incident_and_its_state_outlives_the_worker(
    replaying: Settings, tmp_path: Path, model: EscalationModel
) -> None:
    signals = scored(model, CRISIS.read_bytes().splitlines()[:40])
    worker = WorkerProcess(replaying, tmp_path / "worker.log", stage="incidents")
    worker.start()
    try:
        opened = opens(replaying, signals)
        worker.kill()
        worker.start()
        confirm(replaying, opened)
        wait_until("all signals are committed", lambda: behind(replaying) == 0, 60)
    finally:
        worker.stop()

    [confirmed] = [alert for alert in alerts_on(replaying) if "confirmed" in alert.why]
    assert (confirmed.incident, confirmed.verdict) == (opened.incident, "confirmed")
    assert confirmed.confidence == 0.99
    # The verdict took a number among the steps; what was opened is as without it.
    calm = alerts_of(replaying, read_all(replaying, replaying.signals_topic))
    assert _opened(calm) == _opened(alerts_on(replaying))


def test_a_verdict_that_faust_never_passes_on_is_read_though_no_other_comes(
    replaying: Settings, tmp_path: Path, model: EscalationModel
) -> None:
    """No partition moves, either: it would stay unread for as long as nobody has another."""
    signals = scored(model, CRISIS.read_bytes().splitlines()[:40])
    withheld = {WITHHELD: replaying.feedback_topic}
    log = tmp_path / "worker.log"
    worker = WorkerProcess(replaying, log, stage="incidents", model="word", more=withheld)
    worker.start()
    try:
        opened = opens(replaying, signals)
        confirm(replaying, opened)
        wait_until("the verdict is committed", lambda: left(replaying) == 0, 60)
    finally:
        worker.stop()

    [confirmed] = [alert for alert in alerts_on(replaying) if "confirmed" in alert.why]
    assert confirmed.incident == opened.incident
    assert "reading_what_was_passed_over" in worker.log


def test_an_alert_that_the_broker_refuses_is_a_dead_letter_and_the_stage_goes_on(
    replaying: Settings, tmp_path: Path, model: EscalationModel
) -> None:
    signals = scored(model, CRISIS.read_bytes().splitlines()[:40])
    limit(replaying, replaying.alerts_topic, 100)
    worker = WorkerProcess(replaying, tmp_path / "worker.log", stage="incidents")
    worker.start()
    try:
        asyncio.run(replay(replaying, signals, speed=1e9))
        wait_until("all signals are committed", lambda: behind(replaying) == 0, 120)
        assert worker.probe("/livez") == []
    finally:
        worker.stop()

    letters = read_all(replaying, replaying.dead_letters_topic)
    expected = alerts_of(replaying, read_all(replaying, replaying.signals_topic))
    assert alerts_on(replaying) == []
    assert sorted(decode_alert(each.value).id for each in letters) == sorted(x.id for x in expected)
    assert len(expected) > 1
    for letter in letters:
        headers = dict(letter.headers)
        assert headers["__connect.errors.exception.class.name"] == b"AlertRefused"
        assert headers["__connect.errors.topic"] == replaying.alerts_topic.encode()


def _opened(alerts: list[Alert]) -> set[str]:
    return {alert.id for alert in alerts if alert.step == "opened"}


def _confirm(alert: Alert) -> Feedback:
    assert alert.at is not None
    return Feedback(
        id="v1",
        incident=alert.incident,
        key=alert.key,
        alert=alert.id,
        verdict="confirm",
        by="tester",
        at=alert.at,
    )
