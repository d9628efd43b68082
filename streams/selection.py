"""Which alerts a subscriber wants: the same filters for the command line, Python and webhooks."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self, get_args

import pycountry

from classifier import LABELS
from streams.records import Step

if TYPE_CHECKING:
    from collections.abc import Iterable

    from streams.records import Alert

SEVERITIES = ("info", "low", "medium", "high", "critical")
"""Mildest first."""


class SelectionError(ValueError):
    """A filter names what there is not; the message says which filter and what there is."""


@dataclass(frozen=True, slots=True)
class Selection:
    """A filter of alerts. Each part that is not given lets everything pass.

    Attributes
    ----------
    min_severity
        Mildest severity that passes.
    cues
        Labels; an alert passes with one of them.
    countries
        ISO 3166-1 alpha-3 codes; an alert passes when one of them is among its actors.
    steps
        Steps of an incident's life.
    """

    min_severity: str | None = None
    cues: frozenset[str] = field(default_factory=frozenset)
    countries: frozenset[str] = field(default_factory=frozenset)
    steps: frozenset[str] = field(default_factory=frozenset)

    @classmethod
    def of(
        cls,
        *,
        min_severity: str | None = None,
        cues: Iterable[str] = (),
        countries: Iterable[str] = (),
        steps: Iterable[str] = (),
    ) -> Self:
        """Return the filter for what a person wrote: countries by name or by any ISO code.

        Raises
        ------
        SelectionError
            There is no such severity, cue, country or step.
        """
        if min_severity is not None:
            _one_of("min_severity", min_severity, SEVERITIES)
        return cls(
            min_severity,
            frozenset(_one_of("cue", cue, LABELS) for cue in cues),
            frozenset(map(country_code, countries)),
            frozenset(_one_of("step", step, get_args(Step)) for step in steps),
        )

    def matches(self, alert: Alert) -> bool:
        """Tell whether an alert passes every part of the filter."""
        return (
            (self.min_severity is None or _rank(alert.severity) >= _rank(self.min_severity))
            and (not self.cues or any(cue.cue in self.cues for cue in alert.cues))
            and (not self.countries or any(each.code in self.countries for each in alert.actors))
            and (not self.steps or alert.step in self.steps)
        )


def country_code(country: str) -> str:
    """Return the alpha-3 code of a country that is given by name, alpha-2 or alpha-3.

    Raises
    ------
    SelectionError
        ISO 3166 knows no such country.
    """
    try:
        found: Any = pycountry.countries.lookup(country)
    except LookupError:
        raise SelectionError(
            f"country: {country} is no country of ISO 3166 (name, alpha-2 or alpha-3)"
        ) from None
    return str(found.alpha_3)


def _rank(severity: str) -> int:
    # A word that a later contract may add is not held back.
    return SEVERITIES.index(severity) if severity in SEVERITIES else len(SEVERITIES)


def _one_of(name: str, value: str, known: Iterable[str]) -> str:
    if value in known:
        return value
    near = difflib.get_close_matches(value, list(known), n=1, cutoff=0.5)
    hint = f"; did you mean {near[0]}?" if near else f"; one of: {', '.join(known)}"
    raise SelectionError(f"{name}: there is no {value}{hint}")
