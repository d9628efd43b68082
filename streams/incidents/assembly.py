"""The alert that tells a step: all that is known of the incident by then, bounded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from classifier import severity_word
from streams.incidents.confidence import confidence
from streams.incidents.fingerprint import fingerprint
from streams.incidents.times import moment
from streams.records import Alert

if TYPE_CHECKING:
    from classifier import Cue
    from streams.incidents.life import Taken
    from streams.incidents.state import Incident

ALERT_NAME = "EscalationIncident"
SHOWN_SOURCES = 20
LONGEST_DESCRIPTION = 1000


def alert_of(incident: Incident, key: str, taken: Taken) -> Alert:
    """Return the alert of the step that an incident has just taken."""
    labels = {"alertname": ALERT_NAME, "incident": incident.id, "key": key}
    cues = tuple(sorted(incident.cues.values(), key=lambda cue: (-cue.probability, cue.cue)))
    score = round(incident.severity, 2)
    sure = confidence(incident)
    return Alert(
        id=f"{incident.id}-{incident.step}-{taken.step}",
        incident=incident.id,
        step=taken.step,
        number=incident.step,
        why=taken.why,
        key=key,
        at=moment(taken.at),
        first_seen=moment(incident.first_seen),
        last_seen=moment(incident.last_seen),
        headline=incident.headline,
        url=incident.url,
        sources=tuple(source.domain for source in incident.sources[:SHOWN_SOURCES]),
        source_count=len(incident.domains),
        item_count=incident.items,
        severity=severity_word(incident.severity),
        severity_score=score,
        confidence=sure,
        score=incident.score,
        cues=cues,
        actors=tuple(incident.actors),
        places=tuple(incident.places),
        suppressed=incident.suppressed,
        verdict=incident.verdict,
        model=incident.model,
        floors=incident.floors,
        fingerprint=fingerprint(labels),
        labels=labels,
        annotations=_annotations(incident, taken, cues, sure),
    )


def _annotations(
    incident: Incident, taken: Taken, cues: tuple[Cue, ...], sure: float
) -> dict[str, str]:
    """Return what changes from step to step; severity is here, since labels are the identity."""
    word = severity_word(incident.severity)
    evidence = [piece.text for cue in cues for piece in cue.evidence[:1]]
    return {
        "summary": f"{word.upper()}: {incident.headline}",
        "description": " ".join(dict.fromkeys(evidence))[:LONGEST_DESCRIPTION],
        "severity": word,
        "severity_score": f"{incident.severity:.2f}",
        "confidence": f"{sure:.2f}",
        "step": taken.step,
        "why": ", ".join(taken.why),
        "cues": ", ".join(cue.cue for cue in cues),
        "sources": str(len(incident.domains)),
        "url": incident.url or "",
        "runbook": f"escalation incidents show {incident.id}",
    }
