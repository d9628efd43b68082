"""Where items come from: whole batches of one consumer group, committed when told.

One `AIOKafkaConsumer` (Faust's own client) with `getmany`: ten times the records per second of
Faust's own path, and offsets that are committed by us and by nobody else.
"""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import CommitFailedError, IllegalStateError, KafkaError

from streams.client import aiokafka_options
from streams.errors import refusal
from streams.groups import committed_by
from streams.lenient import read_leniently
from streams.offsets import NO_POSITION, Positions
from streams.rebalance import RebalanceListener
from streams.retry import Backoff

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from aiokafka import ConsumerRecord

    from streams.settings import Settings

log = structlog.get_logger(__name__)

POLL_MILLISECONDS = 200
"""How long one fetch may wait for records; also how soon a stop or a rebalance is noticed."""
POSITION_SECONDS = 0.2


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
    on_out_of_range
        Called with a partition whose committed offset no longer exists.
    on_broker
        Called with the name of a broker error, and with None when it answers again.
    """

    def __init__(
        self,
        settings: Settings,
        finish_batches: Callable[[], Awaitable[None]],
        on_out_of_range: Callable[[TopicPartition], None],
        on_broker: Callable[[str | None], None],
    ) -> None:
        self._settings = settings
        bound = settings.session_timeout  # half of the rebalance timeout below
        self._listener = RebalanceListener(finish_batches, bound)
        self._positions = Positions(settings, on_out_of_range)
        self._on_broker = on_broker
        self._consumer: AIOKafkaConsumer | None = None
        self._notes: dict[TopicPartition, str] = {}
        self._committed: dict[TopicPartition, int] = {}
        self._given: dict[TopicPartition, int] = {}
        self._assigned = 0

    async def start(self) -> None:
        """Join the group, trying until the broker answers.

        Raises
        ------
        AccessError
            The broker refuses us; the message names the setting.
        """
        read_leniently(self._settings.max_expanded_bytes)
        backoff = Backoff(self._settings.retry_backoff, self._settings.retry_backoff_max)
        while True:
            consumer = self._new_consumer()
            try:
                await consumer.start()
                self._notes = await self._read_notes()
            except KafkaError as error:
                await consumer.stop()
                if (refused := await refusal(self._settings, error)) is not None:
                    raise refused from error
                self._on_broker(type(error).__name__)
                log.warning("broker_unreachable", error=repr(error))
                await backoff.pause()
            else:
                self._on_broker(None)
                consumer.subscribe([self._settings.items_topic], listener=self._listener)
                self._consumer = consumer
                return

    def _new_consumer(self) -> AIOKafkaConsumer:
        settings = self._settings
        return AIOKafkaConsumer(
            **aiokafka_options(settings),
            group_id=settings.score_group,
            group_instance_id=settings.group_instance,
            enable_auto_commit=False,
            auto_offset_reset="none",  # `Positions` chooses
            max_partition_fetch_bytes=settings.batch_bytes,
            fetch_max_bytes=4 * settings.batch_bytes,
            session_timeout_ms=int(settings.session_timeout * 1000),
            heartbeat_interval_ms=int(settings.session_timeout * 1000 / 10),
            rebalance_timeout_ms=int(settings.session_timeout * 2000),
        )

    async def _read_notes(self) -> dict[TopicPartition, str]:
        """Return what was noted beside the group's last commits, by partition."""
        admin = AIOKafkaAdminClient(**aiokafka_options(self._settings))
        try:
            await admin.start()
            committed = await committed_by(admin, self._settings.score_group)
        finally:
            await admin.close()
        return {tp: meta.metadata for tp, meta in committed.items() if meta.metadata}

    async def stop(self) -> None:
        """Leave the group."""
        if self._consumer is not None:
            await self._consumer.stop()

    def assignment(self) -> set[TopicPartition] | None:
        """Return the partitions that the group has told this member, or None before it has."""
        if self._consumer is None or not self._listener.assigned:
            return None
        return set(self._consumer.assignment())

    def is_current(self, batch: Batch) -> bool:
        """Tell whether a batch is still ours; if not, it is fetched again from its commit."""
        return batch.generation == self._listener.generation

    def notes(self) -> list[str]:
        """Return the notes that were committed with our partitions before our start."""
        return [self._notes[tp] for tp in self.assignment() or () if tp in self._notes]

    async def fetch(self) -> Batch | None:
        """Return the next batch, or None when there is none for now.

        It may wait for a rebalance to end, so that nothing may be held while it is awaited that
        the end of a rebalance needs.

        Raises
        ------
        KafkaError
            The broker refuses to give records; it may be tried again.
        OutOfRangeError
            Records have expired unread, and the settings say to stop.
        """
        consumer = self._running()
        try:
            fetched = await consumer.getmany(
                timeout_ms=POLL_MILLISECONDS, max_records=self._settings.batch_records
            )
        except NO_POSITION as error:
            await self._positions.choose(consumer, error)
            return None
        if not fetched:
            return None
        records = tuple(record for partition in fetched.values() for record in partition)
        offsets = await self._read_up_to(fetched)
        self._given |= offsets
        return Batch(records, offsets, self._listener.generation)

    async def passed_over(self) -> Batch | None:
        """Return offsets to commit that no record stands for, or None; to be asked when idle.

        A transaction leaves a marker behind its records, and compaction leaves gaps. Uncommitted
        they would look like lag for ever.
        """
        generation, assigned = self._listener.generation, self._listener.assigned
        if assigned != self._assigned:
            self._assigned = assigned
            self._given.clear()
            self._committed.clear()
        ends = await self._read_up_to(self._running().assignment())
        ahead = {
            tp: end
            for tp, end in ends.items()
            # Never past a batch that was given out and not committed.
            if end != self._committed.get(tp) == self._given.get(tp)
        }
        self._given |= ahead
        return Batch((), ahead, generation) if ahead else None

    async def _read_up_to(self, partitions: Iterable[TopicPartition]) -> dict[TopicPartition, int]:
        """Return the positions of partitions, those without one left out."""
        consumer, found = self._running(), {}
        for tp in partitions:
            with contextlib.suppress(IllegalStateError, TimeoutError):
                # It waits where there is no position yet; else it returns at once.
                async with asyncio.timeout(POSITION_SECONDS):
                    found[tp] = await consumer.position(tp)
        return found

    async def commit(self, batch: Batch, note: str) -> bool:
        """Commit a batch; False when its partitions have moved to another member meanwhile.

        Parameters
        ----------
        batch
            What is done.
        note
            Kept beside the offsets, for the next start.

        Raises
        ------
        KafkaError
            The broker did not take the commit; it may be tried again.
        """
        held = self._running().assignment()
        offsets = {tp: (offset, note) for tp, offset in batch.offsets.items() if tp in held}
        try:
            if offsets:
                await self._running().commit(offsets)
        except (CommitFailedError, IllegalStateError) as error:
            log.warning("batch_given_up", records=len(batch.records), error=repr(error))
            return False
        self._committed |= {tp: offset for tp, (offset, _) in offsets.items()}
        return len(offsets) == len(batch.offsets)

    def _running(self) -> AIOKafkaConsumer:
        if self._consumer is None:
            raise RuntimeError("the source was not started")
        return self._consumer
