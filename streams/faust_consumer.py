"""Faust's consumer, mended where it loses records: it commits what is finished, and nothing else.

Measured on Apache Kafka, with workers that are killed and that join: around a rebalance, Faust

- drops what it has fetched, and asks the client to go back to what is committed, where the client
  does not move if nothing is committed;
- goes on with the rest of an old fetch after it has gone back, and then drops the records that it
  went back for, since it has "read" later ones;
- takes a hole in the offsets for records that do not exist, and commits across it.

So a crash or a rebalance lost signals. Here Faust passes on whatever it fetches; whoever processes
it keeps the order, reads what is missing (`streams.incidents.in_order`), and says what is finished.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from faust.transport.drivers.aiokafka import AIOKafkaConsumerThread, Consumer

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import faust
    from aiokafka import TopicPartition


def mend_consumer(app: faust.App) -> None:
    """Let an app, which has not started yet, read with the mended consumer."""
    # Set on the one transport and not on Faust's class, which other apps of the process share.
    app.transport.Consumer = CompleteConsumer


class CompleteConsumer(Consumer):
    """Passes every record on, and commits what it is told is finished."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._read_offset = _ReadOffsets(self.app)
        self._finished: dict[TopicPartition, int] = {}
        self._durable: dict[TopicPartition, int] = {}

    async def places(self, tps: Iterable[TopicPartition]) -> Mapping[TopicPartition, int]:
        """Return where reading begins: what is committed, or a partition's beginning.

        The partitions are those of an assignment that has just begun; what was finished before
        counts no more.
        """
        found: Mapping[TopicPartition, int] = await self._thread.places(list(tps))
        self._finished.clear()
        self._durable = dict(found)
        return found

    def finished(self, tp: TopicPartition, offset: int) -> None:
        """Say that all records before this offset are finished; the next commit says it on."""
        self._finished[tp] = max(offset, self._finished.get(tp, 0))

    def committed_place(self, tp: TopicPartition) -> int:
        """Return where a worker that takes over will read, as far as it is known; else 0."""
        return self._durable.get(tp, 0)

    def _new_offset(self, tp: TopicPartition) -> int | None:
        self._acked[tp].clear()
        self._acked_index[tp].clear()
        return self._finished.get(tp)

    def _should_commit(self, tp: TopicPartition, offset: int) -> bool:
        # Faust's own note counts commits that have failed, too.
        return offset > self.committed_place(tp)

    async def _commit(self, offsets: Mapping[TopicPartition, int]) -> bool:
        done: bool = await super()._commit(offsets)
        if done:
            self._durable.update(offsets)
        return done

    def _new_consumer_thread(self) -> AIOKafkaConsumerThread:
        return _Thread(self, loop=self.loop, beacon=self.beacon)


class _ReadOffsets(defaultdict[Any, Any]):
    """Faust's note of what it has read: nothing, so that nothing is dropped for being read.

    Changelogs are Faust's own affair.
    """

    def __init__(self, app: faust.App) -> None:
        super().__init__(lambda: None)
        self._app = app

    def __getitem__(self, tp: Any) -> Any:
        return super().__getitem__(tp) if tp.topic in self._app.tables.changelog_topics else None


class _Thread(AIOKafkaConsumerThread):
    async def seek_to_committed(self) -> Mapping[TopicPartition, int | None]:
        found: Mapping[TopicPartition, int | None] = await self.call_thread(
            go_back, self._ensure_consumer(), self.app.tables.changelog_topics
        )
        return found

    async def places(self, tps: list[TopicPartition]) -> Mapping[TopicPartition, int]:
        found: Mapping[TopicPartition, int] = await self.call_thread(
            find_places, self._ensure_consumer(), tps
        )
        return found


async def go_back(consumer: Any, changelogs: Iterable[str]) -> Mapping[TopicPartition, int | None]:
    """Seek each partition to its committed offset, or to its beginning when it has none.

    Parameters
    ----------
    consumer
        The client, an `AIOKafkaConsumer`.
    changelogs
        Topics that are left where they are: tables keep their own place in them.

    Returns
    -------
    Mapping
        Partition -> committed offset, None for none.
    """
    committed: Mapping[TopicPartition, int | None] = await consumer.seek_to_committed()
    bare = [tp for tp, offset in committed.items() if not offset and tp.topic not in changelogs]
    beginnings = await consumer.beginning_offsets(bare) if bare else {}
    for tp, offset in beginnings.items():
        consumer.seek(tp, offset)
    return committed


async def find_places(consumer: Any, tps: list[TopicPartition]) -> Mapping[TopicPartition, int]:
    """Return where reading begins in each partition: what is committed, if that still exists."""
    beginnings: Mapping[TopicPartition, int] = await consumer.beginning_offsets(tps) if tps else {}
    return {tp: max(beginnings[tp], await consumer.committed(tp) or 0) for tp in tps}
