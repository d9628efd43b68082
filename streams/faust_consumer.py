"""Faust's consumer, mended where it loses records, and telling what is committed.

Faust fetches while a rebalance or the recovery of tables goes on, drops what it has fetched, and
then asks the client to go back to what is committed (`perform_seek`). The client does not move
where nothing is, or offset 0: reading would go on behind what was dropped, and the next commit
would cover the hole. A crash before a partition's first commit lost signals in this way. The
mended one goes back to the beginning there.
"""

from __future__ import annotations

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
    """Reads every record that nobody has committed, whatever happens before the first commit.

    Attributes
    ----------
    committed
        Partition -> offset from which a worker that takes over will read, as the broker has
        acknowledged it to this consumer. Faust's own note counts commits that failed, too.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.committed: dict[TopicPartition, int] = {}

    async def _commit(self, offsets: Mapping[TopicPartition, int]) -> bool:
        done: bool = await super()._commit(offsets)
        if done:
            self.committed.update(offsets)
        return done

    def _new_consumer_thread(self) -> AIOKafkaConsumerThread:
        return _Thread(self, loop=self.loop, beacon=self.beacon)


class _Thread(AIOKafkaConsumerThread):
    async def seek_to_committed(self) -> Mapping[TopicPartition, int | None]:
        found: Mapping[TopicPartition, int | None] = await self.call_thread(
            go_back, self._ensure_consumer(), self.app.tables.changelog_topics
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
