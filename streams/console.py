"""Alerts as a person reads them at a terminal: one block each, coloured by severity."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

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


def alert_block(alert: Alert) -> Text:
    """Return one alert: severity and headline, cues, evidence with the cue's words marked, link.

    Text from the wire is only ever text: control characters are taken out and no markup is read.
    """
    colour = COLOURS.get(alert.severity, "")
    block = Text()
    block.append(f" {alert.severity.upper()} ", style=colour)
    block.append(" " + printable(alert.headline or alert.id) + "\n", style="bold")
    block.append("  " + ", ".join(_cue_words(cue) for cue in alert.cues) + "\n", style=colour)
    for cue in alert.cues:
        _append_evidence(block, cue)
    about = [_actors(alert.actors), ", ".join(alert.sources), _when(alert), alert.url or ""]
    block.append("  " + printable(" · ".join(part for part in about if part)) + "\n", style="dim")
    return block


def printable(text: str) -> str:
    """Return the text without control and direction characters, on one line."""
    return "".join(each if each.isprintable() else " " for each in text)


def _cue_words(cue: Cue) -> str:
    return f"{cue.cue.replace('_', ' ')} {cue.probability:.0%} ({cue.modality})"


def _append_evidence(block: Text, cue: Cue) -> None:
    if not cue.evidence:
        return
    evidence = cue.evidence[0]
    sentence = Text(printable(evidence.text))
    words = [term.text for term in evidence.terms if term.weight > 0]
    sentence.highlight_words(words, MARK, case_sensitive=False)
    block.append(f"  {cue.cue}: ", style="dim")
    block.append_text(sentence)
    block.append("\n")


def _actors(actors: tuple[Actor, ...]) -> str:
    arrows = {"source": "{} →", "target": "→ {}", "mentioned": "{}"}
    return ", ".join(arrows[actor.role].format(actor.name) for actor in actors[:6])


def _when(alert: Alert) -> str:
    return "" if alert.last_seen is None else f"{alert.last_seen:%Y-%m-%d %H:%M} UTC"
