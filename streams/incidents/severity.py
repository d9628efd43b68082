"""How grave an incident is as it goes on: it rises with what happens and falls with peace.

A hostile item raises it to the item's own score; one that is less grave leaves it as it is. A
de-escalation leaves

    peak x (1 - p x score / 10)

of it, with the peak since it last rose, the probability p and the PLOVER score of the
de-escalation (8 when it occurred, 4.5 when it is offered or expected): a truce takes four fifths
away, an offer of talks not half. Reports of one truce do not add up; what comes a cool-down later
is another step, and takes its share of what was left. After a de-escalation only an item that is
later and no copy of a known text raises it again, since old news of the fight goes on arriving.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from classifier import DE_ESCALATION

if TYPE_CHECKING:
    from classifier import Cue
    from streams.incidents.state import Incident
    from streams.records import Signal

MARGIN = 0.3
LEAD = 60
"""Characters after the headline within which the first sentence begins, dateline and all."""

MOST = 10.0


def calming(signal: Signal) -> Cue | None:
    """Return the de-escalation that an item reports, None when it is hostile.

    It is one when headline or first sentence say so, as news puts first what is new, before any
    other cue, and when it is by far the most probable. For a report of sanctions ends with the day
    on which they will end, and a report of peace recalls the war.
    """
    calm = next((cue for cue in signal.cues if cue.cue == DE_ESCALATION), None)
    if calm is None or _place(calm) > len(signal.title) + LEAD:
        return None
    others = [cue for cue in signal.cues if cue.cue != DE_ESCALATION]
    worst = max(others, key=lambda cue: cue.probability, default=None)
    if worst is None:
        return calm
    sure = calm.probability >= worst.probability + MARGIN
    return calm if sure and _place(calm) <= _place(worst) else None


def calm_down(incident: Incident, calm: Cue, at: float, *, anew: bool) -> None:
    """Lower an incident by a de-escalation, unless it was before what happened last.

    ``anew`` says that the one before is old enough for this to be another.
    """
    if at < incident.rose:
        return
    if anew and incident.calmed is not None:
        incident.peak = incident.severity
    share = max(0.0, min(1.0, calm.probability * calm.severity / MOST))
    incident.severity = min(incident.severity, incident.peak * (1.0 - share))
    incident.calmed = max(at, incident.calmed or at)


def _place(cue: Cue) -> int:
    return min((piece.start for piece in cue.evidence), default=0)


def rise(incident: Incident, score: float, at: float, *, copied: bool) -> None:
    """Raise an incident to the score of a hostile item, when it is graver and news."""
    if score <= incident.severity:
        return
    if incident.calmed is not None and (copied or at <= incident.calmed):
        return
    incident.severity = score
    incident.peak = score
    incident.rose = at
