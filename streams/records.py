"""The wire contract: what goes over each topic, as msgspec structs.

Fields may be added with a default; none is renamed, removed or given another meaning without a
new major version of the contract.
"""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - msgspec reads annotations at run time
from typing import Literal, NamedTuple

import msgspec

from classifier import Actor, Cue  # noqa: TC001 - the same


class NewsItem(msgspec.Struct, frozen=True, kw_only=True):
    """One news item, whatever shape it came in.

    Attributes
    ----------
    id
        The publisher's id, or a stable one made from the url or the content.
    title, text
        As published; may hold HTML. At least one of them is not empty.
    published_at
        When the publisher says that it was published, with a time zone.
    language
        BCP 47 tag as published, or None when the item does not say.
    """

    id: str
    title: str = ""
    text: str = ""
    url: str | None = None
    source: str | None = None
    published_at: datetime | None = None
    language: str | None = None


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
        The record's key: the sorted codes of the two main actors, or one, or a hash.
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


class Alert(msgspec.Struct, frozen=True, kw_only=True):
    """One step in the life of an incident. Value of `escalation.alerts`.

    Attributes
    ----------
    id
        Deterministic: incident id and step. A repeat has the same id.
    incident
        The incident's id, also the record's key and the CloudEvents subject.
    step
        What happened to the incident.
    key
        The actors key of the signals that belong to the incident.
    """

    id: str
    incident: str
    step: Literal["opened"]
    key: str
    first_seen: datetime | None = None
    last_seen: datetime | None = None
    headline: str = ""
    url: str | None = None
    sources: tuple[str, ...] = ()
    severity: str
    severity_score: float
    score: float
    cues: tuple[Cue, ...]
    actors: tuple[Actor, ...] = ()
    model: ModelRef


class Message(NamedTuple):
    """One record to publish."""

    topic: str
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...] = ()
    timestamp_ms: int | None = None


_encoder = msgspec.json.Encoder()
_signal_decoder = msgspec.json.Decoder(Signal)
_alert_decoder = msgspec.json.Decoder(Alert)


def encode(record: Signal | Alert) -> bytes:
    """Return the record as UTF-8 JSON."""
    return _encoder.encode(record)


def decode_signal(value: bytes) -> Signal:
    """Decode a signal.

    Raises
    ------
    msgspec.DecodeError
        Not JSON, or not a signal; the message names the field.
    """
    return _signal_decoder.decode(value)


def decode_alert(value: bytes) -> Alert:
    """Decode an alert.

    Raises
    ------
    msgspec.DecodeError
        Not JSON, or not an alert; the message names the field.
    """
    return _alert_decoder.decode(value)
