"""The parameters of `/api/alerts`, as a filter of the store."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from classifier import LABELS
from streams.delivery.page.errors import RequestError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from streams.delivery.page.brief import Brief
    from streams.delivery.page.store import AlertStore, Entry

SEVERITIES = ("critical", "high", "medium", "low", "info")
MOST = 100_000


class Query(msgspec.Struct, frozen=True, kw_only=True):
    """Which alerts are asked for; an empty set means any.

    Attributes
    ----------
    since, until
        Milliseconds since 1970 that the alert was published at or after, and before.
    """

    severities: frozenset[str] = frozenset()
    cues: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()
    incident: str | None = None
    since: float | None = None
    until: float | None = None
    limit: int = MOST

    def matches(self, brief: Brief) -> bool:
        """Tell whether an alert is asked for."""
        return (
            (not self.severities or brief.severity in self.severities)
            and (not self.cues or any(cue.cue in self.cues for cue in brief.cues))
            and (not self.countries or any(a.code in self.countries for a in brief.actors))
            and (self.incident is None or brief.incident == self.incident)
            and (self.since is None or brief.told >= self.since)
            and (self.until is None or brief.told < self.until)
        )

    def select(self, store: AlertStore) -> Iterator[Entry]:
        """Yield the latest alerts that are asked for, the latest first."""
        left = self.limit
        for entry in store.newest_first():
            if left == 0:
                return
            if self.matches(entry.brief):
                left -= 1
                yield entry


def read_query(parameters: Mapping[str, str]) -> Query:
    """Return the filter that the parameters of a request ask for.

    Raises
    ------
    RequestError
        A parameter is unknown or its value cannot be used; the error names it.
    """
    unknown = sorted(set(parameters) - _READERS.keys())
    if unknown:
        raise RequestError(f"not a parameter; there are: {', '.join(sorted(_READERS))}", unknown[0])
    found: dict[str, object] = {}
    for name, text in parameters.items():
        field, reader = _READERS[name]
        try:
            found[field] = reader(text)
        except ValueError as error:
            raise RequestError(str(error), name) from error
    return msgspec.convert(found, Query)


def _one_of(allowed: tuple[str, ...], text: str) -> frozenset[str]:
    words = frozenset(text.split(","))
    if wrong := sorted(words - set(allowed)):
        raise ValueError(f"{wrong[0]!r} is none of {', '.join(allowed)}")
    return words


def _codes(text: str) -> frozenset[str]:
    return frozenset(text.upper().split(","))


def _milliseconds(text: str) -> float:
    when = datetime.fromisoformat(text)
    if when.tzinfo is None:
        raise ValueError("the time needs a zone, as in 2026-11-04T08:00:00Z")
    return when.timestamp() * 1000


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:9]) <= MOST:
        raise ValueError(f"a whole number from 1 to {MOST}")
    return int(text)


_READERS: dict[str, tuple[str, Callable[[str], object]]] = {
    "severity": ("severities", lambda text: _one_of(SEVERITIES, text)),
    "cue": ("cues", lambda text: _one_of(LABELS, text)),
    "country": ("countries", _codes),
    "incident": ("incident", str),
    "since": ("since", _milliseconds),
    "until": ("until", _milliseconds),
    "limit": ("limit", _count),
}
