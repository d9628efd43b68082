"""Where a picture's numbers come from: Prometheus's HTTP API."""

from __future__ import annotations

import json
import math
import urllib.error
import urllib.parse
import urllib.request
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

TIMEOUT = 30.0


class SourceError(RuntimeError):
    """Prometheus cannot be asked, or does not take a query; the message says which and why."""


class Span(NamedTuple):
    """What time a picture covers: from and to in seconds since 1970, and between two points."""

    start: float
    end: float
    step: float


class Series(NamedTuple):
    """One series: its labels, and its points as time and value, in order, finite."""

    labels: dict[str, str]
    points: tuple[tuple[float, float], ...]

    @property
    def last(self) -> float:
        """The latest value."""
        return self.points[-1][1]


class Source:
    """Answers queries.

    Parameters
    ----------
    address
        Of Prometheus, ``http://host:port``.
    """

    def __init__(self, address: str) -> None:
        self._address = address.rstrip("/")
        self._opener = urllib.request.build_opener()

    def instant(self, expr: str, at: float | None = None) -> list[Series]:
        """Return what holds at a time, now when None; each series has one point.

        Raises
        ------
        SourceError
            See there.
        """
        when = {} if at is None else {"time": f"{at:.3f}"}
        return _series(self._ask("query", {"query": expr} | when))

    def course(self, expr: str, span: Span) -> list[Series]:
        """Return the course of each series over a span.

        Raises
        ------
        SourceError
            See there.
        """
        asked = {"start": f"{span.start:.3f}", "end": f"{span.end:.3f}", "step": f"{span.step:g}"}
        return _series(self._ask("query_range", {"query": expr} | asked))

    def _ask(self, path: str, asked: dict[str, str]) -> Sequence[dict[str, Any]]:
        address = f"{self._address}/api/v1/{path}?{urllib.parse.urlencode(asked)}"
        try:
            with self._opener.open(address, timeout=TIMEOUT) as answer:
                found: list[dict[str, Any]] = json.load(answer)["data"]["result"]
        except urllib.error.HTTPError as refused:
            with refused:
                reason = refused.read().decode(errors="replace")
            raise SourceError(f"{asked['query']}: {reason}") from refused
        except OSError as error:
            raise SourceError(f"{self._address}: {error}") from error
        return found


def _series(found: Sequence[dict[str, Any]]) -> list[Series]:
    """Return the series that have a finite value at all: a rate of nothing is not a number."""
    series = []
    for each in found:
        points = each.get("values") or [each["value"]]
        finite = tuple((at, value) for at, value in _numbers(points) if math.isfinite(value))
        if finite:
            series.append(Series(each["metric"], finite))
    return series


def _numbers(points: Sequence[Sequence[Any]]) -> list[tuple[float, float]]:
    return [(float(at), float(value)) for at, value in points]
