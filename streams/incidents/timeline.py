"""The steps of an incident in their order, from its alerts, repeats left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rich.table import Table
from rich.text import Text

from streams.console import COLOURS, printable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from streams.records import Alert


class Timeline(NamedTuple):
    """The alerts of one incident by number."""

    alerts: tuple[Alert, ...]

    @property
    def last(self) -> Alert:
        """The latest step: all that is known of the incident."""
        return self.alerts[-1]


def timelines(alerts: Iterable[Alert]) -> list[Timeline]:
    """Return a timeline for each incident, ordered by their latest step."""
    by_incident: dict[str, dict[str, Alert]] = {}
    for alert in alerts:
        by_incident.setdefault(alert.incident, {}).setdefault(alert.id, alert)
    found = [
        Timeline(tuple(sorted(steps.values(), key=lambda alert: alert.number)))
        for steps in by_incident.values()
    ]
    return sorted(found, key=lambda line: (_time(line.last), line.last.incident))


def timeline_table(line: Timeline) -> Table:
    """Return a timeline as a table for the terminal; text from the wire is only ever text."""
    last = line.last
    title = f"{last.incident} · {printable(last.key)} · {last.item_count} items"
    table = Table(title=Text(title), show_lines=False)
    for name in ("", "when (UTC)", "step", "why", "severity", "confidence", "sources", "headline"):
        table.add_column(name)
    for alert in line.alerts:
        table.add_row(
            str(alert.number),
            f"{alert.at:%a %d %b %H:%M}" if alert.at else "",
            alert.step,
            ", ".join(alert.why).replace("_", " "),
            Text(f"{alert.severity} {alert.severity_score:.1f}", COLOURS.get(alert.severity, "")),
            f"{alert.confidence:.2f}",
            str(alert.source_count),
            Text(printable(alert.headline)),
        )
    return table


def _time(alert: Alert) -> float:
    return alert.at.timestamp() if alert.at else 0.0
