"""What happens when partitions are about to move between members, and when they have."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import structlog
from aiokafka import ConsumerRebalanceListener

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from aiokafka import TopicPartition

log = structlog.get_logger(__name__)


class RebalanceListener(ConsumerRebalanceListener):
    """Lets what is in hand be committed before partitions move.

    Attributes
    ----------
    generation
        How often partitions began to move.
    assigned
        How often the group has told this member its partitions.
    """

    def __init__(self, finish_batches: Callable[[], Awaitable[None]], seconds: float) -> None:
        self._finish_batches = finish_batches
        self._seconds = seconds
        self.generation = 0
        self.assigned = 0

    async def on_partitions_revoked(self, _: Iterable[TopicPartition]) -> None:
        """Finish what is in hand, as long as the group waits."""
        self.generation += 1
        try:
            await asyncio.wait_for(asyncio.shield(self._finish_batches()), self._seconds)
        except TimeoutError:
            # The group does not wait for us: whoever gets the partitions redoes the batch.
            log.warning("batch_left_behind", seconds=self._seconds)

    async def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        """Note that the group has told the partitions."""
        self.assigned += 1
        log.info("partitions_assigned", partitions=sorted(tp.partition for tp in assigned))
