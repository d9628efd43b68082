"""Values in the words that Grafana has for its units."""

from __future__ import annotations

import math
from typing import Final

SCALES: Final[dict[str, tuple[tuple[float, str], ...]]] = {
    "s": (
        (86400 * 365, " years"),
        (86400, " days"),
        (3600, " hours"),
        (60, " min"),
        (1, " s"),
        (1e-3, " ms"),
        (1e-6, " µs"),
    ),
    "bytes": ((2**30, " GiB"), (2**20, " MiB"), (2**10, " KiB"), (1, " B")),
    "percentunit": ((0.01, "%"),),
    "reqps": ((1e3, "K req/s"), (1, " req/s")),
    "short": ((1e6, " Mil"), (1e3, " K"), (1, "")),
}
"""For each unit from where a word holds, largest first; the last one holds for the rest too."""


def told(value: float, unit: str) -> str:
    """Return a value with its unit, in three figures."""
    scales = SCALES[unit]
    size, word = next((each for each in scales if abs(value) >= each[0]), scales[-1])
    if value == 0:
        size, word = (1, " s") if unit == "s" else scales[-1]
    return f"{_three(value / size)}{word}"


def ticks(top: float) -> list[float]:
    """Return four or five round values from 0 on, the last of which is not below ``top``."""
    if top <= 0:
        return [0.0, 1.0]
    raw = top / 4
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(power * each for each in (1, 2, 2.5, 5, 10) if power * each >= raw * 0.999)
    return [step * at for at in range(math.ceil(top / step - 1e-9) + 1)]


def _three(value: float) -> str:
    if abs(value) >= 100:  # noqa: PLR2004 - three figures
        return f"{value:.0f}"
    return f"{value:.3g}"
