"""Horizontal bars with their ranges, as SVG."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH, LEFT, RIGHT, LINE, TOP = 720, 250, 110, 26, 40
OURS, OTHERS = "#b3261e", "#1e5fb3"


class Bar(NamedTuple):
    """A median with the least and the most of the repetitions."""

    label: str
    middle: float
    least: float
    most: float
    ours: bool = False


def bars(title: str, found: Sequence[Bar]) -> str:
    """Return a drawing with a bar for each, from zero to the longest."""
    scale = (WIDTH - LEFT - RIGHT) / max(bar.most for bar in found)
    height = TOP + LINE * len(found) + 8
    rows = "".join(_row(bar, TOP + LINE * at, scale) for at, bar in enumerate(found))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}"'
        f' font-family="sans-serif" font-size="12">'
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>'
        f'<text x="12" y="22" font-size="14">{html.escape(title)}</text>{rows}</svg>\n'
    )


def _row(bar: Bar, top: float, scale: float) -> str:
    middle = top + LINE / 2
    low, mid, high = (LEFT + each * scale for each in (bar.least, bar.middle, bar.most))
    colour = OURS if bar.ours else OTHERS
    label = html.escape(bar.label.replace("*", "").replace("`", ""))
    return (
        f'<text x="{LEFT - 8}" y="{middle + 4:.1f}" text-anchor="end">{label}</text>'
        f'<rect x="{LEFT}" y="{top + 5:.1f}" width="{mid - LEFT:.1f}" height="{LINE - 10}"'
        f' fill="{colour}"/>'
        f'<path d="M{low:.1f} {middle:.1f}H{high:.1f}" stroke="#000"/>'
        f'<text x="{high + 8:.1f}" y="{middle + 4:.1f}">{figure(bar.middle)}</text>'
    )


def figure(value: float) -> str:
    """Return a figure as a reader wants it: three digits that count."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}" if value < 1 else f"{value:.1f}"
