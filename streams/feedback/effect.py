"""What a verdict does to its incident, and what a dismissal keeps silent. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, get_args

import msgspec

from classifier import Severity, severity_word
from streams.records.feedback import Reason  # noqa: TC001 - msgspec reads annotations at run time

if TYPE_CHECKING:
    from streams.records import Feedback, Step

Judged = Literal["confirmed", "dismissed"]

JUDGED: Final[dict[str, Judged]] = {"confirm": "confirmed", "dismiss": "dismissed"}
RISING: Final = get_args(Severity)


class Effect(NamedTuple):
    """What changes in an incident.

    Attributes
    ----------
    verdict
        What the incident's verdict is from now on.
    step
        The step to tell, with the verdict as its ``why``; None when there is nothing to tell.
    """

    verdict: Judged | None
    step: Literal["updated", "closed"] | None


def effect_of(feedback: Feedback, step: Step, verdict: Judged | None) -> Effect:
    """Return what a verdict does to an incident.

    A confirmed incident is told as updated, a dismissed one as closed. A note changes nothing, nor
    does a verdict that it has already. A closed incident stays closed: another verdict holds from
    then on and is not told.

    Parameters
    ----------
    feedback
        The verdict that came.
    step, verdict
        The incident's latest step, and its verdict so far.
    """
    judged = JUDGED.get(feedback.verdict)
    if judged is None or judged == verdict:
        return Effect(verdict, None)
    if step == "closed":
        return Effect(judged, None)
    return Effect(judged, "updated" if judged == "confirmed" else "closed")


class Dismissed(msgspec.Struct, frozen=True):
    """What is kept of a dismissal.

    Attributes
    ----------
    at
        Event time of the incident's latest signal when it was dismissed. Not when the analyst
        decided: a replay has its own time, and a repeat must decide the same.
    severity_score
        The incident's severity then, 0 to 10.
    reason
        Why it was dismissed.
    """

    at: datetime
    severity_score: float
    reason: Reason


def mutes(dismissed: Dismissed, severity_score: float, at: datetime, window: float) -> bool:
    """Tell whether a dismissal keeps a further signal of the same story silent.

    Parameters
    ----------
    dismissed
        The dismissal.
    severity_score, at
        The signal's severity, 0 to 10, and event time.
    window
        Seconds of event time that the dismissal holds. A graver word always passes: what was
        dismissed was something less.
    """
    return _rank(severity_score) <= _rank(
        dismissed.severity_score
    ) and at <= dismissed.at + timedelta(seconds=window)


def _rank(severity_score: float) -> int:
    return RISING.index(severity_word(severity_score))
