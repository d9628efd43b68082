"""The few elements of SVG that our pictures are made of."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

INK: Final = "#222222"
PALE: Final = "#555555"


def document(width: float, height: float, title: str, parts: Iterable[str]) -> str:
    """Return a whole picture on white, with no script and no address in it."""
    size = f'viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}"'
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" role="img">',
            f"<title>{escape(title)}</title>",
            rect(0, 0, width, height, "#ffffff"),
            *parts,
            "</svg>\n",
        ]
    )


def text(
    x: float,
    y: float,
    words: str,
    *,
    size: float,
    anchor: str = "start",
    weight: str = "normal",
    colour: str = INK,
) -> str:
    """Return one line of text, its baseline at ``y``."""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:g}" text-anchor="{anchor}"'
        f' font-weight="{weight}" fill="{colour}">{escape(words)}</text>'
    )


def rect(
    x: float, y: float, width: float, height: float, fill: str, *, stroke: str | None = None
) -> str:
    """Return a rectangle."""
    edge = "" if stroke is None else f' stroke="{stroke}"'
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"'
        f' fill="{fill}"{edge}/>'
    )


def line(x: float, y: float, to_x: float, to_y: float, stroke: str, *, dashed: bool = False) -> str:
    """Return a straight line."""
    dash = ' stroke-dasharray="5 4"' if dashed else ""
    ends = f'x1="{x:.1f}" y1="{y:.1f}" x2="{to_x:.1f}" y2="{to_y:.1f}"'
    return f'<line {ends} stroke="{stroke}"{dash}/>'
