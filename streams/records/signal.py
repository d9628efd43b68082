"""A scored item, between the two stages. Value of `escalation.signals`."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - msgspec reads annotations at run time

import msgspec

from classifier import Actor, Cue  # noqa: TC001 - the same


class ModelRef(msgspec.Struct, frozen=True, kw_only=True):
    """Which model scored: its version and the SHA-256 of its manifest."""

    version: str
    digest: str


class Signal(msgspec.Struct, frozen=True, kw_only=True):
    """One scored item with at least one cue over its floor. Value of `escalation.signals`.

    The same item scored by the same model gives the same signal, byte for byte, so that a
    redelivery can be told from news.

    Attributes
    ----------
    id
        The item's id.
    key
        The record's key: the sorted codes of the two main actors, or one, or a hash; see
        :mod:`streams.keys`.
    ingested_at
        Timestamp of the item's record in Kafka.
    score
        Highest calibrated probability of the nine cues that are not `de_escalation`.
    scores
        Calibrated probability of each of the ten labels.
    alert
        Whether one of the nine cues is over its floor.
    cues
        The cues over their floors, strongest first, with evidence.
    floors
        Label -> probability from which the model reports a cue.
    """

    id: str
    key: str
    title: str = ""
    url: str | None = None
    source: str | None = None
    published_at: datetime | None = None
    ingested_at: datetime | None = None
    language: str | None = None
    score: float
    scores: dict[str, float]
    alert: bool
    severity: str
    severity_score: float
    cues: tuple[Cue, ...]
    actors: tuple[Actor, ...] = ()
    model: ModelRef
    floors: dict[str, float] = {}
