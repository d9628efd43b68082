"""The incidents stage: signals in, alerts out. It carries a few per cent of the traffic.

Today every signal with a cue over its floor opens an incident of its own; the id is made from the
signal, so that a signal processed twice gives the same alert.
"""

from __future__ import annotations

import hashlib

import msgspec

from streams.deadletters import Reason
from streams.records import Alert, Signal, decode_signal


def read_signal(value: bytes | None) -> Signal | Reason:
    """Return the signal in a record, or why there is none."""
    try:
        return decode_signal(value or b"")
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return Reason.of("incidents", error)


def alert_of(signal: Signal) -> Alert | None:
    """Return the alert that a signal opens, or None when no cue of it raises one."""
    if not signal.alert:
        return None
    incident = hashlib.sha256(f"{signal.key}\0{signal.id}".encode()).hexdigest()[:16]
    seen = signal.published_at or signal.ingested_at
    return Alert(
        id=f"{incident}-1-opened",
        incident=incident,
        step="opened",
        why=("first_signal",),
        key=signal.key,
        at=seen,
        first_seen=seen,
        last_seen=seen,
        headline=signal.title,
        url=signal.url,
        sources=(signal.source,) if signal.source else (),
        source_count=1 if signal.source else 0,
        severity=signal.severity,
        severity_score=signal.severity_score,
        score=signal.score,
        cues=signal.cues,
        actors=signal.actors,
        model=signal.model,
    )
