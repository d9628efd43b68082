"""A course of values as bars of a terminal line."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

BARS: Final = "▁▂▃▄▅▆▇█"


def sparkline(values: Sequence[float], top: float | None = None) -> str:
    """Return a bar for each value: the lowest for zero, the highest for ``top``.

    Parameters
    ----------
    values
        0 or more.
    top
        Where the scale ends, so that several lines can share one; the greatest value when None.
    """
    end = top if top is not None else max(values, default=0.0)
    if end <= 0:
        return BARS[0] * len(values)
    steps = len(BARS) - 1
    return "".join(BARS[min(steps, math.ceil(value / end * steps))] for value in values)
