"""A panel of kind `timeseries`: lines, or bars on top of one another, with axes and a legend."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from streams.dashboards.picture.colours import NAMED, of_series
from streams.dashboards.picture.frame import LETTER, Box, Named, fitted
from streams.dashboards.picture.units import ticks, told
from streams.svg import PALE, line, rect, text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streams.dashboards.picture.source import Span

AXIS: Final = 54
SMALL: Final = 11
ENTRY: Final = 190
"""Pixels of the longest entry of a legend."""

LINES: Final = 3
"""Of a legend; what has no room is counted."""


class Plane:
    """Where a time and a value are."""

    def __init__(self, box: Box, span: Span, top: float) -> None:
        self.box, self.span, self.top = box, span, top

    def x(self, at: float) -> float:
        """Return the place of a time."""
        share = (at - self.span.start) / (self.span.end - self.span.start)
        return self.box.x + share * self.box.width

    def y(self, value: float) -> float:
        """Return the place of a value."""
        return self.box.bottom - value / self.top * self.box.height


def chart(panel: dict[str, Any], box: Box, found: Sequence[Named], span: Span) -> list[str]:
    """Return the lines or bars of a panel in its room."""
    defaults = panel["fieldConfig"]["defaults"]
    stacked = defaults["custom"]["stacking"]["mode"] == "normal"
    colours = of_series([each.name for each in found], panel["fieldConfig"]["overrides"])
    entries, height = _legend(found, colours, box)
    top = max(_sums(found).values()) if stacked else max(_values(found))
    scale = ticks(top)
    room = Box(box.x + AXIS, box.y, box.width - AXIS, box.height - height - 20)
    plane = Plane(room, span, scale[-1])
    drawn = _bars(found, colours, plane) if stacked else _lines(found, colours, plane)
    return [
        *_axes(plane, scale, defaults["unit"]),
        *drawn,
        *_thresholds(defaults, plane),
        *entries,
    ]


def _values(found: Sequence[Named]) -> list[float]:
    return [value for each in found for _, value in each.series.points]


def _sums(found: Sequence[Named]) -> dict[float, float]:
    sums: dict[float, float] = defaultdict(float)
    for each in found:
        for at, value in each.series.points:
            sums[at] += value
    return sums


def _axes(plane: Plane, scale: Sequence[float], unit: str) -> list[str]:
    box, span = plane.box, plane.span
    parts = []
    for value in scale:
        y = plane.y(value)
        parts.append(line(box.x, y, box.right, y, "#e6e9eb"))
        parts.append(
            text(box.x - 6, y + 4, told(value, unit), size=SMALL, anchor="end", colour=PALE)
        )
    every = next(each for each in (60, 120, 300, 900, 3600, 14400, 86400) if each * 7 > _long(span))
    at = span.start - span.start % every + every
    while at < span.end:
        x = plane.x(at)
        when = f"{datetime.fromtimestamp(at, UTC):%H:%M}"
        parts.append(line(x, box.y, x, box.bottom, "#f0f2f3"))
        parts.append(text(x, box.bottom + 15, when, size=SMALL, anchor="middle", colour=PALE))
        at += every
    return parts


def _long(span: Span) -> float:
    return span.end - span.start


def _lines(found: Sequence[Named], colours: Sequence[str], plane: Plane) -> list[str]:
    parts = []
    for each, colour in zip(found, colours, strict=True):
        path, before = "", None
        for at, value in each.series.points:
            joined = before is not None and at - before <= plane.span.step * 1.5
            path += f"{'L' if joined else 'M'}{plane.x(at):.1f} {plane.y(value):.1f}"
            # A point with no neighbour is a dot, where a line would be nothing.
            path += "" if joined else "h.1"
            before = at
        parts.append(
            f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="1.6"'
            ' stroke-linecap="round" stroke-linejoin="round"/>'
        )
    return parts


def _bars(found: Sequence[Named], colours: Sequence[str], plane: Plane) -> list[str]:
    under: dict[float, float] = defaultdict(float)
    wide = max(1.0, plane.box.width * plane.span.step / _long(plane.span) * 0.85)
    parts = []
    for each, colour in zip(found, colours, strict=True):
        path = ""
        for at, value in each.series.points:
            low, high = plane.y(under[at]), plane.y(under[at] + value)
            under[at] += value
            left = max(plane.box.x, plane.x(at) - wide / 2)
            if value > 0:
                path += f"M{left:.1f} {low:.1f}V{high:.1f}h{wide:.1f}V{low:.1f}z"
        parts.append(f'<path d="{path}" fill="{colour}" fill-opacity=".75"/>')
    return parts


def _thresholds(defaults: dict[str, Any], plane: Plane) -> list[str]:
    """Return a dashed line for each threshold that lies in the picture."""
    if defaults["custom"]["thresholdsStyle"]["mode"] == "off":
        return []
    return [
        line(plane.box.x, y, plane.box.right, y, NAMED[step["color"]], dashed=True)
        for step in defaults["thresholds"]["steps"]
        if step["value"] is not None and step["value"] <= plane.top
        for y in (plane.y(step["value"]),)
    ]


def _legend(found: Sequence[Named], colours: Sequence[str], box: Box) -> tuple[list[str], float]:
    """Return the entries, in lines from the bottom of the box, and their height."""
    rows: list[list[tuple[float, str, str]]] = [[]]
    x = 0.0
    for each, colour in zip(found, colours, strict=True):
        words = fitted(each.name, ENTRY, SMALL)
        wide = 30 + len(words) * SMALL * LETTER
        if x + wide > box.width and rows[-1]:
            rows.append([])
            x = 0.0
        rows[-1].append((x, words, colour))
        x += wide
    hidden = sum(len(row) for row in rows[LINES:])
    parts = []
    shown = rows[:LINES]
    for at, row in enumerate(shown):
        y = box.bottom - 15 * (len(shown) - at) + 12
        for left, words, colour in row:
            parts.append(rect(box.x + left, y - 6, 14, 3, colour))
            parts.append(text(box.x + left + 18, y, words, size=SMALL))
    if hidden:
        more = f"and {hidden} more"
        parts.append(text(box.right, box.bottom - 3, more, size=SMALL, anchor="end", colour=PALE))
    return parts, 15.0 * len(shown) + 6
