"""Signals made by hand."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from classifier import DE_ESCALATION, LABELS, Actor, Cue, Evidence
from streams.records import ModelRef, Signal

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
SENTENCE = "Troops massed on the border."
THAILAND = Actor("THA", "Thailand", "source")
CAMBODIA = Actor("KHM", "Cambodia", "target")


def signal(name: str = "a", severity: float = 6.5, **fields: Any) -> Signal:
    """Return a signal of Thailand against Cambodia, with any field replaced."""
    evidence = Evidence(SENTENCE, 0, len(SENTENCE), 1.0, ())
    given: dict[str, Any] = {
        "id": name,
        "key": "KHM-THA",
        "published_at": NOON,
        "ingested_at": NOON,
        "score": 1.0,
        "scores": dict.fromkeys(LABELS, 0.0),
        "alert": True,
        "severity": "high",
        "severity_score": severity,
        "cues": (Cue("military_buildup", 1.0, "occurred", "MOBILIZE", -6.5, (evidence,)),),
        "actors": (THAILAND, CAMBODIA),
        "model": ModelRef(version="1", digest="0" * 64),
    }
    return Signal(**(given | fields))


def peace(name: str = "p", probability: float = 1.0, **fields: Any) -> Signal:
    """Return a signal that reports a step towards peace between the two, and nothing else."""
    cue = Cue(DE_ESCALATION, probability, "occurred", "RETREAT", 8.0, ())
    return signal(name, 0.0, **({"cues": (cue,), "alert": False} | fields))
