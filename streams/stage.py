"""The score stage: fetch, score off the event loop, publish, and commit last.

A mode service that Faust supervises. It is not an agent: Faust empties the queues of its channels
whenever the incidents consumer rebalances, and a batch lost from a queue would be passed over by
the next commit. Here the batch never leaves the hands of the one loop that commits it.

While a batch is published and acknowledged, the next one is scored.
"""

from __future__ import annotations

import asyncio
import functools
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import structlog
from aiokafka.errors import KafkaError
from mode import Service

from streams.deadletters import DeadLetterLimit
from streams.ending import give_up
from streams.errors import refusal
from streams.outbox import Outbox
from streams.retry import Backoff
from streams.source import Batch, BatchSource

if TYPE_CHECKING:
    from aiokafka import TopicPartition

    from streams.metrics import Metrics
    from streams.progress import Progress
    from streams.publisher import Publisher
    from streams.scoring import Outcome, Scorer
    from streams.settings import Settings

log = structlog.get_logger(__name__)

NAME = "score"
DELIVERY_SHARE, LEAVE_SHARE = 0.6, 0.2
"""Of the grace period: for the batch in hand, then for leaving the group; the rest is reserve."""


class ScoreStage(Service):
    """Items in, signals and dead letters out. Carries all the traffic, keeps no state."""

    mundane_level = "debug"

    def __init__(
        self,
        settings: Settings,
        scorer: Scorer,
        publisher: Publisher,
        metrics: Metrics,
        progress: Progress,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self._settings = settings
        self._scorer = scorer
        self._outbox = Outbox(settings, publisher)
        self._metrics = metrics
        self._progress = progress
        self._note_broker = functools.partial(progress.note_broker, source=NAME)
        self._source = BatchSource(
            settings, self._finish, self._note_out_of_range, self._note_broker
        )
        self._limit = DeadLetterLimit(
            settings.dead_letter_share,
            settings.dead_letter_window,
            settings.dead_letter_minimum,
            scorer.serving.reference.digest,
        )
        # One thread: the order of batches stays, and the event loop keeps the heartbeats going.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=NAME)
        self._in_hand = asyncio.Lock()
        self._delivery: asyncio.Task[None] | None = None
        self._failure: Exception | None = None
        self._ended = asyncio.Event()
        self._ended.set()
        # Known from the first moment, so that the worker is not ready before it has partitions.
        progress.assigned[NAME] = False

    def assignment(self) -> set[TopicPartition] | None:
        """Return the partitions of this member, or None before the group has told them."""
        return self._source.assignment()

    @Service.task
    async def _run(self) -> None:
        failure: Exception | None = None
        try:
            self._ended.clear()
            await self._source.start()
            while not self.should_stop:
                batch = await self._fetch()
                self._progress.assigned[NAME] = self._source.assignment() is not None
                async with self._in_hand:
                    await self._step(batch)
        except Exception as error:  # noqa: BLE001 - it is told, with its traceback
            failure = error
        finally:
            self._ended.set()
        if failure is not None:
            await give_up(self, self._progress, NAME, failure)

    async def on_stop(self) -> None:
        """Finish and commit the batch in hand, then leave the group, in the grace period."""
        grace = self._settings.grace_period
        try:
            async with asyncio.timeout(grace * DELIVERY_SHARE):
                await self._ended.wait()
                await self._finish_delivery()
        except TimeoutError:
            log.warning("grace_period_over", hint="the batch in hand will be redone")
        except Exception as error:
            self._progress.fatal = f"{NAME}: {error}"
            log.exception("last_batch_failed", hint="it will be redone")
        finally:
            await self._leave(grace * LEAVE_SHARE)
            self._thread.shutdown(wait=False)

    async def _leave(self, seconds: float) -> None:
        if self._delivery is not None:
            self._delivery.cancel()
        try:
            async with asyncio.timeout(seconds):
                await self._source.stop()
        except TimeoutError:
            log.warning("group_not_left", hint="the broker does not answer; it will notice")

    async def _finish(self) -> None:
        """Wait for the batch in hand to be committed; called before partitions move."""
        async with self._in_hand:
            try:
                await self._finish_delivery()
            except Exception as error:
                # The client would only log it; our own loop raises it.
                log.exception("delivery_failed_before_partitions_move")
                self._failure = error

    async def _fetch(self) -> Batch | None:
        try:
            batch = await self._source.fetch()
        except KafkaError as error:
            await self._raise_refusal(error)
            self._note_broker(type(error).__name__)
            log.warning("fetch_failed", error=repr(error))
            await asyncio.sleep(self._settings.retry_backoff)
            return None
        if batch is not None:
            self._note_broker(None)
        return batch

    async def _step(self, batch: Batch | None) -> None:
        if self._failure is not None:
            raise self._failure
        if batch is not None and not self._source.is_current(batch):
            return
        if batch is None:
            await self._finish_delivery()
            await self._commit_idle()
            return
        for note in self._source.notes():
            self._limit.recall(note)
        outcomes = await self._score(batch)
        await self._finish_delivery()
        self._check_limit(outcomes)
        self._delivery = asyncio.create_task(self._deliver(batch, outcomes))

    async def _commit_idle(self) -> None:
        batch = await self._source.passed_over() if self._source.assignment() else None
        if batch is None or not self._source.is_current(batch):
            return
        for note in self._source.notes():
            self._limit.recall(note)
        await self._commit(batch, self._limit.note())

    async def _score(self, batch: Batch) -> list[Outcome]:
        started = time.perf_counter()
        self._metrics.in_progress.inc(len(batch.records))
        self._metrics.last_item.set(max(record.timestamp for record in batch.records) / 1000)
        loop = asyncio.get_running_loop()
        outcomes = await loop.run_in_executor(self._thread, self._scorer.score, batch.records)
        self._metrics.batch_records.observe(len(batch.records))
        self._metrics.score_seconds.observe(time.perf_counter() - started)
        return outcomes

    def _check_limit(self, outcomes: list[Outcome]) -> None:
        dead = [outcome.dead is not None for outcome in outcomes]
        if self._limit.would_pass(dead):
            worst = next(outcome.dead for outcome in outcomes if outcome.dead is not None)
            raise TooManyDeadLettersError(
                f"more than {self._settings.dead_letter_share:.0%} of recent records would be"
                f" dead letters, the last for: {worst.stage}, {worst.error}: {worst.message}"
            )
        self._limit.add(dead)

    async def _finish_delivery(self) -> None:
        if self._delivery is not None:
            delivery, self._delivery = self._delivery, None
            await delivery

    async def _deliver(self, batch: Batch, outcomes: list[Outcome]) -> None:
        note = self._limit.note()
        outcomes = await self._outbox.publish(outcomes)
        if await self._commit(batch, note):
            self._metrics.count_outcomes(outcomes)
            self._metrics.last_commit.labels(NAME).set_to_current_time()
            self._progress.advanced(NAME)
        else:
            self._metrics.lost_batches.inc()
        self._metrics.in_progress.dec(len(batch.records))

    async def _commit(self, batch: Batch, note: str) -> bool:
        backoff = Backoff(self._settings.retry_backoff, self._settings.retry_backoff_max)
        while True:
            try:
                return await self._source.commit(batch, note)
            except KafkaError as error:
                await self._raise_refusal(error)
                self._note_broker(type(error).__name__)
                log.warning("commit_failed", error=repr(error))
                await backoff.pause()

    async def _raise_refusal(self, error: KafkaError) -> None:
        refused = await refusal(self._settings, error)
        if refused is not None:
            raise refused from error

    def _note_out_of_range(self, tp: TopicPartition) -> None:
        self._metrics.out_of_range.labels(tp.topic, str(tp.partition)).inc()


class TooManyDeadLettersError(RuntimeError):
    """The share of dead letters says that the fault is ours; nothing more is consumed."""
