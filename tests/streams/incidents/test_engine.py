"""The engine after a crash: what was decided is decided once."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from harness.incidents import Bench
from harness.reports import at, cue, peace, signal
from hypothesis import given
from hypothesis import strategies as st

from streams.incidents.engine import Engine
from streams.incidents.writer import Writer
from streams.records import Feedback, decode_alert
from streams.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streams.records import Alert, Message, Signal

SETTINGS = load_settings()
HOURS = st.floats(0, 200, allow_nan=False).map(lambda hours: round(hours, 2))
KEYS = st.sampled_from(["KHM-THA", "MLI", "hash-1"])
CUES = st.sampled_from(
    [
        [cue(text="Soldiers fired near Samrong and killed three.")],
        [cue(text="A convoy was ambushed at Tessalit and twelve died.")],
        [cue("sanctions", "Goods and accounts were frozen on Monday.", severity=-6.0)],
        [peace()],
    ]
)
SEVERITIES = st.sampled_from([("critical", 9.0), ("high", 6.0), ("medium", 4.0)])


@st.composite
def histories(draw: st.DrawFn) -> list[Signal]:
    """Draw signals of a few keys, mostly in the order of their time."""
    count = draw(st.integers(1, 25))
    hours = sorted(draw(st.lists(HOURS, min_size=count, max_size=count)))
    found = []
    for number, hour in enumerate(hours):
        cues, severity = draw(CUES), draw(SEVERITIES)
        late = draw(st.sampled_from([0.0, 0.0, 0.0, 5.0]))
        found.append(
            signal(f"n{number}", hour - late, cues=cues, severity=severity, key=draw(KEYS))
        )
    return found


class DeadError(Exception):
    """The worker was killed."""


class Broker:
    """What the writer's records have become: a changelog and alerts, until a kill."""

    def __init__(self) -> None:
        self.log: dict[bytes, bytes] = {}
        self.published: list[Alert] = []
        self.left: int | None = None

    async def publish(self, messages: Sequence[Message]) -> None:
        """Take records in their order, as an idempotent producer brings them to a partition."""
        for message in messages:
            if self.left == 0:
                raise DeadError
            self.left = None if self.left is None else self.left - 1
            self._take(message)

    def _take(self, message: Message) -> None:
        assert message.key is not None
        if message.topic == SETTINGS.alerts_topic:
            self.published.append(decode_alert(message.value or b""))
        elif message.topic == SETTINGS.state_topic and message.value is None:
            self.log.pop(message.key, None)
        elif message.topic == SETTINGS.state_topic:
            self.log[message.key] = message.value or b""


class Crashing:
    """A stage of one partition that is cut off somewhere, as by `kill -9`."""

    def __init__(self, signals: list[Signal]) -> None:
        self._signals = signals
        self.broker = Broker()
        self.committed = 0
        """Offset from which it reads after a crash."""

    def run(self, writes: int | None = None, *, batch: int = 1, commit_every: int = 1) -> None:
        """Process from what is committed; die after so many writes.

        Changes are written after each ``batch`` of signals or with an alert, and some of the
        batches are committed.
        """
        self.broker.left = writes
        with suppress(DeadError):
            asyncio.run(self._run(batch, commit_every))

    async def _run(self, batch: int, commit_every: int) -> None:
        engine = Engine(Bench().policy, dict(self.broker.log), lambda _: self.committed)
        writer = Writer(SETTINGS, self.broker)
        for change in engine.book.recover([0]):
            await writer.take(change)
        for offset in range(self.committed, len(self._signals)):
            for change in engine.signal(0, offset, self._signals[offset]):
                await writer.take(change)
            if offset % batch == 0 or offset == len(self._signals) - 1:
                await writer.flush()
                if offset // batch % commit_every == 0:
                    self.committed = offset + 1


@given(
    histories(),
    st.lists(st.tuples(st.integers(0, 40), st.integers(1, 6), st.integers(1, 6)), max_size=4),
)
def test_after_any_crashes_the_alerts_are_those_of_a_calm_run(
    signals: list[Signal], crashes: list[tuple[int, int, int]]
) -> None:
    calm = Crashing(signals)
    calm.run()
    rough = Crashing(signals)
    for writes, batch, commit_every in crashes:
        rough.run(writes, batch=batch, commit_every=commit_every)
    rough.run()

    told, expected = rough.broker.published, calm.broker.published
    ids = [alert.id for alert in told]
    assert set(ids) == {alert.id for alert in expected}
    assert len(ids) - len(set(ids)) <= len(crashes)
    assert {alert.id: alert for alert in expected} == {alert.id: alert for alert in told}


def test_a_key_is_not_forgotten_before_its_last_signal_is_committed() -> None:
    """What is read again after a crash finds that it was processed."""
    bench = Bench(committed=lambda _: 0)
    bench.alerts(signal("a"))

    bench.wait(60 * 24 * 3600)

    later = bench.engine.book.partition(0).clock + 60 * 24 * 3600
    assert [change.forget for change in bench.engine.tick(0, later)] == [False]
    assert len(bench.states) == 1


def test_a_signal_that_is_not_after_the_last_one_of_its_key_changes_nothing() -> None:
    bench = Bench()
    [first] = list(bench.engine.signal(0, 7, signal("a")))

    assert first.alert is not None
    assert list(bench.engine.signal(0, 7, signal("a"))) == []
    assert list(bench.engine.signal(0, 6, signal("b", 1))) == []


def test_states_of_other_partitions_are_left_alone() -> None:
    bench = Bench()
    bench.alerts(signal("a"))

    bench.engine.book.recover([1])

    assert list(bench.engine.book.all()) == []
    assert len(bench.states) == 1
    assert list(bench.engine.tick(1, 1e12)) == []


def verdict(alert: Alert, kind: str = "dismiss", **fields: object) -> Feedback:
    """Return a verdict on an alert's incident."""
    given: dict[str, object] = {
        "id": "v",
        "incident": alert.incident,
        "key": alert.key,
        "verdict": kind,
        "reason": "history" if kind == "dismiss" else None,
        "at": at(1),
    }
    return Feedback(**(given | fields))  # type: ignore[arg-type]  # a test's own words


def test_a_dismissed_incident_is_told_closed_and_stays_silent_unless_it_gets_worse() -> None:
    bench = Bench()
    [opened] = bench.alerts(signal("a", severity=("high", 6.0)))

    [change] = list(bench.engine.feedback(0, verdict(opened)))
    again = bench.changes(signal("b", 1, severity=("high", 6.5)))
    worse = bench.alerts(signal("c", 2, severity=("critical", 9.0)))

    assert change.alert is not None
    assert (change.alert.step, change.alert.why) == ("closed", ("dismissed",))
    assert change.alert.confidence == 0.0
    assert [each.silence for each in again] == ["dismissed"]
    assert [alert.step for alert in worse] == ["opened"]


def test_a_confirmed_incident_is_told_and_a_verdict_counts_once() -> None:
    bench = Bench()
    [opened] = bench.alerts(signal("a"))

    [change] = list(bench.engine.feedback(3, verdict(opened, "confirm")))

    assert change.alert is not None
    assert (change.alert.step, change.alert.verdict) == ("updated", "confirmed")
    assert list(bench.engine.feedback(3, verdict(opened, "confirm"))) == []


def test_a_verdict_on_what_is_gone_changes_nothing() -> None:
    bench = Bench()
    [opened] = bench.alerts(signal("a"))
    bench.wait(300 * 3600)

    assert list(bench.engine.feedback(0, verdict(opened))) == []
