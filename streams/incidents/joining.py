"""A signal joins an incident: what the incident knows afterwards.

Nothing is decided here on what to tell; see `life.py`. Everything that grows is bounded.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from classifier import Cue, Evidence
from streams.incidents.confidence import report_weight
from streams.incidents.domains import domain_of
from streams.incidents.matching import SAME_TEXT
from streams.incidents.state import Incident, Source, Told
from streams.incidents.story import SIGNATURE, likeness
from streams.names import places

if TYPE_CHECKING:
    from classifier import Actor
    from streams.incidents.policy import Policy
    from streams.incidents.story import Story
    from streams.records import Signal

MOST_ACTORS = 12
MOST_NAMES = 32
MOST_PLACES = 6
MOST_DOMAINS = 1000
MOST_TERMS = 5
LONGEST_EVIDENCE = 500
LONGEST_HEADLINE = 300
LONGEST_URL = 1000
_ROLES = {"source": 0, "target": 1, "mentioned": 2}


def new_incident(signal: Signal, name: str, at: float, clock: float) -> Incident:
    """Return an incident that knows nothing yet but its name; the signal is still to join."""
    return Incident(
        id=name,
        first_seen=at,
        last_seen=at,
        active=clock,
        phase="open",
        step=0,
        headline="",
        url=None,
        told_by=(-1.0, at),
        severity=0.0,
        peak=0.0,
        rose=at,
        calmed=None,
        score=0.0,
        cues={},
        actors=[],
        places=[],
        names={},
        texts=b"",
        sources=[],
        domains=[],
        doubt=1.0,
        items=0,
        suppressed=0,
        told=Told(at=clock, word="info", sources=0, cues=[]),
        model=signal.model,
        floors=signal.floors,
    )


def join(incident: Incident, signal: Signal, story: Story, at: float, policy: Policy) -> bool:
    """Let a signal join; return whether its text was known already, word for word or nearly."""
    copied = likeness(story.signature, incident.texts) >= SAME_TEXT
    incident.items += 1
    incident.first_seen = min(incident.first_seen, at)
    incident.last_seen = max(incident.last_seen, at)
    incident.score = max(incident.score, signal.score)
    incident.model = signal.model
    incident.floors = signal.floors
    if not copied and story.signature:
        incident.texts = (incident.texts + story.signature)[-policy.most_texts * SIGNATURE :]
    _add_source(incident, signal, story, policy, copied=copied)
    _add_cues(incident, signal.cues)
    _add_actors(incident, signal.actors)
    _add_names(incident, story)
    return copied


def tell_by(incident: Incident, signal: Signal, score: float, at: float) -> None:
    """Take headline and url of the item that tells it best: the gravest, of equals the earliest."""
    best, when = incident.told_by
    if (-score, at) < (-best, when):
        incident.headline = signal.title[:LONGEST_HEADLINE]
        incident.url = signal.url if signal.url and len(signal.url) <= LONGEST_URL else None
        incident.told_by = (score, at)


def _add_source(
    incident: Incident, signal: Signal, story: Story, policy: Policy, *, copied: bool
) -> None:
    domain = domain_of(signal)
    weight = report_weight(signal, story.sentences, domain)
    if domain is None:
        # Who names no source is one unattributed voice, however often it speaks.
        incident.doubt = min(incident.doubt, 1.0 - weight)
        return
    code = zlib.crc32(domain.encode("utf-8", "surrogatepass"))
    if code in incident.domains:
        _better_report(incident, domain, weight)
    elif not copied and len(incident.domains) < MOST_DOMAINS:
        incident.domains.append(code)
        incident.doubt *= 1.0 - weight
        if len(incident.sources) < policy.most_sources:
            incident.sources.append(Source(domain, weight))


def _better_report(incident: Incident, domain: str, weight: float) -> None:
    known = next((each for each in incident.sources if each.domain == domain), None)
    if known is not None and weight > known.weight:
        incident.doubt *= (1.0 - weight) / (1.0 - known.weight)
        known.weight = weight


def _add_cues(incident: Incident, cues: tuple[Cue, ...]) -> None:
    for cue in cues:
        known = incident.cues.get(cue.cue)
        if known is None or cue.probability > known.probability:
            incident.cues[cue.cue] = _trimmed(cue)


def _trimmed(cue: Cue) -> Cue:
    """Return the cue with its strongest sentence only."""
    evidence = tuple(
        Evidence(
            text=piece.text[:LONGEST_EVIDENCE],
            start=piece.start,
            end=min(piece.end, piece.start + LONGEST_EVIDENCE),
            probability=piece.probability,
            terms=piece.terms[:MOST_TERMS],
        )
        for piece in cue.evidence[:1]
    )
    return Cue(cue.cue, cue.probability, cue.modality, cue.plover, cue.severity, evidence)


def _add_actors(incident: Incident, actors: tuple[Actor, ...]) -> None:
    known = {actor.code: actor for actor in incident.actors}
    for actor in actors:
        before = known.get(actor.code)
        if before is None or _ROLES[actor.role] < _ROLES[before.role]:
            known[actor.code] = actor
    ranked = sorted(known.values(), key=lambda actor: _ROLES[actor.role])
    incident.actors = ranked[:MOST_ACTORS]


def _add_names(incident: Incident, story: Story) -> None:
    for name, count in story.names.items():
        incident.names[name] = incident.names.get(name, 0) + count
    if len(incident.names) > MOST_NAMES:
        kept = sorted(incident.names, key=lambda name: -incident.names[name])[:MOST_NAMES]
        incident.names = {name: incident.names[name] for name in kept}
    if len(incident.places) < MOST_PLACES:
        found = [*incident.places, *places(story.words, MOST_PLACES)]
        incident.places = list(dict.fromkeys(found))[:MOST_PLACES]
