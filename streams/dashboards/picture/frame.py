"""The frame of a panel: where it stands, and where in it there is room to draw."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from streams.svg import INK, PALE, rect, text

if TYPE_CHECKING:
    from streams.dashboards.picture.source import Series

COLUMN, ROW, GAP = 60, 34, 8
"""Pixels of one cell of Grafana's grid of 24 columns, and between two panels."""

MARGIN = 12
LETTER = 0.56
"""Mean width of a letter, in its size."""


class Box(NamedTuple):
    """A rectangle in the picture."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Where it ends."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Where it ends."""
        return self.y + self.height

    @property
    def middle(self) -> tuple[float, float]:
        """Its centre."""
        return self.x + self.width / 2, self.y + self.height / 2


class Named(NamedTuple):
    """A series with the name that the legend gives it."""

    name: str
    series: Series


def placed(panel: dict[str, Any], top: float) -> Box:
    """Return the box of a panel or a heading."""
    place = panel["gridPos"]
    return Box(
        place["x"] * COLUMN + GAP / 2 + MARGIN,
        place["y"] * ROW + GAP / 2 + top,
        place["w"] * COLUMN - GAP,
        place["h"] * ROW - GAP,
    )


def framed(panel: dict[str, Any], box: Box) -> list[str]:
    """Return the frame with its title."""
    return [
        rect(*box, "#ffffff", stroke="#d5d9dc"),
        text(box.x + 10, box.y + 19, panel["title"], size=13, weight="bold"),
    ]


def inside(box: Box) -> Box:
    """Return the room under the title."""
    return Box(box.x + 10, box.y + 30, box.width - 20, box.height - 38)


def nothing(panel: dict[str, Any], box: Box) -> list[str]:
    """Return what stands where a query has no series."""
    word = panel["fieldConfig"]["defaults"]["noValue"]
    x, y = box.middle
    return [text(x, y + 6, word, size=18, anchor="middle", colour=PALE)]


def fitted(words: str, width: float, size: float) -> str:
    """Return as much of a text as a width has room for."""
    room = max(1, int(width / (size * LETTER)))
    return words if len(words) <= room else words[: room - 1] + "…"


def heading(panel: dict[str, Any], box: Box) -> list[str]:
    """Return the title of a row of panels."""
    return [text(box.x, box.y + 18, panel["title"], size=15, weight="bold", colour=INK)]
