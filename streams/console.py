"""Alerts as a person reads them at a terminal: one block each, coloured by severity."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from rich.console import Group
from rich.padding import Padding
from rich.text import Text

from streams.moments import age

if TYPE_CHECKING:
    from classifier import Actor, Cue
    from streams.records import Alert

COLOURS = {
    "critical": "bold white on red",
    "high": "bold red",
    "medium": "yellow",
    "low": "cyan",
    "info": "dim",
}
MARK = "bold underline"
NOTE = re.compile(r" \([^()]*\)$")
"""What the classifier adds to a term that it read under a negation or in a register."""
SHOWN_SOURCES = 5
SHOWN_ACTORS = 6


def alert_block(alert: Alert, now: datetime | None = None) -> Group:
    """Return one alert: severity and headline, its step and age, cues, marked evidence, link.

    Text from the wire is only ever text: control characters are taken out and no markup is read.

    Parameters
    ----------
    alert
        The alert.
    now
        What its age is counted from; this moment when None.
    """
    colour = COLOURS.get(alert.severity, "")
    head = Text()
    head.append(f" {printable(alert.severity).upper()} ", style=colour)
    head.append(" " + printable(alert.headline or alert.id), style="bold")
    lines = [
        _life(alert, now or datetime.now(UTC)),
        Text(", ".join(_cue_words(cue) for cue in alert.cues), style=colour),
        *(_evidence(cue) for cue in alert.cues if cue.evidence),
        _about(alert),
    ]
    body = Text("\n").join(line for line in lines if line.plain)
    return Group(head, Padding(body, (0, 0, 1, 2)))


def printable(text: str) -> str:
    """Return the text without control and direction characters, on one line."""
    return "".join(each if each.isprintable() else " " for each in text)


def escaped(text: str) -> str:
    """Return the text with each control or direction character as an escape that can be read."""
    return "".join(each if each.isprintable() else ascii(each)[1:-1] for each in text)


def _life(alert: Alert, now: datetime) -> Text:
    """Return what happened to the incident and how sure it is that it is so."""
    why = ", ".join(reason.replace("_", " ") for reason in alert.why)
    when = alert.at or alert.last_seen
    parts = [
        f"{alert.step} ({why})" if why else alert.step,
        age(when, now) if when is not None else "",
        f"confidence {alert.confidence:.0%}" if alert.confidence else "",
        _count(alert.source_count, "source"),
        _count(alert.item_count, "item") if alert.item_count > 1 else "",
        alert.verdict or "",
    ]
    return Text(printable(" · ".join(part for part in parts if part)))


def _count(number: int, what: str) -> str:
    return f"{number} {what}" + ("s" if number > 1 else "") if number else ""


def _cue_words(cue: Cue) -> str:
    return printable(f"{cue.cue.replace('_', ' ')} {cue.probability:.0%} ({cue.modality})")


def _evidence(cue: Cue) -> Text:
    evidence = cue.evidence[0]
    sentence = Text(printable(evidence.text))
    words = [NOTE.sub("", term.text) for term in evidence.terms if term.weight > 0]
    sentence.highlight_words([word for word in words if word], MARK, case_sensitive=False)
    return Text.assemble((f"{printable(cue.cue)}: ", "dim"), sentence)


def _about(alert: Alert) -> Text:
    about = [_actors(alert.actors), _sources(alert), _when(alert), alert.url or ""]
    return Text(printable(" · ".join(part for part in about if part)), style="dim")


def _actors(actors: tuple[Actor, ...]) -> str:
    arrows = {"source": "{} →", "target": "→ {}", "mentioned": "{}"}
    return ", ".join(arrows[actor.role].format(actor.name) for actor in actors[:SHOWN_ACTORS])


def _sources(alert: Alert) -> str:
    shown = alert.sources[:SHOWN_SOURCES]
    more = max(alert.source_count, len(alert.sources)) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if shown and more > 0 else "")


def _when(alert: Alert) -> str:
    return "" if alert.last_seen is None else f"{alert.last_seen:%Y-%m-%d %H:%M} UTC"
