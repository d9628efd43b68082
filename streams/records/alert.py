"""One step in the life of an incident. Value of `escalation.alerts`."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - msgspec reads annotations at run time
from typing import Literal

import msgspec

from classifier import Actor, Cue  # noqa: TC001 - the same
from streams.records.signal import ModelRef  # noqa: TC001 - the same

Step = Literal["opened", "updated", "cooled", "closed"]
"""``opened`` by its first signal; ``updated`` by news; ``cooled`` after a quiet window, it may
still be updated; ``closed`` for good: what comes then opens another incident."""

Why = Literal[
    "first_signal",
    "new_source",
    "new_cue",
    "severity_rise",
    "de_escalation",
    "confirmed",
    "dismissed",
    "quiet",
]


class Alert(msgspec.Struct, frozen=True, kw_only=True):
    """One step in the life of an incident. It says all that is known of the incident by then.

    Attributes
    ----------
    id
        Deterministic: ``<incident>-<number>-<step>``. A repeat has the same id.
    incident
        The incident's id, also the record's key and the CloudEvents subject.
    step
        What happened to the incident.
    number
        Of the step in the incident's life, from 1.
    why
        What made the step worth telling, most important first.
    key
        The actors key of the signals that belong to the incident; the key of its feedback.
    at
        Event time of the step.
    first_seen, last_seen
        Publication of the first and the latest item.
    headline, url
        Of the item that tells it best: the most severe one, the earliest of equals; after a
        de-escalation, the item that told of it.
    sources
        Independent sources (registered domains), syndication counted once; capped.
    source_count, item_count
        How many independent sources and items there are, also past the cap.
    severity, severity_score
        The word and the number of 0 to 10, see :mod:`classifier.severity`; after a
        de-escalation, what remains.
    confidence
        0 to 1, that it is so: grows with independent sources, falls for opinion and for a single
        unattributed source. Not the classifier's probability, which each cue carries.
    score
        Highest calibrated probability of the nine cues that are not `de_escalation`.
    cues
        Strongest first, each with probability, modality, PLOVER root and evidence.
    actors
        With roles; sources first.
    places
        Places named in the evidence, as far as they are known.
    suppressed
        Signals that joined since the step before and were not worth an alert.
    verdict
        An analyst's, None before there is one.
    model
        Which model scored.
    floors
        Label -> probability from which the model reports a cue.
    fingerprint
        Alertmanager's fingerprint of ``labels``: the same for all steps of the incident.
    labels, annotations
        As of an Alertmanager alert. Labels stay the same through the incident's life.
    """

    id: str
    incident: str
    step: Step
    number: int = 1
    why: tuple[Why, ...] = ()
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
    score: float
    cues: tuple[Cue, ...]
    actors: tuple[Actor, ...] = ()
    places: tuple[str, ...] = ()
    suppressed: int = 0
    verdict: Literal["confirmed", "dismissed"] | None = None
    model: ModelRef
    floors: dict[str, float] = {}
    fingerprint: str = ""
    labels: dict[str, str] = {}
    annotations: dict[str, str] = {}
