"""The service that publishes tension and shows it as gauges, also while it only fades."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from mode import Service

from streams.tension.board import TensionBoard, tension_message
from streams.tension.gauges import show

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from streams.feed import Publishes
    from streams.metrics import Metrics
    from streams.records import Message, Tension
    from streams.settings import Settings
    from streams.tension.state import PairTension


class TensionTicker(Service):
    """Publishes, every ``ESCALATION_TENSION_INTERVAL`` seconds, the records that have changed.

    Not with each signal: a pair in the news would then have a record for each of a thousand
    reports, and one that is in no news none while it fades.

    Parameters
    ----------
    settings
        Topic, interval and number of pairs with gauges of their own.
    publisher
        Where the records go.
    metrics
        Where the gauge is.
    states
        Called for the pairs whose partitions this worker has, at each tick.
    clock
        Seconds since the epoch.
    """

    mundane_level = "debug"

    def __init__(
        self,
        settings: Settings,
        publisher: Publishes,
        metrics: Metrics,
        states: Callable[[], Iterable[PairTension]],
        clock: Callable[[], float] = time.time,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self._settings = settings
        self._publisher = publisher
        self._metrics = metrics
        self._states = states
        self._clock = clock
        self._board = TensionBoard()

    async def tick(self) -> None:
        """Show what holds now, and publish what of it is new."""
        states = list(self._states())
        tensions = self._board.now(states, self._clock())
        self._board.keep(state.pair for state in states)
        show(self._metrics.tension, tensions, self._settings.tension_pairs)
        due = self._board.due(tensions)
        await self._publisher.publish(self._messages(due))
        self._board.published(due)

    def _messages(self, due: Sequence[Tension]) -> list[Message]:
        return [tension_message(each, self._settings.tension_topic) for each in due]

    @Service.task
    async def _tick_for_ever(self) -> None:
        async for _ in self.itertimer(self._settings.tension_interval, name="tension"):
            await self.tick()
