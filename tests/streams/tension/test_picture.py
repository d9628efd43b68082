"""Tension at a terminal."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from harness.signals import NOON, THAILAND, signal
from rich.console import Console

from classifier import Actor
from streams.tension import add, tension_of
from streams.tension.picture import overview, portrait, ranked

if TYPE_CHECKING:
    from rich.table import Table

    from streams.records import Tension


def of(target: str, severity: float, hours_ago: int = 0) -> Tension:
    actors = (THAILAND, Actor(target, target, "target"))
    given = signal(severity=severity, key="-".join(sorted((target, "THA"))), actors=actors)
    return tension_of(add(None, given, NOON - timedelta(hours=hours_ago)), NOON)


def printed(table: Table) -> list[str]:
    console = Console(width=80, color_system=None)
    with console.capture() as capture:
        console.print(table)
    return capture.get().splitlines()


def test_the_latest_record_of_a_pair_holds_and_the_tensest_is_first() -> None:
    records = [of("KHM", 9.0), of("LAO", 5.0), of("KHM", 2.0)]

    assert [each.value["24h"] for each in ranked(records)] == [5.0, 2.0]


def test_the_overview_has_a_line_for_each_pair_that_fits_a_terminal() -> None:
    lines = printed(overview([of("KHM", 9.0, hours_ago=30), of("LAO", 3.0)]))

    assert len(lines) == 3
    assert lines[1].split()[:4] == ["KHM-THA", "0.0", "0.0", "5.5"]
    assert "█" in lines[1]
    assert "▁▁▁▄" in lines[2]
    assert "█" not in lines[2]
    assert lines[2].rstrip().endswith("11-02 12:00")


def test_the_portrait_has_a_line_for_each_window() -> None:
    lines = printed(portrait(of("KHM", 6.5)))

    assert "KHM-THA at 2026-11-02 12:00 UTC" in lines[0]
    assert [line.split()[:3] for line in lines[2:]] == [
        ["1h", "6.5", "1"],
        ["24h", "6.5", "1"],
        ["7d", "6.5", "1"],
    ]
    assert all("█" in line for line in lines[2:])
