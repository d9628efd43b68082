"""Signals made by hand, with no model: one cue, one sentence of evidence."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from classifier import Actor, Cue, Evidence
from streams.records import ModelRef, Signal

if TYPE_CHECKING:
    from collections.abc import Sequence

START = datetime(2026, 10, 5, 6, tzinfo=UTC)
MODEL = ModelRef(version="hand", digest="0" * 64)
PAIR = (Actor("KHM", "Cambodia", "source"), Actor("THA", "Thailand", "target"))
CLASH = "Soldiers exchanged fire near the temple of Samrong and three of them were killed."


def at(hours: float) -> datetime:
    """Return a moment so many hours after the start."""
    return START + timedelta(hours=hours)


def cue(name: str = "armed_clash", text: str = CLASH, **fields: Any) -> Cue:
    """Return a cue with one sentence."""
    given: dict[str, Any] = {
        "probability": 0.9,
        "modality": "occurred",
        "plover": "ASSAULT",
        "severity": -9.5,
    }
    given |= fields
    evidence = (Evidence(text, 0, len(text), given["probability"], ()),)
    return Cue(name, evidence=evidence, **given)


def peace(text: str = "A truce took hold.", probability: float = 1.0, severity: float = 8.0) -> Cue:
    """Return a de-escalation."""
    return cue("de_escalation", text, probability=probability, plover="RETREAT", severity=severity)


def signal(
    name: str,
    hours: float = 0.0,
    *,
    cues: Sequence[Cue] | None = None,
    severity: tuple[str, float] = ("critical", 9.0),
    **fields: Any,
) -> Signal:
    """Return a signal of the pair, from a source of its own, published after so many hours."""
    found = (cue(),) if cues is None else tuple(cues)
    hostile = any(each.cue != "de_escalation" for each in found)
    given: dict[str, Any] = {
        "id": name,
        "key": "KHM-THA",
        "title": f"Report {name}",
        "url": f"https://{name}.example/1",
        "published_at": at(hours),
        "ingested_at": at(hours),
        "score": 0.9 if hostile else 0.1,
        "scores": {},
        "alert": hostile,
        "severity": severity[0] if hostile else "info",
        "severity_score": severity[1] if hostile else 0.0,
        "cues": found,
        "actors": PAIR,
        "model": MODEL,
    }
    return Signal(**(given | fields))
