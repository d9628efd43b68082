"""The panels of kind `stat`, `bargauge` and `table`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from streams.dashboards.picture.colours import of_value
from streams.dashboards.picture.frame import LETTER, Box, Named, fitted
from streams.dashboards.picture.units import told
from streams.svg import PALE, line, rect, text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streams.dashboards.picture.source import Span

SIZE: Final = 12
BIGGEST: Final = 44.0
LINE: Final = 22


def stat(panel: dict[str, Any], box: Box, found: Sequence[Named], span: Span) -> list[str]:
    """Return the latest value, large, in the colour of its threshold, over its course."""
    series = found[0].series
    defaults = panel["fieldConfig"]["defaults"]
    words = told(series.last, defaults["unit"])
    colour = of_value(series.last, defaults["thresholds"]["steps"])
    size = min(BIGGEST, box.width / (len(words) * LETTER))
    x, y = box.middle
    return [
        *_course(series.points, colour, box, span),
        text(x, y + size * 0.2, words, size=size, anchor="middle", weight="bold", colour=colour),
    ]


def _course(points: Sequence[tuple[float, float]], colour: str, box: Box, span: Span) -> list[str]:
    """Return the course under the value, as an area in the lower third."""
    top = max(value for _, value in points)
    if top <= 0:
        return []
    tall = box.height * 0.35
    placed = [
        (
            box.x + (at - span.start) / (span.end - span.start) * box.width,
            box.bottom - value / top * tall,
        )
        for at, value in points
    ]
    path = "L".join(f"{x:.1f} {y:.1f}" for x, y in placed)
    ends = f"M{placed[0][0]:.1f} {box.bottom:.1f}L", f"L{placed[-1][0]:.1f} {box.bottom:.1f}z"
    return [f'<path d="{ends[0]}{path}{ends[1]}" fill="{colour}" fill-opacity=".15"/>']


def bars(panel: dict[str, Any], box: Box, found: Sequence[Named]) -> list[str]:
    """Return a bar for each series, its name on the left and its value on the right."""
    defaults = panel["fieldConfig"]["defaults"]
    top = max(each.series.last for each in found) or 1.0
    left, right = box.width * 0.4, 60.0
    tall = min(30.0, box.height / len(found))
    parts = []
    for at, each in enumerate(found):
        y = box.y + at * tall
        value = each.series.last
        colour = of_value(value, defaults["thresholds"]["steps"])
        room = box.width - left - right
        name = fitted(each.name, left - 10, SIZE)
        parts += [
            text(box.x + left - 10, y + tall * 0.65, name, size=SIZE, anchor="end"),
            rect(box.x + left, y + 3, room, tall - 6, "#f3f5f6"),
            rect(box.x + left, y + 3, room * value / top, tall - 6, colour),
            text(
                box.right, y + tall * 0.65, told(value, defaults["unit"]), size=SIZE, anchor="end"
            ),
        ]
    return parts


def table(head: Sequence[str], rows: Sequence[Sequence[str]], box: Box) -> list[str]:
    """Return as many rows as there is room for, under their heads."""
    wide = box.width / len(head)
    shown = rows[: int(box.height / LINE) - 1]
    parts = [line(box.x, box.y + LINE - 6, box.right, box.y + LINE - 6, "#c9ced2")]
    for number, cells in enumerate([head, *shown]):
        y = box.y + number * LINE + 10
        for at, words in enumerate(cells):
            parts.append(
                text(
                    box.x + at * wide,
                    y,
                    fitted(words, wide - 6, SIZE),
                    size=SIZE,
                    weight="bold" if number == 0 else "normal",
                )
            )
    if len(rows) > len(shown):
        more = f"and {len(rows) - len(shown)} more"
        parts.append(text(box.right, box.bottom, more, size=11, anchor="end", colour=PALE))
    return parts
