"""Tension as a person sees it at a terminal: numbers, and bars over time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.table import Table

from streams.sparkline import sparkline
from streams.tension.windows import LONGEST, WINDOWS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from streams.records import Tension

PERIODS: Final = {"1h": "5 minutes", "24h": "hour", "7d": "6 hours"}
"""What a bar of each window stands for."""


def ranked(tensions: Iterable[Tension]) -> list[Tension]:
    """Return the latest record of each pair, the tensest of the last day first."""
    latest: dict[tuple[str, str], Tension] = {}
    for tension in tensions:
        latest[tension.pair] = tension
    return sorted(latest.values(), key=lambda each: (-each.value["24h"], each.pair))


def overview(tensions: Sequence[Tension]) -> Table:
    """Return one line for each pair: its values, and its last week on a scale that all share."""
    courses = [tension.course.get(LONGEST.name, ()) for tension in tensions]
    top = max((level for course in courses for level in course), default=0.0)
    table = Table("pair", box=None)
    for window in WINDOWS:
        table.add_column(window.name, justify="right")
    table.add_column("last 7 days", no_wrap=True)
    table.add_column("at (UTC)", no_wrap=True, style="dim")
    for tension, course in zip(tensions, courses, strict=True):
        values = [f"{tension.value[window.name]:.1f}" for window in WINDOWS]
        when = f"{tension.at:%m-%d %H:%M}"
        table.add_row("-".join(tension.pair), *values, sparkline(course, top), when)
    return table


def portrait(tension: Tension) -> Table:
    """Return one line for each window of a pair: its value, how many signals, and its course."""
    title = f"{'-'.join(tension.pair)} at {tension.at:%Y-%m-%d %H:%M} UTC"
    table = Table("window", title=title, title_justify="left", box=None)
    table.add_column("tension", justify="right")
    table.add_column("signals", justify="right")
    table.add_column("course", no_wrap=True)
    table.add_column("a bar is", no_wrap=True, style="dim")
    for window in WINDOWS:
        name = window.name
        table.add_row(
            name,
            f"{tension.value[name]:.1f}",
            str(tension.signals[name]),
            sparkline(tension.course.get(name, ())),
            PERIODS[name],
        )
    return table
