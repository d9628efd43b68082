"""A classifier with no training: it finds the word `troops`. For tests of the stream alone."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

from classifier import LABELS, Actor, Assessment, Cue, Evidence, Item, Term

if TYPE_CHECKING:
    from collections.abc import Sequence


class WordModel:
    """Gives `military_buildup` to items with `troops`, and raises for items with `explode`."""

    info = SimpleNamespace(version="word", digest="0" * 64, trained="2026-11-01T00:00:00+00:00")

    def __init__(self) -> None:
        self.calls = 0

    def assess(self, items: Sequence[Item]) -> list[Assessment]:
        """Return an assessment for each item."""
        self.calls += 1
        if any("explode" in item.text for item in items):
            raise ZeroDivisionError("a bug in scoring")
        return [assessment(item, hot="troops" in item.text) for item in items]


def assessment(item: Item, *, hot: bool) -> Assessment:
    """Return what the model makes of an item: hot with one cue, or cold with none."""
    evidence = Evidence(item.text, 0, len(item.text), 0.9, (Term("troops", 2.0),))
    cue = Cue("military_buildup", 0.9, "occurred", "MOBILIZE", -6.5, (evidence,))
    return Assessment(
        id=item.id,
        text=item.text,
        language="en",
        supported=True,
        score=0.9 if hot else 0.1,
        scores=dict.fromkeys(LABELS, 0.1),
        alert=hot,
        severity="high" if hot else "info",
        severity_score=6.5 if hot else 0.0,
        cues=(cue,) if hot else (),
        actors=(Actor("THA", "Thailand", "source"), Actor("KHM", "Cambodia", "target")),
    )
