"""One target: its consumer group, and a lane for each partition that the group gives us."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import KafkaError
from mode import Service

from streams.client import aiokafka_options
from streams.delivery.webhooks.attempt import Caller
from streams.delivery.webhooks.circuit import Circuit, State
from streams.delivery.webhooks.delivery import Delivery
from streams.delivery.webhooks.firing import Firing
from streams.delivery.webhooks.lane import Lane
from streams.delivery.webhooks.outlet import Outlet
from streams.ending import give_up
from streams.errors import refusal
from streams.offsets import NO_POSITION, Positions
from streams.retry import Backoff

if TYPE_CHECKING:
    from collections.abc import Iterable

    from streams.delivery.webhooks.access import Access
    from streams.delivery.webhooks.metrics import WebhookMetrics
    from streams.delivery.webhooks.targets import Target
    from streams.progress import Progress
    from streams.publisher import Publisher
    from streams.settings import Settings

log = structlog.get_logger(__name__)

NEVER_MS = 2**31 - 1
"""A lane that waits for its target polls nothing for long; the client must not leave for that."""
POSITION_SECONDS = 1.0


class Sender(Service):
    """Delivers the alerts topic to one target, whatever happens to the broker or the target.

    Parameters
    ----------
    settings
        The broker, the topics and the pauses between attempts to reach the broker.
    target, access
        Whom and how.
    publisher
        For dead letters.
    metrics, progress
        Where it is told.
    """

    mundane_level = "debug"

    def __init__(
        self,
        settings: Settings,
        target: Target,
        access: Access,
        *,
        publisher: Publisher,
        metrics: WebhookMetrics,
        progress: Progress,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self._settings = settings
        self.target = target
        self._access = access
        self._publisher = publisher
        self._metrics = metrics
        self._progress = progress
        self.stage = f"webhook {target.name}"
        self._lanes: dict[TopicPartition, tuple[Lane, asyncio.Task[None]]] = {}
        self._joined: set[TopicPartition] | None = None
        self._ending = asyncio.Event()
        self._left = asyncio.Event()
        self._left.set()
        policy = {"offset_reset": target.start, "out_of_range": "earliest"}
        self._positions = Positions(settings.model_copy(update=policy), lambda _: None)
        metrics.meet(target.name)
        circuit = metrics.circuit.labels(target.name)
        circuit.set(State.CLOSED)
        self._circuit = Circuit(
            target.circuit_failures,
            target.circuit_pause,
            target.backoff_max,
            on_change=circuit.set,
        )

    def assignment(self) -> set[TopicPartition] | None:
        """Return the partitions that the group has told this member, or None before it has."""
        return self._joined

    @Service.task
    async def _send(self) -> None:
        settings = self._settings
        backoff = Backoff(settings.retry_backoff, settings.retry_backoff_max)
        caller = Caller(self.target, self._access)
        self._left.clear()
        try:
            while not self._ending.is_set():
                refused = None
                try:
                    await self._session(caller)
                except KafkaError as error:
                    refused = await refusal(settings, error)
                    if refused is None:
                        told = {"target": self.target.name, "error": repr(error)}
                        log.warning("webhook_lost_broker", **told)
                        await backoff.pause()
                else:
                    backoff = Backoff(settings.retry_backoff, settings.retry_backoff_max)
                if refused is not None:
                    await give_up(self, self._progress, self.stage, refused)
                    return
        finally:
            await caller.close()
            self._left.set()

    async def on_stop(self) -> None:
        """Let the requests that are on their way come to an end, and leave the group."""
        self._ending.set()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._left.wait(), self._settings.grace_period)

    async def _session(self, caller: Caller) -> None:
        """Deliver with one consumer until it fails or the worker ends."""
        consumer = self._new_consumer()
        try:
            await consumer.start()
            outlet = Outlet(self.target, self._access, caller, self._circuit)
            moves = _Moves(self, consumer, outlet)
            consumer.subscribe([self._settings.alerts_topic], listener=moves)
            await self._until_a_lane_fails()
        finally:
            await self.close_lanes()
            self._joined = None
            await consumer.stop()
            # A rebalance may have opened lanes in the meantime; their fetch has failed now.
            await self.close_lanes()

    async def _until_a_lane_fails(self) -> None:
        while not self._ending.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._ending.wait(), POSITION_SECONDS)
            for _, task in list(self._lanes.values()):
                if task.done() and not task.cancelled() and task.exception() is not None:
                    task.result()

    def _new_consumer(self) -> AIOKafkaConsumer:
        settings = self._settings
        return AIOKafkaConsumer(
            **aiokafka_options(settings),
            group_id=settings.webhook_group(self.target.name),
            group_instance_id=settings.group_instance,
            enable_auto_commit=False,
            auto_offset_reset="none",  # `Positions` chooses
            session_timeout_ms=int(settings.session_timeout * 1000),
            heartbeat_interval_ms=int(settings.session_timeout * 1000 / 10),
            rebalance_timeout_ms=int(settings.session_timeout * 2000),
            max_poll_interval_ms=NEVER_MS,
        )

    async def open_lanes(
        self, tps: Iterable[TopicPartition], consumer: AIOKafkaConsumer, outlet: Outlet
    ) -> None:
        """Begin to deliver partitions that the group has given us."""
        self._joined = set(tps)
        delivery = Delivery(
            outlet, self._metrics, alive=lambda: self._progress.advanced(self.stage)
        )
        for tp in self._joined:
            firing = Firing(outlet) if self.target.kind == "alertmanager" else None
            lane = Lane(
                tp,
                consumer,
                target=self.target,
                delivery=delivery,
                publisher=self._publisher,
                dead_letters_topic=self._settings.webhooks_dead_letters_topic,
                metrics=self._metrics,
                firing=firing,
            )
            run = self._run(tp, lane, firing, consumer)
            self._lanes[tp] = lane, asyncio.create_task(run)

    async def close_lanes(self) -> None:
        """End all lanes before partitions move; a request that takes too long is given up."""
        closing = list(self._lanes.values())
        self._lanes.clear()
        limit = min(self._settings.grace_period, self._settings.session_timeout)
        try:
            async with asyncio.timeout(limit):
                await asyncio.gather(*(lane.stop() for lane, _ in closing))
        except TimeoutError:
            log.warning("webhook_left_behind", target=self.target.name, seconds=limit)
        for _, task in closing:
            task.cancel()
        await asyncio.gather(*(task for _, task in closing), return_exceptions=True)

    async def _run(
        self, tp: TopicPartition, lane: Lane, firing: Firing | None, consumer: AIOKafkaConsumer
    ) -> None:
        if firing is not None:
            await firing.recall(self._settings, tp, consumer)
        while True:
            try:
                await lane.run()
            except NO_POSITION as error:
                await self._positions.choose(consumer, error)
            else:
                return


class _Moves(ConsumerRebalanceListener):
    """Closes the lanes before partitions move and opens those that are ours after."""

    def __init__(self, sender: Sender, consumer: AIOKafkaConsumer, outlet: Outlet) -> None:
        self._sender = sender
        self._consumer = consumer
        self._outlet = outlet

    async def on_partitions_revoked(self, _: Iterable[TopicPartition]) -> None:
        await self._sender.close_lanes()

    async def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        await self._sender.open_lanes(assigned, self._consumer, self._outlet)
