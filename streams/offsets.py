"""Where a partition is read from when its committed offset cannot say.

The client would do this in silence. But records that expired before they were read are lost, and
that must be loud; and a start at the end must be committed, or a crash before the first commit
would pass over what came in between.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog
from aiokafka.errors import NoOffsetForPartitionError, OffsetOutOfRangeError

from streams.settings import variable_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from aiokafka import AIOKafkaConsumer, TopicPartition

    from streams.settings import Settings

log = structlog.get_logger(__name__)

NO_POSITION = (NoOffsetForPartitionError, OffsetOutOfRangeError)
"""What the client raises when it may not choose itself (`auto_offset_reset` none)."""


class OutOfRangeError(RuntimeError):
    """The records after the committed offset are gone, and the settings say to stop."""


class Positions:
    """Chooses and commits a position for partitions that have none.

    Parameters
    ----------
    settings
        The policies.
    on_out_of_range
        Called with the partition, for metrics.
    """

    def __init__(
        self, settings: Settings, on_out_of_range: Callable[[TopicPartition], None]
    ) -> None:
        self._settings = settings
        self._on_out_of_range = on_out_of_range

    async def choose(
        self, consumer: AIOKafkaConsumer, error: NoOffsetForPartitionError | OffsetOutOfRangeError
    ) -> None:
        """Seek as the settings say, and commit the place.

        Raises
        ------
        OutOfRangeError
            Records have expired unread and the policy is to stop.
        KafkaError
            The partition has moved or the broker does not answer; it may be tried again.
        """
        if isinstance(error, NoOffsetForPartitionError):
            await self._go(consumer, error.args[0], self._settings.offset_reset)
            return
        for tp, offset in error.args[0].items():
            begin = (await consumer.beginning_offsets([tp]))[tp]
            self._on_out_of_range(tp)
            log.error(
                "offset_out_of_range",
                topic=tp.topic,
                partition=tp.partition,
                offset=offset,
                beginning=begin,
                expired_unread=max(0, begin - offset),
                policy=self._settings.out_of_range,
            )
            if self._settings.out_of_range == "stop":
                raise OutOfRangeError(
                    f"{tp.topic}, partition {tp.partition}: offset {offset} is out of range (the"
                    f" topic begins at {begin}) and {variable_of('out_of_range')}=stop; earliest"
                    " or latest goes on there"
                )
            await self._go(consumer, tp, self._settings.out_of_range)

    async def _go(self, consumer: AIOKafkaConsumer, tp: TopicPartition, where: str) -> None:
        find = consumer.beginning_offsets if where == "earliest" else consumer.end_offsets
        offset = (await find([tp]))[tp]
        consumer.seek(tp, offset)
        await consumer.commit({tp: offset})
        log.info("position_chosen", partition=tp.partition, offset=offset, policy=where)
