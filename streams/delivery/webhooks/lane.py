"""One partition of the alerts topic on its way to one target, one alert at a time."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

import msgspec
import structlog
from aiokafka.errors import CommitFailedError, IllegalStateError

from streams.deadletters import Reason, cut_down, dead_letter
from streams.delivery.webhooks.delivery import StoppedError
from streams.lenient import unreadable
from streams.publisher import RefusedError
from streams.records import decode_alert

if TYPE_CHECKING:
    from collections.abc import Callable

    from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition

    from streams.delivery.webhooks.delivery import Delivery
    from streams.delivery.webhooks.firing import Firing
    from streams.delivery.webhooks.metrics import Came, WebhookMetrics
    from streams.delivery.webhooks.targets import Target
    from streams.publisher import Publisher
    from streams.records import Alert

log = structlog.get_logger(__name__)

POLL_MILLISECONDS = 500
IN_HAND = 20
"""Records that a lane takes from its consumer at once."""
TARGET_HEADER = "escalation.webhook.target"


class Lane:
    """Takes the records of a partition in order; each is committed before the next is sent.

    Parameters
    ----------
    tp
        The partition.
    consumer
        Of the target's group.
    target
        Whom.
    delivery
        How one alert gets there.
    publisher, dead_letters_topic
        Where an alert goes that the target never takes.
    metrics
        Where it is counted.
    firing
        What the target has to be told again; None where it remembers by itself.
    clock
        Unix seconds.
    """

    def __init__(
        self,
        tp: TopicPartition,
        consumer: AIOKafkaConsumer,
        *,
        target: Target,
        delivery: Delivery,
        publisher: Publisher,
        dead_letters_topic: str,
        metrics: WebhookMetrics,
        firing: Firing | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._tp = tp
        self._consumer = consumer
        self._target = target
        self._wants = target.only.selection().matches if firing is None else firing.wants
        self._delivery = delivery
        self._publisher = publisher
        self._dead_letters_topic = dead_letters_topic
        self._metrics = metrics
        self._firing = firing
        self._clock = clock
        self._stopping = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()

    async def run(self) -> None:
        """Deliver until told to stop.

        Raises
        ------
        KafkaError
            The broker gives no records or takes no commit; a new consumer may.
        """
        while not self._stopping.is_set():
            # A fetch may wait for the end of a rebalance, which may wait for us: it counts as idle.
            fetched = await self._consumer.getmany(
                self._tp, timeout_ms=POLL_MILLISECONDS, max_records=IN_HAND
            )
            self._idle.clear()
            try:
                await self._take(fetched.get(self._tp, []))
                if self._firing is not None and not self._stopping.is_set():
                    await self._firing.remind()
            finally:
                self._idle.set()

    async def stop(self) -> None:
        """Return when no request is on its way and no further one will be sent."""
        self._stopping.set()
        await self._idle.wait()

    async def _take(self, records: list[ConsumerRecord]) -> None:
        for record in records:
            if self._stopping.is_set():
                return
            try:
                await self._finish(record)
                await self._consumer.commit({self._tp: record.offset + 1})
            except StoppedError:
                return
            except (CommitFailedError, IllegalStateError) as error:
                # The partition has moved; its new owner sends this alert again, with the same id.
                log.warning("webhook_commit_lost", target=self._target.name, error=repr(error))
                return

    async def _finish(self, record: ConsumerRecord) -> None:
        """Deliver what the record holds, or pass it over, or send it to the dead letters."""
        alert = _alert_in(record)
        if isinstance(alert, Reason):
            await self._bury(record, alert)
        elif not self._wants(alert):
            self._count("passed_over")
        elif (reason := await self._delivery.deliver(alert, self._stopping)) is not None:
            await self._bury(record, reason)
        else:
            self._count("delivered")
            if self._firing is not None:
                self._firing.note(alert, record.timestamp / 1000)
            delay = self._clock() - record.timestamp / 1000
            self._metrics.delay.labels(self._target.name).observe(max(0.0, delay))

    async def _bury(self, record: ConsumerRecord, reason: Reason) -> None:
        letter = dead_letter(record, reason, self._dead_letters_topic)
        whose = (TARGET_HEADER, self._target.name.encode())
        letter = letter._replace(headers=(*letter.headers, whose))
        try:
            await self._publisher.publish([letter])
        except RefusedError:
            await self._publisher.publish([cut_down(letter)])
        self._count("dead_letter")
        log.error(
            "webhook_dead_letter",
            target=self._target.name,
            partition=record.partition,
            offset=record.offset,
            reason=reason.message,
        )

    def _count(self, result: Came) -> None:
        self._metrics.deliveries.labels(self._target.name, result).inc()


def _alert_in(record: ConsumerRecord) -> Alert | Reason:
    if (why := unreadable(record)) is not None:
        return Reason("delivery", "UnreadableRecord", why)
    try:
        return decode_alert(record.value or b"")
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return Reason.of("delivery", error)
