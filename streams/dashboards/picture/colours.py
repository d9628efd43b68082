"""Colours by the names that Grafana gives them, in its light theme, and those of series."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

NAMED: Final = {
    "green": "#37872d",
    "orange": "#e0670b",
    "red": "#c4162a",
    "semi-dark-red": "#e02f44",
    "dark-red": "#8f0f1f",
    "blue": "#1f60c4",
    "text": "#6b7075",
}

CLASSIC: Final = (
    "#56a64b",
    "#e0b400",
    "#3274d9",
    "#ff780a",
    "#e02f44",
    "#a352cc",
    "#19730e",
    "#0a437c",
    "#b877d9",
    "#5d4037",
    "#00838f",
    "#ad4d00",
)
"""For series in their order, of which there are rarely more."""


def of_series(names: Sequence[str], overrides: Sequence[dict[str, Any]]) -> list[str]:
    """Return a colour for each series: the one that an override gives its name, or the next."""
    fixed = {
        each["matcher"]["options"]: NAMED[each["properties"][0]["value"]["fixedColor"]]
        for each in overrides
    }
    return [fixed.get(name, CLASSIC[at % len(CLASSIC)]) for at, name in enumerate(names)]


def of_value(value: float, steps: Sequence[dict[str, Any]]) -> str:
    """Return the colour of the highest threshold that a value has passed."""
    passed = [each for each in steps if each["value"] is None or value >= each["value"]]
    return NAMED[passed[-1]["color"]]
