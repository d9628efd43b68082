"""What is kept of a pair of states, and how a signal changes it. Pure, and bounded per pair."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import msgspec

from classifier import DE_ESCALATION, state_codes
from streams.records import Tension
from streams.tension.windows import LONGEST, SHORTEST_HOP, THOUSAND, WINDOWS, Hop

if TYPE_CHECKING:
    from streams.records import Signal

REMEMBERED: Final = 256
"""Ids of signals kept per pair. A killed score stage sends its last batch again with the same ids;
repeats come within that many signals of one pair."""


class PairTension(msgspec.Struct, frozen=True):
    """Bounded state of one pair: at most 64 hops and 256 ids, about 3 kB as msgpack.

    Attributes
    ----------
    pair
        The two codes, sorted.
    at
        Event time of the latest signal, seconds since the epoch.
    skew
        How far event time is ahead of the clock, in seconds: the greatest difference between a
        signal's event time and its item's arrival. About zero in service; in a replay of an old
        week it makes that week the present. None while no item says when it was published and when
        it arrived.
    hops
        Window -> number of the hop -> what is known of it.
    seen
        Hashes of the ids counted last.
    """

    pair: tuple[str, str]
    at: float
    skew: float | None
    hops: dict[str, dict[int, Hop]]
    seen: tuple[int, ...] = ()


def pair_of(signal: Signal) -> tuple[str, str] | None:
    """Return the pair of states that a signal counts for, sorted, or None.

    It is the pair in the signal's key, when both are states and one acts on the other. Only that
    one counts: all signals with a key come from one partition, so that a pair has one writer and
    no other topic is needed; and who else is named is seldom who the item is about.
    """
    sides = {
        role: {actor.code for actor in signal.actors if actor.role == role} & state_codes()
        for role in ("source", "target")
    }
    first, _, second = signal.key.partition("-")
    for one, other in ((first, second), (second, first)):
        if one in sides["source"] and other in sides["target"]:
            return (first, second)
    return None


def weight(signal: Signal) -> int:
    """Return what a signal adds, in thousandths: its severity score less its de-escalation.

    De-escalation counts as PLOVER score times calibrated probability, as severity does with the
    sign turned (see :mod:`classifier.severity`); the result lies between -8 and 10.
    """
    relief = max(
        (cue.severity * cue.probability for cue in signal.cues if cue.cue == DE_ESCALATION),
        default=0.0,
    )
    return round((signal.severity_score - max(0.0, relief)) * THOUSAND)


def add(state: PairTension | None, signal: Signal, at: datetime) -> PairTension:
    """Return the state with a signal counted in the hops of its event time.

    A signal whose id was counted, or that is older than every window, counts nothing; when nothing
    changes the same object is returned. Signals may come in any order.

    Parameters
    ----------
    state
        None for a pair that is new.
    signal
        One with a pair, see `pair_of`.
    at
        Its event time, as far as it is believed.

    Raises
    ------
    ValueError
        The signal has no pair of states.
    """
    pair = pair_of(signal)
    if pair is None:
        raise ValueError(f"signal {signal.id} is about no pair of states")
    when, known = at.timestamp(), _hash(signal.id)
    old = state or PairTension(pair, when, None, {})
    if known in old.seen:
        return old
    skew = _ahead(old.skew, signal, when)
    if LONGEST.hop_of(when) <= LONGEST.hop_of(old.at) - LONGEST.hops:
        return old if skew == old.skew else msgspec.structs.replace(old, skew=skew)
    latest, amount = max(old.at, when), weight(signal)
    hops = {}
    for window in WINDOWS:
        counted = dict(old.hops.get(window.name, {}))
        total, signals = counted.get(window.hop_of(when), (0, 0))
        counted[window.hop_of(when)] = (total + amount, signals + 1)
        hops[window.name] = window.kept(counted, latest)
    return PairTension(pair, latest, skew, hops, (*old.seen, known)[-REMEMBERED:])


def tension_of(state: PairTension, at: datetime) -> Tension:
    """Return the record of a pair at a time; never before its latest signal.

    The same for all times within the shortest hop: deterministic, whenever the clock is read.
    """
    now = max(state.at, at.timestamp() // SHORTEST_HOP * SHORTEST_HOP)
    courses, signals = {}, {}
    for window in WINDOWS:
        hops = state.hops.get(window.name, {})
        courses[window.name] = tuple(round(level, 3) for level in window.course(hops, now))
        signals[window.name] = window.count(hops, now)
    return Tension(
        pair=state.pair,
        at=datetime.fromtimestamp(now, UTC),
        value={name: course[-1] for name, course in courses.items()},
        signals=signals,
        course=courses,
    )


def expired(state: PairTension, at: datetime) -> bool:
    """Tell whether every signal of the pair is out of every window, so that nothing is left."""
    return LONGEST.hop_of(at.timestamp()) - LONGEST.hop_of(state.at) >= LONGEST.hops


def _ahead(skew: float | None, signal: Signal, when: float) -> float | None:
    # An item without a time of its own happens when it arrives: it says nothing of the difference,
    # and in a replay it would make today the present.
    if signal.ingested_at is None or signal.published_at is None:
        return skew
    ahead = when - signal.ingested_at.timestamp()
    return ahead if skew is None else max(skew, ahead)


def _hash(name: str) -> int:
    digest = hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big")
