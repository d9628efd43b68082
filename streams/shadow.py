"""A second model beside the one in service: it scores the same items and raises no alert.

What the two agree on is counted, so that an operator sees what a new bundle would change before
it is promoted. It costs its own scoring time, and a fault of it costs nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

import structlog

from streams.metrics.family import born

if TYPE_CHECKING:
    from collections.abc import Sequence

    from classifier import Assessment, Item
    from streams.metrics import Metrics
    from streams.scoring import Model

log = structlog.get_logger(__name__)

Agreement = Literal["both_alert", "neither", "only_served", "only_shadow"]
"""Which of the two models would alert."""


class Shadow:
    """Compares a second model with the one in service. A watcher of :class:`Scorer`.

    Parameters
    ----------
    model
        The second model.
    metrics
        Where agreement and score differences go.
    """

    def __init__(self, model: Model, metrics: Metrics) -> None:
        self._model = model
        self._metrics = metrics
        born(metrics.shadow_items, (*get_args(Agreement), "failed"))

    def saw(self, items: Sequence[Item], assessed: Sequence[Assessment]) -> None:
        """Score the items again and count what differs. Runs in the scoring thread."""
        try:
            again = self._model.assess(items)
        except Exception as error:
            # Its faults must not cost the items that the model in service has scored.
            self._metrics.shadow_items.labels("failed").inc(len(items))
            log.exception("shadow_failed", items=len(items), error=repr(error))
            return
        for ours, theirs in zip(assessed, again, strict=True):
            self._metrics.shadow_items.labels(_agreement(ours, theirs)).inc()
            self._metrics.shadow_difference.observe(abs(ours.score - theirs.score))

    def exchanged(self, model: Model) -> None:
        """Go on: it is compared with whatever is in service."""


def _agreement(ours: Assessment, theirs: Assessment) -> Agreement:
    if ours.alert == theirs.alert:
        return "both_alert" if ours.alert else "neither"
    return "only_served" if ours.alert else "only_shadow"
