"""When a signal happened: its publication time, as far as it can be believed.

Each partition has a clock: the latest believed time of its signals. It never goes back, and all
that depends on time reads it, so that the same signals give the same alerts at any speed, and after
a crash again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from streams.incidents.policy import Policy
    from streams.records import Signal


class When(NamedTuple):
    """When a signal happened.

    Attributes
    ----------
    at
        Event time, Unix seconds.
    clock
        The partition's clock after it.
    stale
        Published longer ago than is believed: it tells nothing new and joins nothing.
    late
        Behind the clock by more than the lateness that is usual.
    """

    at: float
    clock: float
    stale: bool
    late: bool


def when(signal: Signal, clock: float, policy: Policy) -> When:
    """Return when a signal happened.

    Parameters
    ----------
    signal
        The scored item.
    clock
        Of its partition, before it; 0 when there was none.
    policy
        Bounds and source of time.
    """
    published = signal.published_at.timestamp() if signal.published_at else None
    ingested = signal.ingested_at.timestamp() if signal.ingested_at else None
    if policy.time_source == "event":
        # An item without a time happens now, and now is what the others say.
        at = published if published is not None else (clock or ingested or 0.0)
        return _at(at, clock, policy, moves=published is not None)
    if ingested is None or published is None:
        known = published if ingested is None else ingested
        return _at(clock if known is None else known, clock, policy)
    if published < ingested - policy.past:
        return When(published, clock, stale=True, late=True)
    # A time to come is a sender's clock that is wrong: it happened when it arrived.
    return _at(ingested if published > ingested + policy.future else published, clock, policy)


def _at(at: float, clock: float, policy: Policy, *, moves: bool = True) -> When:
    late = at < clock - policy.lateness
    return When(at, max(clock, at) if moves else clock, stale=False, late=late)
