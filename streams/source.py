"""Where items come from: whole batches of one consumer group, committed when told.

One `AIOKafkaConsumer` (Faust's own client) with `getmany`: ten times the records per second of
Faust's own path, and offsets that are committed by us and by nobody else.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import CommitFailedError, IllegalStateError, KafkaError

from streams.client import aiokafka_options
from streams.retry import Backoff

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from aiokafka import ConsumerRecord

    from streams.settings import Settings

log = structlog.get_logger(__name__)

POLL_MILLISECONDS = 200
"""How long one fetch may wait for records; also how soon a stop or a rebalance is noticed."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Records of one fetch, in offset order per partition, and the offsets that follow them.

    The generation tells whether partitions have begun to move since it was fetched.
    """

    records: tuple[ConsumerRecord, ...]
    offsets: dict[TopicPartition, int]
    generation: int


class BatchSource:
    """Fetches batches of the items topic and commits them.

    Parameters
    ----------
    settings
        Topic, group and sizes.
    finish_batches
        Awaited when partitions are about to move, so that what is in hand is committed first.
    """

    def __init__(self, settings: Settings, finish_batches: Callable[[], Awaitable[None]]) -> None:
        self._settings = settings
        bound = settings.session_timeout  # half of the rebalance timeout below
        self._listener = _Listener(finish_batches, bound)
        self._consumer: AIOKafkaConsumer | None = None

    async def start(self) -> None:
        """Join the group, trying until the broker answers."""
        settings = self._settings
        backoff = Backoff(settings.retry_backoff, settings.retry_backoff_max)
        while True:
            consumer = AIOKafkaConsumer(
                **aiokafka_options(settings),
                group_id=settings.score_group,
                group_instance_id=settings.group_instance,
                enable_auto_commit=False,
                auto_offset_reset=settings.offset_reset,
                max_partition_fetch_bytes=settings.batch_bytes,
                fetch_max_bytes=4 * settings.batch_bytes,
                session_timeout_ms=int(settings.session_timeout * 1000),
                heartbeat_interval_ms=int(settings.session_timeout * 1000 / 10),
                rebalance_timeout_ms=int(settings.session_timeout * 2000),
            )
            try:
                await consumer.start()
            except KafkaError as error:
                log.warning("broker_unreachable", error=repr(error))
                await consumer.stop()
                await backoff.pause()
            else:
                consumer.subscribe([settings.items_topic], listener=self._listener)
                self._consumer = consumer
                return

    async def stop(self) -> None:
        """Leave the group."""
        if self._consumer is not None:
            await self._consumer.stop()

    @property
    def joined(self) -> bool:
        """Whether the group has told this member its partitions, be they none."""
        return self._listener.joined

    def is_current(self, batch: Batch) -> bool:
        """Tell whether a batch is still ours; if not, it is fetched again from its commit."""
        return batch.generation == self._listener.generation

    async def fetch(self) -> Batch | None:
        """Return the next batch, or None when there is none for now.

        It may wait for a rebalance to end, so that nothing may be held while it is awaited that
        the end of a rebalance needs.

        Raises
        ------
        KafkaError
            The broker refuses to give records; it may be tried again.
        """
        fetched = await self._running().getmany(
            timeout_ms=POLL_MILLISECONDS, max_records=self._settings.batch_records
        )
        if not fetched:
            return None
        records = tuple(record for partition in fetched.values() for record in partition)
        offsets = {tp: partition[-1].offset + 1 for tp, partition in fetched.items()}
        return Batch(records, offsets, self._listener.generation)

    async def commit(self, batch: Batch) -> bool:
        """Commit a batch; False when its partitions have moved to another member meanwhile.

        Raises
        ------
        KafkaError
            The broker did not take the commit; it may be tried again.
        """
        held = self._running().assignment()
        offsets = {tp: offset for tp, offset in batch.offsets.items() if tp in held}
        try:
            if offsets:
                await self._running().commit(offsets)
        except (CommitFailedError, IllegalStateError) as error:
            log.warning("batch_given_up", records=len(batch.records), error=repr(error))
            return False
        return len(offsets) == len(batch.offsets)

    def lag(self, committed: dict[TopicPartition, int]) -> dict[TopicPartition, int]:
        """Return the records behind the end of each assigned partition, as far as it is known.

        Parameters
        ----------
        committed
            Offsets committed by this worker; partitions without one are left out.
        """
        consumer = self._running()
        lags: dict[TopicPartition, int] = {}
        for tp in consumer.assignment():
            end = consumer.highwater(tp)
            if end is not None and tp in committed:
                lags[tp] = max(0, end - committed[tp])
        return lags

    def _running(self) -> AIOKafkaConsumer:
        if self._consumer is None:
            raise RuntimeError("the source was not started")
        return self._consumer


class _Listener(ConsumerRebalanceListener):
    """Lets what is in hand be committed before partitions move."""

    def __init__(self, finish_batches: Callable[[], Awaitable[None]], seconds: float) -> None:
        self._finish_batches = finish_batches
        self._seconds = seconds
        self.generation = 0
        self.joined = False

    async def on_partitions_revoked(self, _: Iterable[TopicPartition]) -> None:
        self.generation += 1
        try:
            await asyncio.wait_for(asyncio.shield(self._finish_batches()), self._seconds)
        except TimeoutError:
            # The group does not wait for us: whoever gets the partitions redoes the batch.
            log.warning("batch_left_behind", seconds=self._seconds)

    async def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        self.joined = True
        log.info("partitions_assigned", partitions=sorted(tp.partition for tp in assigned))
