"""Which incident a signal belongs to.

Two states have one crisis at a time: a signal of their pair joins their incident whatever the cue,
unless it tells of the same kind of act at another place. For one actor, or none, there are many
events at a time: a signal joins only what it shares names or words with, and never what has other
names, however alike the words: one raid is told like the next.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from classifier import DE_ESCALATION
from streams.incidents.story import likeness

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from streams.incidents.state import Incident
    from streams.incidents.story import Story
    from streams.records import Signal

SAME_TEXT = 0.6
"""Likeness from which two texts are one text, syndicated."""

SAME_STORY = 0.2
"""Likeness from which two texts tell one event of a pair though they name other places."""

SHARED_NAMES = 0.5
"""Share of the names of the one with fewer from which two stories are about the same place."""

ALIKE = 0.1
"""Likeness that a text without names needs, so that it joins the story of one actor or none."""


@dataclass(frozen=True, slots=True)
class Kinship:
    """How near a signal is to an incident.

    Attributes
    ----------
    text
        Highest likeness to a text of the incident.
    names
        Share of common names, of the side with fewer; 0 when one side has none.
    apart
        Whether both have names and share none.
    same_act
        Whether they have a cue in common.
    """

    text: float
    names: float
    apart: bool
    same_act: bool

    @property
    def rank(self) -> float:
        """What decides between two incidents that would both do."""
        return self.text + self.names


def best_match(signal: Signal, story: Story, incidents: Iterable[Incident]) -> Incident | None:
    """Return the incident that the signal joins, the nearest of several; None when it is new."""
    pair = "-" in signal.key and not signal.key.startswith("hash-")
    ranked = [
        (kin.rank, incident.last_seen, incident)
        for incident in incidents
        if joins(kin := kinship(signal, story, incident), pair=pair)
    ]
    return max(ranked, key=lambda each: each[:2])[2] if ranked else None


def kinship(signal: Signal, story: Story, incident: Incident) -> Kinship:
    """Return how near a signal is to an incident."""
    text = likeness(story.signature, incident.texts)
    acts = {cue.cue for cue in signal.cues} - {DE_ESCALATION}
    shared = _shared(story.names, incident.names)
    return Kinship(
        text=text,
        names=shared,
        apart=bool(story.names) and bool(incident.names) and shared == 0.0,
        same_act=not acts.isdisjoint(incident.cues),
    )


def joins(kin: Kinship, *, pair: bool) -> bool:
    """Tell whether a signal so near joins."""
    if pair:
        return not (kin.apart and kin.same_act) or kin.text >= SAME_STORY
    return kin.names >= SHARED_NAMES or (not kin.apart and kin.text >= ALIKE)


def _shared(one: Mapping[str, int], other: Mapping[str, int]) -> float:
    fewer = min(len(one), len(other))
    return sum(name in other for name in one) / fewer if fewer else 0.0
