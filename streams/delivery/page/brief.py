"""What the page needs of an alert: all that a card shows, cut to sizes that are known.

A whole alert has every sentence and every weight; it is fetched when an incident is opened.
"""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - msgspec reads annotations at run time
from typing import TYPE_CHECKING

import msgspec

from classifier import Actor

if TYPE_CHECKING:
    from classifier import Cue
    from streams.records import Alert

TEXT = 600
"""Characters of a headline or a sentence that a card shows."""
NAME = 120
URL = 2048
EVIDENCE = 2
"""Cues, strongest first, that come with a sentence."""
LATEST = 253_402_300_799_000
"""The end of the year 9999 in milliseconds: a record may be dated as its producer likes."""
SOURCES, ACTORS, TERMS, CUES = 8, 8, 8, 10


class BriefEvidence(msgspec.Struct, frozen=True, kw_only=True):
    """A sentence and the words in it that spoke for the cue."""

    text: str
    terms: tuple[str, ...] = ()


class BriefCue(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A cue, and for the strongest ones the sentence behind it."""

    cue: str
    probability: float
    modality: str
    evidence: BriefEvidence | None = None


class Brief(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One step of an incident as a card shows it. Fields as in :class:`streams.records.Alert`.

    Attributes
    ----------
    told
        When the alert was published: milliseconds since 1970, from its record in Kafka.
    """

    id: str
    incident: str
    step: str
    number: int
    told: int
    why: tuple[str, ...] = ()
    key: str
    at: datetime | None = None
    first_seen: datetime | None = None
    last_seen: datetime | None = None
    headline: str = ""
    url: str | None = None
    sources: tuple[str, ...] = ()
    source_count: int = 0
    item_count: int = 1
    severity: str
    severity_score: float
    confidence: float = 0.0
    cues: tuple[BriefCue, ...] = ()
    actors: tuple[Actor, ...] = ()
    suppressed: int = 0
    verdict: str | None = None


def brief_of(alert: Alert, told: int) -> Brief:
    """Return what the page needs of an alert that was published at ``told`` (milliseconds)."""
    return Brief(
        id=alert.id[:NAME],
        incident=alert.incident[:NAME],
        step=alert.step,
        number=alert.number,
        told=max(0, min(told, LATEST)),
        why=alert.why,
        key=alert.key[:NAME],
        at=alert.at,
        first_seen=alert.first_seen,
        last_seen=alert.last_seen,
        headline=alert.headline[:TEXT],
        url=alert.url if alert.url and len(alert.url) <= URL else None,
        sources=tuple(source[:NAME] for source in alert.sources[:SOURCES]),
        source_count=max(alert.source_count, len(alert.sources)),
        item_count=alert.item_count,
        severity=alert.severity[:NAME],
        severity_score=round(alert.severity_score, 2),
        confidence=round(alert.confidence, 3),
        cues=tuple(
            _cue(cue, with_evidence=rank < EVIDENCE) for rank, cue in enumerate(alert.cues[:CUES])
        ),
        actors=tuple(
            Actor(actor.code[:NAME], actor.name[:NAME], actor.role)
            for actor in alert.actors[:ACTORS]
        ),
        suppressed=alert.suppressed,
        verdict=alert.verdict,
    )


def _cue(cue: Cue, *, with_evidence: bool) -> BriefCue:
    first = cue.evidence[0] if cue.evidence and with_evidence else None
    return BriefCue(
        cue=cue.cue[:NAME],
        probability=round(cue.probability, 3),
        modality=cue.modality,
        evidence=None
        if first is None
        else BriefEvidence(
            text=first.text[:TEXT],
            terms=tuple(term.text[:NAME] for term in first.terms if term.weight > 0)[:TERMS],
        ),
    )
