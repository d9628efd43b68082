"""What verdicts teach: labelled lines that `escalation train --extra` accepts.

An alert carries its evidence, not the article, and the article may be gone by now. So a line is a
sentence of the evidence that the analyst was shown, and no more is claimed of it than the verdict
says:

- *confirm*: the sentence has the cues that it is evidence for, where it speaks for them by itself.
- *dismiss* as no cue, history, metaphor or opinion: neither the evidence nor the headline has any.
- *dismiss* as the wrong cue: the labels that the note names; without any the verdict cannot teach.
- *dismiss* for other reasons, and notes: they say nothing about labels.
"""

from __future__ import annotations

import collections
import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from classifier import LABELS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from streams.records import Alert, Feedback

NO_CUE: Final = frozenset({"not_a_cue", "history", "metaphor", "opinion"})
WRONG_CUE: Final = "wrong_cue"
SPEAKS: Final = 0.5
"""Probability from which a sentence is taken to report a confirmed cue by itself."""

Taught = dict[str, tuple[str, ...]]
"""Text -> the labels that it has."""


class Labelled(NamedTuple):
    """What the verdicts gave.

    Attributes
    ----------
    lines
        For `escalation train --extra`, in the order of the verdicts; one for each text.
    left_out
        Why verdicts gave no line -> how many.
    """

    lines: list[dict[str, Any]]
    left_out: Mapping[str, int]


def labelled(
    alerts: Iterable[Alert], verdicts: Iterable[Feedback], since: datetime | None = None
) -> Labelled:
    """Return the labelled lines of the verdicts that hold.

    Of several verdicts on an incident the latest holds, and of several on one text. A verdict
    that came twice counts once.

    Parameters
    ----------
    alerts
        All that there are, in any order.
    verdicts
        All that there are, in any order.
    since
        Earlier verdicts give no line.
    """
    shown = _by_id_and_incident(alerts)
    lines: dict[str, dict[str, Any]] = {}
    left_out: collections.Counter[str] = collections.Counter()
    for verdict in _that_hold(verdicts):
        if since is not None and verdict.at < since:
            continue
        alert = shown.get(verdict.alert or verdict.incident)
        taught = {} if alert is None else _taught(alert, verdict)
        if not taught:
            left_out[_why_nothing(alert, verdict)] += 1
        for number, (text, labels) in enumerate(taught.items(), start=1):
            lines.pop(text, None)
            lines[text] = {
                "id": f"feedback-{verdict.id}-{number}",
                "text": text,
                "labels": list(labels),
                "register": "feedback",
                "group": verdict.incident,
                "split": "train",
                "verdict": verdict.reason or verdict.verdict,
            }
    return Labelled(list(lines.values()), left_out)


def _by_id_and_incident(alerts: Iterable[Alert]) -> dict[str, Alert]:
    """Return each alert by its id, and the latest of each incident by the incident."""
    shown: dict[str, Alert] = {}
    for alert in sorted(alerts, key=lambda each: each.number):
        shown[alert.id] = shown[alert.incident] = alert
    return shown


def _that_hold(verdicts: Iterable[Feedback]) -> list[Feedback]:
    in_order = sorted(verdicts, key=lambda each: (each.at, each.id))
    last = {each.incident: each for each in in_order if each.verdict != "note"}
    return sorted(last.values(), key=lambda each: (each.at, each.id))


def _taught(alert: Alert, verdict: Feedback) -> Taught:
    if verdict.verdict == "confirm":
        return _with_cues(alert)
    if verdict.reason in NO_CUE:
        return dict.fromkeys([*_sentences(alert), *filter(None, [alert.headline.strip()])], ())
    if verdict.reason == WRONG_CUE and (named := _named(verdict.note)):
        return dict.fromkeys(_sentences(alert), named)
    return {}


def _with_cues(alert: Alert) -> Taught:
    found: dict[str, list[str]] = {}
    for cue in alert.cues:
        for evidence in cue.evidence:
            if evidence.probability >= SPEAKS and evidence.text.strip():
                found.setdefault(evidence.text, []).append(cue.cue)
    return {text: tuple(dict.fromkeys(cues)) for text, cues in found.items()}


def _sentences(alert: Alert) -> list[str]:
    texts = (evidence.text for cue in alert.cues for evidence in cue.evidence)
    return list(dict.fromkeys(text for text in texts if text.strip()))


def _named(note: str) -> tuple[str, ...]:
    words = set(re.findall(r"\w+", note.lower()))
    return tuple(label for label in LABELS if label in words)


def _why_nothing(alert: Alert | None, verdict: Feedback) -> str:
    if alert is None:
        return "the alert is gone from its topic"
    if verdict.verdict == "confirm":
        return "no sentence speaks for a cue by itself"
    if verdict.reason == WRONG_CUE:
        return "wrong_cue, and the note names no label"
    return f"{verdict.reason} says nothing about labels"
