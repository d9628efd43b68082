"""The engine after a crash: what was decided is decided once."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from harness.incidents import Bench
from harness.reports import at, cue, peace, signal
from hypothesis import given
from hypothesis import strategies as st

from streams.incidents.engine import Engine
from streams.incidents.state import load
from streams.records import Feedback

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from streams.incidents.book import Change
    from streams.records import Alert, Signal

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


class Crashing:
    """An engine whose changelog and alerts are cut off somewhere, as by `kill -9`."""

    def __init__(self, signals: list[Signal]) -> None:
        self._signals = signals
        self.log: dict[bytes, bytes] = {}
        self.published: list[Alert] = []

    def done(self) -> int:
        """Return the offset of the last record that is in a state."""
        return max((load(each).signal_offset for each in self.log.values()), default=-1)

    def oldest(self) -> int:
        """Return the oldest offset that may be committed: a commit is never half a day behind."""
        now = max((load(each).clock for each in self.log.values()), default=0.0)
        times = [each.published_at for each in self._signals[: self.done() + 1]]
        recent = [at is not None and at.timestamp() > now - 12 * 3600 for at in times]
        old = [number for number, is_recent in enumerate(recent) if not is_recent]
        return old[-1] + 1 if old else 0

    def run(self, start: int, writes: int | None) -> bool:
        """Process from an offset; die after so many writes or sends. Return whether it lived."""
        engine = Engine(Bench().policy, dict(self.log))
        left = writes
        for change in self._changes(engine, start):
            for act in self._acts(change):
                if left == 0:
                    return False
                left = None if left is None else left - 1
                act()
        return True

    def _changes(self, engine: Engine, start: int) -> Iterator[Change]:
        yield from engine.book.recover([0])
        for offset in range(start, len(self._signals)):
            yield from engine.signal(0, offset, self._signals[offset])

    def _acts(self, change: Change) -> list[Callable[[], object]]:
        key = change.key.encode()
        acts: list[Callable[[], object]] = []
        if change.forget:
            acts.append(partial(self.log.pop, key, None))
        if change.value is not None:
            acts.append(partial(self.log.__setitem__, key, change.value))
        if change.alert is not None and change.after is not None:
            acts.append(partial(self.published.append, change.alert))
            acts.append(partial(self.log.__setitem__, key, change.after))
        return acts


@given(histories(), st.lists(st.integers(0, 40), max_size=4), st.data())
def test_after_any_crashes_the_alerts_are_those_of_a_calm_run(
    signals: list[Signal], crashes: list[int], data: st.DataObject
) -> None:
    calm = Crashing(signals)
    calm.run(0, None)
    rough = Crashing(signals)
    for writes in crashes:
        rough.run(data.draw(st.integers(rough.oldest(), rough.done() + 1)), writes)
    rough.run(rough.oldest(), None)

    ids = [alert.id for alert in rough.published]
    assert set(ids) == {alert.id for alert in calm.published}
    assert len(ids) - len(set(ids)) <= len(crashes)
    assert {alert.id: alert for alert in calm.published} == {
        alert.id: alert for alert in rough.published
    }


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
