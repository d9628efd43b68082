"""The life of an incident: which step comes next, and whether it is worth telling.

opened -> updated ... -> cooled (nothing joined for its window) -> closed. What comes after a
cool-down and is news takes a cooled incident up again; a closed one is over.

Inside the cool-down of the last alert only a graver severity word is told, or, after a
de-escalation, a lesser one. After it, a new cue is told, and new sources once there are enough of
them: three times those of the last alert, unless a setting says otherwise. All else is counted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from classifier import DE_ESCALATION, severity_word
from streams.feedback import effect_of, mutes
from streams.feedback.effect import Dismissed
from streams.incidents.joining import join, tell_by
from streams.incidents.policy import WORDS
from streams.incidents.severity import calm_down, calming, rise
from streams.incidents.state import Incident, Told
from streams.incidents.times import moment

if TYPE_CHECKING:
    from streams.incidents.eventtime import When
    from streams.incidents.policy import Policy
    from streams.incidents.story import Story
    from streams.records import Feedback, Signal, Step, Why


Silence = Literal["cool_down", "no_news", "late", "stale", "dismissed", "nothing_to_calm"]
"""Why a signal is not told."""


class Taken(NamedTuple):
    """A step that an incident has taken.

    Attributes
    ----------
    step, why
        As in the alert.
    at
        Its event time, Unix seconds.
    """

    step: Step
    why: tuple[Why, ...]
    at: float


def opened(incident: Incident, signal: Signal, story: Story, time: When, policy: Policy) -> Taken:
    """Take the first step of a new incident."""
    _add(incident, signal, story, time, policy)
    return _tell(incident, Taken("opened", ("first_signal",), time.at), time.clock)


def joined(
    incident: Incident, signal: Signal, story: Story, time: When, policy: Policy
) -> tuple[Taken, None] | tuple[None, Silence]:
    """Let a signal join; return the step that is worth telling, or why there is none."""
    before = incident.last_seen
    _add(incident, signal, story, time, policy)
    why = _news(incident, signal, time, policy, before)
    if why:
        incident.phase = "open"
        return _tell(incident, Taken("updated", why, time.at), time.clock), None
    incident.suppressed += 1
    if time.late:
        return None, "late"
    return None, ("cool_down" if _cooling(incident, time, policy) else "no_news")


def silenced(incident: Incident, signal: Signal, time: When, policy: Policy) -> bool:
    """Tell whether a dismissal of the incident keeps a signal that belongs to it silent."""
    return incident.dismissed is not None and mutes(
        incident.dismissed, signal.severity_score, moment(time.at), policy.dismissal
    )


def due(incident: Incident, policy: Policy) -> float:
    """Return when an incident takes its next step, or is forgotten, for being quiet."""
    if incident.dismissed is not None:
        return incident.dismissed.at.timestamp() + policy.dismissal
    word = severity_word(incident.severity)
    return policy.due(word, incident.active, cooled=incident.phase == "cooled")


def quiet(incident: Incident, policy: Policy) -> Taken:
    """Take the step of an incident that was quiet for its window."""
    at = due(incident, policy)
    incident.phase = "cooled" if incident.phase == "open" else "closed"
    return _tell(incident, Taken(incident.phase, ("quiet",), at), at)


def closed_early(incident: Incident, at: float) -> Taken:
    """Close an incident that must make room; it is the one that was quiet longest."""
    incident.phase = "closed"
    return _tell(incident, Taken("closed", ("quiet",), at), at)


def judged(incident: Incident, feedback: Feedback, clock: float) -> Taken | None:
    """Apply an analyst's verdict; return the step to tell, None when there is none."""
    step: Step = "updated" if incident.phase == "open" else incident.phase
    effect = effect_of(feedback, step, incident.verdict)
    if effect.verdict == incident.verdict:
        return None
    incident.verdict = effect.verdict
    incident.dismissed = None
    if effect.verdict == "dismissed":
        incident.phase = "closed"
        incident.dismissed = Dismissed(
            at=moment(incident.last_seen),
            severity_score=incident.severity,
            reason=feedback.reason or "other",
        )
    if effect.step is None or effect.verdict is None:
        return None
    return _tell(incident, Taken(effect.step, (effect.verdict,), clock), clock)


def _add(incident: Incident, signal: Signal, story: Story, time: When, policy: Policy) -> None:
    copied = join(incident, signal, story, time.at, policy)
    incident.active = max(incident.active, time.clock)
    calm = calming(signal)
    before = incident.severity
    if calm is None:
        rise(incident, signal.severity_score, time.at, copied=copied)
        tell_by(incident, signal, signal.severity_score, time.at)
        return
    calm_down(incident, calm, time.at, anew=not _cooling(incident, time, policy))
    if severity_word(incident.severity) != severity_word(before):
        # What is told now is the peace; whatever happens next tells it better than the war did.
        incident.told_by = (-1.0, time.at)
        tell_by(incident, signal, 0.0, time.at)


def _news(
    incident: Incident, signal: Signal, time: When, policy: Policy, last_seen: float
) -> tuple[Why, ...]:
    told = incident.told
    change = _rank(severity_word(incident.severity)) - _rank(told.word)
    if change < 0 and calming(signal) is not None:
        return ("de_escalation",)
    new_cue = any(name not in told.cues for name in _hostile(incident))
    sources = len(incident.domains)
    new_source = sources >= max(2.0, told.sources * policy.source_growth)
    also: list[Why] = []
    if new_cue:
        also.append("new_cue")
    if new_source:
        also.append("new_source")
    if change > 0:
        return ("severity_rise", *also)
    if _cooling(incident, time, policy) or calming(signal) is not None:
        return ()
    if incident.phase == "cooled":
        # Old news does not take up what has cooled; what was published since does.
        if time.late and time.at <= last_seen:
            return ()
        if sources > told.sources and not new_source:
            also.append("new_source")
    return tuple(also)


def _cooling(incident: Incident, time: When, policy: Policy) -> bool:
    return time.clock - incident.told.at < policy.cooldown[incident.told.word]


def _tell(incident: Incident, taken: Taken, clock: float) -> Taken:
    incident.step += 1
    incident.told = Told(
        at=clock,
        word=severity_word(incident.severity),
        sources=len(incident.domains),
        cues=_hostile(incident),
    )
    return taken


def _hostile(incident: Incident) -> list[str]:
    return [name for name in incident.cues if name != DE_ESCALATION]


def _rank(word: str) -> int:
    return WORDS.index(word)
