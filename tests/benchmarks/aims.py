"""What the figures were meant to be, and what they are: ratios first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from benchmarks.contestants import ALL
from benchmarks.tables import Row, best, distinct, latencies, spread, table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

KINDS = {each.name: each.kind for each in ALL}
JUDGES = {"linear": "scorer, linear", "encoder": "scorer, default"}


class Aim(NamedTuple):
    """A figure, and the bound that it is held to: at least or at most."""

    what: str
    bound: float
    at_least: bool
    seen: float

    def line(self) -> tuple[str, str, str, str]:
        """Return the row of the table."""
        word = "at least" if self.at_least else "at most"
        met = self.seen >= self.bound if self.at_least else self.seen <= self.bound
        said = "met" if met else f"missed by {abs(self.seen / self.bound - 1):.0%}"
        return self.what, f"{word} {self.bound:g}", f"{self.seen:.3g}", said


def text(known: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the table of those that have been measured."""
    found = [
        aim.line()
        for name, aims in AIMS.items()
        if name in known and known[name]["rows"]
        for aim in aims(known[name]["rows"])
    ]
    head = ("aim", "bound", "seen", "")
    return f"## In short\n\n{table(head, found)}"


def _throughput(rows: Sequence[Row]) -> Iterator[Aim]:
    for judge, scorer in JUDGES.items():
        ours = spread(rows, "rate", contestant=judge)
        alone = spread(rows, "rate", contestant=scorer)
        for kind, bound, title in (
            ("batch", 4.0, "the best batch peer"),
            ("message", 15.0, "the best per-message peer"),
        ):
            peer = best(rows, "rate", lambda name, kind=kind: KINDS.get(name) == kind)  # type: ignore[misc]
            if ours is not None and peer is not None:
                what = f"items/s, {judge} judge, over {title}"
                yield Aim(what, bound, at_least=True, seen=ours.middle / peer.middle)
        if ours is not None and alone is not None:
            what = f"items/s, {judge} judge, over our scorer alone"
            yield Aim(what, 0.8, at_least=True, seen=ours.middle / alone.middle)
        memory = spread(rows, "peak", contestant=judge)
        if memory is not None:
            what = f"peak memory of the score stage, {judge} judge, MB"
            yield Aim(what, 350.0, at_least=False, seen=memory.middle)


def _latency(rows: Sequence[Row]) -> Iterator[Aim]:
    for judge in JUDGES:
        for load, bound in (("10 %", 150.0), ("50 %", 500.0)):
            found = latencies(rows, 0.99, contestant=judge, load=load)
            if found is not None:
                what = f"p99 publish to alert at {load} of capacity, {judge} judge, ms"
                yield Aim(what, bound, at_least=False, seen=found.middle)


def _backlogs(rows: Sequence[Row]) -> Iterator[Aim]:
    counts = distinct(rows, "backlog")
    least, most = (spread(rows, "cpu", backlog=pick(counts)) for pick in (min, max))
    if least is not None and most is not None and len(counts) > 1:
        what = f"CPU an item, backlog of {max(counts):,} over {min(counts):,}"
        yield Aim(what, 1.1, at_least=False, seen=most.middle / least.middle)
    begin, end = (spread(rows, name, backlog=max(counts)) for name in ("early", "late"))
    if begin is not None and end is not None:
        what = f"memory at the end of {max(counts):,} items over that after warming up"
        yield Aim(what, 1.1, at_least=False, seen=end.middle / begin.middle)


def _incidents(rows: Sequence[Row]) -> Iterator[Aim]:
    counts = distinct(rows, "opened")
    few, many = (spread(rows, "each", opened=pick(counts)) for pick in (min, max))
    if few is not None and many is not None:
        what = f"CPU a signal, {max(counts):,} open incidents over {min(counts):,}"
        yield Aim(what, 1.1, at_least=False, seen=many.middle / few.middle)


AIMS = {
    "throughput": _throughput,
    "latency": _latency,
    "backlogs": _backlogs,
    "incidents": _incidents,
}
