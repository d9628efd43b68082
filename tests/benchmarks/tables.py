"""From the rows of parts to medians, ranges and Markdown tables."""

from __future__ import annotations

import math
from statistics import median
from typing import TYPE_CHECKING, Any, NamedTuple

from benchmarks.contestants import ALL, ENCODER_2
from benchmarks.drawing import figure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

Row = dict[str, Any]
TITLES = {each.name: each.title for each in (*ALL, ENCODER_2)} | {
    "scorer, linear": "our scorer alone, linear judge, in memory",
    "scorer, default": "our scorer alone, default judge, in memory",
    "plain pipeline": "the peers' decoding and pipeline alone, in memory",
    "consume": "confluent-kafka, only consumes and commits",
}


class Spread(NamedTuple):
    """The median of the repetitions, and the least and the most of them."""

    middle: float
    least: float
    most: float

    @staticmethod
    def of(values: Iterable[float]) -> Spread:
        """Return the spread of some values."""
        found = sorted(values)
        return Spread(median(found), found[0], found[-1])

    def __str__(self) -> str:
        if figure(self.least) == figure(self.most):
            return figure(self.middle)
        return f"{figure(self.middle)} ({figure(self.least)} to {figure(self.most)})"


def spread(rows: Sequence[Row], name: str, **where: Any) -> Spread | None:
    """Return the spread of a figure over the rows that have these values; None without any."""
    found = [row[name] for row in select(rows, **where) if name in row]
    return Spread.of(found) if found else None


def select(rows: Sequence[Row], **where: Any) -> list[Row]:
    """Return the rows that have these values."""
    return [row for row in rows if where.items() <= row.items()]


def distinct(rows: Sequence[Row], name: str) -> list[Any]:
    """Return the values of a column, each once, in their order."""
    return list(dict.fromkeys(row[name] for row in rows))


def percentile(seconds: Sequence[float], share: float) -> float:
    """Return the nearest-rank percentile of sorted values."""
    return seconds[max(0, math.ceil(share * len(seconds)) - 1)]


def latencies(rows: Sequence[Row], share: float, **where: Any) -> Spread | None:
    """Return the spread, over the repetitions, of a percentile in milliseconds."""
    found = [row["seconds"] for row in select(rows, **where) if row.get("seconds")]
    return Spread.of(1000 * percentile(each, share) for each in found) if found else None


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a Markdown table; all columns but the first are figures."""
    lines = [_line(head), "|---|" + "--:|" * (len(head) - 1)]
    lines += [_line(["" if cell is None else str(cell) for cell in row]) for row in rows]
    return "\n".join(lines) + "\n"


def times(value: Spread | None, other: Spread | None) -> str | None:
    """Return how many times the other a figure is, by the medians."""
    if value is None or other is None:
        return None
    return f"{value.middle / other.middle:.2f}"


def best(rows: Sequence[Row], name: str, kinds: Callable[[str], bool]) -> Spread | None:
    """Return the spread with the highest median among the contestants that are of a kind."""
    found = [
        each
        for contestant in distinct(rows, "contestant")
        if kinds(contestant) and (each := spread(rows, name, contestant=contestant)) is not None
    ]
    return max(found, key=lambda each: each.middle, default=None)


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"
