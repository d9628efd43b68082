"""What the incidents stage goes by: the settings of its part, in the units that it reckons in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streams.settings import Settings

WORDS = ("info", "low", "medium", "high", "critical")
"""Severity words, rising."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What the incidents stage goes by. All times in seconds.

    Attributes
    ----------
    cooldown
        Severity word -> time after an alert in which only a rise or a fall is told.
    quiet_windows
        An incident cools when nothing has joined for this many of its windows.
    close_after
        A cooled one closes when nothing has joined for so long since.
    source_growth
        A new source is told when there are this many times those of the last alert.
    time_source
        ``wall``: publication times are believed within bounds, and quiet passes with the clock;
        ``event``: they are all that counts, as in a replay.
    future, past
        How far from its arrival a publication time is believed.
    lateness
        How far behind its partition's clock an item is late.
    retention
        How long a key without incidents is kept, so that what comes twice is known.
    dismissal
        How long a dismissed incident stays silent.
    most_incidents, most_texts, most_sources
        Bounds: incidents of a key, different texts and sources of an incident.
    """

    cooldown: Mapping[str, float]
    quiet_windows: float
    close_after: float
    source_growth: float
    time_source: Literal["event", "wall"]
    future: float
    past: float
    lateness: float
    retention: float
    dismissal: float
    most_incidents: int
    most_texts: int
    most_sources: int

    @staticmethod
    def of(settings: Settings) -> Policy:
        """Return the policy that the settings say."""
        return Policy(
            cooldown={word: getattr(settings, f"cooldown_{word}") for word in WORDS},
            quiet_windows=settings.quiet_windows,
            close_after=settings.close_after,
            source_growth=settings.source_growth,
            time_source=settings.time_source,
            future=settings.future_bound,
            past=settings.past_bound,
            lateness=settings.lateness,
            retention=settings.key_retention,
            dismissal=settings.dismissal_window,
            most_incidents=settings.key_incidents,
            most_texts=settings.incident_texts,
            most_sources=settings.incident_sources,
        )

    def due(self, word: str, active: float, *, cooled: bool) -> float:
        """Return when an incident takes its next step for being quiet."""
        quiet = active + self.cooldown[word] * self.quiet_windows
        return quiet + self.close_after if cooled else quiet
