"""The state of the incidents stage, as it stands in the Faust table: one value for each key.

A value is written whole, so that what belongs together is never half written. Structs are arrays on
the wire (msgpack); a field may be added at the end, with a default.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from classifier import Actor, Cue  # noqa: TC001 - msgspec reads annotations at run time
from streams.feedback import Dismissed  # noqa: TC001 - the same
from streams.records import Feedback, ModelRef  # noqa: TC001 - the same
from streams.tension import PairTension  # noqa: TC001 - the same

Phase = Literal["open", "cooled", "closed"]


class Source(msgspec.Struct, array_like=True):
    """An independent source: its registered domain and the weight of its best report."""

    domain: str
    weight: float


class Told(msgspec.Struct, array_like=True):
    """What the last alert said, to know what is new since.

    ``at`` is the partition's clock, in Unix seconds.
    """

    at: float
    word: str
    sources: int
    cues: list[str]


class Incident(msgspec.Struct, array_like=True):
    """One story.

    Attributes
    ----------
    first_seen, last_seen
        Event time of the earliest and the latest item, Unix seconds.
    active
        The partition's clock when an item last joined; quiet is measured from here.
    step
        Number of the last alert.
    told_by
        Severity score and event time of the item that gave headline and url.
    severity
        0 to 10, as it stands.
    peak
        What it was before the first of the de-escalations since it last rose.
    rose, calmed
        Event time of the item that raised it last, and of the latest de-escalation that counted,
        None before there is one.
    names
        Proper names of the story with their counts.
    texts
        MinHash signature of each different text, one after the other.
    domains
        CRC-32 of the domain of each independent source, also past the cap of ``sources``.
    doubt
        Product over the independent sources of one minus their weight; see `confidence.py`.
    suppressed
        Items since the last alert that were not worth one.
    dismissed
        An analyst's dismissal: the incident is closed, and kept so that what joins stays silent.
    """

    id: str
    first_seen: float
    last_seen: float
    active: float
    phase: Phase
    step: int
    headline: str
    url: str | None
    told_by: tuple[float, float]
    severity: float
    peak: float
    rose: float
    calmed: float | None
    score: float
    cues: dict[str, Cue]
    actors: list[Actor]
    places: list[str]
    names: dict[str, int]
    texts: bytes
    sources: list[Source]
    domains: list[int]
    doubt: float
    items: int
    suppressed: int
    told: Told
    model: ModelRef
    floors: dict[str, float]
    verdict: Literal["confirmed", "dismissed"] | None = None
    dismissed: Dismissed | None = None


class KeyState(msgspec.Struct, array_like=True):
    """All that is known of one key.

    Attributes
    ----------
    partition
        Of the signals topic, the feedback topic and the changelog.
    signal_offset, feedback_offset
        The last records that are in it; what is not after them was processed before.
    clock
        The partition's clock when it was written, Unix seconds.
    pending
        An alert that was decided and may not have been published: it is published again, with the
        same id, when a worker takes over before the next write.
    trace
        Its W3C trace context.
    verdicts
        The latest verdicts on incidents of the key: one that comes again, whatever its offset,
        counts once. Their notes are cut; the topic has them in full.
    """

    key: str
    partition: int
    signal_offset: int = -1
    feedback_offset: int = -1
    clock: float = 0.0
    incidents: list[Incident] = []
    tension: PairTension | None = None
    pending: bytes | None = None
    trace: bytes | None = None
    verdicts: list[Feedback] = []


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(KeyState)


def dump(state: KeyState) -> bytes:
    """Return the state as the table keeps it."""
    return _encoder.encode(state)


def load(value: bytes) -> KeyState:
    """Return the state in a table's value.

    Raises
    ------
    msgspec.DecodeError
        The value is none of ours.
    """
    return _decoder.decode(value)
