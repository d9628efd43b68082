"""An event that comes again and again is counted instead of written."""

from __future__ import annotations

import io
import json
import logging
from typing import TYPE_CHECKING, Any

import pytest
import structlog

from streams.logs import configure_logs
from streams.repeats import KINDS, LimitedHandler, Repeats
from streams.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Time:
    """A clock that is set by hand, with what is to be called when."""

    def __init__(self) -> None:
        self.now = 100.0
        self.later: list[tuple[float, Callable[[], None]]] = []

    def __call__(self) -> float:
        return self.now

    def after(self, seconds: float, call: Callable[[], None]) -> None:
        self.later.append((self.now + seconds, call))

    def passes(self, seconds: float) -> None:
        self.now += seconds
        for at, call in list(self.later):
            if at <= self.now:
                self.later.remove((at, call))
                call()


@pytest.fixture
def clock() -> Time:
    return Time()


@pytest.fixture
def repeats(clock: Time) -> Repeats:
    return Repeats(3, clock, clock.after)


@pytest.fixture
def stream() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def handler(repeats: Repeats, stream: io.StringIO) -> Iterator[logging.Handler]:
    """Return the worker's handler, three lines a minute, on a clock of its own."""
    root = logging.getLogger()
    before = root.handlers[:], root.level
    configure_logs(load_settings(log_format="json"))
    limited = LimitedHandler(stream, repeats)
    limited.setFormatter(root.handlers[0].formatter)
    root.handlers[:] = [limited]
    yield limited
    root.handlers[:], root.level = before


@pytest.fixture
def told(
    handler: logging.Handler,  # noqa: ARG001 - it writes them
    stream: io.StringIO,
) -> Callable[[], list[dict[str, Any]]]:
    """Return what returns the lines that were written since it was last asked."""

    def lines() -> list[dict[str, Any]]:
        written = stream.getvalue().splitlines()
        stream.seek(0)
        stream.truncate()
        return [json.loads(line) for line in written]

    return lines


log = structlog.get_logger("tests.repeats")


def storm(count: int, event: str = "broker_unreachable") -> None:
    for number in range(count):
        log.warning(event, number=number)


def test_the_first_ones_are_written_and_the_rest_is_one_line_with_its_number(
    clock: Time, told: Callable[[], list[dict[str, Any]]]
) -> None:
    storm(10)
    assert [line["number"] for line in told()] == [0, 1, 2]

    clock.passes(60)
    [summary] = told()
    assert {"event", "of", "by", "left_out", "seconds", "level"} <= summary.keys()
    assert (summary["event"], summary["of"]) == ("repeated", "broker_unreachable")
    assert (summary["by"], summary["left_out"]) == ("tests.repeats", 7)
    assert (summary["seconds"], summary["level"]) == (60, "warning")


def test_as_many_as_are_allowed_need_no_summary(
    clock: Time, told: Callable[[], list[dict[str, Any]]]
) -> None:
    storm(3)
    clock.passes(120)
    assert len(told()) == 3


def test_each_minute_begins_anew(clock: Time, told: Callable[[], list[dict[str, Any]]]) -> None:
    for _ in range(3):
        storm(5)
        clock.passes(60)
    lines = told()
    assert len(lines) == 12
    assert [line["left_out"] for line in lines if line["event"] == "repeated"] == [2, 2, 2]


def test_other_events_other_levels_and_other_loggers_are_written_meanwhile(
    told: Callable[[], list[dict[str, Any]]],
) -> None:
    storm(10)
    told()
    log.warning("another")
    log.error("broker_unreachable")
    structlog.get_logger("tests.other").warning("broker_unreachable")
    assert len(told()) == 3


def test_a_librarys_line_is_one_event_whatever_it_is_filled_with(
    clock: Time, told: Callable[[], list[dict[str, Any]]]
) -> None:
    for number in range(5):
        logging.getLogger("library").warning("attempt %d failed", number)
    clock.passes(60)
    events = [line["event"] for line in told()]
    assert events == ["attempt 0 failed", "attempt 1 failed", "attempt 2 failed", "repeated"]


def test_at_the_end_the_rest_is_told_at_once(
    handler: logging.Handler, clock: Time, told: Callable[[], list[dict[str, Any]]]
) -> None:
    storm(5)
    told()
    clock.now += 7
    handler.close()
    [summary] = told()
    assert (summary["left_out"], summary["seconds"]) == (2, 7)


def test_a_storm_of_different_words_takes_no_more_memory(
    clock: Time, repeats: Repeats, told: Callable[[], list[dict[str, Any]]]
) -> None:
    """And what was counted of the oldest is told before it is forgotten."""
    storm(5)
    for number in range(3 * KINDS):
        logging.getLogger("library").warning(f"attempt {number} failed")  # noqa: G004 - such a one
    assert len(repeats._minutes) <= KINDS + 1
    assert [line["left_out"] for line in told() if line["event"] == "repeated"] == [2]
    assert clock.later


def test_the_limit_is_a_setting(capsys: pytest.CaptureFixture[str]) -> None:
    root = logging.getLogger()
    before = root.handlers[:], root.level
    try:
        configure_logs(load_settings(log_format="json", log_repeats=2))
        storm(9)
        assert len(capsys.readouterr().err.splitlines()) == 2
    finally:
        root.handlers[:], root.level = before
