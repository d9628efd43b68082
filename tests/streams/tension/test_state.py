"""What a pair's tension is, after which signals."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import msgspec
import pytest
from harness.signals import CAMBODIA, NOON, THAILAND, peace, signal
from hypothesis import given
from hypothesis import strategies as st

from classifier import Actor
from streams.tension import PairTension, add, expired, pair_of, tension_of, weight
from streams.tension.state import REMEMBERED

if TYPE_CHECKING:
    from streams.records import Signal

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

Timed = tuple["Signal", datetime]


def told(*signals: Timed, state: PairTension | None = None) -> PairTension:
    for each, at in signals:
        state = add(state, each, at)
    assert state is not None
    return state


@st.composite
def weeks(draw: st.DrawFn) -> list[Timed]:
    """Draw signals of ten days, hostile and conciliatory, some with an arrival."""
    drawn = draw(
        st.lists(
            st.tuples(
                st.integers(0, 10 * 24 * 3600),
                st.floats(0, 10),
                st.booleans(),
                st.none() | st.integers(-3600, 3600),
            ),
            min_size=1,
            max_size=40,
        )
    )
    made: list[Timed] = []
    for number, (seconds, size, friendly, delay) in enumerate(drawn):
        at = NOON + timedelta(seconds=seconds)
        came = None if delay is None else at + timedelta(seconds=delay)
        each = peace(probability=size / 10) if friendly else signal(severity=size)
        made.append((msgspec.structs.replace(each, id=str(number), ingested_at=came), at))
    return made


def test_one_signal_counts_its_severity_in_every_window() -> None:
    tension = tension_of(told((signal(severity=6.5), NOON)), NOON)

    assert tension.pair == ("KHM", "THA")
    assert tension.value == {"1h": 6.5, "24h": 6.5, "7d": 6.5}
    assert tension.signals == {"1h": 1, "24h": 1, "7d": 1}


@pytest.mark.parametrize(
    ("later", "window", "left"),
    [
        pytest.param(timedelta(minutes=15), "1h", 3.25, id="a quarter of an hour"),
        pytest.param(6 * HOUR, "24h", 3.25, id="a quarter of a day"),
        pytest.param(42 * HOUR, "7d", 3.25, id="a quarter of a week"),
        pytest.param(HOUR, "1h", 0.0, id="an hour"),
        pytest.param(DAY, "24h", 0.0, id="a day"),
        pytest.param(7 * DAY, "7d", 0.0, id="a week"),
    ],
)
def test_a_value_halves_in_a_quarter_of_its_window_and_ends_with_it(
    later: timedelta, window: str, left: float
) -> None:
    assert tension_of(told((signal(severity=6.5), NOON)), NOON + later).value[window] == left


def test_de_escalation_lowers_what_there_is() -> None:
    state = told((signal("a", 9.5), NOON), (peace("b", 0.5), NOON + timedelta(minutes=6)))

    before = tension_of(told((signal("a", 9.5), NOON)), NOON + timedelta(minutes=6))
    after = tension_of(state, NOON + timedelta(minutes=6))

    assert after.value["1h"] == pytest.approx(before.value["1h"] - 4.0, abs=1e-3)
    assert after.signals["1h"] == 2


def test_peace_is_not_saved_up_against_a_later_attack() -> None:
    talks = [(peace(f"p{n}"), NOON) for n in range(5)]
    attack = (signal("a", 9.5), NOON + 7 * HOUR)

    assert tension_of(told(*talks, attack), attack[1]).value == {"1h": 9.5, "24h": 9.5, "7d": 9.5}


def test_a_late_signal_goes_to_the_hop_of_its_time() -> None:
    early, late = (signal("a"), NOON), (signal("b"), NOON - 3 * HOUR)

    tension = tension_of(told(early, late), NOON)

    assert tension.signals == {"1h": 1, "24h": 2, "7d": 2}
    assert tension == tension_of(told(late, early), NOON)


def test_a_signal_older_than_every_window_changes_nothing() -> None:
    state = told((signal("a"), NOON))
    old = NOON - 8 * DAY

    assert add(state, signal("b", ingested_at=old + HOUR), old) is state


def test_a_signal_that_comes_again_changes_nothing() -> None:
    state = told((signal("a"), NOON))

    assert add(state, signal("a"), NOON) is state


def test_the_course_of_a_window_ends_with_its_value() -> None:
    tension = tension_of(told((signal("a"), NOON - HOUR), (peace("b", 0.1), NOON)), NOON)

    assert [len(course) for course in tension.course.values()] == [12, 24, 28]
    assert {name: course[-1] for name, course in tension.course.items()} == tension.value


def test_the_record_is_the_same_within_a_hop() -> None:
    state = told((signal("a"), NOON))
    times = [NOON + HOUR + timedelta(seconds=s) for s in (0, 1, 299)]

    assert len({msgspec.json.encode(tension_of(state, at)) for at in times}) == 1


def test_a_pair_expires_when_its_last_signal_has_left_the_longest_window() -> None:
    state = told((signal("a"), NOON))

    assert not expired(state, NOON + 7 * DAY - HOUR)
    assert expired(state, NOON + 7 * DAY)
    assert set(tension_of(state, NOON + 7 * DAY).value.values()) == {0.0}


@pytest.mark.parametrize(
    ("key", "actors", "pair"),
    [
        pytest.param("KHM-THA", (THAILAND, CAMBODIA), ("KHM", "THA"), id="two states"),
        pytest.param("THA", (THAILAND,), None, id="one state"),
        pytest.param(
            "NATO-RUS",
            (Actor("NATO", "NATO", "source"), Actor("RUS", "Russia", "target")),
            None,
            id="a state and an organisation",
        ),
        pytest.param(
            "KHM-THA",
            (THAILAND, Actor("KHM", "Cambodia", "mentioned")),
            None,
            id="one only mentioned",
        ),
        pytest.param(
            "NATO-RUS",
            (Actor("NATO", "NATO", "source"), THAILAND, Actor("RUS", "Russia", "target")),
            None,
            id="a pair that is not the key's",
        ),
        pytest.param("hash-0123456789abcdef", (), None, id="nobody"),
    ],
)
def test_only_the_pair_of_states_in_the_key_counts(
    key: str, actors: tuple[Actor, ...], pair: tuple[str, str] | None
) -> None:
    assert pair_of(signal(key=key, actors=actors)) == pair


def test_a_signal_about_no_pair_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="signal lone"):
        add(None, signal("lone", key="THA"), NOON)


def test_a_state_is_bounded_whatever_comes() -> None:
    """A busy pair: a signal each ten minutes for ten days."""
    state = told(
        *((signal(f"item-{n}"), NOON + n * timedelta(minutes=10)) for n in range(10 * 144))
    )

    assert len(state.seen) == REMEMBERED
    assert sum(map(len, state.hops.values())) <= 12 + 24 + 28
    assert len(msgspec.msgpack.encode(state)) < 4096


def test_a_state_survives_its_way_through_the_table() -> None:
    state = told((signal("a"), NOON), (peace("b"), NOON + HOUR))

    assert msgspec.msgpack.decode(msgspec.msgpack.encode(state), type=PairTension) == state


@given(st.data(), weeks())
def test_the_order_of_signals_changes_nothing(data: st.DataObject, signals: list[Timed]) -> None:
    shuffled = data.draw(st.permutations(signals))
    state, other = told(*signals), told(*shuffled)

    # Of signals too old to count, the id is kept or not: it decides nothing.
    assert msgspec.structs.replace(state, seen=other.seen) == other
    for later in (timedelta(), HOUR, 3 * DAY):
        at = NOON + 10 * DAY + later
        assert tension_of(state, at) == tension_of(other, at)


@given(weeks(), st.integers(0, 40), st.integers(0, 40))
def test_what_is_delivered_again_changes_nothing(
    signals: list[Timed], start: int, end: int
) -> None:
    """As after `kill -9`: processing goes back to an earlier place and comes the same way."""
    again = signals[: max(start, end)] + signals[min(start, end) :]

    assert told(*again) == told(*signals)


@given(weeks())
def test_no_value_is_below_zero_and_all_end_at_zero(signals: list[Timed]) -> None:
    state = told(*signals)
    times = [NOON + n * 12 * HOUR for n in range(40)]
    levels = [value for at in times for value in tension_of(state, at).value.values()]

    assert min(levels) >= 0
    assert set(levels[-3:]) == {0.0}


@given(weeks())
def test_a_hostile_signal_never_lowers_and_a_conciliatory_one_never_raises(
    signals: list[Timed],
) -> None:
    *before, (last, at) = signals
    if not before:
        return
    end = NOON + 10 * DAY
    then, now = (
        tension_of(told(*before), end).value,
        tension_of(told(*before, (last, at)), end).value,
    )
    sign = weight(last)

    assert all((now[name] - then[name]) * sign >= 0 for name in now)
