"""The learning curve as a table and as a drawing."""

from __future__ import annotations

import html
import math
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from classifier.evaluation.curve import Point

_WIDTH: Final = 560
_HEIGHT: Final = 320
_MARGIN: Final = 48
_COLOURS: Final = ("#b3261e", "#1e5fb3", "#2e7d32", "#8e24aa", "#5d4037")
_STEP: Final = 0.1


def table(points: Sequence[Point]) -> str:
    """Return the points as a Markdown table."""
    names = list(points[0].scores)
    head = [f"| lines | {' | '.join(names)} |", "|" + " ---: |" * (len(names) + 1)]
    rows = [
        f"| {point.lines:,} | {' | '.join(_cell(point, name) for name in names)} |"
        for point in points
    ]
    return "\n".join([*head, *rows]) + "\n"


def _cell(point: Point, name: str) -> str:
    score = point.scores.get(name)
    return "" if score is None else f"{score:.3f}"


def svg(points: Sequence[Point]) -> str:
    """Return a drawing: lines of text on a logarithmic axis, average precision from 0 to 1."""
    names = list(points[0].scores)
    parts = [*_axes(points), *(_line(points, name, at) for at, name in enumerate(names))]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
        f'font-family="sans-serif" font-size="12">'
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#fff"/>{"".join(parts)}</svg>\n'
    )


def _axes(points: Sequence[Point]) -> list[str]:
    parts = []
    for step in range(11):
        y = _y(step * _STEP)
        parts.append(f'<path d="M{_MARGIN} {y:.1f}H{_WIDTH - 12}" stroke="#ddd"/>')
        parts.append(f'<text x="{_MARGIN - 6}" y="{y + 4:.1f}" text-anchor="end">.{step}0</text>')
    parts[-1] = parts[-1].replace(".100", "1.0")
    for point in points:
        x = _x(point.lines, points)
        label = f"{point.lines:,}"
        parts.append(f'<text x="{x:.1f}" y="{_HEIGHT - 24}" text-anchor="middle">{label}</text>')
    middle = _WIDTH / 2
    parts.append(f'<text x="{middle}" y="{_HEIGHT - 6}" text-anchor="middle">lines of text</text>')
    return parts


def _line(points: Sequence[Point], name: str, at: int) -> str:
    colour = _COLOURS[at % len(_COLOURS)]
    places = [(_x(p.lines, points), _y(p.scores[name])) for p in points if name in p.scores]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    dots = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in places)
    legend = (
        f'<text x="{_WIDTH - 16}" y="{_y(0) - 12 - 16 * at:.1f}" text-anchor="end" '
        f'fill="{colour}">{html.escape(name)}</text>'
    )
    return f'<polyline points="{path}" fill="none" stroke="{colour}"/>{dots}{legend}'


def _x(lines: int, points: Sequence[Point]) -> float:
    low, high = math.log(points[0].lines), math.log(points[-1].lines)
    share = (math.log(lines) - low) / (high - low) if high > low else 0.5
    return _MARGIN + 16 + share * (_WIDTH - _MARGIN - 60)


def _y(score: float) -> float:
    return 12 + (1 - score) * (_HEIGHT - 60)
