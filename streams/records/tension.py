"""How tense it is between two states. Value of `escalation.tension` (compacted)."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - msgspec reads annotations at run time

import msgspec


class Tension(msgspec.Struct, frozen=True, kw_only=True):
    """Tension of one pair of states, by window. The latest record of a pair is what holds.

    Attributes
    ----------
    pair
        The two codes (ISO 3166-1 alpha-3), sorted; joined by a hyphen they are the record's key.
    at
        Event time up to which signals are in it.
    value
        Window (``1h``, ``24h``, ``7d``) -> severity-weighted, decayed sum, see
        :mod:`streams.tension`. 0 or more; a certain attack of one army on another adds 9.5.
    signals
        Window -> number of signals in it.
    course
        Window -> its value at the end of each of its hops, oldest first; the last is the value.
    """

    pair: tuple[str, str]
    at: datetime
    value: dict[str, float]
    signals: dict[str, int]
    course: dict[str, tuple[float, ...]] = {}
