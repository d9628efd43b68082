"""The timeline of an incident as a picture: severity over time with its steps, as SVG."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from streams import svg
from streams.console import printable
from streams.incidents.times import moment

if TYPE_CHECKING:
    from streams.incidents.timeline import Timeline
    from streams.records import Alert

WIDTH = 960
LEFT, RIGHT, TOP, BOTTOM = 74, 24, 64, 330
"""Where the plot is; below it stand the days, the colours and a row for each step."""

ROW = 19
ROWS = 30
BANDS = (
    ("critical", 7.8, 10.0, "#f4c7c3"),
    ("high", 5.5, 7.8, "#f9dcc4"),
    ("medium", 3.2, 5.5, "#fbefc9"),
    ("low", 1.5, 3.2, "#dcecf5"),
    ("info", 0.0, 1.5, "#f0f1f2"),
)
"""Severity words with their scores, as :mod:`classifier.severity` has them, and their colours."""

COLOURS = {"opened": "#1f4e79", "updated": "#7a1f1f", "cooled": "#5f6b73", "closed": "#222222"}
TICKS = 8
DAY = 86_400.0
LONGEST = 78


class Plane(NamedTuple):
    """Where a time and a score are in the picture."""

    first: float
    last: float

    def x(self, seconds: float) -> float:
        """Return the place of a time."""
        share = (seconds - self.first) / max(1.0, self.last - self.first)
        return LEFT + share * (WIDTH - LEFT - RIGHT)

    def y(self, score: float) -> float:
        """Return the place of a score of 0 to 10."""
        return TOP + (1 - score / 10) * (BOTTOM - TOP)


def timeline_svg(line: Timeline) -> str:
    """Return the picture. It says the same as the table, with no script and no address in it."""
    times = [_seconds(alert) for alert in line.alerts]
    plane = Plane(times[0], max(times[-1], times[0] + 3600))
    last = line.last
    height = BOTTOM + 84 + ROW * min(ROWS, len(line.alerts))
    title = f"{last.key}: {printable(line.alerts[0].headline)}"[:LONGEST]
    about = (
        f"{last.incident} · {last.item_count} items, {last.source_count} sources,"
        f" confidence {last.confidence:.2f} · {last.step}"
    )
    parts = [
        svg.text(LEFT, 26, title, size=17, weight="bold"),
        svg.text(LEFT, 46, about, size=12, colour=svg.PALE),
        *_bands(plane),
        *_days(plane),
        _curve(line, plane),
        *(part for alert in line.alerts for part in _step(alert, plane)),
        *_legend(),
        *_rows(line),
    ]
    return svg.document(WIDTH, height, title, parts)


def _bands(plane: Plane) -> list[str]:
    parts = []
    for word, low, high, colour in BANDS:
        top, bottom = plane.y(high), plane.y(low)
        parts.append(svg.rect(LEFT, top, WIDTH - LEFT - RIGHT, bottom - top, colour))
        parts.append(svg.text(LEFT - 8, (top + bottom) / 2 + 4, word, size=12, anchor="end"))
    return parts


def _days(plane: Plane) -> list[str]:
    """Return ticks at equal distances, at whole days where the time is long."""
    step = (plane.last - plane.first) / TICKS
    if step >= DAY / 2:
        step = DAY * max(1, round(step / DAY))
        start = plane.first - plane.first % DAY + DAY
    else:
        start = plane.first
    parts, at, y = [], start, BOTTOM
    while at <= plane.last:
        x, when = plane.x(at), moment(at)
        label = f"{when:%a %d %b}" if step >= DAY else f"{when:%d %b %H:%M}"
        parts.append(svg.line(x, TOP, x, y + 5, "#c9ced2"))
        parts.append(svg.text(x, y + 20, label, size=11, anchor="middle", colour=svg.PALE))
        at += step
    return parts


def _curve(line: Timeline, plane: Plane) -> str:
    """Return the severity as steps: it holds until the next alert."""
    points: list[str] = []
    before = None
    for alert in line.alerts:
        x, y = plane.x(_seconds(alert)), plane.y(alert.severity_score)
        if before is not None:
            points.append(f"{x:.1f},{before:.1f}")
        points.append(f"{x:.1f},{y:.1f}")
        before = y
    path = " ".join(points)
    return f'<polyline points="{path}" fill="none" stroke="#7a1f1f" stroke-width="2.5"/>'


def _step(alert: Alert, plane: Plane) -> list[str]:
    x, y = plane.x(_seconds(alert)), plane.y(alert.severity_score)
    return [
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="9" fill="{COLOURS[alert.step]}"/>',
        svg.text(x, y + 4, str(alert.number), size=11, anchor="middle", colour="#ffffff"),
    ]


def _rows(line: Timeline) -> list[str]:
    """Return a row for each of the latest steps, as the numbers in the plot say."""
    parts = []
    for place, alert in enumerate(line.alerts[-ROWS:]):
        y = BOTTOM + 84 + ROW * place
        when = moment(_seconds(alert))
        why = ", ".join(alert.why).replace("_", " ")
        parts += [
            svg.text(LEFT, y, str(alert.number), size=12, anchor="end", weight="bold"),
            svg.text(LEFT + 12, y, f"{when:%a %d %b %H:%M}", size=12),
            svg.text(LEFT + 126, y, f"{alert.severity} {alert.severity_score:.1f}", size=12),
            svg.text(LEFT + 206, y, f"{alert.step}: {why}", size=12),
            svg.text(LEFT + 430, y, printable(alert.headline)[:LONGEST], size=12, colour=svg.PALE),
        ]
    return parts


def _legend() -> list[str]:
    parts = []
    for place, (step, colour) in enumerate(COLOURS.items()):
        x = LEFT + 110 * place
        parts.append(f'<circle cx="{x + 6}" cy="{BOTTOM + 42}" r="6" fill="{colour}"/>')
        parts.append(svg.text(x + 18, BOTTOM + 46, step, size=12))
    return parts


def _seconds(alert: Alert) -> float:
    when = alert.at or alert.last_seen
    return when.timestamp() if when is not None else timedelta(0).total_seconds()
