"""Alerts made by hand."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from classifier import Actor, Cue, Evidence, Term
from streams.records import Alert, ModelRef

SENTENCE = "Troops massed on the border."
SEEN = datetime(2026, 11, 2, 7, 2, tzinfo=UTC)


def alert(incident: str = "i", number: int = 1, **fields: Any) -> Alert:
    """Return an alert about Cambodia and Thailand, with any field replaced."""
    evidence = Evidence(SENTENCE, 0, len(SENTENCE), 0.93, (Term("troops massed", 2.0),))
    step = "opened" if number == 1 else "updated"
    given: dict[str, Any] = {
        "id": f"{incident}-{number}-{fields.get('step', step)}",
        "incident": incident,
        "step": step,
        "number": number,
        "why": ("first_signal",) if number == 1 else ("new_source",),
        "key": "KHM-THA",
        "at": SEEN,
        "first_seen": SEEN,
        "last_seen": SEEN,
        "headline": "Troops mass",
        "url": "https://x.example/1",
        "sources": ("x.example",),
        "source_count": 1,
        "severity": "high",
        "severity_score": 6.5,
        "confidence": 0.61,
        "score": 0.93,
        "cues": (Cue("military_buildup", 0.93, "occurred", "MOBILIZE", -6.5, (evidence,)),),
        "actors": (Actor("KHM", "Cambodia", "source"), Actor("THA", "Thailand", "target")),
        "model": ModelRef(version="1", digest="0" * 64),
    }
    return Alert(**(given | fields))
